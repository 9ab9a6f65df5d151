"""Issues that a person should look after, and flows that fix what can be fixed."""

from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er, issue_registry as ir, selector
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from . import subentries
from .const import DOMAIN

# -- a diffuser that does not go off -------------------------------------------


@callback
def async_set_stuck(hass: HomeAssistant, entity_id: str, is_stuck: bool) -> None:
    """Say that a diffuser does not go off, or take that back."""
    issue = f"diffuser_on_{entity_id}"
    if not is_stuck:
        ir.async_delete_issue(hass, DOMAIN, issue)
        persistent_notification.async_dismiss(hass, f"{DOMAIN}_{issue}")
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue,
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key="diffuser_on",
        translation_placeholders={"entity": _name(hass, entity_id)},
    )
    hass.async_create_task(_async_notify(hass, issue, entity_id), f"{DOMAIN} notify")


async def _async_notify(hass: HomeAssistant, issue: str, entity_id: str) -> None:
    texts = await async_get_translations(hass, hass.config.language, "issues", {DOMAIN})
    key = f"component.{DOMAIN}.issues.diffuser_on"
    name = _name(hass, entity_id)
    persistent_notification.async_create(
        hass,
        texts.get(f"{key}.description", "").format(entity=name),
        texts.get(f"{key}.title", "").format(entity=name),
        f"{DOMAIN}_{issue}",
    )


def _name(hass: HomeAssistant, entity_id: str) -> str:
    state = hass.states.get(entity_id)
    return state.name if state is not None else entity_id


# -- a device that is gone -----------------------------------------------------


def _exists(hass: HomeAssistant, entity_id: str) -> bool:
    registered = er.async_get(hass).async_get(entity_id)
    return registered is not None or hass.states.get(entity_id) is not None


@callback
def async_check_devices(hass: HomeAssistant, entry: subentries.Entry) -> None:
    """Have an issue for each device of a routine that does not exist, and no others."""
    missing: dict[str, dict[str, str]] = {}
    for subentry in entry.subentries.values():
        for entity_id in subentries.routine(subentry).devices:
            if not _exists(hass, entity_id):
                missing[f"device_missing_{subentry.subentry_id}_{entity_id}"] = {
                    "entry_id": entry.entry_id,
                    "subentry_id": subentry.subentry_id,
                    "entity_id": entity_id,
                    "routine": subentry.title,
                }
    for domain, issue in list(ir.async_get(hass).issues):
        data = ir.async_get(hass).issues[domain, issue].data or {}
        mine = domain == DOMAIN and data.get("entry_id") == entry.entry_id
        if mine and issue not in missing:
            ir.async_delete_issue(hass, DOMAIN, issue)
    for issue, about in missing.items():
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue,
            data={**about},
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key="device_missing",
            translation_placeholders={
                "entity": about["entity_id"],
                "routine": about["routine"],
            },
        )


class DeviceMissingFlow(RepairsFlow):
    """Choose another device, or none, in place of one that is gone."""

    def __init__(self, about: dict[str, Any]) -> None:
        """Know which device of which routine it is."""
        self._about = about

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask for another device of the same kind."""
        entity_id: str = self._about["entity_id"]
        entry = self.hass.config_entries.async_get_entry(self._about["entry_id"])
        if entry is None or self._about["subentry_id"] not in entry.subentries:
            return self.async_abort(reason="routine_gone")
        subentry = entry.subentries[self._about["subentry_id"]]
        if user_input is not None:
            data = subentries.replaced(
                subentry.data, entity_id, user_input.get("entity")
            )
            self.hass.config_entries.async_update_subentry(entry, subentry, data=data)
            return self.async_create_entry(data={})
        domain = entity_id.partition(".")[0]
        return self.async_show_form(
            step_id="init",
            data_schema=vol.Schema(
                {
                    vol.Optional("entity"): selector.EntitySelector(
                        selector.EntitySelectorConfig(domain=domain)
                    )
                }
            ),
            description_placeholders={
                "entity": entity_id,
                "routine": self._about["routine"],
            },
        )


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the flow that fixes an issue of ours."""
    return DeviceMissingFlow(data or {})
