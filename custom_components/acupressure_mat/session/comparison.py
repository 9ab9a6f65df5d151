"""Comparison: which of two durations, times of day or surfaces helped more.

Only sessions near in time that began with about the same pain are compared, pair by
pair. Else a plan that grows while pain eases by itself would prove long sessions, and
lying down for longer on bad days would too.

People look often and ask much, so "helped more" is said by a rule that keeps its promise
under any number of looks (`estimate.evidence`). The probability beside it is a plain
Bayesian one and makes no such promise.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import combinations
import math
from statistics import fmean
from typing import Any

from .estimate import ROUNDING, estimate, evidence, probability_above_zero
from .practice import BOUNDARY, day_of, is_evening, is_practice
from .record import Record
from .routine import Surface
from .session import Outcome

# Sessions of an arm, and pairs of them, below which nothing is said.
FEWEST = 8
# By so much sessions, or nights, may be apart to be compared ...
NEAR = timedelta(days=7)
# ... and points of pain by which they may differ at the beginning. Measured: less lets
# the errors of ratings decide who is alike, more compares bad days with good ones.
ALIKE = 2
# How often somebody for whom nothing differs may ever be told "helped more". The goal is
# 5 %; the rest is left for what pairs cannot balance. Measured: docs/practice.md.
FALSE_CLAIMS = 0.03
# A sceptic's idea of how differences of two arms scatter, in points of pain; of a sensor
# their own scatter takes its place. By this share of it arms are thought to differ.
SCATTER, DOUBT = 2.0, 0.5
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Question(StrEnum):
    """What may have helped more than what."""

    DURATION = "duration"
    TIME = "time"
    SURFACE = "surface"


class Answer(StrEnum):
    """What a comparison's sentence says, after the question and an underscore."""

    # fewer than 8 sessions of either arm
    TOO_EARLY = "too_early"
    # sessions enough, but not 8 pairs of them to compare
    TOO_FAR_APART = "too_far_apart"
    NO_CLEAR_DIFFERENCE = "no_clear_difference"
    HELPED_MORE = "helped_more"
    # of a sensor, where more need not be better
    HIGHER = "higher"


