"""Four years with a plan: good, bad, patchy and abandoned practice.

The tests hold their tables, the docs show their picture.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from custom_components.acupressure_mat.session.plan import (
    NextDuration,
    Plan,
    Progress,
    advance,
    recommend,
)
from custom_components.acupressure_mat.session.record import Record
from custom_components.acupressure_mat.session.session import Reason

from .records import record

FIRST = date(2026, 1, 5)  # a Monday
DAYS = 364


@dataclass(frozen=True)
class Evening:
    """What the plan said on a day, and what came of it."""

    day: int
    said: NextDuration
    record: Record | None


def good(_: int) -> str:
    """Return how it is daily, and always well."""
    return "good"


def bad(day: int) -> str:
    """Return how it is daily, with three bad weeks after every five good ones.

    In the bad ones every third evening is too much, and every sixth is stopped.
    """
    if day % 56 < 35 or day % 3:
        return "good"
    return "hard" if day % 2 else "stopped"


def patchy(day: int) -> str:
    """Return how it is three times a week, with two weeks off after every eight."""
    week, weekday = divmod(day, 7)
    return "good" if week % 10 < 8 and weekday in (0, 2, 5) else "nothing"


def abandoned(day: int) -> str:
    """Return how it is daily for 60 days, then not for 120, then daily again."""
    return "nothing" if 60 <= day < 180 else "good"


YEARS: dict[str, Callable[[int], str]] = {
    "good": good,
    "bad": bad,
    "patchy": patchy,
    "abandoned": abandoned,
}


def spend(how: str, today: date, minutes: int) -> Record | None:
    """Return the record of an evening; None if there was no session."""
    match how:
        case "good":
            return record(f"{today}", minutes, before=5, after=4)
        case "hard":
            return record(f"{today}", minutes, before=5, after=7)
        case "stopped":
            return record(f"{today}", 3, reason=Reason.PAIN)
        case _:
            return None


def live(plan: Plan, how: Callable[[int], str]) -> list[Evening]:
    """Return a year in which the person does each evening what the plan says."""
    progress = Progress()
    evenings = []
    for day in range(DAYS):
        today = FIRST + timedelta(days=day)
        said = recommend(progress, plan, today)
        done = spend(how(day), today, said.minutes)
        if done is not None:
            progress = advance(progress, done, plan)
        evenings.append(Evening(day, said, done))
    return evenings
