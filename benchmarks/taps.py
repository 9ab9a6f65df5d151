"""From the tap to the commands at the broker and at the player."""

import asyncio
from collections.abc import Iterator
from statistics import median
import time

from tests.e2e.mqtt_room import Device

from . import journals
from .home import DIM, FREE, LAMPS, OTHER_PLUG, PLUG, TARPIT, Bench, first, first_of_all
from .measure import Measurement, Scale, paired, say

SLOW = 0.05
NAMES = {
    "lights": "last light command",
    "music": "music playing",
    "plug": "diffuser on",
}


class Taps:
    """Samples in seconds, each kind in turn with the others."""

    def __init__(self, bench: Bench, saves: list[float]) -> None:
        """Measure in a home; `saves` are measured saves of a session."""
        self.bench = bench
        self.saves = saves
        self.samples: dict[str, list[float]] = {}

    def _note(self, name: str, seconds: float) -> None:
        self.samples.setdefault(name, []).append(seconds)

    async def sample(self, times: int) -> Iterator[Measurement]:
        """Take so many samples of each; the first round only warms up."""
        for number in range(times + 1):
            say(f"  round {number} of {times}")
            # Each goes first as often as the other: whatever went before is felt.
            both = [("session", 0.0), ("slow", SLOW)]
            for name, saves in both if number % 2 else reversed(both):
                await self._session(name, saves)
            await self._script("in_parallel")
            await self._script("in_parallel_and_saved")
            await self._script("one_after_the_other")
            await self._music_alone()
            await self._direct()
            await self._direct_light()
            await self._plug_script()
            await self._alone()
            await self._lights("Free")
            await self._lights("Stuck")
        self.samples = {name: taken[1:] for name, taken in self.samples.items()}
        return self._measurements()

    async def _session(self, name: str, saves: float = 0) -> None:
        bench = self.bench
        await bench.silence()
        await bench.rest()
        await bench.client.action("instrument.slow_saves", seconds=saves)
        began = time.monotonic()
        await bench.tap("Everything")
        await self._commands(name, began)
        await bench.client.action("instrument.slow_saves", seconds=0)
        await bench.undo("Everything", bench.lamps)

    async def _script(self, name: str) -> None:
        bench = self.bench
        await bench.silence()
        await bench.rest()
        began = time.monotonic()
        await bench.client.action("script.turn_on", f"script.{name}")
        await self._commands(name, began)
        await bench.client.wait_for_state(f"script.{name}", "off")
        await bench.reset()

    async def _commands(self, name: str, began: float) -> None:
        """Note when each kind of device got its command."""
        bench = self.bench
        lamps = await first_of_all(bench.lamps)
        (plug,) = await first_of_all(
            [device for device in bench.room.devices if device.entity_id == PLUG]
        )
        music = await self._music()
        self._note(f"{name} first", min(*lamps, plug, music) - began)
        self._note(f"{name} lights", max(lamps) - began)
        self._note(f"{name} plug", plug - began)
        self._note(f"{name} music", music - began)
        self._note(f"{name} all", max(*lamps, plug, music) - began)

    async def _music_alone(self) -> None:
        """Note when music plays where a script has nothing else to do."""
        bench = self.bench
        await bench.silence()
        await bench.rest()
        began = time.monotonic()
        await bench.client.action("script.turn_on", "script.music_alone")
        self._note("music alone", await self._music() - began)
        await bench.client.wait_for_state("script.music_alone", "off")

    async def _music(self) -> float:
        """Return when the player was told to play."""
        commands = self.bench.mpd.commands
        async with asyncio.timeout(20):
            while True:
                for command in commands:
                    if str(command.payload).startswith("play"):
                        return command.at
                await asyncio.sleep(0.001)

    def _device(self, entity_id: str) -> Device:
        devices = self.bench.room.devices
        return next(d for d in devices if d.entity_id == entity_id)

    async def _alone(self) -> None:
        """Note when one lamp, or one plug, is told that is all there is to do."""
        bench = self.bench
        for name, lamps, device in (
            ("Lamp", bench.lamps[:1], bench.lamps[0]),
            ("Plug", [], self._device(OTHER_PLUG)),
        ):
            await bench.rest()
            began = time.monotonic()
            await bench.tap(name)
            self._note(name, (await first(device.commands)).at - began)
            await bench.client.wait_for_state(device.entity_id, "on")
            await bench.undo(name, lamps)
            await bench.client.wait_for_state(OTHER_PLUG, "off")

    async def _direct_light(self) -> None:
        bench, lamp = self.bench, self.bench.lamps[0]
        await bench.rest()
        began = time.monotonic()
        await bench.client.action("light.turn_on", lamp.entity_id, **DIM)
        self._note("direct light", (await first(lamp.commands)).at - began)
        await bench.reset()

    async def _direct(self) -> None:
        bench, plug = self.bench, self._device(OTHER_PLUG)
        await bench.rest()
        began = time.monotonic()
        await bench.client.action("switch.turn_on", OTHER_PLUG)
        self._note("direct", (await first(plug.commands)).at - began)
        await bench.reset()

    async def _plug_script(self) -> None:
        bench, plug = self.bench, self._device(OTHER_PLUG)
        await bench.rest()
        began = time.monotonic()
        await bench.client.action("script.turn_on", "script.one_plug_and_saved")
        self._note("plug script", (await first(plug.commands)).at - began)
        await bench.reset()

    async def _lights(self, name: str) -> None:
        """Note the first and the last of the lamps of a routine with lights only."""
        bench = self.bench
        await bench.rest()
        began = time.monotonic()
        await bench.tap(name)
        lamps = await first_of_all(bench.lamps)
        self._note(f"{name} first", min(lamps) - began)
        self._note(f"{name} lights", max(lamps) - began)
        await bench.undo(name, bench.lamps)

    def _and_a_save(self, taken: list[float]) -> list[float]:
        return [each + save for each, save in zip(taken, self.saves, strict=False)]

    def _measurements(self) -> Iterator[Measurement]:
        s = self.samples
        yield paired(
            "tap to first device command",
            s["session first"],
            "one direct switch.turn_on of a plug",
            s["direct"],
            1.3,
        )
        yield paired(
            "the same command",
            s["session first"],
            "the first of a script, one after the other",
            s["one_after_the_other first"],
            None,
        )
        yield paired(
            "tap to the command of one lamp, and nothing else to do",
            s["Lamp"],
            "one direct switch.turn_on of a plug",
            s["direct"],
            1.3,
        )
        yield paired(
            "the same lamp",
            s["Lamp"],
            "one direct light.turn_on of it",
            s["direct light"],
            None,
        )
        yield paired(
            "tap to the command of one plug, once its session is on disk",
            s["Plug"],
            "one direct switch.turn_on and one measured save",
            self._and_a_save(s["direct"]),
            1.3,
        )
        yield paired(
            "the same plug",
            s["Plug"],
            "a script that saves before it",
            s["plug script"],
            None,
        )
        yield Measurement(
            name="one measured save, and nothing else to do",
            ours=median(self.saves) * 1000,
            samples=len(self.saves),
        )
        yield paired(
            f"tap to last light command ({len(LAMPS)} lights)",
            s["session lights"],
            "a script with parallel",
            s["in_parallel lights"],
            1.0,
        )
        yield paired(
            "tap to music playing",
            s["session music"],
            "a script with volume, then play",
            s["in_parallel music"],
            1.1,
        )
        yield paired(
            "the same music",
            s["session music"],
            "a script with volume, then play, and nothing else to do",
            s["music alone"],
            None,
        )
        yield paired(
            "tap to last of all commands",
            s["session all"],
            "a script, one after the other",
            s["one_after_the_other all"],
            0.7,
        )
        yield paired(
            "tap to diffuser on",
            s["session plug"],
            "the parallel script and one measured save",
            self._and_a_save(s["in_parallel plug"]),
            1.1,
        )
        yield paired(
            "the same diffuser",
            s["session plug"],
            "a script with parallel that saves before it",
            s["in_parallel_and_saved plug"],
            None,
        )
        slowed = f"saves slowed by {SLOW * 1000:.0f} ms"
        for what, reference in (
            ("lights", s["session lights"]),
            ("music", s["session music"]),
            ("plug", [plug + SLOW for plug in s["session plug"]]),
        ):
            yield paired(
                f"tap to {NAMES[what]}, {slowed}",
                s[f"slow {what}"],
                "saves as they are" + (" and so much" if what == "plug" else ""),
                reference,
                1.1,
            )
        yield paired(
            f"last command to the others while {TARPIT} hangs",
            s["Stuck lights"],
            f"with {FREE} in its place",
            s["Free lights"],
            1.1,
        )


async def taps(bench: Bench, scale: Scale) -> list[Measurement]:
    """Tap, in turn with what a tap is compared with."""
    saves = await journals.saves(max(scale.samples, 20))
    return list(await Taps(bench, saves).sample(scale.samples))
