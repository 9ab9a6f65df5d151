"""A phone with the companion app: what it is sent, and what is pressed on it."""

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.acupressure_mat.phone import PRESSED

from .home import Home

NAME = "mobile_app_annas_phone"
PHONE = f"notify.{NAME}"


def add_phone(hass: HomeAssistant, name: str = NAME) -> list[ServiceCall]:
    """Return what a phone is sent from now on."""
    calls: list[ServiceCall] = async_mock_service(hass, "notify", name)
    return calls


async def notify_elsewhere(
    home: Home, entry: MockConfigEntry, name: str | None
) -> None:
    """Choose another phone for a mat, or none."""
    data = {**entry.data, "notify": name and f"notify.{name}"}
    home.hass.config_entries.async_update_entry(entry, data=data)
    await home.settle()


def add_phone_out_of_reach(hass: HomeAssistant, error: Exception | None = None) -> None:
    """Add a phone whose battery is dead."""

    async def fail(_call: ServiceCall) -> None:
        raise error or HomeAssistantError("not connected")

    hass.services.async_register("notify", NAME, fail)


def said(phone: list[ServiceCall]) -> list[str]:
    """Return the messages that a phone got."""
    return [call.data["message"] for call in phone]


def buttons(call: ServiceCall) -> dict[str, str]:
    """Return the buttons of a notification by their text."""
    return {a["title"]: a["action"] for a in call.data["data"]["actions"]}


async def press(
    home: Home, call: ServiceCall, button: str, reply: str | None = None
) -> None:
    """Press a button, as the app reports it."""
    data = {"action": buttons(call)[button], "tag": call.data["data"]["tag"]}
    if reply is not None:
        data["reply_text"] = reply
    home.hass.bus.async_fire(PRESSED, data)
    await home.settle()
