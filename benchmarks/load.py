"""Many mats, many sessions, many taps: nothing lost, nothing stuck, memory flat."""

import asyncio
import gzip
from statistics import median
import time

from tests.e2e.client import Client
from tests.e2e.home_assistant import REPOSITORY
from tests.e2e.mat import Mat

from .home import BRIGHT, LAMPS, Bench
from .measure import Measurement

CARD = REPOSITORY / "custom_components" / "acupressure_mat" / "www"


async def _bytes(client: Client) -> int:
    found = await client.action("instrument.memory", returns=True)
    return int(found["bytes"])


async def many_taps(bench: Bench, taps: int) -> list[Measurement]:
    """Start and stop as fast as Home Assistant answers.

    Before it is looked, a tenth of the taps has filled what is filled once.
    """
    client, switch = bench.client, bench.switches["Lights"]

    async def tap(times: int) -> float:
        began = time.monotonic()
        for _ in range(times // 2):
            for action in ("switch.turn_on", "switch.turn_off"):
                await client.action(action, switch)
        took = time.monotonic() - began
        await client.wait_for_state(bench.phase, "idle")
        await bench.settled(bench.lamps)
        await bench.let_go()
        return took

    kept = len(bench.mat.records(bench.home))
    took = await tap(taps)
    await _bytes(client)
    await tap(taps // 5)
    before = await _bytes(client)
    await tap(taps // 5)
    after = await _bytes(client)
    await client.action("instrument.forget")
    return [
        Measurement(
            name="lamps left dim by those taps",
            ours=sum(lamp.glow.brightness != BRIGHT for lamp in bench.lamps),
            unit="lamps",
            goal=0,
        ),
        Measurement(
            name=f"{taps} taps on one switch, each", ours=took / taps * 1000, goal=60
        ),
        Measurement(
            # All of Home Assistant's, whose own queues and caches come and go.
            name=f"memory that {taps // 5} more taps leave behind",
            ours=(after - before) / 1024,
            unit="KiB",
        ),
        Measurement(
            name="records of those taps",
            ours=len(bench.mat.records(bench.home)) - kept,
            unit="records",
            goal=0,
        ),
    ]


async def many_mats(bench: Bench, mats: int, routines: int) -> list[Measurement]:
    """Play sessions on many mats at once that all share three lamps."""
    client = bench.client
    room = {"lights": list(LAMPS), "brightness": 12, "fade": {"seconds": 0}}
    switches: list[str] = []
    phases: list[str] = []
    for number in range(mats):
        mat = await Mat.add(client, f"Mat {number}")
        added = [
            await mat.add_routine(f"R {number} {other}", "custom", room)
            for other in range(routines)
        ]
        # One session a mat, of any of its routines.
        switches.append(await added[-1].entity("switch.session"))
        phases.append(await mat.entity("sensor.phase"))
    began = time.monotonic()
    await client.action("switch.turn_on", switches)
    took = time.monotonic() - began
    for phase in phases:
        await client.wait_for_state(phase, "prepare", time_limit=30)
    await client.action("acupressure_mat.stop_session", switches, reason="mistake")
    for phase in phases:
        await client.wait_for_state(phase, "idle", time_limit=30)
    await bench.settled(bench.lamps)
    await bench.let_go()
    return [
        Measurement(
            name=f"{mats} sessions at once, of {mats} mats with {routines} routines",
            ours=took / mats * 1000,
        ),
        Measurement(
            name="lamps left dim by those sessions",
            ours=sum(lamp.glow.brightness != BRIGHT for lamp in bench.lamps),
            unit="lamps",
            goal=0,
        ),
    ]


async def slices(bench: Bench, times: int) -> Measurement:
    """Start, pause, resume, extend and stop, and find the longest slice of it."""
    client, switch = bench.client, bench.switches["Everything"]
    found: list[tuple[float, str]] = []
    for _ in range(times):
        await client.action("instrument.begin_slices")
        await client.action("switch.turn_on", switch)
        for action in ("pause_session", "resume_session", "skip_phase"):
            await client.action(f"acupressure_mat.{action}", switch)
            await asyncio.sleep(0.05)
        await client.action("acupressure_mat.stop_session", switch, reason="mistake")
        await client.wait_for_state(bench.phase, "idle")
        await bench.settled(bench.lamps)
        await bench.let_go()
        longest = await client.action("instrument.longest_slice", returns=True)
        found.append((longest["seconds"], longest["name"]))
    return Measurement(
        name="longest slice of a session, with what Home Assistant does for it (CPU)",
        ours=median(seconds for seconds, _ in found) * 1000,
        reference_name=max(found)[1],
        goal=5,
        samples=times,
    )


def card() -> Measurement:
    """Return what the card takes on the wire."""
    packed = gzip.compress((CARD / "acupressure-mat.js").read_bytes(), 9)
    return Measurement(
        name="card, gzipped", ours=len(packed), unit="bytes", goal=30_000
    )
