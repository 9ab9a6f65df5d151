"""Moments of each day, also of one on which the clocks leave them out."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, time, timedelta

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from .const import DOMAIN


@callback
def async_track_daily(
    hass: HomeAssistant, moments: Collection[timedelta], action: Callable[[], None]
) -> CALLBACK_TYPE:
    """Call at each of these moments into the day until what is returned is called.

    Home Assistant's own listener for a time of day waits for tomorrow where clocks are
    set forward over it, and for once keeps the old zone in a home that moves.
    """
    unsub: CALLBACK_TYPE | None = None

    @callback
    def wait() -> None:
        nonlocal unsub
        if unsub is not None:
            unsub()
        now = dt_util.now()
        due = min(next_at(now, into_day) for into_day in moments)
        unsub = async_track_point_in_utc_time(hass, job, due)

    @callback
    def on_moment(_now: datetime) -> None:
        nonlocal unsub
        unsub = None
        wait()
        action()

    @callback
    def on_config(event: Event) -> None:
        if "time_zone" in event.data:
            wait()

    # It bears a name, for whoever asks what a home waits for.
    job = HassJob(on_moment, f"{DOMAIN} daily", cancel_on_shutdown=True)
    unsub_config = hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, on_config)
    wait()

    @callback
    def stop() -> None:
        unsub_config()
        if unsub is not None:
            unsub()

    return stop


def next_at(now: datetime, into_day: timedelta) -> datetime:
    """Return when so much of a day is next over by the clock on the wall, in UTC.

    A time that clocks leave out comes as much later as they are set forward.
    """
    today = datetime.combine(now.date(), time.min, now.tzinfo) + into_day
    due = today.astimezone(UTC)
    return due if due > now else (today + timedelta(days=1)).astimezone(UTC)
