"""Speech that is silence, as long as every sentence."""

from typing import Any, override

from homeassistant.components.tts import TextToSpeechEntity, TtsAudioType
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

# A frame of MPEG audio without a sound: of 26 ms, and in the format that Home Assistant
# asks for, so nothing has to be converted.
FRAME = b"\xff\xfb\x90\x64" + bytes(413)
SECOND = 38


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry[None],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the voice."""
    async_add_entities([PretendSpeech()])


class PretendSpeech(TextToSpeechEntity):
    """Says it in the attribute `message` of its state, too."""

    _attr_name = "Pretend speech"
    _attr_unique_id = "speech"
    _attr_default_language = "en-GB"
    _attr_supported_languages = ["de-DE", "en-GB"]

    @override
    async def async_get_tts_audio(
        self, message: str, language: str, options: dict[str, Any]
    ) -> TtsAudioType:
        """Return a second of silence."""
        self._attr_extra_state_attributes = {"message": message, "language": language}
        self.async_write_ha_state()
        return "mp3", SECOND * FRAME
