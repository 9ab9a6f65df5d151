"""How long the next session of a routine will be."""

from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import MINUTE, SUBENTRY_ROUTINE
from .coordinator import MatConfigEntry
from .entity import RoutineEntity

PARALLEL_UPDATES = 0
DURATION = NumberEntityDescription(
    key="duration",
    translation_key="duration",
    device_class=NumberDeviceClass.DURATION,
    native_unit_of_measurement=UnitOfTime.MINUTES,
    native_min_value=1,
    native_max_value=60,
    native_step=1,
    mode=NumberMode.BOX,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MatConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a number for each routine."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_ROUTINE):
        async_add_entities(
            [NextDuration(entry.runtime_data, subentry, DURATION)],
            config_subentry_id=subentry.subentry_id,
        )


class NextDuration(RoutineEntity, NumberEntity):
    """What is set here holds for the next session only; then plan or setting again."""

    @property
    @override
    def native_value(self) -> float:
        return self.coordinator.next_duration(self.routine_id) / MINUTE

    @override
    async def async_set_native_value(self, value: float) -> None:
        await self.coordinator.async_set_next_duration(self.routine_id, value)
