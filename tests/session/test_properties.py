"""What holds for any session, whatever is done to it and whenever it is asked."""

from collections.abc import Iterator
from datetime import datetime, timedelta
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.acupressure_mat.session.routine import (
    Kind,
    Media,
    PhaseName,
    Routine,
)
from custom_components.acupressure_mat.session.session import (
    Reason,
    Session,
    SessionError,
    Source,
)

from .timelines import START

ZERO = timedelta(0)
YEARS = timedelta(days=365 * 30)


def seconds(low: float, high: float) -> st.SearchStrategy[timedelta]:
    return st.integers(int(low), int(high)).map(lambda s: timedelta(seconds=s))


routines = st.builds(
    Routine,
    id=st.just("bedtime"),
    name=st.text(min_size=1, max_size=8),
    kind=st.sampled_from(Kind),
    prepare=seconds(0, 300),
    settle=seconds(0, 600),
    wind_down=seconds(0, 600),
    after=seconds(0, 1800),
    diffusers=st.sampled_from([(), ("switch.diffuser",)]),
    cap=seconds(60, 3600),
    interval=st.sampled_from([ZERO, timedelta(minutes=1), timedelta(minutes=10)]),
    volume=st.none() | st.floats(0, 1),
    media=st.none() | st.just(Media(content_id="calm", content_type="music")),
)
steps = st.lists(
    st.tuples(
        seconds(0, 1200),
        st.sampled_from(["pause", "resume", "skip", "extend", "stop", "lose", "look"]),
        st.sampled_from([None, *Reason]),
    ),
    max_size=12,
)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[timedelta, str, Session]]:
    """Return the session after each step, with the time since the start."""
    at = ZERO
    session = Session.start(
        draw(routines),
        draw(seconds(60, 3600)),
        START,
        id="one",
        source=draw(st.sampled_from(Source)),
    )
    history = [(at, "start", session)]
    for wait, operation, reason in draw(steps):
        at += wait
        now = START + at
        try:
            match operation:
                case "pause":
                    session = session.pause(now)
                case "resume":
                    session = session.resume(now)
                case "skip":
                    session = session.skip_phase(now)
                case "extend":
                    session = session.extend(timedelta(minutes=5), now)
                case "stop":
                    session = session.stop(now, reason)
                case "lose":
                    session = session.lose(now)
        except SessionError:
            operation = "refused"  # noqa: PLW2901 - what became of it
        history.append((at, operation, session))
    return history


@given(histories())
def test_elapsed_and_remaining_are_always_planned(
    history: list[tuple[timedelta, str, Session]],
) -> None:
    """The ring, the sensor and the record must never disagree by a second."""
    for at, _, session in history:
        now = START + at
        assert session.elapsed(now) + session.remaining(now) == session.planned
        assert session.elapsed(now) >= ZERO
        assert session.remaining(now) >= ZERO


@given(histories())
def test_remaining_grows_only_by_extend(
    history: list[tuple[timedelta, str, Session]],
) -> None:
    """Whatever else happens, nobody lies longer than they were told."""
    left = history[0][2].planned
    for at, operation, session in history:
        remaining = session.remaining(START + at)
        if operation == "extend":
            left += timedelta(minutes=5)
        assert remaining <= left
        left = remaining


@given(histories())
def test_a_session_survives_the_disk(
    history: list[tuple[timedelta, str, Session]],
) -> None:
    """Equal, not similar: a restart must not move a phase by a microsecond."""
    for _, _, session in history:
        stored = json.loads(json.dumps(session.as_dict()))
        assert Session.from_dict(stored) == session


@given(histories(), st.timedeltas(-YEARS, YEARS))
def test_it_answers_at_any_moment(
    history: list[tuple[timedelta, str, Session]], at: timedelta
) -> None:
    """Before its start and years later: no question raises."""
    session, now = history[-1][2], START + at
    session.phase(now)
    session.reached(now)
    session.timeline()
    assert 0 <= session.loudness(now) <= 1
    assert session.diffuses(now) in (True, False)
    change = session.next_change(now)
    assert change is None or change > now
    assert session.elapsed(now) + session.remaining(now) == session.planned


@given(histories())
def test_left_alone_it_ends(history: list[tuple[timedelta, str, Session]]) -> None:
    """Followed from change to change it comes to an outcome and releases the room.

    A change that did not move the clock on would wake Home Assistant for ever.
    """
    at, _, session = history[-1]
    now = START + at
    for _ in range(200):
        change = session.next_change(now)
        if change is None:
            break
        now = change
    else:
        pytest.fail("it wakes for ever")
    assert session.outcome(now) is not None
    assert session.phase(now) is None
    assert not session.diffuses(now)
    assert session.outcome(now + YEARS) is session.outcome(now)


QUESTIONS = (Session.phase, Session.outcome, Session.diffuses)


def changes(session: Session, now: datetime) -> Iterator[tuple[datetime, ...]]:
    """Yield each change to come: since when it was so, until just before, and when."""
    while (change := session.next_change(now)) is not None:
        yield now, max(now, change - timedelta(microseconds=1)), change
        now = change


@given(histories())
def test_between_two_changes_nothing_changes(
    history: list[tuple[timedelta, str, Session]],
) -> None:
    """Whoever sleeps until `next_change` misses nothing."""
    at, _, session = history[-1]
    for since, just_before, _ in changes(session, START + at):
        for question in QUESTIONS:
            assert question(session, since) == question(session, just_before)


@given(histories())
def test_nobody_is_woken_for_nothing(
    history: list[tuple[timedelta, str, Session]],
) -> None:
    """At each change an answer changes: otherwise Home Assistant would tick."""
    at, _, session = history[-1]
    for _, just_before, change in changes(session, START + at):
        assert any(q(session, change) != q(session, just_before) for q in QUESTIONS)


@given(histories())
def test_a_diffuser_is_never_on_for_longer_than_its_cap(
    history: list[tuple[timedelta, str, Session]],
) -> None:
    """Summed over the whole session, pauses and all."""
    at, _, session = history[-1]
    if session.is_paused:
        session = (
            session.stop(START + at) if not session.outcome(START + at) else session
        )
    now, on = session.started_at, ZERO
    while (change := session.next_change(now)) is not None:
        if session.diffuses(now):
            on += change - now
        now = change
    assert on <= session.routine.cap + session.paused


@given(histories())
def test_phases_come_in_their_order(
    history: list[tuple[timedelta, str, Session]],
) -> None:
    """Only an extension in wind_down may lead back."""
    order = list(PhaseName)
    last = 0
    for at, operation, session in history:
        phase = session.phase(START + at)
        if phase is None:
            break
        if operation != "extend":
            assert order.index(phase) >= last
        last = order.index(phase)
