"""A pretend home for the tests: devices that can misbehave, and a mat in it."""

import asyncio
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, override

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.fan import FanEntity, FanEntityFeature
from homeassistant.components.humidifier import (
    HumidifierEntity,
    HumidifierEntityFeature,
)
from homeassistant.components.light import (
    ATTR_BRIGHTNESS,
    ATTR_COLOR_TEMP_KELVIN,
    ATTR_EFFECT,
    ATTR_HS_COLOR,
    ATTR_TRANSITION,
    ColorMode,
    LightEntity,
    LightEntityFeature,
)
from homeassistant.components.media_player import (
    MediaPlayerEntity,
    MediaPlayerEntityFeature,
    MediaPlayerState,
)
from homeassistant.components.switch import SwitchEntity
from homeassistant.config_entries import (
    ConfigEntry,
    ConfigSubentry,
    ConfigSubentryDataWithId,
)
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_component import DATA_INSTANCES
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.coordinator import SessionCoordinator
from custom_components.acupressure_mat.session.record import Record


def tick(hass: HomeAssistant, freezer: FrozenDateTimeFactory, most: float) -> None:
    """Let time pass up to the next timer, but no more than so many seconds."""
    due = [
        handle.when() - hass.loop.time()
        for handle in get_scheduled_timer_handles(hass.loop)
        if not handle.cancelled()
    ]
    freezer.tick(min(max(min(due, default=most), 0.001), most))
    async_fire_time_changed(hass)


@dataclass
class Evening:
    """What the devices of the home were told, in order, each with its second."""

    start: float = field(default_factory=lambda: dt_util.utcnow().timestamp())
    told: list[tuple[float, str, str]] = field(default_factory=list)

    def note(self, entity_id: str, command: str) -> None:
        at = round(dt_util.utcnow().timestamp() - self.start, 1)
        self.told.append((at, entity_id, command))

    def as_lines(self) -> list[str]:
        """Return all that was told, as one reads it.

        What several devices are told at once has no order among them, and the
        signature of an address is another each time.
        """
        told = sorted(self.told, key=lambda command: command[:2])
        return [
            f"{at:7.1f} {entity_id} {command.partition('?')[0]}"
            for at, entity_id, command in told
        ]

    def commands(self, entity_id: str) -> list[str]:
        """Return what one device was told."""
        return [command for _, entity, command in self.told if entity == entity_id]


class Misbehaving(Entity):
    """A device that can be deaf, slow, broken or gone."""

    evening: Evening
    deaf = False
    broken = False
    slow = 0.0
    present = True
    _attr_should_poll = False

    @property
    def available(self) -> bool:
        return self.present

    async def obey(self, command: str) -> bool:
        """Note a command; return whether the device does it."""
        self.evening.note(self.entity_id, command)
        if self.broken:
            raise HomeAssistantError("broken on purpose")
        if self.slow:
            await asyncio.sleep(self.slow)
        return not self.deaf

    def answer(self) -> None:
        """Tell Home Assistant what came of a command."""
        self.async_write_ha_state()

    def tell(self) -> None:
        """Tell Home Assistant how the device is, as one would after a hand."""
        self._context = None
        self.async_write_ha_state()

    def vanish(self) -> None:
        """Be out of reach."""
        self.present = False
        self.tell()

    def appear(self) -> None:
        """Be in reach again, as it is."""
        self.present = True
        self.tell()


