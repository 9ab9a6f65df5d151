"""The session of a mat: one path for every change, and a wake-up for the next."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
import time
from typing import Any, NamedTuple

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, Context, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from . import subentries
from .comeback import Comeback
from .const import DOMAIN, LOGGER
from .daily import async_track_daily
from .environment import BELL, Room
from .environment.device import sent
from .files import NotSaved
from .happenings import Happening, Happenings, Listener
from .issues import async_check_named
from .journal import Journal
from .practice import Practice
from .rooms import SET_BACK, Rooms
from .session.practice import EVENING
from .session.record import Record
from .session.routine import PhaseName, Routine
from .session.session import Outcome, Reason, Session, SessionError, Source
from .turns import async_hand_over

type MatConfigEntry = ConfigEntry[SessionCoordinator]

# After which a record that could not be saved is tried again.
RETRY = timedelta(minutes=5)
# So many hear of a change in one go: a state is up to half a millisecond.
HEAR_AT_ONCE = 8


class Upcoming(NamedTuple):
    """A session that is scheduled."""

    start: datetime
    end: datetime
    routine: str


# Returns what is scheduled from one moment to another, in order of time.
type Scheduled = Callable[[datetime, datetime], list[Upcoming]]


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
        self.journal = journal
        self.practice = Practice(hass, entry, journal)
        self.practice.on_changed.append(
            lambda _old, _new: self.async_update_listeners()
        )
        self.upcoming: Scheduled = lambda _start, _end: []
        self.rooms = Rooms(hass, journal, self._on_failure, self._on_renamed)
        self.happenings = Happenings(
            hass, self.name, self._changed, self._async_commanded
        )
        self._routines: dict[str, tuple[Mapping[str, Any], Routine]] = {}
        self._comeback = Comeback(hass, self._recall, self._resume)
        self._unsub_wake: CALLBACK_TYPE | None = None
        # It is being unloaded: nobody would see to the end of what begins now.
        self._is_leaving = False
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

    def routine(self, routine_id: str) -> Routine:
        """Return a routine as it is configured now."""
        subentry = self.config_entry.subentries[routine_id]
        known = self._routines.get(routine_id)
        # Home Assistant changes a subentry in place, and puts other data into it.
        if (
            known is None
            or known[0] is not subentry.data
            or known[1].name != subentry.title
        ):
            known = subentry.data, subentries.routine(subentry)
            self._routines[routine_id] = known
        return known[1]

    def next_duration(self, routine_id: str) -> timedelta:
        """Return how long the next session of a routine will be."""
        minutes = self.journal.next_minutes.get(routine_id)
        if minutes is not None:
            return timedelta(minutes=minutes)
        routine = self.routine(routine_id)
        if routine.duration is not None:
            return routine.duration
        plan = self.practice.plan(routine.surface)
        if plan is not None:
            return plan.duration
        return subentries.default_duration(self.config_entry)

    async def async_set_next_duration(self, routine_id: str, minutes: float) -> None:
        """Set how long the next session of a routine will be, and only that one."""
        self.journal.next_minutes[routine_id] = minutes
        self.async_update_listeners()
        await self.journal.save()

    # -- changes ---------------------------------------------------------------

    def _free(self) -> datetime:
        """Return the moment of a start; SessionError `already_running` if one runs."""
        now = self._asked()
        if (running := self.session) is not None:
            raise SessionError("already_running", routine=running.routine.name)
        room = self.rooms.current
        if room is not None and not room.closed:
            # The clock was set forward past its end, and what wakes us is not due yet.
            self._async_advance(room.session)
        return now

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
        now = self._free()
        routine = self.routine(routine_id)
        session = Session.start(
            routine,
            self.next_duration(routine_id) if duration is None else duration,
            now,
            id=ulid_now(),
            source=source,
        )
        self.journal.next_minutes.pop(routine_id, None)
        self._async_begin(session, context, "started")

    @callback
    def async_rehearse(
        self, routine_id: str, within: timedelta, *, context: Context | None = None
    ) -> None:
        """Play a whole routine in so short a time; it leaves no record."""
        now = self._free()
        routine = self.routine(routine_id)
        session = Session.rehearse(
            routine, self.next_duration(routine_id), within, now, id=ulid_now()
        )
        self._async_begin(session, context)

    @callback
    def _async_begin(
        self, session: Session, context: Context | None, *happenings: str
    ) -> None:
        self.practice.told.begin()
        self.rooms.enter(session, context)
        self._async_advance(session, *happenings)
        assert self.rooms.current is not None
        self.rooms.current.play(session.routine.start_script)

    @callback
    def async_pause(self) -> None:
        """Stop the clock."""
        session, now = self._running()
        self._async_advance(session.pause(now), "paused")

    @callback
    def async_resume(self) -> None:
        """Let the clock go on."""
        session, now = self._running()
        self._async_advance(session.resume(now), "resumed")

    @callback
    def async_extend(self, by: timedelta) -> None:
        """Lengthen the session."""
        session, now = self._running()
        self._async_advance(session.extend(by, now), "extended")

    @callback
    def async_skip_phase(self) -> None:
        """Go on to the next phase; in `after`, release the room."""
        now = self._asked()
        if self.data is None:
            raise SessionError("not_running")
        self._async_advance(self.data.skip_phase(now))

    @callback
    def async_stop(self, reason: Reason | None = None) -> None:
        """End the session and keep it."""
        session, now = self._running()
        self._async_advance(session.stop(now, reason))

    def _asked(self) -> datetime:
        """Return the moment of a change; SessionError `mat_not_loaded` if it is late."""
        if self._is_leaving:
            raise SessionError("mat_not_loaded", mat=self.config_entry.title)
        self._comeback.now()
        return self._now()

    def _running(self) -> tuple[Session, datetime]:
        """Return the session and the moment of its change; SessionError if none runs."""
        # First: a clock that was set back takes the session along.
        now = self._asked()
        session = self.session
        if session is None:
            raise SessionError("not_running")
        return session, now

    def _now(self) -> datetime:
        """Return the time; move the session along when the clock was set back."""
        now, ticks = dt_util.utcnow(), time.monotonic()
        wall, then = self._clock
        back = now - (wall + timedelta(seconds=ticks - then))
        self._clock = (now, ticks)
        room = self.rooms.current
        if back < -SET_BACK and room is not None:
            LOGGER.info("The clock was set back by %s; the session goes on", -back)
            self.data = room.session = room.session.shift(back)
        return now

    # -- the one path ----------------------------------------------------------

    @callback
    def _async_advance(self, session: Session, *happenings: str) -> None:
        """Let everything follow a changed session, or the same one as time passed.

        Room, disk, wake-up: in that order, since the first command must not wait, and
        each before anything can interrupt. Entities and events follow once the commands
        have left; `happenings.async_told` says when.
        """
        self.happenings.async_tell()
        room = self.rooms.current
        assert room is not None
        now = dt_util.utcnow()
        phase, outcome = session.phase(now), session.outcome(now)
        room.session = session
        ends = outcome is Outcome.COMPLETED and not room.closed
        begins = phase is PhaseName.SETTLE and room.announced is not phase
        if session.routine.bell and (ends or begins):
            room.sound(BELL)
        if phase is not None:
            room.apply()
        events = list(happenings)
        if outcome is not None and not room.closed:
            room.closed = True
            events.append(_ending(outcome))
            self._async_close(room, session, now)
            if outcome is not Outcome.MISTAKE:
                room.play(session.routine.end_script)
        if phase is not None and phase is not room.announced:
            events.append("phase_started")
        room.announced = phase
        if phase is None:
            self.rooms.leave()
        self.journal.save()
        self._async_wake_at(session.next_change(now))
        self.data = None if phase is None else session
        self._async_say(room, now, *events)

    @callback
    def _async_wake_at(self, moment: datetime | None) -> None:
        if self._unsub_wake is not None:
            self._unsub_wake()
        if moment is not None:
            job = HassJob(self._on_wake, cancel_on_shutdown=True)
            wait = moment - dt_util.utcnow()
            self._unsub_wake = async_call_later(self.hass, wait, job)

    @callback
    def _on_wake(self, _now: datetime) -> None:
        self._now()
        if self.data is not None:
            self._async_advance(self.data)

    # -- the end ---------------------------------------------------------------

    @callback
    def _async_close(self, room: Room, session: Session, now: datetime) -> None:
        """Keep the record of a session that ended."""
        record = Record.of(session, now, dt_util.get_default_time_zone(), room.failed)
        if record is not None:
            room.record = self.practice.told.take(session, record)
            self._async_record_soon(room)
        if room.failed:
            async_check_named(self.hass, self.config_entry)

    @callback
    def _async_record_soon(self, room: Room, _now: datetime | None = None) -> None:
        self.hass.async_create_task(self._async_record(room), f"{DOMAIN} record")

    async def _async_record(self, room: Room) -> None:
        """Write the record of a room's session; repeated after a kill, it stays one."""
        while (record := room.record) is not None:
            try:
                await self.practice.async_add(record)
            except SessionError:
                # The mat was loaded anew: who keeps up with its journal now has it.
                return
            except NotSaved:
                # Again when there may be space on the disk; the room keeps it so long.
                again = partial(self._async_record_soon, room)
                job = HassJob(again, cancel_on_shutdown=True)
                self.config_entry.async_on_unload(
                    async_call_later(self.hass, RETRY, job)
                )
                return
            if room.record is record:
                room.record = None
        self.rooms.forget(room)
        self.async_update_listeners()

    @callback
    def _on_time(self) -> None:
        """Go on to a new day, or say in the evening that a streak is at risk."""
        self.hass.async_create_task(self._async_begin_day(), f"{DOMAIN} day")

    async def _async_begin_day(self) -> None:
        await self.practice.async_begin_day()
        async_check_named(self.hass, self.config_entry)
        self.async_update_listeners()

    # -- what it tells ---------------------------------------------------------

    @callback
    def async_listen(self, routine_id: str, listener: Listener) -> CALLBACK_TYPE:
        """Call the listener with type and data of what happens in a routine."""
        return self.happenings.async_listen(routine_id, listener)

    @callback
    def _async_say(self, room: Room, now: datetime, *kinds: str) -> None:
        """Tell soon what happened in a room; of a rehearsal, only that it changed."""
        session = room.session
        told = () if session.rehearsal else kinds
        self.happenings.async_say(
            *(Happening(kind, session, room.failed, now) for kind in told)
        )

    def _changed(self) -> Iterator[Callable[[], None]]:
        """Yield what tells all who follow the mat of a change, a few at a time."""
        for some in batched(list(self._listeners.items()), HEAR_AT_ONCE, strict=False):
            yield partial(self._async_update, some)

    @callback
    def _async_update(
        self, some: Iterable[tuple[object, tuple[CALLBACK_TYPE, object]]]
    ) -> None:
        """Tell some of those who follow the mat, unless they are gone by now."""
        for key, (update, _) in some:
            if key not in self._listeners:
                continue
            try:
                update()
            except Exception:  # noqa: BLE001 - the others are told all the same
                LOGGER.exception("Somebody could not be told of a change")

    async def _async_commanded(self) -> None:
        """Return once what is wanted of the devices of a session has left.

        At its end nobody waits for them: what is said then is heard before the volume
        goes back.
        """
        room = self.rooms.current
        if room is not None and not room.closed:
            await room.async_commanded()
            await sent()

    @callback
    def async_rename(self, old: str, new: str) -> None:
        """Go on with what a session names besides its devices, groups and voices."""
        for room in self.rooms:
            routine = room.session.routine.renamed(old, new)
            if routine != room.session.routine:
                room.session = replace(room.session, routine=routine)
                self._on_renamed(room)

    @callback
    def _on_renamed(self, room: Room) -> None:
        """Go on with a device that got another entity id."""
        if room is self.rooms.current:
            self.data = room.session
        self.journal.save()

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
        self._async_say(room, dt_util.utcnow(), "device_failed")
        self.journal.save()

    # -- restarts --------------------------------------------------------------

    async def async_load(self) -> None:
        """Read what ran before; devices are met by `async_resume_when_started`."""
        self.config_entry.async_on_unload(self._comeback.begin())
        mat = self.config_entry.entry_id
        await async_hand_over(self.hass, mat, self.practice.turns)
        await self.journal.async_load()
        await self.practice.async_load()
        self.rooms.load(now := dt_util.utcnow())
        room = self.rooms.current
        if room is not None and room.session.phase(now) is not None:
            self.data = room.session = self._as_called_now(room.session)
        self._comeback.read()

    def _as_called_now(self, session: Session) -> Session:
        """Return the session under the name that its routine has by now.

        All else of the routine stays as it was when the session began.
        """
        subentry = self.config_entry.subentries.get(session.routine.id)
        if subentry is None:
            return session
        return replace(session, routine=replace(session.routine, name=subentry.title))

    @callback
    def async_resume_when_started(self) -> None:
        """Go on with what ran before, once the devices of the home are there."""
        entry = self.config_entry
        moments = (subentries.boundary(entry), EVENING)
        entry.async_on_unload(async_track_daily(self.hass, moments, self._on_time))
        if self.hass.is_running:
            # At a start not all devices are there yet; after a change they are.
            async_check_named(self.hass, entry)
        self._comeback.when_started()

    @callback
    def _recall(self) -> None:
        self.rooms.recall(dt_util.utcnow())

    @callback
    def _resume(self) -> None:
        """Finish what ended meanwhile, and go on with the rest."""
        self.config_entry.async_on_unload(
            self.hass.async_add_shutdown_job(HassJob(self.rooms.async_put_out))
        )
        self.config_entry.async_create_background_task(
            self.hass, self.practice.async_check_statistics(), f"{DOMAIN} statistics"
        )
        now = dt_util.utcnow()
        self.rooms.go_on()
        for room in self.rooms:
            if room.record is not None:
                self._async_record_soon(room)
        current = self.rooms.current
        if current is None:
            return
        session, outcome = current.session, current.session.outcome(now)
        if outcome is not None and not current.closed:
            session = session.lose(now)
        elif outcome is None and session.routine.id not in self.config_entry.subentries:
            session = session.stop(now, Reason.INTERRUPTED)
        self._async_advance(session)

    async def async_leave(self, *, release: bool) -> None:
        """Stop watching; `release` ends the session and restores the room first."""
        if release:
            self._comeback.now()
            if self.session is not None:
                self.async_stop(Reason.INTERRUPTED)
            self.rooms.leave_silent()
        self._is_leaving = True
        self._async_wake_at(None)
        if release:
            await self.rooms.async_wait()
        self.happenings.async_tell()
        await self.journal.save()
        self.rooms.suspend(for_good=release)


def _ending(outcome: Outcome) -> str:
    return "completed" if outcome is Outcome.COMPLETED else "stopped"
