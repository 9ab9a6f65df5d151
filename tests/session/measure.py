"""How often insights are right, measured on people with a known truth.

A test measures a few people, `scripts/practice-figures` many. People look each week.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from custom_components.acupressure_mat.session.comparison import (
    Question,
    compare,
    duration_arm,
    sleep,
)
from custom_components.acupressure_mat.session.estimate import estimate
from custom_components.acupressure_mat.session.insights import (
    Change,
    heart_rate,
    relief,
    worst_pain,
)
from custom_components.acupressure_mat.session.record import Record

from .people import FIRST, Person, Wander
from .records import record

WEEK = 7
YEAR = 364
# What was said, and in which week first.
type Claims = dict[str, int]


@dataclass(frozen=True)
class Case:
    """A kind of person, and what is true of them."""

    label: str
    person: Person
    # The claims that are right; all others are false.
    true: frozenset[str] = frozenset()


NOTHING_DIFFERS = [
    Case("tries everything by turns", Person()),
    Case("the same, in moods that last for weeks", Person(relief_follow=0.8)),
    Case("the same, with much relief from all", Person(pain=6, relief=2)),
    Case("the same, with a third of the pain gone each time", Person(share=0.33)),
    Case(
        "follows the plan while relief grows by itself, 2 points a year",
        Person(chooses="plan", relief=0.5, relief_a_year=2),
    ),
    Case("lies longer on bad days", Person(chooses="bad days")),
    Case(
        "lies longer on bad days, a third of the pain gone each time",
        Person(chooses="bad days", share=0.33),
    ),
    Case("has worse evenings, by 1.5 points", Person(evening=1.5)),
    Case(
        "has worse evenings, a third of the pain gone each time",
        Person(evening=1.5, share=0.33),
    ),
    Case("has little pain", Person(pain=2)),
]
DIFFERS = [
    Case(
        "evenings relieve 1 point more",
        Person(adds={"evening": 1}),
        frozenset({"evening > morning"}),
    ),
    Case(
        "evenings relieve 2 points more",
        Person(adds={"evening": 2}),
        frozenset({"evening > morning"}),
    ),
    Case(
        "the floor relieves 1 point more",
        Person(adds={"floor": 1}),
        frozenset({"floor > bed", "floor > couch"}),
    ),
    Case(
        "20 minutes relieve 1 point more",
        Person(adds={"20": 1}),
        frozenset({"20 > 10", "20 > 15", "20 > 30"}),
    ),
    Case(
        "20 minutes relieve 2 points more",
        Person(adds={"20": 2}),
        frozenset({"20 > 10", "20 > 15", "20 > 30"}),
    ),
]


def looks(
    records: Sequence[Record], every: int = WEEK
) -> Iterator[tuple[int, list[Record]]]:
    """Yield weeks with what was recorded until then."""
    for week in range(every, YEAR + 1, every):
        until = FIRST + timedelta(days=week)
        yield week // WEEK, [r for r in records if r.started_at.date() < until]


def helped_more(case: Case, seed: int, every: int = WEEK) -> Claims:
    """Return what was ever said to have helped more, and in which week first."""
    claims: Claims = {}
    for week, known in looks(case.person.year(Random(seed)), every):
        for question in Question:
            for c in compare(known, question):
                if c.sentence.endswith("helped_more"):
                    claims.setdefault(f"{c.more} > {c.less}", week)
    return claims


def textbook(case: Case, seed: int, every: int = WEEK) -> Claims:
    """Return the same for a rule that was not taken.

    All sessions of an arm against all of the other, "helped more" as soon as the 95 %
    interval of the difference does not contain zero.
    """
    claims: Claims = {}
    arms = ("10", "15", "20", "30")
    for week, known in looks(case.person.year(Random(seed)), every):
        values: dict[str | None, list[int]] = {arm: [] for arm in (*arms, None)}
        for r in known:
            if r.ratings.relief is not None:
                values[duration_arm(r)].append(r.ratings.relief)
        for a in arms:
            for b in arms:
                if a != b and min(len(values[a]), len(values[b])) >= 8:
                    first, second = (
                        estimate(values[arm], 0, least_variance=1 / 6) for arm in (a, b)
                    )
                    if first.minus(second).interval()[0] > 0:
                        claims.setdefault(f"{a} > {b}", week)
    return claims


def first_change(
    what: str, person: Person, seed: int, every: int = WEEK
) -> tuple[int, str] | None:
    """Return the week in which a change was first claimed, and how; None if never."""
    random = Random(seed)
    values: list[Any]
    days: list[int]
    say: Callable[[list[Any]], Change]
    if what == "worst_pain":
        answers = person.worst_pains(random)
        days = [(a.day - FIRST).days for a in answers]
        values, say = list(answers), worst_pain
    else:
        records = person.year(random)
        days = [(r.started_at.date() - FIRST).days for r in records]
        values, say = list(records), relief
        if what == "heart_rate":
            values, say = list(hearts(records, person, random)), heart_rate
    for week in range(every, YEAR + 1, every):
        known = sum(day < week for day in days)
        sentence = say(values[:known]).sentence
        if not sentence.endswith(("too_early", "no_clear_change")):
            return week // WEEK, sentence
    return None


def hearts(records: Sequence[Record], person: Person, random: Random) -> list[Record]:
    """Return the records with heart rates that wander and do not fall."""
    wander = Wander(random, 4, person.relief_follow)
    return [
        record(
            r.started_at,
            heart_rate_before=68.0,
            heart_rate_after=68.0 - round(wander.step() + random.gauss(0, 2)),
        )
        for r in records
    ]


def sleep_claim(
    seed: int, adds: float = 0, every: int = WEEK
) -> tuple[int, str] | None:
    """Return the week in which nights were first said to differ, and which is higher."""
    random = Random(seed)
    person = Person(practises=0.6)
    records = person.year(random)
    nights = person.nights(random, records, adds)
    for week in range(every, YEAR + 1, every):
        until = FIRST + timedelta(days=week)
        said = sleep({d: v for d, v in nights.items() if d < until}, records)
        if said and said.sentence == "sleep_higher":
            return week // WEEK, said.more
    return None


def covered(follow: float, count: int, seed: int) -> bool:
    """Return whether the interval around a mean relief held the true one."""
    wander = Wander(Random(seed), 1.3, follow)
    values = [round(1.3 + wander.step()) for _ in range(count)]
    low, high = estimate(values, least_variance=1 / 6).interval()
    return low <= 1.3 <= high


def pairs_covered(adds: float, weeks: int, seed: int) -> bool | None:
    """Return whether the interval of a comparison held the truth; None if too early."""
    person = Person(adds={"evening": adds})
    (said,) = compare(person.year(Random(seed), weeks * WEEK), Question.TIME)
    if said.low is None or said.high is None:
        return None
    truth = adds if said.more == "evening" else -adds
    return said.low <= truth <= said.high


def trend_covered(days: int, seed: int) -> bool:
    """Return whether the interval of the worst pain's trend held the truth: no trend."""
    said = worst_pain(Person().worst_pains(Random(seed), days))
    assert said.low is not None
    assert said.high is not None
    return said.low <= 0 <= said.high
