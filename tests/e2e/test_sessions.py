"""Starting, changing and stopping sessions as people do, mistakes included."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from .client import CallError, Client
from .conftest import Boot
from .home_assistant import HomeAssistant
from .mat import Mat, Routine
from .mosquitto import Broker
from .mqtt_room import Bulb, Device, MqttRoom, Plug

# The tests of this file share one home.
pytestmark = pytest.mark.xdist_group("sessions")

FAST = {
    "brightness": 12,
    "color_temp": 2200,
    "fade": {"seconds": 0},
    "prepare": {"seconds": 1},
    "after": {"seconds": 1},
}


@dataclass
class House:
    """Anna with two routines and Ben with one, who share a lamp."""

    home: HomeAssistant
    anna: Mat
    bedtime: Routine
    morning: Routine
    ben: Mat
    stretching: Routine
    shared: Bulb
    lamp: Bulb
    diffuser: Plug

    @property
    def client(self) -> Client:
        """Return the connection to the home."""
        return self.home.client

    async def is_on(self, routine: Routine) -> bool:
        """Tell whether a routine's switch is on."""
        entity_id = await routine.entity("switch.session")
        return self.client.state(entity_id).state == "on"


@pytest_asyncio.fixture(scope="module")
async def house(boot: Boot, broker: Broker) -> AsyncIterator[House]:
    """Return a house that the tests of this module share."""
    async with MqttRoom(broker) as room, boot() as home:
        shared, lamp = room.bulb("Shared lamp"), room.bulb("Ben lamp")
        diffuser = room.plug("Diffuser")
        await broker.add_to(home.client)
        await room.appear_in(home.client)
        anna = await Mat.add(home.client, "Anna")
        bedtime = await anna.add_routine(
            "Bedtime",
            "bedtime",
            {
                **FAST,
                "lights": [shared.entity_id],
                "lights_end": "restore",
                "diffusers": [diffuser.entity_id],
            },
        )
        morning = await anna.add_routine("Morning", "morning", {"duration": 7})
        ben = await Mat.add(home.client, "Ben")
        stretching = await ben.add_routine(
            "Stretching",
            "after_work",
            {**FAST, "lights": [shared.entity_id, lamp.entity_id]},
        )
        yield House(
            home, anna, bedtime, morning, ben, stretching, shared, lamp, diffuser
        )


@pytest_asyncio.fixture(autouse=True)
async def nobody_is_on_a_mat(house: House) -> AsyncIterator[None]:
    """Light the lamps before each test; end what a test left running."""
    for bulb in (house.shared, house.lamp):
        bulb.move(is_on=True, brightness=200, kelvin=4000)
        await house.client.wait_for_state(bulb.entity_id, "on", brightness=200)
    yield
    for routine in (house.bedtime, house.morning, house.stretching):
        if await house.is_on(routine):
            await routine.perform("stop_session", reason="mistake")
    for mat in (house.anna, house.ben):
        await house.client.wait_for_state(await mat.entity("sensor.phase"), "idle")
    await settled(house.shared, house.lamp, house.diffuser)


async def settled(*devices: Device) -> None:
    """Return when no device has been commanded for a second."""
    while True:
        before = [len(device.commands) for device in devices]
        await asyncio.sleep(1)
        if before == [len(device.commands) for device in devices]:
            return


async def refused(house: House, action: str, target: object, **data: object) -> str:
    """Perform an action that has to be refused; return why, in words for a person."""
    with pytest.raises(CallError) as error:
        await house.client.action(
            f"acupressure_mat.{action}",
            target if isinstance(target, dict) else str(target),
            **data,  # type: ignore[arg-type]
        )
    assert error.value.code == "service_validation_error"
    assert error.value.translation_domain == "acupressure_mat"
    assert error.value.translation_key
    assert error.value.translation_key not in error.value.message
    return error.value.translation_key


