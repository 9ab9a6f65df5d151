"""Practice: days, minutes, the week's goal, and a streak that is fair.

A day begins at the mat's day boundary and belongs to the record for good: the
record's own local time decides, so neither a journey nor a change of the clocks
moves a session that is past.

Whoever keeps the journal needs three things here.

* One file of records for each `month_of`; it does not depend on the boundary, so
  files keep their records when the boundary changes.
* `Totals` beside them: one small row for each file, about 80 bytes.
  - a session ended: `totals.add(record)`;
  - a record was edited, deleted or imported: `totals.replace_month(month, records)`
    with what the touched file now holds; an edit that moves a record to another
    month touches two files;
  - at set-up: `replace_month` for the files that are loaded anyway, which heals what
    a crash between two writes left behind;
  - another boundary: `replace_month` for every file on a new `Totals(boundary=...)`.
* The records of this month and the last in memory: `time_on_mat` for today and for
  the week (which may begin in the month before).
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from .codec import from_dict, to_dict
from .record import Record
from .session import HEALTH_REASONS, MISTAKE_LIMIT

ZERO = timedelta(0)
DAY = timedelta(days=1)
# After midnight, at which a day begins: a session at 00:20 belongs to the evening.
BOUNDARY = timedelta(hours=4)
# From this hour of the day until its end a streak may be called at risk.
EVENING = timedelta(hours=18)


def day_of(moment: datetime, boundary: timedelta = BOUNDARY) -> date:
    """Return the day that a moment belongs to, by the moment's own local time."""
    return (moment.replace(tzinfo=None) - boundary).date()


def is_evening(moment: datetime, boundary: timedelta = BOUNDARY) -> bool:
    """Return whether it is 18:00 or later in the moment's day, until the day ends."""
    since_midnight = timedelta(
        hours=moment.hour, minutes=moment.minute, seconds=moment.second
    )
    return (since_midnight - boundary) % DAY >= (EVENING - boundary) % DAY


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def month_of(record: Record) -> date:
    """Return the first of the month whose file keeps the record."""
    return record.started_at.date().replace(day=1)


def is_practice(record: Record) -> bool:
    """Return whether a record makes its day a practised one: a minute on the mat.

    How it ended does not matter: stopped and lost sessions count their minutes.
    """
    return record.elapsed >= MISTAKE_LIMIT


