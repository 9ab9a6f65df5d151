"""What more of everything costs: devices, routines, records."""

import asyncio
from collections.abc import Sequence
from statistics import median
import time

from tests.e2e.client import Client
from tests.e2e.mqtt_room import Bulb

from . import journals
from .home import GLIMMER, Bench, first_of_all
from .measure import Measurement, Scale, paired, say

ROUTINES = 5
HELPERS = ("switch", "number", "event")


async def many_devices(bench: Bench, scale: Scale) -> list[Measurement]:
    """Compare a session with 100 lamps with one of 10: its start, and a phase."""
    many = scale.devices
    few = many // 10
    lamps = [bench.room.bulb(f"Row {number}") for number in range(many)]
    for lamp in lamps:
        lamp.move(is_on=True, brightness=200, kelvin=4000)
    await bench.room.appear_in(bench.client)
    groups = {"Few": lamps[:few], "Many": lamps}
    starts: dict[str, list[float]] = {name: [] for name in groups}
    changes: dict[str, list[float]] = {name: [] for name in groups}
    for name, group in groups.items():
        await bench.add_routine(name, lights=[lamp.entity_id for lamp in group])
    for number in range(scale.samples):
        say(f"  round {number + 1} of {scale.samples}")
        for name, group in groups.items():
            await bench.settled(group)
            await bench.rest()
            began = time.monotonic()
            await bench.tap(name)
            starts[name].append(max(await first_of_all(group)) - began)
            changes[name].append(await _wind_down(bench, name, group))
            await bench.undo(name, ())
            await bench.settled(group)
    for lamp in lamps:
        lamp.withdraw()
        bench.room.devices.remove(lamp)
    return [
        paired(
            f"{what}, {many} devices",
            taken["Many"],
            f"{few} devices",
            taken["Few"],
            many / few,
        )
        for what, taken in (
            ("tap to last command", starts),
            ("phase change to last command", changes),
        )
    ]


async def _wind_down(bench: Bench, name: str, group: Sequence[Bulb]) -> float:
    """Return the seconds from a skip into wind_down until the last lamp is told."""
    for lamp in group:
        await bench.client.wait_for_state(lamp.entity_id, brightness=GLIMMER)
    skip = ("acupressure_mat.skip_phase", bench.switches[name])
    for phase in ("settle", "rest"):
        await bench.client.action(*skip)
        await bench.client.wait_for_state(bench.phase, phase)
    await bench.rest()
    began = time.monotonic()
    await bench.client.action(*skip)
    return max(await first_of_all(group)) - began


async def _set_up(client: Client, entry_ids: Sequence[str]) -> float:
    """Return the seconds that setting entries up takes, imports apart."""
    found = await client.action(
        "instrument.time_set_up", returns=True, entry_ids=list(entry_ids)
    )
    return float(found["seconds"])


async def set_up(bench: Bench, scale: Scale) -> list[Measurement]:
    """Compare a mat with five routines with one without, and with core's helpers."""
    client = bench.client
    mats = {
        count: await client.action(
            "instrument.add_mat",
            returns=True,
            title=f"Set up {count}",
            routines=[f"Routine {count} {number}" for number in range(count)],
        )
        for count in (0, ROUTINES)
    }
    helpers = await client.action(
        "instrument.add_helpers",
        returns=True,
        kinds=[kind for _ in range(ROUTINES) for kind in HELPERS],
    )
    entries = {
        "none": mats[0]["entry_ids"],
        "five": mats[ROUTINES]["entry_ids"],
        "core": helpers["entry_ids"],
    }
    taken: dict[str, list[float]] = {name: [] for name in entries}
    timers: list[float] = []
    for _ in range(scale.samples):
        found = await client.action(
            "instrument.time_timers", returns=True, count=ROUTINES
        )
        timers.append(found["seconds"])
        for name, entry_ids in entries.items():
            taken[name].append(await _set_up(client, entry_ids))
    for entry_ids in entries.values():
        await client.action("instrument.remove", entry_ids=entry_ids)
    none, five, core = (median(taken[name]) for name in entries)
    return [
        Measurement(
            name="set-up, for each routine of a mat",
            ours=(five - none) / ROUTINES * 1000,
            goal=2,
            samples=scale.samples,
        ),
        Measurement(
            name="the same against core's helpers",
            ours=(five - none) / ROUTINES * 1000,
            reference_name="a timer, and a template switch, number and event",
            reference=(core + median(timers)) / ROUTINES * 1000,
            samples=scale.samples,
        ),
        Measurement(
            name="set-up of a mat without routines",
            ours=none * 1000,
            samples=scale.samples,
        ),
    ]


async def start_with_records(bench: Bench, scale: Scale) -> list[Measurement]:
    """Set up a mat with ten years of records and all its entities."""
    client = bench.client
    made = await client.action(
        "instrument.add_mat",
        returns=True,
        title="Ten years",
        routines=[f"Years {number}" for number in range(ROUTINES)],
    )
    (entry_id,) = made["entry_ids"]
    disable = {"entry_id": entry_id}
    await client.call("config_entries/disable", **disable, disabled_by="user")
    count = await journals.fill(bench.home.folder, entry_id, scale.records)
    found: list[tuple[float, str]] = []
    for _ in range(min(scale.samples, 5)):
        await client.action("instrument.begin_slices")
        await client.call("config_entries/disable", **disable, disabled_by=None)
        await asyncio.sleep(1)
        longest = await client.action("instrument.longest_slice", returns=True)
        found.append((longest["seconds"], longest["name"]))
        await client.call("config_entries/disable", **disable, disabled_by="user")
    await client.action("instrument.remove", entry_ids=[entry_id])
    return [
        Measurement(
            name=f"longest slice, start with {count:,} records and entities (CPU)",
            ours=median(seconds for seconds, _ in found) * 1000,
            reference_name=max(found)[1],
            goal=5,
            samples=len(found),
        )
    ]
