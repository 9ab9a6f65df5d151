"""A player of a room: what is due, and whose doing it is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.acupressure_mat.environment.player import Player
from custom_components.acupressure_mat.environment.sounds import BELL
from custom_components.acupressure_mat.session.routine import EndPolicy
from custom_components.acupressure_mat.session.session import Session

from .holders import RADIO, hold, tell
from .radio import (
    ALL,
    FOUND,
    MINUTE,
    PLAYING,
    elapse,
    music,
    obedient,
    radio,
    stopped,
    wanted,
)


@pytest.fixture
def asked(hass: HomeAssistant) -> list[str]:
    """Return what the radio is asked; it does all of that at once."""
    return obedient(hass)


# -- what is due ---------------------------------------------------------------


@pytest.mark.parametrize(
    "others",
    [
        pytest.param(list, id="music"),
        pytest.param(lambda: [music().pause(dt_util.utcnow())], id="another pauses"),
        pytest.param(lambda: [stopped(music())], id="another has ended"),
    ],
)
def test_it_plays_while_anybody_wants_music(
    player: Player, others: Callable[[], list[Session]]
) -> None:
    """A pause of one is no pause of the other."""
    hold(player, *others(), music())
    assert player.target() == wanted("playing")


@pytest.mark.parametrize(
    ("session", "was_asked", "due"),
    [
        pytest.param(
            lambda: music().pause(dt_util.utcnow()), True, "paused", id="pause"
        ),
        pytest.param(lambda: stopped(music()), True, "idle", id="the end"),
        pytest.param(lambda: stopped(music()), False, None, id="never asked"),
        pytest.param(
            lambda: stopped(music(music_end=EndPolicy.KEEP)), True, "idle", id="mistake"
        ),
        pytest.param(
            lambda: stopped(music(keep_playing=MINUTE)), True, "idle", id="no timer"
        ),
        pytest.param(
            lambda: replace(
                music(keep_playing=10 * MINUTE),
                started_at=dt_util.utcnow() - 22 * MINUTE,
                rehearsal=True,
            ),
            True,
            "idle",
            id="a rehearsal has no timer",
        ),
    ],
)
def test_what_is_due_of_one(
    player: Player, session: Any, was_asked: bool, due: str | None
) -> None:
    """Silence at the end, and nothing of what was never asked for."""
    hold(player, session())
    player.wanted = PLAYING if was_asked else None
    assert player.target() == (None if due is None else wanted(due))


def test_kept_music_is_left_alone_at_the_end(
    player: Player, freezer: FrozenDateTimeFactory
) -> None:
    """A sleep timer ends it after all; after a mistake it goes."""
    session = music(music_end=EndPolicy.KEEP)
    timer = music(music_end=EndPolicy.KEEP, keep_playing=10 * MINUTE)
    over = music()
    hold(player, session)
    player.wanted = PLAYING
    freezer.tick(22 * MINUTE)
    assert player.target() is None
    assert player.final(session) is None
    hold(player, session, over)
    assert player.target() is None
    hold(player, over, over)
    assert player.target() == wanted("idle")
    hold(player, timer, timer)
    assert player.target() == wanted("playing")
    assert player.final(timer) == FOUND
    # It ends ten minutes after those of prepare and of the session.
    freezer.tick(9 * MINUTE)
    assert player.target() == wanted("idle")


def test_what_has_ended_by_itself_or_is_not_there_is_not_asked(player: Player) -> None:
    """Silence in the middle is better than the same track from its start."""
    hold(player, music())
    player.ended = True
    assert player.target() is None
    player.ended, player.before = False, None
    assert player.target() is None
    assert player.final(music()) is None


def test_what_it_is_asked_once_more_is_no_detour(
    player: Player, freezer: FrozenDateTimeFactory
) -> None:
    """Its volume may have jumped; nobody waits for it to have been elsewhere first."""
    hold(player, music())
    playing, paused = wanted("playing"), wanted("paused")
    ways = [player.still_passing(playing)]
    player.wanted, player.origin = playing, FOUND
    player._until = dt_util.utcnow() + MINUTE
    ways += [player.still_passing(playing), player.still_passing(paused)]
    player._passing, player.wanted = ways[-1], paused
    ways += [player.still_passing(paused)]
    freezer.tick(2 * MINUTE)
    ways += [player.still_passing(paused)]
    assert ways == [(), (), (FOUND, playing), (FOUND, playing), ()]


# -- whether it did that -------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "plays"),
    [
        *(("playing", True), ("buffering", True), ("paused", False), ("idle", False)),
        *(("off", False), ("standby", False), ("on", False)),
    ],
)
def test_whether_it_is_as_asked(
    hass: HomeAssistant, player: Player, state: str, plays: bool
) -> None:
    """It sounds, or it does not."""
    tell(hass, radio(state))
    assert player.is_like(wanted("playing")) is plays
    assert player.is_like(wanted("paused")) is not plays
    assert player.is_like(wanted("idle")) is not plays


def test_one_that_is_gone_plays_nothing_and_can_nothing(
    hass: HomeAssistant, player: Player
) -> None:
    """Its integration was removed while somebody lay there."""
    hold(player, stopped(music()))
    player.wanted = wanted("playing")
    hass.states.async_remove(RADIO)
    player.play(BELL)
    assert not player._sounds
    assert not player.is_like(wanted("playing"))
    assert player.is_like(wanted("idle"))


@pytest.mark.parametrize(
    ("found", "origin", "is_between"),
    [
        ("paused", "paused", True),
        ("idle", "paused", True),
        ("playing", "idle", True),
        ("buffering", "idle", True),
        ("off", "idle", False),
        ("paused", "idle", False),
    ],
)
def test_what_may_be_on_its_way(
    player: Player, found: str, origin: str, is_between: bool
) -> None:
    """From where it was to the silence; some play for a moment before that."""
    assert player.is_between(radio(found), radio(origin), wanted("idle")) is is_between


@pytest.mark.parametrize(("state", "arrives"), [("playing", True), ("idle", False)])
def test_an_echo_that_is_late_is_an_echo(
    hass: HomeAssistant, player: Player, state: str, arrives: bool
) -> None:
    """Nobody waits for it any more, and it is on its way no longer."""
    hold(player, music())
    player.wanted, player._until = wanted("playing"), dt_util.utcnow() + MINUTE
    tell(hass, radio("paused"))
    assert player.is_on_its_way
    tell(hass, radio(state))
    assert player.is_on_its_way is not arrives


@pytest.mark.parametrize(
    ("found", "asked_before", "is_left"),
    [
        ("paused", "playing", True),
        ("off", "playing", True),
        ("idle", "playing", False),
        ("playing", "playing", False),
        ("paused", "idle", False),
        ("off", "paused", False),
    ],
)
def test_a_pause_while_nobody_watched_is_a_hand_s(
    player: Player, found: str, asked_before: str, is_left: bool
) -> None:
    """Idle it is after a restart of its own, too."""
    assert player.is_left(radio(found), wanted(asked_before)) is is_left


@pytest.mark.parametrize(
    ("state", "asked_before", "late", "foreign", "hand", "ended"),
    [
        pytest.param("paused", "playing", False, False, True, False, id="paused"),
        pytest.param("off", "playing", False, False, True, False, id="put off"),
        pytest.param("idle", "playing", False, False, False, True, id="at its end"),
        pytest.param("idle", "playing", False, True, True, False, id="stopped by one"),
        pytest.param("idle", "playing", True, False, False, False, id="not begun yet"),
        pytest.param("paused", "playing", True, False, False, False, id="late"),
        pytest.param("paused", "playing", True, True, True, False, id="late, by one"),
        pytest.param("playing", "paused", False, False, True, False, id="played"),
        pytest.param("playing", "idle", True, False, False, False, id="still plays"),
        pytest.param("buffering", "playing", False, True, False, False, id="as asked"),
        pytest.param("idle", "paused", False, True, False, False, id="still silent"),
        pytest.param("off", "idle", False, True, True, False, id="put off by one"),
        pytest.param("off", "idle", False, False, False, False, id="asleep"),
    ],
)
async def test_whose_doing_it_is(
    hass: HomeAssistant,
    player: Player,
    freezer: FrozenDateTimeFactory,
    state: str,
    asked_before: str,
    late: bool,
    foreign: bool,
    hand: bool,
    ended: bool,
) -> None:
    """A pause is a hand's, an end is the music's own, and what lags is nobody's."""
    (anna,) = hold(player, music())
    tell(hass, radio("on", volume_level=0.3))
    player.volume.set(0.3, 0.3, dt_util.utcnow())
    player.wanted = player.origin = wanted(asked_before)
    player._until = dt_util.utcnow()
    if not late:
        freezer.tick(0.001)
    context = Context(parent_id="automation") if foreign else None
    hass.states.async_set(RADIO, state, {}, context=context)
    assert (player.hand, player.ended) == (hand, ended)
    assert anna.told == (["changed"] if hand or ended else [])


def test_what_is_a_hand_s_does_not_come_to_its_end(
    hass: HomeAssistant, player: Player
) -> None:
    """Whoever starts next has music of their own."""
    (anna,) = hold(player, music())
    player.wanted, player.hand = wanted("playing"), True
    for state in ("playing", "idle"):
        tell(hass, radio(state))
    assert not player.ended
    assert anna.told == []


async def test_music_that_has_ended_is_not_faded_any_more(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """It would be faded for the silence; nor does the next phase play it anew."""
    hold(player, music())
    player.follow()
    await elapse(hass, freezer, 15)
    player._until = dt_util.utcnow() - MINUTE
    asked.clear()
    tell(hass, radio("idle", volume_level=0.15), supported_features=ALL)
    await elapse(hass, freezer, 5)
    assert player.ended
    playing = player.wanted
    player.follow()
    await elapse(hass, freezer, 5)
    assert asked == []
    # It still says that the music was ours, and the volume goes back at the end.
    assert player.wanted == playing
