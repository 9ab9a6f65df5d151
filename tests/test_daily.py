"""Moments of each day, where clocks change and where a home moves."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.acupressure_mat.daily import async_track_daily, next_at

from .home import Home, add_mat
from .practices import at, practise, until

HALF_PAST_TWO = timedelta(hours=2, minutes=30)
EIGHT = timedelta(hours=20)


@pytest.mark.parametrize(
    ("zone", "now", "into_day", "due"),
    [
        pytest.param(
            *("Europe/Berlin", "2026-11-22T02:29:59+01:00", HALF_PAST_TWO),
            "2026-11-22T02:30:00+01:00",
            id="today",
        ),
        pytest.param(
            *("Europe/Berlin", "2026-11-22T02:30:00+01:00", HALF_PAST_TWO),
            "2026-11-23T02:30:00+01:00",
            id="tomorrow, for it is now",
        ),
        pytest.param(
            *("Europe/Berlin", "2026-03-29T00:00:00+01:00", HALF_PAST_TWO),
            "2026-03-29T03:30:00+02:00",
            id="left out by the clocks",
        ),
        pytest.param(
            *("Africa/Cairo", "2026-04-23T20:00:00+02:00", timedelta(0)),
            "2026-04-24T01:00:00+03:00",
            id="midnight that is left out",
        ),
        pytest.param(
            *("Europe/Berlin", "2026-10-25T00:00:00+02:00", HALF_PAST_TWO),
            "2026-10-25T02:30:00+02:00",
            id="the first of two",
        ),
        pytest.param(
            *("Europe/Berlin", "2026-10-25T02:10:00+01:00", HALF_PAST_TWO),
            "2026-10-26T02:30:00+01:00",
            id="the second of two is none",
        ),
        pytest.param(
            *("Europe/Berlin", "2026-03-28T20:30:00+01:00", EIGHT),
            "2026-03-29T20:00:00+02:00",
            id="after a day of 23 hours",
        ),
        pytest.param(
            *("Pacific/Apia", "2011-12-29T23:00:00-10:00", EIGHT),
            "2011-12-31T20:00:00+14:00",
            id="over a day that was left out",
        ),
    ],
)
def test_when_it_is_next(zone: str, now: str, into_day: timedelta, due: str) -> None:
    """By the clock on the wall, in UTC."""
    moment = datetime.fromisoformat(now).astimezone(ZoneInfo(zone))
    found = next_at(moment, into_day)
    assert found == datetime.fromisoformat(due)
    assert found.tzinfo is dt_util.UTC


@pytest.fixture
async def called(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> AsyncIterator[list[str]]:
    """Return when it was called in Berlin, at half past two and at eight."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to("2026-11-22T21:00:00+01:00")
    told: list[str] = []
    stop = async_track_daily(
        hass,
        [HALF_PAST_TWO, EIGHT],
        lambda: told.append(dt_util.utcnow().strftime("%d %H:%M")),
    )
    yield told
    stop()
    told.clear()
    await pass_hours(hass, freezer, 48)
    assert told == []


async def pass_hours(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hours: int
) -> None:
    """Let time pass in steps of half an hour."""
    for _ in range(2 * hours):
        freezer.tick(timedelta(minutes=30))
        async_fire_time_changed(hass)
        await hass.async_block_till_done()


async def test_each_moment_of_each_day_comes_once(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, called: list[str]
) -> None:
    """Until nobody waits for them any more."""
    await pass_hours(hass, freezer, 48)
    assert called == ["23 01:30", "23 19:00", "24 01:30", "24 19:00"]


async def test_a_home_that_moves_has_its_days_there(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, called: list[str]
) -> None:
    """From the moment on at which it is told so; of another name nothing changes."""
    await hass.config.async_update(location_name="Boat")
    await hass.config.async_update(time_zone="America/New_York")
    await pass_hours(hass, freezer, 30)
    assert called == ["23 01:00", "23 07:30", "24 01:00"]


@pytest.mark.parametrize(
    ("zone", "boundary", "start", "later"),
    [
        ("Europe/Berlin", "02:30:00", "2026-03-28 20:00", "2026-03-29 03:30"),
        ("Africa/Cairo", "00:00:00", "2026-04-23 20:00", "2026-04-24 01:00"),
    ],
)
async def test_a_day_begins_also_where_the_clocks_leave_its_hour_out(
    home: Home, zone: str, boundary: str, start: str, later: str
) -> None:
    """What was done yesterday counts for today no longer."""
    await home.hass.config.async_set_time_zone(zone)
    place = ZoneInfo(zone)
    home.freezer.move_to(at(start, place))
    await add_mat(home.hass, day_boundary=boundary)
    await practise(home)
    assert home.state("sensor.anna_s_mat_minutes_today") == "20.0"
    await until(home, later, place)
    assert home.state("sensor.anna_s_mat_minutes_today") == "0.0"
