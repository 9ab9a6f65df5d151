"""What the form proposes: by the kind of routine, and by what is in the room."""

from collections.abc import Iterator
import re
from typing import Any

from homeassistant.components.light import brightness_supported
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .const import DOMAIN
from .session.routine import Kind
from .subentries import PROPOSALS

# Parts of the words by which people call a diffuser: en, de, fr, es, it, nl, sv, pl.
SCENT = re.compile(
    r"""diffus | aroma | scent | fragran | essential\ oil | humidif
    | duft | raumbefeuchter
    | parfum | huile
    | difusor | perfume | humidificador
    | profum | umidificat
    | geur | verstuiv | luchtbevochtig
    | doft | luftfukt
    | dyfuzor | zapach | nawilż""",
    re.IGNORECASE | re.VERBOSE,
)


def propose(hass: HomeAssistant, kind: Kind, area_id: str | None) -> dict[str, Any]:
    """Return the form's data for a kind of routine in an area.

    Lights that dim, the first player, and what sounds like a diffuser by its own name
    or that of its device. All of it is only proposed.
    """
    proposal = {key: dict(value) for key, value in PROPOSALS[kind].items()}
    if area_id is None:
        return proposal
    found = list(_in_area(hass, area_id))
    proposal["lights"]["lights"] = [
        entity.entity_id for entity in found if _dims(hass, entity)
    ]
    proposal["diffuser"]["diffusers"] = [
        entity.entity_id for entity in found if _spreads_scent(hass, entity)
    ]
    player = next((e.entity_id for e in found if e.domain == "media_player"), None)
    if player is not None:
        proposal["music"]["player"] = player
    return proposal


def _in_area(hass: HomeAssistant, area_id: str) -> Iterator[er.RegistryEntry]:
    """Yield what a person sees in an area, by entity id."""
    for entity in sorted(
        er.async_get(hass).entities.values(), key=lambda e: e.entity_id
    ):
        if (
            er.async_get_effective_area_id(hass, entity) == area_id
            and entity.platform != DOMAIN
            and not (entity.disabled or entity.hidden or entity.entity_category)
        ):
            yield entity


def _dims(hass: HomeAssistant, entity: er.RegistryEntry) -> bool:
    if entity.domain != "light" or _spreads_scent(hass, entity):
        return False
    modes = (entity.capabilities or {}).get("supported_color_modes")
    return brightness_supported(modes)


def _spreads_scent(hass: HomeAssistant, entity: er.RegistryEntry) -> bool:
    if entity.domain == "humidifier":
        return True
    if entity.domain not in ("switch", "fan", "light"):
        return False
    device = (
        dr.async_get(hass).async_get(entity.device_id) if entity.device_id else None
    )
    names = (
        entity.name,
        entity.original_name,
        entity.entity_id,
        device and (device.name_by_user or device.name),
    )
    return any(name and SCENT.search(name) for name in names)
