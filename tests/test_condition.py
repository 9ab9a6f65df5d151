"""Conditions, as automations use them."""

from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import (
    area_registry as ar,
    condition as condition_helper,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)
import voluptuous as vol

from custom_components.acupressure_mat.condition import CONDITIONS
from custom_components.acupressure_mat.const import DOMAIN

from .home import Home, add_mat, routine
from .targets import WAYS, target

SWITCH = "switch.bedtime_session"
BOTH = {"entity_id": [SWITCH, "switch.morning_session"]}


@pytest.fixture
async def mat(hass: HomeAssistant, home: Home) -> MockConfigEntry:
    """Return Anna's mat with two routines."""
    return await add_mat(hass, routine("Bedtime"), routine("Morning"))


class Asked:
    """An automation that acts when asked, if its condition is met."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.hass = hass
        self.acted: list[ServiceCall] = async_mock_service(hass, "test", "act")

    async def automate(
        self, target: dict[str, Any], key: str = "is_running", **options: Any
    ) -> None:
        condition: dict[str, Any] = {"condition": f"{DOMAIN}.{key}", "target": target}
        if options:
            condition["options"] = options
        automation = {
            "triggers": [{"trigger": "event", "event_type": "asked"}],
            "conditions": [condition],
            "actions": [{"action": "test.act"}],
        }
        assert await async_setup_component(
            self.hass, "automation", {"automation": automation}
        )
        await self.hass.async_block_till_done()

    async def __call__(self) -> bool:
        """Ask; return whether the automation acted."""
        before = len(self.acted)
        self.hass.bus.async_fire("asked")
        await self.hass.async_block_till_done()
        return len(self.acted) > before


@pytest.fixture
def ask(hass: HomeAssistant) -> Asked:
    """Return an automation to be asked."""
    return Asked(hass)


@pytest.mark.usefixtures("mat")
async def test_running_from_prepare_to_the_end_of_wind_down(
    home: Home, ask: Asked
) -> None:
    """Paused is running, too; `after` is not: nobody lies there any more."""
    await ask.automate({"entity_id": SWITCH})
    assert not await ask()
    await home.start()
    assert await ask()
    await home.wait(minutes=5)
    assert await ask()
    await home.do("pause_session")
    assert await ask()
    await home.do("resume_session")
    await home.wait(minutes=17)
    assert not await ask()
    await home.wait(minutes=5)
    assert not await ask()


@pytest.mark.parametrize(
    ("behavior", "passes"), [(None, True), ("any", True), ("all", False)]
)
@pytest.mark.usefixtures("mat")
async def test_one_of_two_runs(
    home: Home, ask: Asked, behavior: str | None, *, passes: bool
) -> None:
    """Any of them, unless the person says all."""
    await ask.automate(BOTH, **({"behavior": behavior} if behavior else {}))
    assert not await ask()
    await home.start()
    assert await ask() is passes


@pytest.mark.usefixtures("mat")
async def test_for_a_while(home: Home, ask: Asked) -> None:
    """Running for five minutes: the clock of the condition starts with the session."""
    await ask.automate({"entity_id": SWITCH}, "is_running", **{"for": {"minutes": 5}})
    await home.start()
    await home.wait(minutes=4, seconds=59)
    assert not await ask()
    await home.wait(seconds=2)
    assert await ask()


@pytest.mark.parametrize("way", WAYS)
async def test_a_session_by_each_kind_of_target(
    hass: HomeAssistant, home: Home, ask: Asked, mat: MockConfigEntry, way: str
) -> None:
    """Of the routine that is meant, and not of the mat's other one."""
    await ask.automate(target(hass, SWITCH, way))
    assert not await ask()
    await home.start("switch.morning_session")
    assert not await ask()
    await home.finish("switch.morning_session")
    await home.start()
    assert await ask()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("key", "sensor"),
    [("is_practised_today", "minutes_today"), ("is_goal_reached", "days_this_week")],
)
async def test_a_practice_by_each_kind_of_target(
    hass: HomeAssistant, home: Home, ask: Asked, key: str, sensor: str, way: str
) -> None:
    """Of the mat that is meant: its one sensor of many is found."""
    await add_mat(hass, goal=1)
    await add_mat(hass, routine("Sofa"), title="Ben's mat", goal=1)
    await ask.automate(target(hass, f"sensor.anna_s_mat_{sensor}", way), key)
    await home.start("switch.sofa_session")
    await home.wait(minutes=30)
    assert not await ask()
    await home.start()
    await home.wait(minutes=30)
    assert await ask()


async def test_only_our_own_switches_of_an_area(
    hass: HomeAssistant, home: Home, ask: Asked, mat: MockConfigEntry
) -> None:
    """A plug that is on in the bedroom is no session, and one that is off no lack."""
    area = ar.async_get(hass).async_create("Bedroom")
    er.async_get(hass).async_update_entity("switch.diffuser", area_id=area.id)
    for device in dr.async_entries_for_config_entry(dr.async_get(hass), mat.entry_id):
        if device.name == "Bedtime":
            dr.async_get(hass).async_update_device(device.id, area_id=area.id)
    await ask.automate({"area_id": area.id}, behavior="all")

    home.plug.by_hand(on=True)
    await home.settle()
    assert not await ask()
    home.plug.by_hand(on=False)
    await home.start()
    await home.settle()
    home.plug.by_hand(on=False)
    await home.settle()
    assert not home.is_on("switch.diffuser")
    assert await ask()


@pytest.mark.usefixtures("mat")
async def test_a_foreign_switch_named_outright(home: Home, ask: Asked) -> None:
    """It is on, and still no session."""
    home.plug.by_hand(on=True)
    await home.settle()
    await ask.automate({"entity_id": "switch.diffuser"})
    assert not await ask()


async def test_in_mid_session_after_a_reload(
    hass: HomeAssistant, home: Home, ask: Asked, mat: MockConfigEntry
) -> None:
    """The condition answers right again without the automation being touched."""
    await ask.automate({"entity_id": SWITCH})
    await home.start()
    assert await hass.config_entries.async_unload(mat.entry_id)
    assert not await ask()
    assert await hass.config_entries.async_setup(mat.entry_id)
    await home.settle()
    assert await ask()


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({"options": {}}, id="no target"),
        pytest.param(
            {"target": {"entity_id": SWITCH}, "options": {"behavior": "most"}},
            id="no behavior of Home Assistant",
        ),
        pytest.param(
            {"target": {"entity_id": SWITCH}, "options": {"for": {"minutes": -1}}},
            id="for less than nothing",
        ),
    ],
)
async def test_what_no_editor_offers_is_refused(
    hass: HomeAssistant, config: dict[str, Any]
) -> None:
    """A slip of the pen must not become an automation that never runs."""
    with pytest.raises(vol.Invalid):
        await CONDITIONS["is_running"].async_validate_config(hass, config)


@pytest.mark.usefixtures("mat")
async def test_home_assistant_can_describe_them(hass: HomeAssistant) -> None:
    """What the automation editor offers: every condition, with its fields."""
    assert await async_setup_component(hass, "automation", {})
    found = await condition_helper.async_get_all_descriptions(hass)
    fields = {
        key.removeprefix(f"{DOMAIN}."): set((described or {}).get("fields", {}))
        for key, described in found.items()
        if key.startswith(f"{DOMAIN}.")
    }
    assert set(fields) == set(CONDITIONS)
    assert fields["is_running"] == {"behavior", "for"}
