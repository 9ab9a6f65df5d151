"""How a person slept, from a sensor of their choice."""

from datetime import date, datetime, timedelta
from typing import Any

from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.components.sensor import ATTR_STATE_CLASS
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import DATA_INSTANCE, get_instance
from homeassistant.util import dt as dt_util

from . import subentries

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

    A sleep sensor tells in the morning how the night was: the highest value of a day
    is that of the night before. None without a sensor, or while there is no recorder
    that could be asked.
    """
    sensor = subentries.sleep_sensor(entry)
    if sensor is None or DATA_INSTANCE not in hass.data:
        return None
    recorder = get_instance(hass)
    if not recorder.async_recorder_ready.is_set():
        return None
    start = dt_util.start_of_local_day() - NIGHTS
    found = await recorder.async_add_executor_job(
        statistics_during_period, hass, start, None, {sensor}, "day", None, {"max"}
    )
    nights: dict[date, float] = {}
    for row in found.get(sensor, []):
        value = row.get("max")
        if value is not None:
            morning = dt_util.as_local(
                datetime.fromtimestamp(row["start"], dt_util.UTC)
            )
            nights[morning.date() - timedelta(days=1)] = value
    return nights
