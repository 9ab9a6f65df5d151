"""What a session looks like in a terminal, as it happens.

Lines that stay are printed above a short block that is redrawn in place. Where nobody
watches (no terminal), only the lines that stay are printed, without colours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
import shutil
from typing import Final, TextIO

from .client import State


class Style(StrEnum):
    """How a piece of text looks on a terminal (SGR)."""

    PLAIN = ""
    DIM = "2"
    BOLD = "1"
    PHASE = "36"
    GOOD = "32"
    BAD = "31"
    WARM = "33"


type Piece = tuple[str, Style]
type Line = Sequence[Piece]

BAR_WIDTH: Final = 30
CLOCK_WIDTH: Final = 10
PHASE_WIDTH: Final = 11
DEVICE_WIDTH: Final = 15


class Screen:
    """A terminal or a plain stream."""

    def __init__(self, stream: TextIO, *, colours: bool | None = None) -> None:
        """Write to a stream; a terminal gets colours and a live block."""
        self._stream = stream
        self.is_live = stream.isatty()
        self._colours = self.is_live if colours is None else colours
        self._block: list[Line] = []
        self._drawn = 0
        try:
            "━─→·°✓".encode(stream.encoding or "ascii")
            self._is_ascii = False
        except UnicodeEncodeError:
            self._is_ascii = True

    def print(self, *line: Piece | str) -> None:
        """Print a line that stays."""
        pieces: Line = [
            (piece, Style.PLAIN) if isinstance(piece, str) else piece for piece in line
        ]
        self._erase()
        self._write(pieces, cut=False)
        self._draw()
        self._stream.flush()

    def show(self, block: Iterable[Line]) -> None:
        """Show a block below all lines; it replaces the one before."""
        if not self.is_live:
            return
        self._erase()
        # A block higher than the terminal could not be erased again.
        self._block = list(block)[: shutil.get_terminal_size().lines - 2]
        self._draw()
        self._stream.flush()

    def _erase(self) -> None:
        if self._drawn:
            self._stream.write(f"\x1b[{self._drawn}A\x1b[J")
            self._drawn = 0

    def _draw(self) -> None:
        for line in self._block:
            self._write(line, cut=True)
        self._drawn = len(self._block)

    def _write(self, line: Line, *, cut: bool) -> None:
        # A line that wraps would be two, and redrawing would leave one behind.
        room = shutil.get_terminal_size().columns - 1 if cut else None
        for text, style in line:
            shown = text if room is None else text[:room]
            if room is not None:
                room -= len(shown)
            if self._is_ascii:
                shown = shown.translate(_ASCII)
            if self._colours and style:
                shown = f"\x1b[{style}m{shown}\x1b[0m"
            self._stream.write(shown)
        self._stream.write("\n")


_ASCII: Final = str.maketrans(
    {"━": "=", "─": "-", "→": ">", "·": ",", "✓": "+", "✗": "x", "’": "'"}
)


def progress_bar(part: float) -> Line:
    """Return a bar that is filled from the left; 0 is empty, 1 full."""
    full = round(BAR_WIDTH * min(max(part, 0), 1))
    return [("━" * full, Style.WARM), ("─" * (BAR_WIDTH - full), Style.DIM)]


def clock(moment: datetime) -> str:
    """Return the local time of day."""
    return moment.astimezone().strftime("%H:%M:%S")


def minutes(length: timedelta) -> str:
    """Return minutes and seconds as 1:05; nothing is less than zero."""
    seconds = max(0, round(length.total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02}"


def describe(state: State) -> str:
    """Return how a device is, as a person would say it."""
    attributes = state.attributes
    words = [state.state]
    if state.entity_id.startswith("light.") and state.state == "on":
        words = []
        if (brightness := attributes.get("brightness")) is not None:
            words.append(f"{round(brightness / 2.55)} %")
        if kelvin := attributes.get("color_temp_kelvin"):
            words.append(f"{round(kelvin, -1)} K")
    elif (volume := attributes.get("volume_level")) is not None:
        words.append(f"at {round(volume * 100)} %")
    return " ".join(words) or state.state


@dataclass(slots=True)
class Movement:
    """A device on its way from one state to another."""

    before: State
    began: datetime
    latest: State
    changed: datetime
    is_announced: bool = False


class DeviceWatch:
    """Turns the many small steps of a fade into a line at its start and its end."""

    QUIET = timedelta(seconds=1.5)
    """A device that has not moved for so long has arrived."""
    SOON = timedelta(seconds=0.5)
    """A device that still moves after so long is on a longer way."""

    def __init__(self, names: dict[str, str]) -> None:
        """Watch these entities, which have these names."""
        self.names = names
        self._moving: dict[str, Movement] = {}

    def changed(self, before: State, after: State, now: datetime) -> list[str]:
        """Take in a change of state and return what there is to say right away."""
        entity_id = after.entity_id
        if before.state != after.state and not entity_id.startswith("light."):
            earlier = self._moving.pop(entity_id, None)
            said = self._arrived(earlier) if earlier else []
            return [*said, self._line(after, describe(after))]
        if (movement := self._moving.get(entity_id)) is None:
            if describe(before) != describe(after):
                self._moving[entity_id] = Movement(before, now, after, now)
            return []
        movement.latest, movement.changed = after, now
        if movement.is_announced or now - movement.began < self.SOON:
            return []
        movement.is_announced = True
        return [self._line(after, f"fading from {describe(movement.before)}")]

    def arrived(self, now: datetime) -> list[str]:
        """Return what there is to say of devices that have come to rest."""
        said: list[str] = []
        for entity_id, movement in list(self._moving.items()):
            if now - movement.changed >= self.QUIET:
                del self._moving[entity_id]
                said += self._arrived(movement)
        return said

    @property
    def is_quiet(self) -> bool:
        """Tell whether no device is on its way."""
        return not self._moving

    def _arrived(self, movement: Movement) -> list[str]:
        text = describe(movement.latest)
        if text == describe(movement.before):
            return []
        text = f"{describe(movement.before)} → {text}"
        took = movement.changed - movement.began
        if took >= timedelta(seconds=1):
            text += f" in {took.total_seconds():.0f} s"
        return [self._line(movement.latest, text)]

    def _line(self, state: State, text: str) -> str:
        return f"{self.names[state.entity_id]:<{DEVICE_WIDTH}}{text}"