async def test_saying_turn_on_bedtime_session_starts_it(house: House) -> None:
    """Voice has to work without a sentence of our own, by the switch's name."""
    answer = await house.client.request(
        "POST",
        "/api/conversation/process",
        {"text": "turn on bedtime session", "language": "en"},
    )
    assert answer["response"]["response_type"] == "action_done"
    assert answer["response"]["data"]["failed"] == []
    await house.client.wait_for_state(
        await house.bedtime.entity("switch.session"), "on"
    )
    assert not await house.is_on(house.morning)
    assert not await house.is_on(house.stretching)


async def test_a_double_tap_starts_one_session(house: House) -> None:
    """Two taps of one finger, or of two people, must not restart the clock."""
    switch = await house.bedtime.entity("switch.session")
    before = len(await house.bedtime.happenings())
    await asyncio.gather(
        *(house.client.action("switch.turn_on", switch) for _ in range(3))
    )
    await asyncio.sleep(0.5)
    told = [str(h) for h in (await house.bedtime.happenings())[before:]]
    assert told.count("started") == 1
    assert "stopped" not in told


async def test_a_second_routine_of_a_mat_is_refused_in_words(house: House) -> None:
    """One person lies on one mat; the running session must not notice."""
    await house.bedtime.start(minutes=5)
    with pytest.raises(CallError) as error:
        await house.morning.start()
    assert error.value.translation_key == "already_running"
    assert "Bedtime is running on this mat" in error.value.message
    with pytest.raises(CallError) as error:
        await house.client.action(
            "switch.turn_on", await house.morning.entity("switch.session")
        )
    assert error.value.translation_key == "already_running"
    assert await house.is_on(house.bedtime)
    assert not await house.is_on(house.morning)


async def test_two_mats_share_a_lamp_and_the_first_to_finish_wakes_nobody(
    house: House,
) -> None:
    """The lamp may come up only when the last of them is done."""
    await house.bedtime.start(minutes=5)
    await house.stretching.start(minutes=5)
    for bulb in (house.shared, house.lamp):
        await house.client.wait_for_state(bulb.entity_id, "on", brightness=31)
    await house.bedtime.perform("stop_session", reason="mistake")
    await settled(house.shared, house.diffuser)
    assert await house.is_on(house.stretching)
    assert house.shared.glow.brightness == 31
    assert not house.diffuser.is_on
    await house.stretching.perform("stop_session", reason="mistake")
    for bulb in (house.shared, house.lamp):
        await house.client.wait_for_state(
            bulb.entity_id, "on", brightness=200, color_temp_kelvin=4000
        )


async def test_pause_extend_and_skip_change_the_running_session(house: House) -> None:
    """Each change has to reach the clock, the room and the entities together."""
    phase = await house.anna.entity("sensor.phase")
    finishes_at = await house.anna.entity("sensor.finishes_at")
    await house.bedtime.start(minutes=5)
    await house.client.wait_for_state(phase, "settle")
    await house.client.wait_for_state(house.shared.entity_id, "on", brightness=31)
    await house.client.wait_for_state(house.diffuser.entity_id, "on")

    await house.client.action("button.press", await house.anna.entity("button.pause"))
    await house.client.wait_for_state(phase, "paused")
    # Light to find the water by, and no scent for nobody.
    await house.client.wait_for_state(house.shared.entity_id, "on", brightness=56)
    await house.client.wait_for_state(house.diffuser.entity_id, "off")
    assert house.client.state(finishes_at).state == "unknown"

    await house.bedtime.perform("resume_session")
    await house.client.wait_for_state(phase, "settle")
    await house.client.wait_for_state(house.shared.entity_id, "on", brightness=31)
    await house.client.wait_for_state(house.diffuser.entity_id, "on")
    before = datetime.fromisoformat(house.client.state(finishes_at).state)
    await house.bedtime.perform("extend_session", duration={"minutes": 5})
    await house.client.wait_for_state(
        await house.anna.entity("sensor.duration"), "10.0"
    )
    after = datetime.fromisoformat(house.client.state(finishes_at).state)
    assert after - before == timedelta(minutes=5)

    await house.bedtime.perform("skip_phase")
    await house.client.wait_for_state(phase, "rest")
    await house.bedtime.perform("skip_phase")
    await house.client.wait_for_state(phase, "wind_down")
    told = [str(h) for h in await house.bedtime.happenings()]
    assert told[-5:] == ["paused", "resumed", "extended", "rest", "wind_down"]