def time_on_mat(
    records: Iterable[Record], first: date, last: date, boundary: timedelta = BOUNDARY
) -> timedelta:
    """Return the time on the mat from one day to another, both included."""
    return sum(
        (r.elapsed for r in records if first <= day_of(r.started_at, boundary) <= last),
        ZERO,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacation:
    """Days that the person excused in advance, both included; `last` may be open."""

    first: date
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """Days practised without a break.

    One day a week may be missed: it keeps the streak and does not add to it.
    """

    days: int = 0
    best: int = 0
    # Whether the streak is over when today ends without practice.
    ends_today: bool = False

    def at_risk(self, now: datetime, boundary: timedelta = BOUNDARY) -> bool:
        """Return whether to say so: only in the evening; `now` is local."""
        return self.ends_today and is_evening(now, boundary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What the records of one file come to.

    In the two sets of days bit n is the n-th of the month. Bit 0 is the last of the
    month before (a session after midnight belongs to it), and the one after the
    month's end is the first of the next.
    """

    month: date
    sessions: int = 0
    elapsed: timedelta = ZERO
    practised: int = 0
    # Neither adds to a streak nor breaks it.
    protected: int = 0

    def add(self, records: Iterable[Record], boundary: timedelta) -> Month:
        """Return the month with these records more; ValueError if not of this month.

        A stop for health protects its day and the next: whoever was hurt should not
        have to lie down again for the sake of a number.
        """
        sessions, elapsed = self.sessions, self.elapsed
        practised, protected = self.practised, self.protected
        for record in records:
            if month_of(record) != self.month:
                raise ValueError(f"record {record.id} is not of {self.month:%Y-%m}")
            sessions += 1
            elapsed += record.elapsed
            day = (day_of(record.started_at, boundary) - self.month).days + 1
            if is_practice(record):
                practised |= 1 << day
            if record.reason in HEALTH_REASONS:
                protected |= 0b11 << day
        return replace(
            self,
            sessions=sessions,
            elapsed=elapsed,
            practised=practised,
            protected=protected,
        )


# Bits of the days from Monday on: practised, protected.
type Week = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """The streak as it stood when a week began; years before it are done with."""

    week: int
    days: int = 0
    best: int = 0
    # The last week in which anything was recorded, or excused; None before all that.
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What the whole journal comes to, from a row for each month."""

    boundary: timedelta = BOUNDARY
    # In the order of time; none is empty.
    months: tuple[Month, ...] = ()

    @staticmethod
    def of(records: Iterable[Record], boundary: timedelta = BOUNDARY) -> Totals:
        """Return the totals of these records, in whatever order they come."""
        months: dict[date, list[Record]] = {}
        for record in records:
            months.setdefault(month_of(record), []).append(record)
        totals = Totals(boundary=boundary)
        for month, its in months.items():
            totals = totals.replace_month(month, its)
        return totals

    def add(self, record: Record) -> Totals:
        """Return the totals with one record more."""
        month = month_of(record)
        row = next((m for m in self.months if m.month == month), Month(month=month))
        return self._with(row.add([record], self.boundary))

    def replace_month(self, month: date, records: Iterable[Record]) -> Totals:
        """Return the totals when the month's file holds exactly these records."""
        return self._with(Month(month=month).add(records, self.boundary))

    def _with(self, row: Month) -> Totals:
        months = [m for m in self.months if m.month != row.month]
        if row.sessions:
            months.append(row)
            months.sort(key=lambda m: m.month)
        return replace(self, months=tuple(months))

    def as_dict(self) -> dict[str, Any]:
        """Return the totals as JSON data."""
        return to_dict(self)

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Totals:
        """Return the totals of such data; ValueError if they are none."""
        totals = from_dict(Totals, data)
        months = [row.month for row in totals.months]
        if months != sorted(set(months)) or any(m.day != 1 for m in months):
            raise ValueError("Totals: months are not in order")
        return totals

    @property
    def sessions(self) -> int:
        """Number of sessions."""
        return sum(row.sessions for row in self.months)

    @property
    def elapsed(self) -> timedelta:
        """Time on the mat."""
        return sum((row.elapsed for row in self.months), ZERO)

    def split(self, until: date) -> tuple[Totals, Totals]:
        """Return the totals of the months before one, and of it and those after it."""
        at = bisect_left(self.months, until, key=lambda row: row.month)
        first, second = self.months[:at], self.months[at:]
        return replace(self, months=first), replace(self, months=second)

    def _since(self, day: date) -> tuple[Month, ...]:
        """Return the months that may have something of this day, and all later ones."""
        _, near = self.split(day - timedelta(days=45))
        return near.months

    def days_in_week(self, day: date) -> int:
        """Return how many days of this day's week were practised."""
        practised, _ = _weeks(self._since(day)[:4]).get(_week(day), (0, 0))
        return practised.bit_count()

    def lived(self, day: date, vacations: Iterable[Vacation] = ()) -> Lived:
        """Return the streak as it stood when the week of a day in the past began."""
        lived = Lived(week=_week(day))
        weeks = {w: bits for w, bits in _weeks(self.months).items() if w < lived.week}
        if not weeks:
            return lived
        _excuse(weeks, vacations, min(weeks), _monday(lived.week) - DAY)
        run, best, last = 0, 0, min(weeks)
        for week in sorted(weeks):
            run, high, _ = _live(0 if week > last + 1 else run, *weeks[week])
            best, last = max(best, high), week
        return replace(lived, days=run, best=best, last=last)

    def streak(
        self,
        today: date,
        vacations: Iterable[Vacation] = (),
        lived: Lived | None = None,
    ) -> Streak:
        """Return the streak as it stands today.

        Today breaks nothing until it is over. Days of a vacation that were not
        practised neither break nor add; practised ones count as ever. What was `lived`
        before with the same vacations is not looked at again.
        """
        this_week = _week(today)
        lived = lived or Lived(week=0)
        months = self._since(_monday(lived.week)) if lived.week else self.months
        weeks = {w: bits for w, bits in _weeks(months).items() if w >= lived.week}
        if not weeks and lived.last is None:
            return Streak()
        begin = min(weeks) if lived.last is None else lived.week
        _excuse(weeks, vacations, begin, today)
        run, best, rested = lived.days, lived.best, False
        last = begin if lived.last is None else lived.last
        weeks.setdefault(this_week, (0, 0))
        for week in sorted(weeks):
            if week > this_week:
                break
            if week > last + 1:
                run = 0
            practised, protected = weeks[week]
            if week == this_week:
                # Today, and all that is dated later, is not missed yet.
                practised &= (2 << today.weekday()) - 1
                protected |= 127 & (127 << today.weekday())
            run, high, rested = _live(run, practised, protected)
            best, last = max(best, high), week
        practised, protected = weeks[this_week]
        done = bool((practised | protected) >> today.weekday() & 1)
        return Streak(days=run, best=best, ends_today=rested and not done)


def _week(day: date) -> int:
    """Return the number of a day's week; the calendar's first day was a Monday."""
    return (day.toordinal() - 1) // 7


def _monday(week: int) -> date:
    """Return the first day of a week."""
    return date.fromordinal(week * 7 + 1)


def _weeks(months: Iterable[Month]) -> dict[int, Week]:
    """Return the weeks in which anything was recorded."""
    weeks: dict[int, Week] = {}
    for row in months:
        week, shift = divmod(row.month.toordinal() - 2, 7)
        practised, protected = row.practised << shift, row.protected << shift
        while practised or protected:
            before = weeks.get(week, (0, 0))
            weeks[week] = (before[0] | practised & 127, before[1] | protected & 127)
            practised, protected, week = practised >> 7, protected >> 7, week + 1
    return weeks


def _live(run: int, practised: int, protected: int) -> tuple[int, int, bool]:
    """Return the streak after a week, its highest, and whether its rest is used."""
    missed = 127 & ~(practised | protected)
    if run and missed.bit_count() <= 1:
        run += practised.bit_count()
        return run, run, bool(missed)
    high, rested = run, False
    for weekday in range(7):
        if practised >> weekday & 1:
            run += 1
            high = max(high, run)
        elif run and not protected >> weekday & 1:
            if rested:
                run = 0
            rested = not rested
    return run, high, rested


def _excuse(
    weeks: dict[int, Week], vacations: Iterable[Vacation], begin: int, until: date
) -> None:
    """Protect the days of vacations from the beginning of a week to a day."""
    for vacation in vacations:
        day = max(vacation.first, _monday(begin))
        while day <= until and day in vacation:
            practised, protected = weeks.get(_week(day), (0, 0))
            weeks[_week(day)] = (practised, protected | 1 << day.weekday())
            day += DAY
