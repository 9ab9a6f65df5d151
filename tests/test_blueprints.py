"""Blueprints, filled in as a person does and run as automations."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint, BlueprintInputs
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from .home import Home, add_mat, coordinator_of

FOLDER = Path(__file__).parents[1] / "blueprints/automation/acupressure_mat"
SWITCH = "switch.bedtime_session"
TODAY = "sensor.anna_s_mat_minutes_today"


def blueprint(name: str) -> Blueprint:
    return Blueprint(
        load_yaml_dict(str(FOLDER / f"{name}.yaml")),
        path=f"acupressure_mat/{name}.yaml",
        expected_domain="automation",
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )


async def use(hass: HomeAssistant, name: str, **inputs: Any) -> None:
    """Make an automation from a blueprint."""
    filled = BlueprintInputs(
        blueprint(name), {"use_blueprint": {"path": name, "input": inputs}}
    )
    filled.validate()
    automation = filled.async_substitute()
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_block_till_done()
    assert hass.states.async_entity_ids("automation")


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda f: f.stem)
def test_each_names_where_it_comes_from(file: Path) -> None:
    """The import link of the docs and the file must be the same place."""
    metadata = blueprint(file.stem).metadata
    assert metadata["source_url"].endswith(f"/acupressure_mat/{file.name}")
    assert metadata["homeassistant"]["min_version"] == "2026.11.0"


async def test_the_bedside_button(home: Home) -> None:
    """Press to start, pause and resume; twice for more; hold to end."""
    entry = await add_mat(home.hass)
    await use(
        home.hass,
        "bedside_button",
        session=SWITCH,
        button="event.bedside",
    )
    home.hass.states.async_set("event.bedside", "unknown")

    async def button(kind: str) -> None:
        home.freezer.tick(0.1)
        moment = dt_util.utcnow().isoformat()
        home.hass.states.async_set("event.bedside", moment, {"event_type": kind})
        await home.settle()

    await button("double_press")
    assert not home.is_on(SWITCH)
    await button("single")
    assert home.is_on(SWITCH)
    await home.wait(minutes=5)
    await button("press")
    assert home.state("sensor.anna_s_mat_phase") == "paused"
    await button("press")
    assert home.state("sensor.anna_s_mat_phase") == "rest"
    await button("double_press")
    session = coordinator_of(entry).session
    assert session is not None
    assert session.planned.total_seconds() == 25 * 60
    await button("long_press")
    assert not home.is_on(SWITCH)


async def test_a_button_that_is_back_in_reach_was_not_pressed(home: Home) -> None:
    """After a restart it tells what it told last: nobody lies down for that."""
    await add_mat(home.hass)
    await use(home.hass, "bedside_button", session=SWITCH, button="event.bedside")
    last = "2026-11-22T20:00:00.000+00:00", {"event_type": "single"}
    home.hass.states.async_set("event.bedside", *last)
    await home.settle()
    home.hass.states.async_set("event.bedside", "unavailable")
    home.hass.states.async_set("event.bedside", *last)
    await home.settle()
    assert not home.is_on(SWITCH)


async def test_the_tag(home: Home) -> None:
    """Once to start, once more to end."""
    await add_mat(home.hass)
    assert await async_setup_component(home.hass, "tag", {})
    await use(home.hass, "nfc_tag", session=SWITCH, tag="mat")
    for running in (True, False):
        home.hass.bus.async_fire("tag_scanned", {"tag_id": "mat"})
        await home.settle()
        assert home.is_on(SWITCH) is running


@pytest.fixture(params=["min", "h"])
def unit(home: Home, request: pytest.FixtureRequest) -> Callable[[], object]:
    """Return what shows the minutes of today in this unit, as a person may choose."""
    return lambda: er.async_get(home.hass).async_update_entity_options(
        TODAY, "sensor", {"unit_of_measurement": request.param}
    )


@pytest.mark.parametrize("done", [False, True])
async def test_when_the_tv_goes_off(
    home: Home, unit: Callable[[], object], done: bool
) -> None:
    """In the evening, unless it was done today."""
    await add_mat(home.hass)
    unit()
    if done:
        await home.start()
        await home.wait(minutes=10)
        await home.finish()
    home.hass.states.async_set("media_player.tv", "on")
    await use(
        home.hass,
        "tv_off",
        session=SWITCH,
        minutes_today=TODAY,
        tv="media_player.tv",
        after="20:30:00",
        before="23:59:00",
    )
    home.hass.states.async_set("media_player.tv", "off")
    await home.wait(seconds=65)
    assert home.is_on(SWITCH) is not done


@pytest.mark.parametrize("before", [None, "unavailable", "unknown"])
async def test_a_tv_that_is_back_in_reach_did_not_go_off(
    home: Home, before: str | None
) -> None:
    """A restart in the evening is no end of a film."""
    await add_mat(home.hass)
    if before is not None:
        home.hass.states.async_set("media_player.tv", before)
    await use(
        home.hass,
        "tv_off",
        session=SWITCH,
        minutes_today=TODAY,
        tv="media_player.tv",
    )
    home.hass.states.async_set("media_player.tv", "off")
    await home.wait(seconds=65)
    assert not home.is_on(SWITCH)


@pytest.mark.parametrize(
    ("anna", "ben", "starts"),
    [
        ("home", "not_home", True),
        ("Work", "home", True),
        ("not_home", "unknown", False),
        ("not_home", None, False),
    ],
)
async def test_the_tv_goes_off_with_somebody_at_home(
    home: Home, anna: str, ben: str | None, starts: bool
) -> None:
    """By a timer, or by a cat on the remote control, it is nobody's evening."""
    await add_mat(home.hass)
    home.hass.states.async_set("media_player.tv", "playing")
    for name, state in (("anna", anna), ("ben", ben)):
        if state is not None:
            home.hass.states.async_set(f"person.{name}", state)
    await use(
        home.hass,
        "tv_off",
        session=SWITCH,
        minutes_today=TODAY,
        tv="media_player.tv",
        persons=["person.anna", "person.ben"],
    )
    home.hass.states.async_set("media_player.tv", "off")
    await home.wait(seconds=65)
    assert home.is_on(SWITCH) is starts


