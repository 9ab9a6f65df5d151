"""What the card costs a browser."""

import asyncio
import gzip
from typing import Any

from playwright.async_api import Browser, expect

from tests.e2e.browser import chromium, visit
from tests.e2e.dashboard import CARD, add_dashboard
from tests.e2e.home_assistant import REPOSITORY

from .home import Bench
from .measure import Measurement, Scale

SCRIPT = REPOSITORY / "custom_components/acupressure_mat/www/acupressure-mat.js"
TIMER = "timer.reference"


def _size() -> Measurement:
    packed = gzip.compress(SCRIPT.read_bytes(), 9)
    return Measurement(
        name="card, gzipped", ours=len(packed), unit="bytes", goal=30_000
    )


async def _looked_at(
    browser: Browser, bench: Bench, path: str, element: str, seconds: float
) -> float:
    """Return the seconds of scripting while a dashboard is looked at."""
    async with visit(browser, bench.home) as visited:
        await visited.go(path)
        await expect(visited.page.locator(element).first).to_be_visible()
        # What loading leaves to be done is not what a minute costs.
        await asyncio.sleep(min(seconds, 5))
        devtools = await visited.page.context.new_cdp_session(visited.page)
        await devtools.send("Performance.enable")

        async def scripting() -> float:
            told: Any = await devtools.send("Performance.getMetrics")
            values = {item["name"]: item["value"] for item in told["metrics"]}
            return float(values["ScriptDuration"])

        before = await scripting()
        await asyncio.sleep(seconds)
        return await scripting() - before


async def card(bench: Bench, scale: Scale) -> list[Measurement]:
    """Compare the running card with Home Assistant's tile of a running timer."""
    client, look = bench.client, scale.look
    ours = await add_dashboard(client, "bench-card", {"type": f"custom:{CARD}"})
    core = await add_dashboard(client, "bench-timer", {"type": "tile", "entity": TIMER})
    await client.action("timer.start", TIMER, duration="00:30:00")
    await bench.tap("Lights")
    async with chromium() as browser:
        # Both at once, so that what else goes on in the machine falls on both.
        card_time, tile_time = await asyncio.gather(
            _looked_at(browser, bench, ours, CARD, look),
            _looked_at(browser, bench, core, "hui-tile-card", look),
        )
    await bench.undo("Lights", bench.lamps)
    await client.action("timer.cancel", TIMER)
    return [
        Measurement(
            name=f"card of a running session, scripting in {look:g} s",
            ours=card_time * 1000,
            reference_name="Home Assistant's tile of a timer",
            reference=tile_time * 1000,
            goal=2,
        ),
        _size(),
    ]
