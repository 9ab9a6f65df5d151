"""How nights were, from a sensor, beside the evenings on the mat."""

from datetime import UTC, date, datetime, timedelta
import threading
from typing import Any
from unittest.mock import patch

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.models import StatisticData, StatisticMeanType
from homeassistant.components.recorder.statistics import async_import_statistics
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from sqlalchemy.exc import OperationalError

from custom_components.acupressure_mat import sleep
from custom_components.acupressure_mat.sleep import async_nights

from .home import Home, add_mat
from .practices import at, practice_of
from .session.records import record
from .test_journal_services import act
from .test_statistics import recorded

SENSOR = "sensor.sleep_score"
DAY = timedelta(days=1)


@pytest.fixture
def with_recorder(recorder_mock: Recorder, home: Home) -> Home:
    """Return a home that has a recorder."""
    return home


async def slept(home: Home, scores: dict[datetime, float]) -> None:
    """Let the recorder know what the sensor told in these hours."""
    async_import_statistics(
        home.hass,
        {
            "source": "recorder",
            "statistic_id": SENSOR,
            "name": None,
            "has_sum": False,
            "mean_type": StatisticMeanType.ARITHMETIC,
            "unit_of_measurement": None,
            "unit_class": None,
        },
        [
            StatisticData(start=hour.astimezone(UTC), mean=score, min=0, max=score)
            for hour, score in sorted(scores.items())
        ],
    )
    await recorded(home)


async def test_a_night_belongs_to_its_evening(with_recorder: Home) -> None:
    """Told in the morning; the highest of the day, for a sensor goes back to zero.

    The night in which the clocks change has one value as any other.
    """
    home = with_recorder
    entry = await add_mat(home.hass, sleep_sensor=SENSOR)
    await slept(
        home,
        {
            at("2026-10-24 07:00"): 60,
            at("2026-10-25 07:00"): 70,
            at("2026-10-25 23:00"): 5,
            at("2026-10-26 07:00"): 80,
            at("2025-11-01 07:00"): 1,
        },
    )
    assert await async_nights(home.hass, entry) == {
        date(2026, 10, 23): 60,
        date(2026, 10, 24): 70,
        date(2026, 10, 25): 80,
    }


@pytest.mark.parametrize("keeps", [True, False])
async def test_each_night_has_its_own_value(with_recorder: Home, keeps: bool) -> None:
    """A sensor keeps it until the next is known, at seven; or is at zero by midnight.

    Two nights alike are two nights, and of a bad one the good one before it is no part.
    """
    home = with_recorder
    entry = await add_mat(home.hass, sleep_sensor=SENSOR)
    scores: dict[datetime, float] = {}
    hour, before = at("2026-11-02 00:00"), 0.0
    for score in (80, 60, 60, 85, 40):
        for n in range(24):
            # In the hour in which it changes it was both.
            known = max(before, score) if n == 7 else before if n < 7 else score
            scores[hour.astimezone(UTC) + timedelta(hours=n)] = known
        hour, before = hour + DAY, score if keeps else 0
    await slept(home, scores)
    nights = await async_nights(home.hass, entry)
    assert nights is not None
    assert list(nights.values()) == [80, 60, 60, 85, 40]


async def test_a_sensor_that_counts_is_understood_as_well(with_recorder: Home) -> None:
    """As minutes asleep: the recorder keeps no highest value of what adds up."""
    home = with_recorder
    entry = await add_mat(home.hass, sleep_sensor=SENSOR)
    async_import_statistics(
        home.hass,
        {
            "source": "recorder",
            "statistic_id": SENSOR,
            "name": None,
            "has_sum": True,
            "mean_type": StatisticMeanType.NONE,
            "unit_of_measurement": "min",
            "unit_class": "duration",
        },
        [
            StatisticData(start=at(hour).astimezone(UTC), state=asleep, sum=total)
            for hour, asleep, total in (
                ("2026-11-20 06:00", 0, 0),
                ("2026-11-20 07:00", 421, 421),
                ("2026-11-20 23:00", 421, 421),
                ("2026-11-21 06:00", 0, 421),
                ("2026-11-21 07:00", 390, 811),
            )
        ],
    )
    await recorded(home)
    assert await async_nights(home.hass, entry) == {
        date(2026, 11, 19): 421,
        date(2026, 11, 20): 390,
    }


