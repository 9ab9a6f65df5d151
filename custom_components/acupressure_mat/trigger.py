"""Triggers for what happens on a mat, for our own event entities only."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, override

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_ENTITY_ID, CONF_OPTIONS, CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, State, callback
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.automation import DomainSpec, filter_by_domain_specs
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.helpers.target import (
    TargetStateChangedData,
    async_track_target_selector_state_change_event,
)
from homeassistant.helpers.trigger import (
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import DOMAIN
from .coordinator import SessionCoordinator
from .session.routine import PhaseName
from .session.session import Reason, Session

CONF_REMAINING = "remaining"


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
            vol.Required(CONF_TARGET): cv.TARGET_FIELDS,
            vol.Optional(CONF_OPTIONS, default=dict): options,
        }
    )


class HappeningTrigger(StatelessEntityTriggerBase):
    """A happening of one type, narrowed down by what its data must be."""

    _domain_specs = {"event": DomainSpec()}
    _schema = _schema({})
    # The translation key of the event entity, and the type of its event.
    _entity: str
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
        return ours(self._hass, super().entity_filter(entities), self._entity)

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        if state.attributes.get("event_type") != self._happening:
            return False
        value = state.attributes.get(self._option or "")
        return not self._asked or value in self._asked


def _make(
    entity: str, happening: str, option: str | None = None, value: Any = None
) -> type[HappeningTrigger]:
    """Return the trigger for a type of happening, with at most one option."""

    class _Trigger(HappeningTrigger):
        _entity = entity
        _happening = happening
        _option = option
        _schema = _schema(
            {vol.Optional(option): vol.All(cv.ensure_list, [value])} if option else {}
        )

    return _Trigger


# The entities of a mat tell of a session that goes on before the mat is loaded.
_TELLING = (ConfigEntryState.SETUP_IN_PROGRESS, ConfigEntryState.LOADED)


class RemainingTimeTrigger(Trigger):
    """A session has only so much time left; again if it is extended after that."""

    _remaining_schema = _schema(
        {
            vol.Required(CONF_REMAINING): vol.All(
                cv.time_period,
                vol.Range(min=timedelta(0), max=timedelta(hours=1)),
            )
        }
    )

    @override
    @classmethod
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        validated: ConfigType = cls._remaining_schema(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take the time that must be left."""
        super().__init__(hass, config)
        self._target = config.target or {}
        self._remaining: timedelta = (config.options or {})[CONF_REMAINING]
        self._run: TriggerActionRunner | None = None
        self._scheduled: dict[str, CALLBACK_TYPE] = {}

    def _filter(self, entities: set[str]) -> set[str]:
        events = filter_by_domain_specs(self._hass, {"event": DomainSpec()}, entities)
        return ours(self._hass, events, "session")

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        self._run = run_action
        unsub = await async_track_target_selector_state_change_event(
            self._hass, self._target, self._on_happening, self._filter, self._on_targets
        )

        @callback
        def detach() -> None:
            unsub()
            for entity_id in list(self._scheduled):
                self._cancel(entity_id)

        return detach

    @callback
    def _on_happening(self, data: TargetStateChangedData) -> None:
        event = data.state_change_event
        self._schedule(event.data["entity_id"], event.context)

    @callback
    def _on_targets(
        self,
        added: set[str],
        removed: set[str],
        entity_states: Mapping[str, State | None],
    ) -> None:
        for entity_id in removed:
            self._cancel(entity_id)
        for entity_id in added:
            self._schedule(entity_id, None)

    def _cancel(self, entity_id: str) -> None:
        cancel = self._scheduled.pop(entity_id, None)
        if cancel is not None:
            cancel()

    def _session_of(self, entity_id: str) -> Session | None:
        """Return the session that runs in the routine of an event entity."""
        entity = er.async_get(self._hass).async_get(entity_id)
        if entity is None or entity.config_subentry_id is None:
            return None
        entry = self._hass.config_entries.async_get_entry(entity.config_entry_id or "")
        coordinator: SessionCoordinator | None = getattr(entry, "runtime_data", None)
        if entry is None or entry.state not in _TELLING or coordinator is None:
            return None
        return coordinator.session_of(entity.config_subentry_id)

    def _schedule(self, entity_id: str, context: Context | None) -> None:
        """Wait for the moment; whatever changes it is a happening of its own."""
        self._cancel(entity_id)
        session = self._session_of(entity_id)
        if session is None or session.finishes_at is None:
            return
        moment = session.finishes_at - self._remaining
        if moment <= dt_util.utcnow():
            return

        @callback
        def fire(_now: datetime) -> None:
            del self._scheduled[entity_id]
            assert self._run is not None
            self._run(
                {
                    ATTR_ENTITY_ID: entity_id,
                    "to_state": self._hass.states.get(entity_id),
                    CONF_REMAINING: self._remaining,
                },
                f"time remaining of {entity_id}",
                context,
            )

        self._scheduled[entity_id] = async_track_point_in_utc_time(
            self._hass, fire, moment
        )


TRIGGERS: dict[str, type[Trigger]] = {
    "session_started": _make("session", "started"),
    "phase_started": _make("session", "phase_started", "phase", vol.In([*PhaseName])),
    "session_paused": _make("session", "paused"),
    "session_resumed": _make("session", "resumed"),
    "session_completed": _make("session", "completed"),
    "session_stopped": _make("session", "stopped", "reason", vol.In([*Reason])),
    "remaining_time_reached": RemainingTimeTrigger,
    "device_failed": _make("session", "device_failed"),
    "session_rated": _make("practice", "rated"),
    "goal_reached": _make("practice", "goal_reached"),
    "streak_reached": _make("practice", "streak_reached", "days", cv.positive_int),
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of this integration."""
    return TRIGGERS
