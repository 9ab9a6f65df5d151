"""Insights: what the records tell, and how sure that is.

A statement is a sentence's key with the numbers it mentions, how many sessions, days or
nights are behind it, and how it was found. A `Change` (relief from before to after a
session, heart rate, worst pain of the day) says what happened, not why: pain comes and
goes by itself, and lying down is a rest with or without a mat. A `Comparison` says what
helped more than what.

docs/practice.md shows how often each kind is wrong. Callers give one series of records
that grows, such as the whole journal, and may ask as often as they like.
"""

from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import fmean
from typing import Any

from .codec import from_dict, to_dict
from .comparison import FEWEST, Answer, Comparison, Question, compare, sleep
from .estimate import ROUNDING, Estimate, correlation, estimate
from .practice import BOUNDARY
from .record import WORST, Record
from .session import Outcome

# Of an interval that must not contain zero before a change is called one: strict, for
# people look each week, and wide enough for values that follow each other. Measured.
CERTAIN = 0.999
# How much a day's worst pain is supposed to follow the day before, until more days than
# these say otherwise. Measured: to suppose less takes a bad month for a trend.
FOLLOWS, FOLLOWS_WEIGHT = 0.5, 40
# The change in pain that people call much, and slight: points and shares (Salaffi 2004).
CLEAR, SLIGHT = (2.0, 0.33), (1.0, 0.15)


class Finding(StrEnum):
    """What a change's sentence says, after the subject and an underscore."""

    TOO_EARLY = "too_early"
    CLEARLY_BETTER = "clearly_better"
    SLIGHTLY_BETTER = "slightly_better"
    NO_CLEAR_CHANGE = "no_clear_change"
    SLIGHTLY_WORSE = "slightly_worse"
    CLEARLY_WORSE = "clearly_worse"
    # of a heart rate
    LOWER = "lower"
    HIGHER = "higher"


_OF_HEART = {
    Finding.TOO_EARLY,
    Finding.NO_CLEAR_CHANGE,
    Finding.LOWER,
    Finding.HIGHER,
}
_SAID: dict[str, AbstractSet[StrEnum]] = {
    "relief": set(Finding) - {Finding.LOWER, Finding.HIGHER},
    "worst_pain": set(Finding) - {Finding.LOWER, Finding.HIGHER},
    "heart_rate": _OF_HEART,
    Question.DURATION: set(Answer) - {Answer.HIGHER},
    Question.TIME: set(Answer) - {Answer.HIGHER},
    Question.SURFACE: set(Answer) - {Answer.HIGHER},
    "sleep": set(Answer) - {Answer.HELPED_MORE},
}
# Every sentence that can be said.
SENTENCES = frozenset(f"{what}_{said}" for what in _SAID for said in _SAID[what])


class Method(StrEnum):
    """How a change was found; docs/practice.md explains it."""

    MEAN = "mean"
    THIRDS = "first_and_last_third"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstPain:
    """The worst pain of a day, 0 to 10, asked apart from any session."""

    day: date
    pain: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return to_dict(self)

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> WorstPain:
        """Return the answer of such data; ValueError if it is none."""
        worst = from_dict(WorstPain, data)
        if not 0 <= worst.pain <= WORST:
            raise ValueError(f"WorstPain: {worst.pain} is not 0 to 10")
        return worst


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed, and whether it is more than chance.

    Positive is less: points of pain, beats a minute. The interval holds the true mean
    in 95 of 100 cases; it needs two values, the mean one.
    """

    sentence: str
    method: Method
    # Sessions, or days with an answer.
    count: int
    mean: float | None = None
    # As a part of the mean before.
    share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    """All statements; of each question the surest first."""

    relief: Change
    worst_pain: Change
    heart_rate: Change
    durations: tuple[Comparison, ...] = ()
    times: tuple[Comparison, ...] = ()
    surfaces: tuple[Comparison, ...] = ()
    sleep: Comparison | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the insights as JSON data."""
        return to_dict(self)


def mean_relief(records: Iterable[Record], since: datetime) -> float | None:
    """Return by how many points pain was less after the sessions since a moment.

    None if no session has both answers.
    """
    of_each = (r.ratings.relief for r in records if r.started_at >= since)
    drops = [relief for relief in of_each if relief is not None]
    return fmean(drops) if drops else None