async def test_a_stop_because_it_hurts_gives_light_and_is_kept(house: House) -> None:
    """The one stop that counts from the first second: the person has to get up."""
    await house.bedtime.start(minutes=5)
    await house.client.wait_for_state(house.shared.entity_id, "on", brightness=31)
    await house.bedtime.perform("stop_session", reason="dizziness")
    await house.client.wait_for_state(house.diffuser.entity_id, "off")
    async with asyncio.timeout(10):
        while house.shared.glow.brightness < 0.29 * 255:
            await asyncio.sleep(0.1)
        # The light does not wait for the disk.
        while not (records := house.anna.records(house.home)):
            await asyncio.sleep(0.1)
    (record,) = records
    assert (record["outcome"], record["reason"]) == ("stopped", "dizziness")
    # The safe light stays for minutes; the next start takes the room over.
    await house.bedtime.start(minutes=5)


@pytest.mark.parametrize(
    ("target", "key"),
    [
        pytest.param("light.shared_lamp", "wrong_target", id="a lamp"),
        pytest.param("switch.nowhere", "wrong_target", id="a typing error"),
        pytest.param({"area_id": "atlantis"}, "target_not_found", id="a lost area"),
        pytest.param(
            {"area_id": "kitchen"}, "no_target", id="a room without a routine"
        ),
    ],
)
async def test_a_wrong_target_is_an_error(
    house: House, target: object, key: str
) -> None:
    """Home Assistant would ignore it, and the person would lie in bright light."""
    assert await refused(house, "start_session", target) == key


async def test_impossible_wishes_are_refused(house: House) -> None:
    """A wrong number or moment must change nothing, and say so."""
    switch = await house.bedtime.entity("switch.session")
    for minutes in (0, -5, 61, 100000):
        key = await refused(
            house, "start_session", switch, duration={"minutes": minutes}
        )
        assert key == "duration_out_of_range", minutes
    for action in ("pause_session", "resume_session", "skip_phase", "stop_session"):
        assert await refused(house, action, switch) == "not_running", action
    with pytest.raises(CallError):
        await house.client.action(
            "button.press", await house.anna.entity("button.pause")
        )
    assert not await house.is_on(house.bedtime)
    await house.bedtime.start(minutes=5)
    assert await refused(house, "resume_session", switch) == "not_paused"
    assert (
        await refused(house, "extend_session", switch, duration={"minutes": 60})
        == "duration_out_of_range"
    )


async def test_a_dead_broker_costs_the_room_but_not_the_session(
    house: House, broker: Broker
) -> None:
    """Without its devices a session is still a session on the mat."""
    phase = await house.anna.entity("sensor.phase")
    await house.bedtime.start(minutes=5)
    await house.client.wait_for_state(house.diffuser.entity_id, "on")
    await broker.stop()
    await house.client.wait_for_state(house.diffuser.entity_id, "unavailable")
    await house.client.wait_for_state(phase, "settle")
    await house.bedtime.perform("stop_session", reason="mistake")
    await house.client.wait_for_state(phase, "idle")
    assert house.diffuser.is_on
    await broker.start()
    # Whenever it comes back, it goes off.
    await house.client.wait_for_state(house.diffuser.entity_id, "on", time_limit=30)
    async with asyncio.timeout(15):
        while house.diffuser.is_on:
            await asyncio.sleep(0.1)


async def test_the_log_has_no_errors(house: House) -> None:
    """Refusals are the person's business; nothing here is an error of ours."""
    assert [
        text
        for text in house.home.errors_of_ours()
        if "did not follow" not in text and "websocket_api" not in text
    ] == []
