"""What the card's tests read is what the switch publishes at each row of the table."""

from datetime import datetime
import json
from pathlib import Path
from typing import Any

from custom_components.acupressure_mat.switch import attributes

from .timelines import START, TIMELINES, minutes, play

EXPORT = Path(__file__).parent / "attributes.json"


def published(timeline: dict[str, Any], at: float) -> dict[str, Any]:
    """Return the switch's state at a row, as the frontend receives it."""
    session, now = play(timeline), START + minutes(at)
    held = None if session.phase(now) is None else session
    return {
        "state": "on" if held and session.outcome(now) is None else "off",
        "attributes": json.loads(
            json.dumps(attributes(held), default=datetime.isoformat)
        ),
    }


def export() -> str:
    """Return the content that the file should have."""
    rows = [
        {
            "id": f"{timeline['id']}: at {row['at']}",
            "now": (START + minutes(row["at"])).isoformat(),
            "phase": row["phase"],
            "remaining": row["remaining"],
            **published(timeline, row["at"]),
        }
        for timeline in TIMELINES
        for row in timeline["rows"]
    ]
    # A row is a line, so that a change of it can be read.
    return "[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n"


def test_the_card_is_tested_with_what_the_switch_publishes() -> None:
    """A file made by hand would let card and switch drift apart, each tested well.

    Write it anew with: python -m tests.session.test_attributes
    """
    assert EXPORT.read_text() == export()


if __name__ == "__main__":
    EXPORT.write_text(export())
