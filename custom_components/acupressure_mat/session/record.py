"""Record: what is kept of a finished session."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from .codec import from_dict, to_dict
from .routine import BodyArea, Kind, PhaseName, Surface
from .session import Outcome, Reason, Session, SessionError, Source

# What lies beyond these is a damaged file or a slip of the pen.
LONGEST = timedelta(days=7)
EARLIEST = 1970
# The end of every scale on which people rate; the other is 0.
WORST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """What the person said of it, each 0 to 10; None is no answer, not zero."""

    pain_before: int | None = None
    pain_after: int | None = None
    tension: int | None = None
    relaxation: int | None = None
    # How well the night after was slept.
    sleep: int | None = None

    @property
    def relief(self) -> int | None:
        """By how many points the pain was less afterwards; None if not both known."""
        if self.pain_before is None or self.pain_after is None:
            return None
        return self.pain_before - self.pain_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A finished session.

    `started_at` and `ended_at` keep the offset of the place where it was done, so
    that a journey does not move a session to another day afterwards.
    """

    id: str
    started_at: datetime
    ended_at: datetime
    # Time on the mat: pauses and prepare are not in it.
    elapsed: timedelta
    outcome: Outcome = Outcome.COMPLETED
    reason: Reason | None = None
    source: Source = Source.USER
    # None for what was done without Home Assistant.
    routine_id: str | None = None
    routine: str | None = None
    kind: Kind = Kind.CUSTOM
    asked: timedelta | None = None
    planned: timedelta | None = None
    # The last phase reached.
    phase: PhaseName | None = None
    surface: Surface | None = None
    body_area: BodyArea | None = None
    failed: tuple[str, ...] = ()
    ratings: Ratings = Ratings()
    heart_rate_before: float | None = None
    heart_rate_after: float | None = None
    notes: str | None = None

    @staticmethod
    def of(
        session: Session, now: datetime, zone: tzinfo, failed: tuple[str, ...] = ()
    ) -> Record | None:
        """Return what to keep of an ended session; None of one that leaves nothing.

        Nothing is kept of a mistake, a rehearsal, or a session that still runs.
        """
        outcome, ended_at = session.outcome(now), session.ended_at(now)
        if outcome is None or ended_at is None:
            return None
        if outcome is Outcome.MISTAKE or session.rehearsal:
            return None
        return Record(
            id=session.id,
            started_at=session.started_at.astimezone(zone),
            ended_at=ended_at.astimezone(zone),
            elapsed=session.elapsed(now),
            outcome=outcome,
            reason=session.reason,
            source=session.source,
            routine_id=session.routine.id,
            routine=session.routine.name,
            kind=session.routine.kind,
            asked=session.asked,
            planned=session.planned,
            phase=session.reached(now),
            surface=session.routine.surface,
            body_area=session.routine.body_area,
            failed=failed,
        )

    @property
    def minutes(self) -> float:
        """Minutes on the mat."""
        return self.elapsed / timedelta(minutes=1)

    def rated(self, **changes: int | None) -> Record:
        """Return the record with these ratings; the others stay."""
        return replace(self, ratings=replace(self.ratings, **changes))

    def measured(self, before: float | None, after: float | None) -> Record:
        """Return the record with the heart rates, in beats a minute."""
        return replace(self, heart_rate_before=before, heart_rate_after=after)

    def noted(self, notes: str | None) -> Record:
        """Return the record with these notes; an empty text is none."""
        return replace(self, notes=notes or None)

    def as_dict(self) -> dict[str, Any]:
        """Return the record as JSON data."""
        return to_dict(self)

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Record:
        """Return the record of such data; ValueError if it is none."""
        record = from_dict(Record, data)
        if record.elapsed < timedelta(0) or record.ended_at < record.started_at:
            raise ValueError("Record: ends before it starts")
        if max(record.elapsed, record.ended_at - record.started_at) > LONGEST:
            raise ValueError("Record: lasts longer than a week")
        if record.started_at.year < EARLIEST:
            raise ValueError(f"Record: starts before {EARLIEST}")
        return record


def check_told(start: datetime, length: timedelta, now: datetime) -> None:
    """Check what somebody tells of a session.

    SessionError `record_duration_out_of_range`, `record_too_long_ago` or
    `record_in_future`: nobody lies on a mat for more than a day, did so before there
    were any, or has done so already tomorrow.
    """
    if start.year <= EARLIEST:
        raise SessionError("record_too_long_ago", year=str(EARLIEST))
    if not timedelta(0) < length <= timedelta(days=1):
        raise SessionError("record_duration_out_of_range")
    # Added on the clock of a place, an hour would go missing when its clocks change.
    if start > now or start.astimezone(UTC) + length > now:
        raise SessionError("record_in_future")
