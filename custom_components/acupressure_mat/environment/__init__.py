"""The room of a session: capture it, apply its phases, restore it.

A room is a list of devices. Devices belong to the home: two rooms that name the same
lamp share one `Device`, and only who lets go of it last puts it back.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from homeassistant.const import SERVICE_TURN_ON
from homeassistant.core import Context, CoreState, HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..session.record import Record
from ..session.routine import PhaseName, Routine
from ..session.session import Session
from .cues import domain_of, members
from .device import Device, sent
from .diffuser import Diffuser
from .light import Light
from .player import Player
from .sounds import BELL, Sound, Voice

__all__ = ["BELL", "Room", "Sound", "Voice"]

# Each command is half a millisecond of Home Assistant's work, and whatever else happens
# in the home waits for as long as they go on.
AT_ONCE = 8

KINDS: dict[str, type[Device]] = {k.__name__: k for k in (Light, Diffuser, Player)}
DEVICES: HassKey[dict[str, Device]] = HassKey(f"{DOMAIN}_devices")


def _kinds(hass: HomeAssistant, routine: Routine) -> dict[str, type[Device]]:
    """Return each device of the room, groups expanded, with what it is there for."""
    kinds: dict[str, type[Device]] = {}
    for entity_id in members(hass, routine.diffusers):
        kinds.setdefault(entity_id, Diffuser)
    for entity_id in members(hass, routine.lights):
        if entity_id.startswith("light."):
            kinds.setdefault(entity_id, Light)
    if routine.player is not None:
        kinds.setdefault(routine.player, Player)
    return kinds


def _data_of(devices: Iterable[Device]) -> dict[str, Any]:
    """Return what must survive a restart of each device."""
    return {
        device.entity_id: {"kind": type(device).__name__, **device.as_dict()}
        for device in devices
    }


def diffuser_of(hass: HomeAssistant, entity_id: str) -> Diffuser | None:
    """Return a diffuser that a session still holds, or sees off."""
    device = hass.data.get(DEVICES, {}).get(entity_id)
    return device if isinstance(device, Diffuser) else None


class Room:
    """The devices that one session holds, and what else is known of that session."""

    def __init__(
        self,
        hass: HomeAssistant,
        session: Session,
        context: Context,
        *,
        on_failure: Callable[[Room, str], None],
        on_stuck: Callable[[str, bool], None],
        on_renamed: Callable[[Room], None],
        save: Callable[[], asyncio.Future[bool]],
    ) -> None:
        """Prepare to hold; `capture` or `recall` takes the devices."""
        self.hass = hass
        self.session = session
        self.context = context
        self.failed: tuple[str, ...] = ()
        # The phase that was told of last, and whether the end was dealt with.
        self.announced: PhaseName | None = None
        self.closed = False
        # It is let go of, also while `after` would last.
        self.is_left = False
        # The record while it is not yet in the journal.
        self.record: Record | None = None
        self.restoring: asyncio.Task[None] | None = None
        self.is_restored = False
        self._devices: dict[str, Device] = {}
        self._known: dict[str, Any] = {}
        self._applying: asyncio.Task[None] | None = None
        self._on_failure = on_failure
        self._on_stuck = on_stuck
        self._on_renamed = on_renamed
        self._save = save

    # -- disk ------------------------------------------------------------------

    def as_dict(self) -> dict[str, Any]:
        """Return what must survive a restart, as JSON data."""
        return {
            "session": self.session.as_dict(),
            "announced": self.announced,
            "closed": self.closed,
            "left": self.is_left,
            "record": None if self.record is None else self.record.as_dict(),
            "failed": list(self.failed),
            "devices": self._known | _data_of(self._devices.values()),
        }

    def not_off(self) -> dict[str, Any]:
        """Return what is known of the diffusers that still have to go off."""
        diffusers = [d for d in self._devices.values() if isinstance(d, Diffuser)]
        return _data_of(d for d in diffusers if d.final(self.session) is not None)

    def remember(self, data: Mapping[str, Any]) -> None:
        """Take over what was known before a restart; damaged parts are left out."""
        with suppress(ValueError):
            self.announced = PhaseName(str(data.get("announced")))
        self.closed = data.get("closed") is True
        self.is_left = data.get("left") is True
        failed, devices = data.get("failed"), data.get("devices")
        self.failed = tuple(map(str, failed)) if isinstance(failed, list) else ()
        self._known = dict(devices) if isinstance(devices, dict) else {}
        if data.get("record") is not None:
            try:
                self.record = Record.from_dict(data["record"])
            except ValueError as err:
                LOGGER.warning("A stored record cannot be read: %s", err)

    def on_disk(self) -> asyncio.Future[bool]:
        """Have all that is known now on disk soon; returns whether it is."""
        return self._save()

    # -- hold ------------------------------------------------------------------

    @callback
    def capture(self) -> None:
        """Hold every device that the routine names, and keep how it was found."""
        for entity_id, kind in _kinds(self.hass, self.session.routine).items():
            self._hold(entity_id, kind)

    @callback
    def recall(self, *, only_off: bool = False) -> None:
        """Hold the devices that were held before a restart, with what was known.

        `only_off` leaves the lights as they are.
        """
        kinds = _kinds(self.hass, self.session.routine)
        known, self._known = self._known, {}
        # What was let go of already is somebody else's by now, also while `after` would
        # last. Before Home Assistant has started, a group may not be there to tell its
        # members from itself.
        is_whole = self.hass.state is CoreState.running
        goes_on = not self.is_left and self.session.phase(dt_util.utcnow()) is not None
        for entity_id in {**known, **kinds} if goes_on and is_whole else known:
            data = known.get(entity_id)
            data = data if isinstance(data, dict) else {}
            kind = kinds.get(entity_id) or KINDS.get(str(data.get("kind")), Light)
            if only_off and kind is Light:
                continue
            device = self._hold(entity_id, kind, recalled=True)
            try:
                device.recall(data)
            except ValueError:
                LOGGER.warning("What was known of %s cannot be read", entity_id)

    def _hold(
        self, entity_id: str, kind: type[Device], *, recalled: bool = False
    ) -> Device:
        devices = self.hass.data.setdefault(DEVICES, {})
        device = devices.get(entity_id)
        if device is None:
            device = devices[entity_id] = kind(self.hass, entity_id)
        device.claim(self.session.id, self, recalled=recalled)
        self._devices[entity_id] = device
        return device

    # -- apply -----------------------------------------------------------------

    @callback
    def apply(self) -> None:
        """Let every device follow the session; none waits for another.

        One follows at once, the others when its command is on its way.
        """
        devices = self._in_order()
        if not devices:
            return
        self._follow(devices[0])
        if rest := devices[1:]:
            self._applying = self.hass.async_create_background_task(
                self._apply(rest), f"{DOMAIN} apply"
            )

    def _in_order(self) -> list[Device]:
        """Return the devices, those first that are seen first or take longest.

        A lamp is seen at once, a player is asked twice before it is heard, a diffuser
        waits for the disk.
        """
        devices = list(self._devices.values())
        lights = [device for device in devices if isinstance(device, Light)]
        diffusers = [device for device in devices if isinstance(device, Diffuser)]
        return [*lights[:1], *self._players, *lights[1:], *diffusers]

    async def _apply(self, rest: list[Device]) -> None:
        """Let the rest of a room follow, a few devices at a time."""
        for at, device in enumerate(rest):
            if at % AT_ONCE == 0:
                await sent()
            # By now it may be let go of.
            if self.session.id in device.holders and not device.is_releasing:
                self._follow(device)
        self._save()

    def _follow(self, device: Device) -> None:
        """Let a device follow; one that nobody foresaw holds up no other."""
        try:
            device.follow()
        except Exception:  # noqa: BLE001 - whatever it tells, the others go on
            LOGGER.exception("%s could not be asked", device.entity_id)
            self.report(device.entity_id)

    async def async_commanded(self) -> None:
        """Return once each device was asked for what is wanted of it, or cannot be."""
        if self._applying is not None:
            await asyncio.wait([self._applying])
        for device in list(self._devices.values()):
            await device.asked.wait()

    @callback
    def sound(self, sound: Sound) -> None:
        """Let a sound be heard on the player of the room."""
        for player in self._players:
            player.play(sound)

    @callback
    def make_way(self, voice: Voice) -> None:
        """Let the music make way for a voice."""
        for player in self._players:
            player.make_way(voice)

    @property
    def _players(self) -> list[Player]:
        return [d for d in self._devices.values() if isinstance(d, Player)]

    @callback
    def play(self, entity_id: str | None) -> None:
        """Run a script or scene of the person's own; nobody waits for it."""
        if entity_id is None:
            return
        self.hass.async_create_background_task(
            self._play(entity_id), f"{DOMAIN} {entity_id}"
        )

    async def _play(self, entity_id: str) -> None:
        try:
            await self.hass.services.async_call(
                domain_of(entity_id),
                SERVICE_TURN_ON,
                {"entity_id": entity_id},
                blocking=True,
                context=self.context,
            )
        except Exception as err:  # noqa: BLE001 - theirs may raise anything
            LOGGER.debug("%s failed: %r", entity_id, err)
            self.report(entity_id)
            return
        if self.hass.states.get(entity_id) is None:
            self.report(entity_id)

    # -- restore ---------------------------------------------------------------

    async def restore(self) -> None:
        """Let go of every device; returns when each is as it should be."""
        await asyncio.gather(*map(self._let_go, self._devices.values()))
        self.is_restored = True

    async def _let_go(self, device: Device) -> None:
        if await device.let_go(self.session.id):
            self.hass.data[DEVICES].pop(device.entity_id, None)
        self._devices.pop(device.entity_id, None)
        if self._devices:
            # After a restart it is not put back once more.
            self._save()

    async def put_out(self) -> None:
        """Switch the diffusers off at once, as far as they answer."""
        diffusers = [d for d in self._devices.values() if isinstance(d, Diffuser)]
        await asyncio.gather(*(diffuser.put_out() for diffuser in diffusers))

    @callback
    def suspend(self) -> None:
        """Stop watching and commanding; everything stays as it is."""
        # Whoever is still to be saved with it is saved with what it was.
        self._known |= _data_of(self._devices.values())
        if self.restoring is not None:
            self.restoring.cancel()
        for device in self._devices.values():
            device.drop(self.session.id)
            if not device.holders:
                self.hass.data[DEVICES].pop(device.entity_id, None)
        self._devices.clear()

    # -- what its devices tell -------------------------------------------------

    @callback
    def report(self, entity_id: str) -> None:
        """Take note of a device that did not do as asked, once a session."""
        if entity_id not in self.failed:
            self.failed = (*self.failed, entity_id)
            self._on_failure(self, entity_id)

    @callback
    def stuck(self, entity_id: str, *, is_stuck: bool) -> None:
        """Take note of a diffuser that does not go off, or at last did."""
        self._on_stuck(entity_id, is_stuck)

    @callback
    def renamed(self, old: str, new: str) -> None:
        """Go on with a device under its new entity id."""
        routine = self.session.routine.renamed(old, new)
        self.session = replace(self.session, routine=routine)
        device = self._devices.pop(old)
        self._devices[new] = device
        shared = self.hass.data[DEVICES]
        if shared.get(old) is device:
            shared[new] = shared.pop(old)
        self._on_renamed(self)

    @callback
    def split(self, entity_id: str) -> None:
        """Hold the members of what turned out to be a group, each for itself."""
        self._devices.pop(entity_id).drop(self.session.id)
        self.hass.data[DEVICES].pop(entity_id, None)
        for member, kind in _kinds(self.hass, self.session.routine).items():
            if member not in self._devices:
                self._hold(member, kind).follow()
        self.changed()

    @callback
    def changed(self) -> None:
        """Take note that what is known of a device changed."""
        self._save()
