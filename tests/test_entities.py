"""What the entities show, and when they write it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_STATE_CHANGED, Platform
from homeassistant.core import (
    Context,
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity import Entity
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    snapshot_platform,
)
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

from custom_components.acupressure_mat import PLATFORMS
from custom_components.acupressure_mat.const import DOMAIN

from .home import Home, add_mat, coordinator_of, routine

SWITCH = "switch.bedtime_session"
MORNING = "switch.morning_session"
EVENT = "event.bedtime_session_event"
NUMBER = "number.bedtime_next_duration"
PAUSE, EXTEND = "button.anna_s_mat_pause", "button.anna_s_mat_5_more_minutes"
TIMELINE = {"started_at", "finishes_at", "paused_at", "planned_minutes", "phases"}


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compare as Home Assistant does: ids and times may differ."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
async def mat(hass: HomeAssistant, home: Home) -> MockConfigEntry:
    """Return Anna's mat with two routines."""
    return await add_mat(hass, routine("Bedtime"), routine("Morning"))


async def press(hass: HomeAssistant, button: str) -> None:
    await hass.services.async_call(
        "button", "press", {"entity_id": button}, blocking=True
    )


async def set_next(hass: HomeAssistant, minutes: float) -> None:
    await hass.services.async_call(
        "number", "set_value", {"entity_id": NUMBER, "value": minutes}, blocking=True
    )


def attributes(hass: HomeAssistant, entity_id: str = SWITCH) -> dict[str, Any]:
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return dict(state.attributes)


def happenings(changes: list[Event[EventStateChangedData]]) -> list[str]:
    """Return what the event entity of the routine told, in order."""
    return [
        new.attributes["event_type"]
        for change in changes
        if (new := change.data["new_state"]) and new.entity_id == EVENT
    ]


@pytest.fixture
def writes(
    hass: HomeAssistant, mat: MockConfigEntry
) -> Iterator[list[Event[EventStateChangedData]]]:
    """Collect every write of an entity of ours from now on."""
    registry = er.async_get(hass)
    found: list[Event[EventStateChangedData]] = []

    @callback
    def collect(event: Event[EventStateChangedData]) -> None:
        entity = registry.async_get(event.data["entity_id"])
        if entity is not None and entity.platform == DOMAIN:
            found.append(event)

    remove = hass.bus.async_listen(EVENT_STATE_CHANGED, collect)
    yield found
    remove()


# -- what there is -------------------------------------------------------------


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_registry_and_first_states(
    hass: HomeAssistant,
    home: Home,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
    monkeypatch: pytest.MonkeyPatch,
    platform: Platform,
) -> None:
    """Unique ids, names, units and categories are promises to those who use them."""
    monkeypatch.setattr(f"custom_components.{DOMAIN}.PLATFORMS", [platform])
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Anna's mat",
        entry_id="anna",
        data={},
        subentries_data=[routine("Bedtime")],
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_what_few_need_is_disabled_at_first(
    hass: HomeAssistant, mat: MockConfigEntry
) -> None:
    """A new mat shows what a beginner wants to know; the rest is a click away."""
    disabled = {
        entity.unique_id.removeprefix(f"{mat.entry_id}_")
        for entity in _entities(hass, mat)
        if entity.disabled
    }
    assert disabled == {
        "minutes_week",
        "minutes_total",
        "sessions_total",
        "best_streak",
        "last_session",
        "pain_relief",
        "worst_pain",
    }


async def test_devices(hass: HomeAssistant, mat: MockConfigEntry) -> None:
    """A device for the mat, and one for each routine that belongs to it."""
    registry = dr.async_get(hass)
    devices = {
        device.name: device
        for device in dr.async_entries_for_config_entry(registry, mat.entry_id)
    }
    assert set(devices) == {"Anna's mat", "Bedtime", "Morning"}
    for name in ("Bedtime", "Morning"):
        device = devices[name]
        assert isinstance(device, dr.DeviceEntry)
        assert device.via_device_id == devices["Anna's mat"].id
        assert device.config_subentry_id == name.lower()


