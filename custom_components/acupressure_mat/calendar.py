"""The journal of a mat as a calendar: what was done, and what is scheduled."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, override

from homeassistant.components.calendar import (
    EVENT_DESCRIPTION,
    EVENT_END,
    EVENT_RRULE,
    EVENT_START,
    EVENT_SUMMARY,
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEntityFeature,
    CalendarEvent,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from . import subentries
from .const import DOMAIN, SUBENTRY_ROUTINE
from .coordinator import MatConfigEntry, Upcoming
from .entity import MatEntity
from .errors import translated
from .exchange import RATINGS
from .journal import id_at, month_of
from .session.record import Record, check_told
from .session.session import Outcome, Session, SessionError

PARALLEL_UPDATES = 0
# How far ahead a scheduled session is the next one.
AHEAD = timedelta(days=8)
# As far as schedules are told, whatever is asked for: they go on for ever.
HORIZON = timedelta(days=366)
# The month of a record is that of its own place, which may be a day off.
SLACK = timedelta(days=1)
LONGEST_NAME = 100
ZERO = timedelta(0)

JOURNAL = CalendarEntityDescription(key="journal", translation_key="journal")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MatConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the calendar of the mat."""
    async_add_entities([JournalCalendar(entry.runtime_data, JOURNAL)])


class JournalCalendar(MatEntity, CalendarEntity):
    """Shows, takes in, changes and forgets records.

    Its state is on while a session runs; what is coming cannot be changed here.
    """

    entity_description: CalendarEntityDescription
    _attr_supported_features = (
        CalendarEntityFeature.CREATE_EVENT
        | CalendarEntityFeature.DELETE_EVENT
        | CalendarEntityFeature.UPDATE_EVENT
    )

    # -- what it shows ---------------------------------------------------------

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """The session that runs, else the next one that is scheduled."""
        session = self.coordinator.session
        if session is not None:
            return _running(session, dt_util.utcnow())
        now = dt_util.now()
        upcoming = self.coordinator.upcoming(now, now + AHEAD)
        return _coming(upcoming[0]) if upcoming else None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        months = [
            month
            for month in self.coordinator.journal.months
            if month_of(start_date - SLACK) <= month <= month_of(end_date + SLACK)
        ]
        records = await self.coordinator.journal.async_records(months)
        words = await self._async_words()
        events = [
            _event(record, words)
            for record in records
            if record.started_at < end_date and record.ended_at > start_date
        ]
        session = self.coordinator.session
        if session is not None and not session.rehearsal:
            running = _running(session, dt_util.utcnow())
            if running.start < end_date and running.end > start_date:
                events.append(running)
        until = min(end_date, dt_util.now() + HORIZON)
        upcoming = self.coordinator.upcoming(start_date, until)
        return [*events, *map(_coming, upcoming)]

    async def _async_words(self) -> dict[str, str]:
        """Return the words of the calendar, in the language of the home."""
        words: dict[str, str] = {}
        for category, path in (
            ("config_panel", "config_panel.journal"),
            ("selector", "selector.reason.options"),
        ):
            texts = await async_get_translations(
                self.hass, self.hass.config.language, category, {DOMAIN}
            )
            prefix = f"component.{DOMAIN}.{path}."
            words |= {
                key.removeprefix(prefix): text
                for key, text in texts.items()
                if key.startswith(prefix)
            }
        return words

    # -- what it does ----------------------------------------------------------

    @override
    async def async_create_event(self, **kwargs: Any) -> None:
        """Keep a record of what was done without Home Assistant."""
        with translated():
            start, end = _times(kwargs)
            words = await self._async_words()
            record = Record(
                id=id_at(start),
                started_at=start,
                ended_at=end,
                elapsed=_between(start, end),
                **self._about(kwargs[EVENT_SUMMARY], words),
            )
            notes = kwargs.get(EVENT_DESCRIPTION)
            await self.coordinator.practice.async_add(record.noted(notes))
        self.coordinator.async_update_listeners()

    @override
    async def async_update_event(
        self,
        uid: str,
        event: dict[str, Any],
        recurrence_id: str | None = None,
        recurrence_range: str | None = None,
    ) -> None:
        """Correct when a session was, which routine it was, or its notes."""
        words = await self._async_words()

        def edit(old: Record) -> Record:
            new = _moved(old, *_times(event))
            if event[EVENT_SUMMARY] != _event(old, words).summary:
                new = replace(new, **self._about(event[EVENT_SUMMARY], words))
            if EVENT_DESCRIPTION in event:
                new = new.noted(_notes(event[EVENT_DESCRIPTION], old, words))
            return new

        with translated():
            await self.coordinator.practice.async_edit(uid, edit)
        self.coordinator.async_update_listeners()

    @override
    async def async_delete_event(
        self,
        uid: str,
        recurrence_id: str | None = None,
        recurrence_range: str | None = None,
    ) -> None:
        """Forget a record."""
        with translated():
            await self.coordinator.practice.async_delete(uid)
        self.coordinator.async_update_listeners()

    @callback
    def _about(self, summary: str, words: dict[str, str]) -> dict[str, Any]:
        """Return what a name says of a record: a routine of the mat, or just a name."""
        name = summary.strip()
        for subentry in self.coordinator.config_entry.get_subentries_of_type(
            SUBENTRY_ROUTINE
        ):
            routine = subentries.routine(subentry)
            if routine.name.casefold() == name.casefold():
                return {
                    "routine_id": routine.id,
                    "routine": routine.name,
                    "kind": routine.kind,
                    "surface": routine.surface,
                    "body_area": routine.body_area,
                }
        is_name = name and name != words["session"]
        return {"routine_id": None, "routine": name[:LONGEST_NAME] if is_name else None}


