"""«Whatever it does not do, a script of mine can»: one at the start, one at the end."""

from homeassistant.core import ServiceCall
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from .home import Home, add_mat, routine

OWN = {"start_script": "script.blinds", "end_script": "scene.night"}


async def begin(home: Home) -> MockConfigEntry:
    """Put the person's script and scene into the home, and a mat that names them."""
    home.hass.states.async_set("script.blinds", "off")
    home.hass.states.async_set("scene.night", "unknown")
    return await add_mat(home.hass, routine(session=OWN))


def asked(calls: list[ServiceCall]) -> list[str]:
    """Return what was switched on, in order."""
    return [call.data["entity_id"] for call in calls]


async def test_a_script_runs_at_the_start_and_a_scene_at_the_end(home: Home) -> None:
    """Each once, and the scene not before the minutes are over."""
    scripts = async_mock_service(home.hass, "script", "turn_on")
    scenes = async_mock_service(home.hass, "scene", "turn_on")
    await begin(home)
    await home.start()
    assert (asked(scripts), asked(scenes)) == (["script.blinds"], [])
    await home.wait(minutes=20)
    assert asked(scenes) == []
    await home.wait(minutes=10)
    assert (asked(scripts), asked(scenes)) == (["script.blinds"], ["scene.night"])


async def test_a_mistaken_tap_runs_no_script_of_the_end(home: Home) -> None:
    """Good night for somebody who only touched the wrong button."""
    async_mock_service(home.hass, "script", "turn_on")
    scenes = async_mock_service(home.hass, "scene", "turn_on")
    await begin(home)
    await home.start()
    await home.finish()
    await home.wait(minutes=10)
    assert asked(scenes) == []


@pytest.mark.parametrize("how", ["raises", "is gone"])
async def test_a_script_that_fails_spoils_nothing(home: Home, how: str) -> None:
    """The session goes on, and its record says which one it was."""
    error = HomeAssistantError("stuck") if how == "raises" else None
    async_mock_service(home.hass, "script", "turn_on", raise_exception=error)
    async_mock_service(home.hass, "scene", "turn_on")
    entry = await begin(home)
    if how == "is gone":
        home.hass.states.async_remove("script.blinds")
    await home.start()
    assert home.level("light.bed") == 12
    await home.wait(minutes=30)
    (record,) = await home.records(entry)
    assert record.failed == ("script.blinds",)
