"""Which pieces of work of the event loop are ours, and how long they are."""

import asyncio
from collections.abc import Callable
import gc
from pathlib import Path
import sys
import threading
import time
from types import CodeType
from typing import Any

OURS = "acupressure_mat"
TOOL = sys.monitoring.PROFILER_ID
EVENTS = sys.monitoring.events.PY_START | sys.monitoring.events.PY_RESUME


class Slices:
    """The longest piece of work of the event loop in which any of our code ran.

    In CPU time of its thread, so that other programs of a busy machine do not count;
    what Home Assistant does for us in between does. A round of Python's garbage
    collector does not: it looks at all that Home Assistant has in memory, and comes to
    whoever happens to ask for the next object. The longest of those is kept apart.
    """

    def __init__(self) -> None:
        """Look at nothing yet."""
        self.longest = 0.0
        self.name = ""
        self.total = 0.0
        self.collected = 0.0
        self._collecting = 0.0
        self._collected = 0.0
        self._ours = ""
        self._thread = 0
        self._run: Callable[[asyncio.Handle], None] | None = None

    def begin(self) -> None:
        """Look at everything that the loop runs from now on."""
        self.longest, self.name, self.total, self.collected = 0.0, "", 0.0, 0.0
        if self._run is not None:
            return
        sys.monitoring.use_tool_id(TOOL, "slices")
        for event in (
            sys.monitoring.events.PY_START,
            sys.monitoring.events.PY_RESUME,
        ):
            sys.monitoring.register_callback(TOOL, event, self._on_code)
        sys.monitoring.restart_events()
        sys.monitoring.set_events(TOOL, EVENTS)
        self._thread = threading.get_ident()
        gc.callbacks.append(self._on_collection)
        run = self._run = asyncio.Handle._run  # noqa: SLF001 - the one place that all pass

        def timed(handle: asyncio.Handle) -> None:
            self._ours, self._collected = "", 0.0
            began = time.thread_time()
            run(handle)
            took = time.thread_time() - began - self._collected
            if not self._ours:
                return
            self.total += took
            if took > self.longest:
                self.longest, self.name = took, self._ours

        asyncio.Handle._run = timed  # type: ignore[assignment, method-assign] # noqa: SLF001

    def end(self) -> None:
        """Look no more."""
        if self._run is None:
            return
        asyncio.Handle._run = self._run  # type: ignore[assignment, method-assign] # noqa: SLF001
        self._run = None
        gc.callbacks.remove(self._on_collection)
        sys.monitoring.set_events(TOOL, 0)
        sys.monitoring.free_tool_id(TOOL)

    def _on_code(self, code: CodeType, _offset: int) -> Any:
        if OURS not in code.co_filename:
            return sys.monitoring.DISABLE
        if threading.get_ident() == self._thread:
            file = Path(code.co_filename).stem
            self._ours = self._ours or f"{file}.{code.co_qualname}"
        return None

    def _on_collection(self, phase: str, _info: object) -> None:
        if threading.get_ident() != self._thread:
            return
        if phase == "start":
            self._collecting = time.thread_time()
            return
        took = time.thread_time() - self._collecting
        self._collected += took
        self.collected = max(self.collected, took)
