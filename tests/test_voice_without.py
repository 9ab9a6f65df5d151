"""A Home Assistant that has no voice, or gets one later."""

from homeassistant.core import HomeAssistant

from .home import Home, add_mat, coordinator_of
from .speech import bare, listen, say


async def test_a_mat_works_without_conversation(
    hass: HomeAssistant, home: Home
) -> None:
    """A minimal Home Assistant in which nothing of the mat is set up."""
    mat = coordinator_of(await add_mat(hass, bare("Bedtime", "bedtime")))
    assert "conversation" not in hass.config.components
    await home.start("switch.bedtime_session")
    assert mat.session is not None


async def test_a_conversation_that_comes_later_is_listened_to(
    hass: HomeAssistant, home: Home
) -> None:
    """An order of set-up that leaves a mat deaf."""
    mat = coordinator_of(await add_mat(hass, bare("Bedtime", "bedtime")))
    await listen(hass)
    await say(hass, "start my mat session")
    assert mat.session is not None
