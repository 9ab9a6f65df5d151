"""*Try it*, and Home Assistant goes down while the room plays."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from .conftest import Boot
from .flows import continue_subentry_flow
from .home_assistant import HomeAssistant
from .mat import ROUTINE, Mat
from .mosquitto import Broker
from .mqtt_room import Bulb, MqttRoom, Plug

# Home Assistant starts again in 3 to 10 s: then some of the 20 s are left, or none.
BOOT = 20


@dataclass
class TriedRoom:
    """A home whose first routine has just been saved with *try it*, and plays."""

    home: HomeAssistant
    mat: Mat
    lamp: Bulb
    diffuser: Plug

    async def is_as_before(self) -> None:
        """Return when lamp and plug themselves are as they were before it was tried."""
        async with asyncio.timeout(BOOT + 20):
            while self.diffuser.is_on or not (
                self.lamp.glow.is_on
                and self.lamp.glow.brightness == pytest.approx(200, abs=2)
                and self.lamp.glow.kelvin == pytest.approx(4000, abs=40)
            ):
                await asyncio.sleep(0.1)


@pytest_asyncio.fixture
async def tried(boot: Boot, broker: Broker, room: MqttRoom) -> AsyncIterator[TriedRoom]:
    """Return a room that plays the routine which somebody tries."""
    lamp, diffuser = room.bulb("Bed lamp"), room.plug("Diffuser")
    lamp.move(is_on=True, brightness=200, kelvin=4000)
    async with boot() as home:
        entry = await broker.add_to(home.client)
        await room.appear_in(home.client)
        mat = await Mat.add(home.client, "Anna")
        assert mat.first_flow
        await continue_subentry_flow(
            home.client,
            mat.first_flow,
            {"kind": "bedtime", "name": "Evening"},
            {
                "lights": [lamp.entity_id],
                "brightness": 12,
                "color_temp": 2200,
                "fade": {"seconds": 1},
                "diffusers": [diffuser.entity_id],
            },
            "try_it",
        )
        for entry_id in (entry.entry_id, mat.entry_id, ROUTINE):
            await home.wait_for_storage("core.config_entries", entry_id)
        async with asyncio.timeout(15):
            while not diffuser.is_on or lamp.glow.brightness > 40:
                await asyncio.sleep(0.1)
        yield TriedRoom(home, mat, lamp, diffuser)


async def test_a_kill_while_it_is_tried_puts_the_room_back(tried: TriedRoom) -> None:
    """Nobody thinks of a session then; a lamp left dim would be a riddle."""
    await tried.home.kill()
    assert tried.diffuser.is_on
    await tried.home.start()
    await tried.is_as_before()
    await tried.home.client.wait_for_state(
        await tried.mat.entity("sensor.phase"), "idle"
    )
    assert tried.mat.records(tried.home) == []
    assert tried.home.errors_of_ours() == []


async def test_a_restart_while_it_is_tried_puts_the_room_back(tried: TriedRoom) -> None:
    """Whoever sets things up restarts often, and closes the dialog with it."""
    await tried.home.stop()
    assert not tried.diffuser.is_on, "nobody is there to switch it off"
    await tried.home.start()
    await tried.is_as_before()
    await tried.home.client.wait_for_state(
        await tried.mat.entity("sensor.phase"), "idle"
    )
    assert tried.mat.records(tried.home) == []
    assert tried.home.errors_of_ours() == []
