"""Plan: how long the next session should be, and why.

`Progress` is all that the plan remembers; it is folded record by record:

* a session ended: `progress = advance(progress, record, plan)`;
* a record of the loaded months was rated, edited, added or deleted:
  `replay(records, plan, checkpoint)`, where the checkpoint is the progress as it was
  before those months. What lies before the checkpoint is settled: an edit there does
  not change the plan. When a new month begins, the checkpoint moves on:
  `checkpoint = replay(records of the month that is let go, plan, checkpoint)`;
* the person changed their experience: progress and checkpoint become
  `Progress(until=now)`, and the plan starts anew.

`next_duration` does all at once from records alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from .codec import from_dict, to_dict
from .practice import BOUNDARY, day_of
from .record import Record
from .routine import MAX_DURATION, Surface
from .session import HEALTH_REASONS, Outcome


def _minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


# A plan offers nothing shorter: a minute to lie down in, and time for it to ease.
SHORTEST = _minutes(5)
CAP = _minutes(40)
# How much shorter the next session is after a hard one.
RELENT = _minutes(2)
# How much shorter for each whole week without a session, and for each surface harder
# than any practised on.
STEP_BACK = _minutes(5)
# Pain afterwards, 0 to 10, above which a session was hard if it was not so before.
HARD = 4
# A session of 19:40 that was asked to be 20 minutes is one of 20 minutes.
ABOUT = timedelta(seconds=30)


class Experience(StrEnum):
    """How well a person knows the mat; decides the first duration."""

    NEW = "new"
    SOME = "some"
    USED_TO_IT = "used_to_it"


START = {
    Experience.NEW: _minutes(5),
    Experience.SOME: _minutes(10),
    Experience.USED_TO_IT: _minutes(20),
}
# Below this duration so many good sessions lengthen the plan by so much: daily
# practice reaches 10 minutes in two weeks, 20 in four, 40 in eleven. Trials used 15
# (Kjellgren 2011) to 30 minutes a day (Saha 2016), 60 at the most (Frizziero 2021).
STEPS = (
    (_minutes(10), 3, _minutes(1)),
    (_minutes(20), 3, _minutes(2)),
    (MAX_DURATION, 5, _minutes(2)),
)


class Why(StrEnum):
    """The sentence that explains the next duration, with its placeholders."""

    FIRST_SESSION = "first_session"
    # `days` since the last session
    AFTER_GAP = "after_gap"
    AFTER_HARD_SESSION = "after_hard_session"
    HARDER_SURFACE = "harder_surface"
    AT_CAP = "at_cap"
    STEP_UP = "step_up"
    # `good` sessions of the `needed` ones are done
    STEADY = "steady"


class Tip(StrEnum):
    """What may help."""

    # A T-shirt between skin and mat, a bed below it. About one in ten finds the mat
    # too painful (Saha 2016).
    SOFT_PATH = "soft_path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the person chose; ValueError if the cap is not 5 to 60 minutes."""

    experience: Experience = Experience.NEW
    cap: timedelta = CAP
    boundary: timedelta = BOUNDARY

    def __post_init__(self) -> None:
        if not SHORTEST <= self.cap <= MAX_DURATION:
            raise ValueError(f"the cap of a plan cannot be {self.cap}")

    @property
    def start(self) -> timedelta:
        """The duration that the plan begins with."""
        return min(START[self.experience], self.cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How long the person lies well on a surface."""

    surface: Surface
    duration: timedelta
    # Good sessions since the duration changed.
    good: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a person has come."""

    # One for each surface practised on.
    levels: tuple[Level, ...] = ()
    # Of the last session that counted: what it did to the level, where, which day.
    why: Why = Why.FIRST_SESSION
    surface: Surface | None = None
    day: date | None = None
    # The start of the last record that was folded in.
    until: datetime | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the progress as JSON data."""
        return to_dict(self)

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Progress:
        """Return the progress of such data; ValueError if it is none."""
        return from_dict(Progress, data)

    def on(self, surface: Surface, plan: Plan) -> Level:
        """Return the level on a surface: as on a harder one, less than on a milder."""
        rank = list(Surface).index
        levels = [
            level.duration - STEP_BACK * max(0, rank(surface) - rank(level.surface))
            for level in self.levels
        ] or [plan.start]
        good = sum(level.good for level in self.levels if level.surface is surface)
        return Level(surface=surface, duration=max(SHORTEST, *levels), good=good)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDuration:
    """How long the next session should be, and why."""

    duration: timedelta
    why: Why
    placeholders: Mapping[str, int] = field(default_factory=dict)
    tip: Tip | None = None

    @property
    def minutes(self) -> int:
        """Whole minutes."""
        return round(self.duration / _minutes(1))


def is_hard(record: Record) -> bool:
    """Return whether a session was too much.

    It was stopped for health, or the pain afterwards is above 4 and more than before.
    Pain above 4 is hard too if nobody knows what it was before.
    """
    ratings = record.ratings
    if record.reason in HEALTH_REASONS:
        return True
    if ratings.pain_after is None or ratings.pain_after <= HARD:
        return False
    return ratings.relief is None or ratings.relief < 0


def is_good(record: Record) -> bool:
    """Return whether a session went well: completed, and the pain not left as high."""
    if record.outcome is not Outcome.COMPLETED:
        return False
    after, relief = record.ratings.pain_after, record.ratings.relief
    return after is None or after <= HARD or (relief is not None and relief > 0)


def _days_since(progress: Progress, day: date) -> int:
    return 0 if progress.day is None else (day - progress.day).days


def _weeks_missed(progress: Progress, day: date) -> int:
    """Return the whole weeks without a session: from Monday to Monday is none."""
    return max(0, _days_since(progress, day) - 1) // 7


def _standing(progress: Progress, plan: Plan, day: date) -> Progress:
    """Return the progress as the cap and the days without a session leave it.

    A gap takes nobody below where their experience started.
    """
    weeks = _weeks_missed(progress, day)

    def left(level: Level) -> Level:
        most = min(level.duration, plan.cap)
        least = min(most, plan.start)
        return replace(
            level,
            duration=max(least, most - weeks * STEP_BACK),
            good=0 if weeks else level.good,
        )

    return replace(progress, levels=tuple(map(left, progress.levels)))


def _step(level: timedelta) -> tuple[int, timedelta]:
    """Return how many good sessions lengthen the plan from here, and by how much."""
    return next((n, step) for below, n, step in STEPS if level < below)


def advance(progress: Progress, record: Record, plan: Plan) -> Progress:
    """Return the progress after one more session, the latest one.

    A lost session tells nothing. One that was chosen shorter than the plan, or ended
    early for other reasons than health, neither lengthens nor shortens it; a longer one
    counts as one good session.
    """
    if record.outcome is Outcome.LOST:
        return replace(progress, until=record.started_at)
    day = day_of(record.started_at, plan.boundary)
    surface = record.surface or Surface.BED
    progress = _standing(progress, plan, day)
    level, why = progress.on(surface, plan), Why.STEADY
    others = [each for each in progress.levels if each.surface is not surface]
    if is_hard(record):
        why = Why.AFTER_HARD_SESSION
        level, *others = (_relented(each) for each in (level, *others))
    elif _is_step(level, record, plan):
        level, why = _good(level, plan)
    return Progress(
        levels=(level, *others),
        why=why,
        surface=surface,
        day=day,
        until=record.started_at,
    )


def _relented(level: Level) -> Level:
    return Level(surface=level.surface, duration=max(SHORTEST, level.duration - RELENT))


def _is_step(level: Level, record: Record, plan: Plan) -> bool:
    """Return whether a session is a step to more than this level."""
    reached = record.elapsed + ABOUT >= level.duration
    return level.duration < plan.cap and reached and is_good(record)


def _good(level: Level, plan: Plan) -> tuple[Level, Why]:
    """Return the level after a good session, and what that did to it."""
    needed, step = _step(level.duration)
    if level.good + 1 < needed:
        return replace(level, good=level.good + 1), Why.STEADY
    longer = min(level.duration + step, plan.cap)
    return Level(surface=level.surface, duration=longer), Why.STEP_UP


def replay(
    records: Iterable[Record], plan: Plan, checkpoint: Progress | None = None
) -> Progress:
    """Return the progress after these records, in the order of their start.

    Records that the checkpoint knows already are passed over.
    """
    progress = checkpoint or Progress()
    known = progress.until
    for record in sorted(records, key=lambda r: (r.started_at, r.id)):
        if known is None or record.started_at > known:
            progress = advance(progress, record, plan)
    return progress


def recommend(
    progress: Progress, plan: Plan, today: date, surface: Surface | None = None
) -> NextDuration:
    """Return how long a session today should be: 5 minutes to the cap.

    Without a surface it is the one practised on last.
    """
    surface = surface or progress.surface or Surface.BED
    if not progress.levels:
        return NextDuration(duration=plan.start, why=Why.FIRST_SESSION)
    standing = _standing(progress, plan, today)
    level = standing.on(surface, plan)
    why, placeholders = progress.why, {}
    tip = Tip.SOFT_PATH if why is Why.AFTER_HARD_SESSION else None
    if _weeks_missed(progress, today):
        why, placeholders = Why.AFTER_GAP, {"days": _days_since(progress, today)}
    elif why is Why.AFTER_HARD_SESSION:
        pass
    elif level.duration < max(each.duration for each in standing.levels):
        why = Why.HARDER_SURFACE
    elif level.duration >= plan.cap:
        why = Why.AT_CAP
    elif why is Why.STEP_UP and surface is not progress.surface:
        why = Why.STEADY
    if why is Why.STEADY:
        placeholders = {"good": level.good, "needed": _step(level.duration)[0]}
    return NextDuration(
        duration=level.duration, why=why, placeholders=placeholders, tip=tip
    )


def next_duration(
    records: Iterable[Record],
    plan: Plan,
    today: date,
    surface: Surface | None = None,
) -> NextDuration:
    """Return how long a session today should be, from all that was done so far."""
    return recommend(replay(records, plan), plan, today, surface)
