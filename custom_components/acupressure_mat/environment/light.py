"""A light that sessions dim."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, override

from homeassistant.components.light import (
    ATTR_BRIGHTNESS,
    ATTR_COLOR_MODE,
    ATTR_COLOR_TEMP_KELVIN,
    ATTR_EFFECT,
    ATTR_SUPPORTED_COLOR_MODES,
    ATTR_TRANSITION,
    LightEntityFeature,
    brightness_supported,
)
from homeassistant.components.light.reproduce_state import COLOR_MODE_TO_ATTRIBUTE
from homeassistant.const import (
    ATTR_SUPPORTED_FEATURES,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
)
from homeassistant.util import dt as dt_util

from ..session.routine import Cue, EndPolicy, switched
from ..session.session import Session
from . import adaptive
from .cues import is_near, light_between, within_reach
from .device import Device, Holder, is_undone
from .fades import stepped

# The least brightness, in percent, that a bulb is switched off with.
SANE = 10
# From here on a single transition is not trusted.
LONG_FADE = timedelta(seconds=30)
# How fast the light comes up for a person who feels unwell.
HASTE = timedelta(seconds=1)


class Light(Device):
    """A light of a room; of several holders the one who wants it dimmest decides."""

    @override
    def target(self) -> Cue | None:
        now, before = dt_util.utcnow(), self.before
        if before is None:
            return None
        safe: list[Cue] = []
        dim: list[Cue] = []
        heeded = self.heeded
        if self.holders and not heeded and self.wanted is not None:
            # As it was left by the hand that overruled all who are here.
            return before
        for holder in heeded:
            session = holder.session
            phase = session.phase(now)
            if phase is None:
                continue
            is_safe = session.is_health_stop
            cue = session.routine.light(
                before, phase, paused=session.is_paused, safe=is_safe
            )
            if cue is not None:
                (safe if is_safe else dim).append(within_reach(cue, self.state))
        if safe:
            # Each of them is as bright as the other.
            return safe[0]
        return min(dim, key=lambda cue: cue.points, default=None)

    @property
    @override
    def fade(self) -> timedelta:
        now = dt_util.utcnow()
        sessions = [holder.session for holder in self.holders.values()]
        if any(session.is_health_stop for session in sessions):
            return HASTE
        return max(session.fade(now) for session in sessions)

    @override
    def claim(self, key: str, holder: Holder, *, recalled: bool = False) -> None:
        if not self.holders:
            adaptive.tell(self.hass, self.entity_id, held=True)
        super().claim(key, holder, recalled=recalled)

    @override
    def drop(self, key: str) -> None:
        super().drop(key)
        if not self.holders:
            adaptive.tell(self.hass, self.entity_id, held=False)

    @override
    async def send(self, cue: Cue, *, again: bool) -> None:
        fade = timedelta(0) if again else self.fade
        if not cue.is_on:
            await self._leave_sane()
            await self.call(SERVICE_TURN_OFF, **self._transition(fade))
        elif ATTR_COLOR_MODE in cue.attributes:
            await self._put_back(cue, fade)
        elif self._needs_steps(fade) and ATTR_BRIGHTNESS in cue.attributes:
            # Nobody waits for the last of its steps.
            self.asked.set()
            async for step in stepped(self.found or cue, cue, fade):
                await self.call(SERVICE_TURN_ON, **step.attributes)
        elif again and len(cue.attributes) > 1 and self.found and self.found.is_on:
            # Some bulbs take only half of a command for both. One that is still off took
            # none of it, and with a colour alone would come on as bright as it was last.
            for attribute in (ATTR_COLOR_TEMP_KELVIN, ATTR_BRIGHTNESS):
                await self.call(
                    SERVICE_TURN_ON, **{attribute: cue.attributes[attribute]}
                )
        else:
            await self.call(SERVICE_TURN_ON, **cue.attributes, **self._transition(fade))

    async def _leave_sane(self) -> None:
        """Before its off, lift a light from a glimmer: it may remember its last level.

        One that had a glimmer before gets no more than that back.
        """
        found, before = self.found, self.before
        sane = min(SANE, before.points) if before and before.is_on else SANE
        if found is not None and found.is_on and found.points < sane:
            # Its echo is no hand's: from there on it goes.
            level = {ATTR_BRIGHTNESS: round(sane * 255 / 100)}
            self.origin = replace(found, attributes={**found.attributes, **level})
            await self.call(SERVICE_TURN_ON, **level)

    def _needs_steps(self, fade: timedelta) -> bool:
        """Return whether one command with a transition would not do.

        Bulbs without one jump, and many ignore commands during a long one. What cannot
        be dimmed would be switched on at each step.
        """
        modes = self._told(ATTR_SUPPORTED_COLOR_MODES)
        return (
            bool(fade)
            and (modes is None or brightness_supported(modes))
            and (fade > LONG_FADE or not self._has_transition)
        )

    async def _put_back(self, cue: Cue, fade: timedelta) -> None:
        """Command a snapshot in its own colour mode.

        Home Assistant's `reproduce_state` would command nothing to a light that has
        not told yet that it followed us and is no longer as before.
        """
        kept = cue.attributes
        data = {k: kept[k] for k in (ATTR_BRIGHTNESS, ATTR_EFFECT) if k in kept}
        if data.get(ATTR_BRIGHTNESS) == 0:
            # On and at zero it was not off, which is what Home Assistant makes of it.
            data[ATTR_BRIGHTNESS] = 1
        colour = COLOR_MODE_TO_ATTRIBUTE.get(kept[ATTR_COLOR_MODE])
        if colour is not None and colour.state_attr in kept:
            data[colour.parameter] = kept[colour.state_attr]
        await self.call(SERVICE_TURN_ON, **data, **self._transition(fade))

    def _transition(self, fade: timedelta) -> dict[str, Any]:
        if not fade or not self._has_transition:
            return {}
        return {ATTR_TRANSITION: fade.total_seconds()}

    @property
    def _has_transition(self) -> bool:
        features = self._told(ATTR_SUPPORTED_FEATURES)
        return bool(features and features & LightEntityFeature.TRANSITION)

    def _told(self, attribute: str) -> Any:
        return self.state.attributes.get(attribute) if self.state else None

    @override
    def is_like(self, cue: Cue) -> bool:
        found = self.found
        if found is None or found.is_on != cue.is_on:
            return False
        return not cue.is_on or all(
            is_near(attribute, found, cue)
            for attribute in (ATTR_BRIGHTNESS, ATTR_COLOR_TEMP_KELVIN)
        )

    @override
    def is_near(self, cue: Cue) -> bool:
        """A bulb with a floor of its own stops short; one that is deaf does not move."""
        found, origin = self.found, self.origin
        if found is None or origin is None or found.is_on != cue.is_on:
            return False
        # What it was asked before may have moved it too, but elsewhere.
        return self.is_between(found, origin, cue) and all(
            is_near(attribute, found, cue) or not is_near(attribute, found, origin)
            for attribute in (ATTR_BRIGHTNESS, ATTR_COLOR_TEMP_KELVIN)
        )

    @override
    def is_between(self, found: Cue, origin: Cue, wanted: Cue) -> bool:
        return light_between(found, origin, wanted)

    @override
    def final(self, session: Session) -> Cue | None:
        found, before = self.found, self.before
        if self.hand or before is None:
            return None
        policy = EndPolicy.RESTORE if is_undone(session) else session.routine.lights_end
        if policy is EndPolicy.KEEP:
            return None
        # Before its echo, a command leaves the light looking as it was.
        is_still = not self.is_on_its_way
        if policy is EndPolicy.OFF:
            is_off = found is not None and not found.is_on
            return None if is_off and is_still else switched(before, on=False)
        if self.wanted is None or (
            found
            and is_still
            and self.is_between(found, before, before)
            # No dimmer than before, it still may be white now and was coloured, or calm
            # and flickered like a candle.
            and all(
                found.attributes.get(kept) == before.attributes.get(kept)
                for kept in (ATTR_COLOR_MODE, ATTR_EFFECT)
            )
        ):
            return None
        return before
