"""Fades that are made of steps: lights without transition, and volume."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
import time
from typing import Any

from homeassistant.components.light import ATTR_BRIGHTNESS, ATTR_COLOR_TEMP_KELVIN

from ..session.routine import Cue

# Less than a point of brightness, or of volume, nobody notices.
POINT = 0.01
# More often than this a bulb or player is asked in vain.
PACE = timedelta(seconds=0.5)


async def stepped(origin: Cue, goal: Cue, fade: timedelta) -> AsyncIterator[Cue]:
    """Yield the cues on the way to a light's goal, each when it is due.

    One for each visible point of brightness and no more, by the clock: a bulb that
    answers slowly gets fewer steps and arrives in time. The goal comes last.
    """
    # Not the one on the wall: set back, it would lead far beyond both ends.
    start, length = time.monotonic(), fade.total_seconds()
    dark = origin.attributes.get(ATTR_BRIGHTNESS, 255 if origin.is_on else 0)
    bright = goal.attributes[ATTR_BRIGHTNESS]
    steps = max(1, round(abs(bright - dark) / 255 / POINT))
    pace = max(length / steps, PACE.total_seconds())
    while time.monotonic() - start + pace < length:
        await asyncio.sleep(pace)
        gone = time.monotonic() - start
        # Of a clock's last digits none decides between two points of brightness.
        yield _between(origin, goal, dark, min(round(gone / length, 4), 1.0))
    await asyncio.sleep(max(start + length - time.monotonic(), 0))
    yield goal


def _between(origin: Cue, goal: Cue, dark: int, share: float) -> Cue:
    bright = goal.attributes[ATTR_BRIGHTNESS]
    attributes: dict[str, Any] = {
        ATTR_BRIGHTNESS: round(dark + (bright - dark) * share)
    }
    white, warm = (c.attributes.get(ATTR_COLOR_TEMP_KELVIN) for c in (origin, goal))
    if warm:
        # Even steps of colour are even in mireds.
        mired = 1e6 / (white or warm) * (1 - share) + 1e6 / warm * share
        attributes[ATTR_COLOR_TEMP_KELVIN] = round(1e6 / mired)
    return Cue(entity_id=goal.entity_id, state="on", attributes=attributes)
