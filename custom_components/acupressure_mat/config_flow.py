"""Set up a mat by forms; the first routine's follow at once."""

from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    FlowType,
    SubentryFlowContext,
    UnknownEntry,
)
from homeassistant.core import callback
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import DOMAIN, SUBENTRY_ROUTINE
from .forms import MAT_SCHEMA, MAT_SCHEMA_AGAIN, notify_field
from .language import alike
from .phone import targets
from .routine_flow import RoutineFlow
from .sleep import keeps_statistics


class MatConfigFlow(ConfigFlow, domain=DOMAIN):
    """Name a mat and its person, show what to mind, go on to the first routine."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Begin with nothing filled in."""
        self._data: dict[str, Any] = {}

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry[Any]
    ) -> dict[str, type[ConfigSubentryFlow]]:
        return {SUBENTRY_ROUTINE: RoutineFlow}

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask who practises, and how used to it they are."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = self._mistakes(user_input)
            if not errors:
                self._data = user_input
                return await self.async_step_safety()
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(MAT_SCHEMA, user_input),
            errors=errors,
            last_step=False,
        )

    async def async_step_safety(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the precautions once; that they were read is kept with its date."""
        if user_input is None:
            return self.async_show_form(step_id="safety", data_schema=vol.Schema({}))
        # Another window may have taken the name meanwhile.
        if self._mistakes(self._data):
            return await self.async_step_user(self._data)
        data = {**self._data, "safety_read": dt_util.now().date().isoformat()}
        return self.async_create_entry(title=data.pop("name"), data=data)

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Go straight on to the first routine, so that no mat stays empty."""
        routine_flow = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_ROUTINE),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        result["next_flow"] = (
            FlowType.CONFIG_SUBENTRIES_FLOW,
            routine_flow["flow_id"],
        )
        return result

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what is set, and take changes."""
        try:
            entry = self._get_reconfigure_entry()
        except UnknownEntry:
            # Deleted in another window.
            return self.async_abort(reason="gone")
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = self._mistakes(user_input, entry)
            if not errors:
                data = {"safety_read": entry.data.get("safety_read"), **user_input}
                return self.async_update_and_abort(
                    entry, title=data.pop("name"), data=data
                )
        shown = user_input or {**entry.data, "name": entry.title}
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                MAT_SCHEMA_AGAIN.extend(notify_field(targets(self.hass))), shown
            ),
            errors=errors,
        )

    def _mistakes(
        self, user_input: dict[str, Any], entry: ConfigEntry[Any] | None = None
    ) -> dict[str, str]:
        name = user_input["name"] = user_input["name"].strip()
        if not name:
            return {"name": "name_empty"}
        others = (e for e in self._async_current_entries() if e is not entry)
        if any(alike(other.title, name) for other in others):
            return {"name": "name_taken"}
        person = user_input.get("person")
        if person is not None and self.hass.states.get(person) is None:
            return {"person": "person_not_found"}
        notify = user_input.get("notify")
        if notify is not None and notify not in targets(self.hass):
            return {"notify": "notify_not_found"}
        sleep = user_input.get("sleep_sensor")
        if sleep is not None and not keeps_statistics(self.hass, sleep):
            return {"sleep_sensor": "sleep_no_statistics"}
        first, last = user_input.get("vacation_from"), user_input.get("vacation_until")
        if last is not None and (first is None or last < first):
            return {"vacation_until": "vacation_ends_early"}
        return {}
