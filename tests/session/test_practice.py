"""Days, minutes, goal and streak."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
import json
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.acupressure_mat.session.practice import (
    Lived,
    Month,
    Streak,
    Totals,
    Vacation,
    day_of,
    is_evening,
    month_of,
    time_on_mat,
    week_of,
)
from custom_components.acupressure_mat.session.record import Record
from custom_components.acupressure_mat.session.session import Outcome, Reason

from .records import moment, record

MONDAY = date(2026, 11, 2)
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


def days(pattern: str, first: date = MONDAY) -> list[Record]:
    """Return records of days in a row, each a letter.

    x: practised; .: nothing; h: stopped for pain at once; H: after five minutes;
    l: lost after five minutes; e: stopped early.
    """
    kinds: dict[str, dict[str, object]] = {
        "x": {},
        "h": {"minutes": 0, "reason": Reason.PAIN},
        "H": {"minutes": 5, "reason": Reason.PAIN},
        "l": {"minutes": 5, "outcome": Outcome.LOST},
        "e": {"minutes": 5, "reason": Reason.ENOUGH},
    }
    pattern = pattern.replace(" ", "")
    return [
        record(f"{first + timedelta(days=n)}", **kinds[kind])  # type: ignore[arg-type]
        for n, kind in enumerate(pattern)
        if kind != "."
    ]


def streak(pattern: str, *vacations: Vacation, first: date = MONDAY) -> Streak:
    """Return the streak on the last day of the pattern."""
    today = first + timedelta(days=len(pattern.replace(" ", "")) - 1)
    return Totals.of(days(pattern, first)).streak(today, vacations)


# -- days ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "boundary", "day"),
    [
        ("2026-11-22 21:00", 4, "2026-11-22"),
        ("2026-11-23 00:20", 4, "2026-11-22"),
        ("2026-11-23 03:59:59", 4, "2026-11-22"),
        ("2026-11-23 04:00", 4, "2026-11-23"),
        ("2026-11-23 00:00", 0, "2026-11-23"),
        ("2026-03-01 02:00", 4, "2026-02-28"),
        ("2027-01-01 02:00", 4, "2026-12-31"),
    ],
)
def test_a_day_begins_at_the_boundary(start: str, boundary: int, day: str) -> None:
    """People who lie down after midnight would else lose every streak."""
    assert day_of(moment(start), boundary * HOUR) == date.fromisoformat(day)


@pytest.mark.parametrize("offset", [-11, -5, 0, 1, 5.75, 14])
def test_a_journey_moves_no_session_to_another_day(offset: float) -> None:
    """The same wall clock anywhere is the same day, wherever one is later."""
    assert day_of(moment("2026-11-22 23:30", offset)) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        # Clocks go back at 03:00, then forward at 02:00: 04:00 stays 04:00.
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 24)),
        (datetime(2026, 10, 25, 2, 59, tzinfo=UTC), date(2026, 10, 24)),
        (datetime(2026, 10, 25, 3, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2027, 3, 28, 1, 59, tzinfo=UTC), date(2027, 3, 27)),
        (datetime(2027, 3, 28, 2, 0, tzinfo=UTC), date(2027, 3, 28)),
    ],
)
def test_a_change_of_the_clocks_moves_no_boundary(at: datetime, day: date) -> None:
    """Subtracting four hours of real time would put 04:30 into the day before."""
    assert day_of(at.astimezone(BERLIN)) == day


def test_a_streak_lives_through_both_changes_of_the_clocks() -> None:
    """Days of 23 and of 25 hours are days."""
    for first in (date(2026, 10, 20), date(2027, 3, 23)):
        its_days = [first + timedelta(days=n) for n in range(10)]
        records = [
            record(datetime.combine(day, time(23, 50), BERLIN)) for day in its_days
        ]
        assert Totals.of(records).streak(its_days[-1]).days == 10


def test_a_streak_lives_through_a_journey_around_the_world() -> None:
    """East loses hours, west gains some: an evening each is a day each."""
    offsets = [1, 1, 9, 13, -8, -8, -5, 1]
    records = [
        record(moment(f"2026-11-0{day} 22:00", offset))
        for day, offset in enumerate(offsets, start=1)
    ]
    assert Totals.of(records).streak(date(2026, 11, 8)).days == 8


def test_a_week_begins_on_monday() -> None:
    """Sunday's night after midnight is Sunday's."""
    assert week_of(date(2026, 11, 22)) == date(2026, 11, 16)
    assert week_of(day_of(moment("2026-11-23 01:00"))) == date(2026, 11, 16)
    assert week_of(day_of(moment("2026-11-23 05:00"))) == date(2026, 11, 23)


def test_minutes_of_a_day_and_of_a_week() -> None:
    """Sessions of whatever outcome, across midnight and the end of a month."""
    records = [
        record("2026-11-29 21:00", 10),
        record("2026-11-30 21:00", 20),
        record("2026-12-01 02:00", 5, reason=Reason.PAIN),
        record("2026-12-01 21:00", 7, outcome=Outcome.LOST),
    ]
    monday, tuesday = date(2026, 11, 30), date(2026, 12, 1)
    minute = timedelta(minutes=1)
    assert time_on_mat(records, monday, monday) == 25 * minute
    assert time_on_mat(records, week_of(tuesday), tuesday) == 32 * minute
    assert time_on_mat(records, monday, monday, 0 * HOUR) == 20 * minute
    totals = Totals.of(records)
    assert (totals.sessions, totals.elapsed) == (4, 42 * minute)


# -- streak ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "length", "best"),
    [
        ("", 0, 0),
        ("x", 1, 1),
        ("xxxxxxx xxx", 10, 10),
        # One rest day a week neither breaks nor adds ...
        ("xx.xxxx", 6, 6),
        ("xx.xxxx xxxx.xx", 12, 12),
        # ... at a week's end and the next one's begin too ...
        ("xxxxxx. .xxx", 9, 9),
        # ... a second one in the same week breaks.
        ("xx.xx.x", 1, 4),
        ("xxx..", 3, 3),
        ("xxx...", 0, 3),
        ("xxxxxxx .x.xxxx", 4, 8),
        # A new streak has a rest day of its own, whatever the week saw before.
        ("x..x.xx", 3, 3),
        # Weeks without anything break, even if each begins well.
        ("xxxxxxx ....... x", 1, 7),
        ("xxxxxxx ....... ....... .", 0, 7),
        # Today is missed only when it is over.
        ("xxxxxx.", 6, 6),
        ("x.x.", 2, 2),
        # How a session ended does not matter.
        ("xlexHx", 6, 6),
        # Stopped for health: its day and the next are excused, for nothing more.
        ("xxh....", 0, 2),
        ("xxh...", 2, 2),
        ("xxh.xxx", 5, 5),
        ("x.h.x", 2, 2),
        ("xH.x.", 3, 3),
        ("h", 0, 0),
        ("xxxxxxh .x", 7, 7),
    ],
)
def test_streak(pattern: str, length: int, best: int) -> None:
    """The rule as a table; the last day is today."""
    result = streak(pattern)
    assert (result.days, result.best) == (length, best)


def test_a_week_without_anything_breaks_at_the_end_of_a_month_too() -> None:
    """Where one file says nothing more, and the next one nothing yet."""
    assert streak("xxxxxxx ....... .x", first=date(2026, 11, 16)).days == 1


def test_an_excused_day_crosses_the_end_of_a_month() -> None:
    """Stopped on the 31st, rested on the 1st: two files, one streak."""
    assert streak("xxxx h.xx", first=date(2026, 10, 27)).days == 6


def test_the_last_day_of_a_month_is_missed_like_any_other() -> None:
    """The next month's file has a place for it, too."""
    assert streak("xxxx..x", first=date(2026, 10, 26)).days == 1


