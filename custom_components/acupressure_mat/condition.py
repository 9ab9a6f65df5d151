"""Conditions on the session of a routine, for our own switches only."""

from typing import override

from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.condition import Condition, EntityStateConditionBase

from .trigger import ours


class IsRunning(EntityStateConditionBase):
    """Whether a session runs, or is paused."""

    _domain_specs = {"switch": DomainSpec()}
    _states = {STATE_ON}

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        return ours(self._hass, super().entity_filter(entities), "session")


CONDITIONS: dict[str, type[Condition]] = {"is_running": IsRunning}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions of this integration."""
    return CONDITIONS
