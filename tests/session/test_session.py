"""What a session answers, and when it refuses."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from custom_components.acupressure_mat.session.routine import (
    EndPolicy,
    PhaseName,
    Routine,
)
from custom_components.acupressure_mat.session.session import (
    Outcome,
    Reason,
    Session,
    SessionError,
)

from .timelines import START, TIMELINES, minutes, play

BEDTIME = Routine(id="bedtime", name="Bedtime", diffusers=("switch.diffuser",))


def started(routine: Routine = BEDTIME, asked: float = 20) -> Session:
    return Session.start(routine, minutes(asked), START, id="one")


@pytest.mark.parametrize(
    ("timeline", "row"),
    [
        pytest.param(t, row, id=f"{t['id']}: at {row['at']}")
        for t in TIMELINES
        for row in t["rows"]
    ],
)
def test_timeline(timeline: dict[str, Any], row: dict[str, Any]) -> None:
    """The table reads as the product: minute, phase, remaining, next change."""
    session, now = play(timeline), START + minutes(row["at"])
    answers = {
        "at": row["at"],
        "phase": session.phase(now),
        "remaining": session.remaining(now) / minutes(1),
        "next": (n := session.next_change(now)) and (n - START) / minutes(1),
    }
    outcome = session.outcome(now)
    if outcome or "outcome" in row:
        answers["outcome"] = outcome
    if "diffuses" in row:
        answers["diffuses"] = session.diffuses(now)
    assert answers == pytest.approx(row)


def test_every_timeline_has_a_sentence_of_its_own() -> None:
    """Two equal ids would hide one of two failures."""
    ids = [timeline["id"] for timeline in TIMELINES]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("asked", [0, -5, 0.99, 60.01, 1e6])
def test_start_refuses_an_absurd_duration(asked: float) -> None:
    """Not clamped: the person would not know why it lasted otherwise."""
    with pytest.raises(SessionError) as refusal:
        started(asked=asked)
    assert refusal.value.key == "duration_out_of_range"
    assert refusal.value.placeholders == {"minimum": "1", "maximum": "60"}


@pytest.mark.parametrize("by", [0, -1, 41])
def test_extend_refuses_what_is_no_extension_or_past_an_hour(by: float) -> None:
    """A negative extension would be a hidden skip; an hour is the most."""
    with pytest.raises(SessionError) as refusal:
        started().extend(minutes(by), START + minutes(3))
    assert refusal.value.key == "duration_out_of_range"


def test_who_lay_down_for_a_minute_may_stay_for_the_whole_hour() -> None:
    """By more than there was, as often as there is room."""
    session = started(asked=1).extend(minutes(58), START)
    assert session.extend(minutes(1), START + minutes(3)).planned == minutes(60)


@pytest.mark.parametrize(
    ("operation", "key"),
    [
        ("pause", "not_running"),
        ("resume", "not_running"),
        ("skip", "nothing_to_skip"),
        ("extend", "not_running"),
        ("stop", "not_running"),
    ],
)
def test_a_session_that_ended_refuses_changes(operation: str, key: str) -> None:
    """A late tap must not revive a session whose record is written."""
    session, now = started(), START + minutes(30)
    with pytest.raises(SessionError) as refusal:
        match operation:
            case "pause":
                session.pause(now)
            case "resume":
                session.resume(now)
            case "skip":
                session.skip_phase(now)
            case "extend":
                session.extend(minutes(5), now)
            case "stop":
                session.stop(now)
    assert refusal.value.key == key


def test_pausing_twice_and_resuming_unpaused_are_refused_with_their_reason() -> None:
    """Silence here would hide a second tap that did nothing."""
    session = started()
    with pytest.raises(SessionError, match=r"^not_paused$"):
        session.resume(START + minutes(2))
    with pytest.raises(SessionError, match=r"^already_paused$"):
        session.pause(START + minutes(2)).pause(START + minutes(3))


def test_a_clock_set_back_in_a_pause_takes_nothing_away() -> None:
    """Resumed before it was paused, by the clock, it would have lasted longer already."""
    session = started().pause(START + minutes(8)).resume(START + minutes(7))
    assert session.paused == timedelta(0)
    assert session.pause(START - minutes(1)).paused_at == START


def test_resuming_after_the_pause_limit_is_refused() -> None:
    """The session ended at the limit, even if nobody had asked it yet."""
    paused = started().pause(START + minutes(5))
    with pytest.raises(SessionError, match="not_running"):
        paused.resume(START + minutes(20))


def test_after_a_health_stop_the_safe_light_cannot_be_skipped() -> None:
    """A second tap meant for the music must not make it dark."""
    stopped = started().stop(START + minutes(5), Reason.DIZZINESS)
    with pytest.raises(SessionError, match=r"^nothing_to_skip$"):
        stopped.skip_phase(START + minutes(6))


def test_skipping_at_the_very_end_of_a_phase_skips_the_next() -> None:
    """At that moment it is the next one already; to the card and to the ear."""
    session = started().skip_phase(START + minutes(4))
    assert session.planned == minutes(5)
    assert session.phase(START + minutes(4)) is PhaseName.WIND_DOWN


def test_skipping_what_comes_after_releases_the_room_now() -> None:
    """Not a moment ago: what happened in between happened in the room."""
    now = START + minutes(22)
    assert started().skip_phase(now).released_at(now) == now


def test_a_rehearsal_of_seconds_can_be_extended_by_seconds() -> None:
    """An hour is the most, but a minute is the least at the start only."""
    session = Session.rehearse(
        BEDTIME, minutes(20), timedelta(seconds=26), START, id="one"
    )
    longer = session.extend(timedelta(seconds=10), START)
    assert longer.planned == session.planned + timedelta(seconds=10)


def test_losing_a_stopped_session_keeps_its_reason() -> None:
    """A restart between the stop and its record must not rewrite why."""
    stopped = started().stop(START + minutes(5), Reason.PAIN)
    assert stopped.lose(START + minutes(50)) == stopped


def test_finishes_at_is_unknown_only_while_paused() -> None:
    """A paused session that named a time would promise what it cannot keep."""
    session = started()
    assert session.finishes_at == START + minutes(21)
    paused = session.pause(START + minutes(5))
    assert paused.finishes_at is None
    resumed = paused.resume(START + minutes(7))
    assert resumed.finishes_at == START + minutes(23)
    assert resumed.stop(START + minutes(9)).finishes_at == START + minutes(9)


def test_asked_stays_while_planned_follows() -> None:
    """The record tells what was wanted and what it became."""
    session = started().extend(minutes(5), START + minutes(2))
    session = session.skip_phase(START + minutes(3))
    assert session.asked == minutes(20)
    assert session.planned == minutes(24)


def test_timeline_names_each_phase_that_happens_with_its_end() -> None:
    """What the card draws; a phase of no length would be an empty arc."""
    session = started(replace(BEDTIME, prepare=timedelta(0)))
    assert session.timeline() == (
        (PhaseName.SETTLE, minutes(3)),
        (PhaseName.REST, minutes(18)),
        (PhaseName.WIND_DOWN, minutes(20)),
        (PhaseName.AFTER, minutes(25)),
    )
    bare = replace(BEDTIME, after=timedelta(0))
    assert started(bare).timeline()[-1] == (PhaseName.WIND_DOWN, minutes(21))


def test_timeline_of_a_session_that_was_skipped_away_has_only_its_after() -> None:
    """Skipped at its first moment, it still gives time to get up."""
    session = started(replace(BEDTIME, prepare=timedelta(0)))
    for _ in range(3):
        session = session.skip_phase(START)
    assert session.timeline() == ((PhaseName.AFTER, minutes(5)),)


def test_reached_is_the_phase_in_which_the_body_was() -> None:
    """After a stop `phase` is None, but the record wants to know."""
    session = started()
    assert session.stop(START + minutes(0.5), Reason.PAIN).reached(START) == "prepare"
    assert session.stop(START + minutes(5)).reached(START + minutes(9)) == "rest"
    assert session.reached(START + minutes(99)) == "wind_down"


@pytest.mark.parametrize(
    ("at", "share"),
    [
        pytest.param(0, 0.0, id="silent at the start"),
        pytest.param(10 / 60, 0.5, id="half way up after ten seconds"),
        pytest.param(20 / 60, 1.0, id="there after twenty"),
        pytest.param(19.9, 1.0, id="loud until the last minute"),
        pytest.param(20.5, 0.5, id="half way down in its middle"),
        pytest.param(21, 0.0, id="silent at the end"),
        pytest.param(22, 0.0, id="silent in after"),
    ],
)
def test_loudness_rises_and_falls_by_the_clock(at: float, share: float) -> None:
    """By the clock, not by steps: a late step must not stretch the fade."""
    assert started().loudness(START + minutes(at)) == pytest.approx(share)


def test_extending_during_the_last_minute_makes_it_loud_again() -> None:
    """The fade is a question to the clock, so nothing has to be cancelled."""
    now = START + minutes(20.5)
    assert started().extend(minutes(5), now).loudness(now) == 1.0


def test_without_fades_the_music_is_loud_from_start_to_end() -> None:
    """Zero means none, not a division by it."""
    routine = replace(BEDTIME, fade_in=timedelta(0), fade_out=timedelta(0))
    assert started(routine).loudness(START) == 1.0
    assert started(routine).loudness(START + minutes(20.99)) == 1.0
    assert started(routine).loudness(START + minutes(21)) == 0.0


def test_a_short_wind_down_shortens_the_fade() -> None:
    """Otherwise a one-minute session would fade from its first second."""
    assert started(asked=1).fade_out == timedelta(seconds=12)


def test_music_kept_as_a_sleep_timer_fades_at_its_own_end() -> None:
    """Ten minutes more to fall asleep by: loud to the last minute, never a second dip."""
    routine = replace(BEDTIME, keep_playing=minutes(10))
    session = started(routine)
    assert session.silent_at(START) == START + minutes(31)
    loudness = [session.loudness(START + minutes(at)) for at in (20.5, 21, 30, 30.5)]
    assert loudness == [1, 1, 1, pytest.approx(0.5)]
    assert session.loudness(START + minutes(31)) == 0


def test_a_sleep_timer_shorter_than_the_fade_shortens_it() -> None:
    """Otherwise the music would dip while the person still lies on the mat."""
    session = started(replace(BEDTIME, keep_playing=minutes(0.5)))
    assert session.fade_out == minutes(0.5)
    assert session.loudness(START + minutes(21)) == 1
    assert session.loudness(START + minutes(21.25)) == pytest.approx(0.5)


@pytest.mark.parametrize("at", [0.1, 5, 20.5])
def test_a_pause_keeps_the_music_where_it_was(at: float) -> None:
    """However long it is: the fade goes on where it stood, not where the clock is."""
    paused = started(replace(BEDTIME, keep_playing=minutes(0.5)))
    now = START + minutes(at)
    paused, loud = paused.pause(now), paused.loudness(now)
    for later in (0, 1, 14):
        assert paused.loudness(now + minutes(later)) == loud


def test_a_stopped_session_is_silent_whatever_the_clock_says() -> None:
    """Set back just after the stop, it must not bring the music up again."""
    stopped = started().stop(START + minutes(9))
    assert stopped.loudness(START + minutes(8)) == 0.0


def test_music_that_is_kept_does_not_fade() -> None:
    """Faded first and left on, it would go on without a sound all night."""
    kept = started(replace(BEDTIME, music_end=EndPolicy.KEEP))
    assert kept.fade_out == timedelta(0)
    assert kept.loudness(START + minutes(20.99)) == 1
    timed = replace(BEDTIME, music_end=EndPolicy.KEEP, keep_playing=minutes(5))
    assert started(timed).fade_out == minutes(1)


def test_the_music_of_a_paused_session_has_no_end_yet() -> None:
    """And a stop ends it at once, sleep timer or not."""
    routine = replace(BEDTIME, keep_playing=minutes(10))
    now = START + minutes(5)
    assert started(routine).pause(now).silent_at(now) is None
    stopped = started(routine).stop(now)
    assert stopped.silent_at(now) == now
    assert stopped.loudness(now) == 0


@pytest.mark.parametrize(
    ("at", "seconds"),
    [
        pytest.param(5, 10, id="as configured"),
        pytest.param(3.9, 6, id="not beyond the end of its phase"),
        pytest.param(30, 5, id="quickly once all is over"),
    ],
)
def test_the_light_changes_within_its_phase(at: float, seconds: float) -> None:
    """Two fades at a time would fight over one lamp."""
    fade = started().fade(START + minutes(at))
    assert fade.total_seconds() == pytest.approx(seconds)


def test_quick_motion_has_quick_light() -> None:
    """A rehearsal of half a minute shows each phase, not one long fade."""
    rehearsal = Session.rehearse(BEDTIME, minutes(20), minutes(20), START, id="one")
    assert rehearsal.fade(START + minutes(5)) == timedelta(seconds=5)


def test_shifted_with_the_clock_on_the_wall_it_answers_the_same() -> None:
    """A clock set back by an hour must not make the session an hour longer."""
    hour = timedelta(hours=-1)
    session = started().pause(START + minutes(4)).resume(START + minutes(5))
    session = session.pause(START + minutes(8))
    shifted, now = session.shift(hour), START + minutes(9)
    assert shifted.remaining(now + hour) == session.remaining(now)
    assert shifted.next_change(now + hour) == session.next_change(now) + hour  # type: ignore[operator]
    stopped = session.stop(now)
    assert stopped.shift(hour).finishes_at == now + hour


def test_a_rehearsal_is_the_whole_routine_in_quick_motion() -> None:
    """All five phases in half a minute, and a stop is no mistake to be undone."""
    rehearsal = Session.rehearse(
        BEDTIME, minutes(20), timedelta(seconds=26), START, id="one"
    )
    assert [phase.length.total_seconds() for phase in rehearsal.phases] == [
        1,
        3,
        15,
        2,
        5,
    ]
    assert rehearsal.outcome(START + timedelta(seconds=21)) is Outcome.COMPLETED
    assert rehearsal.released_at(START + minutes(1)) == START + timedelta(seconds=26)
