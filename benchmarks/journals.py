"""What the journal costs as it grows, in a Home Assistant without a home.

Its core, stores and threads are the real ones; only devices and entities are missing.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
import tempfile
import time
from types import SimpleNamespace
from typing import Any, Self

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from custom_components.acupressure_mat.journal import Journal
from custom_components.acupressure_mat.practice import Practice
from custom_components.acupressure_mat.session.record import Record

from .measure import Measurement, Scale, paired

YEARS = 10
A_SESSION = timedelta(minutes=20)


def _records(days: int, a_day: int) -> Iterator[Record]:
    """Yield the records of the days before today, oldest first."""
    now = dt_util.now().replace(hour=12, minute=0, second=0, microsecond=0)
    for day in range(days, 0, -1):
        for number in range(a_day):
            begin = now - timedelta(days=day) + timedelta(minutes=10 * number)
            yield Record(
                id=f"{begin:%Y%m%d}{number}",
                started_at=begin,
                ended_at=begin + A_SESSION,
                elapsed=A_SESSION,
                planned=A_SESSION,
            )


class Slices:
    """The longest that one piece of work of the event loop took while the block lasted.

    In CPU time of its thread: other programs of a busy machine do not count.
    """

    def __init__(self) -> None:
        """Start with none."""
        self.longest = 0.0
        self.label = ""
        self._run = asyncio.Handle._run  # noqa: SLF001 - the one place that all pass

    def __enter__(self) -> Self:
        """Look at everything that the loop runs."""
        run = self._run

        def timed(handle: asyncio.Handle) -> None:
            # What it was is forgotten once it ran.
            called = handle._callback  # type: ignore[attr-defined]  # noqa: SLF001
            began = time.thread_time()
            run(handle)
            took = time.thread_time() - began
            if took > self.longest:
                self.longest, self.label = took, _named(called)

        asyncio.Handle._run = timed  # type: ignore[assignment, method-assign] # noqa: SLF001
        return self

    def __exit__(self, *_: object) -> None:
        """Look no more."""
        asyncio.Handle._run = self._run  # type: ignore[method-assign] # noqa: SLF001


def _named(called: object) -> str:
    """Return the name of the coroutine that a callback goes on with, or its own."""
    task = getattr(called, "__self__", None)
    told = task.get_coro() if isinstance(task, asyncio.Task) else called
    return str(getattr(told, "__qualname__", told))


class Written:
    """The bytes in files that were written while the block lasted."""

    def __init__(self, folder: Path) -> None:
        """Look at a folder."""
        self.bytes = 0
        self._folder = folder

    def __enter__(self) -> Self:
        """Remember when."""
        self._before = self._stamps()
        return self

    def __exit__(self, *_: object) -> None:
        """Add up what is new; a file is written whole."""
        self.bytes = sum(
            size
            for name, (stamp, size) in self._stamps().items()
            if self._before.get(name, (0, 0))[0] != stamp
        )

    def _stamps(self) -> dict[str, tuple[int, int]]:
        return {
            file.name: (stat.st_mtime_ns, stat.st_size)
            for file in self._folder.iterdir()
            for stat in (file.stat(),)
        }


def _entry(entry_id: str) -> Any:
    return SimpleNamespace(
        entry_id=entry_id,
        title=entry_id,
        data={},
        subentries={},
        async_on_unload=lambda _stop: None,
    )


async def _load(hass: HomeAssistant, entry_id: str) -> Practice:
    journal = Journal(hass, entry_id)
    practice = Practice(hass, _entry(entry_id), journal)
    await journal.async_load()
    await practice.async_load()
    return practice


async def _fill(hass: HomeAssistant, entry_id: str, days: int, a_day: int) -> Practice:
    journal = Journal(hass, entry_id)
    await journal.async_load()
    await journal.async_change((), _records(days, a_day))
    practice = Practice(hass, _entry(entry_id), journal)
    await practice.async_load()
    await journal.save()
    return await _load(hass, entry_id)


async def _complete(hass: HomeAssistant, practice: Practice, number: int) -> float:
    """Return the seconds until a finished session is in the journal and on disk."""
    begin = datetime.now(UTC).astimezone(dt_util.get_default_time_zone())
    record = Record(
        id=f"new{number}",
        started_at=begin - A_SESSION,
        ended_at=begin,
        elapsed=A_SESSION,
        planned=A_SESSION,
    )
    began = time.perf_counter()
    await practice.async_add(record)
    await practice.journal.save()
    return time.perf_counter() - began


async def _measure(folder: Path, times: int, records: int) -> list[Measurement]:
    hass = HomeAssistant(str(folder))
    await ir.async_load(hass, load_empty=True)
    storage = folder / ".storage"
    # At the same pace: two sessions a day.
    young = await _fill(hass, "young", 30, 2)
    old = await _fill(hass, "old", 365 * YEARS, 2)
    time_of: dict[str, list[float]] = {"young": [], "old": []}
    bytes_of: dict[str, list[float]] = {"young": [], "old": []}
    await _complete(hass, young, -1)
    await _complete(hass, old, -1)
    with Slices() as completing:
        for number in range(times):
            # Each goes first as often as the other.
            both = [("young", young), ("old", old)]
            for name, practice in both if number % 2 else reversed(both):
                with Written(storage) as written:
                    time_of[name].append(await _complete(hass, practice, number))
                bytes_of[name].append(written.bytes)
    a_day = _a_day(records)
    await _fill(hass, "full", 365 * YEARS, a_day)
    with Slices() as loading:
        began = time.perf_counter()
        full = await _load(hass, "full")
        loaded = time.perf_counter() - began
    counted = 365 * YEARS * a_day
    with Slices() as completing_full:
        await _complete(hass, full, 0)
    await hass.async_stop(force=True)
    return [
        paired(
            f"completing a session, {YEARS} years of records",
            time_of["old"],
            "one month of records",
            time_of["young"],
            1.2,
        ),
        Measurement(
            name=f"bytes written by it, {YEARS} years of records",
            ours=median(bytes_of["old"]),
            unit="bytes",
            reference_name="one month of records",
            reference=median(bytes_of["young"]),
            goal=1.2,
            samples=times,
        ),
        _slice("longest slice, completing a session", completing),
        _slice(f"longest slice, loading {counted:,} records", loading),
        _slice(f"longest slice, completing with {counted:,}", completing_full),
        Measurement(name=f"loading {counted:,} records", ours=loaded * 1000),
    ]


def _slice(name: str, slices: Slices) -> Measurement:
    return Measurement(
        name=f"{name} (CPU)",
        ours=slices.longest * 1000,
        goal=5,
        reference_name=slices.label,
    )


async def measure(scale: Scale) -> list[Measurement]:
    """Measure with journals in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="acupressure-mat-") as folder:
        return await _measure(Path(folder), scale.samples, scale.records)


async def fill(folder: Path, entry_id: str, records: int) -> int:
    """Give a mat of a home years of records while it is not loaded; return how many."""
    hass = HomeAssistant(str(folder))
    await ir.async_load(hass, load_empty=True)
    a_day = _a_day(records)
    await _fill(hass, entry_id, 365 * YEARS, a_day)
    await hass.async_stop(force=True)
    return 365 * YEARS * a_day


def _a_day(records: int) -> int:
    return max(1, round(records / (365 * YEARS)))


async def saves(times: int) -> list[float]:
    """Return the seconds that saves of a mat's file take, without anything else."""
    with tempfile.TemporaryDirectory(prefix="acupressure-mat-") as folder:
        hass = HomeAssistant(folder)
        journal = Journal(hass, "saved")
        await journal.async_load()
        taken = []
        for _ in range(times):
            began = time.perf_counter()
            await journal.save()
            taken.append(time.perf_counter() - began)
        await hass.async_stop(force=True)
    return taken
