"""Conditions on a mat and its sessions, for our own entities only."""

from typing import override

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.condition import Condition, EntityConditionBase

from .trigger import ours


class OurCondition(EntityConditionBase):
    """A question to one of our entities."""

    # The translation key of the entity that is asked.
    _key: str

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        return ours(self._hass, super().entity_filter(entities), self._key)


class IsRunning(OurCondition):
    """Whether a session runs, or is paused."""

    _domain_specs = {"switch": DomainSpec()}
    _key = "session"

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        return entity_state.state == "on"


class IsPaused(IsRunning):
    """Whether a session is paused."""

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        paused_at = entity_state.attributes.get("paused_at")
        return super().is_valid_state(entity_state) and paused_at is not None


class IsIdle(IsRunning):
    """Whether no session of the routine runs."""

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        return entity_state.state == "off"


class IsPractisedToday(OurCondition):
    """Whether somebody was on the mat today."""

    _domain_specs = {"sensor": DomainSpec()}
    _key = "minutes_today"

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        return float(entity_state.state) > 0


class IsGoalReached(OurCondition):
    """Whether the goal of the week is reached."""

    _domain_specs = {"sensor": DomainSpec()}
    _key = "days_this_week"

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        return int(entity_state.state) >= int(entity_state.attributes["goal"])


CONDITIONS: dict[str, type[Condition]] = {
    "is_running": IsRunning,
    "is_paused": IsPaused,
    "is_idle": IsIdle,
    "is_practised_today": IsPractisedToday,
    "is_goal_reached": IsGoalReached,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions of this integration."""
    return CONDITIONS
