"""What a person tells of their pain, and a sensor of their heart, around a session."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from . import subentries
from .files import Data
from .journal import moment_of
from .later import Later
from .session.record import Record
from .session.routine import PhaseName
from .session.session import Session

# Pain that is told so long before a start is the pain before it.
BEFORE = timedelta(minutes=60)
# Pain that is told so long after the end is the pain after it.
AFTER = timedelta(hours=12)
# Told once more so soon, it is a correction and not the pain before the next session.
CORRECTION = timedelta(minutes=10)
# A heart rate that was measured longer ago is not that of now.
FRESH = timedelta(minutes=15)


class Told:
    """Keeps what was told and measured until a record takes it."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: Any,
        on_forgotten: Callable[[], None],
    ) -> None:
        """Know nothing yet."""
        self.hass = hass
        self.entry = entry
        # Called when pain that was told is too old to be that before a session.
        self._on_forgotten = on_forgotten
        self._pain: tuple[int, datetime] | None = None
        # The record that pain was told for last, and when.
        self._last: tuple[str, datetime] | None = None
        self._heart_rate: float | None = None
        self._later = Later(hass)
        entry.async_on_unload(self._later.stop)

    def as_data(self) -> Data:
        """Return it as JSON data."""
        pain = self._pain
        return {
            "pain": None if pain is None else [pain[0], pain[1].isoformat()],
            "heart_rate": self._heart_rate,
        }

    def load(self, data: Data) -> None:
        """Take over what such data says, as far as it says anything."""
        match data.get("pain"):
            case [int() as value, at] if (moment := moment_of(at)) is not None:
                self._keep(value, moment)
        heart_rate = data.get("heart_rate")
        self._heart_rate = heart_rate if isinstance(heart_rate, float) else None

    # -- pain ------------------------------------------------------------------

    def pain(self, session: Session | None) -> int | None:
        """Return the pain that was told and waits to be used."""
        if self._pain is None or (session is not None and not may_tell(session)):
            return None
        value, at = self._pain
        since = session.started_at if session else dt_util.utcnow()
        return value if at >= since - BEFORE else None

    def before(self, value: int) -> None:
        """Keep the pain of now for the session that comes."""
        self._keep(value, dt_util.utcnow())

    def _keep(self, value: int, at: datetime) -> None:
        self._pain = (value, at)
        left = at + BEFORE + timedelta(seconds=1) - dt_util.utcnow()
        if left > timedelta(0):
            self._later.call(left, self._on_forgotten)

    def after(self, record: Record) -> None:
        """Remember that the pain of now went to this record."""
        self._last = (record.id, dt_util.utcnow())

    def is_after(self, last: Record) -> bool:
        """Return whether the pain of now is that after the last record."""
        now = dt_util.utcnow()
        if not timedelta(0) <= now - last.ended_at <= AFTER:
            return False
        if last.ratings.pain_after is None:
            return True
        record_id, at = self._last or ("", now)
        return record_id == last.id and now - at <= CORRECTION

    # -- heart -----------------------------------------------------------------

    def begin(self) -> None:
        """Take the heart rate before a session, if a sensor knows it."""
        self._heart_rate = self._pulse(dt_util.utcnow() - FRESH)

    def take(self, session: Session, record: Record) -> Record:
        """Return the record with what was told and measured around its session."""
        before, self._heart_rate = self._heart_rate, None
        fresh = dt_util.utcnow() - FRESH
        ended_now = record.ended_at >= fresh
        since = max(record.started_at, fresh)
        record = record.measured(before, self._pulse(since) if ended_now else None)
        pain, self._pain = self._pain, None
        if pain is not None and pain[1] >= session.started_at - BEFORE:
            return record.rated(pain_before=pain[0])
        return record

    def _pulse(self, since: datetime) -> float | None:
        """Return the heart rate if its sensor has told it since then."""
        sensor = subentries.heart_rate_sensor(self.entry)
        state = self.hass.states.get(sensor) if sensor is not None else None
        if state is None or state.last_reported < since:
            return None
        try:
            rate = float(state.state)
        except ValueError:
            return None
        return rate if isfinite(rate) else None


def may_tell(session: Session) -> bool:
    """Return whether the pain before it may still be told: until it is on the mat."""
    return session.phase(dt_util.utcnow()) is PhaseName.PREPARE
