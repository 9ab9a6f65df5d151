"""«My player cannot do that, so it played all night».

Every player can do less than the other: what one cannot, is done in its own way.
"""

from typing import override

from homeassistant.components.media_player import (
    MediaPlayerEntityFeature as Feature,
    MediaPlayerState,
)
from homeassistant.exceptions import HomeAssistantError
import pytest

from .home import Home, Radio, add_mat, routine

RADIO = "media_player.radio"


def told(home: Home) -> list[str]:
    """Return what the radio was told, but for its volume."""
    commands = home.evening.commands(RADIO)
    return [command for command in commands if not command.startswith("volume")]


@pytest.mark.parametrize(
    ("lacks", "paused", "ended"),
    [
        (Feature.PAUSE, "stop", "stop"),
        (Feature.STOP, "pause", "pause"),
        (Feature.PAUSE | Feature.STOP, "turn off", "turn off"),
    ],
)
async def test_what_cannot_pause_or_stop_falls_silent_otherwise(
    home: Home, lacks: Feature, paused: str, ended: str
) -> None:
    """Paused with the session and silent after it, in whatever way it can."""
    home.radio._attr_supported_features &= ~lacks
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=5)
    await home.do("pause_session")
    assert told(home)[-1] == paused
    assert not home.is_on(RADIO)
    await home.do("resume_session")
    assert home.is_on(RADIO)
    await home.wait(minutes=30)
    assert told(home)[-1] == ended
    assert not home.is_on(RADIO)
    assert home.radio.volume_level == 0.6


async def test_a_player_that_is_gone_at_the_end_is_told_of(home: Home) -> None:
    """Nobody waits for it; back within half an hour, it is put back after all."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=20)
    home.radio.vanish()
    await home.wait(minutes=7)
    (record,) = await home.records(entry)
    assert record.failed == (RADIO,)
    home.radio.appear()
    await home.wait(minutes=1)
    assert not home.is_on(RADIO)
    assert home.radio.volume_level == 0.6


async def test_music_that_a_hand_began_anew_is_theirs(home: Home) -> None:
    """Paused by hand, and played by hand afterwards: the end does not silence it."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=5)
    home.radio.by_hand(state=MediaPlayerState.PAUSED)
    await home.wait(minutes=5)
    home.radio.by_hand(state=MediaPlayerState.PLAYING)
    await home.wait(minutes=20)
    assert home.is_on(RADIO)
    assert told(home) == ["play calm"]


async def test_a_source_that_is_refused_is_asked_for_again(home: Home) -> None:
    """Some players take no source in the second after a stop."""
    radio, refusals = home.radio, 2
    select = radio.async_select_source

    async def refuse(source: str) -> None:
        nonlocal refusals
        refusals -= 1
        if refusals >= 0:
            raise HomeAssistantError("busy on purpose")
        await select(source)

    radio.async_select_source = refuse  # type: ignore[method-assign]
    entry = await add_mat(home.hass)
    await home.start()
    radio._attr_source = "tv"
    radio.tell()
    await home.wait(minutes=30)
    assert radio.source == "radio"
    (record,) = await home.records(entry)
    assert record.failed == ()


@pytest.mark.parametrize(("volume", "left"), [(20, 0.2), (None, 0.6)])
async def test_a_player_that_hides_its_volume_while_off(
    home: Home, volume: int | None, left: float
) -> None:
    """Unknown, it comes back to the routine's level, not to the fade's silence."""
    radio = home.radio
    radio.by_hand(state=MediaPlayerState.OFF)
    radio._attr_volume_level = None
    await add_mat(home.hass, routine(music={"volume": volume}))
    await home.start()
    if volume is None:
        radio.by_hand(volume=0.6)
    await home.wait(minutes=30)
    assert home.state(RADIO) == "off"
    assert radio.volume_level == left


async def test_a_player_that_comes_late_and_off_is_not_left_silent(home: Home) -> None:
    """Gone at the tap, it fades in and out like any other, and is as loud as before."""
    radio = home.radio
    radio.by_hand(state=MediaPlayerState.OFF, volume=0.6)
    radio.vanish()
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=3)
    radio.appear()
    await home.wait(minutes=2)
    assert home.state(RADIO) == "playing"
    assert radio.volume_level == 0.2
    await home.wait(minutes=30)
    assert home.state(RADIO) == "off"
    assert radio.volume_level == 0.6


class Forgetful(Radio):
    """A radio whose code cannot tell a volume while it is off."""

    @property
    @override
    def volume_level(self) -> float | None:
        if self.state is MediaPlayerState.OFF:
            raise TypeError("unsupported operand type(s) for /: 'NoneType' and 'int'")
        return self._attr_volume_level


async def test_a_player_that_fails_when_asked_for_its_volume_while_off(
    home: Home,
) -> None:
    """Home Assistant itself never asks it then."""
    await home.add(Forgetful("Shelf", home.evening, state=MediaPlayerState.OFF))
    await add_mat(home.hass, routine(music={"player": "media_player.shelf"}))
    await home.start()
    await home.wait(minutes=2)
    assert home.is_on("media_player.shelf")
    assert home.level("light.bed") == 12
    await home.wait(minutes=30)
    assert home.state("media_player.shelf") == "off"
