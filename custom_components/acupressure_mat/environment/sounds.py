"""What is to be heard besides the music, and how the music makes way for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..const import DOMAIN

# The share of its level at which music still plays, and lets a quiet voice be heard.
BELOW_A_VOICE = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Something short that is played once.

    `content_id` is a path that Home Assistant serves, or what a player takes.
    """

    content_id: str
    length: timedelta
    # Who is told of when it cannot be played; None where that spoils nothing.
    entity_id: str | None = None


# Our own sound, as long as it takes to fade away.
BELL = Sound(content_id=f"/{DOMAIN}/bell.wav", length=timedelta(seconds=5))


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody speaks until then.

    On the player itself the music has to be as loud as the routine says, for the
    voice is no louder; elsewhere it goes down.
    """

    until: datetime
    on_player: bool

    def level(self, due: float, full: float) -> float:
        """Return the volume for the time of the voice: of music that is due at one."""
        return full if self.on_player else due * BELOW_A_VOICE
