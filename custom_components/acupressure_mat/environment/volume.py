"""The volume of a player as we set it, and whether what it tells is an echo of that."""

from dataclasses import replace
from datetime import datetime

from homeassistant.components.media_player import (
    ATTR_MEDIA_VOLUME_LEVEL,
    ATTR_MEDIA_VOLUME_MUTED,
)

from ..session.routine import Cue
from .cues import VOLUME_TOLERANCE, between
from .device import GRACE

KEPT = (ATTR_MEDIA_VOLUME_LEVEL, ATTR_MEDIA_VOLUME_MUTED)


class Volume:
    """The levels that we set, 0 to 1, for as long as their echoes may still come."""

    def __init__(self, overruled: frozenset[str] = frozenset()) -> None:
        """Know of no level yet; the sessions of these keys have no say in it."""
        self.level: float | None = None
        # Whether one of ours was set before a restart; which one is not known by now.
        self.was_ours = False
        # Whether a hand set it: ours is over then, and theirs stays.
        self.hand = False
        # Whose sessions that was in, if somebody has met it afresh since.
        self.overruled = overruled
        # What was before each level of ours, and when that was left.
        self._left: tuple[tuple[datetime, float], ...] = ()
        # Where it was before our first level, until the first echo.
        self._first: float | None = None

    @property
    def is_ours(self) -> bool:
        """Whether we set it, and no hand did since."""
        return (self.was_ours or self.level is not None) and not self.hand

    def set(self, level: float, heard: float | None, now: datetime) -> None:
        """Take note of a level that we set; `heard` is where the player was."""
        if self.level is None:
            self._first = heard
        elif self.level != level:
            self._left = (*self._left, (now, self.level))
        self.level = level

    def is_hand(self, level: float, *, foreign: bool, now: datetime) -> bool:
        """Return whether a hand set this level: no echo of ours lies there.

        The level that a fade set a moment ago, or any in between, is an echo that
        lags; so is the level from before, until the player told of one of ours.
        """
        if self.hand:
            return False
        if self.level is None:
            # Which one is ours is not known any more; a foreign cause proves a hand.
            return self.was_ours and foreign
        if between(level, self.level, self.level, by=VOLUME_TOLERANCE):
            self._first = None
            return False
        if foreign:
            return True
        ours = [left for at, left in self._left if at > now - GRACE] + [self.level]
        if between(level, min(ours), max(ours), by=VOLUME_TOLERANCE):
            self._first = None
            return False
        return not between(level, self._first, self.level, by=VOLUME_TOLERANCE)


def met_anew(before: Cue, found: Cue | None) -> Cue:
    """Return how a player was found, with the volume that it has by now."""
    heard = found.attributes if found is not None else {}
    attributes = {k: v for k, v in before.attributes.items() if k not in KEPT}
    attributes |= {key: heard[key] for key in KEPT if key in heard}
    return replace(before, attributes=attributes)
