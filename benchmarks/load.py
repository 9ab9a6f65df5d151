"""Many mats, many sessions, many taps: nothing lost, nothing stuck, memory flat."""

import asyncio
from statistics import median
import time

from tests.e2e.client import Client

from .home import BRIGHT, GLIMMER, LAMPS, Bench
from .measure import Measurement, Scale


async def _bytes(client: Client) -> dict[str, int]:
    """Return the bytes in memory: `all`, `ours`, and the `recorder`'s."""
    found: dict[str, int] = await client.action("instrument.memory", returns=True)
    return found


async def many_taps(bench: Bench, scale: Scale) -> list[Measurement]:
    """Start and stop as fast as Home Assistant answers.

    Before it is looked, a tenth of the taps has filled what is filled once.
    """
    client, switch, taps = bench.client, bench.switches["Lights"], scale.taps

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
            name=f"memory that {taps // 5} more taps leave to our code",
            ours=(after["ours"] - before["ours"]) / 1024,
            unit="KiB",
            # A fifth for each: no session, room or record, which are a whole one.
            goal=max(1, taps // 25),
        ),
        Measurement(
            # Up to 2,048 of each kind, then it forgets as many as it learns.
            name="to the recorder, which remembers what it wrote last",
            ours=(after["recorder"] - before["recorder"]) / 1024,
            unit="KiB",
        ),
        Measurement(
            name="to all of Home Assistant, these included",
            ours=(after["all"] - before["all"]) / 1024,
            unit="KiB",
        ),
        Measurement(
            name="records of those taps",
            ours=len(bench.mat.records(bench.home)) - kept,
            unit="records",
            goal=0,
        ),
    ]


async def many_mats(bench: Bench, scale: Scale) -> list[Measurement]:
    """Set up many mats with routines, and play sessions on some of them at once.

    All share three lamps: whoever leaves last puts them back.
    """
    client = bench.client
    room = {
        "lights": {
            "lights": list(LAMPS),
            "brightness": 12,
            "color_temp": 2200,
            "fade": {"seconds": 0},
        }
    }
    names = [
        [f"M {mat} {number}" for number in range(scale.routines)]
        for mat in range(scale.mats)
    ]
    await client.action("instrument.begin_slices")
    began = time.monotonic()
    entry_ids = []
    for mat, routines in enumerate(names):
        made = await client.action(
            "instrument.add_mat",
            returns=True,
            title=f"Mat {mat}",
            routines=routines,
            room=room,
        )
        entry_ids += made["entry_ids"]
    switches = [f"switch.m_{mat}_0_session" for mat in range(scale.mats)]
    phases = [f"sensor.mat_{mat}_phase" for mat in range(scale.mats)]
    for phase in phases:
        await client.wait_for_state(phase, "idle", time_limit=60)
    added = time.monotonic() - began
    longest = await client.action("instrument.longest_slice", returns=True)
    switches, phases = switches[: scale.at_once], phases[: scale.at_once]
    times = min(scale.samples, 10)
    taken = [await _at_once(bench, switches, phases) for _ in range(times)]
    left = sum(lamp.glow.brightness != BRIGHT for lamp in bench.lamps)
    for entry_id in entry_ids:
        await client.action("instrument.remove", entry_ids=[entry_id])
    return [
        Measurement(
            name=f"set-up of {scale.mats} mats with {scale.routines} routines, each",
            ours=added / scale.mats * 1000,
        ),
        Measurement(
            name=f"longest slice, set-up of {scale.mats} mats (CPU)",
            ours=longest["seconds"] * 1000,
            reference_name=longest["name"],
            goal=5,
        ),
        Measurement(
            name=f"{scale.at_once} sessions at once, each",
            ours=median(taken) / scale.at_once * 1000,
            samples=times,
        ),
        Measurement(
            name="lamps left dim by those sessions", ours=left, unit="lamps", goal=0
        ),
    ]


async def _at_once(bench: Bench, switches: list[str], phases: list[str]) -> float:
    """Start these sessions in one call; return the seconds until all can be seen."""
    client = bench.client
    # The states of fifty mats that were just set up are no part of it.
    await client.action("instrument.written")
    began = time.monotonic()
    await client.action("switch.turn_on", switches)
    took = time.monotonic() - began
    for phase in phases:
        await client.wait_for_state(phase, "prepare", time_limit=30)
    for lamp in bench.lamps:
        # Else its state of before may be taken for that of after.
        await client.wait_for_state(lamp.entity_id, brightness=GLIMMER, time_limit=30)
    await client.action("acupressure_mat.stop_session", switches, reason="mistake")
    for phase in phases:
        await client.wait_for_state(phase, "idle", time_limit=30)
    await bench.settled(bench.lamps)
    return took


async def slices(bench: Bench, scale: Scale) -> list[Measurement]:
    """Start, pause, resume, extend and stop, and find the longest slice of it."""
    client, switch = bench.client, bench.switches["Everything"]
    found: list[tuple[float, str]] = []
    for _ in range(scale.samples):
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
    return [
        Measurement(
            name="longest slice of a session, with what Home Assistant does for it (CPU)",
            ours=median(seconds for seconds, _ in found) * 1000,
            reference_name=max(found)[1],
            goal=5,
            samples=scale.samples,
        )
    ]
