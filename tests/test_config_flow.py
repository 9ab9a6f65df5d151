"""Setting up a mat by its forms, as a person does."""

from datetime import date
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.acupressure_mat.const import DOMAIN

from .forms import (
    ABOUT,
    EMPTY_ROOM,
    FULL_ROOM,
    MAT,
    add_scripts,
    answer,
    begin_change,
    begin_mat,
    begin_routine,
    fill_in,
    mat_of,
    shown,
)
from .home import Home, add_mat


async def test_from_nothing_to_the_first_routine(
    hass: HomeAssistant, home: Home
) -> None:
    """Mat, precautions, first routine: nobody is left with an empty mat."""
    add_scripts(hass)
    hass.states.async_set("person.anna", "home")

    form = await begin_mat(hass)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "user")
    assert shown(form) == {"experience": "new", "goal": 5}

    form = await fill_in(hass, form, {**MAT, "person": "person.anna"})
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "safety")

    result = await fill_in(hass, form, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = mat_of(hass)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.data == {
        "experience": "some",
        "goal": 4,
        "person": "person.anna",
        "safety_read": date(2026, 11, 22).isoformat(),
    }

    kind, flow_id = result["next_flow"]
    assert kind == "config_subentries_flow"
    form = await answer(hass, {"flow_id": flow_id}, ABOUT)
    assert form["step_id"] == "room"
    result = await answer(hass, form, FULL_ROOM)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert hass.states.get("switch.bedtime_session") is not None
    # How to go on is told once.
    assert result["description"] == "first"
    form = await answer(
        hass, await begin_routine(hass, entry), {**ABOUT, "name": "Nap"}
    )
    assert not (await answer(hass, form, EMPTY_ROOM))["description"]


@pytest.mark.parametrize(
    ("mistake", "field", "key"),
    [
        pytest.param({"name": "  "}, "name", "name_empty", id="a name of blanks"),
        pytest.param(
            {"name": " ben's MAT "}, "name", "name_taken", id="the name of another mat"
        ),
        pytest.param(
            {"name": "Ben’s mat."}, "name", "name_taken", id="one that sounds like it"
        ),
        pytest.param(
            {"person": "person.gone"},
            "person",
            "person_not_found",
            id="a person who is gone",
        ),
    ],
)
async def test_a_mistake_is_named_and_the_form_goes_on(
    hass: HomeAssistant, home: Home, mistake: dict[str, Any], field: str, key: str
) -> None:
    """Nothing that was filled in is lost, and the same form is good for a retry."""
    await add_mat(hass, title="Ben's mat")
    form = await begin_mat(hass)

    form = await fill_in(hass, form, {**MAT, **mistake})

    assert (form["step_id"], form["errors"]) == ("user", {field: key})
    assert shown(form)["goal"] == 4
    form = await fill_in(hass, form, MAT)
    result = await fill_in(hass, form, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_name_taken_while_the_precautions_are_read(
    hass: HomeAssistant, home: Home
) -> None:
    """Two windows must not make two mats of one name."""
    form = await fill_in(hass, await begin_mat(hass), MAT)
    await add_mat(hass, title="Anna's mat")

    form = await fill_in(hass, form, {})

    assert (form["step_id"], form["errors"]) == ("user", {"name": "name_taken"})
    form = await fill_in(hass, form, {**MAT, "name": "Cleo's mat"})
    await fill_in(hass, form, {})
    assert mat_of(hass, "Cleo's mat").data["goal"] == 4


async def test_changing_a_mat(hass: HomeAssistant, home: Home) -> None:
    """The form shows what is set; what is submitted replaces it, but for the date."""
    entry = await add_mat(hass, goal=3, safety_read="2026-01-02")
    form = await begin_change(hass, entry)
    assert form["step_id"] == "reconfigure"
    assert shown(form) == {
        "name": "Anna's mat",
        "experience": "new",
        "goal": 3,
        "cap": 40,
        "day_boundary": "04:00:00",
        "plan": True,
        "streak": True,
    }

    form = await fill_in(
        hass,
        form,
        {**MAT, "name": "", "cap": 30, "day_boundary": "3:30"},
    )
    assert form["errors"] == {"name": "name_empty"}
    assert shown(form)["cap"] == 30
    result = await fill_in(
        hass, form, {**MAT, "name": "Anna", "cap": 30, "day_boundary": "3:30"}
    )
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert entry.title == "Anna"
    assert entry.data == {
        "experience": "some",
        "goal": 4,
        "cap": 30,
        "day_boundary": "3:30",
        "plan": True,
        "streak": True,
        "safety_read": "2026-01-02",
    }
    assert entry.state is ConfigEntryState.LOADED
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, entry.entry_id), entry.entry_id
    )
    assert device is not None
    assert device.name == "Anna"


