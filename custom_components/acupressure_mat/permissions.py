"""What users may do, where Home Assistant does not ask by itself."""

from collections.abc import Iterable

from homeassistant.core import ServiceCall
from homeassistant.exceptions import Unauthorized, UnknownUser


async def async_check_permission(
    call: ServiceCall, entity_ids: Iterable[str], policy: str
) -> None:
    """Raise Unauthorized unless the user of a call may do this with each entity.

    `policy` is POLICY_READ or POLICY_CONTROL. Automations have no user and may.
    """
    if call.context.user_id is None:
        return
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    for entity_id in entity_ids:
        if not user.permissions.check_entity(entity_id, policy):
            raise Unauthorized(
                context=call.context, entity_id=entity_id, permission=policy
            )
