"""Activity: sentences that a person likes to read, each once."""

from datetime import timedelta
from typing import Any

from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import entity_registry as er, translation
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.acupressure_mat.activity import EVENT
from custom_components.acupressure_mat.logbook import async_describe_events

from .home import Home, add_mat

type Told = list[Event[Any]]


@pytest.fixture
def told(hass: HomeAssistant) -> Told:
    """Return what is told from now on."""
    return async_capture_events(hass, EVENT)


async def lines(hass: HomeAssistant, told: Told) -> list[str]:
    """Return how Activity shows what was told, a line each."""
    described: list[Any] = []
    async_describe_events(hass, lambda *known: described.append(known))
    ((domain, event_type, describe),) = described
    assert (domain, event_type) == ("acupressure_mat", EVENT)
    shown = [describe(event) for event in told]
    assert all(line["icon"].startswith("mdi:") for line in shown)
    return [f"{line['name']} {line['message']}" for line in shown]


async def of_anna(hass: HomeAssistant, **data: Any) -> MockConfigEntry:
    hass.states.async_set("person.anna", "home", {"friendly_name": "Anna"})
    return await add_mat(hass, person="person.anna", **data)


async def rate(hass: HomeAssistant, **ratings: int) -> None:
    await hass.services.async_call(
        "acupressure_mat", "rate_session", ratings, blocking=True
    )


async def test_an_evening(hass: HomeAssistant, home: Home, told: Told) -> None:
    """What is told of pain afterwards stands where the session was finished, too."""
    await of_anna(hass)
    await home.start()
    await home.wait(minutes=5)
    await home.do("pause_session")
    await home.do("resume_session")
    await home.wait(minutes=17)
    assert await lines(hass, told) == [
        "Anna started Bedtime: 20 min",
        "Anna finished Bedtime: 20 min",
    ]
    await rate(hass, pain_before=6, pain_after=4)
    assert await lines(hass, told) == [
        "Anna started Bedtime: 20 min",
        "Anna finished Bedtime: 20 min, pain 6 → 4",
        "Anna rated Bedtime, pain 6 → 4",
    ]


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        (None, "Anna ended Bedtime after 6 min: enough for today"),
        ("enough", "Anna ended Bedtime after 6 min: enough for today"),
        ("interrupted", "Anna had to interrupt Bedtime after 6 min; the time counts"),
        (
            "discomfort",
            "Anna ended Bedtime after 6 min because it was uncomfortable. Good decision",
        ),
        ("pain", "Anna ended Bedtime after 6 min because it hurt. Good decision"),
        (
            "dizziness",
            "Anna ended Bedtime after 6 min because of dizziness. Good decision",
        ),
        (
            "numbness",
            "Anna ended Bedtime after 6 min because of numbness. Good decision",
        ),
        ("mistake", "Anna started Bedtime by mistake; nothing was kept"),
    ],
)
async def test_stopping_is_no_failure(
    hass: HomeAssistant, home: Home, told: Told, reason: str | None, line: str
) -> None:
    """Least of all when the body said so."""
    await of_anna(hass)
    await home.start()
    await home.wait(minutes=7)
    await home.do("stop_session", **({"reason": reason} if reason else {}))
    assert (await lines(hass, told))[-1] == line


async def test_nobody_watched(hass: HomeAssistant, home: Home, told: Told) -> None:
    """What ended while Home Assistant was down is told when it is up."""
    entry = await of_anna(hass)
    await home.start()
    await home.wait(minutes=5)
    await home.restart(entry, down=timedelta(minutes=20))
    assert (await lines(hass, told))[-1] == (
        "Anna ended Bedtime while Home Assistant was down, or after too long a pause;"
        " 20 min count"
    )


async def test_a_device_fails(hass: HomeAssistant, home: Home, told: Told) -> None:
    """It is the device that is named, as people call it."""
    await of_anna(hass)
    home.lamp.broken = True
    await home.start()
    await home.wait(minutes=2)
    assert "Bed did not do as asked during Bedtime" in await lines(hass, told)


async def test_goal_and_streak(hass: HomeAssistant, home: Home, told: Told) -> None:
    """A first day is no streak yet."""
    await of_anna(hass, goal=2)
    for day in ("2026-11-21 21:00:00", "2026-11-22 21:00:00"):
        await hass.services.async_call(
            "acupressure_mat",
            "add_record",
            {"start": day, "duration": {"minutes": 15}},
            blocking=True,
        )
    assert await lines(hass, told) == [
        "Anna reached the goal of the week: 2 of 7 days",
        "Anna has a streak of 2 days",
    ]


async def test_without_a_person(hass: HomeAssistant, home: Home, told: Told) -> None:
    """The mat's name will do."""
    await add_mat(hass)
    await home.start()
    assert await lines(hass, told) == ["Anna's mat started Bedtime: 20 min"]


async def test_in_the_language_of_the_home(
    hass: HomeAssistant, home: Home, told: Told
) -> None:
    """Who reads is not known; what was told long ago follows a change, too."""
    await of_anna(hass)
    # What Home Assistant does at its start.
    translation.async_setup(hass)
    await home.start()
    await hass.config.async_update(language="de")
    await home.settle()
    assert await lines(hass, told) == ["Anna hat Bedtime begonnen: 20 Min."]


async def test_the_body_is_not_in_the_database(
    hass: HomeAssistant, home: Home, told: Told
) -> None:
    """Whoever deletes a record has deleted what hurt, from these lines as well."""
    entry = await of_anna(hass)
    await home.start()
    await home.wait(minutes=22)
    await rate(hass, pain_before=6, pain_after=4)
    assert not any("pain" in key for event in told for key in event.data)
    (record,) = await home.records(entry)
    await hass.services.async_call(
        "acupressure_mat", "delete_record", {"record_id": record.id}, blocking=True
    )
    assert (await lines(hass, told))[-2:] == [
        "Anna finished Bedtime: 20 min",
        "Anna rated Session",
    ]


async def test_a_mat_that_is_gone(hass: HomeAssistant, home: Home, told: Told) -> None:
    """Its past stays readable."""
    entry = await of_anna(hass)
    await home.start()
    await home.wait(minutes=22)
    await hass.config_entries.async_remove(entry.entry_id)
    await home.settle()
    assert (await lines(hass, told))[1] == "Anna finished Bedtime: 20 min"


async def test_where_it_is_found(hass: HomeAssistant, home: Home, told: Told) -> None:
    """With the mat's device, and with the sensor that says who lies there."""
    entry = await of_anna(hass)
    await home.start()
    (event,) = told
    sensor = er.async_get(hass).async_get(event.data["entity_id"])
    assert sensor is not None
    assert sensor.unique_id == f"{entry.entry_id}_session"
    assert sensor.device_id == event.data["device_id"]


async def test_a_rehearsal_is_not_told(
    hass: HomeAssistant, home: Home, told: Told
) -> None:
    """Nobody was on the mat."""
    await of_anna(hass)
    await home.do("rehearse_session", duration={"seconds": 20})
    await home.wait(seconds=30)
    assert told == []
