"""Timelines as data: read by these tests and by the card's."""

from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
from typing import Any

from custom_components.acupressure_mat.session.routine import Routine
from custom_components.acupressure_mat.session.session import Reason, Session

START = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
TIMELINES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "timelines.json").read_text()
)


def minutes(number: float) -> timedelta:
    """Return so many minutes, exact to the microsecond."""
    return timedelta(minutes=number)


def routine_of(timeline: dict[str, Any]) -> Routine:
    """Return the routine that a timeline speaks of."""
    lengths: dict[str, Any] = {
        k: minutes(v) for k, v in timeline.get("phases", {}).items()
    }
    diffuser = timeline.get("diffuser")
    if diffuser:
        lengths |= {k: minutes(v) for k, v in diffuser.items()}
    return Routine(
        id="bedtime",
        name="Bedtime",
        diffusers=("switch.diffuser",) if diffuser else (),
        **lengths,
    )


def play(timeline: dict[str, Any]) -> Session:
    """Return the session after all that was done to it."""
    session = Session.start(
        routine_of(timeline), minutes(timeline["asked"]), START, id="one"
    )
    for step in timeline.get("does", ()):
        now = START + minutes(step["at"])
        match step["do"]:
            case "pause":
                session = session.pause(now)
            case "resume":
                session = session.resume(now)
            case "extend":
                session = session.extend(minutes(step["by"]), now)
            case "skip_phase":
                session = session.skip_phase(now)
            case "stop":
                reason = step.get("reason")
                session = session.stop(now, Reason(reason) if reason else None)
            case "lose":
                session = session.lose(now)
    return session
