"""A session says at every moment what a person with a stopwatch would say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, strategies as st
import pytest

from custom_components.acupressure_mat.session.record import Record
from custom_components.acupressure_mat.session.routine import Routine
from custom_components.acupressure_mat.session.session import (
    Reason,
    Session,
    SessionError,
)

from .stopwatch import MINUTE, Plan, Stopwatch
from .timelines import START


def seconds(low: int, high: int) -> st.SearchStrategy[timedelta]:
    return st.integers(low, high).map(lambda s: timedelta(seconds=s))


plans = st.builds(
    Plan,
    routine=st.just("Bedtime"),
    prepare=seconds(0, 120),
    settle=seconds(0, 300),
    wind_down=seconds(0, 300),
    after=seconds(0, 600),
    cap=seconds(60, 900),
    interval=seconds(0, 120),
)
steps = st.lists(
    st.tuples(
        seconds(0, 240),
        st.sampled_from(
            ["look", "pause", "resume", "skip", "extend", "stop", "absence"]
        ),
        st.sampled_from([None, *Reason]),
    ),
    max_size=12,
)


@dataclass
class Both:
    """A session and a stopwatch that see the same."""

    session: Session
    watch: Stopwatch
    now: datetime = START

    def do(self, step: str, reason: Reason | None) -> None:
        """Do it to both; either both refuse or none does."""
        watch, session, now = self.watch, self.session, self.now
        does: dict[str, tuple[Stopwatch | None, Callable[[], Session]]] = {
            "pause": (watch.pause(), lambda: session.pause(now)),
            "resume": (watch.resume(), lambda: session.resume(now)),
            "skip": (watch.skip(), lambda: session.skip_phase(now)),
            "extend": (watch.extend(5), lambda: session.extend(5 * MINUTE, now)),
            "stop": (watch.stop(reason), lambda: session.stop(now, reason)),
        }
        if step not in does:
            return
        changed, change = does[step]
        if changed is None:
            with pytest.raises(SessionError):
                change()
        else:
            self.watch, self.session = changed, change()

    def compare(self) -> None:
        watch, session, now = self.watch, self.session, self.now
        assert session.outcome(now) == watch.outcome
        assert session.diffuses(now) == watch.diffuses
        assert (session.phase(now) is not None) == watch.holds
        assert abs(session.elapsed(now) - watch.elapsed) <= SLACK
        assert abs(session.remaining(now) - watch.remaining) <= SLACK
        if watch.runs:
            assert session.is_paused == watch.is_paused
            assert session.reached(now) == watch.phase
        record = Record.of(session, now, UTC)
        assert (record is None) == (watch.kept is None)


# Scaled lengths are rounded to microseconds, by each in its own order.
SLACK = timedelta(microseconds=50)


NO_WIND_DOWN = Plan(
    routine="Bedtime",
    prepare=timedelta(0),
    settle=timedelta(0),
    wind_down=timedelta(0),
    after=timedelta(0),
    cap=MINUTE,
    interval=timedelta(0),
)


# Skipped while paused, with nothing left to come: it once waited for the pause to end.
@example(
    NO_WIND_DOWN, 1, None, [(timedelta(0), "pause", None), (timedelta(0), "skip", None)]
)
@given(plans, st.integers(1, 20), st.none() | seconds(5, 300), steps)
def test_both_say_the_same(
    plan: Plan,
    minutes: int,
    within: timedelta | None,
    steps: list[tuple[timedelta, str, Reason | None]],
) -> None:
    """Counting down and computing from timestamps have no mistake in common."""
    routine = Routine(
        id="bedtime",
        name="Bedtime",
        prepare=plan.prepare,
        settle=plan.settle,
        wind_down=plan.wind_down,
        after=plan.after,
        diffusers=("switch.diffuser",),
        cap=plan.cap,
        interval=plan.interval,
    )
    if within is None:
        both = Both(
            Session.start(routine, minutes * MINUTE, START, id="x"),
            Stopwatch.start(plan, minutes),
        )
    else:
        both = Both(
            Session.rehearse(routine, minutes * MINUTE, within, START, id="x"),
            Stopwatch.rehearse(plan, minutes, within),
        )
    for whole, step, reason in steps:
        # A hundredth more, so that no moment is exactly a boundary.
        wait = whole + timedelta(milliseconds=10)
        both.now += wait
        was_over = both.session.outcome(both.now - wait) is not None
        both.watch = both.watch.tick(wait, unwatched=step == "absence")
        if step == "absence" and not was_over and both.session.outcome(both.now):
            both.session = both.session.lose(both.now)
        both.do(step, reason)
        both.compare()
