"""«Adaptive Lighting and the routine fought over the lamp».

Adaptive Lighting #37, #346, #1060.
"""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from .home import Home, add_mat


async def test_it_is_told_what_we_hold_and_gets_it_back(
    hass: HomeAssistant, home: Home
) -> None:
    """Once each, however many phases there are."""
    told = async_mock_service(hass, "adaptive_lighting", "set_manual_control")
    await add_mat(hass)
    await home.start()
    await home.wait(minutes=30)
    assert [(c.data["lights"], c.data["manual_control"]) for c in told] == [
        (["light.bed"], True),
        (["light.bed"], False),
    ]


async def test_a_lamp_that_it_does_not_know_is_no_trouble(
    hass: HomeAssistant, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """An error there, and none here, nor in the log of each evening."""
    async_mock_service(
        hass,
        "adaptive_lighting",
        "set_manual_control",
        raise_exception=ValueError("no switch looks after it"),
    )
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=30)
    (record,) = await home.records(entry)
    assert record.failed == ()
    assert "no switch looks after it" not in caplog.text
