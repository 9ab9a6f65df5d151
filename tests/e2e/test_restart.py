"""Home Assistant goes down in mid-session, by plan or by the power cut of a kill -9."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from .client import Client
from .conftest import Boot
from .home_assistant import HomeAssistant
from .mat import Mat, Routine
from .mosquitto import Broker
from .mqtt_room import Bulb, MqttRoom, Plug

PREPARE, SETTLE = 3, 18
MINUTE = timedelta(minutes=1)


@dataclass
class Bedroom:
    """A home in which a session of one minute runs."""

    home: HomeAssistant
    mat: Mat
    routine: Routine
    lamp: Bulb
    diffuser: Plug

    @property
    def client(self) -> Client:
        """Return the connection to the home."""
        return self.home.client

    async def finishes_at(self) -> datetime:
        """Return when the session will be over."""
        state = self.client.state(await self.mat.entity("sensor.finishes_at"))
        return datetime.fromisoformat(state.state)

    async def wait_for_phase(self, phase: str, *, time_limit: float = 30) -> None:
        """Return when the mat is in a phase."""
        await self.client.wait_for_state(
            await self.mat.entity("sensor.phase"), phase, time_limit=time_limit
        )

    async def wait_until(self, moment: datetime) -> None:
        """Return at a moment."""
        await asyncio.sleep(max(0, (moment - datetime.now(UTC)).total_seconds()))

    async def wait_for_lamp(self, *, is_on: bool, percent: int | None = None) -> None:
        """Return when the lamp itself is so; its brightness within a point."""
        async with asyncio.timeout(15):
            while self.lamp.glow.is_on != is_on or (
                percent is not None
                and abs(self.lamp.glow.brightness / 2.55 - percent) > 1
            ):
                await asyncio.sleep(0.1)

    async def wait_for_diffuser(self, *, is_on: bool) -> None:
        """Return when the plug itself is so."""
        async with asyncio.timeout(15):
            while self.diffuser.is_on != is_on:
                await asyncio.sleep(0.1)


@pytest_asyncio.fixture
async def bedroom(boot: Boot, broker: Broker, room: MqttRoom) -> AsyncIterator[Bedroom]:
    """Return a bedroom whose session is in settle."""
    lamp, diffuser = room.bulb("Bed lamp"), room.plug("Diffuser")
    lamp.move(is_on=True, brightness=200, kelvin=4000)
    async with boot() as home:
        entry = await broker.add_to(home.client)
        await room.appear_in(home.client)
        mat = await Mat.add(home.client, "Anna")
        routine = await mat.add_routine(
            "Evening",
            "after_work",
            {
                "lights": [lamp.entity_id],
                "brightness": 12,
                "color_temp": 2200,
                "fade": {"seconds": 1},
                "diffusers": [diffuser.entity_id],
                "prepare": {"seconds": PREPARE},
                "after": {"seconds": 2},
            },
        )
        for entry_id in (entry.entry_id, mat.entry_id, routine.id):
            await home.wait_for_storage("core.config_entries", entry_id)
        await routine.start(minutes=1)
        running = Bedroom(home, mat, routine, lamp, diffuser)
        await running.wait_for_phase("settle")
        await running.wait_for_lamp(is_on=True, percent=12)
        await running.wait_for_diffuser(is_on=True)
        yield running


async def test_a_kill_in_mid_session_changes_nothing_for_the_person(
    bedroom: Bedroom,
) -> None:
    """The session has to go on as if nothing had been, to the second."""
    finishes_at = await bedroom.finishes_at()
    commands = len(bedroom.lamp.commands), len(bedroom.diffuser.commands)
    await bedroom.home.kill()
    assert bedroom.diffuser.is_on
    # Settle passes in the dark.
    await bedroom.wait_until(finishes_at - MINUTE + timedelta(seconds=SETTLE + 1))
    await bedroom.home.start()
    await bedroom.wait_for_phase("rest", time_limit=5)
    assert await bedroom.finishes_at() == finishes_at
    assert (
        bedroom.client.state(await bedroom.routine.entity("switch.session")).state
        == "on"
    )
    # The phase that began while nobody watched is told, after devices were seen to; the
    # start is not told again.
    await bedroom.routine.wait_for("rest")
    told = [str(happening) for happening in await bedroom.routine.happenings()]
    assert told.count("started") == 1
    assert told[-1] == "rest"
    assert (
        len(bedroom.lamp.commands),
        len(bedroom.diffuser.commands),
    ) == commands, "a room that is as it should be is not commanded again"

    await bedroom.routine.wait_for("completed", time_limit=60)
    now = datetime.now(UTC)
    assert abs(now - finishes_at) < timedelta(seconds=1.5)
    await bedroom.wait_for_diffuser(is_on=False)
    # After work: as it was before the session, which only the disk remembers.
    await bedroom.wait_for_phase("idle")
    await bedroom.wait_for_lamp(is_on=True, percent=78)
    assert bedroom.lamp.glow.kelvin == pytest.approx(4000, abs=40)
    (record,) = bedroom.mat.records(bedroom.home)
    assert record["elapsed"] == 60
    assert record.get("outcome", "completed") == "completed"
    assert bedroom.home.errors_of_ours() == []


async def test_an_end_that_nobody_saw_still_puts_the_room_back(
    bedroom: Bedroom,
) -> None:
    """Killed, and started when the session is long over: nothing may be left on."""
    finishes_at = await bedroom.finishes_at()
    await bedroom.home.kill()
    await bedroom.wait_until(finishes_at + timedelta(seconds=4))
    assert bedroom.diffuser.is_on
    await bedroom.home.start()
    await bedroom.wait_for_diffuser(is_on=False)
    await bedroom.wait_for_lamp(is_on=True, percent=78)
    assert (
        bedroom.client.state(await bedroom.routine.entity("switch.session")).state
        == "off"
    )
    async with asyncio.timeout(10):
        while not (records := bedroom.mat.records(bedroom.home)):
            await asyncio.sleep(0.1)
    (record,) = records
    assert record["outcome"] == "lost"
    assert record["elapsed"] == 60
    ended_at = datetime.fromisoformat(record["ended_at"])
    assert abs(ended_at - finishes_at) < timedelta(seconds=1)
    assert bedroom.home.errors_of_ours() == []


async def test_a_planned_restart_puts_the_diffuser_out_and_on_again(
    bedroom: Bedroom,
) -> None:
    """Nobody is there to switch it off while Home Assistant updates itself."""
    finishes_at = await bedroom.finishes_at()
    await bedroom.home.stop()
    assert not bedroom.diffuser.is_on
    await bedroom.home.start()
    await bedroom.wait_for_diffuser(is_on=True)
    assert await bedroom.finishes_at() == finishes_at
    assert bedroom.lamp.glow.brightness / 2.55 == pytest.approx(12, abs=1)
    await bedroom.routine.perform("stop_session", reason="mistake")
    await bedroom.wait_for_diffuser(is_on=False)
    await bedroom.wait_for_lamp(is_on=True, percent=78)
    assert bedroom.home.errors_of_ours() == []


async def test_reloading_the_mat_does_not_disturb_its_session(
    bedroom: Bedroom,
) -> None:
    """A reload comes with every change of a form, also in mid-session."""
    finishes_at = await bedroom.finishes_at()
    commands = len(bedroom.lamp.commands), len(bedroom.diffuser.commands)
    await bedroom.client.request(
        "POST", f"/api/config/config_entries/entry/{bedroom.mat.entry_id}/reload"
    )
    await bedroom.wait_for_phase("settle")
    assert await bedroom.finishes_at() == finishes_at
    await asyncio.sleep(2)
    assert (len(bedroom.lamp.commands), len(bedroom.diffuser.commands)) == commands
    assert [str(h) for h in await bedroom.routine.happenings()] == [
        *("started", "prepare", "settle"),
    ]
    # It is still held: a stop puts back what only the disk remembers.
    await bedroom.routine.perform("stop_session", reason="mistake")
    await bedroom.wait_for_diffuser(is_on=False)
    await bedroom.wait_for_lamp(is_on=True, percent=78)
    assert bedroom.mat.records(bedroom.home) == []
    assert bedroom.home.errors_of_ours() == []
