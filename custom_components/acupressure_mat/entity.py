"""What all entities share: whose they are, and who tells them of changes."""

import asyncio
from collections.abc import Callable, Iterable
from itertools import batched
from typing import TypedDict, override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import Context
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from . import subentries
from .const import DOMAIN, SUBENTRY_ROUTINE
from .coordinator import MatConfigEntry, SessionCoordinator
from .session.session import Source

# Each is up to a millisecond that others wait; a round of the event loop costs as well.
ROUTINES_AT_ONCE = 2


class AcupressureMatEntity(CoordinatorEntity[SessionCoordinator]):
    """An entity that follows the session of its mat; it is always available."""

    _attr_has_entity_name = True

    @property
    @override
    def available(self) -> bool:
        """Return True: nothing here can be out of reach."""
        return True

    def async_entity_id_changed(self, old_entity_id: str) -> None:  # type: ignore[explicit-override, unused-ignore]  # 2026.10 does not have it
        """Let Home Assistant rename the entity in place, also in mid-session."""


class MatEntity(AcupressureMatEntity):
    """An entity of the mat's own device."""

    def __init__(
        self, coordinator: SessionCoordinator, description: EntityDescription
    ) -> None:
        """Belong to the mat."""
        super().__init__(coordinator)
        entry = coordinator.config_entry
        self.entity_description = description
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(**mat_device(entry))


class RoutineEntity(AcupressureMatEntity):
    """An entity of the device of one routine."""

    def __init__(
        self,
        coordinator: SessionCoordinator,
        subentry: ConfigSubentry,
        description: EntityDescription,
    ) -> None:
        """Belong to the routine."""
        super().__init__(coordinator)
        entry = coordinator.config_entry
        self.routine_id = subentry.subentry_id
        self.entity_description = description
        self._attr_unique_id = f"{subentry.subentry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, subentry.subentry_id)},
            name=subentry.title,
            entry_type=DeviceEntryType.SERVICE,
            suggested_area=subentries.area_name(coordinator.hass, subentry),
            via_device_id=dr.async_get_device_id_by_identifier(
                coordinator.hass,
                (DOMAIN, entry.entry_id),
                config_entry_id=entry.entry_id,
            ),
        )


async def async_add_to_mat(
    async_add_entities: AddConfigEntryEntitiesCallback, entities: Iterable[MatEntity]
) -> None:
    """Add entities of a mat, one at a time: each is a millisecond that others wait."""
    for entity in entities:
        async_add_entities([entity])
        await asyncio.sleep(0)


async def async_add_to_routines(
    entry: MatConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[ConfigSubentry], RoutineEntity],
) -> None:
    """Add an entity for each routine of a mat, a few at a time."""
    routines = entry.get_subentries_of_type(SUBENTRY_ROUTINE)
    for some in batched(routines, ROUTINES_AT_ONCE, strict=False):
        for subentry in some:
            # It may be deleted while this goes on.
            if subentry.subentry_id in entry.subentries:
                async_add_entities(
                    [make(subentry)], config_subentry_id=subentry.subentry_id
                )
        await asyncio.sleep(0)


class _MatDevice(TypedDict):
    identifiers: set[tuple[str, str]]
    name: str
    entry_type: DeviceEntryType


def mat_device(entry: MatConfigEntry) -> _MatDevice:
    """Return what the device of a mat is."""
    return {
        "identifiers": {(DOMAIN, entry.entry_id)},
        "name": entry.title,
        "entry_type": DeviceEntryType.SERVICE,
    }


def source_of(context: Context | None) -> Source:
    """Return what stands behind a call: a person, or one of their automations."""
    if context is not None and context.user_id and not context.parent_id:
        return Source.USER
    return Source.AUTOMATION
