"""How a person slept, from a sensor of their choice."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from itertools import dropwhile, groupby
from operator import eq, itemgetter
from typing import Any

from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.components.sensor import ATTR_STATE_CLASS
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import DATA_INSTANCE, get_instance
from homeassistant.util import dt as dt_util
from sqlalchemy.exc import SQLAlchemyError

from . import subentries
from .const import LOGGER

# As far as nights are compared.
NIGHTS = timedelta(days=366)


@callback
def keeps_statistics(hass: HomeAssistant, sensor: str) -> bool:
    """Return whether the recorder keeps long-term statistics of a sensor.

    It does of those with a state class. Of one that is not there nobody knows; that it
    is gone is told elsewhere.
    """
    if (state := hass.states.get(sensor)) is not None:
        return ATTR_STATE_CLASS in state.attributes
    entry = er.async_get(hass).async_get(sensor)
    return entry is None or ATTR_STATE_CLASS in (entry.capabilities or {})


async def async_nights(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> dict[date, float] | None:
    """Return the sensor's value of each night, by the day of its evening.

    A sleep sensor tells in the morning how the night was: the highest value that it
    comes to on a day is that of the night before. What it still tells from the day
    before is none, unless it tells nothing else. None without a sensor, or while there
    is no recorder that could be asked.
    """
    sensor = subentries.sleep_sensor(entry)
    if sensor is None or DATA_INSTANCE not in hass.data:
        return None
    recorder = get_instance(hass)
    if not recorder.async_recorder_ready.is_set():
        return None
    start = dt_util.start_of_local_day() - NIGHTS
    try:
        return await recorder.async_add_executor_job(_nights, hass, sensor, start)
    except (SQLAlchemyError, RuntimeError) as err:
        LOGGER.warning("The recorder cannot say how nights were: %s", err)
        return None


def _nights(hass: HomeAssistant, sensor: str, start: datetime) -> dict[date, float]:
    """Return them from a year of hours, which is too much for the event loop."""
    # Of what adds up, as minutes asleep, there is no highest value.
    types: set[Any] = {"max", "state"}
    found = statistics_during_period(hass, start, None, {sensor}, "hour", None, types)
    nights: dict[date, float] = {}
    before: float | None = None
    for day, its in groupby(_values(found.get(sensor, [])), itemgetter(0)):
        values = [value for _, value in its]
        fresh = [*dropwhile(partial(eq, before), values)]
        nights[day - timedelta(days=1)] = max(fresh or values)
        before = values[-1]
    return nights


def _values(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[date, float]]:
    """Yield the value of each hour that has one, with its day."""
    for row in rows:
        value = row.get("state") if row.get("max") is None else row["max"]
        if value is not None:
            hour = datetime.fromtimestamp(row["start"], dt_util.UTC)
            yield dt_util.as_local(hour).date(), value
