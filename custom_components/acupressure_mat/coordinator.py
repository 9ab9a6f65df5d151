"""The session of a mat: one path for every change, and a wake-up for the next."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import time
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Context, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later, async_track_time_change
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from . import subentries
from .const import DOMAIN, LOGGER
from .environment import Room
from .journal import Journal
from .session.practice import day_of, time_on_mat
from .session.record import Record
from .session.routine import MIN_DURATION, PhaseName, Routine
from .session.session import Outcome, Reason, Session, SessionError, Source

type MatConfigEntry = ConfigEntry[SessionCoordinator]
type Listener = Callable[[str, dict[str, Any]], None]

MINUTE = timedelta(minutes=1)
# A session that ended longer ago than this, while nobody watched, is only cleaned up:
# nobody wants the bedroom lit again hours later.
STALE = timedelta(minutes=30)
# The clock on the wall was set back, and not just corrected, from here on.
SET_BACK = timedelta(seconds=2)
# How long unloading waits for devices, in seconds; what is left waits on disk.
LEAVE_LIMIT = 8
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class SessionCoordinator(DataUpdateCoordinator[Session | None]):
    """The session of a mat while it holds its room; None when idle.

    Changes raise SessionError, whose keys are those of `exceptions` in the
    translations.
    """

    config_entry: MatConfigEntry

    def __init__(
        self, hass: HomeAssistant, entry: MatConfigEntry, journal: Journal
    ) -> None:
        """Prepare an idle mat."""
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title)
        self.data = None
        self.journal = journal
        self.minutes_today = 0.0
        self._room: Room | None = None
        self._leaving: dict[str, Room] = {}
        self._listeners_of: dict[str, list[Listener]] = {}
        self._unsub_wake: CALLBACK_TYPE | None = None
        self._save_task: asyncio.Task[None] | None = None
        self._next_save: asyncio.Future[bool] | None = None
        self._clock = (dt_util.utcnow(), time.monotonic())

    # -- what it knows ---------------------------------------------------------

    @property
    def session(self) -> Session | None:
        """The session that runs or is paused; None in `after` and when idle."""
        session = self.data
        if session is None or session.outcome(dt_util.utcnow()) is not None:
            return None
        return session

    @property
    def phase(self) -> PhaseName | None:
        """The phase that the room is in; None when idle."""
        return None if self.data is None else self.data.phase(dt_util.utcnow())

    def session_of(self, routine_id: str) -> Session | None:
        """Return the running session if it is one of this routine."""
        session = self.session
        return session if session and session.routine.id == routine_id else None

    def next_duration(self, routine_id: str) -> timedelta:
        """Return how long the next session of a routine will be."""
        minutes = self.journal.next_minutes.get(routine_id)
        if minutes is not None:
            return timedelta(minutes=minutes)
        routine = subentries.routine(self.config_entry.subentries[routine_id])
        return routine.duration or self.planned_duration

    @property
    def planned_duration(self) -> timedelta:
        """How long the plan wants the next session to be."""
        return subentries.first_duration(self.config_entry)

    async def async_set_next_duration(self, routine_id: str, minutes: float) -> None:
        """Set how long the next session of a routine will be, and only that one."""
        self.journal.next_minutes[routine_id] = minutes
        self.async_update_listeners()
        await self._async_save()

    # -- changes ---------------------------------------------------------------

    @callback
    def async_start(
        self,
        routine_id: str,
        duration: timedelta | None = None,
        *,
        source: Source,
        context: Context | None = None,
    ) -> None:
        """Start a session; SessionError `already_running` if one is."""
        now = self._now()
        running = self.session
        if running is not None:
            raise SessionError("already_running", routine=running.routine.name)
        routine = subentries.routine(self.config_entry.subentries[routine_id])
        session = Session.start(
            routine,
            duration or self.next_duration(routine_id),
            now,
            id=ulid_now(),
            source=source,
        )
        self.journal.next_minutes.pop(routine_id, None)
        self._async_enter(session, context)
        self._async_advance(session, "started")

    @callback
    def async_rehearse(
        self, routine_id: str, within: timedelta, *, context: Context | None = None
    ) -> None:
        """Play a whole routine in so short a time; it leaves no record."""
        now = self._now()
        running = self.session
        if running is not None:
            raise SessionError("already_running", routine=running.routine.name)
        routine = subentries.routine(self.config_entry.subentries[routine_id])
        session = Session.rehearse(
            routine, self.next_duration(routine_id), within, now, id=ulid_now()
        )
        self._async_enter(session, context)
        self._async_advance(session)

    @callback
    def async_pause(self) -> None:
        """Stop the clock."""
        self._async_advance(self._running().pause(self._now()), "paused")

    @callback
    def async_resume(self) -> None:
        """Let the clock go on."""
        self._async_advance(self._running().resume(self._now()), "resumed")

    @callback
    def async_extend(self, by: timedelta) -> None:
        """Lengthen the session."""
        self._async_advance(self._running().extend(by, self._now()), "extended")

    @callback
    def async_skip_phase(self) -> None:
        """Go on to the next phase; in `after`, release the room."""
        if self.data is None:
            raise SessionError("not_running")
        self._async_advance(self.data.skip_phase(self._now()))

    @callback
    def async_stop(self, reason: Reason | None = None) -> None:
        """End the session and keep it."""
        self._async_advance(self._running().stop(self._now(), reason))

    def _running(self) -> Session:
        session = self.session
        if session is None:
            raise SessionError("not_running")
        return session

    def _now(self) -> datetime:
        """Return the time; move the session along when the clock was set back."""
        now, ticks = dt_util.utcnow(), time.monotonic()
        wall, then = self._clock
        back = now - (wall + timedelta(seconds=ticks - then))
        self._clock = (now, ticks)
        if back < -SET_BACK and self._room is not None and self.data is not None:
            LOGGER.info("The clock was set back by %s; the session goes on", -back)
            self.data = self._room.session = self.data.shift(back)
        return now

    # -- the one path ----------------------------------------------------------

    @callback
    def _async_enter(self, session: Session, context: Context | None) -> None:
        """Hold the room of a new session; whoever was in `after` leaves."""
        leaving = self._room
        self._room = self._make_room(session, context)
        self._room.capture()
        if leaving is not None:
            self._async_let_go(leaving)

    def _make_room(self, session: Session, context: Context | None = None) -> Room:
        return Room(
            self.hass,
            session,
            # A child of its cause: the logbook shows the chain, and what the cause
            # itself commands besides is still told from what we do.
            Context(parent_id=context.id if context else None),
            on_failure=self._on_failure,
            save=self._async_save,
        )

    @callback
    def _async_advance(self, session: Session, *happenings: str) -> None:
        """Let everything follow a changed session, or the same one as time passed.

        Room, disk, wake-up, entities, events: in that order, since the first command
        must not wait, and each before anything can interrupt.
        """
        room = self._room
        assert room is not None
        now = dt_util.utcnow()
        phase, outcome = session.phase(now), session.outcome(now)
        room.apply(session)
        events = list(happenings)
        if outcome is not None and not room.closed:
            room.closed = True
            events.append(_ending(outcome))
            self._async_close(room, session, now)
        if phase is not None and phase is not room.announced:
            events.append("phase_started")
        room.announced = phase
        if phase is None:
            self._room = None
            self._async_let_go(room)
        self._async_save()
        self._async_wake_at(session.next_change(now))
        self.async_set_updated_data(None if phase is None else session)
        if not session.rehearsal:
            for happening in events:
                self._async_tell(happening, room, now)

    @callback
    def _async_wake_at(self, moment: datetime | None) -> None:
        if self._unsub_wake is not None:
            self._unsub_wake()
            self._unsub_wake = None
        if moment is not None:
            wait = (moment - dt_util.utcnow()).total_seconds()
            self._unsub_wake = async_call_later(
                self.hass, max(wait, 0), HassJob(self._on_wake, cancel_on_shutdown=True)
            )

    @callback
    def _on_wake(self, _now: datetime) -> None:
        self._unsub_wake = None
        self._now()
        if self.data is not None:
            self._async_advance(self.data)

    # -- the end ---------------------------------------------------------------

    @callback
    def _async_close(self, room: Room, session: Session, now: datetime) -> None:
        """Keep the record of a session that ended."""
        record = Record.of(session, now, dt_util.get_default_time_zone(), room.failed)
        if record is not None:
            room.record = record
            self._async_record_soon(room)

    @callback
    def _async_record_soon(self, room: Room) -> None:
        room.recording = self.hass.async_create_task(
            self._async_record(room), f"{DOMAIN} record"
        )

    async def _async_record(self, room: Room) -> None:
        """Write the record of a room's session; repeated after a kill, it stays one."""
        while (record := room.record) is not None:
            try:
                await self.journal.async_put(record)
            except OSError as err:
                LOGGER.error("The record of %s cannot be saved: %s", self.name, err)
                return
            if room.record is record:
                room.record = None
        await self.async_count()
        self._async_save()
        self.async_update_listeners()

    async def async_count(self) -> None:
        """Count anew what depends on the day."""
        records = await self.journal.async_records(self.journal.months[-2:])
        boundary = subentries.boundary(self.config_entry)
        today = day_of(dt_util.now(), boundary)
        self.minutes_today = time_on_mat(records, today, today, boundary) / MINUTE

    @callback
    def _on_new_day(self, _now: datetime) -> None:
        self.hass.async_create_task(self._async_begin_day(), f"{DOMAIN} day")

    async def _async_begin_day(self) -> None:
        await self.async_count()
        self.async_update_listeners()

    @callback
    def _async_let_go(self, room: Room) -> None:
        """Restore a room, however long its devices take."""
        self._leaving[room.session.id] = room
        room.restoring = self.hass.async_create_background_task(
            self._async_restore(room), f"{DOMAIN} restore", eager_start=True
        )

    async def _async_restore(self, room: Room) -> None:
        await room.restore()
        if room.recording is not None:
            await asyncio.shield(room.recording)
        if room.record is None:
            self._leaving.pop(room.session.id, None)
        self._async_save()

    # -- what it tells ---------------------------------------------------------

    @callback
    def async_listen(self, routine_id: str, listener: Listener) -> CALLBACK_TYPE:
        """Call the listener with type and data of what happens in a routine."""
        listeners = self._listeners_of.setdefault(routine_id, [])
        listeners.append(listener)
        return lambda: listeners.remove(listener)

    @callback
    def _async_tell(self, happening: str, room: Room, now: datetime) -> None:
        session = room.session
        data = {
            "routine": session.routine.name,
            "mat": self.name,
            "source": session.source,
            "asked_minutes": session.asked / MINUTE,
            "planned_minutes": round(session.planned / MINUTE, 2),
            "minutes": round(session.elapsed(now) / MINUTE, 2),
            "phase": session.phase(now),
            "outcome": session.outcome(now),
            "reason": session.reason,
            "failed": list(room.failed),
        }
        for listener in list(self._listeners_of.get(session.routine.id, ())):
            listener(happening, data)

    @callback
    def _on_failure(self, room: Room, entity_id: str) -> None:
        """Tell of a device that did not do as asked; the record names it too."""
        LOGGER.warning(
            "%s did not follow; the session of %s goes on without it",
            entity_id,
            self.name,
        )
        if room.record is not None:
            room.record = replace(room.record, failed=room.failed)
        if not room.session.rehearsal:
            self._async_tell("device_failed", room, dt_util.utcnow())
        self._async_save()

    # -- disk ------------------------------------------------------------------

    @property
    def _rooms(self) -> list[Room]:
        current = [] if self._room is None else [self._room]
        return [*self._leaving.values(), *current]

    @callback
    def _async_save(self) -> asyncio.Future[bool]:
        """Have everything that is known now on disk soon.

        Returns whether it worked. What is asked for while nothing is written yet
        becomes one write.
        """
        if self._next_save is None:
            self._next_save = self.hass.loop.create_future()
            if self._save_task is None or self._save_task.done():
                self._save_task = self.hass.async_create_task(
                    self._async_write(), f"{DOMAIN} save", eager_start=False
                )
        return self._next_save

    async def _async_write(self) -> None:
        while self._next_save is not None:
            saved, self._next_save = self._next_save, None
            self.journal.rooms = [room.as_dict() for room in self._rooms]
            try:
                await self.journal.async_save()
            except OSError as err:
                LOGGER.error("The session of %s cannot be saved: %s", self.name, err)
                saved.set_result(False)
            else:
                saved.set_result(True)

    # -- restarts --------------------------------------------------------------

    async def async_load(self) -> None:
        """Read what ran before; devices are met by `async_resume_when_started`."""
        await self.journal.async_load()
        await self.async_count()
        now = dt_util.utcnow()
        for data in self.journal.rooms:
            session = _session_of(data, self.journal.saved_at, now)
            room = self._make_room(session)
            room.remember(data)
            self._leaving[session.id] = room
        if self._leaving:
            latest = next(reversed(self._leaving.values()))
            phase = latest.session.phase(now)
            if phase is not None or not latest.closed:
                self._room = self._leaving.pop(latest.session.id)
                self.data = None if phase is None else latest.session

    @callback
    def async_resume_when_started(self) -> None:
        """Go on with what ran before, once the devices of the home are there."""
        entry = self.config_entry
        at = LONG_AGO + subentries.boundary(entry)
        entry.async_on_unload(
            async_track_time_change(
                self.hass, self._on_new_day, at.hour, at.minute, at.second
            )
        )
        entry.async_on_unload(async_at_started(self.hass, self._resume))

    @callback
    def _resume(self, _hass: HomeAssistant) -> None:
        """Meet the devices again, finish what ended meanwhile, go on with the rest."""
        self.config_entry.async_on_unload(
            self.hass.async_add_shutdown_job(HassJob(self._async_put_out))
        )
        now = dt_util.utcnow()
        for room in self._rooms:
            ended_at = room.session.ended_at(now)
            room.recall(only_off=ended_at is not None and now - ended_at > STALE)
            if room.record is not None:
                self._async_record_soon(room)
        for room in list(self._leaving.values()):
            self._async_let_go(room)
        if (current := self._room) is None:
            return
        session, outcome = current.session, current.session.outcome(now)
        if outcome is not None and not current.closed:
            session = session.lose(now)
        elif outcome is None and session.routine.id not in self.config_entry.subentries:
            session = session.stop(now, Reason.INTERRUPTED)
        self._async_advance(session)

    async def _async_put_out(self) -> None:
        """Switch diffusers off before Home Assistant goes down."""
        await asyncio.gather(*(room.put_out() for room in self._rooms))
        await self._async_save()

    async def async_leave(self, *, release: bool) -> None:
        """Stop watching; `release` ends the session and restores the room first."""
        if release:
            if self.session is not None:
                self.async_stop(Reason.INTERRUPTED)
            if self._room is not None:
                self._async_let_go(self._room)
                self._room = None
            await self._async_wait_for_rooms()
        self._async_wake_at(None)
        await self._async_save()
        for room in self._rooms:
            room.suspend()

    async def async_give_up(self) -> None:
        """Release what is still held according to the disk; nothing is recorded."""
        await self.async_load()
        if self._room is not None:
            self._leaving[self._room.session.id] = self._room
            self._room = None
        now = dt_util.utcnow()
        for room in list(self._leaving.values()):
            room.recall()
            if room.session.outcome(now) is None:
                room.session = room.session.stop(now, Reason.INTERRUPTED)
            self._async_let_go(room)
        await self._async_wait_for_rooms()

    async def _async_wait_for_rooms(self) -> None:
        tasks = [room.restoring for room in self._leaving.values() if room.restoring]
        if tasks:
            await asyncio.wait(tasks, timeout=LEAVE_LIMIT)


def _ending(outcome: Outcome) -> str:
    return "completed" if outcome is Outcome.COMPLETED else "stopped"


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
