"""A session in a pretend home, from the tap to the room as it was."""

from datetime import timedelta

from homeassistant.core import HomeAssistant

from .home import Home, add_mat, coordinator_of


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
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert not home.is_on("media_player.radio")


async def test_a_routine_is_the_one_that_is_configured_now(
    hass: HomeAssistant, home: Home
) -> None:
    """Between a change of it and the reload that follows somebody may tap."""
    entry = await add_mat(hass)
    coordinator, bedtime = coordinator_of(entry), entry.subentries["bedtime"]
    assert coordinator.routine("bedtime") is coordinator.routine("bedtime")
    update = hass.config_entries.async_update_subentry
    data = {**bedtime.data, "session": {**bedtime.data["session"], "duration": 7}}
    update(entry, bedtime, data=data)
    assert coordinator.routine("bedtime").duration == timedelta(minutes=7)
    update(entry, bedtime, title="Night")
    assert coordinator.routine("bedtime").name == "Night"
    await home.settle()
