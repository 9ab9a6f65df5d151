"""The tools of the other tests: what they say has to be what really happens."""

import asyncio
from collections.abc import AsyncIterator
import gc
import time

import pytest
import pytest_asyncio

from .client import CallError, Disconnected, WaitedInVain
from .conftest import Boot
from .flows import FlowRefused, config_flow
from .home_assistant import HomeAssistant
from .mosquitto import Broker
from .mpd import SONG, Mpd
from .mqtt_room import MqttRoom

# The tests of this file share one home.
pytestmark = pytest.mark.xdist_group("harness")


@pytest_asyncio.fixture(scope="module")
async def home(boot: Boot, broker: Broker) -> AsyncIterator[HomeAssistant]:
    """Return a Home Assistant with MQTT and without the integration."""
    async with boot(with_integration=False) as running:
        await broker.add_to(running.client)
        yield running


async def test_it_is_the_release_that_users_run(home: HomeAssistant) -> None:
    """Guards against testing on whatever version happens to be installed."""
    config = await home.client.call("get_config")
    assert config["version"] == "2026.11.0"
    assert config["state"] == "RUNNING"


async def test_two_run_side_by_side(home: HomeAssistant, boot: Boot) -> None:
    """A port or a folder in common would mix up two test runs on one machine."""
    async with boot(
        {"input_boolean": {"other": {"name": "Other"}}}, with_integration=False
    ) as other:
        await other.client.wait_for_state("input_boolean.other", "off")
        assert "input_boolean.other" not in home.client.states
        folder = other.folder
    assert not folder.exists()


async def test_a_refused_call_carries_its_reason(home: HomeAssistant) -> None:
    """Tests of errors assert keys; a lost key would let them pass on any error."""
    with pytest.raises(CallError) as refused:
        await home.client.action("light.paint", "light.none")
    assert refused.value.code == "not_found"
    assert refused.value.translation_key == "service_not_found"


async def test_a_flow_that_is_refused_says_where_and_why(home: HomeAssistant) -> None:
    """A form with errors must not be mistaken for a step forward."""
    with pytest.raises(FlowRefused) as refused:
        await config_flow(home.client, "mpd", {"host": "127.0.0.1", "port": 1})
    assert (refused.value.step, refused.value.errors) == (
        "user",
        {"base": "cannot_connect"},
    )


async def test_waiting_in_vain_fails_in_time(home: HomeAssistant) -> None:
    """A wait without a limit would hang the run instead of failing a test."""
    with pytest.raises(WaitedInVain, match=r"zone\.home paradise"):
        await home.client.wait_for_state("zone.home", "paradise", time_limit=0.3)


async def test_a_bulb_dims_and_records_what_it_was_told(
    home: HomeAssistant, room: MqttRoom
) -> None:
    """The room's account is the evidence of every later test."""
    bulb = room.bulb("Bed lamp", reports_fade=True)
    plain = room.bulb("Hall lamp", dims=False)
    await room.appear_in(home.client)
    assert home.client.state(bulb.entity_id).attributes["min_color_temp_kelvin"] == 2000
    assert home.client.state(plain.entity_id).attributes["supported_color_modes"] == [
        "onoff"
    ]

    await home.client.action(
        "light.turn_on", bulb.entity_id, brightness=100, color_temp_kelvin=2200
    )
    await home.client.wait_for_state(
        bulb.entity_id, "on", brightness=100, color_temp_kelvin=2200
    )
    assert [command.payload for command in bulb.commands] == [
        {"state": "ON", "brightness": 100, "color_temp": 2200}
    ]

    await home.client.action(
        "light.turn_on", bulb.entity_id, brightness=20, transition=1
    )
    seen = len(home.client.changes)
    await home.client.wait_for_state(bulb.entity_id, "on", brightness=20)
    way = [
        change.new.attributes["brightness"]
        for change in home.client.changes[seen:]
        if change.entity_id == bulb.entity_id and change.new
    ]
    assert way == sorted(way, reverse=True)
    assert len(way) >= 3


