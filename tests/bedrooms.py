"""A home for tests at random: odd devices, and what is truly so of each of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.light import ATTR_BRIGHTNESS, ColorMode
from homeassistant.components.media_player import MediaPlayerState
from homeassistant.core import Context

from .home import Evening, Lamp, Misbehaving, Plug, Radio

# A cause that is somebody's automation, and so a hand.
AUTOMATION = Context(parent_id="automation")


class Odd(Misbehaving):
    """A device whose commands or news may take their time, and that can be reset."""

    # Seconds until a command that it accepted comes about.
    late = 0.0
    # Seconds until it tells of what came about.
    echo = 0.0
    # News that are under way.
    _news = 0
    # Commands that come about only later, in order.
    _to_come: Sequence[asyncio.Task[None]] = ()

    @property
    def is_telling(self) -> bool:
        """Whether Home Assistant does not know yet how it is."""
        return self._news > 0

    @property
    def is_healthy(self) -> bool:
        """Whether it does what it is told, soon."""
        return self.present and not (self.deaf or self.broken or self.slow or self.late)

    def heal(self) -> None:
        """Make it do as it is told again; what it had not come to it forgets."""
        for task in self._to_come:
            task.cancel()
        self.deaf = self.broken = False
        self.slow = self.late = 0.0

    async def in_time(self, action: Callable[[], Awaitable[None]]) -> None:
        """Carry out a command, now or later."""
        if not self.late:
            await action()
            return

        async def later(seconds: float, *earlier: asyncio.Task[None]) -> None:
            await asyncio.sleep(seconds)
            # Timers of one moment have no order; what a device is told has one.
            await asyncio.gather(*earlier, return_exceptions=True)
            await action()

        self._to_come = [
            *(task for task in self._to_come if not task.done()),
            self.hass.async_create_background_task(
                later(self.late, *self._to_come[-1:]), "late device"
            ),
        ]

    @override
    def answer(self) -> None:
        if not self.echo:
            super().answer()
            return

        def tell() -> None:
            self._news -= 1
            super(Odd, self).answer()

        self._news += 1
        self.hass.loop.call_later(self.echo, tell)


class OddLamp(Odd, Lamp):
    """A lamp that may be late."""

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self.in_time(lambda: Lamp.async_turn_on(self, **kwargs))

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self.in_time(lambda: Lamp.async_turn_off(self, **kwargs))

    @property
    def known(self) -> Light | None:
        """How Home Assistant knows it, but for the colour."""
        state = self.hass.states.get(self.entity_id)
        if state is None or not self.present:
            return None
        return Light(
            on=state.state == "on", level=state.attributes.get(ATTR_BRIGHTNESS) or 0
        )

    def put(self, *, on: bool, brightness: int, hue: bool) -> None:
        """Make it so, from outside of every session."""
        self._attr_is_on = on
        level = max(brightness, self.floor)
        self._attr_brightness = level // self.round_to * self.round_to
        self._attr_color_mode = ColorMode.HS if hue else ColorMode.COLOR_TEMP
        self._attr_color_temp_kelvin = 4000
        self._attr_hs_color = (30.0, 60.0)
        self.tell()

    @property
    def truth(self) -> Light:
        """How it really is."""
        if not self._attr_is_on:
            return Light(on=False)
        colour = (
            self._attr_color_temp_kelvin
            if self._attr_color_mode is ColorMode.COLOR_TEMP
            else self._attr_hs_color
        )
        return Light(on=True, level=self._attr_brightness or 0, colour=colour)


class OddPlug(Odd, Plug):
    """A plug that may be late."""

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self.in_time(lambda: Plug.async_turn_on(self, **kwargs))

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self.in_time(lambda: Plug.async_turn_off(self, **kwargs))

    @property
    def truth(self) -> bool:
        """Whether it is really on."""
        return bool(self._attr_is_on)


class OddRadio(Odd, Radio):
    """A player that may tell late of what it does."""

    @property
    def truth(self) -> Music:
        """How it really is."""
        return Music(
            state=MediaPlayerState(self._attr_state or MediaPlayerState.IDLE),
            volume=self._attr_volume_level or 0.0,
        )


@dataclass(frozen=True, kw_only=True)
class Light:
    """How a lamp is."""

    on: bool
    level: int = 0
    colour: Any = None


@dataclass(frozen=True, kw_only=True)
class Music:
    """How a player is."""

    state: MediaPlayerState
    volume: float

    @property
    def plays(self) -> bool:
        return self.state is MediaPlayerState.PLAYING


@dataclass
class Bedroom:
    """Two lamps, two diffusers and a radio."""

    lamps: tuple[OddLamp, OddLamp]
    plugs: tuple[OddPlug, OddPlug]
    radio: OddRadio

    @staticmethod
    def furnish() -> Bedroom:
        evening = Evening()
        return Bedroom(
            (OddLamp("One", evening), OddLamp("Two", evening, transition=False)),
            (OddPlug("One", evening), OddPlug("Two", evening)),
            OddRadio("Music", evening),
        )

    @property
    def devices(self) -> tuple[OddLamp | OddPlug | OddRadio, ...]:
        return (*self.lamps, *self.plugs, self.radio)

    def __getitem__(self, entity_id: str) -> OddLamp | OddPlug | OddRadio:
        return next(d for d in self.devices if d.entity_id == entity_id)
