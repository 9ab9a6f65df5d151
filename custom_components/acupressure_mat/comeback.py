"""How mats come back after a start: none acts before all know again what they hold."""

from collections.abc import Callable
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

COMEBACKS: HassKey[list[Comeback]] = HassKey(f"{DOMAIN}_comebacks")
# How long a mat waits for one whose set-up comes to no end, in seconds.
PATIENCE = 10


@callback
def async_recall_all(hass: HomeAssistant) -> None:
    """Let every mat that is on its way back know what it holds, as far as it can."""
    for mat in list(hass.data.get(COMEBACKS, ())):
        mat.recall()


class Comeback:
    """A mat's way back after a start: it recalls what it holds, and later goes on.

    Two mats that hold one lamp have it in a file each. Whoever went on before the
    other has recalled the lamp would put it back over the other's closed eyes.
    """

    def __init__(
        self, hass: HomeAssistant, recall: CALLBACK_TYPE, go_on: CALLBACK_TYPE
    ) -> None:
        """Prepare to call `recall`, and then `go_on`, once each."""
        self._hass = hass
        self._recall = recall
        self._go_on = go_on
        self._under_way = hass.data.setdefault(COMEBACKS, [])
        # Its file was read; it knows what it holds; nothing but others keeps it waiting.
        self._is_read = False
        self.knows = False
        self.is_due = False
        self._unsubs: list[Callable[[], None]] = []

    @callback
    def begin(self) -> CALLBACK_TYPE:
        """Have the others wait; returns what has them wait no more."""
        self._under_way.append(self)
        return self._leave

    @callback
    def read(self) -> None:
        """Take note that its file was read: from here on it can recall."""
        self._is_read = True

    @callback
    def when_started(self) -> None:
        """Come back once Home Assistant has started: devices are there by then."""
        self._unsubs.append(async_at_started(self._hass, self._on_started))

    @callback
    def _on_started(self, _hass: HomeAssistant) -> None:
        # It listened once; to call that off now would be an error.
        self._unsubs.clear()
        self.is_due = True
        self.recall()
        self._check()
        if self in self._under_way:
            job = HassJob(self.now, cancel_on_shutdown=True)
            self._unsubs.append(async_call_later(self._hass, PATIENCE, job))

    @callback
    def recall(self) -> None:
        """Recall what it holds, if its file was read and it did not yet."""
        if self._is_read and not self.knows:
            self.knows = True
            self._recall()

    @callback
    def now(self, _now: datetime | None = None) -> None:
        """Come back at once, unless it is back: somebody wants something of it."""
        if self in self._under_way:
            async_recall_all(self._hass)
            self._under_way.remove(self)
            try:
                self._go_on()
            finally:
                self._leave()

    @callback
    def _leave(self) -> None:
        if self in self._under_way:
            self._under_way.remove(self)
        while self._unsubs:
            self._unsubs.pop()()
        self._check()

    @callback
    def _check(self) -> None:
        """Let all go on who are due, if all know what they hold."""
        while all(mat.knows for mat in self._under_way):
            due = next((mat for mat in self._under_way if mat.is_due), None)
            if due is None:
                return
            due.now()