def test_a_minute_makes_a_day() -> None:
    """Days without minutes do not count, or a streak could be tapped together."""
    assert Totals.of([record("2026-11-02", 0.9)]).streak(MONDAY).days == 0
    assert Totals.of([record("2026-11-02", 1)]).streak(MONDAY).days == 1


def test_a_vacation_neither_breaks_nor_adds() -> None:
    """Practice in it counts as ever; it may be open, and then ends today."""
    week = timedelta(days=7)
    vacation = Vacation(first=MONDAY + week, last=MONDAY + 2 * week - timedelta(days=1))
    assert streak("xxxxxxx ....... xx", vacation).days == 9
    assert streak("xxxxxxx ..x.... xx", vacation).days == 10
    assert streak("xxxxxxx ....... ..", vacation).days == 7
    assert streak("xxxxxxx ....... ...", vacation).days == 0
    assert streak("xxxxxxx ....... ...", Vacation(first=MONDAY + week)).days == 7
    assert streak("xxx", Vacation(first=date.min)).days == 3


@pytest.mark.parametrize("change", [date(2026, 10, 25), date(2027, 3, 28)])
@pytest.mark.parametrize("hour", [2, 3, 4, 23])
def test_a_vacation_with_a_change_of_the_clocks_is_as_many_days(
    change: date, hour: int
) -> None:
    """Neither its day of 23 hours nor that of 25 is one too many, or too few."""
    day = timedelta(days=1)
    away = Vacation(first=change - day, last=change + day)
    days = [change + n * day for n in range(-5, 6) if abs(n) > 1]
    # Before four in the morning it is still the evening of the day before.
    nights = [each + day if hour < 4 else each for each in days]
    records = [
        record(datetime.combine(night, time(hour, 30), BERLIN)) for night in nights
    ]
    totals = Totals.of(records)
    assert totals.streak(days[-1], (away,)).days == len(days) == 8
    # Without it two days of one week are missed.
    assert totals.streak(days[-1]).days == 4


