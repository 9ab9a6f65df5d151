"""What happens in the sessions of a routine."""

from typing import Any, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import SUBENTRY_ROUTINE
from .coordinator import MatConfigEntry
from .entity import RoutineEntity

PARALLEL_UPDATES = 0
SESSION = EventEntityDescription(
    key="session",
    translation_key="session",
    event_types=[
        "started",
        "phase_started",
        "paused",
        "resumed",
        "extended",
        "completed",
        "stopped",
        "device_failed",
    ],
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MatConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an event entity for each routine."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_ROUTINE):
        async_add_entities(
            [SessionEvent(entry.runtime_data, subentry, SESSION)],
            config_subentry_id=subentry.subentry_id,
        )


class SessionEvent(RoutineEntity, EventEntity):
    """Each change of a session, with what is known of it then."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_listen(self.routine_id, self._on_happening)
        )

    @callback
    def _on_happening(self, happening: str, data: dict[str, Any]) -> None:
        self._trigger_event(happening, data)
        self.async_write_ha_state()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write nothing: an event says itself when it happens."""
