"""What a mat tells: its session, and what the practice on it comes to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from . import subentries
from .const import MINUTE
from .coordinator import MatConfigEntry, SessionCoordinator
from .entity import MatEntity, async_add_to_mat
from .session.routine import PhaseName

PARALLEL_UPDATES = 0

IDLE, PAUSED = "idle", "paused"


@dataclass(frozen=True, kw_only=True)
class MatSensorDescription(SensorEntityDescription):
    """A sensor and where its value comes from."""

    value_fn: Callable[[SessionCoordinator], str | float | datetime | None]
    attributes_fn: Callable[[SessionCoordinator], dict[str, Any]] | None = None


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


def _streak(coordinator: SessionCoordinator) -> int | None:
    streak = coordinator.practice.streak
    return streak.days if streak else None


def _best_streak(coordinator: SessionCoordinator) -> int | None:
    streak = coordinator.practice.streak
    return streak.best if streak else None


def _at_risk(coordinator: SessionCoordinator) -> dict[str, Any]:
    practice = coordinator.practice
    streak = practice.streak
    at_risk = streak is not None and streak.at_risk(dt_util.now(), practice.boundary)
    return {"at_risk": at_risk}


def _plan(coordinator: SessionCoordinator) -> int | None:
    plan = coordinator.practice.plan()
    return plan.minutes if plan else None


def _why(coordinator: SessionCoordinator) -> dict[str, Any]:
    plan = coordinator.practice.plan()
    if plan is None:
        return {"why": None, "tip": None}
    return {"why": plan.why, "tip": plan.tip, **plan.placeholders}


def _last_session(coordinator: SessionCoordinator) -> datetime | None:
    last = coordinator.practice.last
    return last.ended_at if last else None


def _relief(coordinator: SessionCoordinator) -> float | None:
    relief = coordinator.practice.pain_relief
    return None if relief is None else round(relief, 1)


def _minutes_sensor(
    key: str, value_fn: Callable[[SessionCoordinator], float | None], **more: Any
) -> MatSensorDescription:
    """Return a sensor of minutes.

    Those that go on for ever have no state class: the statistics of the journal say
    it right, also after an edit.
    """
    return MatSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        value_fn=value_fn,
        **more,
    )


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
    _minutes_sensor("duration", _duration),
    _minutes_sensor(
        "minutes_today",
        lambda coordinator: round(coordinator.practice.minutes_today, 2),
        state_class=SensorStateClass.MEASUREMENT,
        # By it a card knows that records were corrected, of whatever day.
        attributes_fn=lambda coordinator: {
            "journal_changed_at": coordinator.practice.changed_at
        },
    ),
    MatSensorDescription(
        key="days_this_week",
        translation_key="days_this_week",
        native_unit_of_measurement=UnitOfTime.DAYS,
        value_fn=lambda coordinator: coordinator.practice.days_this_week,
        attributes_fn=lambda coordinator: {
            "goal": subentries.goal(coordinator.config_entry)
        },
    ),
    MatSensorDescription(
        key="streak",
        translation_key="streak",
        native_unit_of_measurement=UnitOfTime.DAYS,
        value_fn=_streak,
        attributes_fn=_at_risk,
    ),
    _minutes_sensor("plan", _plan, attributes_fn=_why),
    _minutes_sensor(
        "minutes_week",
        lambda coordinator: round(coordinator.practice.minutes_week, 2),
        entity_registry_enabled_default=False,
    ),
    _minutes_sensor(
        "minutes_total",
        lambda coordinator: round(coordinator.practice.totals.elapsed / MINUTE, 2),
        entity_registry_enabled_default=False,
    ),
    MatSensorDescription(
        key="sessions_total",
        translation_key="sessions_total",
        value_fn=lambda coordinator: coordinator.practice.totals.sessions,
        entity_registry_enabled_default=False,
    ),
    MatSensorDescription(
        key="best_streak",
        translation_key="best_streak",
        native_unit_of_measurement=UnitOfTime.DAYS,
        value_fn=_best_streak,
        entity_registry_enabled_default=False,
    ),
    MatSensorDescription(
        key="last_session",
        translation_key="last_session",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=_last_session,
        entity_registry_enabled_default=False,
    ),
    MatSensorDescription(
        key="pain_relief",
        translation_key="pain_relief",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=_relief,
        entity_registry_enabled_default=False,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MatConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of the mat."""
    await async_add_to_mat(
        async_add_entities, (MatSensor(entry.runtime_data, d) for d in SENSORS)
    )


class MatSensor(MatEntity, SensorEntity):
    """One of the table above."""

    entity_description: MatSensorDescription
    _unrecorded_attributes = frozenset({"journal_changed_at"})

    @property
    @override
    def native_value(self) -> str | float | datetime | None:
        return self.entity_description.value_fn(self.coordinator)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        attributes_fn = self.entity_description.attributes_fn
        return attributes_fn(self.coordinator) if attributes_fn else None
