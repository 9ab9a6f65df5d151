"""Whose turn it is to change the journal of a mat, also while it is loaded anew."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .journal import Journal
from .session.session import SessionError


class Turns:
    """One change after the other, until another keeps up with the journal."""

    def __init__(self, title: str, journal: Journal) -> None:
        """Begin for a mat of this title."""
        self.lock = asyncio.Lock()
        self._title = title
        self._journal = journal
        self._is_over = False

    @asynccontextmanager
    async def change(self) -> AsyncIterator[None]:
        """Wait for a turn; SessionError `mat_not_loaded` when there is none any more."""
        async with self.lock:
            if self._is_over:
                raise SessionError("mat_not_loaded", mat=self._title)
            yield

    async def async_end(self) -> None:
        """Return once all that was begun is on disk, or could not be; give no more."""
        async with self.lock:
            self._is_over = True
        await self._journal.async_saved()
        self._journal.close()


# Those of each mat now.
_TURNS: HassKey[dict[str, Turns]] = HassKey(f"{DOMAIN}_turns")


async def async_hand_over(hass: HomeAssistant, mat: str, to: Turns | None) -> None:
    """Let another keep up with the journal of a mat, or nobody when it is removed.

    What somebody is still changing while the mat is loaded anew would otherwise be
    overwritten by whoever read the journal before that.
    """
    turns = hass.data.setdefault(_TURNS, {})
    if (before := turns.pop(mat, None)) is not None:
        await before.async_end()
    if to is not None:
        turns[mat] = to
