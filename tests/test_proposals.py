"""What the form proposes from what is in the room."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.acupressure_mat.proposals import SCENT, propose
from custom_components.acupressure_mat.session.routine import Kind

from .home import Home, Lamp, Plug


async def test_the_devices_of_the_area_are_proposed(
    hass: HomeAssistant, home: Home
) -> None:
    """Lamps that dim, the player, the diffuser; nothing of another room."""
    await home.add(
        Lamp("Plain", home.evening, dims=False),
        Lamp("Hall", home.evening),
        Plug("Heater", home.evening),
        Plug("Duftlampe", home.evening),
    )
    bedroom = ar.async_get(hass).async_create("Bedroom")
    registry = er.async_get(hass)
    for entity_id in (
        "light.bed",
        "light.plain",
        "switch.diffuser",
        "switch.heater",
        "switch.duftlampe",
        "media_player.radio",
    ):
        registry.async_update_entity(entity_id, area_id=bedroom.id)

    proposal = propose(hass, Kind.BEDTIME, bedroom.id)

    assert proposal["lights"]["lights"] == ["light.bed"]
    assert proposal["diffuser"]["diffusers"] == ["switch.diffuser", "switch.duftlampe"]
    assert proposal["music"]["player"] == "media_player.radio"
    assert proposal["lights"]["brightness"] == 12
    assert propose(hass, Kind.BEDTIME, None)["lights"]["lights"] == []


async def test_a_socket_of_a_strip_is_where_the_strip_is(
    hass: HomeAssistant, home: Home
) -> None:
    """A device within a device has an area of its own, or that of the outer one."""
    areas, devices = ar.async_get(hass), dr.async_get(hass)
    bedroom, hall = areas.async_create("Bedroom"), areas.async_create("Hall")
    entry = MockConfigEntry()
    entry.add_to_hass(hass)
    strip = devices.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("strip", "1")}
    )
    devices.async_update_device(strip.id, area_id=bedroom.id)
    for entity_id, area in (("switch.diffuser", None), ("light.bed", hall)):
        socket = devices.async_get_or_create_child(
            config_entry_id=entry.entry_id,
            identifiers={("socket", entity_id)},
            parent_device_id=strip.id,
            name="Aroma",
        )
        if area is not None:
            devices.async_update_child_device(socket.id, area_id=area.id)
        domain, _, _ = entity_id.partition(".")
        er.async_get(hass).async_get_or_create(
            *(domain, "strip", entity_id), config_entry=entry, device_id=socket.id
        )
    proposal = propose(hass, Kind.BEDTIME, bedroom.id)
    (diffuser,) = proposal["diffuser"]["diffusers"]
    found = er.async_get(hass).async_get(diffuser)
    assert found is not None
    assert found.unique_id == "switch.diffuser"


@pytest.mark.parametrize(
    "name",
    [
        "Aroma Diffuser",
        "Duftspender",
        "Diffuseur de parfum",
        "Difusor",
        "Diffusore di profumo",
        "Geurverstuiver",
        "Doftspridare",
        "Dyfuzor zapachu",
    ],
)
def test_a_diffuser_is_known_in_eight_languages(name: str) -> None:
    """By the words that people give it."""
    assert SCENT.search(name)


@pytest.mark.parametrize("name", ["Heater", "TV", "Lampe", "Ventilator", "Kettle"])
def test_other_plugs_are_not(name: str) -> None:
    """A heater that smells of nothing must not come on."""
    assert not SCENT.search(name)