def insights(
    records: Iterable[Record],
    worst_pains: Iterable[WorstPain] = (),
    nights: Mapping[date, float] | None = None,
    boundary: timedelta = BOUNDARY,
) -> Insights:
    """Return all that can be said; `nights` are sleep values by the evening's day."""
    records = list(records)
    return Insights(
        relief=relief(records),
        worst_pain=worst_pain(worst_pains),
        heart_rate=heart_rate(records),
        durations=compare(records, Question.DURATION),
        times=compare(records, Question.TIME),
        surfaces=compare(records, Question.SURFACE),
        sleep=sleep(nights or {}, records, boundary),
    )


def relief(records: Iterable[Record]) -> Change:
    """Return by how much the pain is less after sessions than before."""
    known = [
        (r.ratings.pain_before, r.ratings.relief)
        for r in _told(records)
        if r.ratings.pain_before is not None and r.ratings.relief is not None
    ]
    values = [value for _, value in known]
    found = _mean(values)
    before = fmean(b for b, _ in known) if known else 0.0
    return _pain_change("relief", Method.MEAN, found, before, len(known))


def worst_pain(answers: Iterable[WorstPain]) -> Change:
    """Return by how much the worst pain of the last days is less than of the first.

    The answered days are cut into thirds, and the last compared to the first. This is
    the trend, apart from the relief right after a session: a trial found one without
    the other (Saha 2016).
    """
    pains = [a.pain for a in sorted(answers, key=lambda a: a.day)]
    third = len(pains) // 3
    found, before = None, 0.0
    if third > 1:
        first, last = pains[:third], pains[-third:]
        rho = correlation(
            first,
            pains[third:-third],
            last,
            supposed=FOLLOWS,
            weight=FOLLOWS_WEIGHT,
        )
        first_mean, last_mean = (
            estimate(part, rho, least_variance=ROUNDING) for part in (first, last)
        )
        found, before = first_mean.minus(last_mean), first_mean.mean
    return _pain_change("worst_pain", Method.THIRDS, found, before, len(pains), 3)


def heart_rate(records: Iterable[Record]) -> Change:
    """Return by how much the heart beats slower after sessions, in beats a minute."""
    values = [
        r.heart_rate_before - r.heart_rate_after
        for r in _told(records)
        if r.heart_rate_before is not None and r.heart_rate_after is not None
    ]
    found = _mean(values)
    finding = Finding.NO_CLEAR_CHANGE
    if found is None or len(values) < FEWEST:
        finding = Finding.TOO_EARLY
    elif (side := _sure_side(found)) != 0:
        finding = Finding.LOWER if side > 0 else Finding.HIGHER
    return _change(f"heart_rate_{finding}", Method.MEAN, found, len(values))


def _told(records: Iterable[Record]) -> list[Record]:
    """Return the records that tell how it was, in their order in time."""
    return sorted(
        (r for r in records if r.outcome is not Outcome.LOST),
        key=lambda r: (r.started_at, r.id),
    )


def _mean(values: Sequence[float]) -> Estimate | None:
    """Return the mean of differences of two rounded values, None of no values."""
    return estimate(values, least_variance=2 * ROUNDING) if values else None


def _sure_side(found: Estimate) -> int:
    """Return the sign of a mean that is surely not zero, else 0."""
    low, high = found.interval(CERTAIN)
    return (low > 0) - (high < 0)


def _pain_change(
    subject: str,
    method: Method,
    found: Estimate | None,
    before: float,
    count: int,
    parts: int = 1,
) -> Change:
    """Return the statement on a mean decrease of pain from `before`.

    A share alone makes no change of pain that is small on a scale of whole points: it
    also takes half the points.
    """
    finding = Finding.NO_CLEAR_CHANGE
    share = found.mean / before if found and before else None
    if found is None or count < FEWEST * parts:
        finding = Finding.TOO_EARLY
    elif (side := _sure_side(found)) != 0:
        points, part = abs(found.mean), abs(share or 0)
        clear, slight = (
            points >= most or (part >= least and points >= most / 2)
            for most, least in (CLEAR, SLIGHT)
        )
        if clear:
            finding = Finding.CLEARLY_BETTER if side > 0 else Finding.CLEARLY_WORSE
        elif slight:
            finding = Finding.SLIGHTLY_BETTER if side > 0 else Finding.SLIGHTLY_WORSE
    return _change(f"{subject}_{finding}", method, found, count, share)


def _change(
    sentence: str,
    method: Method,
    found: Estimate | None,
    count: int,
    share: float | None = None,
) -> Change:
    low, high = found.interval() if found and found.count > 1 else (None, None)
    return Change(
        sentence=sentence,
        method=method,
        count=count,
        mean=found.mean if found else None,
        share=share,
        low=low,
        high=high,
    )
