"""What is heard besides the music: over it, or in the silence after it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.acupressure_mat.environment.player import Player
from custom_components.acupressure_mat.environment.sounds import BELL, Sound, Voice
from custom_components.acupressure_mat.session.routine import Cue, EndPolicy
from custom_components.acupressure_mat.session.session import Session

from .holders import hold, tell
from .radio import (
    ALL,
    FOUND,
    PLAYING,
    elapse,
    music,
    obedient,
    radio,
    rounds,
    stopped,
    wanted,
)

GONG, WORDS = (
    Sound(content_id=name, length=timedelta(seconds=5), entity_id="tts.voice")
    for name in ("gong", "words")
)
ANNOUNCES = ALL | Feature.MEDIA_ANNOUNCE
OVER, ALONE = "play_media gong music True", "play_media gong music"


@pytest.fixture(autouse=True)
def address(hass: HomeAssistant) -> None:
    """Let a player find what Home Assistant has for it."""
    hass.config.internal_url = "http://10.10.10.10:8123"


@pytest.fixture
def asked(hass: HomeAssistant) -> list[str]:
    """Return what the radio is asked; it does all of that at once."""
    return obedient(hass)


def calm() -> Session:
    """Return a session whose music does not fade."""
    return music(fade_in=timedelta(0), fade_out=timedelta(0))


def kept() -> Session:
    """Return a session whose music is kept, long ago over."""
    return replace(
        music(music_end=EndPolicy.KEEP),
        started_at=dt_util.utcnow() - timedelta(hours=1),
    )


# -- when it is heard ----------------------------------------------------------


@pytest.mark.parametrize(
    ("session", "was", "features", "queued", "told"),
    [
        pytest.param(lambda: stopped(calm()), PLAYING, ALL, [GONG], [], id="the end"),
        pytest.param(
            lambda: stopped(calm()),
            PLAYING,
            ALL & ~Feature.PLAY_MEDIA,
            [],
            [],
            id="cannot",
        ),
        pytest.param(
            lambda: stopped(calm()), None, ANNOUNCES, [], [], id="never asked"
        ),
        pytest.param(calm, PLAYING, ALL, [], [], id="over music, which it cannot"),
        pytest.param(calm, PLAYING, ANNOUNCES, [], [OVER], id="over music"),
        pytest.param(kept, PLAYING, ANNOUNCES, [], [OVER], id="over kept music"),
        pytest.param(
            lambda: calm().pause(dt_util.utcnow()),
            PLAYING,
            ANNOUNCES,
            [],
            [],
            id="pause",
        ),
    ],
)
async def test_when_a_sound_is_heard(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    session: Callable[[], Session],
    was: Cue | None,
    features: Feature,
    queued: list[Sound],
    told: list[str],
) -> None:
    """Over the music or in the silence: nowhere would it have to end the music."""
    hold(player, session())
    tell(hass, PLAYING, supported_features=features)
    player.wanted = was
    player.hand = True
    player.play(GONG)
    player.hand = False
    await rounds()
    assert (list(player._sounds), asked) == ([], [])
    player.play(GONG)
    await rounds()
    assert list(player._sounds) == queued
    assert asked == told


async def test_music_that_has_ended_is_left_as_it_is(
    hass: HomeAssistant, player: Player, asked: list[str]
) -> None:
    """A sound is heard all the same."""
    hold(player, calm())
    tell(hass, FOUND, supported_features=ANNOUNCES)
    player.wanted, player.ended = PLAYING, True
    player.play(GONG)
    await rounds()
    assert OVER in asked


# -- in the silence ------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "volume", "told"),
    [
        pytest.param(
            *(True, 0.2),
            ["media_stop", "volume_set 0.2", ALONE, "media_stop", "volume_set 0.6"],
            id="ours",
        ),
        pytest.param(False, 0.2, ["media_stop", ALONE, "media_stop"], id="a hand's"),
        pytest.param(
            *(True, None),
            ["media_stop", ALONE, "media_stop", "volume_set 0.6"],
            id="another routine's",
        ),
    ],
)
async def test_the_old_volume_comes_back_after_the_last_sound(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
    ours: bool,
    volume: float | None,
    told: list[str],
) -> None:
    """Faded out nobody would hear it, and at the old one it would wake the house."""
    hold(player, stopped(music(volume=volume)))
    tell(hass, radio("playing", volume_level=0.0), supported_features=ALL)
    player.volume.was_ours = ours
    player.wanted = wanted("playing")
    player.follow()
    await rounds(2)
    assert asked == []
    # Whoever speaks at the end has only just heard of it.
    player.play(GONG)
    await elapse(hass, freezer, 4)
    assert asked == told[: told.index(ALONE) + 1]
    await elapse(hass, freezer, 2)
    assert asked == told
    assert not player.is_on_its_way


async def test_one_sound_after_the_other(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Also what comes when it has been silent for long."""
    hold(player, stopped(music(volume=None)))
    player.wanted = wanted("idle")
    player.play(GONG)
    await elapse(hass, freezer, 4)
    player.play(WORDS)
    await rounds()
    gong, words = ALONE, "play_media words music"
    assert asked == [gong]
    await elapse(hass, freezer, 60)
    assert asked == [gong, "media_stop", words, "media_stop"]
    player.play(GONG)
    await elapse(hass, freezer, 60)
    assert asked[4:] == [gong, "media_stop"]


