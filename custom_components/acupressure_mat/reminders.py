"""Schedules: a question, or a start, at the time that each routine is due."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import (
    async_track_point_in_utc_time,
    async_track_state_change_event,
)
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from . import subentries
from .const import DOMAIN, LOGGER, SUBENTRY_ROUTINE
from .coordinator import MatConfigEntry, Upcoming
from .journal import moment_of
from .phone import Notice, Phone, tag_of
from .session.codec import from_dict, to_dict
from .session.practice import DAY, day_of
from .session.routine import Kind
from .session.schedule import Asked, Due, Mode, Reminder, Schedule, dues, next_due
from .session.session import SessionError, Source
from .whereabouts import is_home

VERSION = 1
LATER = timedelta(minutes=15)
# What happens later than this after it was due was missed: nothing starts any more.
LATE = timedelta(minutes=2)
# A sensor's time that is further away is how programs write "none", or "never".
FAR = timedelta(days=366)


def store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return where a mat's reminders are kept."""
    return Store(
        hass,
        VERSION,
        f"{DOMAIN}.{entry_id}.reminders",
        private=True,
        atomic_writes=True,
    )


class Reminders:
    """Wakes when the next routine is due, and at no other time."""

    def __init__(
        self, hass: HomeAssistant, entry: MatConfigEntry, phone: Phone
    ) -> None:
        """Prepare; nothing is known before `async_load`."""
        self.hass = hass
        self.entry = entry
        self.coordinator = entry.runtime_data
        self.phone = phone
        self._store = store(hass, entry.entry_id)
        self._boundary = subentries.boundary(entry)
        self._known = {
            subentry.subentry_id: Reminder(schedule=subentries.schedule(subentry))
            for subentry in entry.get_subentries_of_type(SUBENTRY_ROUTINE)
        }
        self._stored = dict(self._known)
        self._unsub_wake: CALLBACK_TYPE | None = None
        self.coordinator.upcoming = self.upcoming

    async def async_load(self) -> None:
        """Take over what was remembered of schedules that are still the same."""
        stored: Any = None
        with suppress(HomeAssistantError, NotImplementedError):
            stored = await self._store.async_load()
        if not isinstance(stored, dict):
            # There was none, or it is of a newer version: a mat is more than that.
            stored = {}
        for gone in stored.keys() - self._known.keys():
            self.phone.clear(tag_of(gone))
            self._stored = {}
        for routine_id, fresh in self._known.items():
            try:
                kept = from_dict(Reminder, stored.get(routine_id, {}))
            except ValueError as err:
                LOGGER.debug("No reminder of %s was kept: %s", routine_id, err)
                continue
            # Another schedule is due anew; what the old one asked is taken away.
            self._known[routine_id] = (
                kept
                if kept.schedule == fresh.schedule
                else replace(fresh, question=kept.question, asked=kept.asked)
            )

    @callback
    def async_begin_when_started(self) -> None:
        """Watch, once persons and sensors of the home are there."""
        self.entry.async_on_unload(async_at_started(self.hass, self._begin))
        self.entry.async_on_unload(self._sleep)

    @callback
    def _begin(self, _hass: HomeAssistant) -> None:
        entry = self.entry
        for button, pressed in (
            ("start", self._on_start),
            ("later", self._on_later),
            ("not_today", self._on_not_today),
        ):
            self.phone.on_press(button, pressed)
        sensors = {r.schedule.sensor for r in self._reminders.values()} - {None}
        entry.async_on_unload(
            async_track_state_change_event(
                self.hass, sorted(map(str, sensors)), self._look
            )
        )
        entry.async_on_unload(
            self.hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._look)
        )
        entry.async_on_unload(self.coordinator.async_add_listener(self._on_session))
        for routine_id in self._reminders:
            self._show_anew(routine_id)
        self._look()

    # -- what it knows ---------------------------------------------------------

    @property
    def _reminders(self) -> dict[str, Reminder]:
        """Those of routines that nobody deleted since the mat was loaded."""
        return {i: r for i, r in self._known.items() if i in self.entry.subentries}

    def _sensor_at(self, schedule: Schedule) -> datetime | None:
        """Return the moment that a schedule's sensor tells, if it tells any."""
        state = self.hass.states.get(schedule.sensor) if schedule.sensor else None
        moment = moment_of(state and state.state)
        is_near = moment is not None and abs(moment - dt_util.utcnow()) <= FAR
        return moment if is_near else None

    def _next(self, reminder: Reminder, after: datetime) -> Due | None:
        return next_due(
            reminder.schedule,
            after,
            self._boundary,
            sensor_at=self._sensor_at(reminder.schedule),
            handled=reminder.handled,
        )

    @property
    def _today(self) -> date:
        return day_of(dt_util.now(), self._boundary)

    def _is_wanted(self, routine_id: str, day: date) -> bool:
        """Return whether somebody should still lie down on a day."""
        if day != self._today or self.coordinator.session is not None:
            return False
        return not self._is_free(routine_id, day)

    def _is_free(self, routine_id: str, day: date) -> bool:
        """Return whether a day is of a vacation, or had a session of this kind."""
        vacations = subentries.vacations(self.entry)
        return any(day in vacation for vacation in vacations) or any(
            day_of(record.started_at, self._boundary) == day
            and self._is_kind(routine_id, record.routine_id, record.kind)
            for record in self.coordinator.practice.recent
        )

    def _is_kind(self, routine_id: str, other_id: str | None, kind: Kind) -> bool:
        """Return whether a session is of a routine, or one just like it.

        What is called something else may be anything.
        """
        if routine_id == other_id:
            return True
        mine = subentries.routine(self.entry.subentries[routine_id]).kind
        return mine is kind and kind is not Kind.CUSTOM

    def upcoming(self, start: datetime, end: datetime) -> list[Upcoming]:
        """Return the sessions to come that overlap a span, in order of time.

        None on days of a vacation, none of today when it is done, asked about or
        declined.
        """
        found = []
        for routine_id, reminder in self._reminders.items():
            # Asked for with each state of the calendar: only what is needed.
            if reminder.schedule.mode is Mode.OFF:
                continue
            duration = self.coordinator.next_duration(routine_id)
            for due in dues(
                reminder.schedule,
                max(dt_util.as_local(start) - duration, dt_util.now()),
                end,
                self._boundary,
                sensor_at=self._sensor_at(reminder.schedule),
                handled=reminder.handled,
            ):
                if not self._is_free(routine_id, due.day):
                    routine = self.entry.subentries[routine_id].title
                    until = dt_util.as_utc(due.at) + duration
                    found.append(Upcoming(due.at, until, routine))
        return sorted(found)

    # -- waking up -------------------------------------------------------------

    @callback
    def _look(self, _event: Event[Any] | None = None) -> None:
        """Let happen what is due, and wake for the next.

        Also when a sensor tells another time, or the home is in another zone.
        """
        now = dt_util.utcnow()
        for routine_id in self._reminders:
            self._meet(routine_id, now)
        self._wake()
        if self._stored == self._known:
            return
        self._stored = dict(self._known)
        data = {i: to_dict(reminder) for i, reminder in self._stored.items()}
        self.hass.async_create_task(self._store.async_save(data), f"{DOMAIN} reminders")
        self.coordinator.async_update_listeners()

    def _change(self, routine_id: str, **changes: Any) -> Reminder:
        self._known[routine_id] = replace(self._known[routine_id], **changes)
        return self._known[routine_id]

    def _meet(self, routine_id: str, now: datetime) -> None:
        """Let happen what is due of one routine; what was slept through, too."""
        reminder = self._reminders[routine_id]
        if reminder.handled != self._today:
            reminder = self._settle(routine_id)
        due, again = reminder.due, reminder.again
        if again is not None and again <= now:
            reminder = self._change(routine_id, again=None)
            if self._is_wanted(routine_id, self._today):
                self._ask(routine_id, again, now)
        after = dt_util.now()
        while due is not None and due.at <= now:
            reminder = self._change(routine_id, handled=due.day, again=None)
            if self._is_wanted(routine_id, due.day):
                self._happen(routine_id, due.at, now)
            after = dt_util.as_local(due.at)
            due = self._next(reminder, after)
        self._change(routine_id, due=self._next(self._reminders[routine_id], after))

    @callback
    def _sleep(self) -> None:
        if self._unsub_wake is not None:
            self._unsub_wake()
            self._unsub_wake = None

    @callback
    def _wake(self) -> None:
        """Wake at the next moment at which anything happens."""
        self._sleep()
        moments: list[datetime] = []
        for reminder in self._reminders.values():
            moments += [self._day_ends] if reminder.question else []
            moments += [reminder.due.at] if reminder.due else []
            moments += [reminder.again] if reminder.again else []
        if moments:
            self._unsub_wake = async_track_point_in_utc_time(
                self.hass,
                HassJob(self._on_wake, cancel_on_shutdown=True),
                min(map(dt_util.as_utc, moments)),
            )

    @callback
    def _on_wake(self, _now: datetime) -> None:
        self._unsub_wake = None
        self._look()

    @property
    def _day_ends(self) -> datetime:
        """When today's questions are of yesterday."""
        return dt_util.start_of_local_day(self._today + DAY) + self._boundary

    # -- what happens ----------------------------------------------------------

    def _happen(self, routine_id: str, at: datetime, now: datetime) -> None:
        """Start or ask; too late, only ask."""
        reminder = self._reminders[routine_id]
        if reminder.schedule.mode is Mode.START and now - at <= LATE:
            at_home = is_home(self.hass, self.entry)
            if at_home is False:
                return
            if at_home and self._start(routine_id, Source.SCHEDULE) is None:
                return
        self._ask(routine_id, at, now)

    def _start(
        self, routine_id: str, source: Source, event: Event | None = None
    ) -> SessionError | None:
        """Start a session; return why none was started."""
        try:
            self.coordinator.async_start(
                routine_id, source=source, context=event and event.context
            )
        except SessionError as err:
            LOGGER.info("%s did not start: %s", self.entry.title, err.key)
            return err
        return None

    def _ask(self, routine_id: str, at: datetime, now: datetime) -> None:
        """Ask whether to start; quietly when the time is over."""
        name, missed = self.entry.subentries[routine_id].title, now - at > LATE
        asked = Asked(name=name, at=at, missed=missed)
        self._change(routine_id, question=ulid_now(), asked=asked)
        self._show(routine_id, asked, quiet=missed)

    def _show(
        self,
        routine_id: str,
        asked: Asked,
        *,
        quiet: bool,
        error: SessionError | None = None,
    ) -> None:
        text = "missed" if asked.missed else "due"
        self.phone.send(
            Notice(
                tag=tag_of(routine_id),
                title=asked.name,
                text=text,
                plain=f"{text}_without_buttons",
                buttons=("start", "later", "not_today"),
                id=str(self._reminders[routine_id].question),
                quiet=quiet,
                timeout=self._day_ends - dt_util.utcnow(),
                placeholders={"time": f"{dt_util.as_local(asked.at):%H:%M}"},
                error=error,
                persistent=True,
            )
        )

    def _show_anew(self, routine_id: str) -> None:
        """Ask an open question under the name, and on the phone, of now; quietly."""
        asked = self._reminders[routine_id].asked
        name = self.entry.subentries[routine_id].title
        if asked is not None and (asked.name != name or self.phone.is_another):
            asked = replace(asked, name=name)
            self._change(routine_id, asked=asked)
            self._show(routine_id, asked, quiet=True)

    def _settle(self, routine_id: str) -> Reminder:
        """Ask no longer."""
        if self._reminders[routine_id].question is not None:
            self.phone.clear(tag_of(routine_id))
        return self._change(routine_id, question=None, asked=None, again=None)

    # -- answers ---------------------------------------------------------------

    @callback
    def _on_session(self) -> None:
        """Ask no longer about what is being done."""
        session = self.coordinator.session
        if session is None or session.rehearsal:
            return
        done = [
            routine_id
            for routine_id, reminder in self._reminders.items()
            if (reminder.question or reminder.again)
            and self._is_kind(routine_id, session.routine.id, session.routine.kind)
        ]
        for routine_id in done:
            self._settle(routine_id)
        if done:
            self._look()

    def _asked(self, question: str) -> str | None:
        """Return the routine that an open question is about; None for an old one."""
        return next(
            (i for i, r in self._reminders.items() if r.question == question), None
        )

    @callback
    def _on_start(self, question: str, event: Event) -> None:
        routine_id = self._asked(question)
        if routine_id is not None:
            error = self._start(routine_id, Source.NOTIFICATION, event)
            if error is None:
                self._settle(routine_id)
            elif (asked := self._reminders[routine_id].asked) is not None:
                self._show(routine_id, asked, quiet=True, error=error)
            self._look()

    @callback
    def _on_later(self, question: str, _event: Event) -> None:
        routine_id = self._asked(question)
        if routine_id is not None:
            self._settle(routine_id)
            self._change(routine_id, again=dt_util.utcnow() + LATER)
            self._look()

    @callback
    def _on_not_today(self, question: str, _event: Event) -> None:
        routine_id = self._asked(question)
        if routine_id is not None:
            self._settle(routine_id)
            self._look()
