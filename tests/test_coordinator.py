"""A session in a pretend home, from the tap to the room as it was."""

from homeassistant.core import HomeAssistant

from .home import Home, add_mat


async def test_a_whole_session(hass: HomeAssistant, home: Home) -> None:
    """The main job."""
    await add_mat(hass)
    await hass.services.async_call(
        "switch", "turn_on", {"entity_id": "switch.bedtime_session"}, blocking=True
    )
    await home.settle()
    assert home.level("light.bed") == 12
    assert home.is_on("switch.diffuser")
    assert home.is_on("media_player.radio")
    await home.wait(minutes=27)
    print(*home.evening.told, sep="\n")
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert not home.is_on("media_player.radio")
