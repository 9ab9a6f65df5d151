"""Spoken cues: a calm voice for whoever lies there with closed eyes.

It speaks through an assist_satellite, or a tts entity on a player. On the player of
the music it is a sound of the room; beside it, the music goes down for its length.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_component import DATA_INSTANCES
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
from homeassistant.util.language import matches

from . import subentries
from .const import DOMAIN, LOGGER, SUBENTRY_ROUTINE
from .coordinator import MatConfigEntry
from .environment import Room, Sound, Voice
from .files import NotSaved
from .language import Language, async_language, base, plain
from .session.record import WORST
from .session.routine import PhaseName
from .session.session import Outcome, SessionError, Source

SATELLITE = "assist_satellite"
TTS = "tts"
# How long making and saying a sentence may take, and asking with an answer.
SPEECH_LIMIT = timedelta(seconds=30)
ANSWER_LIMIT = timedelta(seconds=60)
# How long a satellite may go on with what it says or hears; then the cue is too late.
BUSY_LIMIT = 15
# A calm voice says about 130 words a minute, of 5 letters and a space each.
LETTERS_A_SECOND = 13


class Announcer:
    """Says what a routine is to say. What cannot be said disturbs nothing."""

    def __init__(self, hass: HomeAssistant, entry: MatConfigEntry) -> None:
        """Prepare; nothing is said before `async_begin`."""
        self.hass = hass
        self.entry = entry
        self.coordinator = entry.runtime_data
        # That of the session that runs or just ended.
        self._room: Room | None = None
        self._language: Language | None = None
        # One sentence after the other.
        self._speaking = asyncio.Lock()

    async def async_load(self) -> None:
        """Read the sentences, if there is anything to speak with."""
        routines = self.entry.get_subentries_of_type(SUBENTRY_ROUTINE)
        if any(subentries.routine(routine).speaker for routine in routines):
            await self._async_language()

    @callback
    def async_begin(self) -> None:
        """Follow the sessions of the mat until it is unloaded."""
        self._room = self.coordinator.rooms.current
        for subentry in self.entry.get_subentries_of_type(SUBENTRY_ROUTINE):
            self.entry.async_on_unload(
                self.coordinator.happenings.async_speak(
                    subentry.subentry_id, self._on_happening
                )
            )

    @callback
    def _on_happening(self, happening: str, data: dict[str, Any]) -> None:
        room = self._room = self.coordinator.rooms.current or self._room
        if room is None or room.session.routine.speaker is None:
            return
        session, phase = room.session, data["phase"]
        # Who started by voice was answered just now.
        answered = phase is PhaseName.PREPARE and session.source is Source.VOICE
        match happening:
            case "completed":
                self._soon(self._async_end(room))
            case "stopped" if data["outcome"] is Outcome.STOPPED:
                # Who stopped because it hurt was told what helps, where they said it.
                if not session.is_health_stop:
                    self._soon(self._async_ask(room))
            case "phase_started" if phase is not PhaseName.AFTER and not answered:
                self._soon(self._async_cue(room, phase))

    def _soon(self, what: Any) -> None:
        self.entry.async_create_background_task(self.hass, what, f"{DOMAIN} speech")

    async def _async_language(self) -> Language:
        code = base(self.hass.config.language)
        if self._language is None or self._language.code != code:
            # Read from the disk the first time, and when the home's language changed.
            self._language = await async_language(self.hass, code)
        return self._language

    # -- cues ------------------------------------------------------------------

    async def _async_cue(self, room: Room, phase: PhaseName) -> None:
        """Say what a phase is about, unless it is over by the time it can be said."""
        if not room.session.routine.cues:
            return
        language = await self._async_language()
        async with self._speaking:
            session, now = room.session, dt_util.utcnow()
            runs = session.outcome(now) is None and not session.is_paused
            if runs and session.phase(now) is phase:
                await self._async_say(room, language, language.cue(phase))

    async def _async_end(self, room: Room) -> None:
        if room.session.routine.cues:
            language = await self._async_language()
            async with self._speaking:
                await self._async_say(room, language, language.cue(PhaseName.AFTER))
        await self._async_ask(room)

    # -- the question ----------------------------------------------------------

    async def _async_ask(self, room: Room) -> None:
        """Ask how much it hurts now; what is answered rates the session."""
        if not room.session.routine.ask_aloud:
            return
        language = await self._async_language()
        async with self._speaking:
            points = await self._async_points(room, language)
            if points is None:
                return
            # Not in the background: it would be lost if Home Assistant went down now.
            rating = self.entry.async_create_task(
                self.hass, self._async_rate(room.session.id, points), f"{DOMAIN} rate"
            )
            if await rating:
                noted = language.answer("rated", {"number": str(points)})
                await self._async_say(room, language, noted)

    async def _async_rate(self, session_id: str, points: int) -> bool:
        """Return whether a session could be rated, and nobody else did meanwhile."""
        practice = self.coordinator.practice
        with suppress(SessionError, NotSaved):
            record = await practice.async_find(session_id)
            if record.ratings.pain_after is None:
                await practice.async_rate(session_id, pain_after=points)
                return True
        return False

    async def _async_points(self, room: Room, language: Language) -> int | None:
        """Return what is answered, 0 to 10; None if nothing or no number is."""
        area = room.session.routine.body_area
        for again in (False, True):
            if self.coordinator.session is not None:
                # The next one has begun.
                return None
            answer = await self._async_answer(
                room, language.question(area, again=again)
            )
            if answer is None:
                return None
            points = language.points(plain(answer))
            if points is not None and points <= WORST:
                return points
        return None

    async def _async_answer(self, room: Room, question: str) -> str | None:
        """Return what somebody answers aloud; None if they say nothing."""
        speaker = room.session.routine.speaker
        assert speaker is not None
        if not await self._async_ready(room):
            return None
        async with self._speech(room, ANSWER_LIMIT):
            try:
                answer = await self.hass.services.async_call(
                    SATELLITE,
                    "ask_question",
                    {"entity_id": speaker, "question": question, "preannounce": False},
                    blocking=True,
                    return_response=True,
                    context=room.context,
                )
            except HomeAssistantError as err:
                if err.translation_key != "no_answer":
                    raise
            else:
                return str((answer or {}).get("sentence", ""))
        return None

    # -- speech ----------------------------------------------------------------

    async def _async_say(self, room: Room, language: Language, text: str) -> None:
        """Say a sentence; returns when it was said."""
        if not await self._async_ready(room):
            return
        routine = room.session.routine
        speaker, player = routine.speaker, routine.speech_player or routine.player
        assert speaker is not None
        # Making it takes a moment.
        length = timedelta(seconds=1 + len(text) / LETTERS_A_SECOND)
        async with self._speech(room, SPEECH_LIMIT):
            if _is_satellite(speaker):
                await self._async_call(
                    room, SATELLITE, "announce", message=text, preannounce=False
                )
                return
            spoken = self._spoken(speaker, language)
            if player == routine.player:
                content_id = _content_id(self.hass, speaker, text, spoken)
                room.sound(
                    Sound(content_id=content_id, length=length, entity_id=speaker)
                )
            else:
                data = {} if spoken is None else {"language": spoken}
                await self._async_call(
                    room,
                    TTS,
                    "speak",
                    message=text,
                    media_player_entity_id=player,
                    **data,
                )
            # Players say when they begin, not when they are done.
            await asyncio.sleep(length.total_seconds())

    async def _async_call(
        self, room: Room, domain: str, action: str, **data: Any
    ) -> None:
        await self.hass.services.async_call(
            domain,
            action,
            {"entity_id": room.session.routine.speaker, **data},
            blocking=True,
            context=room.context,
        )

    def _spoken(self, speaker: str, language: Language) -> str | None:
        """Return the language as a tts entity calls it; None leaves it to the entity."""
        component = self.hass.data.get(DATA_INSTANCES, {}).get(TTS)
        voice: Any = component.get_entity(speaker) if component else None
        if voice is None:
            return None
        config = self.hass.config
        # "de-CH" rather than the "de" of our sentences, if that is what they are in.
        code = config.language if base(config.language) == language.code else "en"
        found = matches(code, voice.supported_languages, config.country)
        if not found:
            raise HomeAssistantError(f"{speaker} does not speak {language.code}")
        return found[0]

    @asynccontextmanager
    async def _speech(self, room: Room, limit: timedelta) -> AsyncIterator[None]:
        """Let the music make way, and report a voice that fails or takes too long."""
        routine = room.session.routine
        speaker = routine.speaker
        assert speaker is not None
        # On the player of the music the room sees to it itself, when it plays it.
        beside = _is_satellite(speaker) or routine.speech_player not in (
            None,
            routine.player,
        )
        on_player = self._is_same_device(speaker, routine.player)
        if beside:
            room.make_way(Voice(dt_util.utcnow() + limit, on_player))
        try:
            async with asyncio.timeout(limit.total_seconds()):
                yield
        except Exception as err:  # noqa: BLE001 - whatever a voice raises, the session goes on
            LOGGER.debug("%s did not speak: %r", speaker, err)
            room.report(speaker)
        finally:
            if beside:
                room.make_way(Voice(dt_util.utcnow(), on_player))

    async def _async_ready(self, room: Room) -> bool:
        """Return whether the voice is there, and a satellite has nothing else to do."""
        routine = room.session.routine
        for entity_id in routine.voices:
            state = self.hass.states.get(entity_id)
            if state is None or state.state == STATE_UNAVAILABLE:
                room.report(entity_id)
                return False
        assert routine.speaker is not None
        if not _is_satellite(routine.speaker):
            return True
        return await self._async_idle(routine.speaker)

    async def _async_idle(self, satellite: str) -> bool:
        """Wait for a satellite: an announcement would cut its answer short."""
        told = asyncio.Event()

        @callback
        def on_state(_event: Event[EventStateChangedData]) -> None:
            told.set()

        unsub = async_track_state_change_event(self.hass, satellite, on_state)
        try:
            async with asyncio.timeout(BUSY_LIMIT):
                while not self.hass.states.is_state(satellite, "idle"):
                    told.clear()
                    await told.wait()
        except TimeoutError:
            return False
        finally:
            unsub()
        return True

    def _is_same_device(self, speaker: str, player: str | None) -> bool:
        """Return whether a satellite speaks through the player of the music."""
        registry = er.async_get(self.hass)
        found = registry.async_get(speaker), registry.async_get(player or "")
        devices = [entity.device_id for entity in found if entity is not None]
        return len(devices) > 1 and None not in devices and len(set(devices)) == 1


def _is_satellite(entity_id: str) -> bool:
    return entity_id.startswith(f"{SATELLITE}.")


def _content_id(
    hass: HomeAssistant, speaker: str, text: str, language: str | None
) -> str:
    """Return what a player plays to say this."""
    from homeassistant.components.tts import generate_media_source_id  # noqa: PLC0415  # may not be there

    return str(generate_media_source_id(hass, text, engine=speaker, language=language))