def test_a_vacation_excuses_its_days_and_no_others() -> None:
    """Neither the day before it nor the one after, and its last day warns of nothing."""
    monday = MONDAY + timedelta(days=7)
    assert streak("xxxxxxx .x..", Vacation(first=monday, last=monday)).days == 8
    tuesday, saturday = (monday + timedelta(days=n) for n in (1, 5))
    away = Vacation(first=tuesday, last=saturday)
    assert streak("xxxxxxx ......x", away).days == 8
    assert streak("xxxxxxx ....... .", away).days == 0
    assert not streak(
        "xxxxxxx .x.", Vacation(first=monday + timedelta(days=2))
    ).ends_today


def test_what_is_dated_later_than_today_is_not_counted_yet() -> None:
    """A clock that was wrong once must not lend a streak."""
    totals = Totals.of(days("xxxxxxx xxxxxxx"))
    assert totals.streak(MONDAY + timedelta(days=2)) == Streak(days=3, best=3)
    assert totals.streak(MONDAY - timedelta(days=1)) == Streak()


@pytest.mark.parametrize(
    ("pattern", "ends"),
    [
        ("xxxx.", False),  # the rest day is still to be had
        ("x.xx.", True),
        ("x.xxx", False),
        ("x.xxh", False),
        ("x.xx. .", False),  # a new week
        ("xxxxxxh ..", False),  # the day before was excused
        (".....", False),  # nothing to lose
    ],
)
def test_a_streak_ends_today_when_the_rest_day_is_used(
    pattern: str, ends: bool
) -> None:
    """A warning that may be wrong is a nag."""
    assert streak(pattern).ends_today is ends


def test_at_risk_only_in_the_evening() -> None:
    """From 18:00 to the boundary; the morning after a missed day is no time to warn."""
    result = streak("x.xx.")
    at = {hour: moment(f"2026-11-06 {hour:02}:00") for hour in range(24)}
    assert [hour for hour in at if result.at_risk(at[hour])] == [
        *(0, 1, 2, 3),
        *range(18, 24),
    ]
    assert not any(streak("xxxx.").at_risk(at[hour]) for hour in at)


@pytest.mark.parametrize("boundary", range(12))
def test_the_evening_ends_at_any_boundary(boundary: int) -> None:
    """Midnight included."""
    hours = [
        hour
        for hour in range(24)
        if is_evening(moment(f"2026-11-06 {hour:02}:59:59"), boundary * HOUR)
    ]
    assert hours == sorted([*range(boundary), *range(18, 24)])


def test_the_evening_ends_at_a_boundary_between_the_hours() -> None:
    """To the second, as the day does."""
    boundary = timedelta(hours=4, minutes=30, seconds=30)
    assert is_evening(moment("2026-11-06 04:30:29"), boundary)
    assert not is_evening(moment("2026-11-06 04:30:30"), boundary)
    assert not is_evening(moment("2026-11-06 04:31:00"), boundary)


