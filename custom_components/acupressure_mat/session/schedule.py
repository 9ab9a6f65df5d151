"""Schedule: when a routine is due, each day once, whatever the clocks do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from .practice import BOUNDARY, DAY, day_of

INSTANT = timedelta(microseconds=1)
# One day of the week, found on the next but one when the next is done already.
HORIZON = 15


class Mode(StrEnum):
    """What happens when a routine is due."""

    OFF = "off"
    ASK = "ask"
    START = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a routine is due: at a time of day, or so long before a sensor's time."""

    mode: Mode = Mode.OFF
    # Monday is 0. A time after midnight and before the day begins belongs to the
    # evening before.
    days: tuple[int, ...] = ()
    # After midnight, by the clock on the wall.
    at: timedelta | None = None
    sensor: str | None = None
    before: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A moment at which a routine is due, and the day that it counts for."""

    at: datetime
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the open question says: which routine, and for when."""

    name: str
    at: datetime
    # Asked only after its time was over.
    missed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What is remembered of a routine's schedule, also through a restart."""

    schedule: Schedule
    due: Due | None = None
    # The last day that was dealt with.
    handled: date | None = None
    # When "In 15 min" is over.
    again: datetime | None = None
    # What the buttons of the open question carry.
    question: str | None = None
    asked: Asked | None = None


def next_due(
    schedule: Schedule,
    after: datetime,
    boundary: timedelta = BOUNDARY,
    *,
    sensor_at: datetime | None = None,
    handled: date | None = None,
) -> Due | None:
    """Return when a routine is due next; None if nobody knows.

    `after` is local, in the time zone that counts. The day `handled` is left out, so
    that neither an hour that comes twice nor a moved alarm makes it due again.
    """
    if schedule.mode is Mode.OFF:
        return None
    zone = after.tzinfo
    assert zone is not None
    since = after.astimezone(UTC)
    if schedule.sensor is not None:
        if sensor_at is None:
            return None
        at = (sensor_at - schedule.before).astimezone(zone)
        dues = iter([Due(at=at, day=day_of(at, boundary))])
    else:
        dues = _by_the_clock(schedule, day_of(after, boundary), zone, boundary)
    for due in dues:
        wanted = not schedule.days or due.day.weekday() in schedule.days
        if wanted and due.day != handled and due.at.astimezone(UTC) > since:
            return due
    return None


def dues(
    schedule: Schedule,
    start: datetime,
    end: datetime,
    boundary: timedelta = BOUNDARY,
    *,
    sensor_at: datetime | None = None,
    handled: date | None = None,
) -> Iterator[Due]:
    """Yield all of `next_due` from one moment, included, until before another."""
    after = start - INSTANT
    while due := next_due(
        schedule, after, boundary, sensor_at=sensor_at, handled=handled
    ):
        if due.at.astimezone(UTC) >= end.astimezone(UTC):
            return
        yield due
        after = due.at


def _by_the_clock(
    schedule: Schedule, today: date, zone: tzinfo, boundary: timedelta
) -> Iterator[Due]:
    if schedule.at is None:
        return
    for ahead in range(HORIZON):
        day = today + ahead * DAY
        on = day if schedule.at >= boundary else day + DAY
        yield Due(at=_moment(on, schedule.at, zone), day=day)


def _moment(day: date, at: timedelta, zone: tzinfo) -> datetime:
    """Return the moment of a time on the wall: the first of two, else the gap's end."""
    wall = datetime(day.year, day.month, day.day, tzinfo=zone) + at
    # In a gap, fold tells whether the offset before or after it is meant, so the
    # clocks change somewhere between these two moments. Anywhere else there is nothing
    # between them.
    low, high = wall.replace(fold=1).astimezone(UTC), wall.astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    while (seconds := (high - low) // timedelta(seconds=1)) > 1:
        middle = low + timedelta(seconds=seconds // 2)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.astimezone(zone)
