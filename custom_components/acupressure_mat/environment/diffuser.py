"""A diffuser that sessions switch on, and surely off again."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, override

from homeassistant.const import SERVICE_TURN_OFF, SERVICE_TURN_ON, STATE_UNAVAILABLE
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..session.routine import Cue, switched
from ..session.session import Session
from .device import Device

# How long Home Assistant's going down may wait for it, in seconds.
PUT_OUT_LIMIT = 3


class Diffuser(Device):
    """A diffuser of a room; it is on while any of its holders wants it on.

    One that was on before is never touched. One that we switched on goes off at
    every way out, whatever a hand did to it meanwhile.
    """

    # Whether somebody was told that it stays on; unknown after a restart.
    _is_stuck: bool | None = None
    # Whether an on of ours may have reached it; wanted is it from before that is saved.
    _was_sent = False
    # Whether Home Assistant goes down: nobody would see it off any more.
    _is_put_out = False

    @override
    def _take_over(self, data: Mapping[str, Any]) -> None:
        super()._take_over(data)
        # Nobody knows whether that was before the kill: off is the safe side.
        self._was_sent = self.wanted is not None

    @override
    def target(self) -> Cue | None:
        before, now = self.before, dt_util.utcnow()
        if before is None or before.is_on:
            return None
        on = not self._is_put_out and any(
            holder.session.diffuses(now) for holder in self.heeded
        )
        return None if not on and not self._was_sent else switched(before, on=on)

    @override
    async def send(self, cue: Cue, *, again: bool) -> None:
        if not cue.is_on:
            await self.call(SERVICE_TURN_OFF)
            return
        # Before it is on, the disk knows that it has to go off.
        saves = [holder.on_disk() for holder in self.holders.values()]
        if not all([await saved for saved in saves]):
            raise HomeAssistantError("its session could not be saved")
        if not self._was_sent and self.is_like(cue):
            # A hand was faster than the disk: whose on it is, theirs is the off.
            self.before, self.wanted = self.found, None
            self.kept()
            return
        self._was_sent = True
        await self.call(SERVICE_TURN_ON)

    @override
    def follow(self) -> None:
        """Command it also off when a hand has it: only its *on* is the hand's."""
        target = self.target()
        if self.hand and target is not None and not target.is_on:
            self.hand = False
            super().follow()
            self.hand = True
            return
        if target is None:
            self._call_off()
        super().follow()

    def _call_off(self) -> None:
        """Want it no more: its on still waits for the disk."""
        if self.wanted is not None:
            self._cancel()
            self.wanted = None
            self.learned()

    @override
    def begin_anew(self) -> None:
        """One that we brought on stays ours, also when a hand has it on again."""
        if not self._was_sent:
            super().begin_anew()
        self.hand = False

    @override
    def is_left_to_hand(self, cue: Cue) -> bool:
        return self.hand and cue.is_on

    @override
    def takes(self, cue: Cue) -> bool:
        """An off is sent also to one that does not tell how it is."""
        state = self.state
        if state is None or cue.is_on:
            return super().takes(cue)
        return state.state != STATE_UNAVAILABLE

    @override
    def is_like(self, cue: Cue) -> bool:
        found = self.found
        return found is not None and found.is_on == cue.is_on

    @override
    def is_between(self, found: Cue, origin: Cue, wanted: Cue) -> bool:
        return found.state in (origin.state, wanted.state)

    @override
    async def _see_to(self, cue: Cue) -> None:
        """See it off for as long as that takes; somebody is told while it stays on."""
        await super()._see_to(cue)
        while not cue.is_on and not self.is_like(cue):
            self._tell_stuck(is_stuck=True)
            self.heard.clear()
            await self.heard.wait()
            await super()._see_to(cue)
        self._tell_stuck(is_stuck=False)

    @override
    def final(self, session: Session) -> Cue | None:
        if not self._was_sent or self.before is None or self.before.is_on:
            return None
        off = switched(self.before, on=False)
        is_off = self.wanted == off and self.is_like(off) and not self._is_busy
        return None if is_off else off

    @override
    def touched(self, found: Cue) -> None:
        """A hand's off is final for this session; its on changes nothing for us."""
        if not found.is_on:
            super().touched(found)

    async def put_out(self) -> None:
        """Switch it off before Home Assistant goes down, if it is ours."""
        self._is_put_out = True
        if not self._was_sent:
            self._call_off()
            return
        if self.before is None or self.before.is_on:
            return
        self._cancel()
        off = self.wanted = switched(self.before, on=False)
        self.learned()
        for _ in range(2):
            with suppress(TimeoutError):
                async with asyncio.timeout(PUT_OUT_LIMIT / 2):
                    await self._send(off, again=True)
                    while not self.is_like(off):
                        self.heard.clear()
                        await self.heard.wait()
                    return

    @override
    async def release(self, session: Session) -> None:
        """Switch it off; returns only when it is off, or a new session owns it."""
        while (off := self.final(session)) is not None and not self.is_shared:
            is_under_way = self._is_busy and self.wanted == off
            task = self._task if is_under_way else None
            await asyncio.wait([task or self.command(off)])

    def try_again(self) -> None:
        """Send its off once more; if it stays on, somebody is told once more."""
        self._is_stuck = None
        self.heard.set()

    def give_up(self) -> None:
        """Take somebody's word that it is off, and let go of it."""
        self._is_stuck = self._was_sent = False
        self.wanted = None
        self.kept()
        self._cancel()

    def _tell_stuck(self, *, is_stuck: bool) -> None:
        if is_stuck != self._is_stuck:
            self._is_stuck = is_stuck
            for holder in list(self.holders.values()):
                holder.stuck(self.entity_id, is_stuck=is_stuck)