async def test_devices_misbehave_when_told_to(
    home: HomeAssistant, room: MqttRoom
) -> None:
    """A device that is deaf, slow, away or inexact has to be just that."""
    bulb, plug, fan = room.bulb("Lamp"), room.plug("Diffuser"), room.fan("Fan")
    await room.appear_in(home.client)

    plug.deaf = True
    await home.client.action("switch.turn_on", plug.entity_id)
    plug.deaf = False
    plug.delay = 0.5
    began = time.monotonic()
    await home.client.action("switch.turn_on", plug.entity_id)
    await home.client.wait_for_state(plug.entity_id, "on")
    assert time.monotonic() - began >= 0.5
    assert [command.payload for command in plug.commands] == ["ON", "ON"]

    plug.set_available(False)
    await home.client.wait_for_state(plug.entity_id, "unavailable")
    plug.set_available(True)
    await home.client.wait_for_state(plug.entity_id, "on")
    plug.move(is_on=False)
    await home.client.wait_for_state(plug.entity_id, "off")

    bulb.rounding = 10
    await home.client.action("light.turn_on", bulb.entity_id, brightness=127)
    await home.client.wait_for_state(bulb.entity_id, "on", brightness=130)
    bulb.move(brightness=254, kelvin=4000)
    await home.client.wait_for_state(bulb.entity_id, "on", color_temp_kelvin=4000)

    await home.client.action("fan.turn_on", fan.entity_id, percentage=30)
    await home.client.wait_for_state(fan.entity_id, "on", percentage=30)


async def test_devices_come_back_after_the_broker_was_dropped(
    home: HomeAssistant, room: MqttRoom, broker: Broker
) -> None:
    """The broker forgets what was retained; the devices have to tell it again."""
    plug = room.plug("Salt lamp")
    await room.appear_in(home.client)
    await broker.stop()
    await home.client.wait_for_state(plug.entity_id, "unavailable")
    plug.is_on = True
    await broker.start()
    await home.client.wait_for_state(plug.entity_id, "on", time_limit=30)
    await home.client.action("switch.turn_off", plug.entity_id)
    await home.client.wait_for_state(plug.entity_id, "off")


async def test_a_killed_home_assistant_comes_back_with_its_devices(
    boot: Boot, broker: Broker, room: MqttRoom
) -> None:
    """A kill must not save anything, and must not lock the harness out."""
    plug = room.plug("Heat pad")
    async with boot(with_integration=False) as home:
        entry = await broker.add_to(home.client)
        await room.appear_in(home.client)
        await home.wait_for_storage("core.config_entries", entry.entry_id)
        await home.kill()
        assert not home.is_running
        with pytest.raises(Disconnected):
            await home.client.call("get_config")
        plug.move(is_on=True)
        await home.start()
        await home.client.wait_for_state(plug.entity_id, "on")


async def test_who_hangs_up_on_the_player_is_seen_off(mpd: Mpd) -> None:
    """What was still on its way was thrown away by the collector of garbage."""
    for _ in range(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", mpd.port)
        assert (await reader.readline()).startswith(b"OK MPD")
        writer.close()
        for _ in range(30):
            await asyncio.sleep(0)
            # It complains of each task that nobody holds, and the test fails.
            gc.collect()


async def test_the_player_plays(home: HomeAssistant, mpd: Mpd) -> None:
    """Music has to be heard by the player itself, not only by Home Assistant."""
    player = await mpd.add_to(home.client)
    assert (await mpd.state(), await mpd.volume()) == ("stop", 50)
    await home.client.action("media_player.volume_set", player, volume_level=0.2)
    await home.client.action(
        "media_player.play_media",
        player,
        media_content_id=SONG,
        media_content_type="music",
    )
    assert (await mpd.state(), await mpd.volume()) == ("play", 20)
    await home.client.wait_for_state(player, "playing")
    await home.client.action("media_player.media_pause", player)
    assert await mpd.state() == "pause"
    assert [command.payload for command in mpd.commands] == [
        'setvol "20"',
        "clear",
        f'add "{SONG}"',
        "play",
        'pause "1"',
    ]
