"""What a person with a stopwatch would expect of a session.

Deliberately unlike the integration's own Session: no timestamps, nothing computed from
a moment; time is handed over piece by piece and counted down.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

ZERO = timedelta(0)
MINUTE = timedelta(minutes=1)
PAUSE_LIMIT = timedelta(minutes=15)
SAFE_LIGHT = timedelta(minutes=5)
FADE_IN, FADE_OUT = timedelta(seconds=20), timedelta(seconds=60)
HEALTH = ("discomfort", "pain", "dizziness", "numbness")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a routine asks for, as far as a stopwatch can tell."""

    routine: str
    prepare: timedelta
    settle: timedelta
    wind_down: timedelta
    after: timedelta
    cap: timedelta
    interval: timedelta


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A line that the journal should have."""

    routine: str
    outcome: str
    reason: str | None
    minutes: float


@dataclass(frozen=True, kw_only=True)
class Stopwatch:
    """A session as a person counts it."""

    plan: Plan
    # What is left of prepare, the length of settle and wind_down.
    prepare: timedelta
    settle: timedelta
    wind_down: timedelta
    after: timedelta
    # Time on the mat so far and still to come.
    elapsed: timedelta = ZERO
    remaining: timedelta
    # All the time that ran, prepare included: what a diffuser is on for.
    ran: timedelta = ZERO
    paused_for: timedelta | None = None
    ended_for: timedelta | None = None
    reason: str | None = None
    lost: bool = False
    rehearsal: bool = False

    @staticmethod
    def start(plan: Plan, minutes: float) -> Stopwatch:
        """Return the watch at the tap."""
        duration = minutes * MINUTE
        edges = plan.settle + plan.wind_down
        share = min(1.0, duration / 2 / edges) if edges else 1.0
        return Stopwatch(
            plan=plan,
            prepare=plan.prepare,
            settle=plan.settle * share,
            wind_down=plan.wind_down * share,
            after=plan.after,
            remaining=duration,
        )

    @staticmethod
    def rehearse(plan: Plan, minutes: float, within: timedelta) -> Stopwatch:
        """Return the watch of the whole routine in quick motion."""
        slow = Stopwatch.start(plan, minutes)
        share = within / (slow.prepare + slow.remaining + slow.after)
        return replace(
            slow,
            prepare=slow.prepare * share,
            settle=slow.settle * share,
            wind_down=slow.wind_down * share,
            after=slow.after * share,
            remaining=slow.remaining * share,
            rehearsal=True,
        )

    # -- what it shows ---------------------------------------------------------

    @property
    def runs(self) -> bool:
        """Whether it has not ended, paused or not."""
        return self.ended_for is None

    @property
    def is_paused(self) -> bool:
        return self.runs and self.paused_for is not None

    @property
    def is_health_stop(self) -> bool:
        return self.reason in HEALTH

    @property
    def outcome(self) -> str | None:
        """How it ended."""
        if self.runs:
            return None
        if self.is_health_stop:
            return "stopped"
        if self.reason == "mistake" or (self.elapsed < MINUTE and not self.rehearsal):
            return "mistake"
        if self.lost:
            return "lost"
        return "completed" if self.reason is None else "stopped"

    @property
    def is_undone(self) -> bool:
        """Whether the room is put back whatever the routine says."""
        return self.rehearsal or self.outcome == "mistake"

    @property
    def holds(self) -> bool:
        """Whether the room is still this session's."""
        if self.ended_for is None:
            return True
        if self.is_health_stop:
            return self.ended_for < max(self.after, SAFE_LIGHT)
        return self.outcome == "completed" and self.ended_for < self.after

    @property
    def diffuses(self) -> bool:
        """Whether a diffuser may be on."""
        if not self.runs or self.is_paused:
            return False
        if not self.plan.interval:
            return self.ran < self.plan.cap
        rounds, into = divmod(self.ran, 2 * self.plan.interval)
        used = rounds * self.plan.interval + into
        return into < self.plan.interval and used < self.plan.cap

    def loudness(self, *, keeps: bool) -> float:
        """How much of its volume the music has: up in 20 seconds, down in the last.

        Music that plays on after the end does not get quieter before it.
        """
        share = min(1.0, self.ran / FADE_IN)
        fade_out = min(FADE_OUT, self.wind_down)
        if fade_out and not keeps:
            share = min(share, self.remaining / fade_out)
        return share

    @property
    def phase(self) -> str:
        """The stretch of a session that has not ended."""
        if self.prepare:
            return "prepare"
        if self.elapsed < self.settle:
            return "settle"
        return "wind_down" if self.remaining <= self.wind_down else "rest"

    @property
    def kept(self) -> Kept | None:
        """What belongs into the journal of a session that ended."""
        outcome = self.outcome
        if outcome in (None, "mistake") or self.rehearsal:
            return None
        return Kept(
            routine=self.plan.routine,
            outcome=str(outcome),
            reason=self.reason,
            minutes=self.elapsed / MINUTE,
        )

    # -- time ------------------------------------------------------------------

    def tick(self, by: timedelta, *, unwatched: bool = False) -> Stopwatch:
        """Return it after some time; `unwatched` if Home Assistant was down."""
        if self.ended_for is not None:
            return replace(self, ended_for=self.ended_for + by)
        if self.paused_for is not None:
            paused_for = self.paused_for + by
            if paused_for < PAUSE_LIMIT:
                return replace(self, paused_for=paused_for)
            return replace(self, ended_for=paused_for - PAUSE_LIMIT, lost=True)
        prepare = min(by, self.prepare)
        on_mat = min(by - prepare, self.remaining)
        left = by - prepare - on_mat
        after = replace(
            self,
            prepare=self.prepare - prepare,
            elapsed=self.elapsed + on_mat,
            remaining=self.remaining - on_mat,
            ran=self.ran + prepare + on_mat,
        )
        if after.remaining:
            return after
        return replace(after, ended_for=left, lost=unwatched)

    # -- what is done to it ----------------------------------------------------

    def pause(self) -> Stopwatch | None:
        """Return it paused; None if that is refused, as with all of these."""
        if not self.runs or self.is_paused:
            return None
        return replace(self, paused_for=ZERO)

    def resume(self) -> Stopwatch | None:
        return replace(self, paused_for=None) if self.is_paused else None

    def extend(self, minutes: float) -> Stopwatch | None:
        by = minutes * MINUTE
        if not self.runs or self.elapsed + self.remaining + by > 60 * MINUTE:
            return None
        return replace(self, remaining=self.remaining + by)

    def stop(self, reason: str | None) -> Stopwatch | None:
        if not self.runs:
            return None
        return replace(self, ended_for=ZERO, reason=reason or "enough")

    def skip(self) -> Stopwatch | None:
        """Return it at its next phase; in `after`, with the room released."""
        if self.ended_for is not None:
            if not self.holds or self.is_health_stop:
                return None
            return replace(self, after=self.ended_for)
        match self.phase:
            case "prepare":
                return replace(self, prepare=ZERO).tick(ZERO)
            case "settle":
                left = self.settle - self.elapsed
                return replace(
                    self, settle=self.elapsed, remaining=self.remaining - left
                )
            case "rest":
                now = replace(self, remaining=self.wind_down)
                return now if self.wind_down else replace(now, ended_for=ZERO)
            case _:
                return replace(self, remaining=ZERO, ended_for=ZERO)