class Lamp(Misbehaving, LightEntity):
    """A bulb with white and colour; `dims` off makes it a plain lamp."""

    def __init__(self, name: str, evening: Evening, **features: Any) -> None:
        self.evening = evening
        self._attr_name = name
        self._attr_unique_id = f"lamp-{name}"
        self.floor = features.get("floor", 0)
        self.round_to = features.get("round_to", 1)
        if features.get("dims", True):
            self._attr_supported_color_modes = {ColorMode.COLOR_TEMP, ColorMode.HS}
            self._attr_color_mode = ColorMode.COLOR_TEMP
            self._attr_color_temp_kelvin = 4000
            self._attr_min_color_temp_kelvin = features.get("warmest", 2000)
            self._attr_max_color_temp_kelvin = 6500
        else:
            self._attr_supported_color_modes = {ColorMode.ONOFF}
            self._attr_color_mode = ColorMode.ONOFF
        if features.get("transition", True):
            self._attr_supported_features = LightEntityFeature.TRANSITION
        self._attr_is_on = features.get("on", True)
        self._attr_brightness = features.get("brightness", 204)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        shown = {k: v for k, v in kwargs.items() if v is not None}
        if not await self.obey(f"on {shown}"):
            return
        self._attr_is_on = True
        if ATTR_BRIGHTNESS in kwargs:
            level = max(kwargs[ATTR_BRIGHTNESS], self.floor)
            self._attr_brightness = level // self.round_to * self.round_to
        if ATTR_COLOR_TEMP_KELVIN in kwargs:
            self._attr_color_mode = ColorMode.COLOR_TEMP
            self._attr_color_temp_kelvin = kwargs[ATTR_COLOR_TEMP_KELVIN]
        if ATTR_HS_COLOR in kwargs:
            self._attr_color_mode = ColorMode.HS
            self._attr_hs_color = kwargs[ATTR_HS_COLOR]
        if ATTR_EFFECT in kwargs:
            self._attr_effect = kwargs[ATTR_EFFECT]
        self.answer()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        if await self.obey("off"):
            self._attr_is_on = False
            self.answer()

    def by_hand(self, *, on: bool = True, brightness: int | None = None) -> None:
        """Change it at the lamp itself."""
        self._attr_is_on = on
        if brightness is not None:
            self._attr_brightness = brightness
        self.tell()


class Telling(Lamp):
    """A bulb that tells of each step of a transition, of level and of white."""

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        seconds = kwargs.get(ATTR_TRANSITION)
        if not (seconds and self.present):
            await super().async_turn_on(**kwargs)
        elif await self.obey(f"on {kwargs}"):
            self.hass.async_create_background_task(self._fade(seconds, kwargs), "fade")

    async def _fade(self, seconds: float, goal: dict[str, Any]) -> None:
        level = self._attr_brightness or 0 if self._attr_is_on else 0
        white = self._attr_color_temp_kelvin or 0
        warm = goal.get(ATTR_COLOR_TEMP_KELVIN, white)
        for share in (0.25, 0.5, 0.75, 1.0):
            await asyncio.sleep(seconds / 4)
            self._attr_is_on = True
            self._attr_brightness = round(
                level + (goal[ATTR_BRIGHTNESS] - level) * share
            )
            self._attr_color_temp_kelvin = round(white + (warm - white) * share)
            self.answer()


class Plug(Misbehaving, SwitchEntity):
    """A plug with a diffuser in it."""

    def __init__(self, name: str, evening: Evening, *, on: bool = False) -> None:
        self.evening = evening
        self._attr_name = name
        self._attr_unique_id = f"plug-{name}"
        self._attr_is_on = on

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        if await self.obey("on"):
            self._attr_is_on = True
            self.answer()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        if await self.obey("off"):
            self._attr_is_on = False
            self.answer()

    def by_hand(self, *, on: bool) -> None:
        """Press the button on the plug."""
        self._attr_is_on = on
        self.tell()


class Fan(Misbehaving, FanEntity):
    """A diffuser that is a fan, with a speed."""

    _attr_supported_features = (
        FanEntityFeature.SET_SPEED
        | FanEntityFeature.TURN_ON
        | FanEntityFeature.TURN_OFF
    )

    def __init__(self, evening: Evening, *, percentage: int = 0) -> None:
        self.evening = evening
        self._attr_name = "Scent"
        self._attr_unique_id = "fan-scent"
        self._attr_percentage = percentage

    @override
    async def async_turn_on(
        self,
        percentage: int | None = None,
        preset_mode: str | None = None,
        **kwargs: Any,
    ) -> None:
        if await self.obey("on" if percentage is None else f"on {percentage}"):
            self._attr_percentage = percentage or 50
            self.answer()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        if await self.obey("off"):
            self._attr_percentage = 0
            self.answer()

    @override
    async def async_set_percentage(self, percentage: int) -> None:
        if await self.obey(f"speed {percentage}"):
            self._attr_percentage = percentage
            self.answer()

    def by_hand(self, percentage: int) -> None:
        """Turn the knob on it."""
        self._attr_percentage = percentage
        self.tell()


