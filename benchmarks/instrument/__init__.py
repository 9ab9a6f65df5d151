"""Measures inside the Home Assistant that is measured."""

import asyncio
import gc
import tracemalloc
from typing import Any

from homeassistant.components.recorder import get_instance
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
)
from homeassistant.helpers.storage import Store
from homeassistant.helpers.typing import ConfigType

from .clock import async_setup_clock
from .entries import async_setup_entries
from .slices import Slices

DOMAIN = "instrument"
QUICK = "_write_of_before"
SESSION_BYTES = 4000


def _asked_for(taken: tracemalloc.Snapshot, files: str) -> int:
    """Return the bytes that the code of some files asked for."""
    only = tracemalloc.Filter(inclusive=True, filename_pattern=files)
    return sum(trace.size for trace in taken.filter_traces([only]).traces)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register what a benchmark asks for."""
    slices = Slices()
    async_setup_clock(hass, DOMAIN)
    async_setup_entries(hass, DOMAIN)

    async def slow_saves(call: ServiceCall) -> None:
        """Let each save of ours take so many seconds longer."""
        from custom_components.acupressure_mat.files import File  # noqa: PLC0415

        write = getattr(File, QUICK, File._async_write_data)  # noqa: SLF001
        seconds = call.data["seconds"]

        async def slow(file: File, data: Any) -> None:
            await asyncio.sleep(seconds)
            await write(file, data)

        setattr(File, QUICK, write)
        setattr(File, "_async_write_data", slow if seconds else write)  # noqa: B010

    store: Store[dict[str, str]] = Store(
        hass, 1, f"{DOMAIN}.saved", private=True, atomic_writes=True
    )

    async def save(_call: ServiceCall) -> None:
        """Have as much on disk as a session with its room is, for a script's sake."""
        await store.async_save({"text": "x" * SESSION_BYTES})

    async def saved(_call: ServiceCall) -> None:
        """Return once all that our mats know is on disk, and nothing is being written.

        A tap would wait for a write of what was before it.
        """
        for entry in hass.config_entries.async_loaded_entries("acupressure_mat"):
            await entry.runtime_data.journal.save()

    async def written(_call: ServiceCall) -> None:
        """Return once the recorder has written all states up to now.

        There may be thousands, of a kilobyte or two each, and while it writes them its
        thread and the event loop take turns.
        """
        await get_instance(hass).async_block_till_done()

    async def memory(call: ServiceCall) -> ServiceResponse:
        """Return the bytes that Python objects take, from the first call on.

        And of them those that our own code asked for, and those of the recorder, which
        remembers the words of the last 2,048 events and of as many states' attributes.
        """
        await written(call)
        if not tracemalloc.is_tracing():
            tracemalloc.start()
        gc.collect()
        taken = tracemalloc.take_snapshot()
        return {
            "all": sum(trace.size for trace in taken.traces),
            "ours": _asked_for(taken, "*/acupressure_mat/*"),
            "recorder": _asked_for(taken, "*/components/recorder/*"),
        }

    async def forget(_call: ServiceCall) -> None:
        """Trace no longer: it costs time."""
        tracemalloc.stop()

    async def begin_slices(_call: ServiceCall) -> None:
        slices.begin()

    async def longest_slice(_call: ServiceCall) -> ServiceResponse:
        """Look no longer; return what was found, in seconds of CPU."""
        slices.end()
        return {
            "seconds": slices.longest,
            "name": slices.name,
            "total": slices.total,
            "collected": slices.collected,
        }

    only = SupportsResponse.ONLY
    hass.services.async_register(DOMAIN, "slow_saves", slow_saves)
    hass.services.async_register(DOMAIN, "save", save)
    hass.services.async_register(DOMAIN, "saved", saved)
    hass.services.async_register(DOMAIN, "written", written)
    hass.services.async_register(DOMAIN, "memory", memory, supports_response=only)
    hass.services.async_register(DOMAIN, "forget", forget)
    hass.services.async_register(DOMAIN, "begin_slices", begin_slices)
    hass.services.async_register(
        DOMAIN, "longest_slice", longest_slice, supports_response=only
    )
    return True
