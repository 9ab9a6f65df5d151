"""A player of a room: what it is asked, whose doing it is, and how it is left."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.core import Context, HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.acupressure_mat.environment.player import Player
from custom_components.acupressure_mat.session.routine import Cue, EndPolicy, Media
from custom_components.acupressure_mat.session.session import Session

from .holders import RADIO, Holding, hold, tell
from .radio import (
    ALL,
    CALM,
    FOUND,
    MINUTE,
    PLAYING,
    music,
    obedient,
    radio,
    silent_radio,
    stopped,
    wanted,
)


@pytest.fixture
def player(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Iterator[Player]:
    """Return a radio that is silent."""
    freezer.move_to("2026-11-22T21:00:00+00:00")
    yield from silent_radio(hass)


@pytest.fixture
def asked(hass: HomeAssistant) -> list[str]:
    """Return what the radio is asked; it does all of that at once."""
    return obedient(hass)


# -- what the disk knows -------------------------------------------------------


@pytest.mark.parametrize("flag", ["begun", "ended", "unmuted"])
def test_what_became_of_the_music_is_known_after_a_restart(
    hass: HomeAssistant, player: Player, flag: str
) -> None:
    """Else it would begin again, or be unmuted once more."""
    hold(player, music())
    setattr(player, flag, True)
    told = player.as_dict()
    again = Player(hass, RADIO)
    again.claim("a", Holding(music()), recalled=True)
    again.recall(told)
    flags = {name: getattr(again, name) for name in ("begun", "ended", "unmuted")}
    assert flags == {"begun": False, "ended": False, "unmuted": False} | {flag: True}
    assert again.as_dict()[flag] is True
    again.drop("a")


def test_of_damaged_words_none_is_taken(hass: HomeAssistant, player: Player) -> None:
    """An older version, or a torn file, may have left anything there."""
    words = ("begun", "ended", "unmuted", "own_volume", "hand_on_volume")
    player.claim("a", Holding(music()), recalled=True)
    for minute, keys in enumerate(("ab", [["a"], 1, None]), start=1):
        # Newer than what is known, or nobody would look at the rest.
        known_at = dt_util.utcnow() + timedelta(minutes=minute)
        lists = {"overruled": keys, "volume_overruled": keys}
        player.recall(
            dict.fromkeys(words, "yes") | lists | {"known_at": known_at.isoformat()}
        )
        assert player.known_at == known_at
        assert not any(player.as_dict().get(word) for word in (*words, *lists))


def test_the_next_session_begins_its_own_music(
    player: Player, freezer: FrozenDateTimeFactory
) -> None:
    """While another still lies there, what plays is not begun again."""
    player.begun = player.ended = player.unmuted = True
    hold(player, music())
    assert not any((player.begun, player.ended, player.unmuted))
    player.begun = player.ended = player.unmuted = True
    player.claim("b", Holding(music()))
    assert player.begun
    assert player.ended
    assert player.unmuted
    freezer.tick(22 * MINUTE)
    player.claim("c", Holding(music()), recalled=True)
    assert player.begun
    player.drop("c")
    player.claim("d", Holding(music()))
    assert not player.begun


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
    hold(player, session)
    player.wanted = PLAYING
    freezer.tick(22 * MINUTE)
    assert player.target() is None
    assert player.final(session) is None
    hold(player, timer)
    assert player.target() == wanted("playing")
    assert player.final(timer) == FOUND
    freezer.tick(10 * MINUTE)
    assert player.target() == wanted("idle")


def test_what_has_ended_by_itself_or_is_not_there_is_not_asked(player: Player) -> None:
    """Silence in the middle is better than the same track from its start."""
    hold(player, music())
    player.ended = True
    assert player.target() is None
    player.ended, player.before = False, None
    assert player.target() is None
    assert player.final(music()) is None


# -- what it is asked ----------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "again", "begun", "told"),
    [
        pytest.param(FOUND, False, False, ["play_media calm music"], id="idle"),
        pytest.param(
            FOUND, False, True, ["play_media calm music"], id="begun and idle"
        ),
        pytest.param(
            PLAYING, False, False, ["play_media calm music"], id="their music"
        ),
        pytest.param(PLAYING, False, True, [], id="plays ours"),
        pytest.param(PLAYING, True, True, ["play_media calm music"], id="plays, again"),
        pytest.param(radio("paused"), False, True, ["media_play"], id="paused"),
        pytest.param(radio("buffering"), False, True, [], id="about to play"),
        pytest.param(radio("off"), False, False, ["play_media calm music"], id="off"),
        pytest.param(
            radio("off"),
            True,
            True,
            ["turn_on", "play_media calm music"],
            id="off again",
        ),
    ],
)
async def test_how_it_is_made_to_play(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    found: Cue,
    again: bool,
    begun: bool,
    told: list[str],
) -> None:
    """What was begun is gone on with; what is off is switched on only if it must be."""
    (anna,) = hold(player, music(volume=None))
    player.begun = begun
    tell(hass, found, supported_features=ALL)
    await player.send(wanted("playing"), again=again)
    assert asked == told
    plays = "play_media calm music" in told
    assert player.begun is (begun or plays)
    assert anna.told == (["changed"] if plays else [])


@pytest.mark.parametrize(
    ("found", "features", "media", "cue", "told"),
    [
        pytest.param(PLAYING, ALL, CALM, "paused", ["media_pause"], id="pause"),
        pytest.param(PLAYING, ALL, CALM, "idle", ["media_stop"], id="stop"),
        pytest.param(PLAYING, ALL, None, "idle", ["media_pause"], id="pause theirs"),
        pytest.param(
            PLAYING, ALL & ~Feature.PAUSE, CALM, "paused", ["media_stop"], id="no pause"
        ),
        pytest.param(
            PLAYING, ALL & ~Feature.STOP, CALM, "idle", ["media_pause"], id="no stop"
        ),
        pytest.param(PLAYING, Feature.TURN_OFF, CALM, "idle", ["turn_off"], id="off"),
        pytest.param(FOUND, ALL, CALM, "paused", [], id="silent"),
        pytest.param(FOUND, ALL, CALM, "idle", [], id="silent at the end"),
        pytest.param(
            radio("buffering"), ALL, CALM, "idle", ["media_stop"], id="about to play"
        ),
    ],
)
async def test_how_it_falls_silent(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    found: Cue,
    features: Feature,
    media: Media | None,
    cue: str,
    told: list[str],
) -> None:
    """In its own way; what was theirs is only interrupted."""
    hold(player, music(volume=None, media=media))
    tell(hass, found, supported_features=features)
    await player.send(wanted(cue), again=False)
    assert asked == told


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
    tell(hass, radio("on"))
    player.wanted = player.origin = wanted(asked_before)
    player._until = dt_util.utcnow()
    if not late:
        freezer.tick(0.001)
    context = Context(parent_id="automation") if foreign else None
    hass.states.async_set(RADIO, state, {}, context=context)
    assert (player.hand, player.ended) == (hand, ended)
    assert anna.told == (["changed"] if hand or ended else [])


# -- how it is left ------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "found", "routine", "told"),
    [
        pytest.param(FOUND, radio("idle", source="radio"), {}, [], id="as it was"),
        pytest.param(
            FOUND, radio("idle", source="tv"), {}, ["select_source radio"], id="source"
        ),
        pytest.param(FOUND, radio("off", source="tv"), {}, [], id="off"),
        pytest.param(radio("off"), radio("idle"), {}, ["turn_off"], id="was off"),
        pytest.param(radio("off"), radio("off"), {}, [], id="was and is off"),
        pytest.param(
            FOUND, FOUND, {"music_end": EndPolicy.OFF}, ["turn_off"], id="to be off"
        ),
        pytest.param(
            PLAYING, FOUND, {"media": None}, ["media_play"], id="was interrupted"
        ),
        pytest.param(PLAYING, FOUND, {}, [], id="was replaced"),
        pytest.param(
            PLAYING,
            FOUND,
            {"media": None, "music_end": EndPolicy.OFF},
            ["turn_off"],
            id="was interrupted, and is to be off",
        ),
    ],
)
async def test_how_it_is_left(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
    before: Cue,
    found: Cue,
    routine: dict[str, Any],
    told: list[str],
) -> None:
    """Source and power as they were; music goes on only where it was interrupted."""
    session = music(**routine)
    hold(player, session)
    freezer.tick(22 * MINUTE)
    tell(hass, found, supported_features=ALL)
    assert await player._as_before(before, session)
    assert asked == told


@pytest.mark.parametrize(
    "lacks", [Feature.SELECT_SOURCE, Feature.TURN_OFF, Feature.PLAY]
)
async def test_what_it_cannot_is_not_asked_of_it_at_the_end(
    hass: HomeAssistant, player: Player, asked: list[str], lacks: Feature
) -> None:
    """It would be told of as failed each evening."""
    tell(hass, radio("idle", source="tv"), supported_features=ALL & ~lacks)
    off, on = radio("off"), radio("playing")
    befores = {Feature.SELECT_SOURCE: FOUND, Feature.TURN_OFF: off, Feature.PLAY: on}
    assert await player._as_before(befores[lacks], music(media=None))
    assert asked == []
