"""Session, Outcome, SessionError: timestamps in, answers out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from .codec import from_dict, to_dict
from .routine import MAX_DURATION, MIN_DURATION, EndPolicy, Phase, PhaseName, Routine

ZERO = timedelta(0)
PAUSE_LIMIT = timedelta(minutes=15)
# Stopping sooner than this on the mat was a mistake, unless it hurt.
MISTAKE_LIMIT = timedelta(minutes=1)
# How long the light takes at the most when a session ends.
LAST_FADE = timedelta(seconds=5)
# How long the light stays safe to get up by after a stop for health, at the least.
SAFE_LIGHT = timedelta(minutes=5)


class Outcome(StrEnum):
    """How a session ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    LOST = "lost"
    MISTAKE = "mistake"


class Reason(StrEnum):
    """Why a session was stopped."""

    ENOUGH = "enough"
    INTERRUPTED = "interrupted"
    DISCOMFORT = "discomfort"
    PAIN = "pain"
    DIZZINESS = "dizziness"
    NUMBNESS = "numbness"
    MISTAKE = "mistake"


HEALTH_REASONS = frozenset(
    {Reason.DISCOMFORT, Reason.PAIN, Reason.DIZZINESS, Reason.NUMBNESS}
)


class Source(StrEnum):
    """What started a session."""

    USER = "user"
    AUTOMATION = "automation"
    VOICE = "voice"
    SCHEDULE = "schedule"
    SENSOR = "sensor"
    NOTIFICATION = "notification"