class Humidifier(Misbehaving, HumidifierEntity):
    """A diffuser that is a humidifier, with modes."""

    _attr_supported_features = HumidifierEntityFeature.MODES
    _attr_available_modes = ["normal", "sleep"]

    def __init__(self, evening: Evening, *, on: bool = False) -> None:
        self.evening = evening
        self._attr_name = "Scent"
        self._attr_unique_id = "humidifier-scent"
        self._attr_is_on = on
        self._attr_mode = "sleep"
        self._attr_target_humidity = 40

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        if await self.obey("on"):
            self._attr_is_on = True
            self.answer()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        if await self.obey("off"):
            self._attr_is_on = False
            self.answer()

    @override
    async def async_set_mode(self, mode: str) -> None:
        if await self.obey(f"mode {mode}"):
            self._attr_mode = mode
            self.answer()

    def by_hand(self, mode: str) -> None:
        """Press its button."""
        self._attr_mode = mode
        self.tell()


class Radio(Misbehaving, MediaPlayerEntity):
    """A player with all that a session uses."""

    plays_when_off = True
    _attr_supported_features = (
        MediaPlayerEntityFeature.PLAY
        | MediaPlayerEntityFeature.PAUSE
        | MediaPlayerEntityFeature.STOP
        | MediaPlayerEntityFeature.VOLUME_SET
        | MediaPlayerEntityFeature.VOLUME_MUTE
        | MediaPlayerEntityFeature.PLAY_MEDIA
        | MediaPlayerEntityFeature.TURN_ON
        | MediaPlayerEntityFeature.TURN_OFF
        | MediaPlayerEntityFeature.SELECT_SOURCE
    )

    def __init__(
        self,
        name: str,
        evening: Evening,
        *,
        state: MediaPlayerState = MediaPlayerState.IDLE,
        volume: float = 0.6,
    ) -> None:
        self.evening = evening
        self._attr_name = name
        self._attr_unique_id = f"radio-{name}"
        self._attr_state = state
        self._attr_volume_level = volume
        self._attr_source_list = ["radio", "tv"]
        self._attr_source = "radio"

    async def _become(self, state: MediaPlayerState, command: str) -> None:
        if await self.obey(command):
            self._attr_state = state
            self.answer()

    @override
    async def async_media_play(self) -> None:
        await self._become(MediaPlayerState.PLAYING, "play")

    @override
    async def async_media_pause(self) -> None:
        await self._become(MediaPlayerState.PAUSED, "pause")

    @override
    async def async_media_stop(self) -> None:
        await self._become(MediaPlayerState.IDLE, "stop")

    @override
    async def async_turn_on(self) -> None:
        await self._become(MediaPlayerState.IDLE, "turn on")

    @override
    async def async_turn_off(self) -> None:
        await self._become(MediaPlayerState.OFF, "turn off")

    @override
    async def async_play_media(
        self, media_type: str, media_id: str, **kwargs: Any
    ) -> None:
        if self.state is MediaPlayerState.OFF and not self.plays_when_off:
            await self.obey(f"play {media_id}")
            return
        await self._become(MediaPlayerState.PLAYING, f"play {media_id}")

    @override
    async def async_select_source(self, source: str) -> None:
        if await self.obey(f"source {source}"):
            self._attr_source = source
            self.answer()

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        if await self.obey(f"volume {volume:.2f}"):
            self._attr_volume_level = volume
            self.answer()

    @override
    async def async_mute_volume(self, mute: bool) -> None:
        if await self.obey("mute" if mute else "unmute"):
            self._attr_is_volume_muted = mute
            self.answer()

    def by_hand(
        self,
        *,
        state: MediaPlayerState | None = None,
        volume: float | None = None,
        muted: bool | None = None,
    ) -> None:
        """Use the buttons on the player."""
        if state is not None:
            self._attr_state = state
        if volume is not None:
            self._attr_volume_level = volume
        if muted is not None:
            self._attr_is_volume_muted = muted
        self.tell()