async def test_what_comes_while_it_is_waited_for_is_heard_too(
    hass: HomeAssistant, player: Player, freezer: FrozenDateTimeFactory
) -> None:
    """A player that may still begin to play is watched for some seconds."""
    asked: list[str] = []

    async def note(call: ServiceCall) -> None:
        asked.append(" ".join(map(str, list(call.data.values())[1:])))

    hass.services.async_register("media_player", "play_media", note)
    hold(player, music(volume=None))
    player.follow()
    await rounds()
    player.holders["a"].session = stopped(player.holders["a"].session)
    player.follow()
    await elapse(hass, freezer, 1)
    player.play(GONG)
    await elapse(hass, freezer, 30)
    assert asked == ["calm music", "gong music"]


async def test_what_was_not_heard_by_the_next_session_is_not_heard_at_its_end(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """A bell of yesterday."""
    hold(player, stopped(music(volume=None)))
    player.wanted = wanted("playing")
    player.play(GONG)
    hold(player, music(volume=None))
    await player.send(wanted("playing"), again=False)
    await player.send(wanted("idle"), again=False)
    assert asked == ["play_media calm music", "media_stop"]


@pytest.mark.parametrize(("sound", "told"), [(GONG, ["tts.voice failed"]), (BELL, [])])
async def test_a_sound_that_is_refused_spoils_nothing(
    hass: HomeAssistant, player: Player, asked: list[str], sound: Sound, told: list[str]
) -> None:
    """Nobody waits for it; who was to speak is told of as failed."""

    async def refuse(call: ServiceCall) -> None:
        asked.append(call.data["media_content_id"])
        raise HomeAssistantError("on purpose")

    hass.services.async_register("media_player", "play_media", refuse)
    (anna,) = hold(player, stopped(music()))
    player.volume.was_ours = True
    player.wanted = wanted("playing")
    player.play(sound)
    await player.send(wanted("idle"), again=False)
    # The bell is served by Home Assistant, which has no way to do that here.
    gong = ["gong"] if sound is GONG else []
    assert asked == ["volume_set 0.2", *gong, "volume_set 0.6"]
    assert anna.told == told


# -- over the music ------------------------------------------------------------


async def test_over_music_that_fades_in_it_is_loud_enough(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """As loud as the routine says, and then the fade goes on where it would be."""
    tell(hass, FOUND, supported_features=ANNOUNCES)
    hold(player, music())
    player.follow()
    await elapse(hass, freezer, 4)
    asked.clear()
    player.play(GONG)
    await elapse(hass, freezer, 0.5)
    assert sorted(asked) == [OVER, "volume_set 0.2"]
    await elapse(hass, freezer, 5)
    assert asked[2:] == ["volume_set 0.095"]


@pytest.mark.parametrize("fade", [timedelta(0), timedelta(seconds=20)])
async def test_elsewhere_the_music_makes_way_at_once(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
    fade: timedelta,
) -> None:
    """Also where nothing of it would change for an hour."""
    hold(player, music(60, fade_in=timedelta(0), fade_out=fade))
    player.follow()
    await elapse(hass, freezer, 100)
    asked.clear()
    player.make_way(Voice(dt_util.utcnow() + timedelta(seconds=3), on_player=False))
    await rounds()
    assert asked == ["volume_set 0.08"]
    await elapse(hass, freezer, 10)
    assert asked == ["volume_set 0.08", "volume_set 0.2"]


@pytest.mark.parametrize("how", ["pause", "a hand"])
async def test_for_what_is_silent_nobody_makes_way(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
    how: str,
) -> None:
    """Neither in a pause, nor where a hand has the music."""
    session = music(60, fade_in=timedelta(0))
    hold(player, session)
    player.follow()
    await elapse(hass, freezer, 100)
    if how == "pause":
        player.holders["a"].session = session.pause(dt_util.utcnow())
        player.follow()
    else:
        tell(hass, radio("paused", volume_level=0.2), supported_features=ALL)
    await elapse(hass, freezer, 10)
    asked.clear()
    player.make_way(Voice(dt_util.utcnow() + timedelta(seconds=3), on_player=False))
    await elapse(hass, freezer, 10)
    assert asked == []


async def test_a_hand_after_a_voice_ends_the_fade_as_ever(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody else goes on with it."""
    hold(player, music())
    player.follow()
    await elapse(hass, freezer, 4)
    player.make_way(Voice(dt_util.utcnow(), on_player=False))
    await elapse(hass, freezer, 7)
    asked.clear()
    tell(hass, radio("paused", volume_level=0.11), supported_features=ALL)
    await elapse(hass, freezer, 10)
    assert player.hand
    assert asked == []
