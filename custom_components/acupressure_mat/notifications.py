"""The running session on a phone, and how it was afterwards."""

from datetime import datetime
import re
from typing import Any

from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .const import DOMAIN, MINUTE, SUBENTRY_ROUTINE
from .coordinator import MatConfigEntry
from .phone import Notice, Phone
from .session.session import HEALTH_REASONS, PAUSE_LIMIT, Outcome, Session, SessionError
from .told import AFTER

EXTENSION = 5 * MINUTE
# An Android phone takes a notification away that nobody took away in time.
SPARE = 2 * MINUTE
# The end of the scale on which pain is told.
WORST = 10


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
        self._tag = f"{DOMAIN}_{entry.entry_id}"
        # What is shown: session, its end, whether it is paused.
        self._shown: tuple[str, datetime | None, bool] | None = None
        # The session that is asked about, and its name.
        self._rating: tuple[str, str] | None = None
        self._unsub_forget: CALLBACK_TYPE | None = None

    @callback
    def async_begin(self) -> None:
        """Follow the sessions of the mat until it is unloaded."""
        entry, coordinator = self.entry, self.coordinator
        for button, pressed in (
            ("pause", self._on_pause),
            ("resume", self._on_resume),
            ("extend", self._on_extend),
            ("finish", self._on_finish),
            ("rate", self._on_rate),
        ):
            self.phone.on_press(button, pressed)
        entry.async_on_unload(coordinator.async_add_listener(self._on_session))
        for subentry in entry.get_subentries_of_type(SUBENTRY_ROUTINE):
            entry.async_on_unload(
                coordinator.async_listen(subentry.subentry_id, self._on_happening)
            )
        entry.async_on_unload(coordinator.practice.async_listen(self._on_practice))
        entry.async_on_unload(self._stop_forgetting)

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
            self._stop_forgetting()
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
    def _on_happening(self, happening: str, data: dict[str, Any]) -> None:
        """Ask how it was, or take away what is shown, when a session ends."""
        if happening not in ("completed", "stopped"):
            return
        shown, self._shown = self._shown, None
        kept = data["outcome"] in (Outcome.COMPLETED, Outcome.STOPPED)
        if shown is None or not kept or data["reason"] in HEALTH_REASONS:
            self.phone.clear(self._tag)
            return
        self._rating = (shown[0], data["routine"])
        self._unsub_forget = async_call_later(
            self.hass, AFTER, HassJob(self._on_forgotten, cancel_on_shutdown=True)
        )
        self._ask("rating")

    def _ask(self, text: str) -> None:
        assert self._rating is not None
        session_id, name = self._rating
        self.phone.send(
            Notice(
                tag=self._tag,
                title=name,
                text=text,
                buttons=("rate",),
                id=session_id,
                quiet=True,
                timeout=AFTER,
            )
        )

    @callback
    def _stop_forgetting(self) -> None:
        if self._unsub_forget is not None:
            self._unsub_forget()
            self._unsub_forget = None

    @callback
    def _on_forgotten(self, _now: datetime) -> None:
        """Ask no longer: what hurts now has little to do with it."""
        self._unsub_forget = None
        self._rating = None
        self.phone.clear(self._tag)

    @callback
    def _on_practice(self, happening: str, data: dict[str, Any]) -> None:
        """Ask no longer when the answer was given elsewhere."""
        if (
            happening == "rated"
            and self._rating is not None
            and data["record_id"] == self._rating[0]
            and data.get("pain_after") is not None
        ):
            self._stop_forgetting()
            self._rating = None
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
    def _on_rate(self, session_id: str, event: Event) -> None:
        self.entry.async_create_task(
            self.hass,
            self._async_rate(session_id, str(event.data.get("reply_text"))),
            f"{DOMAIN} rate",
        )

    async def _async_rate(self, session_id: str, answer: str) -> None:
        """Take an answer to the question of a session, also of before a restart."""
        practice = self.coordinator.practice
        try:
            record = await practice.async_find(session_id)
        except SessionError:
            return
        is_old = dt_util.utcnow() - record.ended_at > AFTER
        if is_old or record.ratings.pain_after is not None or self._shown is not None:
            return
        self._rating = (session_id, record.routine or self.entry.title)
        told = re.fullmatch(r"\s*(\d+)\s*(/\s*10)?\s*", answer)
        if told is None or int(told[1]) > WORST:
            self._ask("rating_again")
        else:
            await practice.async_rate(session_id, pain_after=int(told[1]))


# What keeps a notification in sight on an Android phone, and makes no sound again.
_LASTING = {
    "live_update": True,
    "alert_once": True,
    "persistent": True,
    "sticky": "true",
}
