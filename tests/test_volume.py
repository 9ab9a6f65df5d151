"""Whether what a player tells of its volume is our own echo, or a hand's doing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.acupressure_mat.environment.volume import Volume, met_anew
from custom_components.acupressure_mat.session.routine import Cue

START = datetime(2026, 11, 22, 21, tzinfo=UTC)


def at(second: float) -> datetime:
    """Return a moment of the evening."""
    return START + timedelta(seconds=second)


def volume(*levels: tuple[float, float], heard: float | None = None) -> Volume:
    """Return a volume that was set to levels, each in its second."""
    found = Volume()
    for second, level in levels:
        found.set(level, heard, at(second))
    return found


STEPS = ((0, 0.1), (1, 0.2), (2, 0.3))


@pytest.mark.parametrize(
    ("levels", "second", "told", "is_hand"),
    [
        pytest.param((), 1, 0.4, False, id="nothing of ours"),
        pytest.param(((0, 0.2),), 1, 0.2, False, id="as it was set"),
        pytest.param(((0, 0.2),), 1, 0.215, False, id="rounded up"),
        pytest.param(((0, 0.2),), 1, 0.185, False, id="rounded down"),
        pytest.param(((0, 0.2),), 1, 0.217, True, id="louder than any rounding"),
        pytest.param(((0, 0.2),), 1, 0.183, True, id="quieter than any rounding"),
        pytest.param(STEPS, 3, 0.1, False, id="two steps late"),
        pytest.param(STEPS, 3, 0.085, False, id="late, and rounded"),
        pytest.param(STEPS, 3, 0.15, False, id="between two steps"),
        pytest.param(STEPS, 3, 0.08, True, id="below all steps"),
        pytest.param(STEPS, 3, 0.32, True, id="above all steps"),
        pytest.param(STEPS, 10.9, 0.1, False, id="as late as an echo may be"),
        pytest.param(STEPS, 11, 0.1, True, id="later than an echo may be"),
        pytest.param((*STEPS, (9, 0.3)), 13, 0.2, True, id="set anew to the same"),
        pytest.param((*STEPS, (9, 0.4)), 13, 0.3, False, id="set anew to another"),
    ],
)
def test_an_echo_that_lags_is_no_hand(
    levels: tuple[tuple[float, float], ...], second: float, told: float, is_hand: bool
) -> None:
    """Up to ten seconds late, wherever the fade was by then."""
    assert volume(*levels).is_hand(told, foreign=False, now=at(second)) is is_hand


@pytest.mark.parametrize(
    ("told", "is_hand"), [(0.3, False), (0.2, True), (0.1, True), (0.6, True)]
)
def test_somebody_else_is_a_hand_wherever_that_is(told: float, is_hand: bool) -> None:
    """An automation may set what our fade was at a second ago; not what it is at."""
    found = volume(*STEPS, heard=0.6)
    assert found.is_hand(told, foreign=True, now=at(3)) is is_hand


@pytest.mark.parametrize(
    ("told", "is_hand"), [(0.6, False), (0.4, False), (0.615, False), (0.63, True)]
)
def test_a_player_that_has_not_heard_us_yet_is_where_it_was(
    told: float, is_hand: bool
) -> None:
    """However long that takes, and however often we asked since."""
    found = volume(*STEPS, heard=0.6)
    found.set(0.2, 0.9, at(60))
    assert found.is_hand(told, foreign=False, now=at(300)) is is_hand


@pytest.mark.parametrize("echo", [pytest.param(0.3, id="at its end"), 0.15])
def test_from_its_first_echo_on_where_it_was_is_a_hand(echo: float) -> None:
    """Who turns it up to the old level means it."""
    found = volume(*STEPS, heard=0.6)
    assert not found.is_hand(echo, foreign=False, now=at(3))
    assert found.is_hand(0.6, foreign=False, now=at(4))


@pytest.mark.parametrize(
    ("level", "was_ours", "hand", "is_ours"),
    [
        pytest.param(None, False, False, False, id="never set"),
        pytest.param(0.2, False, False, True, id="set"),
        pytest.param(None, True, False, True, id="set before a restart"),
        pytest.param(0.2, False, True, False, id="set, and then by a hand"),
        pytest.param(None, True, True, False, id="by a hand before a restart"),
    ],
)
def test_only_what_is_ours_goes_back(
    level: float | None, was_ours: bool, hand: bool, is_ours: bool
) -> None:
    """What a hand set stays, and what we never set is nothing to put back."""
    found = volume() if level is None else volume((0, level))
    if was_ours:
        found.was_ours = True
    if hand:
        found.hand = True
    assert found.is_ours is is_ours


def test_a_hand_is_told_of_once() -> None:
    """From then on all that the player tells is theirs."""
    found = volume((0, 0.2))
    found.hand = True
    assert not found.is_hand(0.9, foreign=True, now=at(1))


@pytest.mark.parametrize(
    ("was_ours", "foreign", "is_hand"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_after_a_restart_only_somebody_proves_a_hand(
    was_ours: bool, foreign: bool, is_hand: bool
) -> None:
    """Which level was ours is not known any more; whose command it was is."""
    found = Volume()
    found.was_ours = was_ours
    assert found.is_hand(0.4, foreign=foreign, now=START) is is_hand


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        pytest.param(
            {"volume_level": 0.4, "is_volume_muted": False, "source": "tv"},
            {"volume_level": 0.4, "is_volume_muted": False, "source": "radio"},
            id="all",
        ),
        pytest.param(
            {"is_volume_muted": True},
            {"is_volume_muted": True, "source": "radio"},
            id="a level that it does not tell while off",
        ),
        pytest.param(None, {"source": "radio"}, id="a player that is gone"),
    ],
)
def test_met_anew_only_the_volume_is_of_now(
    told: dict[str, object] | None, kept: dict[str, object]
) -> None:
    """What the hand on the volume did not change goes back as it was found."""
    radio = Cue(
        entity_id="media_player.radio",
        state="playing",
        attributes={"volume_level": 0.6, "is_volume_muted": True, "source": "radio"},
    )
    found = None if told is None else replace(radio, state="idle", attributes=told)
    assert met_anew(radio, found) == replace(radio, attributes=kept)
