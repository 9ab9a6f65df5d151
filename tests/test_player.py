"""A player of a room: how loud it is due, what it is asked, and how it is left."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.core import Context, HomeAssistant, ServiceCall
from homeassistant.util import dt as dt_util
import pytest

from custom_components.acupressure_mat.environment.player import Player
from custom_components.acupressure_mat.environment.sounds import BELL, Voice
from custom_components.acupressure_mat.session.routine import Cue, EndPolicy, Media
from custom_components.acupressure_mat.session.session import Reason, Session

from .holders import Holding, hold, session_of, tell

RADIO = "media_player.radio"
CALM = Media(content_id="calm", content_type="music")
ALL = (
    Feature.PLAY
    | Feature.PAUSE
    | Feature.STOP
    | Feature.VOLUME_SET
    | Feature.VOLUME_MUTE
    | Feature.PLAY_MEDIA
    | Feature.TURN_ON
    | Feature.TURN_OFF
    | Feature.SELECT_SOURCE
)
MINUTE = timedelta(minutes=1)


def radio(state: str = "idle", **attributes: Any) -> Cue:
    """Return a radio as it is or should be."""
    return Cue(entity_id=RADIO, state=state, attributes=attributes)


def wanted(state: str) -> Cue:
    """Return what a radio is asked."""
    return radio(state)


FOUND = radio("idle", volume_level=0.6, source="radio")
PLAYING = radio("playing", volume_level=0.2, source="radio")


@pytest.fixture
def player(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Iterator[Player]:
    """Return a radio that is silent."""
    freezer.move_to("2026-11-22T21:00:00+00:00")
    tell(hass, FOUND, supported_features=ALL)
    player = Player(hass, RADIO)
    yield player
    for key in list(player.holders):
        player.drop(key)


@pytest.fixture
def asked(hass: HomeAssistant) -> list[str]:
    """Return what the radio is asked; it does all of that at once."""
    told: list[str] = []

    async def obey(call: ServiceCall) -> None:
        data = {key: value for key, value in call.data.items() if key != "entity_id"}
        told.append(" ".join((call.service, *map(str, data.values()))))
        state = hass.states.get(RADIO)
        assert state is not None
        after, attributes = state.state, dict(state.attributes)
        match call.service:
            case "media_play" | "play_media":
                after = "playing"
            case "media_pause":
                after = "paused"
            case "media_stop" | "turn_on":
                after = "idle"
            case "turn_off":
                after = "off"
            case "volume_set":
                attributes["volume_level"] = data["volume_level"]
            case "volume_mute":
                attributes["is_volume_muted"] = data["is_volume_muted"]
            case "select_source":
                attributes["source"] = data["source"]
        hass.states.async_set(RADIO, after, attributes)

    for service in (
        *("media_play", "media_pause", "media_stop", "play_media", "turn_on"),
        *("turn_off", "volume_set", "volume_mute", "select_source"),
    ):
        hass.services.async_register("media_player", service, obey)
    return told


def music(minutes: float = 20, **routine: Any) -> Session:
    """Return a session with music that starts now."""
    return session_of(minutes, **{"media": CALM, "volume": 0.2} | routine)


def stopped(session: Session, reason: Reason | None = None) -> Session:
    """Return a session that ends now."""
    return session.stop(dt_util.utcnow(), reason)


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


@pytest.mark.parametrize("hand", [False, True])
def test_whose_the_volume_is_is_known_after_a_restart(
    hass: HomeAssistant, player: Player, hand: bool
) -> None:
    """Ours goes back at the end, a hand's stays."""
    hold(player, music())
    player.volume.set(0.2, 0.6, dt_util.utcnow())
    player.volume.hand = hand
    player.volume.overruled = frozenset({"b", "a"})
    told = player.as_dict()
    assert told["volume_overruled"] == ["a", "b"]
    again = Player(hass, RADIO)
    again.claim("a", Holding(music()), recalled=True)
    again.recall(told)
    assert (again.volume.is_ours, again.volume.hand) == (not hand, hand)
    assert again.volume.overruled == {"a", "b"}
    again.drop("a")
    assert again.volume.overruled == {"b"}


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


