"""What is written comes back as it was, or is refused."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
import json
from typing import Any

import pytest

from custom_components.acupressure_mat.session.codec import from_dict, to_dict
from custom_components.acupressure_mat.session.comparison import Question
from custom_components.acupressure_mat.session.plan import Experience, Tip, Why
from custom_components.acupressure_mat.session.record import Record
from custom_components.acupressure_mat.session.routine import (
    BodyArea,
    Cue,
    EndPolicy,
    Kind,
    PhaseName,
    Routine,
    Surface,
)
from custom_components.acupressure_mat.session.schedule import Due, Mode, Schedule
from custom_components.acupressure_mat.session.session import Outcome, Reason, Source

LAMP = Cue(
    entity_id="light.bed",
    state="on",
    attributes={"hs_color": (30.0, 70.0), "gradient": ((1, 2), (3, 4))},
)


def test_attributes_come_back_as_home_assistant_has_them() -> None:
    """A colour is a pair there and a list in JSON: compared, it would be a hand's."""
    stored = json.loads(json.dumps(to_dict(LAMP)))
    assert stored["attributes"]["hs_color"] == [30.0, 70.0]
    assert from_dict(Cue, stored) == LAMP


@pytest.mark.parametrize("attributes", [None, 12, "red", ["brightness"]], ids=str)
def test_attributes_that_are_none_are_refused(attributes: object) -> None:
    """A cue without its brightness would switch a lamp on at full."""
    with pytest.raises(ValueError, match="not a mapping"):
        from_dict(Cue, to_dict(LAMP) | {"attributes": attributes})


@dataclass(frozen=True)
class Answer:
    """A number that may be missing, and one that may not."""

    maybe: int | None
    surely: int = 1


def test_none_is_an_answer_only_where_it_may_be_one() -> None:
    """What nobody answered must not become what nobody can read."""
    assert from_dict(Answer, {"maybe": None}) == Answer(None)
    assert to_dict(Answer(None)) == {"maybe": None}
    with pytest.raises(ValueError, match="not int"):
        from_dict(Answer, {"maybe": 1, "surely": None})
    with pytest.raises(ValueError, match="maybe"):
        from_dict(Answer, {"surely": 2})


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        pytest.param(Answer, {"maybe": True}, id="yes is no number"),
        pytest.param(Answer, {"maybe": 1.0}, id="nor is a fraction a count"),
        pytest.param(Answer, {"maybe": "1"}, id="nor a text"),
        pytest.param(
            Routine, {"id": "r", "name": "n", "volume": "0.3"}, id="no text is loud"
        ),
        pytest.param(Schedule, {"at": "22:00"}, id="a duration is in seconds"),
        pytest.param(Schedule, {"at": True}, id="yes is no duration"),
        pytest.param(Schedule, {"before": 1e300}, id="longer than all time"),
        pytest.param(Schedule, {"days": 1}, id="one day is no list of days"),
        pytest.param(Due, {"at": "2026-11-22T21:00", "day": "2026-11-22"}, id="where?"),
        pytest.param(Due, {"at": 0, "day": "2026-11-22"}, id="a moment is a text"),
    ],
)
def test_nearly_right_is_refused(kind: type, data: dict[str, Any]) -> None:
    """With ValueError alone, which every reader expects."""
    with pytest.raises(ValueError, match=r"."):
        from_dict(kind, data)


def test_a_day_is_a_day_and_a_moment_a_moment() -> None:
    """A moment is a kind of day in Python; taken for one it would lose its hour."""
    due = Due(
        at=datetime.fromisoformat("2026-11-22T22:00+01:00"), day=date(2026, 11, 22)
    )
    data = to_dict(due)
    assert data == {"at": "2026-11-22T22:00:00+01:00", "day": "2026-11-22"}
    again = from_dict(Due, data)
    assert (again, type(again.day)) == (due, date)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (BodyArea, "back neck shoulders feet other"),
        (EndPolicy, "restore keep off"),
        (Kind, "bedtime after_work morning custom"),
        (Mode, "off ask start"),
        (Outcome, "completed stopped lost mistake"),
        (PhaseName, "prepare settle rest wind_down after"),
        (
            Reason,
            "enough interrupted discomfort pain dizziness numbness mistake",
        ),
        (Source, "user automation voice schedule sensor notification"),
        (Surface, "bed couch floor"),
        (Experience, "new some used_to_it"),
        (
            Why,
            (
                "first_session after_gap after_hard_session harder_surface at_cap step_up"
                " steady"
            ),
        ),
        (Tip, "soft_path"),
        (Question, "duration time surface"),
    ],
)
def test_words_on_disk_stay(kind: type[StrEnum], words: str) -> None:
    """Journals of years are written in them, and automations and translations too."""
    assert [str(word) for word in kind] == words.split()


def test_a_whole_number_may_be_measured() -> None:
    """JSON of other programs writes 72 for 72.0."""
    data = {
        "id": "r",
        "started_at": "2026-11-22T22:00+01:00",
        "ended_at": "2026-11-22T22:20+01:00",
        "elapsed": 1200,
        "heart_rate_before": 72,
    }
    assert type(from_dict(Record, data).heart_rate_before) is float
