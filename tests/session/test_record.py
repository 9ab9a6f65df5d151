"""What is kept of a session."""

from dataclasses import replace
from datetime import timedelta
import json
from zoneinfo import ZoneInfo

import pytest

from custom_components.acupressure_mat.session.record import Ratings, Record
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
        Session.from_dict(data | {"started_at": replace})