class SessionError(Exception):
    """The session is in no state for this; `key` says why, in words elsewhere."""

    def __init__(self, key: str, **placeholders: str) -> None:
        """Keep the key and what its sentence mentions."""
        super().__init__(key)
        self.key = key
        self.placeholders = placeholders


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One run of a routine: a few timestamps that answer for any moment.

    Moments are aware datetimes. Changes return a new session and raise
    SessionError with key `not_running`, `already_paused`, `not_paused`,
    `duration_out_of_range` or `nothing_to_skip`.
    """

    id: str
    routine: Routine
    started_at: datetime
    asked: timedelta
    phases: tuple[Phase, ...]
    source: Source = Source.USER
    # Plays the routine in quick motion; leaves no record.
    rehearsal: bool = False
    paused_at: datetime | None = None
    # All pauses before this one.
    paused: timedelta = field(default=ZERO)
    stopped_at: datetime | None = None
    reason: Reason | None = None
    lost: bool = False

    @staticmethod
    def start(
        routine: Routine,
        duration: timedelta,
        now: datetime,
        *,
        id: str,
        source: Source = Source.USER,
    ) -> Session:
        """Return a session of this length on the mat, prepare not counted."""
        _check_duration(duration)
        return Session(
            id=id,
            routine=routine,
            started_at=now,
            asked=duration,
            phases=routine.phases(duration),
            source=source,
        )

    @staticmethod
    def rehearse(
        routine: Routine,
        duration: timedelta,
        within: timedelta,
        now: datetime,
        *,
        id: str,
    ) -> Session:
        """Return the whole routine, prepare and after included, in so short a time."""
        session = Session.start(routine, duration, now, id=id)
        share = within / sum((p.length for p in session.phases), ZERO)
        return replace(
            session,
            rehearsal=True,
            phases=tuple(Phase(p.name, p.length * share) for p in session.phases),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the session as JSON data."""
        return to_dict(self)

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Session:
        """Return the session of such data; ValueError if it is none."""
        session = from_dict(Session, data)
        if tuple(p.name for p in session.phases) != tuple(PhaseName):
            raise ValueError("Session: phases are not the five in order")
        return session

    # -- what it answers -------------------------------------------------------

    def _length(self, name: PhaseName) -> timedelta:
        return next(phase.length for phase in self.phases if phase.name is name)

    @property
    def planned(self) -> timedelta:
        """Time on the mat, as skipping and extending left it."""
        return sum(
            (
                phase.length
                for phase in self.phases
                if phase.name not in (PhaseName.PREPARE, PhaseName.AFTER)
            ),
            ZERO,
        )

    def clock(self, now: datetime) -> timedelta:
        """Return the time since the start without pauses; stands still at the end."""
        until = self.paused_at or self.stopped_at or now
        end = self._length(PhaseName.PREPARE) + self.planned
        return min(max(until - self.started_at - self.paused, ZERO), end)

    def elapsed(self, now: datetime) -> timedelta:
        """Return the time on the mat so far."""
        return max(self.clock(now) - self._length(PhaseName.PREPARE), ZERO)

    def remaining(self, now: datetime) -> timedelta:
        """Return the time on the mat that is left."""
        return self.planned - self.elapsed(now)

    @property
    def is_paused(self) -> bool:
        """Whether the clock was stopped and neither resumed nor ended since."""
        return self.paused_at is not None and self.stopped_at is None

    @property
    def _end(self) -> datetime:
        """When the last phase on the mat ends if nobody pauses any more."""
        return (
            self.started_at
            + self.paused
            + self._length(PhaseName.PREPARE)
            + self.planned
        )

    @property
    def finishes_at(self) -> datetime | None:
        """When it ends or ended; None while paused, for then nobody knows."""
        if self.stopped_at is not None:
            return self.stopped_at
        return None if self.paused_at is not None else self._end

    def ended_at(self, now: datetime) -> datetime | None:
        """Return when it ended; None while it runs or is paused."""
        if self.stopped_at is not None:
            return self.stopped_at
        end = self._end if self.paused_at is None else self.paused_at + PAUSE_LIMIT
        return end if now >= end else None

    def outcome(self, now: datetime) -> Outcome | None:
        """Return how it ended; None while it runs or is paused."""
        if self.ended_at(now) is None:
            return None
        if self.reason is Reason.MISTAKE:
            return Outcome.MISTAKE
        if self.is_health_stop:
            return Outcome.STOPPED
        if self.elapsed(now) < MISTAKE_LIMIT and not self.rehearsal:
            return Outcome.MISTAKE
        if self.lost or self.is_paused:
            return Outcome.LOST
        return Outcome.COMPLETED if self.reason is None else Outcome.STOPPED

    @property
    def is_health_stop(self) -> bool:
        """Whether the person stopped because of how the body felt."""
        return self.reason in HEALTH_REASONS

    def released_at(self, now: datetime) -> datetime | None:
        """Return when the room is released; None while the session goes on.

        `after` follows a session that ran to its end, and a stop for health, when
        the person needs light to get up by. Any other end releases at once.
        """
        ended_at = self.ended_at(now)
        if ended_at is None:
            return None
        after = self._length(PhaseName.AFTER)
        if self.is_health_stop:
            return ended_at + max(after, SAFE_LIGHT)
        return ended_at + (after if self.outcome(now) is Outcome.COMPLETED else ZERO)

    def phase(self, now: datetime) -> PhaseName | None:
        """Return the phase, also of a paused session; None once released."""
        released_at = self.released_at(now)
        if released_at is not None:
            return PhaseName.AFTER if now < released_at else None
        return self.reached(now)

    def reached(self, now: datetime) -> PhaseName:
        """Return the phase up to which the person came, whatever came after."""
        clock, reached = self.clock(now), PhaseName.PREPARE
        for name, end in self._ends():
            reached = name
            if clock < end:
                break
        return reached

    def _ends(self) -> Iterator[tuple[PhaseName, timedelta]]:
        """Yield each phase on or before the mat with its end on the clock."""
        end = ZERO
        for phase in self.phases:
            if phase.length and phase.name is not PhaseName.AFTER:
                end += phase.length
                yield phase.name, end

    def timeline(self) -> tuple[tuple[PhaseName, timedelta], ...]:
        """Return each phase that happens, with its end counted from the start."""
        ends = tuple(self._ends())
        after = self._length(PhaseName.AFTER)
        if not after:
            return ends
        return (*ends, (PhaseName.AFTER, (ends[-1][1] if ends else ZERO) + after))

    def next_change(self, now: datetime) -> datetime | None:
        """Return the next moment at which an answer changes by itself."""
        released_at = self.released_at(now)
        if released_at is not None:
            return released_at if released_at > now else None
        if self.paused_at is not None:
            return self.paused_at + PAUSE_LIMIT
        origin = self.started_at + self.paused
        changes = [origin + end for _, end in self._ends()]
        if self.routine.diffusers:
            changes += [origin + change for change in self._diffuser_changes()]
        return min(change for change in changes if change > now)

    def diffuses(self, now: datetime) -> bool:
        """Return whether a diffuser may be on: within its cap, its interval on.

        The cap counts the time it could have been on since the start, so neither a
        pause nor a restart in between renews it.
        """
        if not self.routine.diffusers or self.is_paused or self.ended_at(now):
            return False
        clock, interval = self.clock(now), self.routine.interval
        if not interval:
            return clock < self.routine.cap
        rounds, into = divmod(clock, 2 * interval)
        return into < interval and rounds * interval + into < self.routine.cap

    def _diffuser_changes(self) -> Iterator[timedelta]:
        """Yield the moments on the clock at which `diffuses` turns over."""
        at, left = ZERO, self.routine.cap
        while left > ZERO:
            stretch = min(self.routine.interval or left, left)
            if at:
                yield at
            yield at + stretch
            left -= stretch
            at += 2 * stretch

    def silent_at(self, now: datetime) -> datetime | None:
        """Return when the music ends; None while the session is paused.

        `keep_playing` lets it go on, as a sleep timer, after a session that ran to
        its end.
        """
        if self.is_paused:
            return None
        return self.stopped_at or self._end + self.routine.keep_playing

    def loudness(self, now: datetime) -> float:
        """Return the share of the routine's volume that is due, 0 to 1.

        Up over the first seconds, down over the last ones before it is silent.
        """
        silent_at = self.silent_at(now)
        if self.stopped_at is not None or (silent_at is not None and now >= silent_at):
            return 0.0
        share = 1.0
        if self.routine.fade_in:
            share = min(share, self.clock(now) / self.routine.fade_in)
        if self.fade_out:
            ended = max(now - self._end, ZERO) if self.paused_at is None else ZERO
            end = self._length(PhaseName.PREPARE) + self.planned
            left = end - self.clock(now) + self.routine.keep_playing - ended
            share = min(share, left / self.fade_out)
        return share

    @property
    def fade_out(self) -> timedelta:
        """How long the music takes to fall silent: never more than wind_down.

        Music that is kept fades only if it is to end at all.
        """
        if self.routine.keep_playing:
            return min(self.routine.fade_out, self.routine.keep_playing)
        if self.routine.music_end is EndPolicy.KEEP:
            return ZERO
        return min(self.routine.fade_out, self._length(PhaseName.WIND_DOWN))

    def fade(self, now: datetime) -> timedelta:
        """Return how long the light takes to change.

        As configured, within the stretch that is left of the phase; the end of a
        session and quick motion do not take long.
        """
        change = self.next_change(now)
        if change is None or self.rehearsal:
            return min(self.routine.fade, LAST_FADE)
        return min(self.routine.fade, change - now)

    # -- what happens to it ----------------------------------------------------

    def _running(self, now: datetime) -> datetime:
        """Return the moment of a change, never before the last one."""
        if self.outcome(now) is not None:
            raise SessionError("not_running")
        return max(now, self.paused_at or self.started_at)

    def pause(self, now: datetime) -> Session:
        """Stop the clock."""
        now = self._running(now)
        if self.paused_at is not None:
            raise SessionError("already_paused")
        return replace(self, paused_at=now)

    def resume(self, now: datetime) -> Session:
        """Let the clock go on."""
        now = self._running(now)
        if self.paused_at is None:
            raise SessionError("not_paused")
        return replace(
            self, paused_at=None, paused=self.paused + (now - self.paused_at)
        )

    def extend(self, by: timedelta, now: datetime) -> Session:
        """Lengthen rest; in wind_down this returns to rest."""
        self._running(now)
        if by <= ZERO:
            raise _out_of_range()
        _check_duration(self.planned + by, least=ZERO)
        return self._with(PhaseName.REST, self._length(PhaseName.REST) + by)

    def skip_phase(self, now: datetime) -> Session:
        """Shorten the session by what is left of its phase.

        Skipping `after` releases the room; skipping the last phase on the mat ends
        the session, a paused one too.
        """
        phase = self.phase(now)
        if phase is None:
            raise SessionError("nothing_to_skip")
        ended_at = self.ended_at(now)
        if ended_at is not None:
            if self.is_health_stop:
                raise SessionError("nothing_to_skip")
            return self._with(phase, now - ended_at)
        clock = self.clock(now)
        start = max((end for _, end in self._ends() if end <= clock), default=ZERO)
        session = self._with(phase, clock - start)
        return (
            session.resume(now)
            if self.is_paused and not session.remaining(now)
            else session
        )

    def stop(self, now: datetime, reason: Reason | None = None) -> Session:
        """End it now; without a reason it was enough."""
        now = self._running(now)
        return replace(self, stopped_at=now, reason=reason or Reason.ENOUGH)

    def lose(self, now: datetime) -> Session:
        """Mark it as lost: it ended, or is given up, while nobody watched over it."""
        if self.stopped_at is not None:
            return self
        at = self.ended_at(now) or self._running(now)
        return replace(self, stopped_at=at, lost=True)

    def shift(self, by: timedelta) -> Session:
        """Move all its moments, as when the clock on the wall was set."""

        def moved(moment: datetime | None) -> datetime | None:
            return None if moment is None else moment + by

        return replace(
            self,
            started_at=self.started_at + by,
            paused_at=moved(self.paused_at),
            stopped_at=moved(self.stopped_at),
        )

    def _with(self, name: PhaseName, length: timedelta) -> Session:
        return replace(
            self,
            phases=tuple(
                Phase(name, length) if phase.name is name else phase
                for phase in self.phases
            ),
        )


def _out_of_range() -> SessionError:
    return SessionError(
        "duration_out_of_range",
        minimum=f"{MIN_DURATION / timedelta(minutes=1):.0f}",
        maximum=f"{MAX_DURATION / timedelta(minutes=1):.0f}",
    )


def _check_duration(duration: timedelta, least: timedelta = MIN_DURATION) -> None:
    if not least <= duration <= MAX_DURATION:
        raise _out_of_range()
