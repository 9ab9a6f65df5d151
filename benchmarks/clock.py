"""Sessions and idle days of which every second passes, but on a clock that is moved."""

import asyncio
from typing import Any

from tests.e2e.mat import Mat
from tests.e2e.mpd import ENTITY_ID as PLAYER, SONG

from .home import LAMPS, PLUG, Bench, entities_of_ours, rows_of_ours
from .measure import Measurement, Scale

ROUTINES = 5
MINUTES = 20
LAMPS_THAT_STEP = 10
FADE = 10
"""Minutes."""
HOUR = 3600
LONG = 600.0
"""Real seconds that a simulated day may take."""
# From 78 percent, which is 200 of 255, to 12.
VISIBLE = 78 - 12


async def _pass(bench: Bench, seconds: float, at_least: float = 0) -> Any:
    """Let time pass; what a connection is told meanwhile may be late for its clock."""
    told = await bench.client.request(
        "POST",
        "/api/services/instrument/pass_time?return_response",
        {"seconds": seconds, "at_least": at_least},
        time_limit=LONG,
    )
    await bench.client.connect()
    return told["service_response"]


async def simulated(bench: Bench, scale: Scale) -> list[Measurement]:
    """Let a mat be idle for a day, then play a session and a fade on it."""
    client = bench.client
    mats = await client.call("config_entries/get", domain="acupressure_mat")
    await client.action(
        "instrument.remove", entry_ids=[entry["entry_id"] for entry in mats]
    )
    bench.mat = mat = await Mat.add(client, "Clock")
    bench.phase = await mat.entity("sensor.phase")
    default = await mat.add_routine(
        "Default",
        "bedtime",
        {
            "lights": list(LAMPS),
            "diffusers": [PLUG],
            "player": PLAYER,
            "media": {
                "entity_id": PLAYER,
                "media_content_id": SONG,
                "media_content_type": "music",
            },
        },
    )
    others = [
        await mat.add_routine(f"Idle {number}", "custom", {})
        for number in range(ROUTINES - 1)
    ]
    # Each comes with a reload of the mat, which is over when the last is there.
    await others[-1].entity("switch.session")
    await asyncio.sleep(1)
    return [
        *await _idle(bench, scale.idle, "after set-up", 0),
        await _rows(bench, scale, await default.entity("switch.session")),
        *await _idle(bench, scale.idle, "after a session", None),
        *await _fade(bench, scale),
    ]


async def _idle(
    bench: Bench, hours: float, when: str, goal: float | None
) -> list[Measurement]:
    told = await _pass(bench, hours * HOUR, at_least=10)
    written = Measurement(
        name=f"states written while idle for {hours:g} hours, {when}",
        ours=told["states"],
        unit="states",
        goal=goal,
    )
    if goal is None:
        return [written]
    return [
        written,
        Measurement(
            name="timers that wait: for the new day, or the evening",
            ours=len(told["timers"]),
            unit="timers",
            goal=1,
        ),
    ]


async def _rows(bench: Bench, scale: Scale, switch: str) -> Measurement:
    """Count in the recorder's own database what a whole session left there."""
    ours = await entities_of_ours(bench.client)
    await asyncio.sleep(2.5)  # the recorder writes every second
    before = rows_of_ours(bench.home, ours)
    await bench.client.action(
        "acupressure_mat.start_session", switch, duration={"minutes": MINUTES}
    )
    await _pass(bench, (MINUTES + 10) * 60, at_least=2 * scale.jump)
    await bench.client.wait_for_state(bench.phase, "idle")
    await asyncio.sleep(2.5)
    after = rows_of_ours(bench.home, ours)
    return Measurement(
        name=f"recorder rows of a default session of {MINUTES} minutes, all entities",
        ours=sum(after.values()) - sum(before.values()),
        unit="rows",
        goal=40,
    )


async def _fade(bench: Bench, scale: Scale) -> list[Measurement]:
    """Dim lamps that cannot fade by themselves over ten minutes."""
    lamps = [bench.room.bulb(f"Step {n}", fades=False) for n in range(LAMPS_THAT_STEP)]
    for lamp in lamps:
        lamp.move(is_on=True, brightness=200, kelvin=2200)
    await bench.room.appear_in(bench.client)
    routine = await bench.mat.add_routine(
        "Fade",
        "custom",
        {
            "lights": [lamp.entity_id for lamp in lamps],
            "brightness": 12,
            "color_temp": 2200,
            "fade": {"minutes": FADE},
        },
    )
    switch = await routine.entity("switch.session")
    bench.clear()
    await bench.client.action("instrument.begin_slices")
    await bench.client.action(
        "acupressure_mat.start_session", switch, duration={"minutes": MINUTES}
    )
    await _pass(bench, (FADE + 1) * 60, at_least=scale.jump)
    found = await bench.client.action("instrument.longest_slice", returns=True)
    commands = sum(len(lamp.commands) for lamp in lamps)
    return [
        Measurement(
            name=f"fade of {len(lamps)} lights over {FADE} min, commands",
            ours=commands,
            unit="commands",
            reference_name="visible steps of all of them",
            reference=VISIBLE * len(lamps),
            goal=1,
        ),
        Measurement(
            name="CPU of that fade, with what Home Assistant does for it",
            ours=found["total"] * 1000,
        ),
        Measurement(
            name="longest slice of that fade (CPU)",
            ours=found["seconds"] * 1000,
            reference_name=found["name"],
            goal=5,
        ),
        Measurement(
            name="longest round of Python's garbage collector meanwhile (CPU)",
            ours=found["collected"] * 1000,
        ),
    ]
