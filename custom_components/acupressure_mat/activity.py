"""Fires an event for each thing that is worth a sentence in Activity.

The event entities have lines of their own there, in the language of whoever reads.
Where these say all ("Paused", "Phase started"), there is no sentence. A sentence
belongs to the mat's binary sensor, so that it does not stand beside the line of an
event entity where somebody looks at one entity alone.
"""

from functools import partial
from typing import Any

from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from . import subentries
from .const import DOMAIN, SUBENTRY_ROUTINE
from .coordinator import MatConfigEntry
from .issues import name_of
from .session.session import Outcome

EVENT = f"{DOMAIN}_told"
# What is kept of an event. No rating: it is looked up in the journal when somebody
# reads, and is in no sentence any more when it was deleted there.
KEPT = ("routine", "minutes", "record_id", "goal", "days")


@callback
def async_tell_logbook(hass: HomeAssistant, entry: MatConfigEntry) -> None:
    """Fire an event for each sentence, until the mat is unloaded."""
    coordinator = entry.runtime_data
    tell = partial(_on_happening, hass, entry)
    entry.async_on_unload(coordinator.practice.async_listen(tell))
    for subentry in entry.get_subentries_of_type(SUBENTRY_ROUTINE):
        routine_id = subentry.subentry_id
        entry.async_on_unload(coordinator.async_listen(routine_id, tell))


@callback
def _on_happening(
    hass: HomeAssistant, entry: MatConfigEntry, happening: str, data: dict[str, Any]
) -> None:
    sentence, name = happening, _who(hass, entry)
    match happening:
        case "stopped":
            is_stopped = data["outcome"] is Outcome.STOPPED
            sentence = f"stopped_{data['reason']}" if is_stopped else data["outcome"]
        case "device_failed":
            name = name_of(hass, data["failed"][-1])
        case "streak_reached" if data["days"] < 2:
            return
        case "started" | "completed" | "rated" | "goal_reached" | "streak_reached":
            pass
        case _:
            return
    told = {key: data[key] for key in KEPT if key in data}
    if happening == "started":
        told["minutes"] = data["planned_minutes"]
    device_id = dr.async_get_device_id_by_identifier(
        hass, (DOMAIN, entry.entry_id), config_entry_id=entry.entry_id
    )
    entity_id = er.async_get(hass).async_get_entity_id(
        Platform.BINARY_SENSOR, DOMAIN, f"{entry.entry_id}_session"
    )
    hass.bus.async_fire(
        EVENT,
        {
            "sentence": sentence,
            "name": name,
            "entry_id": entry.entry_id,
            ATTR_DEVICE_ID: device_id,
            ATTR_ENTITY_ID: entity_id,
            **told,
        },
    )


def _who(hass: HomeAssistant, entry: MatConfigEntry) -> str:
    """Return the name of the person of a mat, or else of the mat."""
    person = subentries.person(entry)
    state = hass.states.get(person) if person else None
    return entry.title if state is None else state.name
