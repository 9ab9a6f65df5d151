"""The rooms of a mat: the one its session holds, those being restored, and the disk."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from . import issues
from .comeback import async_recall_all
from .const import DOMAIN, LOGGER, LONG_AGO
from .environment import Room
from .environment.device import STALE
from .journal import Journal
from .session.routine import MIN_DURATION, Routine
from .session.session import Reason, Session

# The clock on the wall was set back, and not just corrected, from here on.
SET_BACK = timedelta(seconds=2)
# How long unloading waits for devices, in seconds; what is left waits on disk.
LEAVE_LIMIT = 8


class Rooms:
    """Holds rooms and keeps them on disk, so that a kill at any moment loses nothing.

    A room stays on disk until it is restored and its record is in the journal.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        journal: Journal,
        on_failure: Callable[[Room, str], None] = lambda _room, _entity_id: None,
        on_renamed: Callable[[Room], None] = lambda _room: None,
    ) -> None:
        """Hold no room yet."""
        self.hass = hass
        self.current: Room | None = None
        self._journal = journal
        self._leaving: dict[str, Room] = {}
        self._on_failure = on_failure
        self._on_renamed = on_renamed
        journal.rooms = self._as_data

    def __iter__(self) -> Iterator[Room]:
        """Iterate over all rooms, the current one last."""
        yield from list(self._leaving.values())
        if self.current is not None:
            yield self.current

    def _as_data(self) -> list[dict[str, Any]]:
        return [room.as_dict() for room in self]

    def _make(self, session: Session, cause: Context | None = None) -> Room:
        return Room(
            self.hass,
            session,
            # A child of its cause: the logbook shows the chain, and what the cause
            # itself commands besides is still told from what we do.
            Context(parent_id=cause.id if cause else None),
            on_failure=self._on_failure,
            on_stuck=partial(issues.async_set_stuck, self.hass),
            on_renamed=self._on_renamed,
            save=self._journal.save,
        )

    @callback
    def enter(self, session: Session, cause: Context | None) -> None:
        """Hold the room of a new session; whoever was in `after` leaves."""
        leaving = self.current
        self.current = self._make(session, cause)
        self.current.capture()
        if leaving is not None:
            self.let_go(leaving)

    @callback
    def leave(self) -> None:
        """Let go of the current room."""
        room, self.current = self.current, None
        if room is not None:
            self.let_go(room)

    @callback
    def let_go(self, room: Room) -> None:
        """Restore a room, however long its devices take."""
        room.is_left = True
        self._leaving[room.session.id] = room
        room.restoring = self.hass.async_create_background_task(
            self._async_restore(room), f"{DOMAIN} restore", eager_start=True
        )

    @callback
    def leave_silent(self) -> None:
        """Let go of all rooms, and let no music play on: nobody would end it."""
        for room in self:
            if _silence(room) and room.restoring is not None:
                room.restoring.cancel()
                self.let_go(room)
        self.leave()

    async def _async_restore(self, room: Room) -> None:
        await room.restore()
        self.forget(room)

    @callback
    def forget(self, room: Room) -> None:
        """Keep a room no longer, if nothing of it is left to do."""
        if room.is_restored and room.record is None:
            self._leaving.pop(room.session.id, None)
        self._journal.save()

    # -- restarts --------------------------------------------------------------

    def load(self, now: datetime) -> None:
        """Take over what was on disk; devices are met by `recall`."""
        for data in self._journal.stored_rooms:
            session = _session_of(data, self._journal.saved_at, now)
            room = self._make(session)
            room.remember(data)
            self._leaving[session.id] = room
        latest = next(reversed(self._leaving.values()), None)
        if latest is not None and (
            not latest.closed
            or (not latest.is_left and latest.session.phase(now) is not None)
        ):
            self.current = self._leaving.pop(latest.session.id)
        # An older version did not write that it had left.
        for room in self:
            room.is_left = room is not self.current

    @callback
    def recall(self, now: datetime) -> None:
        """Meet the devices again, and hold them; they are commanded by `go_on`."""
        for room in self:
            ended_at = room.session.ended_at(now)
            room.recall(only_off=ended_at is not None and now - ended_at > STALE)

    @callback
    def go_on(self) -> None:
        """Go on restoring where that was not finished."""
        for room in list(self._leaving.values()):
            self.let_go(room)

    async def async_put_out(self) -> None:
        """Switch diffusers off before Home Assistant goes down."""
        await asyncio.gather(*(room.put_out() for room in self))
        await self._journal.save()

    async def async_wait(self) -> None:
        """Wait until rooms are restored, but not for ever."""
        tasks = [room.restoring for room in self if room.restoring is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=LEAVE_LIMIT)

    @callback
    def suspend(self, *, for_good: bool = False) -> None:
        """Stop watching and commanding; everything stays as it is, also on disk.

        `for_good`, what is on and should not be is seen off all the same: nobody else
        would do it, nor say that it is on.
        """
        for room in self:
            diffusers = room.not_off() if for_good else {}
            room.suspend()
            if diffusers:
                self._see_off(room, diffusers)

    @callback
    def _see_off(self, room: Room, diffusers: dict[str, Any]) -> None:
        """See diffusers off without their mat; its file, if any, still has them."""
        rest = Room(
            self.hass,
            # With an id of its own: the mat may come back, and hold them again.
            replace(room.session, id=ulid_now()),
            room.context,
            on_failure=lambda _room, _entity_id: None,
            on_stuck=partial(issues.async_set_stuck, self.hass),
            on_renamed=lambda _room: None,
            save=partial(_not_saved, self.hass),
        )
        rest.remember({"devices": diffusers})
        rest.is_left = True
        rest.recall()
        self.hass.async_create_background_task(
            rest.restore(), f"{DOMAIN} see off", eager_start=True
        )

    async def async_give_up(self) -> None:
        """Release what is held according to the disk; nothing is recorded."""
        now = dt_util.utcnow()
        self.load(now)
        if self.current is not None:
            self._leaving[self.current.session.id] = self.current
            self.current = None
        for room in self:
            if room.session.outcome(now) is None:
                room.session = room.session.stop(now, Reason.INTERRUPTED)
            room.record = None
            _silence(room)
        async_recall_all(self.hass)
        self.recall(now)
        self.go_on()
        await self.async_wait()
        self.suspend(for_good=True)