def test_days_of_this_week() -> None:
    """The goal's own count: only days with practice, from Monday on."""
    totals = Totals.of(days("xxxxxxx xh.lx"))
    assert totals.days_in_week(MONDAY) == 7
    assert totals.days_in_week(MONDAY + timedelta(days=11)) == 3
    assert totals.days_in_week(MONDAY + timedelta(days=14)) == 0
    assert (
        Totals.of(days("xxxxxx", date(2026, 12, 28))).days_in_week(date(2027, 1, 3))
        == 6
    )


# -- totals ----------------------------------------------------------------------


def between(first: str, last: str) -> st.SearchStrategy[datetime]:
    """Return moments between two days."""
    span = moment(last) - moment(first)
    return st.integers(0, int(span.total_seconds())).map(
        lambda s: moment(first) + timedelta(seconds=s)
    )


# The second: around the end of a month, where a day has records in two files.
starts = between("2025-11-01", "2027-02-01") | between("2026-11-27", "2026-12-03")
records_ = st.builds(
    record,
    starts,
    st.sampled_from([0, 0.5, 1, 5, 20]),
    reason=st.sampled_from([None, Reason.PAIN, Reason.ENOUGH]),
    outcome=st.sampled_from([Outcome.COMPLETED, Outcome.STOPPED, Outcome.LOST]),
)
boundaries = st.sampled_from([0, 4, 11]).map(lambda hours: hours * HOUR)
changes = st.lists(
    st.tuples(st.sampled_from(["add", "edit", "delete"]), st.integers(0, 99), records_),
    max_size=30,
)
TODAY = date(2027, 2, 1)


class Journal:
    """Keeps records and totals as the shell does: a file a month."""

    def __init__(self, boundary: timedelta) -> None:
        self.files: dict[date, list[Record]] = {}
        self.totals = Totals(boundary=boundary)

    @property
    def records(self) -> list[Record]:
        """Return all there are."""
        return [r for month in self.files.values() for r in month]

    def add(self, new: Record) -> None:
        """Add in constant work."""
        self.files.setdefault(month_of(new), []).append(new)
        self.totals = self.totals.add(new)

    def delete(self, old: Record) -> None:
        """Count the month again."""
        month = month_of(old)
        self.files[month].remove(old)
        self.totals = self.totals.replace_month(month, self.files[month])

    def edit(self, old: Record, new: Record) -> None:
        """Count one month again, or two."""
        self.files[month_of(old)].remove(old)
        self.files.setdefault(month_of(new), []).append(new)
        for month in {month_of(old), month_of(new)}:
            self.totals = self.totals.replace_month(month, self.files[month])


@given(changes, boundaries)
def test_totals_after_any_edit_are_those_from_scratch(
    changes: list[tuple[str, int, Record]], boundary: timedelta
) -> None:
    """What is kept step by step must never drift from what the records say."""
    journal = Journal(boundary)
    for change, which, new in changes:
        known = journal.records
        if change == "add" or not known:
            journal.add(new)
        elif change == "edit":
            journal.edit(known[which % len(known)], new)
        else:
            journal.delete(known[which % len(known)])
        assert journal.totals == Totals.of(journal.records, boundary)


@given(st.lists(records_, max_size=30), boundaries, st.data())
def test_the_order_of_records_does_not_matter(
    records: list[Record], boundary: timedelta, data: st.DataObject
) -> None:
    """Added late, imported backwards: the same streak."""
    shuffled = data.draw(st.permutations(records))
    assert Totals.of(shuffled, boundary) == Totals.of(records, boundary)


def plain_streak(records: list[Record], boundary: timedelta, today: date) -> Streak:
    """Return the streak as one would tell it by hand, day by day."""
    practised, excused = set(), set()
    for each in records:
        day = day_of(each.started_at, boundary)
        if each.minutes >= 1:
            practised.add(day)
        if each.reason is Reason.PAIN:
            excused |= {day, day + timedelta(days=1)}
    run = best = 0
    rest_day = True
    day = min(practised, default=today)
    while day <= today:
        if day.weekday() == 0:
            rest_day = True
        if day in practised:
            if not run:
                rest_day = True
            run += 1
            best = max(best, run)
        elif day not in excused and day != today:
            if not rest_day:
                run = 0
            rest_day = False
        day += timedelta(days=1)
    undone = today not in practised | excused
    return Streak(days=run, best=best, ends_today=run > 0 and undone and not rest_day)


