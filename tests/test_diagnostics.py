"""Diagnostics and system health: helpful, and silent about the person."""

import json

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant

from custom_components.acupressure_mat.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.acupressure_mat.system_health import async_register

from .home import Home, add_mat


async def test_nothing_personal_is_in_them(hass: HomeAssistant, home: Home) -> None:
    """No name of a person, room or device, no rating, no note, no music."""
    entry = await add_mat(hass, person="person.anna")
    await home.start()
    await home.wait(minutes=5)
    await hass.services.async_call(
        "acupressure_mat",
        "add_record",
        {
            "start": "2026-11-20 08:00:00",
            "duration": {"minutes": 15},
            "pain_before": 7,
            "notes": "bad shoulder",
        },
        blocking=True,
    )
    found = await async_get_config_entry_diagnostics(hass, entry)
    text = json.dumps(found, default=str).lower()
    for word in ("anna", "bed.", "light.bed", "calm", "shoulder", '"pain_before": 7'):
        assert word not in text, word


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
    assert found["session"]["phases"]
    assert found["mat"]["goal"] == 5
    assert found["journal"]["sessions"] == 0


async def test_system_health_counts(hass: HomeAssistant, home: Home) -> None:
    """Figures of all mats together."""
    await add_mat(hass)
    await home.start()
    registration = SystemHealthRegistration(hass, "acupressure_mat")
    async_register(hass, registration)
    assert registration.info_callback is not None
    assert await registration.info_callback(hass) == {
        "mats": 1,
        "routines": 1,
        "running_sessions": 1,
        "devices_held": 3,
        "sessions_in_journal": 0,
    }