async def remind(home: Home, at: str, *, minutes: int, times: int) -> list[ServiceCall]:
    """Remind from then on, again after so many minutes; return the reminders."""
    reminders: list[ServiceCall] = async_mock_service(home.hass, "test", "remind")
    await use(
        home.hass,
        "remind_until_done",
        minutes_today=TODAY,
        at=at,
        every={"minutes": minutes},
        times=times,
        remind=[{"action": "test.remind"}],
    )
    return reminders


async def test_nobody_is_reminded_while_lying_on_the_mat(home: Home) -> None:
    """Their minutes of today come at the end; stopped too soon, it goes on."""
    await add_mat(home.hass)
    home.patient = False
    await home.start()
    reminders = await remind(home, "22:00:10", minutes=1, times=3)
    await home.wait(seconds=20)
    assert home.is_on(SWITCH)
    assert not reminders
    await home.finish()
    await home.wait(minutes=5)
    assert len(reminders) == 2
    await home.hass.services.async_call(
        "automation", "turn_off", {"entity_id": "all"}, blocking=True
    )


async def test_reminded_until_it_is_done(
    home: Home, unit: Callable[[], object]
) -> None:
    """Again after half an hour, and no more once there are minutes."""
    await add_mat(home.hass)
    unit()
    home.patient = False
    reminders = await remind(home, "22:05:00", minutes=30, times=5)
    await home.wait(minutes=6)
    assert len(reminders) == 1
    await home.wait(minutes=30)
    assert len(reminders) == 2
    await home.start()
    await home.wait(minutes=90)
    assert len(reminders) == 2
    await home.hass.services.async_call(
        "automation", "turn_off", {"entity_id": "all"}, blocking=True
    )


async def test_the_night_begins_after_the_session(home: Home) -> None:
    """A while after its end; not after one that was stopped."""
    nights: list[ServiceCall] = async_mock_service(home.hass, "test", "night")
    await add_mat(home.hass)
    home.patient = False
    await use(
        home.hass,
        "sleep_mode",
        session="event.bedtime_session_event",
        wait={"minutes": 5},
        night=[{"action": "test.night"}],
    )
    await home.start()
    await home.wait(minutes=10)
    await home.finish()
    await home.wait(minutes=20)
    assert not nights
    await home.start()
    await home.wait(minutes=22)
    assert not nights
    await home.wait(minutes=5)
    assert len(nights) == 1
