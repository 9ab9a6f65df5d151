"""What users may do, where Home Assistant does not ask by itself.

Nobody is asked for a permission who ends a session because it hurts: on the mat lies
perhaps who may do nothing else here, and the room becomes as it is after each session.
"""

from collections.abc import Iterable

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er

from .const import DOMAIN
from .coordinator import SessionCoordinator


async def async_check_permission(
    hass: HomeAssistant, context: Context | None, entity_ids: Iterable[str], policy: str
) -> None:
    """Raise Unauthorized unless the user of a context may do this with each entity.

    `policy` is POLICY_READ or POLICY_CONTROL. Automations and voice satellites have no
    user and may.
    """
    if context is None or context.user_id is None:
        return
    user = await hass.auth.async_get_user(context.user_id)
    if user is None:
        raise UnknownUser(context=context)
    for entity_id in entity_ids:
        if not user.permissions.check_entity(entity_id, policy):
            raise Unauthorized(context=context, entity_id=entity_id, permission=policy)


def entity_of(hass: HomeAssistant, domain: str, unique_id: str) -> str:
    """Return the id of an entity of ours that stands for what is asked.

    Somebody may have deleted it: then there is nothing that a policy could name but
    everything.
    """
    entity_id = er.async_get(hass).async_get_entity_id(domain, DOMAIN, unique_id)
    return entity_id or f"{domain}.{DOMAIN}"


async def async_check_routine(
    hass: HomeAssistant,
    context: Context | None,
    routine_id: str,
    policy: str = POLICY_CONTROL,
) -> None:
    """Raise Unauthorized unless a user may do this with a routine's switch."""
    switch = entity_of(hass, "switch", f"{routine_id}_session")
    await async_check_permission(hass, context, [switch], policy)


async def async_check_journal(
    coordinator: SessionCoordinator, context: Context | None, policy: str
) -> None:
    """Raise Unauthorized unless a user may do this with a mat's calendar.

    The calendar shows the same records, so whoever may read, or change, the one may the
    other.
    """
    unique_id = f"{coordinator.config_entry.entry_id}_journal"
    calendar = entity_of(coordinator.hass, "calendar", unique_id)
    await async_check_permission(coordinator.hass, context, [calendar], policy)


async def async_check_pain(
    coordinator: SessionCoordinator, context: Context | None
) -> None:
    """Raise Unauthorized unless a user may set how much it hurts now."""
    unique_id = f"{coordinator.config_entry.entry_id}_pain"
    number = entity_of(coordinator.hass, "number", unique_id)
    await async_check_permission(coordinator.hass, context, [number], POLICY_CONTROL)
