"""The running session on a phone, and how it was afterwards, or next morning."""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
import re
from typing import Any

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from . import subentries
from .const import DOMAIN, EXTENSION, MINUTE, SUBENTRY_ROUTINE
from .coordinator import MatConfigEntry
from .daily import async_track_daily
from .files import NotSaved
from .later import Later
from .phone import Notice, Phone, tag_of
from .session.record import WORST, Record
from .session.routine import Kind
from .session.session import HEALTH_REASONS, PAUSE_LIMIT, Outcome, Session, SessionError
from .told import AFTER

# An Android phone takes a notification away that nobody took away in time.
SPARE = 2 * MINUTE
# What is asked, by the button that answers it: the rating, and the words.
QUESTIONS = {"rate": ("pain_after", "rating"), "sleep": ("sleep", "slept")}
# Until so long after its end a session is one of last night.
NIGHT = timedelta(hours=14)


class Notifications:
    """One notification a mat, sent anew only when the timeline changes."""

    def __init__(
        self, hass: HomeAssistant, entry: MatConfigEntry, phone: Phone
    ) -> None:
        """Prepare; nothing is shown before `async_begin`."""
        self.hass = hass
        self.entry = entry
        self.coordinator = entry.runtime_data
        self.phone = phone
        self._tag = tag_of(entry.entry_id)
        # What is shown: session, its end, whether it is paused.
        self._shown: tuple[str, datetime | None, bool] | None = None
        # The session that is asked about, its name, and the button that answers.
        self._rating: tuple[str, str, str] | None = None
        self._later = Later(hass)

    @callback
    def async_begin(self) -> None:
        """Follow the sessions of the mat until it is unloaded."""
        entry, coordinator = self.entry, self.coordinator
        for button, pressed in (
            ("pause", self._on_pause),
            ("resume", self._on_resume),
            ("extend", self._on_extend),
            ("finish", self._on_finish),
        ):
            self.phone.on_press(button, pressed)
        for button in QUESTIONS:
            self.phone.on_press(button, partial(self._on_answer, button))
        entry.async_on_unload(coordinator.async_add_listener(self._on_session))
        kinds = {
            subentry.subentry_id: subentries.routine(subentry).kind
            for subentry in entry.get_subentries_of_type(SUBENTRY_ROUTINE)
        }
        for room in coordinator.rooms:
            # It may have been deleted while its session ran, which ends only now.
            kinds.setdefault(room.session.routine.id, room.session.routine.kind)
        for routine_id, kind in kinds.items():
            entry.async_on_unload(
                coordinator.async_listen(routine_id, partial(self._on_happening, kind))
            )
        if self._morning is not None:
            entry.async_on_unload(
                async_track_daily(self.hass, [self._morning], self._on_morning)
            )
        entry.async_on_unload(coordinator.practice.async_listen(self._on_practice))
        entry.async_on_unload(self._later.stop)

    # -- what is shown ---------------------------------------------------------

    @callback
    def _on_session(self) -> None:
        session = self.coordinator.session
        if session is None or session.rehearsal:
            return
        shown = (session.id, session.finishes_at, session.is_paused)
        if shown != self._shown:
            self._shown = shown
            self._rating = None
            self._later.stop()
            self._show(session)

    def _show(self, session: Session, error: SessionError | None = None) -> None:
        now, end = dt_util.utcnow(), session.finishes_at
        # Quiet: whoever it is for lies down with closed eyes.
        if end is None:
            left = session.remaining(now) / MINUTE
            notice = Notice(
                tag=self._tag,
                title=session.routine.name,
                text="paused",
                buttons=("resume", "extend", "finish"),
                id=session.id,
                quiet=True,
                timeout=PAUSE_LIMIT + SPARE,
                data=_LASTING,
                placeholders={"minutes": f"{max(left, 1):.0f}"},
                error=error,
            )
        else:
            notice = Notice(
                tag=self._tag,
                title=session.routine.name,
                text="running",
                buttons=("pause", "extend", "finish"),
                id=session.id,
                quiet=True,
                timeout=end - now + SPARE,
                data={**_LASTING, "chronometer": True, "when": round(end.timestamp())},
                placeholders={"time": f"{dt_util.as_local(end):%H:%M}"},
                error=error,
            )
        self.phone.send(notice)

    @callback
    def _on_happening(self, kind: Kind, happening: str, data: dict[str, Any]) -> None:
        """Ask how it was, or take away what is shown, when a session ends."""
        if happening not in ("completed", "stopped"):
            return
        if self.entry.disabled_by is not None:
            # Nobody would hear the answer; what is shown is taken away at the end.
            return
        shown, self._shown = self._shown, None
        kept = data["outcome"] in (Outcome.COMPLETED, Outcome.STOPPED)
        later = kind is Kind.BEDTIME and self._morning is not None
        if shown is None or not kept or later or data["reason"] in HEALTH_REASONS:
            self.phone.clear(self._tag)
            return
        self._ask(shown[0], data["routine"], "rate")

    @property
    def _morning(self) -> timedelta | None:
        """When bedtime sessions are asked about; None: at once."""
        return subentries.morning_question(self.entry)

    @callback
    def _on_morning(self) -> None:
        """Ask about the bedtime session of last night, unless one runs by now."""
        if self._shown is not None:
            return
        for record in reversed(self.coordinator.practice.recent):
            if record.kind is Kind.BEDTIME:
                self._ask_next(record)
                return

    def _open(self, record: Record) -> list[str]:
        """Return what may be asked of a session now, by the button that answers."""
        since, ratings = dt_util.utcnow() - record.ended_at, record.ratings
        buttons = []
        if since <= AFTER and ratings.pain_after is None:
            buttons.append("rate")
        # Who stopped because it hurt is not asked for numbers about that night.
        calm = (
            record.outcome is not Outcome.LOST and record.reason not in HEALTH_REASONS
        )
        asked = record.kind is Kind.BEDTIME and self._morning is not None and calm
        if asked and since <= NIGHT and ratings.sleep is None:
            buttons.append("sleep")
        return buttons

    def _ask_next(self, record: Record) -> None:
        """Ask what is still open of a session of last night; nothing without sleep."""
        buttons = self._open(record)
        if "sleep" in buttons:
            self._ask(record.id, self._name_of(record), buttons[0])

    def _name_of(self, record: Record) -> str:
        """Return what the routine of a record is called now, or was."""
        routine = self.entry.subentries.get(record.routine_id or "")
        return routine.title if routine else record.routine or self.entry.title

    def _ask(
        self,
        session_id: str,
        name: str,
        button: str,
        again: str = "",
        error: SessionError | None = None,
    ) -> None:
        self._rating = (session_id, name, button)
        self._later.call(AFTER, self._on_forgotten)
        self.phone.send(
            Notice(
                tag=self._tag,
                title=name,
                text=f"{QUESTIONS[button][1]}{again}",
                buttons=(button,),
                id=session_id,
                quiet=True,
                timeout=AFTER,
                error=error,
            )
        )

    def _on_forgotten(self) -> None:
        """Ask no longer: what hurts now has little to do with it."""
        self._rating = None
        self.phone.clear(self._tag)

    @callback
    def _on_practice(self, happening: str, data: dict[str, Any]) -> None:
        """Ask no longer what was answered, here or elsewhere; go on with the next."""
        if happening != "rated" or self._rating is None:
            return
        session_id, _, button = self._rating
        if data["record_id"] != session_id or data.get(QUESTIONS[button][0]) is None:
            return
        self._later.stop()
        self._rating = None
        for record in self.coordinator.practice.recent:
            if record.id == session_id:
                self._ask_next(record)
        if self._rating is None:
            self.phone.clear(self._tag)

    # -- what is pressed -------------------------------------------------------

    def _running(self, session_id: str) -> Session | None:
        """Return the session that a button belongs to, if it still runs."""
        session = self.coordinator.session
        return session if session is not None and session.id == session_id else None

    @callback
    def _on_pause(self, session_id: str, _event: Event) -> None:
        session = self._running(session_id)
        if session is not None and not session.is_paused:
            self.coordinator.async_pause()

    @callback
    def _on_resume(self, session_id: str, _event: Event) -> None:
        session = self._running(session_id)
        if session is not None and session.is_paused:
            self.coordinator.async_resume()

    @callback
    def _on_extend(self, session_id: str, _event: Event) -> None:
        session = self._running(session_id)
        if session is None:
            return
        try:
            self.coordinator.async_extend(EXTENSION)
        except SessionError as err:
            self._show(session, err)

    @callback
    def _on_finish(self, session_id: str, _event: Event) -> None:
        if self._running(session_id) is not None:
            self.coordinator.async_stop()

    @callback
    def _on_answer(self, button: str, session_id: str, event: Event) -> None:
        self.entry.async_create_task(
            self.hass,
            self._async_rate(button, session_id, str(event.data.get("reply_text"))),
            f"{DOMAIN} rate",
        )

    async def _async_rate(self, button: str, session_id: str, answer: str) -> None:
        """Take an answer to the question of a session, also of before a restart."""
        practice = self.coordinator.practice
        # The answer may be faster than the disk that keeps the record.
        await practice.async_settled()
        try:
            record = await practice.async_find(session_id)
        except SessionError:
            return
        if button not in self._open(record) or self._shown is not None:
            return
        name = self._name_of(record)
        self._rating = (session_id, name, button)
        told = re.fullmatch(r"\s*(\d+)\s*(/\s*10)?\s*", answer)
        if told is None or int(told[1]) > WORST:
            self._ask(session_id, name, button, "_again")
        else:
            rating, _ = QUESTIONS[button]
            points = {rating: int(told[1])}
            try:
                # It may be deleted by now.
                with suppress(SessionError):
                    await practice.async_rate(session_id, notes=None, **points)
            except NotSaved:
                error = SessionError("not_saved")
                self._ask(session_id, name, button, error=error)


# What keeps a notification in sight on an Android phone, and makes no sound again.
_LASTING = {
    "live_update": True,
    "alert_once": True,
    "persistent": True,
    "sticky": "true",
}
