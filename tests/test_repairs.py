"""A device that is gone: said once, and fixed by choosing another."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir

from custom_components.acupressure_mat.repairs import (
    DeviceMissingFlow,
    async_create_fix_flow,
)

from .home import Home, Lamp, add_mat, routine


async def fix(hass: HomeAssistant, data: Any) -> DeviceMissingFlow:
    flow = await async_create_fix_flow(hass, LOST, data)
    assert isinstance(flow, DeviceMissingFlow)
    return flow


LOST = "device_missing_bedtime_light.bed"


async def with_a_lamp_gone(hass: HomeAssistant, home: Home) -> None:
    await add_mat(hass, routine(music={"media": None}))
    er.async_get(hass).async_remove("light.bed")
    await home.settle()
    await home.start()
    await home.wait(minutes=22)


async def test_it_is_said_after_a_session_that_missed_it(
    hass: HomeAssistant, home: Home
) -> None:
    """With the routine's name; a device that is only off the network is none."""
    home.plug.present = False
    home.plug.tell()
    await with_a_lamp_gone(hass, home)
    issues = ir.async_get(hass).issues
    assert [key[1] for key in issues if key[0] == "acupressure_mat"] == [LOST]
    issue = issues["acupressure_mat", LOST]
    assert issue.translation_placeholders == {
        "entity": "light.bed",
        "routine": "Bedtime",
    }


async def test_another_is_chosen(hass: HomeAssistant, home: Home) -> None:
    """The next session uses it, and the issue is gone."""
    await home.add(Lamp("Desk", home.evening))
    await with_a_lamp_gone(hass, home)
    issue = ir.async_get(hass).issues["acupressure_mat", LOST]
    flow = await fix(hass, issue.data)
    flow.hass = hass
    form = await flow.async_step_init()
    assert form["step_id"] == "init"
    await flow.async_step_init({"entity": "light.desk"})
    await home.settle()
    assert ("acupressure_mat", LOST) not in ir.async_get(hass).issues
    await home.wait(minutes=6)
    await home.start()
    assert home.level("light.desk") == 12


async def test_none_is_chosen(hass: HomeAssistant, home: Home) -> None:
    """The routine goes on without it."""
    await with_a_lamp_gone(hass, home)
    (entry,) = hass.config_entries.async_entries("acupressure_mat")
    issue = ir.async_get(hass).issues["acupressure_mat", LOST]
    flow = await fix(hass, issue.data)
    flow.hass = hass
    await flow.async_step_init({})
    await home.settle()
    assert entry.subentries["bedtime"].data["lights"]["lights"] == []
    assert ("acupressure_mat", LOST) not in ir.async_get(hass).issues


async def test_its_routine_is_gone_too(hass: HomeAssistant, home: Home) -> None:
    """The flow says so instead of failing."""
    await with_a_lamp_gone(hass, home)
    (entry,) = hass.config_entries.async_entries("acupressure_mat")
    issue = ir.async_get(hass).issues["acupressure_mat", LOST]
    flow = await fix(hass, issue.data)
    flow.hass = hass
    hass.config_entries.async_remove_subentry(entry, "bedtime")
    await home.settle()
    result = await flow.async_step_init({"entity": "light.desk"})
    assert result["type"] == "abort"
    assert result["reason"] == "routine_gone"
