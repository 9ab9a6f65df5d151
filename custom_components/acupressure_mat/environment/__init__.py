"""The room of a session: capture it, apply its phases, restore it.

A room is a list of devices. Devices belong to the home: two rooms that name the same
lamp share one `Device`, and only who lets go of it last puts it back.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..session.routine import Routine
from ..session.session import Session
from .cues import members
from .device import Device
from .diffuser import Diffuser
from .light import Light
from .player import Player

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


class Room:
    """The devices that one session holds."""

    def __init__(
        self,
        hass: HomeAssistant,
        session: Session,
        context: Context,
        *,
        on_failure: Callable[[Room, str], None],
        on_change: Callable[[], None],
    ) -> None:
        """Prepare to hold; `capture` or `recall` takes the devices."""
        self.hass = hass
        self.session = session
        self.context = context
        self.saved: asyncio.Future[None] = hass.loop.create_future()
        self.failed: tuple[str, ...] = ()
        self._devices: dict[str, Device] = {}
        self._on_failure = on_failure
        self._on_change = on_change

    # -- hold ------------------------------------------------------------------

    @callback
    def capture(self) -> None:
        """Hold every device that the routine names, and keep how it was found."""
        for entity_id, kind in _kinds(self.hass, self.session.routine).items():
            self._hold(entity_id, kind)

    @callback
    def recall(self, data: Mapping[str, Any]) -> None:
        """Hold the devices that were held before a restart, with what was known.

        Devices whose data cannot be read are met afresh.
        """
        self.failed = tuple(str(entity_id) for entity_id in data.get("failed", ()))
        kinds = _kinds(self.hass, self.session.routine)
        known: Mapping[str, Any] = data.get("devices", {})
        for entity_id in {**dict.fromkeys(known), **kinds}:
            kind = kinds.get(entity_id) or _kind_of(known[entity_id])
            device = self._hold(entity_id, kind)
            if entity_id in known:
                try:
                    device.recall(known[entity_id])
                except ValueError, TypeError, AttributeError:
                    LOGGER.warning("What was known of %s could not be read", entity_id)

    def _hold(self, entity_id: str, kind: type[Device]) -> Device:
        devices = self.hass.data.setdefault(DEVICES, {})
        device = devices.get(entity_id)
        if device is None:
            device = devices[entity_id] = kind(self.hass, entity_id)
        device.claim(self.session.id, self)
        self._devices[entity_id] = device
        return device

    def as_dict(self) -> dict[str, Any]:
        """Return what must survive a restart, as JSON data."""
        return {
            "session": self.session.as_dict(),
            "failed": list(self.failed),
            "devices": {
                entity_id: {"kind": type(device).__name__, **device.as_dict()}
                for entity_id, device in self._devices.items()
            },
        }

    # -- apply -----------------------------------------------------------------

    @callback
    def apply(self, session: Session) -> None:
        """Let every device follow the session; each on its own, none waits for another."""
        self.session = session
        for device in self._devices.values():
            device.follow()

    @callback
    def let_save(self, saved: asyncio.Future[None]) -> None:
        """Take the save that a diffuser's *on* waits for."""
        if not self.saved.done():
            saved.add_done_callback(_chain(self.saved))
        self.saved = saved

    # -- restore ---------------------------------------------------------------

    async def restore(self, session: Session) -> None:
        """Let go of every device; returns when each is as it should be."""
        self.session = session
        await asyncio.gather(
            *(self._let_go(device) for device in self._devices.values())
        )
        self._devices.clear()

    async def _let_go(self, device: Device) -> None:
        if await device.let_go(self.session.id):
            self.hass.data[DEVICES].pop(device.entity_id, None)

    @callback
    def suspend(self) -> None:
        """Stop watching and commanding; everything stays as it is."""
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
    def changed(self) -> None:
        """Take note that what is known of a device changed."""
        self._on_change()


def _kind_of(data: Any) -> type[Device]:
    name = data.get("kind") if isinstance(data, Mapping) else None
    return {"Diffuser": Diffuser, "Player": Player}.get(str(name), Light)


def _chain(waiting: asyncio.Future[None]) -> Callable[[asyncio.Future[None]], None]:
    def done(saved: asyncio.Future[None]) -> None:
        if waiting.done():
            return
        if saved.cancelled() or saved.exception() is not None:
            waiting.cancel()
        else:
            waiting.set_result(None)

    return done