@dataclass
class Home:
    """A bedroom and how time passes in it."""

    hass: HomeAssistant
    storage: dict[str, Any]
    freezer: FrozenDateTimeFactory
    evening: Evening
    lamp: Lamp
    plug: Plug
    radio: Radio
    # Whether to wait for all that was begun: not where an automation lets time pass.
    patient: bool = True

    async def add(
        self,
        *devices: LightEntity
        | SwitchEntity
        | MediaPlayerEntity
        | FanEntity
        | HumidifierEntity,
    ) -> None:
        """Add devices to the home."""
        for domain, base in (
            ("light", LightEntity),
            ("switch", SwitchEntity),
            ("media_player", MediaPlayerEntity),
            ("fan", FanEntity),
            ("humidifier", HumidifierEntity),
        ):
            mine = [device for device in devices if isinstance(device, base)]
            if mine:
                assert await async_setup_component(self.hass, domain, {})
                await self.hass.data[DATA_INSTANCES][domain].async_add_entities(mine)
        await self.hass.async_block_till_done()

    async def settle(self) -> None:
        """Let everything happen that takes no time, in background tasks too."""
        for _ in range(3):
            # What hangs on purpose would be waited for until the end of time.
            slow = any(d.slow for d in (self.lamp, self.plug, self.radio))
            if self.patient and not slow:
                await self.hass.async_block_till_done()
            else:
                for _ in range(4):
                    await self.hass.async_add_executor_job(lambda: None)
            for _ in range(8):
                await asyncio.sleep(0)

    async def wait(self, **time: float) -> None:
        """Let time pass, from timer to timer: nothing that is due is late."""
        end = dt_util.utcnow() + timedelta(**time)
        while (left := (end - dt_util.utcnow()).total_seconds()) > 0:
            tick(self.hass, self.freezer, left)
            await self.settle()

    async def start(self, entity_id: str = "switch.bedtime_session") -> None:
        """Tap the switch of a routine."""
        await self.hass.services.async_call(
            "switch", "turn_on", {"entity_id": entity_id}, blocking=True
        )
        await self.settle()

    async def finish(self, entity_id: str = "switch.bedtime_session") -> None:
        """Tap the switch of a routine once more."""
        await self.hass.services.async_call(
            "switch", "turn_off", {"entity_id": entity_id}, blocking=True
        )
        await self.settle()

    async def do(
        self, action: str, entity_id: str = "switch.bedtime_session", **data: Any
    ) -> None:
        """Call one of our actions on the switch of a routine."""
        await self.hass.services.async_call(
            DOMAIN, action, {"entity_id": entity_id, **data}, blocking=True
        )
        await self.settle()

    async def restart(
        self,
        entry: MockConfigEntry,
        *,
        kill: bool = True,
        down: timedelta = timedelta(seconds=30),
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """Let Home Assistant go down, stay down, and come up again.

        Killed, it has on disk what was there before; what unloading wrote is undone.
        """
        disk = deepcopy(self.storage)
        if not kill:
            last = asyncio.create_task(coordinator_of(entry).rooms.async_put_out())
            await self.settle()
            while not last.done():
                await self.wait(seconds=0.5)
            disk = deepcopy(self.storage)
        await self._go_down(entry, disk=disk, down=down)
        if meanwhile is not None:
            meanwhile()
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.settle()

    async def kill(self, *entries: ConfigEntry, down: timedelta) -> None:
        """Let the power fail; Home Assistant begins to start without these mats."""
        await self._go_down(*entries, disk=deepcopy(self.storage), down=down)
        self.hass.set_state(CoreState.starting)

    async def _go_down(
        self, *entries: ConfigEntry, disk: dict[str, Any], down: timedelta
    ) -> None:
        for entry in entries:
            assert await self.hass.config_entries.async_unload(entry.entry_id)
        await self.settle()
        self.storage.clear()
        self.storage.update(disk)
        self.freezer.tick(down)

    async def records(self, entry: MockConfigEntry) -> list[Record]:
        """Return what is in the journal of a mat."""
        journal = coordinator_of(entry).journal
        return await journal.async_records(journal.months)

    def state(self, entity_id: str) -> str:
        """Return the state of an entity."""
        state = self.hass.states.get(entity_id)
        assert state is not None, entity_id
        return state.state

    def is_on(self, entity_id: str) -> bool:
        """Return whether a device is on, or plays."""
        return self.state(entity_id) in ("on", "playing")

    def level(self, entity_id: str) -> int:
        """Return the brightness of a lamp in percent."""
        state = self.hass.states.get(entity_id)
        assert state is not None
        return round((state.attributes.get("brightness") or 0) / 2.55)


ROOM = {
    "kind": "bedtime",
    "lights": {
        "lights": ["light.bed"],
        "brightness": 12,
        "color_temp": 2200,
        "fade": {"seconds": 0},
        "only_dim": True,
        "lights_end": "restore",
    },
    "diffuser": {"diffusers": ["switch.diffuser"], "cap": 30, "interval": 0},
    "music": {
        "player": "media_player.radio",
        "media": {
            "entity_id": "media_player.radio",
            "media_content_id": "calm",
            "media_content_type": "music",
        },
        "volume": 20,
        "fade_in": 20,
        "fade_out": 60,
        "music_end": "restore",
    },
    "session": {"duration": 20},
    "phases": {},
    "schedule": {},
}


def changed(data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return a form's data with some fields of its sections changed."""
    return {
        key: {**value, **changes.get(key, {})}
        if isinstance(value, dict)
        else changes.get(key, value)
        for key, value in data.items()
    }


def routine(
    title: str = "Bedtime", *, id: str | None = None, **changes: Any
) -> ConfigSubentryDataWithId:
    """Return a routine as its form stores it."""
    return ConfigSubentryDataWithId(
        data=changed(ROOM, changes),
        subentry_id=id or title.lower().replace(" ", "_"),
        subentry_type="routine",
        title=title,
        unique_id=None,
    )


def subentry(
    data: Mapping[str, Any], title: str = "Bedtime", *, id: str | None = None
) -> ConfigSubentry:
    """Return a routine as Home Assistant keeps it."""
    return ConfigSubentry(
        data=MappingProxyType(dict(data)),
        subentry_id=id or title.lower(),
        subentry_type="routine",
        title=title,
        unique_id=None,
    )


async def add_mat(
    hass: HomeAssistant,
    *routines: ConfigSubentryDataWithId,
    title: str = "Anna's mat",
    **data: Any,
) -> MockConfigEntry:
    """Add a mat with its routines, and load it."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title=title,
        data={"experience": "new", "goal": 5, **data},
        subentries_data=list(routines or [routine()]),
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


def timers(hass: HomeAssistant) -> list[str]:
    """Return what is waited for, but by Home Assistant's registries."""
    waiting = [
        f"{handle!r} {handle._args}"
        for handle in get_scheduled_timer_handles(hass.loop)
        if not handle.cancelled()
    ]
    return [timer for timer in waiting if "_async_setup_cleanup" not in timer]


def coordinator_of(entry: ConfigEntry[Any]) -> SessionCoordinator:
    """Return the coordinator of a loaded mat."""
    coordinator = entry.runtime_data
    assert isinstance(coordinator, SessionCoordinator)
    return coordinator
