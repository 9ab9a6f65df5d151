"""«Tell me softly when it begins and when I may get up».

Medito #282, meditation #3: interval bells, wanted everywhere.
"""

from unittest.mock import patch

from homeassistant.components.media_player import MediaPlayerEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .home import Home, add_mat, routine

RADIO = "media_player.radio"
BELL = "play http://10.10.10.10:8123/acupressure_mat/bell.wav"


@pytest.fixture(autouse=True)
async def address(hass: HomeAssistant) -> None:
    """Give Home Assistant an address that players reach it by."""
    hass.config.internal_url = "http://10.10.10.10:8123"


def bells(home: Home) -> list[float]:
    return [
        at
        for at, entity_id, command in home.evening.told
        if entity_id == RADIO and command.startswith(BELL)
    ]


async def test_over_the_music_where_the_player_can_announce(home: Home) -> None:
    """At the begin of settle, and the music goes on below.

    At the end the fade has made the player as good as silent: a bell over that
    music is one that nobody hears.
    """
    home.radio._attr_supported_features |= MediaPlayerEntityFeature.MEDIA_ANNOUNCE
    home.radio.tell()
    await add_mat(home.hass, routine(session={"bell": True}))
    await home.start()
    await home.wait(minutes=30)
    assert bells(home) == [60, 1260]
    commands = home.evening.commands(RADIO)
    assert commands[-5:-3] == ["stop", "volume 0.20"]
    assert commands[-3].startswith(BELL)
    assert commands[-1] == "volume 0.60"


async def test_no_bell_wakes_who_falls_asleep_to_the_music(home: Home) -> None:
    """Half an hour later, when the sleep timer has ended, nobody is to be told."""
    await add_mat(
        home.hass, routine(session={"bell": True}, music={"keep_playing": 30})
    )
    await home.start()
    await home.wait(minutes=60)
    assert bells(home) == []


async def test_only_at_the_end_where_it_cannot(home: Home) -> None:
    """In the silence, at the session's volume; then the old volume comes back."""
    await add_mat(home.hass, routine(session={"bell": True}))
    await home.start()
    await home.wait(minutes=30)
    assert bells(home) == [1260]
    commands = home.evening.commands(RADIO)
    assert commands[-5:-3] == ["stop", "volume 0.20"]
    assert commands[-2:] == ["stop", "volume 0.60"]


@pytest.mark.parametrize("how", ["stop", "off"])
async def test_no_bell_without_being_asked_or_when_stopped(
    home: Home, how: str
) -> None:
    """Who gets up early needs no bell; who did not ask for one neither."""
    await add_mat(home.hass, routine(session={"bell": how == "stop"}))
    await home.start()
    await home.wait(minutes=5)
    if how == "stop":
        await home.finish()
    await home.wait(minutes=30)
    assert bells(home) == []


async def test_a_bell_that_cannot_be_served_spoils_nothing(home: Home) -> None:
    """Without an address of its own Home Assistant cannot tell a player where."""
    await add_mat(home.hass, routine(session={"bell": True}))
    with patch(
        "custom_components.acupressure_mat.environment.player."
        "async_process_play_media_url",
        side_effect=ValueError,
    ):
        await home.start()
        await home.wait(minutes=30)
    assert bells(home) == []
    assert home.hass.states.get(RADIO).attributes["volume_level"] == 0.6  # type: ignore[union-attr]


async def test_the_sound_is_served(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Players fetch it without a login."""
    assert await async_setup_component(hass, "http", {})
    assert await async_setup_component(hass, "acupressure_mat", {})
    client = await hass_client_no_auth()
    answer = await client.get("/acupressure_mat/bell.wav")
    assert answer.status == 200
    assert (await answer.read())[:4] == b"RIFF"
