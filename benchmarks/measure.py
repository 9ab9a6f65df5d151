"""Measurements with their references, as a table and as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
import json
import os
from pathlib import Path
import platform
from statistics import median
import sys
import time
from typing import Any, Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is measured."""

    samples: int = 20
    devices: int = 100
    taps: int = 1000
    # Mats, routines of each, and how many of them play a session at once.
    mats: int = 50
    routines: int = 5
    at_once: int = 20
    records: int = 100_000
    fresh_imports: int = 5
    # Seconds that a card is looked at.
    look: float = 60
    # Hours that nobody is on the mat.
    idle: float = 24
    # Seconds that the clock is moved on at once, at the least, while something runs.
    jump: float = 0.5
    # Seconds that a device hangs.
    hang: float = 10


FULL: Final = Scale()
QUICK: Final = Scale(
    samples=1,
    devices=20,
    taps=20,
    mats=3,
    routines=2,
    at_once=3,
    records=4_000,
    fresh_imports=1,
    look=3,
    idle=1,
    jump=1,
    hang=1,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A median, and what it is compared with in the same run."""

    name: str
    ours: float
    unit: str = "ms"
    reference_name: str = ""
    reference: float | None = None
    goal: float | None = None
    """The most that the ratio to the reference may be; without one, that `ours` may."""
    samples: int = 1

    @property
    def ratio(self) -> float | None:
        """How many times the reference it takes; None without one."""
        return self.ours / self.reference if self.reference else None

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.goal is None:
            return None
        return (self.ours if self.ratio is None else self.ratio) <= self.goal

    def row(self) -> tuple[str, ...]:
        """Return its line of the table."""
        verdict = {None: "", True: "met", False: "missed"}[self.is_met]
        return (
            self.name,
            _shown(self.ours, self.unit),
            self.reference_name,
            "" if self.reference is None else _shown(self.reference, self.unit),
            "" if self.ratio is None else f"{self.ratio:.2f}",
            "" if self.goal is None else f"≤ {self.goal:g}",
            verdict,
        )


def paired(
    name: str,
    ours: Sequence[float],
    reference_name: str,
    reference: Sequence[float],
    goal: float | None,
) -> Measurement:
    """Return the medians, in milliseconds, of what was measured in seconds in turns."""
    return Measurement(
        name=name,
        ours=median(ours) * 1000,
        reference_name=reference_name,
        reference=median(reference) * 1000,
        goal=goal,
        samples=len(ours),
    )


def _shown(value: float, unit: str) -> str:
    digits = 2 if unit in ("ms", "KiB") else 0
    return f"{value:,.{digits}f} {unit}"


HEADS: Final = ("measurement", "ours", "reference", "is", "ratio", "goal", "")


def table(measurements: Iterable[Measurement]) -> str:
    """Return the measurements as a table in Markdown."""
    rows = [HEADS, *(measurement.row() for measurement in measurements)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADS))]
    lines = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


BEGAN: Final = time.monotonic()


def say(what: str) -> None:
    """Tell whoever waits how far it is."""
    minutes, seconds = divmod(round(time.monotonic() - BEGAN), 60)
    print(f"[{minutes:2}:{seconds:02}] {what}", file=sys.stderr, flush=True)


def machine() -> str:
    """Return what it ran on, and how busy that was."""
    load, *_ = os.getloadavg()
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    return (
        f"{system}, {platform.machine()}, {os.cpu_count()} cores, Python"
        f" {platform.python_version()}, load {load:.1f}"
    )


def write(path: Path, measurements: Iterable[Measurement]) -> None:
    """Write the measurements as JSON."""
    data: dict[str, Any] = {
        "machine": machine(),
        "measurements": [
            {**asdict(m), "ratio": m.ratio, "is_met": m.is_met} for m in measurements
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1), encoding="utf-8")


BEGIN, END = "<!-- what scripts/benchmark printed -->", "<!-- until here -->"


def write_docs(
    page: Path, measurements: Sequence[Measurement], failed: Sequence[str]
) -> None:
    """Put the table into a page of the documentation, between its two marks."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    goals = [m.is_met for m in measurements if m.is_met is not None]
    told = f"{machine()}. Of {len(goals)} goals, {sum(goals)} were met."
    if failed:
        told += f" Not measured: {', '.join(failed)}."
    printed = f"{BEGIN}\n\n{told}\n\n{table(measurements)}\n\n{END}"
    page.write_text(f"{before}{printed}{after}", encoding="utf-8")
