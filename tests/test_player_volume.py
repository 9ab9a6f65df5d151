"""A player of a room: how loud it is due, and what is heard besides the music."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.acupressure_mat.environment.player import Player
from custom_components.acupressure_mat.environment.sounds import Voice
from custom_components.acupressure_mat.session.routine import Cue

from .holders import hold, tell
from .radio import ALL, FOUND, MINUTE, elapse, music, obedient, radio, stopped, wanted


@pytest.fixture
def asked(hass: HomeAssistant) -> list[str]:
    """Return what the radio is asked; it does all of that at once."""
    return obedient(hass)


# -- what is due ---------------------------------------------------------------


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
    ("ours", "before", "also", "due"),
    [
        pytest.param(True, FOUND, None, 0.6, id="another set it since"),
        pytest.param(False, FOUND, None, None, id="nobody did"),
        pytest.param(True, radio("off"), None, None, id="was never told"),
        pytest.param(True, None, None, None, id="was never there"),
        pytest.param(True, FOUND, {"volume": 0.3}, 0.3, id="another wants it"),
        pytest.param(True, FOUND, {"volume": None}, None, id="another lets it be"),
    ],
)
def test_whose_time_a_hand_met_has_it_as_that_left_it(
    player: Player,
    ours: bool,
    before: Cue | None,
    also: dict[str, Any] | None,
    due: float | None,
) -> None:
    """Unless somebody who came after that is there and says how it is to be."""
    now: dict[str, Any] = {"fade_in": timedelta(0)}
    hold(player, music(**now), *([] if also is None else [music(**also | now)]))
    player.before = before
    player.volume.was_ours, player.volume.overruled = ours, frozenset({"a"})
    assert player._due() == due
    player.make_way(Voice(dt_util.utcnow() + MINUTE, on_player=False))
    assert player._due() == (None if due is None else pytest.approx(due * 0.4))


@pytest.mark.parametrize(
    ("on_player", "due"), [(True, 0.2), (False, pytest.approx(0.04))]
)
def test_while_somebody_speaks_it_is_as_loud_as_they_need(
    player: Player, freezer: FrozenDateTimeFactory, on_player: bool, due: float
) -> None:
    """On the player the voice is as loud as the music; elsewhere it makes way."""
    hold(player, music(), music(volume=0.1))
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


def test_of_two_the_one_that_changes_first_counts(
    player: Player, freezer: FrozenDateTimeFactory
) -> None:
    """Whoever leaves the volume alone, or pauses, has nothing that changes."""
    second = timedelta(seconds=1)
    hold(player, music(volume=None), music().pause(dt_util.utcnow()), music())
    assert player._until_step() == second
    hold(player, music(), music(), music(10, fade_in=timedelta(0)))
    freezer.tick(30)
    assert player._until_step() == timedelta(seconds=570)


def test_for_a_hand_s_volume_a_voice_is_no_step(player: Player) -> None:
    """It stays as loud as they have it."""
    hold(player, music(fade_in=timedelta(0), fade_out=timedelta(0)))
    player.make_way(Voice(dt_util.utcnow() + MINUTE, on_player=False))
    assert player._until_step() == MINUTE
    player.volume.hand = True
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
    # From silence on, and where it does not tell.
    for found, level in ((radio(state, volume_level=0.0), 0.005), (radio(state), 0.2)):
        tell(hass, found, supported_features=ALL)
        await player._set_volume(level)
    assert asked[3:] == ["volume_set 0.005", "volume_set 0.2"]


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
    (anna,) = hold(player, session)
    muted = radio("playing", volume_level=0.0, is_volume_muted=True)
    tell(hass, muted, supported_features=features)
    player.begun = True
    await player.send(wanted("playing"), again=False)
    assert [command for command in asked if "mute" in command] == told
    assert anna.told == ["changed"] * bool(told)
    tell(hass, muted, supported_features=features)
    await player.send(wanted("playing"), again=False)
    assert [command for command in asked if "mute" in command] == told
    tell(hass, replace(muted, state="idle"), supported_features=features)
    await player.send(wanted("idle"), again=False)
    assert [command for command in asked if "mute" in command] == told
    unmuted = radio("idle", volume_level=0.0, is_volume_muted=False)
    tell(hass, unmuted, supported_features=features)
    await player.send(wanted("idle"), again=False)
    again = ["volume_mute True"] if told else []
    assert [command for command in asked if "mute" in command] == told + again


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


async def test_it_fades_by_the_clock_until_a_hand_is_on_it(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """A step that is refused is made up for by the next."""
    fail = True

    async def refuse(call: ServiceCall) -> None:
        nonlocal fail
        if fail := not fail:
            raise HomeAssistantError("on purpose")
        level = call.data["volume_level"]
        asked.append(f"{call.service} {level}")
        tell(hass, radio("playing", volume_level=level), supported_features=ALL)

    hold(player, music())
    player.follow()
    await elapse(hass, freezer, 0.5)
    hass.services.async_register("media_player", "volume_set", refuse)
    await elapse(hass, freezer, 4)
    assert asked[2:] == ["volume_set 0.005", "volume_set 0.015", "volume_set 0.035"]
    tell(hass, radio("playing", volume_level=0.5), supported_features=ALL)
    await elapse(hass, freezer, 60)
    assert len(asked) == 5


# -- what it tells -------------------------------------------------------------


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


def test_a_step_that_it_missed_is_no_hand_s(
    hass: HomeAssistant, player: Player, freezer: FrozenDateTimeFactory
) -> None:
    """Long after it, the player tells of the next track, at the level that it has."""
    hold(player, music())
    player.wanted = wanted("playing")
    for level in (0.1, 0.2):
        player.volume.set(level, 0.6, dt_util.utcnow())
    tell(hass, radio("playing", volume_level=0.1))
    freezer.tick(MINUTE)
    tell(hass, radio("playing", volume_level=0.1), media_title="Rain")
    assert not player.volume.hand
    tell(hass, radio("playing", volume_level=0.11), media_title="Rain")
    assert player.volume.hand
