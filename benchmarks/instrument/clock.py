"""A clock that can be moved on: hours pass in seconds, and every timer fires."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
import time
from types import SimpleNamespace

from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import entity_registry as er, event as event_helper
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles

OURS = "acupressure_mat"
# Real seconds after each jump, so that devices and the disk can answer.
NAP = 0.004


class Clock:
    """Home Assistant's clocks, real ones plus what was skipped."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Go with the real time as yet."""
        self._hass = hass
        self._skipped = 0.0
        self._is_ours = False

    def _take_over(self) -> None:
        """Have all of Home Assistant look at this clock."""
        if self._is_ours:
            return
        self._is_ours = True
        loop, wall = self._hass.loop, time.time
        ticks: Callable[[], float] = loop.time

        def utcnow() -> datetime:
            return datetime.fromtimestamp(time.time(), UTC)

        def now(time_zone: tzinfo | None = None) -> datetime:
            return utcnow().astimezone(time_zone or dt_util.get_default_time_zone())

        loop.time = lambda: ticks() + self._skipped  # type: ignore[method-assign]
        time.time = lambda: wall() + self._skipped
        dt_util.utcnow = utcnow  # type: ignore[assignment]
        dt_util.now = now
        event_helper.time_tracker_utcnow = utcnow  # type: ignore[assignment]
        event_helper.time_tracker_timestamp = time.time
        # A fade goes by a clock that nobody sets back.
        from custom_components.acupressure_mat.environment import fades  # noqa: PLC0415

        setattr(fades, "time", SimpleNamespace(monotonic=loop.time))  # noqa: B010

    async def pass_time(self, span: timedelta, at_least: timedelta) -> None:
        """Let time pass, from one timer to the next but in jumps of at least so much."""
        self._take_over()
        loop = self._hass.loop
        end = loop.time() + span.total_seconds()
        while (now := loop.time()) < end:
            due = min(
                (
                    handle.when()
                    for handle in get_scheduled_timer_handles(loop)
                    if not handle.cancelled()
                ),
                default=end,
            )
            jump = max(due - now, at_least.total_seconds())
            self._skipped += max(min(jump, end - now), 0)
            # In a thread of its own: the loop would take the nap for a timer.
            await loop.run_in_executor(None, time.sleep, NAP)
            await asyncio.sleep(0)


def timers(hass: HomeAssistant) -> list[str]:
    """Return what of ours waits for its time."""
    waiting = [
        (handle, getattr(handle, "_callback", None))
        for handle in get_scheduled_timer_handles(hass.loop)
        if not handle.cancelled()
    ]
    # A timer's own words leave out whom it is for.
    told = [f"{timer!r} {getattr(call, '__self__', None)!r}" for timer, call in waiting]
    return [timer for timer in told if OURS in timer]


@callback
def async_setup_clock(hass: HomeAssistant, domain: str) -> None:
    """Register what moves the clock."""
    clock = Clock(hass)

    async def pass_time(call: ServiceCall) -> ServiceResponse:
        """Let seconds pass; return how many states of ours were written meanwhile."""
        registry, written = er.async_get(hass), 0

        @callback
        def count(event: Event[EventStateChangedData]) -> None:
            nonlocal written
            entry = registry.async_get(event.data["entity_id"])
            if entry is not None and entry.platform == OURS:
                written += 1

        forget = hass.bus.async_listen("state_changed", count)
        await clock.pass_time(
            timedelta(seconds=call.data["seconds"]),
            timedelta(seconds=call.data.get("at_least", 0)),
        )
        forget()
        return {"states": written, "timers": list(timers(hass))}

    hass.services.async_register(
        domain, "pass_time", pass_time, supports_response=SupportsResponse.ONLY
    )
