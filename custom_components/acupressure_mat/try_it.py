"""Try a routine: the room plays it for a moment, once it is saved."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER
from .coordinator import SessionCoordinator
from .session.session import SessionError

LENGTH = timedelta(seconds=20)
# The routine to be tried, by mat.
_WISHES: HassKey[dict[str, str]] = HassKey(f"{DOMAIN}_try_it")


@callback
def async_try_soon(hass: HomeAssistant, entry: ConfigEntry[Any], name: str) -> None:
    """Try the routine of this name, as soon as the mat has it as it was saved."""
    hass.data.setdefault(_WISHES, {})[entry.entry_id] = name

    @callback
    def try_anyway(_now: datetime) -> None:
        # While it is being loaded, nothing can be tried yet; its set-up tries then.
        if entry.state is ConfigEntryState.LOADED:
            async_try(hass, entry)

    # What was saved unchanged loads nothing anew.
    async_call_later(hass, 1, try_anyway)


@callback
def async_try(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Try what somebody asked to try on this mat, if it is there by now."""
    wishes = hass.data.get(_WISHES, {})
    name = wishes.get(entry.entry_id)
    routine_id = next(
        (s.subentry_id for s in entry.subentries.values() if s.title == name), None
    )
    if routine_id is None:
        return
    del wishes[entry.entry_id]
    coordinator: SessionCoordinator = entry.runtime_data
    try:
        coordinator.async_rehearse(routine_id, LENGTH)
    except SessionError as err:
        LOGGER.info("%s was not tried: %s", name, err.key)