# -- the states of a session ---------------------------------------------------

MOMENTS: dict[str, dict[str, str]] = {
    "idle": {
        SWITCH: "off",
        "binary_sensor.anna_s_mat_session": "off",
        "sensor.anna_s_mat_phase": "idle",
        "sensor.anna_s_mat_finishes_at": "unknown",
        "sensor.anna_s_mat_session_duration": "unknown",
        "sensor.anna_s_mat_minutes_today": "0.0",
    },
    "prepare": {
        SWITCH: "on",
        "binary_sensor.anna_s_mat_session": "on",
        "sensor.anna_s_mat_phase": "prepare",
        "sensor.anna_s_mat_finishes_at": "2026-11-22T21:21:00+00:00",
        "sensor.anna_s_mat_session_duration": "20.0",
        "sensor.anna_s_mat_minutes_today": "0.0",
    },
    "rest": {
        SWITCH: "on",
        "binary_sensor.anna_s_mat_session": "on",
        "sensor.anna_s_mat_phase": "rest",
        "sensor.anna_s_mat_finishes_at": "2026-11-22T21:21:00+00:00",
        "sensor.anna_s_mat_session_duration": "20.0",
        "sensor.anna_s_mat_minutes_today": "0.0",
    },
    "paused": {
        SWITCH: "on",
        "binary_sensor.anna_s_mat_session": "on",
        "sensor.anna_s_mat_phase": "paused",
        "sensor.anna_s_mat_finishes_at": "unknown",
        "sensor.anna_s_mat_session_duration": "20.0",
        "sensor.anna_s_mat_minutes_today": "0.0",
    },
    "after": {
        SWITCH: "off",
        "binary_sensor.anna_s_mat_session": "off",
        "sensor.anna_s_mat_phase": "after",
        "sensor.anna_s_mat_finishes_at": "unknown",
        "sensor.anna_s_mat_session_duration": "unknown",
        "sensor.anna_s_mat_minutes_today": "20.0",
    },
}


async def test_the_states_of_a_session(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry
) -> None:
    """One table, read downwards as the evening goes."""

    def shown(moment: str) -> dict[str, str]:
        return {entity_id: home.state(entity_id) for entity_id in MOMENTS[moment]}

    assert shown("idle") == MOMENTS["idle"]
    await home.start()
    assert shown("prepare") == MOMENTS["prepare"]
    await home.wait(minutes=5)
    assert shown("rest") == MOMENTS["rest"]
    await press(hass, PAUSE)
    assert shown("paused") == MOMENTS["paused"]
    await home.wait(minutes=2)
    await press(hass, PAUSE)
    await home.wait(minutes=16, seconds=1)
    assert shown("after") == MOMENTS["after"]
    await home.wait(minutes=5)
    today = {"sensor.anna_s_mat_minutes_today": "20.0"}
    assert shown("idle") == MOMENTS["idle"] | today
    assert home.state(MORNING) == "off"


async def test_attributes_are_the_timeline(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry
) -> None:
    """A card draws all of a session from them, without asking every second."""
    empty = {"started_at": None, "finishes_at": None, "paused_at": None}
    assert attributes(hass).items() >= {**empty, "planned_minutes": None}.items()
    assert attributes(hass)["phases"] == []

    await home.start()
    found = attributes(hass)
    assert found["started_at"].isoformat() == "2026-11-22T21:00:00+00:00"
    assert found["finishes_at"].isoformat() == "2026-11-22T21:21:00+00:00"
    assert found["planned_minutes"] == 20
    assert [(p["phase"], f"{p['ends_at']:%H:%M}") for p in found["phases"]] == [
        ("prepare", "21:01"),
        ("settle", "21:04"),
        ("rest", "21:19"),
        ("wind_down", "21:21"),
        ("after", "21:26"),
    ]
    assert attributes(hass, MORNING)["phases"] == []

    await home.wait(minutes=5)
    await press(hass, PAUSE)
    paused = attributes(hass)
    assert paused["paused_at"].isoformat() == "2026-11-22T21:05:00+00:00"
    assert paused["finishes_at"] is None
    assert paused["phases"] == found["phases"]
    await home.wait(minutes=2)
    await press(hass, PAUSE)
    resumed = attributes(hass)
    assert resumed["paused_at"] is None
    assert f"{resumed['finishes_at']:%H:%M}" == "21:23"
    assert f"{resumed['phases'][-1]['ends_at']:%H:%M}" == "21:28"

    await home.wait(minutes=17)
    assert home.state(SWITCH) == "off"
    assert f"{attributes(hass)['phases'][-1]['ends_at']:%H:%M}" == "21:28"
    await home.wait(minutes=5)
    assert attributes(hass)["phases"] == []


