"""A player that fetches what it plays; music never ends, a sound does."""

import asyncio
from typing import Any, override

from homeassistant.components.media_player import (
    MediaPlayerEntity,
    MediaPlayerEntityFeature,
    MediaPlayerState,
    MediaType,
    async_process_play_media_url,
)
from homeassistant.components.media_source import (
    async_resolve_media,
    is_media_source_id,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

SOUND = "/api/tts_proxy/"
LASTS = 1


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry[None],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the player."""
    async_add_entities([PretendPlayer()])


class PretendPlayer(MediaPlayerEntity):
    """Plays what has an address."""

    _attr_name = "Pretend player"
    _attr_unique_id = "player"
    _attr_should_poll = False
    _attr_state = MediaPlayerState.IDLE
    _attr_volume_level = 0.5
    _attr_supported_features = (
        MediaPlayerEntityFeature.PLAY
        | MediaPlayerEntityFeature.PAUSE
        | MediaPlayerEntityFeature.STOP
        | MediaPlayerEntityFeature.PLAY_MEDIA
        | MediaPlayerEntityFeature.VOLUME_SET
    )
    _ending: asyncio.TimerHandle | None = None

    def _become(self, state: MediaPlayerState) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        self._attr_state = state
        self.async_write_ha_state()

    @override
    async def async_play_media(
        self, media_type: MediaType | str, media_id: str, **kwargs: Any
    ) -> None:
        """Fetch it; what cannot be fetched is not played."""
        if is_media_source_id(media_id):
            resolved = await async_resolve_media(self.hass, media_id, self.entity_id)
            media_id = async_process_play_media_url(self.hass, resolved.url)
        session = async_get_clientsession(self.hass)
        async with session.get(media_id) as response:
            response.raise_for_status()
            assert await response.read()
        self._attr_media_content_id = media_id
        self._become(MediaPlayerState.PLAYING)
        if SOUND in media_id:
            self._ending = self.hass.loop.call_later(
                LASTS, self._become, MediaPlayerState.IDLE
            )

    @override
    async def async_media_play(self) -> None:
        """Go on."""
        self._become(MediaPlayerState.PLAYING)

    @override
    async def async_media_pause(self) -> None:
        """Hold it."""
        self._become(MediaPlayerState.PAUSED)

    @override
    async def async_media_stop(self) -> None:
        """Play nothing."""
        self._become(MediaPlayerState.IDLE)

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        """Be so loud."""
        self._attr_volume_level = volume
        self.async_write_ha_state()
