"""The sentences that a person finds in Activity."""

from collections.abc import Callable
from typing import Any

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_ICON,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations

from .activity import EVENT
from .const import DOMAIN
from .coordinator import MatConfigEntry
from .session.record import Record

ICONS = {
    "started": "mdi:play",
    "completed": "mdi:check-circle-outline",
    "rated": "mdi:comment-check-outline",
    "device_failed": "mdi:alert-outline",
    "goal_reached": "mdi:flag-checkered",
    "streak_reached": "mdi:fire",
}
# With what became of them since: minutes corrected, pain told.
OF_RECORDS = ("completed", "rated")
STOPPED = "mdi:stop-circle-outline"


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[[str, str, Callable[[Event], dict[str, Any]]], None],
) -> None:
    """Let Home Assistant ask for our sentences."""

    @callback
    def describe(event: Event) -> dict[str, Any]:
        data = event.data
        return {
            LOGBOOK_ENTRY_NAME: data["name"],
            LOGBOOK_ENTRY_MESSAGE: _sentence(hass, dict(data)),
            LOGBOOK_ENTRY_ICON: ICONS.get(data["sentence"], STOPPED),
            LOGBOOK_ENTRY_ENTITY_ID: data[ATTR_ENTITY_ID],
        }

    async_describe_event(DOMAIN, EVENT, describe)


def _sentence(hass: HomeAssistant, data: dict[str, Any]) -> str:
    """Return a sentence in the language of the home: who reads is not known here."""
    texts = async_get_cached_translations(
        hass, hass.config.language, "config_panel", DOMAIN
    )
    words = f"component.{DOMAIN}.config_panel"
    sentence: str = data["sentence"]
    data.setdefault("routine", texts[f"{words}.journal.session"])
    record = _record(hass, data) if sentence in OF_RECORDS else None
    if record is not None:
        data["minutes"] = record.minutes
        data["routine"] = record.routine or data["routine"]
    if "minutes" in data:
        data["minutes"] = max(round(data["minutes"]), 1)
    text = texts[f"{words}.logbook.{sentence}"].format_map(data)
    if record is None or record.ratings.relief is None:
        return text
    before, after = record.ratings.pain_before, record.ratings.pain_after
    pain = texts[f"{words}.logbook.pain"].format(before=before, after=after)
    return f"{text}, {pain}"


def _record(hass: HomeAssistant, data: dict[str, Any]) -> Record | None:
    """Return the record that a sentence is about, as it is now."""
    entry: MatConfigEntry | None = hass.config_entries.async_get_entry(data["entry_id"])
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return None
    recent = entry.runtime_data.practice.recent
    return next((r for r in recent if r.id == data.get("record_id")), None)
