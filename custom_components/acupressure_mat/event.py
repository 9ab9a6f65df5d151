"""What happens in the sessions of a routine, and in the practice on a mat."""

from typing import Any, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import MatConfigEntry
from .entity import (
    AcupressureMatEntity,
    MatEntity,
    RoutineEntity,
    async_add_to_mat,
    async_add_to_routines,
)

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

PRACTICE = EventEntityDescription(
    key="practice",
    translation_key="practice",
    event_types=["rated", "plan_changed", "goal_reached", "streak_reached"],
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MatConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an event entity for the mat, and one for each routine."""
    await async_add_to_mat(
        async_add_entities, [PracticeEvent(entry.runtime_data, PRACTICE)]
    )
    await async_add_to_routines(
        entry,
        async_add_entities,
        lambda subentry: SessionEvent(entry.runtime_data, subentry, SESSION),
    )


class HappeningEvent(AcupressureMatEntity, EventEntity):
    """Something that happened, with what is known of it then."""

    @callback
    def _on_happening(self, happening: str, data: dict[str, Any]) -> None:
        self._trigger_event(happening, data)
        self.async_write_ha_state()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write nothing: an event says itself when it happens."""


class SessionEvent(HappeningEvent, RoutineEntity):
    """Each change of a session of the routine."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_listen(self.routine_id, self._on_happening)
        )


class PracticeEvent(HappeningEvent, MatEntity):
    """Ratings, and what a session did to plan, goal and streak."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        practice = self.coordinator.practice
        self.async_on_remove(practice.async_listen(self._on_happening))
