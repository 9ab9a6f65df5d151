"""How long it takes to import the integration after Home Assistant itself."""

import asyncio
import json
from statistics import median
import subprocess
import sys

from .measure import Measurement, Scale

SCRIPT = """
import json, pkgutil, sys, time
import homeassistant.components.conversation, homeassistant.components.recorder
import homeassistant.components.frontend, homeassistant.components.media_player
import homeassistant.components.light, homeassistant.components.calendar
import homeassistant.helpers.llm, homeassistant.helpers.trigger
began = time.perf_counter()
import custom_components.acupressure_mat as ours
for module in ("coordinator", "config_flow", "switch", "sensor", "binary_sensor",
               "number", "button", "event", "calendar", "trigger", "condition"):
    __import__(f"{ours.__name__}.{module}")
print(json.dumps(time.perf_counter() - began))
"""


def _seconds() -> float:
    printed = subprocess.run(
        (sys.executable, "-c", SCRIPT), check=True, capture_output=True, text=True
    ).stdout
    return float(json.loads(printed))


async def measure(scale: Scale) -> list[Measurement]:
    """Import in a fresh Python each time."""
    taken = [await asyncio.to_thread(_seconds) for _ in range(scale.fresh_imports)]
    return [
        Measurement(
            name="import of the integration after Home Assistant's own parts",
            ours=median(taken) * 1000,
            samples=len(taken),
        )
    ]
