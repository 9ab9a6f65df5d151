"""Measures inside the Home Assistant that is measured."""

import asyncio
from collections.abc import Callable
import gc
import sys
import time
import tracemalloc
from types import CodeType
from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
)
from homeassistant.helpers.typing import ConfigType

DOMAIN = "instrument"
QUICK = "_write_of_before"
OURS = "acupressure_mat"
TOOL = sys.monitoring.PROFILER_ID
EVENTS = sys.monitoring.events.PY_START | sys.monitoring.events.PY_RESUME


class Slices:
    """The longest piece of work of the event loop in which any of our code ran.

    In CPU time of its thread, so that other programs of a busy machine do not count;
    what Home Assistant does for us in between does.
    """

    def __init__(self) -> None:
        """Look at nothing yet."""
        self.longest = 0.0
        self.name = ""
        self._ours = ""
        self._run: Callable[[asyncio.Handle], None] | None = None

    def begin(self) -> None:
        """Look at everything that the loop runs from now on."""
        self.longest, self.name = 0.0, ""
        if self._run is not None:
            return
        sys.monitoring.use_tool_id(TOOL, DOMAIN)
        for event in (
            sys.monitoring.events.PY_START,
            sys.monitoring.events.PY_RESUME,
        ):
            sys.monitoring.register_callback(TOOL, event, self._on_code)
        sys.monitoring.set_events(TOOL, EVENTS)
        run = self._run = asyncio.Handle._run  # noqa: SLF001 - the one place that all pass

        def timed(handle: asyncio.Handle) -> None:
            self._ours = ""
            began = time.thread_time()
            run(handle)
            took = time.thread_time() - began
            if self._ours and took > self.longest:
                self.longest, self.name = took, self._ours

        asyncio.Handle._run = timed  # type: ignore[assignment, method-assign] # noqa: SLF001

    def _on_code(self, code: CodeType, _offset: int) -> Any:
        if OURS not in code.co_filename:
            return sys.monitoring.DISABLE
        self._ours = self._ours or code.co_qualname
        return None


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register what a benchmark asks for."""
    slices = Slices()

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

    async def memory(_call: ServiceCall) -> ServiceResponse:
        """Return the bytes that Python objects take, from the first call on."""
        if not tracemalloc.is_tracing():
            tracemalloc.start()
        gc.collect()
        return {"bytes": tracemalloc.get_traced_memory()[0]}

    async def forget(_call: ServiceCall) -> None:
        """Trace no longer: it costs time."""
        tracemalloc.stop()

    async def begin_slices(_call: ServiceCall) -> None:
        slices.begin()

    async def longest_slice(_call: ServiceCall) -> ServiceResponse:
        """Return the longest slice since `begin_slices`, in seconds of CPU."""
        return {"seconds": slices.longest, "name": slices.name}

    only = SupportsResponse.ONLY
    hass.services.async_register(DOMAIN, "slow_saves", slow_saves)
    hass.services.async_register(DOMAIN, "memory", memory, supports_response=only)
    hass.services.async_register(DOMAIN, "forget", forget)
    hass.services.async_register(DOMAIN, "begin_slices", begin_slices)
    hass.services.async_register(
        DOMAIN, "longest_slice", longest_slice, supports_response=only
    )
    return True