@given(st.lists(records_, max_size=60), boundaries, st.dates(TODAY, date(2027, 3, 1)))
def test_the_streak_is_what_one_counts_by_hand(
    records: list[Record], boundary: timedelta, today: date
) -> None:
    """Bits and weeks are quick; a plain loop over days is plainly right."""
    totals = Totals.of(records, boundary)
    assert totals.streak(today) == plain_streak(records, boundary, today)


@given(
    st.lists(st.sampled_from("xxxxx.hHle"), min_size=1, max_size=80).map("".join),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_dense_streaks_are_what_one_counts_by_hand(pattern: str, first: date) -> None:
    """The same where practice is daily and rest days decide."""
    today = first + timedelta(days=len(pattern) - 1)
    expected = plain_streak(days(pattern, first), 4 * HOUR, today)
    assert streak(pattern, first=first) == expected


# Whole weeks: kept, kept with a rest, broken, of one day, excused, empty.
SOME_WEEKS = ("xxxxxxx", "xxx.xxx", "xx...xx", "......x", "hhhhhhh", ".......")
patterns = st.lists(st.sampled_from(SOME_WEEKS), min_size=1, max_size=14).map("".join)


@given(
    patterns,
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 110),
    st.tuples(st.integers(-20, 100), st.integers(0, 30)),
    st.integers(0, 60),
)
def test_what_was_lived_before_is_not_looked_at_again(
    pattern: str, first: date, ago: int, away: tuple[int, int], idle: int
) -> None:
    """A streak that goes on from any day is the one counted from the beginning.

    What is known of it may be no more than the months before.
    """
    day = timedelta(days=1)
    today = first + (len(pattern) - 1 + idle) * day
    left, length = away
    vacation = Vacation(first=first + left * day, last=first + (left + length) * day)
    totals, then = Totals.of(days(pattern, first)), today - ago * day
    before, _ = totals.split(month := then.replace(day=1))
    for vacations in ((), (vacation,)):
        expected = totals.streak(today, vacations)
        for lived in (
            totals.lived(then, vacations),
            before.lived(month - day, vacations),
        ):
            assert totals.streak(today, vacations, lived) == expected


FIRST_WEEK = MONDAY.toordinal() // 7
# A Tuesday.
DECEMBER = date(2026, 12, 1)


def in_days(first: int, last: int) -> Vacation:
    """Return a vacation, its days counted from the Monday."""
    return Vacation(
        first=MONDAY + timedelta(days=first), last=MONDAY + timedelta(days=last)
    )


@pytest.mark.parametrize(
    ("pattern", "vacations", "week", "lived"),
    [
        ("", [], 0, Lived(week=0)),
        ("xxxxxxx xxxxxxx", [], 2, Lived(week=2, days=14, best=14, last=1)),
        # an empty week ends it
        ("xxxxxxx ....... xxxxxxx", [], 3, Lived(week=3, days=7, best=7, last=2)),
        # unless they were away; of a vacation that goes on, no more than is over
        (
            "xxxxxxx ....... xxxxxxx",
            [in_days(7, 13)],
            3,
            Lived(week=3, days=14, best=14, last=2),
        ),
        ("xxxxxxx ...", [in_days(7, 20)], 1, Lived(week=1, days=7, best=7, last=0)),
    ],
)
def test_what_is_known_when_a_week_begins(
    pattern: str, vacations: list[Vacation], week: int, lived: Lived
) -> None:
    """The streak so far, the best one, and the last week that was looked at."""
    found = Totals.of(days(pattern)).lived(MONDAY + timedelta(weeks=week), vacations)
    last = None if lived.last is None else FIRST_WEEK + lived.last
    assert found == replace(lived, week=FIRST_WEEK + week, last=last)


