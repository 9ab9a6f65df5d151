"""Whether somebody is on the mat."""

from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import MatConfigEntry
from .entity import MatEntity

PARALLEL_UPDATES = 0
SESSION = BinarySensorEntityDescription(
    key="session",
    translation_key="session",
    device_class=BinarySensorDeviceClass.RUNNING,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MatConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensor of the mat."""
    async_add_entities([SessionBinarySensor(entry.runtime_data, SESSION)])


class SessionBinarySensor(MatEntity, BinarySensorEntity):
    """On while a session of any routine of the mat runs or is paused."""

    @property
    @override
    def is_on(self) -> bool:
        return self.coordinator.session is not None
