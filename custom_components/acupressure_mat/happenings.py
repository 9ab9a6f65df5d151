"""What happens in the sessions of a mat, told when its devices were commanded."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from .const import DOMAIN, LOGGER, MINUTE
from .environment.device import sent
from .session.session import Outcome, Reason, Session

type Listener = Callable[[str, dict[str, Any]], None]
# A part of what is told, no longer than the event loop may be held up.
type Piece = Callable[[], None]

# For so long, in seconds, devices are waited for. Two dozen states are milliseconds of
# work, for whoever listens to them too, which would hold up commands and the save that
# a diffuser waits for; on a screen nobody sees so short a delay.
PATIENCE = 0.05


class Happening(NamedTuple):
    """Something that happened, with what was known then."""

    kind: str
    session: Session
    failed: tuple[str, ...]
    at: datetime

    def data(self, mat: str) -> dict[str, Any]:
        """Return what is told of it."""
        session = self.session
        outcome = session.outcome(self.at)
        return {
            "routine": session.routine.name,
            "mat": mat,
            "source": session.source,
            "asked_minutes": session.asked / MINUTE,
            "planned_minutes": round(session.planned / MINUTE, 2),
            "minutes": round(session.elapsed(self.at) / MINUTE, 2),
            "phase": session.phase(self.at),
            "outcome": outcome,
            # Stopped so soon it was a mistake, whatever was said.
            "reason": Reason.MISTAKE if outcome is Outcome.MISTAKE else session.reason,
            "failed": list(self.failed),
            "record_id": session.id,
        }


class Happenings:
    """Tells in order and once, when devices were commanded or do not answer at once.

    In pieces, between which the event loop comes round.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        mat: str,
        changed: Callable[[], Iterable[Piece]],
        commanded: Callable[[], Awaitable[None]],
    ) -> None:
        """Tell first that something `changed`, then what happened."""
        self.hass = hass
        self._mat = mat
        self._changed = changed
        self._commanded = commanded
        self._speakers_of: dict[str, list[Listener]] = {}
        self._listeners_of: dict[str, list[Listener]] = {}
        self._untold: list[Happening] | None = None
        self._pieces: deque[Piece] = deque()
        self._telling: asyncio.Task[None] | None = None

    @callback
    def async_listen(self, routine_id: str, listener: Listener) -> CALLBACK_TYPE:
        """Call the listener with type and data of what happens in a routine."""
        listeners = self._listeners_of.setdefault(routine_id, [])
        listeners.append(listener)
        return lambda: listeners.remove(listener)

    @callback
    def async_speak(self, routine_id: str, listener: Listener) -> CALLBACK_TYPE:
        """Call the listener before anybody else: who speaks needs the volume now."""
        listeners = self._speakers_of.setdefault(routine_id, [])
        listeners.append(listener)
        return lambda: listeners.remove(listener)

    @callback
    def async_say(self, *happened: Happening) -> None:
        """Tell soon that something changed, and what happened, if anything did."""
        self._untold = [*(self._untold or ()), *happened]
        if self._telling is None or self._telling.done():
            self._telling = self.hass.async_create_task(
                self._async_tell_soon(), f"{DOMAIN} tell"
            )

    async def _async_tell_soon(self) -> None:
        while self._untold is not None:
            await sent()
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._commanded()
            self._cut()
            while self._tell_some():  # noqa: ASYNC110 - room for others
                await asyncio.sleep(0)

    @callback
    def async_tell(self) -> None:
        """Tell now what is untold; before something else changes."""
        while self._tell_some():
            pass
        self._cut()
        while self._tell_some():
            pass

    def _cut(self) -> None:
        """Cut what is untold into pieces."""
        if (untold := self._untold) is None:
            return
        self._untold = None
        told = [(happening, happening.data(self._mat)) for happening in untold]
        self._pieces.extend(self._told_to(self._speakers_of, told))
        self._pieces.extend(self._changed())
        self._pieces.extend(self._told_to(self._listeners_of, told))

    def _told_to(
        self,
        listeners_of: dict[str, list[Listener]],
        told: Iterable[tuple[Happening, dict[str, Any]]],
    ) -> Iterator[Piece]:
        for happening, data in told:
            listeners = listeners_of.get(happening.session.routine.id)
            if listeners:
                yield partial(self._tell, listeners, happening.kind, data)

    def _tell_some(self) -> bool:
        """Tell a piece; return whether there is another."""
        if self._pieces:
            # Gone before it is told: who hears of it may change the session at once.
            self._pieces.popleft()()
        return bool(self._pieces)

    def _tell(self, listeners: list[Listener], kind: str, data: dict[str, Any]) -> None:
        for listener in list(listeners):
            try:
                listener(kind, data)
            except Exception:  # noqa: BLE001 - the others are told all the same
                LOGGER.exception("Somebody could not be told of %s", kind)

    async def async_told(self) -> None:
        """Return once everything that happened so far is told."""
        if self._telling is not None and not self._telling.done():
            await asyncio.shield(self._telling)
