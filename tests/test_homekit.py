"""HomeKit, through Home Assistant's own bridge: a routine is a switch for Siri.

No bridge is published on the network; what a phone would write to the accessory is
written to it here.
"""

from collections.abc import AsyncIterator
from unittest.mock import patch

from homeassistant.components.homekit.accessories import (
    HomeAccessory,
    HomeDriver,
    get_accessory,
)
from homeassistant.components.homekit.iidmanager import AccessoryIIDStorage
from homeassistant.components.homekit.type_switches import Switch
from homeassistant.core import HomeAssistant
import pytest

from .home import Home, add_mat

SWITCH = "switch.bedtime_session"


@pytest.fixture
async def driver(hass: HomeAssistant) -> AsyncIterator[HomeDriver]:
    """Return what holds accessories, without a server, a file or an announcement."""
    storage = AccessoryIIDStorage(hass, "")
    with (
        patch("pyhap.accessory_driver.AsyncZeroconf"),
        patch("pyhap.accessory_driver.AccessoryEncoder"),
        patch("pyhap.accessory_driver.HAPServer"),
        patch("pyhap.accessory_driver.AccessoryDriver.publish"),
        patch("pyhap.accessory_driver.AccessoryDriver.persist"),
    ):
        await storage.async_initialize()
        yield HomeDriver(
            hass,
            entry_id="",
            entry_title="Bridge",
            bridge_name="Bridge",
            iid_storage=storage,
            pincode=b"123-45-678",
            address="127.0.0.1",
            loop=hass.loop,
        )


def accessory(hass: HomeAssistant, driver: HomeDriver) -> HomeAccessory:
    """Return what the bridge makes of the routine's switch, following its state."""
    state = hass.states.get(SWITCH)
    assert state is not None
    made = get_accessory(hass, driver, state, 2, {})
    assert made is not None
    made.run()
    return made


async def test_the_routine_is_a_switch_by_its_name(
    home: Home, driver: HomeDriver
) -> None:
    """Siri has to know what to turn on, and that it is neither outlet nor valve."""
    await add_mat(home.hass)
    made = accessory(home.hass, driver)
    assert isinstance(made, Switch)
    assert made.display_name == "Bedtime Session"
    assert made.char_on.value is False


async def test_siri_switches_a_session_on_and_off(
    home: Home, driver: HomeDriver
) -> None:
    """And the phone shows what is so, whoever switched it."""
    entry = await add_mat(home.hass)
    made = accessory(home.hass, driver)
    assert isinstance(made, Switch)
    made.char_on.client_update_value(True)
    await home.settle()
    assert home.state(SWITCH) == "on"
    assert home.level("light.bed") == 12
    # Twice is once.
    made.char_on.client_update_value(True)
    await home.wait(minutes=5)
    made.char_on.client_update_value(False)
    await home.settle()
    assert home.state(SWITCH) == "off"
    assert len(await home.records(entry)) == 1
    await home.start()
    assert made.char_on.value is True
    await home.finish()
    assert made.char_on.value is False
