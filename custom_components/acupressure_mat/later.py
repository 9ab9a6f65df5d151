"""A call that comes later, unless it is called off or another takes its place."""

from collections.abc import Callable
from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later


class Later:
    """Waits for one moment at a time; for none when Home Assistant goes down."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Wait for nothing yet."""
        self._hass = hass
        self._unsub: CALLBACK_TYPE | None = None

    @callback
    def call(self, wait: timedelta, what: Callable[[], None]) -> None:
        """Call this after so long, and nothing that was to be called before."""
        self.stop()

        @callback
        def do(_now: datetime) -> None:
            self._unsub = None
            what()

        job = HassJob(do, cancel_on_shutdown=True)
        self._unsub = async_call_later(self._hass, wait, job)

    @callback
    def stop(self) -> None:
        """Call nothing any more."""
        if self._unsub is not None:
            self._unsub()
            self._unsub = None
