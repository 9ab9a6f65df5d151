"""How long the next session of a routine will be, and how much it hurts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
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

from .const import MINUTE
from .coordinator import MatConfigEntry, SessionCoordinator
from .entity import MatEntity, RoutineEntity, async_add_to_mat, async_add_to_routines
from .errors import translated
from .session.record import WORST

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


@dataclass(frozen=True, kw_only=True)
class MatNumberDescription(NumberEntityDescription):
    """A number that a person tells, and what becomes of it."""

    value_fn: Callable[[SessionCoordinator], float | None]
    set_fn: Callable[[SessionCoordinator, int], Awaitable[None]]


NUMBERS = (
    MatNumberDescription(
        key="pain",
        translation_key="pain",
        native_min_value=0,
        native_max_value=WORST,
        native_step=1,
        mode=NumberMode.SLIDER,
        value_fn=lambda coordinator: coordinator.practice.pain(coordinator.session),
        set_fn=lambda coordinator, value: coordinator.practice.async_set_pain(
            value, coordinator.session
        ),
    ),
    MatNumberDescription(
        key="worst_pain",
        translation_key="worst_pain",
        native_min_value=0,
        native_max_value=WORST,
        native_step=1,
        mode=NumberMode.SLIDER,
        entity_registry_enabled_default=False,
        value_fn=lambda coordinator: coordinator.practice.worst_pain,
        set_fn=lambda coordinator, value: coordinator.practice.async_set_worst_pain(
            value
        ),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MatConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of the mat, and one for each routine."""
    await async_add_to_mat(
        async_add_entities, (MatNumber(entry.runtime_data, d) for d in NUMBERS)
    )
    await async_add_to_routines(
        entry,
        async_add_entities,
        lambda subentry: NextDuration(entry.runtime_data, subentry, DURATION),
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


class MatNumber(MatEntity, NumberEntity):
    """One of the table above; unknown until it is told, and again when it was used."""

    entity_description: MatNumberDescription

    @property
    @override
    def native_value(self) -> float | None:
        return self.entity_description.value_fn(self.coordinator)

    @override
    async def async_set_native_value(self, value: float) -> None:
        with translated():
            await self.entity_description.set_fn(self.coordinator, round(value))
        self.coordinator.async_update_listeners()
