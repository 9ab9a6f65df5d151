"""A home to measure in: real Home Assistant, real broker, real player."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
import sqlite3
from typing import Any, Final

from tests.e2e.client import Client
from tests.e2e.command import Command
from tests.e2e.home_assistant import DOMAIN, HomeAssistant
from tests.e2e.mat import Mat, Routine
from tests.e2e.mosquitto import Broker
from tests.e2e.mpd import ENTITY_ID as PLAYER, SONG, Mpd
from tests.e2e.mqtt_room import Bulb, Device, MqttRoom, Plug

from .measure import Scale

BRIGHT: Final = 200
GLIMMER: Final = 31
DIM: Final[dict[str, Any]] = {"brightness_pct": 12, "color_temp_kelvin": 2200}
LAMPS: Final = tuple(f"light.lamp_{number}" for number in range(3))
PLUG: Final = "switch.diffuser"
OTHER_PLUG: Final = "switch.other"
TARPIT: Final = "light.tarpit"
# In its place, one that does not hang.
FREE: Final = "light.free"
INSTRUMENT: Final = Path(__file__).parent / "instrument"

type Yaml = dict[str, Any]


def _call(action: str, entity_id: str, **data: object) -> Yaml:
    return {"action": action, "target": {"entity_id": entity_id}, "data": data}


def configuration(hang_for: float) -> Yaml:
    """Return the scripts that we are compared with, and a light that hangs."""
    lights = [_call("light.turn_on", lamp, **DIM) for lamp in LAMPS]
    plug = _call("switch.turn_on", PLUG)
    # A script that is to be as safe as a session has to save before a diffuser is on.
    save: Yaml = {"action": "instrument.save"}
    music = [
        _call("media_player.volume_set", PLAYER, volume_level=0.2),
        _call(
            "media_player.play_media",
            PLAYER,
            media_content_id=SONG,
            media_content_type="music",
        ),
    ]
    hang: list[Yaml] = [{"delay": hang_for}]
    return {
        "frontend": {},
        "instrument": {},
        "timer": {"reference": {"duration": "00:30:00"}},
        "script": {
            "one_after_the_other": {"sequence": [*lights, plug, *music]},
            "in_parallel": {
                "sequence": [{"parallel": [*lights, plug, {"sequence": music}]}]
            },
            "music_alone": {"sequence": music},
            "in_parallel_and_saved": {
                "sequence": [
                    {
                        "parallel": [
                            *lights,
                            {"sequence": [save, plug]},
                            {"sequence": music},
                        ]
                    }
                ]
            },
            "one_plug_and_saved": {
                "sequence": [save, _call("switch.turn_on", OTHER_PLUG)]
            },
        },
        "template": [
            {
                "light": [
                    {
                        "name": "Tarpit",
                        "unique_id": "tarpit",
                        "default_entity_id": TARPIT,
                        "state": "{{ true }}",
                        "level": "{{ 200 }}",
                        "turn_on": hang,
                        "turn_off": hang,
                        "set_level": hang,
                    }
                ]
            }
        ],
    }


class Bench:
    """The home with its devices; sessions are started and undone again and again."""

    def __init__(self, home: HomeAssistant, room: MqttRoom, mpd: Mpd, mat: Mat) -> None:
        """Take what is set up."""
        self.home = home
        self.room = room
        self.mpd = mpd
        self.mat = mat
        self.lamps: list[Bulb] = []
        self.phase = ""
        self.switches: dict[str, str] = {}

    @property
    def client(self) -> Client:
        """Return the connection to the home."""
        return self.home.client

    async def add_routine(self, name: str, **room: object) -> Routine:
        """Set up a routine whose lamps change at once."""
        routine = await self.mat.add_routine(
            name,
            "custom",
            {"brightness": 12, "color_temp": 2200, "fade": {"seconds": 0}, **room},
        )
        self.switches[name] = await routine.entity("switch.session")
        return routine

    async def tap(self, name: str) -> None:
        """Start a session as the dashboard does."""
        await self.client.action("switch.turn_on", self.switches[name])

    async def undo(self, name: str, lamps: Sequence[Bulb]) -> None:
        """Stop by mistake: everything is put back, nothing is kept.

        Not before every lamp has answered: then their end is waited for longer.
        """
        for lamp in lamps:
            await self.client.wait_for_state(lamp.entity_id, brightness=GLIMMER)
        await self.client.action(
            f"{DOMAIN}.stop_session", self.switches[name], reason="mistake"
        )
        await self.client.wait_for_state(self.phase, "idle")
        await self.settled(lamps)
        await self.let_go()

    async def let_go(self) -> None:
        """Return when nothing is held any more, on disk too."""
        key = f"{DOMAIN}.{self.mat.entry_id}"
        async with asyncio.timeout(30):
            while self.home.stored(key)["rooms"]:  # noqa: ASYNC110 - it is a file
                await asyncio.sleep(0.01)
        await self.client.action("instrument.saved")

    async def settled(self, lamps: Sequence[Bulb]) -> None:
        """Return when Home Assistant sees everything as it was found."""
        for lamp in lamps:
            await self.client.wait_for_state(
                lamp.entity_id, "on", brightness=BRIGHT, time_limit=30
            )
        await self.client.wait_for_state(PLUG, "off", time_limit=30)

    async def reset(self) -> None:
        """Put back by hand what a script changed, once it has been obeyed and told.

        Otherwise a state that comes late is taken for how a session found its room.
        """
        while any(device._tasks for device in self.room.devices):  # noqa: ASYNC110, SLF001
            await asyncio.sleep(0.001)
        await self._told()
        for lamp in self.lamps:
            lamp.move(brightness=BRIGHT, kelvin=4000)
        for device in self.room.devices:
            if isinstance(device, Plug):
                device.move(is_on=False)
        await self._told()

    async def _told(self) -> None:
        """Return when Home Assistant sees lamps and plugs as they are."""
        for lamp in self.lamps:
            await self.client.wait_for_state(
                lamp.entity_id, brightness=lamp.glow.brightness, time_limit=30
            )
        for device in self.room.devices:
            if isinstance(device, Plug):
                state = "on" if device.is_on else "off"
                await self.client.wait_for_state(device.entity_id, state, time_limit=30)

    async def silence(self) -> None:
        """Let the player be found silent."""
        await self.mpd.ask("stop")
        await self.mpd.set_volume(50)
        await self.client.action("homeassistant.update_entity", PLAYER)
        await self.client.wait_for(
            "the player is silent",
            lambda states: states[PLAYER].state not in ("playing", "paused"),
        )

    async def rest(self) -> None:
        """Let the home come to rest, and forget the commands so far.

        While the recorder writes the states of what went before, its thread and the
        event loop take turns: whoever came next would pay for it.
        """
        await self.client.action("instrument.written")
        self.clear()

    def clear(self) -> None:
        """Forget the commands so far."""
        for device in self.room.devices:
            device.commands.clear()
        self.mpd.commands.clear()


async def first(commands: list[Command]) -> Command:
    """Return the first command as soon as there is one."""
    async with asyncio.timeout(20):
        while not commands:  # noqa: ASYNC110 - commands carry the time of their arrival
            await asyncio.sleep(0.001)
    return commands[0]


async def first_of_all(devices: Sequence[Device]) -> list[float]:
    """Return when each device got its first command, in monotonic seconds."""
    return [(await first(device.commands)).at for device in devices]


def rows_of_ours(home: HomeAssistant, entity_ids: Sequence[str]) -> dict[str, int]:
    """Return how many states the recorder has of each entity."""
    with sqlite3.connect(home.folder / "home-assistant_v2.db") as database:
        counted = database.execute(
            "SELECT states_meta.entity_id, count(*) FROM states"
            " JOIN states_meta USING (metadata_id) GROUP BY states_meta.entity_id"
        )
        rows = dict(counted.fetchall())
    return {entity_id: rows.get(entity_id, 0) for entity_id in entity_ids}


async def entities_of_ours(client: Client) -> list[str]:
    """Return all entities of the integration."""
    listed = await client.call("config/entity_registry/list")
    return [item["entity_id"] for item in listed if item["platform"] == DOMAIN]


@asynccontextmanager
async def furnished(scale: Scale) -> AsyncIterator[Bench]:
    """Return the home with three lamps, two plugs, a player and a mat."""
    home = HomeAssistant(configuration(scale.hang))
    (home.folder / "custom_components" / "instrument").symlink_to(INSTRUMENT)
    async with Broker() as broker, MqttRoom(broker) as room, Mpd() as mpd, home:
        lamps = [room.bulb(f"Lamp {number}") for number in range(len(LAMPS))]
        for lamp in (*lamps, room.bulb("Free")):
            lamp.move(is_on=True, brightness=BRIGHT, kelvin=4000)
        room.plug("Diffuser")
        room.plug("Other")
        await broker.add_to(home.client)
        await room.appear_in(home.client)
        await mpd.add_to(home.client)
        bench = Bench(home, room, mpd, await Mat.add(home.client, "Bench"))
        bench.lamps = lamps
        await bench.add_routine("Lights", lights=list(LAMPS))
        await bench.add_routine("Lamp", lights=[LAMPS[0]])
        await bench.add_routine("Plug", diffusers=[OTHER_PLUG])
        await bench.add_routine("Stuck", lights=[*LAMPS, TARPIT])
        await bench.add_routine("Free", lights=[*LAMPS, FREE])
        await bench.add_routine(
            "Everything",
            lights=list(LAMPS),
            diffusers=[PLUG],
            player=PLAYER,
            media={
                "entity_id": PLAYER,
                "media_content_id": SONG,
                "media_content_type": "music",
            },
            volume=20,
            fade_in=0,
        )
        bench.phase = await bench.mat.entity("sensor.phase")
        yield bench