async def test_a_year_of_hours_holds_up_nobody(with_recorder: Home) -> None:
    """Thousands of them would, on the event loop."""
    home = with_recorder
    entry = await add_mat(home.hass, sleep_sensor=SENSOR)
    await slept(home, {at("2026-11-20 07:00"): 60})
    threads, values = set(), sleep._values

    def noted(*rows: Any) -> Any:
        threads.add(threading.get_ident())
        return values(*rows)

    with patch.object(sleep, "_values", noted):
        assert await async_nights(home.hass, entry) == {date(2026, 11, 19): 60}
    assert threads
    assert threading.get_ident() not in threads


async def test_nights_on_the_mat_are_compared_with_the_others(
    with_recorder: Home,
) -> None:
    """With how many of each, how far apart, and how sure that is."""
    home = with_recorder
    entry = await add_mat(home.hass, sleep_sensor=SENSOR)
    first = at("2026-06-01 21:30")
    # Every other evening for a few months; after those the night scores ten higher.
    evenings = [first + 2 * n * DAY for n in range(80)]
    await practice_of(entry).async_change([], [record(e, 20) for e in evenings])
    nights = {at("2026-06-02 07:00") + n * DAY: 60.0 + n % 3 for n in range(160)}
    for n, morning in enumerate(nights):
        nights[morning] += 0 if n % 2 else 10
    await slept(home, nights)
    sleep = (await act(home.hass, "get_insights"))["insights"]["sleep"]
    assert sleep["sentence"] == "sleep_higher"
    assert (sleep["more"], sleep["less"]) == ("mat", "no_mat")
    assert (sleep["count_more"], sleep["count_less"]) == (80, 80)
    assert sleep["low"] < sleep["difference"] < sleep["high"]
    assert sleep["difference"] == pytest.approx(10, abs=1)
    assert sleep["probability"] > 0.99
    assert sleep["method"] == "pairs"


async def test_few_nights_are_too_few(with_recorder: Home) -> None:
    """However different they were."""
    home = with_recorder
    entry = await add_mat(home.hass, sleep_sensor=SENSOR)
    await practice_of(entry).async_change(
        [], [record(at("2026-11-10 21:30") + n * DAY, 20) for n in range(7)]
    )
    await slept(
        home,
        {
            at("2026-11-01 07:00") + n * DAY: 90.0 if n in range(10, 17) else 50.0
            for n in range(20)
        },
    )
    sleep = (await act(home.hass, "get_insights"))["insights"]["sleep"]
    assert sleep["sentence"] == "sleep_too_early"
    assert (sleep["count_more"], sleep["count_less"]) == (7, 13)
    assert "probability" not in sleep


@pytest.mark.parametrize("data", [{}, {"sleep_sensor": SENSOR}], ids=str)
async def test_without_sensor_or_recorder_nobody_knows(
    home: Home, data: dict[str, Any]
) -> None:
    """And the other insights are there all the same."""
    entry = await add_mat(home.hass, **data)
    assert await async_nights(home.hass, entry) is None
    assert "relief" in (await act(home.hass, "get_insights"))["insights"]


async def test_a_recorder_that_is_not_ready_is_not_waited_for(
    with_recorder: Home,
) -> None:
    """Its database may be moved for hours, and the question is asked now."""
    home = with_recorder
    entry: MockConfigEntry = await add_mat(home.hass, sleep_sensor=SENSOR)
    get_instance(home.hass).async_recorder_ready.clear()
    where = "custom_components.acupressure_mat.sleep.statistics_during_period"
    with patch(where) as asked:
        assert await async_nights(home.hass, entry) is None
    assert not asked.called


@pytest.mark.parametrize("error", [RuntimeError, OperationalError])
async def test_a_database_that_is_damaged_knows_nothing(
    with_recorder: Home, error: type[Exception]
) -> None:
    """What the journal tells is told all the same."""
    home = with_recorder
    await add_mat(home.hass, sleep_sensor=SENSOR)
    where = "custom_components.acupressure_mat.sleep.statistics_during_period"
    broken = error("no such table", {}, ValueError("no such table"))
    with patch(where, side_effect=broken):
        insights = (await act(home.hass, "get_insights"))["insights"]
    assert "relief" in insights
