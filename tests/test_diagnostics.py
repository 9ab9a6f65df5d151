"""Diagnostics and system health: helpful, and silent about the person."""

from collections.abc import Awaitable, Callable
import json

from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.diagnostics import (
    async_get_config_entry_diagnostics,
)

from .home import Home, add_mat, routine


@pytest.fixture
async def download(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> Callable[[MockConfigEntry], Awaitable[str]]:
    """Return what downloads diagnostics, as a browser does, as one text."""
    for component in (DOMAIN, "calendar", "diagnostics"):
        assert await async_setup_component(hass, component, {})
    client = await hass_client()

    async def get(entry: MockConfigEntry) -> str:
        url = f"/api/diagnostics/config_entry/{entry.entry_id}"
        data = (await (await client.get(url)).json())["data"]
        return json.dumps(data, ensure_ascii=False).lower()

    return get


async def test_nothing_personal_is_in_them(
    hass: HomeAssistant,
    home: Home,
    download: Callable[[MockConfigEntry], Awaitable[str]],
) -> None:
    """No name, no rating, no note, no music, not what hurt, nor who is away when."""
    bedroom = ar.async_get(hass).async_create("Under the roof")
    hass.states.async_set("person.anna", "home")
    room = routine(
        "Moonlight",
        area=bedroom.id,
        session={
            "body_area": "neck",
            "start_script": "script.annas_tea",
            "end_script": "scene.quiet_house",
        },
        schedule={"sensor": "sensor.annas_phone_alarm"},
    )
    entry = await add_mat(
        hass,
        room,
        person="person.anna",
        notify="notify.mobile_app_annas_phone",
        sleep_sensor="sensor.annas_watch_sleep",
        heart_rate_sensor="sensor.annas_watch_pulse",
        vacation_from="2027-02-03",
        vacation_until="2027-02-04",
        safety_read="2026-01-02",
    )
    home.radio.by_hand(volume=0.4)
    home.lamp.broken = True
    await home.start("switch.moonlight_session")
    await home.wait(minutes=5)
    await hass.services.async_call(
        DOMAIN,
        "add_record",
        {
            "start": "2026-11-20 08:00:00",
            "duration": {"minutes": 15},
            "pain_before": 7,
            "notes": "bad shoulder",
        },
        blocking=True,
    )
    texts = [await download(entry)]
    await home.do("stop_session", "switch.moonlight_session", reason="numbness")
    texts.append(await download(entry))
    personal = (
        *("anna", "moonlight", "roof", "calm", "radio", "shoulder", "neck"),
        *("bed.", "light.bed", "tea", "quiet", "phone", "watch"),
        *("numbness", "2027-02", "2026-01-02", '"pain_before": 7', '"notes": "'),
        bedroom.id,
    )
    for text in texts:
        assert [word for word in personal if word in text] == []


async def test_what_helps_is_in_them(hass: HomeAssistant, home: Home) -> None:
    """Phases, devices by kind, the hand on one of them, what is in the journal."""
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=5)
    home.lamp.by_hand(on=False)
    await home.settle()
    found = await async_get_config_entry_diagnostics(hass, entry)
    (room,) = found["rooms"]
    lamp = next(d for d in room["devices"] if d["kind"] == "Light")
    assert lamp["hand"] is True
    assert lamp["entity_id"].startswith("light.")
    # A bug in dimming cannot be found without numbers.
    assert lamp["before"]["attributes"]["brightness"] == 204
    assert lamp["wanted"]["attributes"]["brightness"] == 31
    assert found["session"]["phases"]
    assert found["mat"]["goal"] == 5
    assert found["journal"]["sessions"] == 0


async def test_system_health_counts(hass: HomeAssistant, home: Home) -> None:
    """Figures of all mats together."""
    await add_mat(hass)
    await home.start()
    assert await async_setup_component(hass, "system_health", {})
    await home.settle()
    assert await get_system_health_info(hass, DOMAIN) == {
        "mats": 1,
        "routines": 1,
        "running_sessions": 1,
        "devices_held": 3,
        "sessions_in_journal": 0,
    }
