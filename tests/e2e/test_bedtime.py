"""A whole bedtime session on real bulbs, a real plug and a real player.

It is played once, in real seconds; each test looks at one side of it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
import time
from typing import Any

import pytest
import pytest_asyncio

from .client import Json
from .command import Command
from .conftest import Boot
from .home_assistant import HomeAssistant
from .mat import Happening, Mat, Routine
from .mosquitto import Broker
from .mpd import SONG, Mpd
from .mqtt_room import Bulb, MqttRoom, Plug

# The tests of this file share one home.
pytestmark = pytest.mark.xdist_group("bedtime")

PREPARE, AFTER, FADE_IN, FADE_OUT = 5, 4, 4, 6
ROOM: Json = {
    "brightness": 12,
    "color_temp": 2200,
    "fade": {"seconds": 3},
    "volume": 20,
    "fade_in": FADE_IN,
    "fade_out": FADE_OUT,
    "prepare": {"seconds": PREPARE},
    "after": {"seconds": AFTER},
}
DIM = round(0.12 * 255)
RAISED = round(0.22 * 255)

# Each says what it was told by firing an event; the last one may not run any more.
AUTOMATIONS: dict[str, Json] = {
    "session_started": {},
    "phase_started": {"options": {"phase": ["rest", "wind_down"]}},
    "session_completed": {},
    "session_stopped": {},
}


@dataclass
class Evening:
    """What there was before, and what is known after."""

    home: HomeAssistant
    mat: Mat
    routine: Routine
    bed: Bulb
    hall: Bulb
    diffuser: Plug
    mpd: Mpd
    began: float
    told: list[Happening]
    heard: list[Json]
    """What automations fired, in order."""
    on_mat: dict[str, str]
    """State of some entities in mid-session, by what they are."""
    record: Json | None = None

    def at(self, command: Command) -> float:
        """Return the seconds from the start to a command."""
        return command.at - self.began

    def seconds(self, happening: str) -> float:
        """Return the seconds from the start to something that happened."""
        begin = self.told[0].at
        return next(
            (h.at - begin).total_seconds() for h in self.told if str(h) == happening
        )


@pytest_asyncio.fixture(scope="module")
async def evening(boot: Boot, broker: Broker) -> AsyncIterator[Evening]:
    """Play the session from the tap on the switch until the room is released."""
    async with AsyncExitStack() as stack:
        room = await stack.enter_async_context(MqttRoom(broker))
        mpd = await stack.enter_async_context(Mpd())
        home = await stack.enter_async_context(boot())
        bed, hall = room.bulb("Bed lamp"), room.bulb("Hall lamp")
        diffuser = room.plug("Diffuser")
        bed.move(is_on=True, brightness=200, kelvin=4000)
        client = home.client
        await broker.add_to(client)
        await room.appear_in(client)
        player = await mpd.add_to(client)
        mat = await Mat.add(client, "Anna")
        routine = await mat.add_routine(
            "Bedtime",
            "bedtime",
            {
                **ROOM,
                "lights": [bed.entity_id, hall.entity_id],
                "diffusers": [diffuser.entity_id],
                "player": player,
                "media": {
                    "entity_id": player,
                    "media_content_id": SONG,
                    "media_content_type": "music",
                },
            },
        )
        await add_automations(home, routine)
        heard = await stack.enter_async_context(
            client.events(event_type="automation_heard")
        )
        began = time.monotonic()
        await routine.start(minutes=1)
        await routine.wait_for("rest", time_limit=40)
        on_mat = {
            name: client.state(await mat.entity(name)).state
            for name in ("binary_sensor.session", "sensor.phase", "sensor.duration")
        }
        await routine.wait_for("completed", time_limit=60)
        await client.wait_for_state(
            await mat.entity("sensor.phase"), "idle", time_limit=AFTER + 5
        )
        # The lights fade out, and the diffuser is looked at again after 5 s.
        await asyncio.sleep(7)
        records = mat.records(home)
        yield Evening(
            home=home,
            mat=mat,
            routine=routine,
            bed=bed,
            hall=hall,
            diffuser=diffuser,
            mpd=mpd,
            began=began,
            told=await routine.happenings(),
            heard=[event["data"] for event in heard.received],
            on_mat=on_mat,
            record=records[-1] if records else None,
        )


async def add_automations(home: HomeAssistant, routine: Routine) -> None:
    """Add automations as the editor does: one for each trigger, and a condition."""
    event = await routine.entity("event.session")
    switch = await routine.entity("switch.session")
    for name, options in AUTOMATIONS.items():
        await home.client.request(
            "POST",
            f"/api/config/automation/config/{name}",
            {
                "alias": name,
                "triggers": [
                    {
                        "trigger": f"acupressure_mat.{name}",
                        "target": {"entity_id": event},
                        **options,
                    }
                ],
                "conditions": [],
                "actions": [
                    {
                        "event": "automation_heard",
                        "event_data": {
                            "name": name,
                            "phase": "{{ trigger.to_state.attributes.phase }}",
                        },
                    },
                    {
                        "condition": "acupressure_mat.is_running",
                        "target": {"entity_id": switch},
                    },
                    {
                        "event": "automation_heard",
                        "event_data": {"name": f"{name} while it runs"},
                    },
                ],
                "mode": "queued",
            },
        )
    await home.client.wait_for(
        "all automations are on",
        lambda states: all(
            (state := states.get(f"automation.{name}")) and state.state == "on"
            for name in AUTOMATIONS
        ),
    )


async def test_the_phases_come_in_order_and_on_time(evening: Evening) -> None:
    """A wake-up that is late or lost would stretch the session."""
    assert [str(happening) for happening in evening.told] == [
        *("started", "prepare", "settle", "rest", "wind_down"),
        *("completed", "after"),
    ]
    # Settle and wind_down share half of the minute as 3 to 2.
    due = {"settle": 0, "rest": 18, "wind_down": 48, "completed": 60, "after": 60}
    for happening, seconds in due.items():
        assert evening.seconds(happening) == pytest.approx(PREPARE + seconds, abs=1), (
            happening
        )


async def test_the_entities_tell_what_goes_on(evening: Evening) -> None:
    """Dashboards and automations of others read states, not our events."""
    assert evening.on_mat == {
        "binary_sensor.session": "on",
        "sensor.phase": "rest",
        "sensor.duration": "1.0",
    }
    client, mat, routine = evening.home.client, evening.mat, evening.routine
    after = {
        name: client.state(await mat.entity(name)).state
        for name in ("binary_sensor.session", "sensor.phase", "sensor.minutes_today")
    }
    assert after == {
        "binary_sensor.session": "off",
        "sensor.phase": "idle",
        "sensor.minutes_today": "1.0",
    }
    assert client.state(await routine.entity("switch.session")).state == "off"


async def test_the_lamp_dims_warms_and_goes_out(evening: Evening) -> None:
    """One command with a fade for each change: more would flicker on real bulbs."""
    first, second, *rest = evening.bed.commands
    assert first.payload == {
        "state": "ON",
        "brightness": pytest.approx(DIM, abs=1),
        "color_temp": 2200,
        "transition": 3,
    }
    assert evening.at(first) < PREPARE
    assert second.payload["brightness"] == pytest.approx(RAISED, abs=1)
    assert evening.at(second) == pytest.approx(PREPARE + 48, abs=1)
    # Bedtime: the end of `after` is the dark.
    assert [command.payload["state"] for command in rest] == ["OFF"]
    assert evening.at(rest[0]) == pytest.approx(PREPARE + 60 + AFTER, abs=1)
    assert not evening.bed.glow.is_on


async def test_a_lamp_that_was_off_stays_off(evening: Evening) -> None:
    """Bedtime only dims: it must not light the hall."""
    assert evening.hall.commands == []


async def test_the_diffuser_is_on_for_the_session_and_surely_off_after(
    evening: Evening,
) -> None:
    """The one device that may never be left on."""
    on, *off = evening.diffuser.commands
    assert on.payload == "ON"
    assert evening.at(on) < PREPARE
    assert off
    assert {command.payload for command in off} == {"OFF"}
    assert evening.at(off[0]) == pytest.approx(PREPARE + 60, abs=1)
    assert not evening.diffuser.is_on


async def test_the_music_fades_in_and_out_and_never_blasts(evening: Evening) -> None:
    """Playing at the volume of the afternoon would throw a person off the mat."""
    told = [(evening.at(c), str(c.payload)) for c in evening.mpd.commands]
    begin = next(at for at, line in told if line == "play")
    volumes = [
        (at, int(line.split('"')[1])) for at, line in told if line.startswith("setvol")
    ]
    before = [volume for at, volume in volumes if at < begin]
    assert before, told
    assert before[-1] <= 5
    played = [(at, volume) for at, volume in volumes if at >= begin]
    silent = next(at for at, line in told if line in ("stop", 'pause "1"'))
    loud = [volume for at, volume in played if at <= silent]
    assert max(loud) == 20
    assert loud == [*sorted(loud[: loud.index(20) + 1]), *loud[loud.index(20) + 1 :]]
    reached = next(at for at, volume in played if volume == 20)
    assert reached - begin == pytest.approx(FADE_IN, abs=1.5)
    fading = [at for at, volume in played if volume < 20 and at > reached]
    assert fading[0] == pytest.approx(PREPARE + 60 - FADE_OUT, abs=1.5)
    assert silent == pytest.approx(PREPARE + 60, abs=1.5)
    # The knob is where it was, and nothing plays.
    assert await evening.mpd.state() in ("stop", "pause")
    assert await evening.mpd.volume() == 50


async def test_automations_hear_of_it_and_can_ask_whether_it_runs(
    evening: Evening,
) -> None:
    """Triggers and conditions are how a person builds on a session."""
    heard = [
        f"{event['name']} {event.get('phase', '')}".strip() for event in evening.heard
    ]
    assert heard == [
        "session_started prepare",
        "session_started while it runs",
        "phase_started rest",
        "phase_started while it runs",
        "phase_started wind_down",
        "phase_started while it runs",
        "session_completed after",
    ]


async def test_the_journal_has_it(evening: Evening) -> None:
    """A session that is not on disk never happened."""
    record = evening.record
    assert record is not None
    begin, end = (
        datetime.fromisoformat(record[key]) for key in ("started_at", "ended_at")
    )
    assert end - begin == pytest.approx(
        timedelta(seconds=PREPARE + 60), abs=timedelta(seconds=1)
    )
    expected: dict[str, Any] = {
        "outcome": "completed",
        "routine": "Bedtime",
        "kind": "bedtime",
        "elapsed": 60,
        "failed": [],
        "source": "user",
    }
    # What is as usual is not written down.
    usual = {"outcome": "completed", "source": "user", "failed": []}
    known = {**usual, **record}
    assert {key: known[key] for key in expected} == expected


async def test_the_log_has_nothing_to_complain_about(evening: Evening) -> None:
    """A warning in every evening's log is how people lose trust."""
    assert evening.home.errors_of_ours() == []