@pytest.mark.parametrize(
    ("volumes", "due"),
    [
        pytest.param((0.2,), 0.1, id="half way up"),
        pytest.param((0.2, 0.6), 0.3, id="the louder of two"),
        pytest.param((None, 0.2), 0.1, id="one that leaves the volume alone"),
        pytest.param((None,), None, id="left alone"),
    ],
)
def test_the_volume_that_is_due(
    player: Player,
    freezer: FrozenDateTimeFactory,
    volumes: tuple[float | None, ...],
    due: float | None,
) -> None:
    """Ten seconds into a fade of twenty."""
    hold(player, *(music(volume=volume) for volume in volumes))
    freezer.tick(10)
    assert player._due() == (None if due is None else pytest.approx(due))
    player.volume.hand = True
    assert player._due() is None


@pytest.mark.parametrize(
    ("on_player", "due"), [(True, 0.2), (False, pytest.approx(0.04))]
)
def test_while_somebody_speaks_it_is_as_loud_as_they_need(
    player: Player, freezer: FrozenDateTimeFactory, on_player: bool, due: float
) -> None:
    """On the player the voice is as loud as the music; elsewhere it makes way."""
    hold(player, music())
    freezer.tick(10)
    player.make_way(Voice(dt_util.utcnow() + MINUTE, on_player=on_player))
    assert player._due() == due
    freezer.tick(MINUTE)
    assert player._due() == pytest.approx(0.2)


def test_at_the_end_there_is_no_volume_to_follow(player: Player) -> None:
    """What it was is put back; nobody fades it once more."""
    hold(player, stopped(music()))
    assert player._due() is None


@pytest.mark.parametrize(
    ("second", "wait"),
    [
        pytest.param(0, 1, id="fading in"),
        pytest.param(19.5, 1, id="not there yet"),
        # A minute of prepare and twenty of the session, one of them fading out.
        pytest.param(20, 1180, id="until it fades out"),
        pytest.param(1199.5, 1, id="just before it does"),
        pytest.param(1230, 1, id="fading out"),
        pytest.param(1260, None, id="silent"),
        pytest.param(1300, None, id="after it"),
    ],
)
def test_when_the_volume_changes_next(
    player: Player, freezer: FrozenDateTimeFactory, second: float, wait: float | None
) -> None:
    """A step each second of a fade, and no tick between fades."""
    hold(player, music())
    freezer.tick(second)
    step = player._until_step()
    assert step == (None if wait is None else timedelta(seconds=wait))


@pytest.mark.parametrize(
    "routine", [{"volume": None}, {"fade_in": timedelta(0), "fade_out": timedelta(0)}]
)
def test_without_a_fade_there_is_no_step(
    player: Player, routine: dict[str, Any]
) -> None:
    """Nothing wakes Home Assistant for it."""
    hold(player, music(**routine))
    assert player._until_step() is None


def test_a_voice_is_one_more_step(
    player: Player, freezer: FrozenDateTimeFactory
) -> None:
    """When it is over, the music comes up again, and the voice is forgotten."""
    hold(player, music())
    freezer.tick(60)
    player.make_way(Voice(dt_util.utcnow() + MINUTE, on_player=True))
    assert player._until_step() == MINUTE
    freezer.tick(60)
    assert player._until_step() == timedelta(seconds=1080)
    assert player._voice is None


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