def _not_saved(hass: HomeAssistant) -> asyncio.Future[bool]:
    """Return what a save does that does nothing."""
    saved = hass.loop.create_future()
    saved.set_result(False)
    return saved


def _silence(room: Room) -> bool:
    """Let a sleep timer end with the session; returns whether there was one."""
    routine = room.session.routine
    if not routine.keep_playing:
        return False
    # With none at all, music that is to be kept would be kept for good.
    routine = replace(routine, keep_playing=timedelta.resolution)
    room.session = replace(room.session, routine=routine)
    return True


def _session_of(
    data: dict[str, Any], saved_at: datetime | None, now: datetime
) -> Session:
    """Return the stored session of a room.

    One that cannot be read becomes one of long ago with the same diffusers: they at
    least are switched off.
    """
    try:
        session = Session.from_dict(data["session"])
    except (ValueError, KeyError) as err:
        LOGGER.warning(
            "A stored session cannot be read; its room is cleaned up: %s", err
        )
        devices = data.get("devices")
        diffusers = tuple(devices) if isinstance(devices, dict) else ()
        routine = Routine(id="", name="", diffusers=diffusers)
        session = Session.start(routine, MIN_DURATION, LONG_AGO, id=ulid_now())
        return session.stop(LONG_AGO, Reason.MISTAKE)
    back = timedelta(0) if saved_at is None else now - saved_at
    return session.shift(back) if back < -SET_BACK else session