@pytest.mark.parametrize("kept", ["2026-11-02", "2026-11-16"])
def test_weeks_that_no_month_tells_of_are_empty_ones(kept: str) -> None:
    """Between the last day of one month's file and the first of the next."""
    records = [*days("xxxxxxx", date.fromisoformat(kept)), *days("xxxxxx", DECEMBER)]
    lived = Totals.of(records).lived(date(2026, 12, 7))
    assert (lived.days, lived.best) == (6, 7)


def test_a_vacation_that_began_before_goes_on() -> None:
    """From Friday to Wednesday: Monday is excused, and Thursday a rest."""
    totals = Totals.of(days("xxxxxxx xxxx... ....xxx"))
    today, vacations = MONDAY + timedelta(days=20), [in_days(11, 16)]
    lived = totals.lived(today, vacations)
    assert lived.days == 11
    assert totals.streak(today, vacations, lived) == Streak(days=14, best=14)


def test_what_was_lived_is_believed() -> None:
    """Also the best of it, and a break that nobody could see in the weeks since."""
    totals = Totals.of(days("xxxxxxxxx"))
    today, week = MONDAY + timedelta(days=8), FIRST_WEEK
    lived = Lived(week=week, days=100, best=300, last=week - 1)
    assert totals.streak(today, (), lived) == Streak(days=109, best=300)
    long_ago = replace(lived, last=week - 2)
    assert totals.streak(today, (), long_ago) == Streak(days=9, best=300)


def test_totals_are_split_before_a_month() -> None:
    """Neither half has what the other has."""
    totals = Totals.of(
        [record("2026-10-31"), record("2026-11-01"), record("2026-12-24")]
    )
    october, later = totals.split(date(2026, 11, 1))
    assert [row.month for row in october.months] == [date(2026, 10, 1)]
    assert [row.month for row in later.months] == [date(2026, 11, 1), date(2026, 12, 1)]
    assert totals.split(date(2026, 10, 1)) == (replace(totals, months=()), totals)


@given(st.lists(records_, max_size=30), boundaries)
def test_totals_survive_the_disk(records: list[Record], boundary: timedelta) -> None:
    """Equal, not similar."""
    totals = Totals.of(records, boundary)
    assert Totals.from_dict(json.loads(json.dumps(totals.as_dict()))) == totals


def test_damaged_totals_are_refused() -> None:
    """They can be made again from the files; half right they would stay wrong."""
    data = Totals.of([*days("xx"), record("2026-12-01")]).as_dict()
    months = data["months"]
    for damaged in (
        {"months": months[::-1]},
        {"months": [months[0], months[0]]},
        {"months": [months[0] | {"month": "2026-11-02"}]},
        {"months": [months[0] | {"practised": "x"}]},
    ):
        with pytest.raises(ValueError, match=r"."):
            Totals.from_dict(data | damaged)


def test_a_record_of_another_month_is_refused() -> None:
    """It would be counted once here and once where it belongs."""
    with pytest.raises(ValueError, match="2026-11"):
        Totals().replace_month(date(2026, 11, 1), [record("2026-12-01")])


def test_an_emptied_month_leaves_nothing() -> None:
    """Deleting what was recorded removes its row too."""
    (only,) = days("x")
    totals = Totals().add(only)
    assert totals.replace_month(month_of(only), []) == Totals()


def test_ten_years_weigh_little() -> None:
    """A row for each month, whatever the month held."""
    first = date(2017, 1, 1)
    records = [
        record(f"{first + timedelta(days=n)} {hour}")
        for n in range(3650)
        for hour in ("07:00", "13:00", "21:00")
    ]
    totals = Totals.of(records)
    assert totals.streak(first + timedelta(days=3649)).days == 3650
    assert len(totals.months) == 120
    assert len(json.dumps(totals.as_dict())) < 120 * 100
    assert isinstance(totals.months[0], Month)


def test_both_ends_of_a_vacation_are_free() -> None:
    """Who is away from the 5th to the 7th practises on neither of them."""
    days = [date(2026, 1, day) for day in range(4, 9)]
    away = Vacation(first=date(2026, 1, 5), last=date(2026, 1, 7))
    assert [day in away for day in days] == [False, True, True, True, False]
    open_end = Vacation(first=date(2026, 1, 5))
    assert [day in open_end for day in days] == [False, True, True, True, True]
