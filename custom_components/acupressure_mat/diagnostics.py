"""What helps to find a mistake, without a word about the person."""

from collections import Counter
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.core import HomeAssistant

from .coordinator import MatConfigEntry

# Names, notes, what the body said and when nobody is at home are nobody's business.
REDACTED = {
    "area",
    "body_area",
    "content_id",
    "end_script",
    "heart_rate_after",
    "heart_rate_before",
    "heart_rate_sensor",
    "media",
    "media_content_id",
    "name",
    "notes",
    "person",
    "ratings",
    "reason",
    "routine",
    "safety_read",
    "sleep_sensor",
    "start_script",
    "title",
    "unique_id",
    "vacation_from",
    "vacation_until",
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: MatConfigEntry
) -> dict[str, Any]:
    """Return how a mat is set up and what runs; devices only by kind and number."""
    coordinator = entry.runtime_data
    practice = coordinator.practice
    session = coordinator.data
    running = None
    if session is not None:
        running = {
            key: value
            for key, value in session.as_dict().items()
            if key not in ("routine", "id")
        }
    shown = {
        "mat": dict(entry.data),
        "routines": [dict(s.data) for s in entry.subentries.values()],
        "session": running,
        "rooms": [_room(room.as_dict()) for room in coordinator.rooms],
        "journal": {
            "months": len(coordinator.journal.months),
            "sessions": practice.totals.sessions,
            "outcomes": dict(Counter(str(r.outcome) for r in practice.recent)),
        },
    }
    redacted: dict[str, Any] = async_redact_data(_anonymous(shown, {}), REDACTED)
    return redacted


def _room(room: dict[str, Any]) -> dict[str, Any]:
    return {
        "announced": room["announced"],
        "closed": room["closed"],
        "failed": room["failed"],
        "devices": [
            {**device, "entity_id": entity_id}
            for entity_id, device in room["devices"].items()
        ],
    }


def _anonymous(value: Any, numbers: dict[str, str]) -> Any:
    """Return data with each entity id as its domain and a number, always the same."""
    if isinstance(value, dict):
        return {
            key: _measured(item) if key == "attributes" else _anonymous(item, numbers)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_anonymous(item, numbers) for item in value]
    if isinstance(value, str):
        domain, dot, name = value.partition(".")
        if dot and domain.isidentifier() and name.replace("_", "a").isalnum():
            return numbers.setdefault(value, f"{domain}.{len(numbers) + 1}")
    return value


def _measured(attributes: dict[str, Any]) -> dict[str, Any]:
    """Return how a device is, in numbers alone: a source or a song has a name."""
    return {
        name: value
        for name, value in attributes.items()
        if all(
            isinstance(part, bool | int | float)
            for part in (value if isinstance(value, list | tuple) else [value])
        )
    }
