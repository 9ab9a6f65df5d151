"""A voice without hardware: text-to-speech, a satellite that hears, and a player.

It is loaded by Home Assistant from the folder of a test, as any custom integration.
"""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

PLATFORMS = [Platform.ASSIST_SATELLITE, Platform.MEDIA_PLAYER, Platform.TTS]


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry[None]) -> bool:
    """Add the entities."""
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True
