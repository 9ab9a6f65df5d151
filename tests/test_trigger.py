"""Triggers, as automations use them."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, State
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    trigger as trigger_helper,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
    mock_restore_cache_with_extra_data,
)
import voluptuous as vol

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.trigger import TRIGGERS

from .home import Home, add_mat, coordinator_of, routine
from .targets import WAYS, target

EVENT = "event.bedtime_session_event"
BEDTIME = {"entity_id": EVENT}


@pytest.fixture
def fired(hass: HomeAssistant) -> list[ServiceCall]:
    """Collect what the automation did."""
    calls: list[ServiceCall] = async_mock_service(hass, "test", "act")
    return calls


async def automate(
    hass: HomeAssistant, key: str, target: dict[str, Any] = BEDTIME, **options: Any
) -> None:
    """Add an automation as a person writes it, that says what fired it."""
    trigger: dict[str, Any] = {"trigger": f"{DOMAIN}.{key}", "target": target}
    if options:
        trigger["options"] = options
    automation = {
        "triggers": [trigger],
        "actions": [
            {
                "action": "test.act",
                "data": {
                    "entity": "{{ trigger.entity_id }}",
                    "phase": "{{ trigger.to_state.attributes.phase }}",
                    "reason": "{{ trigger.to_state.attributes.reason }}",
                },
            }
        ],
        "mode": "queued",
        "max": 20,
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_block_till_done()
    assert hass.states.get("automation.automation_0") is not None


def told(fired: list[ServiceCall], key: str) -> list[str]:
    return [call.data[key] for call in fired]


@pytest.fixture
async def mat(hass: HomeAssistant, home: Home) -> MockConfigEntry:
    """Return Anna's mat with two routines."""
    return await add_mat(hass, routine("Bedtime"), routine("Morning"))


@pytest.mark.usefixtures("mat")
async def test_session_started_fires_once(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall]
) -> None:
    """Once a session, whatever happens in it."""
    await automate(hass, "session_started")
    await home.start()
    await home.do("pause_session")
    await home.do("resume_session")
    await home.wait(minutes=27)
    assert told(fired, "entity") == [EVENT]


@pytest.mark.usefixtures("mat")
async def test_session_completed_fires_at_the_end_of_wind_down(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall]
) -> None:
    """Not when the room is released, five minutes later."""
    await automate(hass, "session_completed")
    await home.start()
    await home.wait(minutes=20, seconds=59)
    assert fired == []
    await home.wait(seconds=1)
    assert len(fired) == 1
    await home.wait(minutes=10)
    assert len(fired) == 1


@pytest.mark.usefixtures("mat")
async def test_a_stopped_session_is_not_completed(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall]
) -> None:
    """The reward is for the whole session."""
    await automate(hass, "session_completed")
    await home.start()
    await home.wait(minutes=10)
    await home.finish()
    assert fired == []


@pytest.mark.parametrize(
    ("options", "phases"),
    [
        pytest.param(
            {}, ["prepare", "settle", "rest", "wind_down", "after"], id="any phase"
        ),
        pytest.param({"phase": "rest"}, ["rest"], id="one phase"),
        pytest.param(
            {"phase": ["wind_down", "settle"]}, ["settle", "wind_down"], id="two"
        ),
        pytest.param(
            {"phase": []},
            ["prepare", "settle", "rest", "wind_down", "after"],
            id="a list left empty means any",
        ),
    ],
)
@pytest.mark.usefixtures("mat")
async def test_phase_started_with_its_option(
    hass: HomeAssistant,
    home: Home,
    fired: list[ServiceCall],
    options: dict[str, Any],
    phases: list[str],
) -> None:
    """Each phase that was asked for fires once."""
    await automate(hass, "phase_started", **options)
    await home.start()
    await home.wait(minutes=27)
    assert told(fired, "phase") == phases


@pytest.mark.parametrize(
    ("options", "reasons"),
    [
        pytest.param({}, ["enough", "pain"], id="any reason"),
        pytest.param({"reason": ["pain", "numbness"]}, ["pain"], id="two of them"),
    ],
)
@pytest.mark.usefixtures("mat")
async def test_session_stopped_with_its_option(
    hass: HomeAssistant,
    home: Home,
    fired: list[ServiceCall],
    options: dict[str, Any],
    reasons: list[str],
) -> None:
    """A stop for pain can have an answer of its own."""
    await automate(hass, "session_stopped", **options)
    for reason in ("enough", "pain"):
        await home.start()
        await home.wait(minutes=5)
        await home.do("stop_session", reason=reason)
    assert told(fired, "reason") == reasons