@pytest.mark.usefixtures("mat")
async def test_no_attribute_is_recorded(hass: HomeAssistant, home: Home) -> None:
    """A year of sessions must not fill the database with timelines."""
    await home.start()
    state = hass.states.get(SWITCH)
    assert state is not None
    assert set(state.attributes) >= TIMELINE
    assert state.state_info is not None
    assert state.state_info["unrecorded_attributes"] >= TIMELINE


@pytest.mark.usefixtures("mat")
async def test_a_session_costs_few_writes(
    home: Home, writes: list[Event[EventStateChangedData]]
) -> None:
    """Nothing ticks: entities write when something changes, and only those it changes.

    The switch writes when its session starts, ends, and lets go of the room.
    """
    await home.start()
    await home.wait(minutes=27)
    counted = Counter(write.data["entity_id"] for write in writes)
    assert counted == {
        SWITCH: 3,
        "binary_sensor.anna_s_mat_session": 2,
        "sensor.anna_s_mat_phase": 6,
        "sensor.anna_s_mat_finishes_at": 2,
        "sensor.anna_s_mat_session_duration": 2,
        "calendar.anna_s_mat_journal": 2,
        # Once each, when the record is in the journal.
        "sensor.anna_s_mat_minutes_today": 1,
        "sensor.anna_s_mat_days_this_week": 1,
        "sensor.anna_s_mat_streak": 1,
        "sensor.anna_s_mat_plan": 1,
        "event.anna_s_mat_practice_event": 1,
        # started, five phases, completed
        EVENT: 7,
    }
    assert happenings(writes) == [
        "started",
        *["phase_started"] * 4,
        "completed",
        "phase_started",
    ]


async def test_what_only_the_room_notices_is_not_written(
    hass: HomeAssistant, home: Home
) -> None:
    """An interval switches the diffuser ten times; no entity has anything to add."""
    await add_mat(hass, routine("Bedtime", diffuser={"interval": 1}))
    await home.start()
    await home.wait(minutes=5)
    before = hass.states.get(SWITCH)
    assert before is not None
    await home.wait(minutes=10)
    after = hass.states.get(SWITCH)
    assert after is not None
    assert home.evening.commands("switch.diffuser").count("on") > 5
    assert after.last_updated == before.last_updated


# -- the switch ----------------------------------------------------------------


async def test_a_double_tap_starts_one_session(
    home: Home, mat: MockConfigEntry, writes: list[Event[EventStateChangedData]]
) -> None:
    """The second tap finds it on and leaves it alone."""
    await home.start()
    first = coordinator_of(mat).session
    await home.start()
    assert coordinator_of(mat).session is first
    assert happenings(writes) == ["started", "phase_started"]


async def test_the_second_routine_is_refused(home: Home, mat: MockConfigEntry) -> None:
    """There is one body on one mat; the sentence names what runs."""
    await home.start()
    with pytest.raises(ServiceValidationError) as refusal:
        await home.start(MORNING)
    assert refusal.value.translation_key == "already_running"
    assert refusal.value.translation_placeholders == {"routine": "Bedtime"}
    assert home.state(MORNING) == "off"
    assert home.state(SWITCH) == "on"


