"""Flows that fix what `issues` told of, as far as that can be fixed from here."""

from collections.abc import Mapping
from typing import Any

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import voluptuous as vol

from . import subentries
from .const import DOMAIN
from .coordinator import MatConfigEntry
from .environment import diffuser_of
from .files import SET_ASIDE, NotSaved
from .forms import chooser, notify_field
from .issues import MAT_MISSES, ROUTINE_MISSES, STUCK, async_set_stuck, exists
from .phone import targets
from .set_aside import async_bring_back
from .sleep import keeps_statistics


class _Flow(RepairsFlow):
    """A flow that knows what its issue is about."""

    def __init__(self, about: Mapping[str, Any]) -> None:
        """Take over the data of the issue."""
        self._about = about


class DiffuserOnFlow(_Flow):
    """Try once more to switch a diffuser off, or take somebody's word that it is."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask what to do."""
        return self.async_show_menu(
            step_id="init",
            menu_options=["try_again", "it_is_off"],
            description_placeholders={"entity": self._about["entity"]},
        )

    async def async_step_try_again(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Send its off again; the issue comes back if that is in vain, too."""
        if diffuser := diffuser_of(self.hass, self._about["entity_id"]):
            diffuser.try_again()
        return self._done()

    async def async_step_it_is_off(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Let go of it: it is off at the plug, or it is no more."""
        if diffuser := diffuser_of(self.hass, self._about["entity_id"]):
            diffuser.give_up()
        return self._done()

    def _done(self) -> RepairsFlowResult:
        async_set_stuck(self.hass, self._about["entity_id"], False)
        return self.async_create_entry(data={})


class MissingFlow(_Flow):
    """Choose something else, or nothing, in place of what is gone."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Go on to the form; what comes here is the issue's id, and no answer yet."""
        return await self.async_step_choose()

    async def async_step_choose(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask for another of its kind."""
        entry = self.hass.config_entries.async_get_entry(self._about["entry_id"])
        routine_id = self._about.get("subentry_id")
        if entry is None or (routine_id and routine_id not in entry.subentries):
            return self.async_abort(reason="owner_gone")
        chooses = self._selector(entry)
        if chooses is None:
            # Somebody chose another in the set-up meanwhile.
            return self.async_create_entry(data={})
        errors: dict[str, str] = {}
        if user_input is not None:
            chosen: str | None = user_input.get("entity")
            if mistake := self._mistake(entry, chosen):
                errors["entity"] = mistake
            else:
                self._replace(entry, chosen)
                return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="choose",
            data_schema=vol.Schema({vol.Optional("entity"): chooses}),
            errors=errors,
            description_placeholders={
                "entity": self._about["entity"],
                "owner": self._about["owner"],
            },
        )

    def _selector(self, entry: MatConfigEntry) -> Any:
        """Return what chooses in the set-up where it was chosen; None if it was not."""
        gone: str = self._about["entity"]
        if routine_id := self._about.get("subentry_id"):
            where = subentries.named(entry.subentries[routine_id].data).get(gone)
            return None if where is None else chooser(*where)
        match subentries.named_by_mat(entry).get(gone):
            case None:
                return None
            case "notify":
                (chooses,) = notify_field(targets(self.hass)).values()
                return chooses
            case field:
                return chooser(None, field)

    def _mistake(self, entry: MatConfigEntry, chosen: str | None) -> str | None:
        if chosen is None:
            return None
        if not exists(self.hass, chosen):
            return "entity_not_found"
        entity = er.async_get(self.hass).async_get(chosen)
        if entity is not None and entity.platform == DOMAIN:
            return "entity_is_ours"
        is_sleep = self._about["entity"] == subentries.sleep_sensor(entry)
        if is_sleep and not keeps_statistics(self.hass, chosen):
            return "sleep_no_statistics"
        return None

    def _replace(self, entry: MatConfigEntry, chosen: str | None) -> None:
        gone, routine_id = self._about["entity"], self._about.get("subentry_id")
        entries = self.hass.config_entries
        if routine_id is None:
            data = subentries.replaced_in_mat(entry.data, gone, chosen)
            entries.async_update_entry(entry, data=data)
            return
        subentry = entry.subentries[routine_id]
        data = subentries.replaced(subentry.data, gone, chosen)
        entries.async_update_subentry(entry, subentry, data=data)


class SetAsideFlow(_Flow):
    """Read once more what was set aside, or leave it where it is."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask what to do."""
        return self.async_show_menu(
            step_id="init",
            menu_options=["bring_back", "leave"],
            description_placeholders={"file": self._about["file"]},
        )

    async def async_step_bring_back(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Bring in what this version can read, besides what is in the journal now."""
        entry: MatConfigEntry | None = self.hass.config_entries.async_get_entry(
            self._about["mat"]
        )
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="mat_not_loaded")
        try:
            found = await async_bring_back(
                self.hass, entry.entry_id, entry.runtime_data.practice
            )
        except NotSaved:
            return self.async_abort(reason="not_saved")
        if not found:
            return self.async_abort(reason="nothing_readable")
        return self.async_create_entry(data={})

    async def async_step_leave(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Say no more of it; the file stays."""
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the flow that fixes an issue of ours."""
    about = data or {}
    if issue_id.startswith(STUCK):
        return DiffuserOnFlow(about)
    if issue_id.startswith((ROUTINE_MISSES, MAT_MISSES)):
        return MissingFlow(about)
    if issue_id.startswith(SET_ASIDE) and "file" in about:
        return SetAsideFlow(about)
    return ConfirmRepairFlow()
