"""What is kept of a session."""

from datetime import UTC, datetime, timedelta
import json
from zoneinfo import ZoneInfo

import pytest

from custom_components.acupressure_mat.session.record import (
    EARLIEST,
    Ratings,
    Record,
    check_told,
)
from custom_components.acupressure_mat.session.routine import (
    BodyArea,
    Kind,
    PhaseName,
    Routine,
    Surface,
)
from custom_components.acupressure_mat.session.session import (
    Outcome,
    Reason,
    Session,
    SessionError,
    Source,
)

from .timelines import START, minutes

BERLIN = ZoneInfo("Europe/Berlin")
BEDTIME = Routine(id="r1", name="Bedtime", kind=Kind.BEDTIME, surface=Surface.FLOOR)


def session() -> Session:
    return Session.start(BEDTIME, minutes(20), START, id="s1", source=Source.VOICE)


def test_a_completed_session_is_kept_whole() -> None:
    """Everything that plan, streak and insights will ask for, by name."""
    record = Record.of(session(), START + minutes(22), BERLIN, ("light.bed",))
    assert record == Record(
        id="s1",
        started_at=START,
        ended_at=START + minutes(21),
        elapsed=minutes(20),
        outcome=Outcome.COMPLETED,
        source=Source.VOICE,
        routine_id="r1",
        routine="Bedtime",
        kind=Kind.BEDTIME,
        asked=minutes(20),
        planned=minutes(20),
        phase=PhaseName.WIND_DOWN,
        surface=Surface.FLOOR,
        body_area=BodyArea.BACK,
        failed=("light.bed",),
    )
    assert record.minutes == 20
    assert record.started_at.utcoffset() == timedelta(hours=1)


def test_a_stopped_session_keeps_its_minutes_and_reason() -> None:
    """Off means finish and keep."""
    record = Record.of(
        session().stop(START + minutes(13), Reason.PAIN), START + minutes(13), BERLIN
    )
    assert record is not None
    assert (record.outcome, record.reason) == (Outcome.STOPPED, Reason.PAIN)
    assert (record.minutes, record.phase) == (12, "rest")


@pytest.mark.parametrize("which", ["running", "paused", "mistake", "rehearsal"])
def test_what_leaves_no_record(which: str) -> None:
    """A running session has no end yet; a mistake and a rehearsal leave nothing."""
    now = START + minutes(5)
    sessions = {
        "running": session(),
        "paused": session().pause(now),
        "mistake": session().stop(now, Reason.MISTAKE),
        "rehearsal": Session.rehearse(BEDTIME, minutes(20), minutes(1), START, id="s"),
    }
    assert Record.of(sessions[which], now, BERLIN) is None


def test_a_record_survives_the_disk() -> None:
    """With its offset: the day it belongs to depends on it."""
    record = Record.of(session(), START + minutes(22), BERLIN)
    assert record is not None
    rated = record.rated(pain_before=6, pain_after=4)
    again = Record.from_dict(json.loads(json.dumps(rated.as_dict())))
    assert again == rated
    assert again.started_at.isoformat() == "2026-11-22T22:00:00+01:00"


def test_no_answer_is_not_zero() -> None:
    """Relief needs both; a zero given is an answer."""
    assert Ratings().relief is None
    assert Ratings(pain_before=3).relief is None
    assert Ratings(pain_before=3, pain_after=0).relief == 3


def test_rating_again_keeps_what_was_said_before() -> None:
    """Sleep is told next morning, long after the pain."""
    record = Record.of(session(), START + minutes(22), BERLIN)
    assert record is not None
    rated = record.rated(pain_before=6).rated(sleep=8)
    assert rated.ratings == Ratings(pain_before=6, sleep=8)


def test_an_empty_note_is_none() -> None:
    """Who clears the field takes the note back."""
    record = Record.of(session(), START + minutes(22), BERLIN)
    assert record is not None
    noted = record.noted("slept at once")
    assert noted.notes == "slept at once"
    assert noted.noted("") == record


def test_a_heart_rate_that_nobody_measured_is_none() -> None:
    """A watch that lost contact tells before, and nothing after."""
    record = Record.of(session(), START + minutes(22), BERLIN)
    assert record is not None
    measured = record.measured(72.0, None)
    assert (measured.heart_rate_before, measured.heart_rate_after) == (72.0, None)
    assert record.measured(72.0, 64.5).heart_rate_after == 64.5
    assert measured.measured(None, None) == record


WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        pytest.param({}, None, id="as it was"),
        pytest.param({"elapsed": 0}, None, id="not a minute on the mat"),
        pytest.param({"elapsed": -0.001}, "before it starts", id="less than none"),
        pytest.param({"elapsed": WEEK.total_seconds()}, None, id="a week"),
        pytest.param(
            {"elapsed": WEEK.total_seconds() + 1}, "a week", id="longer than a week"
        ),
        pytest.param(
            {"ended_at": (START + WEEK + minutes(1)).isoformat()},
            "a week",
            id="longer than a week with its pauses",
        ),
        pytest.param({"ended_at": START.isoformat()}, None, id="ended as it started"),
        pytest.param(
            {"ended_at": (START - minutes(1)).isoformat()},
            "before it starts",
            id="ended before it started",
        ),
        pytest.param(
            {
                "started_at": f"{EARLIEST}-01-01T21:00+01:00",
                "ended_at": f"{EARLIEST}-01-01T21:20+01:00",
            },
            None,
            id="when clocks of computers begin",
        ),
        pytest.param(
            {
                "started_at": "1969-12-31T21:00+01:00",
                "ended_at": "1969-12-31T21:20+01:00",
            },
            "before 1970",
            id="before that: a clock without a battery",
        ),
    ],
)
def test_what_no_session_can_be_is_refused(
    changes: dict[str, object], refusal: str | None
) -> None:
    """To the second: one such record would draw the statistics over decades."""
    record = Record.of(session(), START + minutes(22), BERLIN)
    assert record is not None
    data = record.as_dict() | changes
    if refusal is None:
        assert Record.from_dict(data).id == "s1"
    else:
        with pytest.raises(ValueError, match=refusal):
            Record.from_dict(data)


@pytest.mark.parametrize(
    ("length", "ago", "refusal"),
    [
        (minutes(20), minutes(20), None),
        (minutes(20), minutes(19), "in_future"),
        (timedelta(days=1), timedelta(days=1), None),
        (timedelta(days=1, seconds=1), timedelta(days=2), "duration_out_of_range"),
        (timedelta(seconds=1), timedelta(days=2), None),
        (timedelta(0), timedelta(days=2), "duration_out_of_range"),
        (-minutes(20), timedelta(days=2), "duration_out_of_range"),
        (minutes(20), START - datetime(1971, 1, 1, tzinfo=UTC), None),
        (minutes(20), START - datetime(1970, 12, 31, tzinfo=UTC), "too_long_ago"),
        (minutes(20), START - datetime(9999, 12, 31, 23, 50, tzinfo=UTC), "in_future"),
    ],
)
def test_what_somebody_tells_has_to_be_possible(
    length: timedelta, ago: timedelta, refusal: str | None
) -> None:
    """A slip in a form, 200 for 20, is asked back and not counted."""
    if refusal is None:
        check_told(START - ago, length, START)
    else:
        with pytest.raises(SessionError, match=f"^record_{refusal}$"):
            check_told(START - ago, length, START)


@pytest.mark.parametrize(
    "damage",
    [
        {"elapsed": -1},
        {"ended_at": "2020-01-01T00:00:00+00:00"},
        {"started_at": "2026-11-22T22:00:00"},
        {"started_at": "yesterday"},
        {"ratings": []},
        {"outcome": "won"},
        {"failed": "light.bed"},
    ],
    ids=str,
)
def test_damaged_records_are_refused(damage: dict[str, object]) -> None:
    """One bad line must be told from the others, not poison the sums."""
    record = Record.of(session(), START + minutes(22), BERLIN)
    assert record is not None
    with pytest.raises(ValueError, match=r"."):
        Record.from_dict(record.as_dict() | damage)


def test_a_session_whose_phases_are_wrong_is_refused() -> None:
    """Sessions written by hand or cut short must not half run."""
    data = session().as_dict()
    with pytest.raises(ValueError, match="phases"):
        Session.from_dict(data | {"phases": data["phases"][:3]})
    with pytest.raises(ValueError, match="mapping"):
        Session.from_dict([])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="isoformat"):
        Session.from_dict(data | {"started_at": object()})
