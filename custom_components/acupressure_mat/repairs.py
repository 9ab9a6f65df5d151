"""Issues that a person should look after."""

from homeassistant.components import persistent_notification
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN


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
