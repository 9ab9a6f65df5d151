"""A few figures for the page on which Home Assistant says how it is."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .environment import DEVICES


@callback
def async_register(
    hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Register the figures."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the figures of all mats together."""
    mats = [
        entry.runtime_data for entry in hass.config_entries.async_loaded_entries(DOMAIN)
    ]
    return {
        "mats": len(mats),
        "routines": sum(len(mat.config_entry.subentries) for mat in mats),
        "running_sessions": sum(mat.session is not None for mat in mats),
        "devices_held": len(hass.data.get(DEVICES, {})),
        "sessions_in_journal": sum(mat.practice.totals.sessions for mat in mats),
    }