async def test_a_mat_may_keep_its_own_name(hass: HomeAssistant, home: Home) -> None:
    """The name it has is no name that is taken."""
    entry = await add_mat(hass)
    form = await begin_change(hass, entry)
    result = await fill_in(hass, form, {**MAT, "goal": 7})
    assert result["type"] is FlowResultType.ABORT
    assert entry.data["goal"] == 7


async def test_a_mat_that_is_deleted_meanwhile_is_not_changed(
    hass: HomeAssistant, home: Home
) -> None:
    """In another window: it is said, and no mat comes back."""
    entry = await add_mat(hass)
    form = await begin_change(hass, entry)
    await hass.config_entries.async_remove(entry.entry_id)
    result = await fill_in(hass, form, {**MAT, "goal": 7})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "gone")
    assert hass.config_entries.async_entries(DOMAIN) == []


@pytest.mark.parametrize("is_there", [True, False])
async def test_a_sensor_of_sleep_needs_statistics(
    hass: HomeAssistant, home: Home, is_there: bool
) -> None:
    """Nights off the mat would never be known, and nobody would say why."""
    for name, capabilities in (
        ("word", None),
        ("score", {"state_class": "measurement"}),
    ):
        registered = er.async_get(hass).async_get_or_create(
            "sensor", "watch", name, suggested_object_id=name, capabilities=capabilities
        )
        if is_there:
            hass.states.async_set(registered.entity_id, "80", capabilities or {})
    entry = await add_mat(hass)
    form = await begin_change(hass, entry)
    form = await fill_in(hass, form, {**MAT, "sleep_sensor": "sensor.word"})
    assert form["errors"] == {"sleep_sensor": "sleep_no_statistics"}
    assert shown(form)["sleep_sensor"] == "sensor.word"
    result = await fill_in(hass, form, {**MAT, "sleep_sensor": "sensor.score"})
    assert result["type"] is FlowResultType.ABORT
    assert entry.data["sleep_sensor"] == "sensor.score"


async def test_a_phone_that_is_gone_cannot_be_notified(
    hass: HomeAssistant, home: Home
) -> None:
    """The form still shows it, says so, and takes another or none."""
    entry = await add_mat(hass, notify="notify.mobile_app_old")
    form = await begin_change(hass, entry)
    assert shown(form)["notify"] == "notify.mobile_app_old"
    form = await fill_in(hass, form, {**MAT, "notify": "notify.mobile_app_old"})
    assert form["errors"] == {"notify": "notify_not_found"}
    hass.states.async_set("notify.kitchen", "unknown")
    await fill_in(hass, form, {**MAT, "notify": "notify.kitchen"})
    assert entry.data["notify"] == "notify.kitchen"


async def test_a_vacation_cannot_end_before_it_begins(
    hass: HomeAssistant, home: Home
) -> None:
    """Nor end without a beginning."""
    entry = await add_mat(hass)
    form = await begin_change(hass, entry)
    for first in ({}, {"vacation_from": "2026-12-24"}):
        form = await fill_in(
            hass, form, {**MAT, **first, "vacation_until": "2026-12-23"}
        )
        assert form["errors"] == {"vacation_until": "vacation_ends_early"}
    dates = {"vacation_from": "2026-12-23", "vacation_until": "2026-12-23"}
    result = await fill_in(hass, form, {**MAT, **dates})
    assert result["type"] is FlowResultType.ABORT
    await hass.async_block_till_done()
    assert entry.data["vacation_from"] == "2026-12-23"
