"""What a mat tells: phase, end and length of its session, minutes of the day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import MINUTE
from .coordinator import MatConfigEntry, SessionCoordinator
from .entity import MatEntity
from .session.routine import PhaseName

PARALLEL_UPDATES = 0

IDLE, PAUSED = "idle", "paused"


@dataclass(frozen=True, kw_only=True)
class MatSensorDescription(SensorEntityDescription):
    """A sensor and where its value comes from."""

    value_fn: Callable[[SessionCoordinator], str | float | datetime | None]


def _phase(coordinator: SessionCoordinator) -> str:
    session = coordinator.session
    if session is not None and session.is_paused:
        return PAUSED
    return coordinator.phase or IDLE


def _finishes_at(coordinator: SessionCoordinator) -> datetime | None:
    session = coordinator.session
    return session.finishes_at if session else None


def _duration(coordinator: SessionCoordinator) -> float | None:
    session = coordinator.session
    return round(session.planned / MINUTE, 2) if session else None


SENSORS = (
    MatSensorDescription(
        key="phase",
        translation_key="phase",
        device_class=SensorDeviceClass.ENUM,
        options=[IDLE, *PhaseName, PAUSED],
        value_fn=_phase,
    ),
    MatSensorDescription(
        key="finishes_at",
        translation_key="finishes_at",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=_finishes_at,
    ),
    MatSensorDescription(
        key="duration",
        translation_key="duration",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        value_fn=_duration,
    ),
    MatSensorDescription(
        key="minutes_today",
        translation_key="minutes_today",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda coordinator: round(coordinator.practice.minutes_today, 2),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MatConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of the mat."""
    async_add_entities(MatSensor(entry.runtime_data, d) for d in SENSORS)


class MatSensor(MatEntity, SensorEntity):
    """One of the table above."""

    entity_description: MatSensorDescription

    @property
    @override
    def native_value(self) -> str | float | datetime | None:
        return self.entity_description.value_fn(self.coordinator)
