"""A lamp, a plug or a sensor that got another entity id stays part of what names it."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.acupressure_mat.const import DOMAIN

from .home import Home, add_mat, coordinator_of, routine


def rename(hass: HomeAssistant, old: str, new: str) -> None:
    er.async_get(hass).async_update_entity(old, new_entity_id=new)


def register(hass: HomeAssistant, entity_id: str) -> None:
    """Have an entity of somebody else's, with an id that can change."""
    domain, _, name = entity_id.partition(".")
    made = er.async_get(hass).async_get_or_create(domain, "test", name)
    assert made.entity_id == f"{domain}.test_{name}"
    rename(hass, made.entity_id, entity_id)
    hass.states.async_set(entity_id, "unknown")


async def test_the_next_session_finds_what_was_renamed_before_it(
    hass: HomeAssistant, home: Home
) -> None:
    """Lamp, diffuser and player; nobody has to repair anything."""
    entry = await add_mat(hass)
    rename(hass, "light.bed", "light.reading")
    rename(hass, "switch.diffuser", "switch.scent")
    rename(hass, "media_player.radio", "media_player.shelf")
    await home.settle()
    await home.start()
    await home.wait(minutes=5)
    assert home.level("light.reading") == 12
    assert home.is_on("switch.scent")
    assert home.is_on("media_player.shelf")
    await home.wait(minutes=30)
    assert home.level("light.reading") == 80
    assert not home.is_on("switch.scent")
    (record,) = await home.records(entry)
    assert record.failed == ()
    assert ir.async_get(hass).issues == {}


async def test_renamed_in_mid_session_it_stays_for_the_next(
    hass: HomeAssistant, home: Home
) -> None:
    """The room that is held follows; the routine of tomorrow does, too."""
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=5)
    rename(hass, "light.bed", "light.reading")
    await home.settle()
    assert coordinator_of(entry).session is not None
    for _ in range(2):
        await home.wait(minutes=30)
        assert home.level("light.reading") == 80
        await home.start()
        await home.wait(minutes=5)
        assert home.level("light.reading") == 12


async def test_a_group_renamed_in_mid_session_is_no_lamp_of_its_own(
    hass: HomeAssistant, home: Home
) -> None:
    """Its members are held, and it is only known to the routine."""
    register(hass, "light.all")
    hass.states.async_set("light.all", "on", {"entity_id": ["light.bed"]})
    entry = await add_mat(hass, routine(lights={"lights": ["light.all"]}))
    await home.start()
    await home.wait(minutes=5)
    rename(hass, "light.all", "light.every")
    hass.states.async_remove("light.all")
    hass.states.async_set("light.every", "on", {"entity_id": ["light.bed"]})
    await home.settle()
    session = coordinator_of(entry).session
    assert session is not None
    assert session.routine.lights == ("light.every",)
    await home.wait(minutes=30)
    assert home.level("light.bed") == 80
    (record,) = await home.records(entry)
    assert record.failed == ()


async def test_a_script_renamed_in_mid_session_is_played_at_its_end(
    hass: HomeAssistant, home: Home
) -> None:
    """Under the id that it has by then."""
    register(hass, "scene.good_night")
    calls = async_mock_service(hass, "scene", "turn_on")
    await add_mat(
        hass, routine(session={"duration": 20, "end_script": "scene.good_night"})
    )
    await home.start()
    await home.wait(minutes=5)
    rename(hass, "scene.good_night", "scene.night")
    await home.settle()
    await home.wait(minutes=30)
    assert [call.data["entity_id"] for call in calls] == ["scene.night"]


async def test_a_script_that_only_the_session_still_names_is_found_after_a_kill(
    hass: HomeAssistant, home: Home
) -> None:
    """Its routine was changed meanwhile; the session goes on as it began."""
    register(hass, "scene.good_night")
    calls = async_mock_service(hass, "scene", "turn_on")
    scene = {"duration": 20, "end_script": "scene.good_night"}
    entry = await add_mat(hass, routine(session=scene))
    await home.start()
    await home.wait(minutes=5)
    subentry = entry.subentries["bedtime"]
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "session": {"duration": 20}}
    )
    await home.settle()
    rename(hass, "scene.good_night", "scene.night")
    await home.settle()
    session = coordinator_of(entry).session
    assert session is not None
    assert session.routine.end_script == "scene.night"
    await home.restart(entry)
    await home.wait(minutes=30)
    assert [call.data["entity_id"] for call in calls] == ["scene.night"]


async def test_what_stands_in_any_other_field_follows(
    hass: HomeAssistant, home: Home
) -> None:
    """Sensors, scripts and voices of a routine; person and sensors of a mat."""
    for entity_id in (
        "sensor.alarm",
        "binary_sensor.bed",
        "script.before",
        "tts.voice",
        "person.anna",
        "sensor.sleep",
    ):
        register(hass, entity_id)
    entry = await add_mat(
        hass,
        routine(
            schedule={
                "sensor": "sensor.alarm",
                "before": {"hours": 8},
                "mat_sensor": "binary_sensor.bed",
            },
            session={"duration": 20, "start_script": "script.before"},
        ),
        routine("Silent", lights={"lights": []}),
        person="person.anna",
        sleep_sensor="sensor.sleep",
    )
    untouched = entry.subentries["silent"].data

    def stored() -> Mapping[str, Any]:
        return entry.subentries["bedtime"].data

    rename(hass, "sensor.alarm", "sensor.wake")
    rename(hass, "binary_sensor.bed", "binary_sensor.mat")
    rename(hass, "script.before", "script.calm")
    rename(hass, "person.anna", "person.anne")
    rename(hass, "sensor.sleep", "sensor.night")
    rename(hass, "tts.voice", "tts.other")
    await home.settle()
    assert stored()["schedule"]["sensor"] == "sensor.wake"
    assert stored()["schedule"]["mat_sensor"] == "binary_sensor.mat"
    assert stored()["session"]["start_script"] == "script.calm"
    assert entry.data["person"] == "person.anne"
    assert entry.data["sleep_sensor"] == "sensor.night"
    assert entry.subentries["silent"].data is untouched
    assert hass.config_entries.async_entries(DOMAIN) == [entry]
