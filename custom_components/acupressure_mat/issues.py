"""Issues that a person should look after; `repairs` has the flows that fix them."""

from collections.abc import Iterator
from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.components.notify import DOMAIN as NOTIFY
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.translation import async_get_translations

from . import subentries
from .const import DOMAIN

STUCK = "diffuser_on"
ROUTINE_MISSES, MAT_MISSES = "device_missing", "mat_misses"

# -- a diffuser that does not go off -------------------------------------------


@callback
def async_set_stuck(hass: HomeAssistant, entity_id: str, is_stuck: bool) -> None:
    """Say that a diffuser does not go off, or take that back."""
    issue = f"{STUCK}_{entity_id}"
    if not is_stuck:
        ir.async_delete_issue(hass, DOMAIN, issue)
        persistent_notification.async_dismiss(hass, f"{DOMAIN}_{issue}")
        return
    name = name_of(hass, entity_id)
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue,
        data={"entity_id": entity_id, "entity": name},
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=STUCK,
        translation_placeholders={"entity": name},
    )
    hass.async_create_task(_async_notify(hass, issue, name), f"{DOMAIN} notify")


async def _async_notify(hass: HomeAssistant, issue: str, name: str) -> None:
    texts = await async_get_translations(hass, hass.config.language, "issues", {DOMAIN})
    key = f"component.{DOMAIN}.issues.{STUCK}"
    persistent_notification.async_create(
        hass,
        texts.get(f"{key}.fix_flow.step.init.description", "").format(entity=name),
        texts.get(f"{key}.title", "").format(entity=name),
        f"{DOMAIN}_{issue}",
    )


def name_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return what people call an entity; its id if it is gone."""
    state = hass.states.get(entity_id)
    return state.name if state is not None else entity_id


# -- what a mat or a routine names, and is gone --------------------------------


def exists(hass: HomeAssistant, name: str) -> bool:
    """Return whether there is an entity, or an action to notify with, of this name."""
    domain, _, action = name.partition(".")
    return (
        er.async_get(hass).async_get(name) is not None
        or hass.states.get(name) is not None
        or (domain == NOTIFY and hass.services.has_service(NOTIFY, action))
    )


@callback
def async_check_named(hass: HomeAssistant, entry: subentries.Entry) -> None:
    """Have an issue for each thing that a mat names and is gone, and no others."""
    missing = dict(_missing(hass, entry))
    for issue in _named_by(hass, entry):
        if issue not in missing:
            ir.async_delete_issue(hass, DOMAIN, issue)
    for issue, about in missing.items():
        is_of_routine = "subentry_id" in about
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue,
            data={**about},
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key=ROUTINE_MISSES if is_of_routine else MAT_MISSES,
            translation_placeholders={
                "entity": about["entity"],
                "owner": about["owner"],
            },
        )


@callback
def async_forget_named(hass: HomeAssistant, entry: subentries.Entry) -> None:
    """Have no issue for what a mat names that is removed itself."""
    for issue in _named_by(hass, entry):
        ir.async_delete_issue(hass, DOMAIN, issue)


def _named_by(hass: HomeAssistant, entry: subentries.Entry) -> list[str]:
    """Return the issues that there are for what a mat names."""
    return [
        issue
        for (domain, issue), known in ir.async_get(hass).issues.items()
        if domain == DOMAIN
        and known.translation_key in (ROUTINE_MISSES, MAT_MISSES)
        and (known.data or {}).get("entry_id") == entry.entry_id
    ]


def _missing(
    hass: HomeAssistant, entry: subentries.Entry
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the issue for each thing that is gone, and what it is about."""
    for subentry in entry.subentries.values():
        for name in subentries.named(subentry.data):
            if not exists(hass, name):
                yield (
                    f"{ROUTINE_MISSES}_{subentry.subentry_id}_{name}",
                    {
                        "entry_id": entry.entry_id,
                        "subentry_id": subentry.subentry_id,
                        "entity": name,
                        "owner": subentry.title,
                    },
                )
    for name in subentries.named_by_mat(entry):
        if not exists(hass, name):
            yield (
                f"{MAT_MISSES}_{entry.entry_id}_{name}",
                {"entry_id": entry.entry_id, "entity": name, "owner": entry.title},
            )
