"""Adaptive Lighting, where it is installed: told what we hold, and given it back."""

from contextlib import suppress

from homeassistant.core import HomeAssistant

from ..const import DOMAIN

ADAPTIVE_LIGHTING = "adaptive_lighting"
SET_MANUAL_CONTROL = "set_manual_control"


def tell(hass: HomeAssistant, entity_id: str, *, held: bool) -> None:
    """Tell it to leave a light alone, or to take it over again.

    Its own action for that; a light that it does not look after is an error there
    and none here.
    """
    if hass.services.has_service(ADAPTIVE_LIGHTING, SET_MANUAL_CONTROL):
        hass.async_create_background_task(
            _tell(hass, entity_id, held), f"{DOMAIN} adaptive lighting"
        )


async def _tell(hass: HomeAssistant, entity_id: str, held: bool) -> None:
    with suppress(Exception):
        await hass.services.async_call(
            ADAPTIVE_LIGHTING,
            SET_MANUAL_CONTROL,
            {"lights": [entity_id], "manual_control": held},
            blocking=True,
        )
