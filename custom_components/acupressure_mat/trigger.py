"""Triggers for what happens in a session, for our own event entities only."""

from typing import Any, override

from homeassistant.const import CONF_OPTIONS
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.trigger import (
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
    TriggerConfig,
)
import voluptuous as vol

from .const import DOMAIN
from .session.routine import PhaseName
from .session.session import Reason


def ours(hass: HomeAssistant, entities: set[str], key: str) -> set[str]:
    """Return those entities that are ours, under this translation key."""
    registry = er.async_get(hass)
    return {
        entity_id
        for entity_id in entities
        if (entity := registry.async_get(entity_id)) is not None
        and entity.platform == DOMAIN
        and entity.translation_key == key
    }


def _schema(options: dict[Any, Any]) -> vol.Schema:
    return vol.Schema(
        {
            vol.Required("target"): cv.TARGET_FIELDS,
            vol.Optional(CONF_OPTIONS, default=dict): options,
        }
    )


class SessionTrigger(StatelessEntityTriggerBase):
    """A happening of one type, narrowed down by what its data must be."""

    _domain_specs = {"event": DomainSpec()}
    _schema = _schema({})
    _happening: str
    # Option of the trigger, and the same name in the data of the event.
    _option: str | None = None

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take the values that are asked for; none means any."""
        super().__init__(hass, config)
        asked = self._options.get(self._option) if self._option else None
        self._asked = set(asked or ())

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        return ours(self._hass, super().entity_filter(entities), "session")

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        if state.attributes.get("event_type") != self._happening:
            return False
        value = state.attributes.get(self._option or "")
        return not self._asked or value in self._asked


def _make(
    happening: str, option: str | None = None, values: list[str] | None = None
) -> type[SessionTrigger]:
    """Return the trigger for a type of happening, with at most one option."""

    class _Trigger(SessionTrigger):
        _happening = happening
        _option = option
        _schema = _schema(
            {vol.Optional(option): vol.All(cv.ensure_list, [vol.In(values or [])])}
            if option
            else {}
        )

    return _Trigger


TRIGGERS: dict[str, type[Trigger]] = {
    "session_started": _make("started"),
    "phase_started": _make("phase_started", "phase", [*PhaseName]),
    "session_completed": _make("completed"),
    "session_stopped": _make("stopped", "reason", [*Reason]),
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of this integration."""
    return TRIGGERS
