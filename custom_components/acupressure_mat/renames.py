"""What a mat and its routines name, under the entity id that it has by now."""

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from . import subentries
from .coordinator import MatConfigEntry
from .mat_sensor import async_rename_sensor


@callback
def async_follow_renames(hass: HomeAssistant, entry: MatConfigEntry) -> None:
    """Follow entities that get another id, until the mat is unloaded.

    A lamp that somebody called something else would be missing from the next session.
    """

    @callback
    def on_update(event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        data = event.data
        if data["action"] != "update" or "old_entity_id" not in data:
            return
        old, new = data["old_entity_id"], data["entity_id"]
        entry.runtime_data.async_rename(old, new)
        async_rename_sensor(hass, entry, old, new)
        for subentry in list(entry.subentries.values()):
            # The same data changes nothing.
            hass.config_entries.async_update_subentry(
                entry, subentry, data=subentries.replaced(subentry.data, old, new)
            )
        if old in subentries.named_by_mat(entry):
            hass.config_entries.async_update_entry(
                entry, data=subentries.replaced_in_mat(entry.data, old, new)
            )

    entry.async_on_unload(
        hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, on_update)
    )