async def test_off_finishes_and_keeps(home: Home, mat: MockConfigEntry) -> None:
    """Off is no deletion: the minutes count."""
    await home.start()
    await home.wait(minutes=9)
    await home.finish()
    assert home.state(SWITCH) == "off"
    (record,) = await home.records(mat)
    assert (record.outcome, record.reason) == ("stopped", "enough")
    assert home.state("sensor.anna_s_mat_minutes_today") == "8.0"


async def test_off_when_idle_is_no_mistake(home: Home, mat: MockConfigEntry) -> None:
    """All switches off at night: that is no error, and ends no other session."""
    await home.finish()
    await home.start()
    await home.finish(MORNING)
    assert home.state(SWITCH) == "on"


async def test_a_start_in_after_is_a_new_session(
    home: Home, mat: MockConfigEntry
) -> None:
    """Once more, before the light came back: the room goes over without a flicker."""
    await home.start()
    await home.wait(minutes=22)
    assert home.state("sensor.anna_s_mat_phase") == "after"
    told = len(home.evening.commands("light.bed"))
    await home.start(MORNING)
    assert home.state(MORNING) == "on"
    assert attributes(home.hass)["phases"] == []
    # Straight to what the morning wants; never back to 80 % in between.
    assert home.evening.commands("light.bed")[told:] == [
        "on {'brightness': 31, 'color_temp_kelvin': 2200}"
    ]


@pytest.mark.usefixtures("mat")
async def test_the_person_who_taps_is_known(
    hass: HomeAssistant, home: Home, hass_admin_user: MockUser
) -> None:
    """A tap carries its user, and the event says so."""
    await hass.services.async_call(
        "switch",
        "turn_on",
        {"entity_id": SWITCH},
        blocking=True,
        context=Context(user_id=hass_admin_user.id),
    )
    await home.settle()
    assert attributes(hass, EVENT)["source"] == "user"


# -- buttons -------------------------------------------------------------------


@pytest.mark.usefixtures("mat")
async def test_buttons_are_always_there_and_idle_say_why_not(
    hass: HomeAssistant, home: Home
) -> None:
    """A greyed-out button explains nothing."""
    for button in (PAUSE, EXTEND):
        assert home.state(button) != "unavailable"
        with pytest.raises(ServiceValidationError) as refusal:
            await press(hass, button)
        assert refusal.value.translation_domain == DOMAIN
        assert refusal.value.translation_key == "not_running"


@pytest.mark.usefixtures("mat")
async def test_extend_adds_five_minutes_up_to_an_hour(
    hass: HomeAssistant, home: Home
) -> None:
    """20, then 25 and so on; the press that would go over 60 changes nothing."""
    await home.start()
    for minutes in range(25, 65, 5):
        await press(hass, EXTEND)
        assert home.state("sensor.anna_s_mat_session_duration") == f"{minutes}.0"
    with pytest.raises(ServiceValidationError) as refusal:
        await press(hass, EXTEND)
    assert refusal.value.translation_key == "duration_out_of_range"
    assert home.state("sensor.anna_s_mat_session_duration") == "60.0"


@pytest.mark.usefixtures("mat")
async def test_buttons_of_a_session_that_is_over(
    hass: HomeAssistant, home: Home
) -> None:
    """In `after` nothing runs, though the phase is not idle."""
    await home.start()
    await home.wait(minutes=22)
    for button in (PAUSE, EXTEND):
        with pytest.raises(ServiceValidationError, match="No session is running"):
            await press(hass, button)


# -- the number ----------------------------------------------------------------


@pytest.mark.usefixtures("mat")
async def test_a_number_holds_once(hass: HomeAssistant, home: Home) -> None:
    """Tonight only: the next session is as configured again."""
    assert home.state(NUMBER) == "20.0"
    await set_next(hass, 7)
    assert home.state(NUMBER) == "7.0"
    assert home.state("number.morning_next_duration") == "20.0"
    await home.start()
    assert home.state("sensor.anna_s_mat_session_duration") == "7.0"
    assert home.state(NUMBER) == "20.0"
    await home.finish()
    await home.start()
    assert home.state("sensor.anna_s_mat_session_duration") == "20.0"