@pytest.mark.parametrize("state", ["idle", "off"])
async def test_the_volume_comes_before_the_music(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
    state: str,
) -> None:
    """And is set only where it is another."""
    hold(player, music())
    freezer.tick(10)
    tell(hass, radio(state, volume_level=0.6), supported_features=ALL)
    await player.send(wanted("playing"), again=False)
    assert asked == ["volume_set 0.1", "play_media calm music"]
    await player._set_volume(0.1044)
    assert len(asked) == 2
    await player._set_volume(0.1056)
    assert asked[2:] == ["volume_set 0.106"]
    tell(hass, radio(state, volume_level=0.6), supported_features=Feature.PLAY_MEDIA)
    await player._set_volume(0.3)
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("before", "volume", "features", "told"),
    [
        pytest.param(True, 0.2, ALL, ["volume_mute False"], id="found muted"),
        pytest.param(False, 0.2, ALL, [], id="muted by hand since"),
        pytest.param(True, None, ALL, [], id="the volume is left alone"),
        pytest.param(True, 0.2, ALL & ~Feature.VOLUME_MUTE, [], id="cannot"),
    ],
)
async def test_found_muted_it_is_to_be_heard(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    before: bool,
    volume: float | None,
    features: Feature,
    told: list[str],
) -> None:
    """Once; who mutes it after that means it, and at the end it is muted again."""
    tell(hass, replace(FOUND, attributes={"is_volume_muted": before}))
    session = music(volume=volume)
    hold(player, session)
    muted = radio("playing", volume_level=0.0, is_volume_muted=True)
    tell(hass, muted, supported_features=features)
    player.begun = True
    await player.send(wanted("playing"), again=False)
    assert [command for command in asked if "mute" in command] == told
    tell(hass, muted, supported_features=features)
    await player.send(wanted("playing"), again=False)
    assert [command for command in asked if "mute" in command] == told
    unmuted = radio("idle", volume_level=0.0, is_volume_muted=False)
    tell(hass, unmuted, supported_features=features)
    await player.send(wanted("idle"), again=False)
    again = ["volume_mute True"] if told else []
    assert [command for command in asked if "mute" in command] == told + again


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


@pytest.mark.parametrize(
    ("ours", "before", "told"),
    [
        pytest.param(True, FOUND, ["volume_set 0.6"], id="ours"),
        pytest.param(False, FOUND, [], id="a hand's"),
        pytest.param(True, radio("off"), [], id="never known"),
    ],
)
async def test_in_the_silence_the_volume_goes_back(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    ours: bool,
    before: Cue,
    told: list[str],
) -> None:
    """Only where it is ours, and known."""
    hold(player, music())
    player.before = before
    player.volume.was_ours = ours
    tell(hass, radio("idle", volume_level=0.0), supported_features=ALL)
    await player.send(wanted("idle"), again=False)
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


@pytest.mark.parametrize(
    ("level", "hand"), [(0.2, False), (0.21, False), (0.5, True), (None, False)]
)
def test_a_hand_on_the_volume(
    hass: HomeAssistant, player: Player, level: float | None, hand: bool
) -> None:
    """Told of once, and only where the level is another."""
    (anna,) = hold(player, music())
    player.wanted = wanted("playing")
    player.volume.set(0.2, None, dt_util.utcnow())
    tell(hass, radio("idle", volume_level=level))
    assert player.volume.hand is hand
    assert anna.told == (["changed"] if hand else [])


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


# -- sounds --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "features", "queued"),
    [
        pytest.param("idle", ALL, True, id="at the end"),
        pytest.param("idle", ALL & ~Feature.PLAY_MEDIA, False, id="cannot"),
        pytest.param("playing", ALL, False, id="over music, which it cannot"),
        pytest.param("paused", ALL, False, id="in a pause"),
    ],
)
def test_a_sound_waits_for_the_silence(
    hass: HomeAssistant, player: Player, state: str, features: Feature, queued: bool
) -> None:
    """In the middle it would have to end the music."""
    session = music()
    now = dt_util.utcnow()
    of = {"idle": stopped(session), "playing": session, "paused": session.pause(now)}
    hold(player, of[state])
    tell(hass, FOUND, supported_features=features)
    player.wanted = wanted("playing")
    player.play(BELL)
    assert list(player._sounds) == ([BELL] if queued else [])
    player._sounds.clear()
    player.hand = True
    player.play(BELL)
    assert not player._sounds
