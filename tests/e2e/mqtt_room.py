"""Simulated devices: they speak MQTT as real ones do, and misbehave when told to."""

import asyncio
from dataclasses import dataclass
import json
import time
from types import TracebackType
from typing import Any, Final, Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from .client import Client, Json
from .command import Command
from .mosquitto import Broker

FADE_STEP: Final = 0.25
"""Seconds between two reports of a bulb that tells how its fade goes on."""
CONNECT_LIMIT: Final = 10.0


class Device:
    """What all devices have: commands in, states out, and the ways to misbehave."""

    kind = ""

    def __init__(self, room: MqttRoom, name: str) -> None:
        """Name a device; the room announces it."""
        self.name = name
        self.id = name.lower().replace(" ", "_")
        self.commands: list[Command] = []
        self.deaf = False
        """Commands are recorded, and nothing happens."""
        self.delay = 0.0
        """Seconds between a command and its effect."""
        self._room = room
        self._available = True
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def entity_id(self) -> str:
        """Return the entity that Home Assistant makes of the device."""
        return f"{self.kind}.{self.id}"

    @property
    def topic(self) -> str:
        """Return what all topics of the device begin with."""
        return f"room/{self.id}"

    def discovery(self) -> Json:
        """Return what the device tells Home Assistant about itself."""
        return {
            "name": None,
            "unique_id": self.id,
            "default_entity_id": self.entity_id,
            "command_topic": f"{self.topic}/set",
            "state_topic": f"{self.topic}/state",
            "availability_topic": f"{self.topic}/available",
            "device": {"identifiers": [self.id], "name": self.name},
        }

    def report(self) -> Json | str:
        """Return the state as the device sends it."""
        raise NotImplementedError

    async def obey(self, command: Any) -> None:
        """Do what a command says."""
        raise NotImplementedError

    def announce(self) -> None:
        """Tell all there is, as a device does that has just connected."""
        self._room.publish(
            f"homeassistant/{self.kind}/{self.id}/config", self.discovery()
        )
        self._publish_availability()
        self.publish_state()

    def withdraw(self) -> None:
        """Leave for good."""
        self.close()
        for topic in (
            f"homeassistant/{self.kind}/{self.id}/config",
            f"{self.topic}/available",
            f"{self.topic}/state",
        ):
            self._room.publish(topic, "")

    def publish_state(self) -> None:
        """Send the state."""
        if self._available:
            self._room.publish(f"{self.topic}/state", self.report())

    def set_available(self, available: bool) -> None:
        """Take the device off the network, or bring it back with its state."""
        self._available = available
        self._publish_availability()
        self.publish_state()

    def _publish_availability(self) -> None:
        self._room.publish(
            f"{self.topic}/available", "online" if self._available else "offline"
        )

    def receive(self, payload: str) -> None:
        """Take in a command: a JSON object or a bare word."""
        if not self._available:
            return
        try:
            command = json.loads(payload)
        except ValueError:
            command = payload
        self.commands.append(Command(time.monotonic(), command))
        if not self.deaf:
            self._start(self._obey_later(command))

    async def _obey_later(self, command: Any) -> None:
        await asyncio.sleep(self.delay)
        await self.obey(command)

    def _start(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def close(self) -> None:
        """Forget what was going on."""
        for task in self._tasks:
            task.cancel()


class Plug(Device):
    """A plug that is on or off."""

    kind = "switch"

    def __init__(self, room: MqttRoom, name: str) -> None:
        """Start switched off."""
        super().__init__(room, name)
        self.is_on = False

    def report(self) -> Json | str:
        """Return ON or OFF."""
        return "ON" if self.is_on else "OFF"

    async def obey(self, command: Any) -> None:
        """Switch."""
        self.move(is_on=command == "ON")

    def move(self, *, is_on: bool) -> None:
        """Press the plug's own button."""
        self.is_on = is_on
        self.publish_state()


class Fan(Plug):
    """A fan that is on or off and has a speed in percent."""

    kind = "fan"

    def __init__(self, room: MqttRoom, name: str) -> None:
        """Start switched off, at half speed."""
        super().__init__(room, name)
        self.percentage = 50

    def discovery(self) -> Json:
        """Add the speed."""
        return {
            **super().discovery(),
            "state_value_template": "{{ value_json.state }}",
            "percentage_command_topic": f"{self.topic}/set",
            "percentage_command_template": '{"percentage": {{ value }} }',
            "percentage_state_topic": f"{self.topic}/state",
            "percentage_value_template": "{{ value_json.percentage }}",
        }

    def report(self) -> Json:
        """Return state and speed."""
        return {"state": super().report(), "percentage": self.percentage}

    async def obey(self, command: Any) -> None:
        """Switch, or change the speed."""
        if isinstance(command, dict):
            self.percentage = command["percentage"]
            self.publish_state()
        else:
            await super().obey(command)


@dataclass(slots=True)
class Glow:
    """How a bulb shines."""

    is_on: bool = False
    brightness: int = 254
    kelvin: int = 2700


class Bulb(Device):
    """A bulb with brightness (1 to 254) and white from 2000 to 6500 K."""

    kind = "light"

    def __init__(
        self,
        room: MqttRoom,
        name: str,
        *,
        dims: bool = True,
        fades: bool = True,
        reports_fade: bool = False,
    ) -> None:
        """Start switched off.

        A bulb that fades tells the target at once, as most do, or (`reports_fade`)
        every step on the way. One that does not dim is only on or off.
        """
        super().__init__(room, name)
        self.glow = Glow()
        self.rounding = 1
        """Brightness comes back as a multiple of this."""
        self._dims = dims
        self._fades = fades and dims
        self._reports_fade = reports_fade
        self._fade: asyncio.Task[None] | None = None

    def discovery(self) -> Json:
        """Say what the bulb can do."""
        modes = ["color_temp"] if self._dims else ["onoff"]
        return {
            **super().discovery(),
            "schema": "json",
            "brightness": self._dims,
            "supported_color_modes": modes,
            "color_temp_kelvin": True,
            "min_kelvin": 2000,
            "max_kelvin": 6500,
            "flash": False,
            "transition": self._fades,
        }

    def report(self) -> Json:
        """Return the state as Home Assistant's JSON schema has it."""
        state: Json = {"state": "ON" if self.glow.is_on else "OFF"}
        if self._dims:
            step = self.rounding
            brightness = max(step, round(self.glow.brightness / step) * step)
            state |= {
                "color_mode": "color_temp",
                "brightness": min(brightness, 254),
                "color_temp": self.glow.kelvin,
            }
        return state

    async def obey(self, command: Any) -> None:
        """Switch, dim and warm, with a fade if the command has one."""
        target = Glow(
            is_on=command.get("state", "ON") == "ON",
            brightness=command.get("brightness", self.glow.brightness),
            kelvin=command.get("color_temp", self.glow.kelvin),
        )
        if self._fade:
            self._fade.cancel()
            self._fade = None
        if self._fades and self._reports_fade and command.get("transition"):
            self._fade = self._start(self._fade_to(target, command["transition"]))
        else:
            self.glow = target
            self.publish_state()

    async def _fade_to(self, target: Glow, seconds: float) -> None:
        begin = Glow(
            True, self.glow.brightness if self.glow.is_on else 1, self.glow.kelvin
        )
        end = target.brightness if target.is_on else 1
        steps = max(1, round(seconds / FADE_STEP))
        for step in range(1, steps):
            part = step / steps
            self.glow = Glow(
                True,
                round(begin.brightness + (end - begin.brightness) * part),
                round(begin.kelvin + (target.kelvin - begin.kelvin) * part),
            )
            self.publish_state()
            await asyncio.sleep(FADE_STEP)
        self.glow = target
        self.publish_state()

    def move(
        self,
        *,
        is_on: bool | None = None,
        brightness: int | None = None,
        kelvin: int | None = None,
    ) -> None:
        """Use the wall switch or the remote control."""
        if self._fade:
            self._fade.cancel()
            self._fade = None
        if is_on is not None:
            self.glow.is_on = is_on
        if brightness is not None:
            self.glow.brightness = brightness
        if kelvin is not None:
            self.glow.kelvin = kelvin
        self.publish_state()


class MqttRoom:
    """The devices of a room, all through one connection to a broker."""

    def __init__(self, broker: Broker) -> None:
        """Start with an empty room."""
        self.devices: list[Device] = []
        self._broker = broker
        self._connected = asyncio.Event()
        self._mqtt = paho.Client(
            CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5
        )

    async def __aenter__(self) -> Self:
        """Connect."""
        loop = asyncio.get_running_loop()
        self._mqtt.reconnect_delay_set(1, 2)

        # The client has a thread of its own; all else happens on the loop.
        def connected(*_: object) -> None:
            loop.call_soon_threadsafe(self._on_connect)

        def received(_: object, __: object, message: paho.MQTTMessage) -> None:
            loop.call_soon_threadsafe(
                self._on_message, message.topic, message.payload.decode()
            )

        self._mqtt.on_connect = connected
        self._mqtt.on_message = received
        self._mqtt.connect_async("127.0.0.1", self._broker.port)
        self._mqtt.loop_start()
        async with asyncio.timeout(CONNECT_LIMIT):
            await self._connected.wait()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Disconnect."""
        for device in self.devices:
            device.close()
        self._mqtt.disconnect()
        await asyncio.to_thread(self._mqtt.loop_stop)

    def _on_connect(self) -> None:
        """Announce every device: the broker remembers nothing after a drop."""
        self._mqtt.subscribe("room/+/set")
        for device in self.devices:
            device.announce()
        self._connected.set()

    def _on_message(self, topic: str, payload: str) -> None:
        for device in self.devices:
            if topic == f"{device.topic}/set":
                device.receive(payload)

    def publish(self, topic: str, payload: Json | str) -> None:
        """Send a retained message."""
        text = payload if isinstance(payload, str) else json.dumps(payload)
        self._mqtt.publish(topic, text, qos=1, retain=True)

    def add[D: Device](self, device: D) -> D:
        """Put a device into the room."""
        self.devices.append(device)
        device.announce()
        return device

    def bulb(self, name: str, **abilities: bool) -> Bulb:
        """Add a bulb; abilities as in Bulb."""
        return self.add(Bulb(self, name, **abilities))

    def plug(self, name: str) -> Plug:
        """Add a plug."""
        return self.add(Plug(self, name))

    def fan(self, name: str) -> Fan:
        """Add a fan."""
        return self.add(Fan(self, name))

    def clear(self) -> None:
        """Take every device out of the home; Home Assistant forgets them."""
        for device in self.devices:
            device.withdraw()
        self.devices.clear()

    async def appear_in(self, client: Client) -> None:
        """Return when Home Assistant has every device that is on the network."""
        for device in self.devices:
            await client.wait_for_state(device.entity_id)
