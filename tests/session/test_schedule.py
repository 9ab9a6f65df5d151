"""When a routine is due."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.acupressure_mat.session.codec import from_dict, to_dict
from custom_components.acupressure_mat.session.practice import day_of
from custom_components.acupressure_mat.session.schedule import (
    Due,
    Mode,
    Reminder,
    Schedule,
    dues,
    next_due,
)

BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"
LORD_HOWE = "Australia/Lord_Howe"
EVERY_DAY = tuple(range(7))
MIDNIGHT = timedelta(0)


def at(text: str) -> timedelta:
    """Return a time of day as it is stored."""
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def local(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def daily(text: str, days: tuple[int, ...] = EVERY_DAY) -> Schedule:
    return Schedule(mode=Mode.ASK, days=days, at=at(text))


def shown(due: Due | None) -> str | None:
    """Return a moment with its offset, and its day."""
    return f"{due.at.isoformat(timespec='minutes')} {due.day:%a}" if due else None


@pytest.mark.parametrize(
    ("schedule", "now", "due"),
    [
        pytest.param(
            daily("22:00"),
            "2026-11-22T21:59",
            "2026-11-22T22:00+01:00 Sun",
            id="later today",
        ),
        pytest.param(
            daily("22:00"),
            "2026-11-22T22:00",
            "2026-11-23T22:00+01:00 Mon",
            id="now is over: tomorrow",
        ),
        pytest.param(
            daily("22:00", (0, 2)),
            "2026-11-23T22:30",
            "2026-11-25T22:00+01:00 Wed",
            id="only on its days",
        ),
        pytest.param(
            daily("22:00", (6,)),
            "2026-11-22T22:30",
            "2026-11-29T22:00+01:00 Sun",
            id="once a week",
        ),
        pytest.param(
            daily("00:30", (4,)),
            "2026-11-27T12:00",
            "2026-11-28T00:30+01:00 Fri",
            id="after midnight it is still the evening of Friday",
        ),
        pytest.param(
            daily("00:30", (4,)),
            "2026-11-28T00:20",
            "2026-11-28T00:30+01:00 Fri",
            id="shortly before that, too",
        ),
        pytest.param(
            daily("04:00", (4,)),
            "2026-11-26T12:00",
            "2026-11-27T04:00+01:00 Fri",
            id="as the day begins it is the morning of Friday",
        ),
        pytest.param(
            Schedule(days=EVERY_DAY, at=at("22:00")),
            "2026-11-22T12:00",
            None,
            id="never when off",
        ),
        pytest.param(
            Schedule(mode=Mode.ASK, days=EVERY_DAY),
            "2026-11-22T12:00",
            None,
            id="never without a time",
        ),
    ],
)
def test_a_time_of_day_is_due_on_its_days(
    schedule: Schedule, now: str, due: str | None
) -> None:
    """A day begins at 04:00: who says Friday 00:30 means the night after Friday."""
    assert shown(next_due(schedule, local(now))) == due


@pytest.mark.parametrize(
    ("zone", "day", "time", "expected"),
    [
        # Clocks jump from 02:00 to 03:00, in Lord Howe from 02:00 to 02:30.
        (BERLIN, "2026-03-29", "02:00", "2026-03-29T03:00+02:00"),
        (BERLIN, "2026-03-29", "02:01", "2026-03-29T03:00+02:00"),
        (BERLIN, "2026-03-29", "02:30", "2026-03-29T03:00+02:00"),
        (BERLIN, "2026-03-29", "02:59", "2026-03-29T03:00+02:00"),
        (BERLIN, "2026-03-29", "03:00", "2026-03-29T03:00+02:00"),
        (BERLIN, "2026-03-29", "01:59", "2026-03-29T01:59+01:00"),
        (NEW_YORK, "2026-03-08", "02:30", "2026-03-08T03:00-04:00"),
        (LORD_HOWE, "2026-10-04", "02:15", "2026-10-04T02:30+11:00"),
        # From 03:00 back to 02:00, in New York from 02:00 back to 01:00.
        (BERLIN, "2026-10-25", "02:30", "2026-10-25T02:30+02:00"),
        (BERLIN, "2026-10-25", "03:00", "2026-10-25T03:00+01:00"),
        (NEW_YORK, "2026-11-01", "01:30", "2026-11-01T01:30-04:00"),
        (NEW_YORK, "2026-11-01", "02:00", "2026-11-01T02:00-05:00"),
    ],
)
def test_when_clocks_change_each_time_happens_once(
    zone: str, day: str, time: str, expected: str
) -> None:
    """In a gap at its end, of two the first; the day after as on any other."""
    start = local(f"{day}T00:00", zone)
    found = list(dues(daily(time), start, start + timedelta(days=2), MIDNIGHT))
    # To the second; moments that come twice equal no others.
    assert found[0].at.isoformat() == f"{expected[:16]}:00{expected[16:]}"
    assert [due.day for due in found] == [
        start.date(),
        start.date() + timedelta(days=1),
    ]


@given(
    zone=st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, "Asia/Kathmandu"]),
    minutes=st.integers(0, 24 * 60 - 1),
    into=st.integers(0, 365 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)),
    boundary=st.integers(0, 6).map(lambda hour: timedelta(hours=hour)),
)
def test_every_day_is_due_exactly_once(
    zone: str, minutes: int, into: timedelta, boundary: timedelta
) -> None:
    """Half a year has each day once, in order: none skipped, none doubled."""
    first = local("2026-01-01T00:00", zone) + into
    schedule = Schedule(mode=Mode.ASK, days=EVERY_DAY, at=timedelta(minutes=minutes))
    found = list(dues(schedule, first, first + timedelta(days=180), boundary))
    assert 179 <= len(found) <= 181
    for one, next_one in pairwise(found):
        assert next_one.day - one.day == timedelta(days=1)
        assert one.at.astimezone(UTC) < next_one.at.astimezone(UTC)


def test_a_day_that_was_handled_is_not_due_again() -> None:
    """Clocks set back, the hour repeated: the question came already."""
    sunday = date(2026, 11, 22)
    due = next_due(daily("22:00"), local("2026-11-22T21:00"), handled=sunday)
    assert shown(due) == "2026-11-23T22:00+01:00 Mon"
    weekly = next_due(daily("22:00", (6,)), local("2026-11-22T21:00"), handled=sunday)
    assert shown(weekly) == "2026-11-29T22:00+01:00 Sun"


@pytest.mark.parametrize(
    ("alarm", "now", "days", "due"),
    [
        pytest.param(
            "2026-11-23T06:30+01:00",
            "2026-11-22T20:00",
            (),
            "2026-11-22T22:00+01:00 Sun",
            id="so long before the alarm",
        ),
        pytest.param(
            "2026-11-23T06:30+01:00",
            "2026-11-22T22:00",
            (),
            None,
            id="not when that is over",
        ),
        pytest.param(None, "2026-11-22T20:00", (), None, id="not without an alarm"),
        pytest.param(
            "2026-11-23T06:30+01:00",
            "2026-11-22T20:00",
            (0, 1),
            None,
            id="not on other days than chosen",
        ),
        pytest.param(
            "2026-03-29T06:30+02:00",
            "2026-03-28T12:00",
            (),
            "2026-03-28T21:00+01:00 Sat",
            id="hours of sleep count, not those that the clock skips",
        ),
    ],
)
def test_before_a_sensors_time(
    alarm: str | None, now: str, days: tuple[int, ...], due: str | None
) -> None:
    """The sensor tells a moment; the day is that of the moment when it is due."""
    schedule = Schedule(
        mode=Mode.START, days=days, sensor="sensor.alarm", before=timedelta(hours=8.5)
    )
    moment = alarm and datetime.fromisoformat(alarm)
    found = next_due(schedule, local(now), sensor_at=moment or None)
    assert shown(found) == due


def test_a_moved_alarm_does_not_ask_twice_a_day() -> None:
    """Snoozing the alarm must not bring the question back."""
    schedule = Schedule(mode=Mode.ASK, sensor="sensor.alarm")
    alarm, now = local("2026-11-22T07:00"), local("2026-11-22T06:40")
    day = day_of(now)
    assert next_due(schedule, now, sensor_at=alarm) is not None
    assert next_due(schedule, now, sensor_at=alarm, handled=day) is None


def test_a_sensors_time_is_due_once() -> None:
    """The calendar shows the evening of the alarm that is set, and no other."""
    schedule = Schedule(mode=Mode.ASK, sensor="sensor.alarm", before=minutes(30))
    start, alarm = local("2026-11-22T06:00"), local("2026-11-22T07:00")
    end = start + timedelta(days=7)
    found = list(dues(schedule, start, end, sensor_at=alarm))
    assert [due.at for due in found] == [local("2026-11-22T06:30")]


def test_both_ends_of_what_is_asked_for_are_exact() -> None:
    """Two months side by side show each due once: the start is in, the end is out."""
    first, second = local("2026-11-22T22:00"), local("2026-11-23T22:00")
    found = dues(daily("22:00"), first, second)
    assert [due.at for due in found] == [first]
    instant = timedelta(microseconds=1)
    assert not list(dues(daily("22:00"), first + instant, second))
    assert len(list(dues(daily("22:00"), first, second + instant))) == 2


def test_a_day_that_was_handled_is_not_shown_either() -> None:
    """The calendar would announce what was asked already."""
    first, handled = local("2026-11-22T12:00"), date(2026, 11, 23)
    found = dues(daily("22:00"), first, first + timedelta(days=3), handled=handled)
    assert [due.day.day for due in found] == [22, 24]


def test_a_day_that_no_week_has_is_never_due() -> None:
    """Stored by a hand or a fault, it must not be searched for without an end."""
    assert next_due(daily("22:00", (7,)), local("2026-11-22T21:00")) is None


def test_what_is_remembered_survives_the_disk() -> None:
    """Days, durations and moments come back as what they were."""
    reminder = Reminder(
        schedule=daily("22:00", (0, 4)),
        due=Due(at=local("2026-11-23T22:00"), day=date(2026, 11, 23)),
        handled=date(2026, 11, 22),
        again=local("2026-11-22T22:15"),
        question="a",
    )
    assert from_dict(Reminder, to_dict(reminder)) == reminder