def _times(event: dict[str, Any]) -> tuple[datetime, datetime]:
    """Return when an event begins and ends; SessionError if that is no session."""
    if event.get(EVENT_RRULE):
        raise SessionError("record_repeats")
    start, end = event[EVENT_START], event[EVENT_END]
    if not isinstance(start, datetime):
        raise SessionError("record_all_day")
    check_told(start, _between(start, end), dt_util.utcnow())
    return start, end


def _between(start: datetime, end: datetime) -> timedelta:
    """Return how long it is, also when the clocks change in between."""
    wall = end.replace(tzinfo=None) - start.replace(tzinfo=None)
    return wall - ((end.utcoffset() or ZERO) - (start.utcoffset() or ZERO))


def _moved(record: Record, start: datetime, end: datetime) -> Record:
    """Return the record at other times; pauses and prepare stay as long as they were.

    As far as they fit: whoever makes it shorter than these takes from them.
    """
    shown = _shown(record.started_at, record.ended_at)
    start = _meant(start, record.started_at, shown[0])
    end = _meant(end, record.ended_at, shown[1])
    if (start, end) == (record.started_at, record.ended_at):
        return record
    before = _between(record.started_at, record.ended_at)
    after = _between(start, end)
    elapsed = after - (before - record.elapsed)
    # Who was dizzy before they lay down was on the mat for no time, whenever that was.
    if elapsed <= ZERO < record.elapsed:
        elapsed = after
    elapsed = max(elapsed, ZERO)
    return replace(record, started_at=start, ended_at=end, elapsed=elapsed)


def _meant(told: datetime, was: datetime, shown: datetime) -> datetime:
    """Return the moment that somebody means, whose form has no seconds.

    Nor does it know which of two moments is meant while the clocks are set back.
    """
    return was if told == shown.replace(second=0, microsecond=0) else told


def _shown(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """Return start and end as Home Assistant can show them: in local time."""
    start, end = dt_util.as_local(start), dt_util.as_local(end)
    if end.replace(tzinfo=None) < start.replace(tzinfo=None):
        # The clocks were set back in between, and Home Assistant, which goes by the
        # wall, would refuse the event and with it all others: rather its length.
        end = start + _between(start, end)
    return start, end


def _running(session: Session, now: datetime) -> CalendarEvent:
    """Return the running session; paused, as if it went on now."""
    end = session.finishes_at or now + session.remaining(now)
    start, end = _shown(session.started_at, end)
    return CalendarEvent(start=start, end=end, summary=session.routine.name)


def _coming(upcoming: Upcoming) -> CalendarEvent:
    start, end = _shown(upcoming.start, upcoming.end)
    return CalendarEvent(start=start, end=end, summary=upcoming.routine)


def _event(record: Record, words: dict[str, str]) -> CalendarEvent:
    lines = [*_told(record, words), *([record.notes] if record.notes else [])]
    start, end = _shown(record.started_at, record.ended_at)
    return CalendarEvent(
        start=start,
        end=end,
        summary=record.routine or words["session"],
        description="\n".join(lines),
        uid=record.id,
    )


def _told(record: Record, words: dict[str, str]) -> Iterator[str]:
    """Yield what is known of a record, a line each."""
    yield words["minutes"].format(minutes=round(record.minutes))
    if record.outcome is Outcome.LOST:
        yield words["lost"]
    elif record.reason is not None:
        yield words["stopped"].format(reason=words[record.reason])
    for rating in RATINGS:
        points = getattr(record.ratings, rating)
        if points is not None:
            yield words[rating].format(points=points)
    if record.failed:
        yield words["failed"].format(devices=", ".join(record.failed))


def _notes(description: str, record: Record, words: dict[str, str]) -> str:
    """Return what of a description a person wrote, and not the record itself."""
    told = set(_told(record, words))
    lines = [line for line in description.splitlines() if line.strip() not in told]
    return "\n".join(lines).strip()