@pytest.mark.parametrize(
    ("key", "options"),
    [
        pytest.param("phase_started", {"phase": "sleep"}, id="no phase of ours"),
        pytest.param(
            "session_stopped", {"reason": ["boredom"]}, id="no reason of ours"
        ),
        pytest.param("session_started", {"phase": "rest"}, id="another's option"),
        pytest.param("phase_started", {"for": "00:01:00"}, id="for, of a moment"),
        pytest.param(
            "phase_started", {"behavior": "first"}, id="behavior, of a moment"
        ),
    ],
)
async def test_options_that_do_not_exist_are_refused(
    hass: HomeAssistant, key: str, options: dict[str, Any]
) -> None:
    """A slip of the pen must not become an automation that never runs."""
    with pytest.raises(vol.Invalid):
        await TRIGGERS[key].async_validate_config(
            hass, {"target": BEDTIME, "options": options}
        )


# -- the target ----------------------------------------------------------------


async def test_only_our_own_events_of_an_area(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall], mat: MockConfigEntry
) -> None:
    """A doorbell in the bedroom may well say "started", too."""
    area = ar.async_get(hass).async_create("Bedroom")
    registry = er.async_get(hass)
    doorbell = registry.async_get_or_create(
        "event", "doorbell", "1", translation_key="session"
    )
    registry.async_update_entity(doorbell.entity_id, area_id=area.id)
    for device in dr.async_entries_for_config_entry(dr.async_get(hass), mat.entry_id):
        dr.async_get(hass).async_update_device(device.id, area_id=area.id)
    await automate(hass, "session_started", {"area_id": area.id})

    for moment in ("2026-11-22T20:00:00", "2026-11-22T20:00:01"):
        hass.states.async_set(doorbell.entity_id, moment, {"event_type": "started"})
        await hass.async_block_till_done()
    assert fired == []
    await home.start("switch.morning_session")
    assert told(fired, "entity") == ["event.morning_session_event"]


@pytest.mark.usefixtures("mat")
@pytest.mark.parametrize("way", WAYS)
async def test_a_session_by_each_kind_of_target(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall], way: str
) -> None:
    """The routine's device means its sessions, and no other's; so do room and label."""
    await automate(hass, "session_started", target(hass, EVENT, way))
    await home.start("switch.morning_session")
    await home.finish("switch.morning_session")
    assert fired == []
    await home.start()
    assert told(fired, "entity") == [EVENT]


@pytest.mark.parametrize("way", WAYS)
async def test_a_practice_by_each_kind_of_target(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall], way: str
) -> None:
    """The mat's device means its own practice, and no other mat's."""
    await add_mat(hass, goal=1)
    await add_mat(hass, routine("Sofa"), title="Ben's mat", goal=1)
    practice = "event.anna_s_mat_practice_event"
    await automate(hass, "goal_reached", target(hass, practice, way))
    await home.start("switch.sofa_session")
    await home.wait(minutes=30)
    assert fired == []
    await home.start()
    await home.wait(minutes=30)
    assert told(fired, "entity") == [practice]


async def test_a_foreign_entity_named_outright(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall], mat: MockConfigEntry
) -> None:
    """Whoever names a doorbell gets nothing, and no error at start-up."""
    await automate(hass, "session_started", {"entity_id": "event.doorbell"})
    for moment in ("2026-11-22T20:00:00", "2026-11-22T20:00:01"):
        hass.states.async_set("event.doorbell", moment, {"event_type": "started"})
        await hass.async_block_till_done()
    assert fired == []


# -- what is no happening ------------------------------------------------------


async def test_a_restored_state_does_not_fire(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall]
) -> None:
    """After a restart the entity shows what happened last; it happened before."""
    last = State(EVENT, "2026-11-22T20:00:00.000+00:00")
    extra = {"last_event_type": "started", "last_event_attributes": {"phase": None}}
    mock_restore_cache_with_extra_data(hass, [(last, extra)])
    await automate(hass, "session_started")
    await add_mat(hass)
    assert home.state(EVENT) == last.state
    assert fired == []
    await home.start()
    assert len(fired) == 1


async def test_a_reload_does_not_fire_again(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall], mat: MockConfigEntry
) -> None:
    """Reloaded in mid-session, the last happening comes back as a state."""
    await automate(hass, "phase_started")
    await home.start()
    await home.wait(minutes=5)
    assert told(fired, "phase") == ["prepare", "settle", "rest"]
    assert await hass.config_entries.async_reload(mat.entry_id)
    await home.settle()
    assert coordinator_of(mat).session is not None
    assert told(fired, "phase") == ["prepare", "settle", "rest"]
    await home.wait(minutes=15)
    assert told(fired, "phase")[-1] == "wind_down"
    assert len(fired) == 4


@pytest.mark.usefixtures("mat")
async def test_a_new_name_does_not_fire_again(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall]
) -> None:
    """The state is written again with another name; nothing happened."""
    await automate(hass, "session_started")
    await home.start()
    er.async_get(hass).async_update_entity(EVENT, name="What happens at bedtime")
    await home.settle()
    assert len(fired) == 1


