"""A satellite that takes two seconds to speak, and hears what is in `input_text.answer`."""

import asyncio
from typing import override

from homeassistant.components.assist_pipeline import PipelineEvent, PipelineEventType
from homeassistant.components.assist_satellite import (
    AssistSatelliteAnnouncement,
    AssistSatelliteConfiguration,
    AssistSatelliteEntity,
    AssistSatelliteEntityFeature,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

SPEAKS = 2
ANSWER = "input_text.answer"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry[None],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the satellite."""
    async_add_entities([PretendSatellite()])


class PretendSatellite(AssistSatelliteEntity):
    """Tells in the attribute `said` what it says."""

    _attr_name = "Pretend satellite"
    _attr_unique_id = "satellite"
    _attr_supported_features = (
        AssistSatelliteEntityFeature.ANNOUNCE
        | AssistSatelliteEntityFeature.START_CONVERSATION
    )

    @override
    def async_get_configuration(self) -> AssistSatelliteConfiguration:
        """Return that it has no wake words."""
        return AssistSatelliteConfiguration([], [], 0)

    @override
    async def async_set_configuration(
        self, config: AssistSatelliteConfiguration
    ) -> None:
        """Have nothing to set."""

    @override
    def on_pipeline_event(self, event: PipelineEvent) -> None:
        """Have no lamp to show it with."""

    @override
    async def async_announce(self, announcement: AssistSatelliteAnnouncement) -> None:
        """Return when it was said."""
        self._attr_extra_state_attributes = {"said": announcement.message}
        self.async_write_ha_state()
        await asyncio.sleep(SPEAKS)

    @override
    async def async_start_conversation(
        self, start_announcement: AssistSatelliteAnnouncement
    ) -> None:
        """Say it, then hear what somebody answers."""
        await self.async_announce(start_announcement)
        self.hass.loop.call_later(1, self._hear)

    def _hear(self) -> None:
        """Tell what speech-to-text understood, as a pipeline does."""
        answer = self.hass.states.get(ANSWER)
        assert answer is not None
        output = {"stt_output": {"text": answer.state}}
        self._internal_on_pipeline_event(
            PipelineEvent(PipelineEventType.STT_END, output)
        )