async def test_a_number_survives_a_restart(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry
) -> None:
    """Set in the morning, wanted in the evening."""
    await set_next(hass, 7)
    await home.restart(mat, kill=True)
    assert home.state(NUMBER) == "7.0"


@pytest.mark.usefixtures("mat")
async def test_a_number_out_of_range(hass: HomeAssistant, home: Home) -> None:
    """Home Assistant knows the range from us."""
    for minutes in (0, -5, 61):
        with pytest.raises(ServiceValidationError):
            await set_next(hass, minutes)
    assert home.state(NUMBER) == "20.0"


async def test_without_a_duration_the_number_follows_the_plan(
    hass: HomeAssistant, home: Home
) -> None:
    """Empty in the form: a newcomer begins with 5 minutes."""
    await add_mat(hass, routine("Bedtime", session={"duration": None}))
    assert home.state(NUMBER) == "5.0"


# -- names and removal ---------------------------------------------------------


async def test_renaming_in_mid_session(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry
) -> None:
    """The session goes on, and the event entity hears each happening once."""
    registry = er.async_get(hass)
    renamed = {
        SWITCH: "switch.evening",
        EVENT: "event.evening",
        "sensor.anna_s_mat_phase": "sensor.phase",
    }
    await home.start()
    await home.wait(minutes=5)
    before = attributes(hass)
    heard: list[str] = []

    for old, new in renamed.items():
        registry.async_update_entity(old, new_entity_id=new)
    await home.settle()

    @callback
    def hear(event: Event[EventStateChangedData]) -> None:
        if event.data["entity_id"] == "event.evening" and event.data["new_state"]:
            heard.append(event.data["new_state"].attributes["event_type"])

    hass.bus.async_listen(EVENT_STATE_CHANGED, hear)
    assert all(hass.states.get(old) is None for old in renamed)
    assert home.state("switch.evening") == "on"
    after = attributes(hass, "switch.evening")
    assert {key: after[key] for key in TIMELINE} == {
        key: before[key] for key in TIMELINE
    }
    assert home.state("sensor.phase") == "rest"
    await press(hass, PAUSE)
    await press(hass, PAUSE)
    await home.finish("switch.evening")
    assert heard == ["paused", "resumed", "stopped"]
    assert home.state("switch.evening") == "off"
    assert home.state("sensor.phase") == "idle"


async def test_removing_a_routine_that_runs(
    hass: HomeAssistant,
    home: Home,
    mat: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its entities and device go, its room is put back, and nothing is in the log."""
    await home.start()
    await home.wait(minutes=5)
    hass.config_entries.async_remove_subentry(mat, "bedtime")
    await home.settle()

    assert coordinator_of(mat).session is None
    assert not home.is_on("switch.diffuser")
    assert home.level("light.bed") == 80
    assert hass.states.get(SWITCH) is None
    assert {e.config_subentry_id for e in _entities(hass, mat)} == {None, "morning"}
    assert "Traceback" not in caplog.text
    (record,) = await home.records(mat)
    assert record.reason == "interrupted"


def _entities(hass: HomeAssistant, mat: ConfigEntry[Any]) -> list[er.RegistryEntry]:
    return er.async_entries_for_config_entry(er.async_get(hass), mat.entry_id)


async def test_a_reload_leaves_no_trace_in_the_timeline(
    hass: HomeAssistant, home: Home, mat: MockConfigEntry
) -> None:
    """Whatever reloads the mat, states and attributes come back as they were."""
    await home.start()
    await home.wait(minutes=5)
    before = {
        entity.entity_id: home.state(entity.entity_id)
        for entity in _entities(hass, mat)
        if not entity.disabled
    }
    timeline = {key: attributes(hass)[key] for key in TIMELINE}
    assert await hass.config_entries.async_reload(mat.entry_id)
    await home.settle()
    assert {entity_id: home.state(entity_id) for entity_id in before} == before
    assert {key: attributes(hass)[key] for key in TIMELINE} == timeline
