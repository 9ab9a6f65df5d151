"""Mat sensors: who lies down starts the session, who gets up pauses it.

A hand always wins: what somebody paused or stopped stays so, and nothing starts
again before they got up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.const import ATTR_DEVICE_CLASS, STATE_OFF, STATE_ON
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from . import subentries
from .const import DOMAIN, LOGGER, SUBENTRY_ROUTINE
from .coordinator import MatConfigEntry
from .later import Later
from .meant import kind_at
from .session.routine import Kind
from .session.session import Reason, Session, SessionError, Source
from .whereabouts import is_home

# On for so long, somebody lies; off for so long, they got up, or left.
LIES = timedelta(seconds=10)
GOT_UP = timedelta(seconds=30)
LEFT = timedelta(minutes=5)
# Whoever lies still does not shake a sensor: only after so long they surely got up.
STILL = timedelta(hours=1)
# After a session nothing starts by itself for so long; who gets up at night and goes
# back to bed wants to sleep.
REST = timedelta(hours=1)
NIGHT = timedelta(hours=12)


@dataclass
class Absence:
    """What is known of who got up, also after their mat was loaded anew."""

    # The session that somebody lay in: only they can get up from it.
    lain_in: str | None = None
    # When we paused the session; a pause of another moment is somebody's own.
    paused_at: datetime | None = None


# By mat and sensor.
_ABSENCES: HassKey[dict[tuple[str, str], Absence]] = HassKey(f"{DOMAIN}_absences")


@callback
def async_watch_mats(hass: HomeAssistant, entry: MatConfigEntry) -> None:
    """Follow the mat sensors of a mat's routines until it is unloaded."""
    routines: dict[str, list[str]] = {}
    for subentry in entry.get_subentries_of_type(SUBENTRY_ROUTINE):
        if (sensor := subentries.mat_sensor(subentry)) is not None:
            routines.setdefault(sensor, []).append(subentry.subentry_id)
    for sensor, its in routines.items():
        watch = MatSensor(hass, entry, sensor, its)
        entry.async_on_unload(async_at_started(hass, watch.begin))
        entry.async_on_unload(watch.later.stop)


@callback
def async_rename_sensor(
    hass: HomeAssistant, entry: MatConfigEntry, old: str, new: str
) -> None:
    """Know who is away under the entity id that their sensor has by now."""
    absences = hass.data.get(_ABSENCES, {})
    if (absence := absences.pop((entry.entry_id, old), None)) is not None:
        absences[entry.entry_id, new] = absence


class MatSensor:
    """What one sensor tells of the person on a mat."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MatConfigEntry,
        sensor: str,
        routines: list[str],
    ) -> None:
        """Prepare; nothing is watched before `begin`."""
        self.hass = hass
        self.entry = entry
        self.coordinator = entry.runtime_data
        self.sensor = sensor
        self.routines = routines
        self._lies = False
        # Whether they got up since they last lay there, so that a session may start.
        self._may_start = False
        absences = hass.data.setdefault(_ABSENCES, {})
        self._absence = absences.setdefault((entry.entry_id, sensor), Absence())
        self.later = Later(hass)

    @callback
    def begin(self, hass: HomeAssistant) -> None:
        """Watch from now on; who lies there already did not just lie down."""
        self.entry.async_on_unload(
            async_track_state_change_event(hass, self.sensor, self._on_change)
        )
        state = hass.states.get(self.sensor)
        self._lies = state is not None and state.state == STATE_ON
        self._may_start = state is not None and state.state == STATE_OFF
        if self._may_start and self._session is not None:
            # Who got up from a session before the mat was loaded anew is still away.
            self.later.call(GOT_UP, self._on_got_up)

    @property
    def _session(self) -> Session | None:
        """The session of one of its routines."""
        session = self.coordinator.session
        if session is None or session.rehearsal:
            return None
        return session if session.routine.id in self.routines else None

    @property
    def _feels_only_motion(self) -> bool:
        state = self.hass.states.get(self.sensor)
        device_class = state and state.attributes.get(ATTR_DEVICE_CLASS)
        return device_class == BinarySensorDeviceClass.VIBRATION

    # -- what it tells ---------------------------------------------------------

    @callback
    def _on_change(self, event: Event[EventStateChangedData]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        was, now = old and old.state, new and new.state
        if was == now:
            return
        self.later.stop()
        if now == STATE_ON:
            # After a gap nobody knows when they lay down.
            self._may_start = self._may_start and was == STATE_OFF
            self.later.call(LIES, self._on_lying)
        elif now == STATE_OFF:
            if self._lies and (session := self._session) is not None:
                self._absence.lain_in = session.id
            self._lies = False
            surely = STILL if self._feels_only_motion else GOT_UP
            self.later.call(surely, self._on_got_up)

    def _on_lying(self) -> None:
        """Start a session, or go on with the one that they left."""
        self._lies = True
        may_start, self._may_start = self._may_start, False
        session = self._session
        if session is not None:
            if self._is_our_pause(session):
                self.coordinator.async_resume()
        elif may_start and is_home(self.hass, self.entry) is not False:
            self._start()

    def _on_got_up(self) -> None:
        """Pause the session; the next one may start."""
        self._may_start = True
        session = self._session
        if session is None or self._feels_only_motion:
            return
        if not session.is_paused and session.id == self._absence.lain_in:
            self.coordinator.async_pause()
            # From here on a hand that resumes it goes on without the sensor.
            self._absence.lain_in = None
            session = self._session
            self._absence.paused_at = None if session is None else session.paused_at
        if session is not None and self._is_our_pause(session):
            # Also after they only sat down on it, or the sensor was lost for a moment.
            self.later.call(LEFT - GOT_UP, self._on_left)

    def _on_left(self) -> None:
        """End the session that nobody came back to."""
        session = self._session
        if session is not None and self._is_our_pause(session):
            self.coordinator.async_stop(Reason.INTERRUPTED)

    def _is_our_pause(self, session: Session) -> bool:
        return session.is_paused and session.paused_at == self._absence.paused_at

    # -- starting --------------------------------------------------------------

    def _start(self) -> None:
        """Start a session: of several routines, the one for this time of day."""
        kinds = {
            routine_id: subentries.routine(self.entry.subentries[routine_id]).kind
            for routine_id in self.routines
        }
        fitting = [i for i, kind in kinds.items() if kind is kind_at(dt_util.now())]
        chosen = (fitting or self.routines)[0]
        rest = NIGHT if kinds[chosen] is Kind.BEDTIME else REST
        last = self.coordinator.practice.last
        if last is not None and dt_util.utcnow() - last.ended_at < rest:
            return
        try:
            self.coordinator.async_start(chosen, source=Source.SENSOR)
        except SessionError as err:
            LOGGER.info("%s started nothing: %s", self.sensor, err.key)