@pytest.mark.usefixtures("mat")
async def test_a_rehearsal_does_not_fire(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall]
) -> None:
    """It shows the room; who automated a reward gets none."""
    await automate(hass, "phase_started")
    await home.do("rehearse_session", duration={"seconds": 30})
    await home.wait(seconds=40)
    assert fired == []


# -- time that is left ---------------------------------------------------------


async def test_time_left_survives_a_reload(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall], mat: MockConfigEntry
) -> None:
    """No phase begins between the reload and the moment: nobody says it anew."""
    await automate(hass, "remaining_time_reached", remaining={"minutes": 5})
    await home.start()
    await home.wait(minutes=10)
    assert await hass.config_entries.async_reload(mat.entry_id)
    await home.wait(minutes=5, seconds=59)
    assert fired == []
    await home.wait(seconds=2)
    assert len(fired) == 1


@pytest.mark.parametrize(
    "state", [ConfigEntryState.NOT_LOADED, ConfigEntryState.SETUP_IN_PROGRESS]
)
async def test_time_left_of_a_mat_that_is_there_after_the_automation(
    hass: HomeAssistant,
    home: Home,
    fired: list[ServiceCall],
    mat: MockConfigEntry,
    state: ConfigEntryState,
) -> None:
    """After a restart: the automation finds a mat not loaded, or reading its files."""
    await home.start()
    await home.wait(minutes=10)
    assert await hass.config_entries.async_unload(mat.entry_id)
    mat.mock_state(hass, state)
    await automate(hass, "remaining_time_reached", remaining={"minutes": 5})
    mat.mock_state(hass, ConfigEntryState.NOT_LOADED)
    assert await hass.config_entries.async_setup(mat.entry_id)
    await home.wait(minutes=6, seconds=1)
    assert len(fired) == 1


@pytest.mark.usefixtures("mat")
async def test_time_left_that_is_over_already_does_not_fire(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall]
) -> None:
    """An automation that is loaded three minutes before the end is too late for five."""
    await home.start()
    await home.wait(minutes=18)
    await automate(hass, "remaining_time_reached", remaining={"minutes": 5})
    await home.wait(minutes=10)
    assert fired == []


@pytest.mark.usefixtures("mat")
async def test_time_left_of_an_automation_that_is_off(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall]
) -> None:
    """Switched off, it lets go of what it waited for."""
    await automate(hass, "remaining_time_reached", remaining={"minutes": 5})
    await home.start()
    await hass.services.async_call(
        "automation",
        "turn_off",
        {"entity_id": "automation.automation_0"},
        blocking=True,
    )
    await home.wait(minutes=27)
    assert fired == []


async def test_time_left_follows_the_target(
    hass: HomeAssistant, home: Home, fired: list[ServiceCall], mat: MockConfigEntry
) -> None:
    """A routine that moves into the area in mid-session counts, one that leaves not."""
    areas = ar.async_get(hass)
    bedroom, attic = areas.async_create("Bedroom"), areas.async_create("Attic")
    registry = er.async_get(hass)
    await automate(
        hass,
        "remaining_time_reached",
        {"area_id": bedroom.id},
        remaining={"minutes": 5},
    )
    await home.start()
    await home.wait(minutes=10)
    registry.async_update_entity(EVENT, area_id=bedroom.id)
    await home.settle()
    await home.wait(minutes=7)
    assert told(fired, "entity") == [EVENT]

    await home.finish()
    await home.start()
    registry.async_update_entity(EVENT, area_id=attic.id)
    await home.settle()
    await home.wait(minutes=20)
    assert len(fired) == 1


@pytest.mark.parametrize("remaining", [{"minutes": -1}, {"hours": 2}, None])
async def test_time_left_that_no_session_has(
    hass: HomeAssistant, remaining: dict[str, int] | None
) -> None:
    """It has to be asked for, and be one that a session can have."""
    options = {} if remaining is None else {"remaining": remaining}
    with pytest.raises(vol.Invalid):
        await TRIGGERS["remaining_time_reached"].async_validate_config(
            hass, {"target": BEDTIME, "options": options}
        )


@pytest.mark.usefixtures("mat")
async def test_home_assistant_can_describe_them(hass: HomeAssistant) -> None:
    """What the automation editor offers: every trigger, with its fields."""
    assert await async_setup_component(hass, "automation", {})
    found = await trigger_helper.async_get_all_descriptions(hass)
    fields = {
        key.removeprefix(f"{DOMAIN}."): set((described or {}).get("fields", {}))
        for key, described in found.items()
        if key.startswith(f"{DOMAIN}.")
    }
    assert set(fields) == set(TRIGGERS)
    assert fields["phase_started"] == {"phase"}
    assert fields["session_stopped"] == {"reason"}
    assert fields["session_started"] == set()
