"""The schedule in a routine's form, and what its data means."""

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.translation import async_get_translations
import pytest

from custom_components.acupressure_mat import subentries
from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.session.schedule import Mode, Schedule

from .forms import ABOUT, EMPTY_ROOM, answer, begin_routine, routine_of, shown
from .home import Home, add_mat, subentry

ALARM = "sensor.alarm"


def meant(**schedule: Any) -> Schedule:
    """Return what the data of a schedule means."""
    return subentries.schedule(subentry({"kind": "bedtime", "schedule": schedule}))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param({}, Schedule(), id="nothing filled in is no schedule"),
        pytest.param(
            {"days": ["sun", "mon"], "time": "22:10:00"},
            Schedule(mode=Mode.ASK, days=(0, 6), at=timedelta(hours=22, minutes=10)),
            id="days and a time ask",
        ),
        pytest.param(
            {"mode": "off", "days": ["mon"], "time": "22:10:00"},
            Schedule(days=(0,), at=timedelta(hours=22, minutes=10)),
            id="switched off it keeps its time",
        ),
        pytest.param(
            {"sensor": ALARM, "before": {"hours": 8}, "mode": "start"},
            Schedule(mode=Mode.START, sensor=ALARM, before=timedelta(hours=8)),
            id="a sensor's time",
        ),
        pytest.param(
            {"sensor": ALARM},
            Schedule(mode=Mode.ASK, sensor=ALARM),
            id="at a sensor's time itself",
        ),
    ],
)
def test_what_is_filled_in_is_meant(data: dict[str, Any], expected: Schedule) -> None:
    """A time without a mode asks: nothing starts that nobody chose to start."""
    assert meant(**data) == expected


def test_a_routine_stored_before_there_were_schedules_has_none() -> None:
    """Its data lacks the whole section."""
    assert subentries.schedule(subentry({"kind": "bedtime"})) == Schedule()


@pytest.mark.parametrize(
    ("schedule", "mistake"),
    [
        pytest.param({"mode": "ask"}, "schedule_incomplete", id="to ask, but never"),
        pytest.param(
            {"mode": "start", "time": "22:00:00"},
            "schedule_incomplete",
            id="a time without days",
        ),
        pytest.param({"days": ["mon"]}, "schedule_incomplete", id="days, no time"),
        pytest.param({"time": "22:00:00"}, "schedule_incomplete", id="a time alone"),
        pytest.param(
            {"days": ["mon"], "time": "22:00:00", "sensor": ALARM},
            "schedule_both",
            id="a time and a sensor",
        ),
        pytest.param(
            {"sensor": "sensor.gone"}, "entity_not_found", id="a sensor that is gone"
        ),
        pytest.param(
            {"sensor": "sensor.ben_s_mat_finishes_at"},
            "entity_is_ours",
            id="the end of a session",
        ),
        pytest.param(
            {"mat_sensor": "binary_sensor.ben_s_mat_session"},
            "entity_is_ours",
            id="a session as its own mat sensor",
        ),
        pytest.param(
            {"sensor": ALARM, "before": {"hours": 13}},
            "before_too_long",
            id="half a day and more before",
        ),
    ],
)
async def test_a_mistake_is_named_in_words(
    hass: HomeAssistant, home: Home, schedule: dict[str, Any], mistake: str
) -> None:
    """At its section, translated, and what was filled in is still there."""
    hass.states.async_set(ALARM, "2026-11-23T05:30:00+00:00")
    entry = await add_mat(hass, title="Ben's mat")
    form = await begin_routine(hass, entry)
    form = await answer(hass, form, {**ABOUT, "name": "Late"})

    form = await answer(hass, form, {**EMPTY_ROOM, "schedule": schedule})

    assert form["errors"] == {"schedule": mistake}
    assert shown(form)["schedule"] == schedule
    words = await async_get_translations(hass, "en", "config_subentries", {DOMAIN})
    key = f"component.{DOMAIN}.config_subentries.routine.error.{mistake}"
    assert words[key].format(**form["description_placeholders"])

    result = await answer(hass, form, {**EMPTY_ROOM, "schedule": {"mode": "off"}})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_schedule_is_saved_shown_and_changed(
    hass: HomeAssistant, home: Home
) -> None:
    """The form shows what is stored, and emptied it is no schedule any more."""
    entry = await add_mat(hass)
    hass.states.async_set("binary_sensor.mat", "off")
    schedule = {
        "mode": "start",
        "days": ["mon", "fri"],
        "time": "21:30:00",
        "mat_sensor": "binary_sensor.mat",
    }
    form = await answer(hass, await begin_routine(hass, entry, "Bedtime"), ABOUT)
    await answer(hass, form, {**EMPTY_ROOM, "schedule": schedule})
    assert subentries.schedule(routine_of(entry)) == Schedule(
        mode=Mode.START, days=(0, 4), at=timedelta(hours=21, minutes=30)
    )
    assert subentries.mat_sensor(routine_of(entry)) == "binary_sensor.mat"

    form = await answer(hass, await begin_routine(hass, entry, "Bedtime"), ABOUT)
    assert shown(form)["schedule"] == schedule
    await answer(hass, form, EMPTY_ROOM)
    assert subentries.schedule(routine_of(entry)) == Schedule()
    assert subentries.mat_sensor(routine_of(entry)) is None
