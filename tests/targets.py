"""The same entity, in all the ways in which an automation can name it."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)

WAYS = (
    "entity",
    "device",
    "area",
    "floor",
    "label of the entity",
    "label of the device",
    "label of the area",
)


def target(hass: HomeAssistant, entity_id: str, way: str) -> dict[str, Any]:
    """Return a target that means an entity, and no other of its kind.

    Its device stands in a room of its own, with a label where that is the way.
    """
    entity = er.async_get(hass).async_get(entity_id)
    assert entity is not None
    assert entity.device_id is not None
    floor = fr.async_get(hass).async_create("Upstairs")
    area = ar.async_get(hass).async_create("Attic", floor_id=floor.floor_id)
    label = lr.async_get(hass).async_create("Quiet").label_id
    dr.async_get(hass).async_update_device(entity.device_id, area_id=area.id)
    match way:
        case "entity":
            return {"entity_id": entity_id}
        case "device":
            return {"device_id": entity.device_id}
        case "area":
            return {"area_id": area.id}
        case "floor":
            return {"floor_id": floor.floor_id}
        case "label of the entity":
            er.async_get(hass).async_update_entity(entity_id, labels={label})
        case "label of the device":
            dr.async_get(hass).async_update_device(entity.device_id, labels={label})
        case "label of the area":
            ar.async_get(hass).async_update(area.id, labels={label})
    return {"label_id": label}
