"""What a player is asked: to play, to fall silent, and to be as it was."""

import asyncio
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.acupressure_mat.environment.player import Player
from custom_components.acupressure_mat.session.routine import Cue, EndPolicy, Media

from .holders import RADIO, hold, tell
from .radio import (
    ALL,
    CALM,
    FOUND,
    MINUTE,
    PLAYING,
    music,
    obedient,
    radio,
    rounds,
    stopped,
    wanted,
)


@pytest.fixture
def asked(hass: HomeAssistant) -> list[str]:
    """Return what the radio is asked; it does all of that at once."""
    return obedient(hass)


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


@pytest.mark.parametrize(
    ("found", "told"),
    [(FOUND, ["media_play"]), (PLAYING, []), (radio("off"), ["media_play"])],
)
async def test_without_music_of_the_routine_its_own_goes_on(
    hass: HomeAssistant, player: Player, asked: list[str], found: Cue, told: list[str]
) -> None:
    """Whatever that is; a routine may have its volume alone."""
    hold(player, music(media=None, volume=None))
    tell(hass, found, supported_features=ALL)
    await player.send(wanted("playing"), again=False)
    assert asked == told


@pytest.mark.parametrize("can", [True, False])
async def test_off_at_the_second_try_it_is_switched_on_if_it_can_be(
    hass: HomeAssistant, player: Player, asked: list[str], can: bool
) -> None:
    """Then it takes a volume, too, but only when it has really come on."""
    features = ALL if can else ALL & ~Feature.TURN_ON

    def come_on() -> None:
        tell(hass, radio("idle", volume_level=0.6), supported_features=features)

    async def late(call: ServiceCall) -> None:
        asked.append(call.service)
        asyncio.get_running_loop().call_soon(come_on)

    async def refuse(call: ServiceCall) -> None:
        if hass.states.is_state(RADIO, "off"):
            raise HomeAssistantError("is off")
        asked.append(f"{call.service} {call.data['volume_level']}")

    hass.services.async_register("media_player", "turn_on", late)
    hass.services.async_register("media_player", "volume_set", refuse)
    hold(player, music(fade_in=timedelta(0)))
    tell(hass, radio("off"), supported_features=features)
    await player.send(wanted("playing"), again=True)
    on = ["turn_on", "volume_set 0.2"] if can else []
    assert asked == [*on, "play_media calm music"]


async def test_a_volume_that_is_refused_is_better_than_one_that_is_too_loud(
    hass: HomeAssistant, player: Player, asked: list[str]
) -> None:
    """One that is on is asked once more, before it plays."""

    async def refuse(call: ServiceCall) -> None:
        raise HomeAssistantError("on purpose")

    hass.services.async_register("media_player", "volume_set", refuse)
    hold(player, music())
    with pytest.raises(HomeAssistantError):
        await player.send(wanted("playing"), again=False)
    assert asked == []


async def test_what_tells_nothing_of_what_it_can_is_switched_off(
    hass: HomeAssistant, player: Player, asked: list[str]
) -> None:
    """There is no other way in which it surely falls silent."""
    hold(player, music())
    tell(hass, radio("playing"))
    await player.send(wanted("idle"), again=False)
    assert asked == ["turn_off"]


async def test_it_plays_at_once_and_is_waited_for_as_long_as_it_takes(
    hass: HomeAssistant, player: Player, asked: list[str]
) -> None:
    """Silent already it has nothing to tell, and is as it was asked all the same."""
    hold(player, music(fade_in=timedelta(0), fade_out=timedelta(0)))
    player.follow()
    assert asked == ["volume_set 0.2", "play_media calm music"]
    await rounds()
    player.holders["a"].session = stopped(music())
    player.follow()
    await rounds()
    assert asked[2:] == ["media_stop", "volume_set 0.6"]
    asked.clear()
    player.command(wanted("idle"))
    on_its_way = player.is_on_its_way
    await rounds()
    assert (on_its_way, player.is_on_its_way) == (True, False)
    assert asked == []


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
