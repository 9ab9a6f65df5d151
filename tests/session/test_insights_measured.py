"""How often insights are right: a few people of each kind, always the same ones.

`scripts/practice-figures measure` asks hundreds; docs/practice.md has its table.
"""

import pytest

from .measure import (
    DIFFERS,
    NOTHING_DIFFERS,
    Case,
    covered,
    first_change,
    helped_more,
    pairs_covered,
    sleep_claim,
    textbook,
    trend_covered,
)
from .people import Person

# They look every four weeks here, to be quick.
MONTH = 28


def test_at_most_one_in_twenty_is_told_what_is_not_so() -> None:
    """Of all who try everything and for whom nothing differs, over a year of looks."""
    told = [
        bool(helped_more(case, seed, MONTH))
        for case in NOTHING_DIFFERS
        for seed in range(4)
    ]
    assert len(told) == 40
    assert sum(told) <= 2


def test_the_textbooks_rule_would_fail_here() -> None:
    """The people above are no easy ones: a plain interval tells most of them stories."""
    grows = next(c for c in NOTHING_DIFFERS if "plan" in c.label)
    turns = NOTHING_DIFFERS[0]
    assert sum(bool(textbook(grows, seed, MONTH)) for seed in range(10)) >= 8
    assert sum(bool(textbook(turns, seed, MONTH)) for seed in range(10)) >= 3


@pytest.mark.parametrize("case", DIFFERS, ids=lambda case: case.label)
def test_what_is_so_is_found_within_a_year(case: Case) -> None:
    """By half and more, and nobody is told the opposite: a rule that never speaks is no rule."""
    all_claims = [helped_more(case, seed, MONTH) for seed in range(6)]
    assert sum(bool(set(claims) & case.true) for claims in all_claims) >= 3
    reverse = {" > ".join(reversed(claim.split(" > "))) for claim in case.true}
    assert not any(set(claims) & reverse for claims in all_claims)


@pytest.mark.parametrize("what", ["relief", "worst_pain", "heart_rate"])
def test_what_wanders_is_not_called_a_change(what: str) -> None:
    """Pain comes and goes; whoever looks each month must not be told each time."""
    told = [first_change(what, Person(), seed, MONTH) for seed in range(40)]
    assert sum(map(bool, told)) <= 2


@pytest.mark.parametrize(
    ("what", "person"),
    [
        ("relief", Person(relief=2)),
        ("relief", Person(relief=-2)),
        ("worst_pain", Person(pain_a_year=-4)),
    ],
)
def test_what_changes_is_found_within_a_year(what: str, person: Person) -> None:
    """And in the right direction."""
    for seed in range(8):
        told = first_change(what, person, seed, MONTH)
        assert told is not None
        assert told[1].startswith(what)
        assert told[1].endswith("better") == (person.relief >= 0)


def test_nights_that_do_not_differ_are_not_said_to() -> None:
    """A year of nights, 60 % of them with the mat; and found if they do differ."""
    assert sum(bool(sleep_claim(seed, 0, MONTH)) for seed in range(30)) <= 2
    found = [sleep_claim(seed, 4, MONTH) for seed in range(10)]
    assert [told[1] for told in found if told] == ["mat"] * sum(map(bool, found))
    assert sum(map(bool, found)) >= 8


@pytest.mark.parametrize("follow", [0.0, 0.3])
@pytest.mark.parametrize("count", [8, 15, 30, 100])
def test_intervals_of_relief_hold_the_truth(follow: float, count: int) -> None:
    """95 of 100 times, also when a session follows the mood of the one before."""
    held = sum(covered(follow, count, seed) for seed in range(300))
    assert 0.92 <= held / 300 <= 0.99


def test_intervals_of_comparisons_hold_the_truth() -> None:
    """From two months to a year."""
    held = [pairs_covered(1, weeks, seed) for weeks in (8, 26) for seed in range(60)]
    known = [each for each in held if each is not None]
    assert len(known) > 100
    assert sum(known) / len(known) >= 0.92


def test_intervals_of_the_trend_hold_the_truth() -> None:
    """Of pain that wanders and goes nowhere."""
    held = [trend_covered(days, seed) for days in (30, 84, 182) for seed in range(60)]
    assert sum(map(bool, held)) / len(held) >= 0.92