# How arms are compared; docs/practice.md explains it.
PAIRS = "pairs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two arms, and whether one goes with more relief, or sleep, than the other.

    `difference` is by how much `more` is ahead of `less` in the pairs, with the
    interval that holds the true one in 95 of 100 cases; `probability` is how probable it
    is that it truly is ahead. They are None until there are pairs enough.
    """

    sentence: str
    # Without a default: those are left out of what is told, and this never may be.
    method: str
    more: str
    less: str
    # Sessions, or nights.
    count_more: int
    count_less: int
    # How many of them could be compared two by two.
    pairs: int
    mean_more: float
    mean_less: float
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    probability: float | None = None


def duration_arm(record: Record) -> str | None:
    """Return which of 10, 15, 20 or 30 minutes a session is for; None for others.

    By what was asked for. By what became of it, all sessions that were stopped because
    they hurt would be short ones.
    """
    minutes = (record.asked or record.elapsed) / timedelta(minutes=1)
    arms = ((7.5, "10"), (12.5, "15"), (17.5, "20"), (25, "30"), (45, None))
    return next((arm for least, arm in reversed(arms) if minutes >= least), None)


def time_arm(record: Record) -> str | None:
    """Return morning (04:00 to noon), evening (18:00 to 04:00), None in between."""
    if is_evening(record.started_at):
        return "evening"
    return "morning" if record.started_at.hour < 12 else None


def surface_arm(record: Record) -> str | None:
    """Return the surface, if it is known."""
    return record.surface


ARMS: Mapping[Question, tuple[Callable[[Record], str | None], Sequence[str]]] = {
    Question.DURATION: (duration_arm, ("10", "15", "20", "30")),
    Question.TIME: (time_arm, ("morning", "evening")),
    Question.SURFACE: (surface_arm, tuple(surface.value for surface in Surface)),
}


@dataclass(frozen=True, slots=True)
class _Case:
    """A session or a night: when, since anything, of which arm, with what result."""

    at: timedelta
    arm: str
    value: float
    # Only cases that began alike are compared.
    start: float = 0.0


def compare(records: Iterable[Record], question: Question) -> tuple[Comparison, ...]:
    """Return for each two arms that were both tried what relieved more.

    The surest comes first, and there is none if there was but one arm. The chance that
    any question is ever answered "helped more" without reason is at most 3 % together:
    each question has a third of it, each two arms an equal part of that.
    """
    arm_of, arms = ARMS[question]
    cases = [
        _Case(r.started_at - EPOCH, arm, value, before)
        for r in sorted(records, key=lambda r: (r.started_at, r.id))
        if r.outcome is not Outcome.LOST
        and (before := r.ratings.pain_before) is not None
        and (value := r.ratings.relief) is not None
        and (arm := arm_of(r)) is not None
    ]
    contrasts = list(combinations(arms, 2))
    needed = len(Question) * len(contrasts) / FALSE_CLAIMS
    found = (_two(cases, *two, question, needed, is_pain=True) for two in contrasts)
    return tuple(sorted(filter(None, found), key=_sureness, reverse=True))


def _sureness(comparison: Comparison) -> tuple[bool, float, int]:
    claims = comparison.sentence.endswith(Answer.HELPED_MORE)
    return claims, comparison.probability or 0, comparison.pairs


def sleep(
    nights: Mapping[date, float],
    records: Iterable[Record],
    boundary: timedelta = BOUNDARY,
) -> Comparison | None:
    """Return how nights after an evening on the mat differ from the others.

    `nights` are a sensor's values by the day of the evening before, in its own unit;
    more of it need not be better. None until there are nights of both kinds.
    """
    evenings = {
        day_of(r.started_at, boundary)
        for r in records
        if is_practice(r) and is_evening(r.started_at, boundary)
    }
    cases = [
        _Case(timedelta(day.toordinal()), "mat" if day in evenings else "no_mat", value)
        for day, value in sorted(nights.items())
    ]
    return _two(cases, "mat", "no_mat", "sleep", 1 / FALSE_CLAIMS)


def _differences(cases: Iterable[_Case], first: str, second: str) -> list[float]:
    """Return by how much the first arm is ahead, pair by pair, in the order of time.

    Each case is paired once, with the latest of the other arm that is left, near and
    began alike. A pair once made is never made anew, whatever comes later: the promise
    of `evidence` is about what was known when it was asked.
    """
    left: dict[str, deque[_Case]] = {first: deque(), second: deque()}
    differences = []
    for case in cases:
        if case.arm not in left:
            continue
        others = left[second if case.arm == first else first]
        while others and case.at - others[0].at > NEAR:
            others.popleft()
        partner = next(
            (
                other
                for other in reversed(others)
                if abs(other.start - case.start) <= ALIKE
            ),
            None,
        )
        if partner is None:
            left[case.arm].append(case)
            continue
        others.remove(partner)
        ahead = case.value - partner.value
        differences.append(ahead if case.arm == first else -ahead)
    return differences


def _two(
    cases: Sequence[_Case],
    first: str,
    second: str,
    subject: str,
    needed: float,
    *,
    is_pain: bool = False,
) -> Comparison | None:
    """Return the comparison of two arms; None if one of them was never tried.

    `needed` is the evidence that "helped more" takes.
    """
    values = {arm: [c.value for c in cases if c.arm == arm] for arm in (first, second)}
    if not all(values.values()):
        return None
    differences = _differences(cases, first, second)
    more, less, answer = first, second, Answer.TOO_EARLY
    numbers: dict[str, Any] = {}
    if min(map(len, values.values())) >= FEWEST:
        answer = Answer.TOO_FAR_APART
    if len(differences) >= FEWEST:
        if fmean(differences) < 0:
            more, less, differences = second, first, [-d for d in differences]
        scatter = SCATTER if is_pain else math.sqrt(fmean(d * d for d in differences))
        found = estimate(differences, least_variance=4 * ROUNDING if is_pain else 0)
        low, high = found.interval()
        numbers = {
            "difference": found.mean,
            "low": low,
            "high": high,
            "probability": probability_above_zero(
                differences, doubt=DOUBT * scatter, typical=scatter
            ),
        }
        answer = Answer.NO_CLEAR_DIFFERENCE
        if evidence(differences) >= needed:
            answer = Answer.HELPED_MORE if is_pain else Answer.HIGHER
    return Comparison(
        sentence=f"{subject}_{answer}",
        method=PAIRS,
        more=more,
        less=less,
        count_more=len(values[more]),
        count_less=len(values[less]),
        pairs=len(differences),
        mean_more=fmean(values[more]),
        mean_less=fmean(values[less]),
        **numbers,
    )
