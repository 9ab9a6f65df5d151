"""«I lie there with closed eyes: tell me, softly, what comes».

A voice at phase changes and the question how it was, through pretend satellites and
text-to-speech.
"""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.components.media_player import (
    MediaPlayerEntityFeature,
    MediaPlayerState,
)
from homeassistant.components.tts import TextToSpeechEntity
from homeassistant.core import ServiceCall, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.entity_component import DATA_INSTANCES
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.acupressure_mat import subentries
from custom_components.acupressure_mat.environment import Sound
from custom_components.acupressure_mat.session.session import Source

from .disk import no_space
from .home import Home, Radio, add_mat, coordinator_of, routine

SATELLITE = "assist_satellite.bedroom"
VOICE = "tts.voice"
RADIO = "media_player.radio"
LIE_DOWN = "Lie down slowly. There is time."
PRICKLES = "It prickles most at first, then it eases. Breathe slowly."
WARMTH = "Warmth spreads. Let the mat carry you."
ROLL = "Roll to your side, slowly. There is no hurry."
SIT_UP = "That was it. Sit up slowly, and drink something."
ALL = [LIE_DOWN, PRICKLES, WARMTH, ROLL, SIT_UP]
ASKED = "How much does your back hurt now, from zero to ten?"
ONCE_MORE = "A number from zero to ten, please."


class Satellite:
    """A pretend satellite: takes its time to speak, and hears what it is told to."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.heard: list[tuple[int, str]] = []
        self.answers: list[str | Exception] = []
        self.seconds = 4.0
        self.error: Exception | None = None
        services = home.hass.services
        services.async_register("assist_satellite", "announce", self._announce)
        services.async_register(
            "assist_satellite",
            "ask_question",
            self._ask,
            supports_response=SupportsResponse.ONLY,
        )
        self.become("idle")

    def become(self, state: str) -> None:
        self.home.hass.states.async_set(SATELLITE, state, {"supported_features": 3})

    @property
    def said(self) -> list[str]:
        return [text for _, text in self.heard]

    def _note(self, call: ServiceCall, text: str) -> None:
        assert call.data["entity_id"] == SATELLITE
        # A chime before each sentence would wake whoever dozes.
        assert call.data["preannounce"] is False
        at = dt_util.utcnow().timestamp() - self.home.evening.start
        self.heard.append((round(at), text))

    async def _announce(self, call: ServiceCall) -> None:
        self._note(call, call.data["message"])
        if self.error is not None:
            raise self.error
        await asyncio.sleep(self.seconds)

    async def _ask(self, call: ServiceCall) -> dict[str, Any]:
        self._note(call, call.data["question"])
        await asyncio.sleep(self.seconds)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"id": None, "sentence": answer, "slots": {}}


@pytest.fixture
def satellite(home: Home) -> Satellite:
    return Satellite(home)


async def mat(home: Home, speaker: str = SATELLITE, **changes: Any) -> MockConfigEntry:
    """Add a mat whose routine speaks; `speech` and other sections may differ."""
    speech = {"speaker": speaker, "cues": True, **changes.pop("speech", {})}
    stored = routine(**changes)
    return await add_mat(
        home.hass, {**stored, "data": {**stored["data"], "speech": speech}}
    )


def levels(home: Home) -> list[tuple[float, float]]:
    """Return when the volume of the music was set, and how loud."""
    return [
        (at, float(command.removeprefix("volume ")))
        for at, entity_id, command in home.evening.told
        if entity_id == RADIO and command.startswith("volume ")
    ]


async def failed(home: Home, entry: MockConfigEntry) -> list[tuple[str, ...]]:
    return [record.failed for record in await home.records(entry)]


# -- what is said, and when ----------------------------------------------------


async def test_each_phase_is_said_as_it_begins(
    home: Home, satellite: Satellite
) -> None:
    """Once, in time, and nothing besides."""
    await mat(home)
    await home.start()
    await home.wait(minutes=40)
    assert satellite.heard == list(zip([0, 60, 240, 1140, 1260], ALL, strict=True))


@pytest.mark.parametrize("speech", [{"cues": False}, {"speaker": None}])
async def test_who_asked_for_no_voice_hears_none(
    home: Home, satellite: Satellite, speech: dict[str, Any]
) -> None:
    """A satellite that was chosen for the question only, or none at all."""
    await mat(home, speech=speech)
    await home.start()
    await home.wait(minutes=40)
    assert satellite.heard == []


@pytest.mark.parametrize(
    ("language", "cue"),
    [
        ("de-CH", "Leg dich langsam hin. Du hast Zeit."),
        ("es-419", "Túmbate despacio. Hay tiempo."),
    ],
)
async def test_it_speaks_the_language_of_the_home(
    home: Home, satellite: Satellite, language: str, cue: str
) -> None:
    """Also where the language is one of a country, or of many."""
    home.hass.config.language = language
    entry = await mat(home)
    # Its switch is called otherwise in each language.
    coordinator_of(entry).async_start("bedtime", source=Source.USER)
    await home.settle()
    assert satellite.said == [cue]


async def test_a_start_by_voice_was_answered_already(
    home: Home, satellite: Satellite
) -> None:
    """«Bedtime, 20 minutes. Lie down when you are ready» needs no second voice."""
    entry = await mat(home)
    coordinator_of(entry).async_start("bedtime", source=Source.VOICE)
    await home.wait(minutes=2)
    assert satellite.said == [PRICKLES]


@pytest.mark.parametrize("reason", ["dizziness", "enough"])
async def test_who_gets_up_early_is_left_in_peace(
    home: Home, satellite: Satellite, reason: str
) -> None:
    """«That was it» is no word for somebody who is dizzy."""
    await mat(home)
    await home.start()
    await home.wait(minutes=6)
    await home.do("stop_session", reason=reason)
    await home.wait(minutes=10)
    assert satellite.said == ALL[:3]


async def test_a_rehearsal_says_nothing(home: Home, satellite: Satellite) -> None:
    """Five sentences in 20 seconds would be gabble."""
    await mat(home)
    await home.do("rehearse_session", duration={"seconds": 20})
    await home.wait(minutes=1)
    assert satellite.heard == []


async def test_an_answer_is_not_cut_short(home: Home, satellite: Satellite) -> None:
    """An announcement ends what a satellite says: the cue waits until it is done."""
    await mat(home)
    satellite.become("responding")
    await home.start()
    await home.wait(seconds=5)
    assert satellite.heard == []
    satellite.become("listening")
    await home.wait(seconds=2)
    satellite.become("idle")
    await home.settle()
    assert satellite.heard == [(7, LIE_DOWN)]


async def test_a_cue_that_comes_too_late_is_left_out(
    home: Home, satellite: Satellite
) -> None:
    """Nobody is told to lie down who has been lying for a while; and nothing failed."""
    entry = await mat(home)
    satellite.become("processing")
    await home.start()
    await home.wait(seconds=20)
    satellite.become("idle")
    await home.wait(minutes=40)
    assert satellite.said == ALL[1:]
    assert await failed(home, entry) == [()]


async def test_one_sentence_after_the_other(home: Home, satellite: Satellite) -> None:
    """Skipped in the middle of a sentence, what is over by then is not said."""
    await mat(home)
    await home.start()
    await home.do("skip_phase")
    await home.do("skip_phase")
    await home.wait(seconds=20)
    assert satellite.heard == [(0, LIE_DOWN), (4, WARMTH)]


async def test_nothing_is_said_into_a_pause(home: Home, satellite: Satellite) -> None:
    """Paused while the satellite was busy."""
    await mat(home)
    satellite.become("responding")
    await home.start()
    await home.do("skip_phase")
    await home.wait(seconds=2)
    await home.do("pause_session")
    satellite.become("idle")
    await home.wait(minutes=2)
    assert PRICKLES not in satellite.said


async def test_an_unloaded_mat_is_silent(home: Home, satellite: Satellite) -> None:
    """In the middle of a sentence, too."""
    entry = await mat(home)
    await home.start()
    await home.restart(entry, kill=False)
    await home.wait(minutes=2)
    assert satellite.said == [LIE_DOWN, PRICKLES]


# -- the music below -----------------------------------------------------------


async def test_the_music_goes_down_for_the_length_of_a_sentence(
    home: Home, satellite: Satellite
) -> None:
    """And comes back to where the clock has it, not to where it was."""
    await mat(home)
    await home.start()
    await home.wait(seconds=59)
    assert levels(home)[-1][1] == 0.2
    await home.wait(seconds=30)
    assert [x for x in levels(home) if x[0] >= 59] == [(60.0, 0.08), (64.0, 0.2)]


async def test_in_the_fade_the_music_goes_down_too(
    home: Home, satellite: Satellite
) -> None:
    """The first sentence falls into the fade in: 40 percent of what is due."""
    await mat(home)
    await home.start()
    await home.wait(seconds=8)
    heard = dict(levels(home))
    assert heard[2.0] == pytest.approx(0.2 * 2 / 20 * 0.4, abs=0.006)
    assert heard[4.0] == pytest.approx(0.2 * 4 / 20, abs=0.006)


async def test_a_hand_on_the_volume_still_wins(
    home: Home, satellite: Satellite
) -> None:
    """Turned up or down during a sentence, it stays where it was put."""
    await mat(home)
    await home.start()
    await home.wait(seconds=62)
    home.radio.by_hand(volume=0.5)
    await home.wait(minutes=10)
    assert home.radio.volume_level == 0.5
    assert levels(home)[-1] == (60.0, 0.08)


async def test_a_volume_that_is_left_alone_stays_alone(
    home: Home, satellite: Satellite
) -> None:
    """Who set none in the form sets it at the player."""
    await mat(home, music={"volume": None})
    await home.start()
    await home.wait(minutes=5)
    assert levels(home) == []
    assert satellite.said == ALL[:3]


async def test_music_that_does_not_fade_out_comes_back_as_well(
    home: Home, satellite: Satellite
) -> None:
    """Without a fade nothing follows the clock by then; the voice has to begin it."""
    await mat(home, music={"fade_in": 0, "music_end": "keep"})
    await home.start()
    await home.wait(seconds=90)
    assert [x for x in levels(home) if x[0] >= 10] == [(60.0, 0.08), (64.0, 0.2)]


async def test_killed_in_the_middle_of_a_sentence(
    home: Home, satellite: Satellite
) -> None:
    """The music must not stay low for the rest of the session."""
    entry = await mat(home)
    await home.start()
    await home.wait(seconds=62)
    assert home.radio.volume_level == 0.08
    await home.restart(entry)
    await home.wait(seconds=10)
    assert home.radio.volume_level == 0.2


async def test_a_satellite_that_plays_the_music_itself(
    home: Home, satellite: Satellite
) -> None:
    """One device, one volume: turned down, the voice would be as well.

    Such devices turn their music down by themselves; during the fade the voice is as
    loud as the routine says.
    """
    entry = MockConfigEntry(domain="test")
    entry.add_to_hass(home.hass)
    device = dr.async_get(home.hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("test", "voice")}
    )
    registry = er.async_get(home.hass)
    home.hass.states.async_remove(SATELLITE)
    satellite_id = registry.async_get_or_create(
        "assist_satellite", "test", "1", suggested_object_id="bedroom"
    ).entity_id
    assert satellite_id == SATELLITE
    for entity_id in (SATELLITE, RADIO):
        registry.async_update_entity(entity_id, device_id=device.id)
    satellite.become("idle")
    await mat(home)
    await home.start()
    await home.wait(seconds=2)
    assert levels(home)[-1][1] == 0.2
    await home.wait(seconds=4)
    assert levels(home)[-1][1] == pytest.approx(0.2 * 6 / 20, abs=0.011)


# -- text-to-speech ------------------------------------------------------------


class Tts(TextToSpeechEntity):
    """A voice that speaks German and British English."""

    _attr_name = "Voice"
    _attr_default_language = "de-DE"
    _attr_supported_languages = ["de-DE", "en-GB"]


@pytest.fixture
async def tts(home: Home) -> Tts:
    """Return a text-to-speech entity in the real component."""
    hass = home.hass
    hass.config.components.add("ffmpeg")
    assert await async_setup_component(hass, "media_source", {})
    assert await async_setup_component(hass, "tts", {})
    voice = Tts()
    await hass.data[DATA_INSTANCES]["tts"].async_add_entities([voice])
    assert voice.entity_id == VOICE
    return voice


def spoken(home: Home, entity_id: str = RADIO) -> list[tuple[float, str]]:
    """Return what a player was to say, each with its second."""
    return [
        (at, command)
        for at, entity, command in home.evening.told
        if entity == entity_id and "media-source://tts/tts.voice" in command
    ]


async def shelf(home: Home) -> Radio:
    """Add a second player, for the voice."""
    player = Radio("Shelf", home.evening, volume=0.3)
    await home.add(player)
    return player


async def test_on_a_player_of_its_own(home: Home, tts: Tts) -> None:
    """In the voice's own name for the language; the music goes down meanwhile."""
    await shelf(home)
    await mat(home, VOICE, speech={"speech_player": "media_player.shelf"})
    await home.start()
    await home.wait(minutes=40)
    heard = spoken(home, "media_player.shelf")
    assert [at for at, _ in heard] == [0, 60, 240, 1140, 1260]
    assert all("language=en-GB" in command for _, command in heard)
    assert spoken(home) == []
    down, up = (x for x in levels(home) if 59 < x[0] < 100)
    assert down == (60.0, 0.08)
    # One second to make it, and 57 letters.
    assert up == (65.4, 0.2)


async def test_on_the_player_of_the_music_where_it_can_announce(
    home: Home, tts: Tts
) -> None:
    """Over the music, which the player turns down; the end is said in silence.

    By then the fade has made the player as good as silent.
    """
    home.radio._attr_supported_features |= MediaPlayerEntityFeature.MEDIA_ANNOUNCE
    home.radio.tell()
    await mat(home, VOICE)
    await home.start()
    await home.wait(minutes=40)
    assert [round(at) for at, _ in spoken(home)] == [0, 60, 240, 1140, 1260]
    # Not silent in the fade, nor lower than the routine says later.
    fade_in = [(round(at), level) for at, level in levels(home) if at < 5]
    assert fade_in == [(0, 0), (0, 0.2), (4, 0.04)]
    assert [x for x in levels(home) if 30 < x[0] < 1190] == []
    told = home.evening.commands(RADIO)
    assert told[-5:-3] == ["stop", "volume 0.20"]
    assert "sit%20up" in told[-3].lower() or "sit+up" in told[-3].lower()
    assert told[-2:] == ["stop", "volume 0.60"]


async def test_on_a_player_that_cannot_announce(home: Home, tts: Tts) -> None:
    """In the middle a sentence would end the music: only the end is said."""
    entry = await mat(home, VOICE)
    await home.start()
    await home.wait(minutes=40)
    assert [round(at) for at, _ in spoken(home)] == [1260]
    assert await failed(home, entry) == [()]
    assert home.radio.volume_level == 0.6


async def test_bell_and_voice_come_one_after_the_other(home: Home, tts: Tts) -> None:
    """Both at the end, in the silence, before the volume is put back."""
    home.hass.config.internal_url = "http://10.10.10.10:8123"
    await mat(home, VOICE, session={"bell": True})
    await home.start()
    await home.wait(minutes=40)
    told = home.evening.commands(RADIO)
    bell = next(n for n, command in enumerate(told) if "bell.wav" in command)
    assert told[bell - 1] == "volume 0.20"
    assert told[bell + 1] == "stop"
    assert "media-source://tts" in told[bell + 2]
    assert told[bell + 3 :] == ["stop", "volume 0.60"]


async def test_a_sound_after_the_silence_is_played_in_a_silence_of_its_own(
    home: Home, tts: Tts
) -> None:
    """A voice that took long: the volume is back already, and comes back once more."""
    entry = await mat(home, VOICE)
    await home.start()
    room = coordinator_of(entry).rooms.current
    assert room is not None
    sounds: list[Sound] = []
    with patch.object(room, "sound", sounds.append):
        await home.wait(seconds=1260)
        await home.wait(seconds=20)
    assert home.radio.volume_level == 0.6
    room.sound(sounds[-1])
    await home.settle()
    await home.wait(seconds=20)
    assert home.evening.commands(RADIO)[-4] == "volume 0.20"
    assert home.radio.volume_level == 0.6
    assert home.radio.state is MediaPlayerState.IDLE


async def test_a_voice_without_our_language_is_reported(home: Home, tts: Tts) -> None:
    """Once; German read out by a Frenchman helps nobody."""
    tts._attr_supported_languages = ["fr-FR"]
    entry = await mat(home, VOICE)
    await home.start()
    await home.wait(minutes=40)
    assert spoken(home) == []
    assert await failed(home, entry) == [(VOICE,)]


async def test_a_player_that_refuses_to_speak_is_no_harm(home: Home, tts: Tts) -> None:
    """The voice is reported, and what was put back stays so."""
    told: list[list[str]] = []
    entry = await mat(home, VOICE)
    coordinator_of(entry).async_listen(
        "bedtime", lambda _, data: told.append(data["failed"])
    )
    await home.start()
    await home.wait(seconds=1255)
    with patch.object(home.radio, "async_play_media", side_effect=HomeAssistantError):
        await home.wait(minutes=10)
    assert VOICE in told[-1]
    assert home.radio.volume_level == 0.6


# -- what does not work ----------------------------------------------------------


@pytest.mark.parametrize("state", [None, "unavailable"])
async def test_a_voice_that_is_gone_is_reported_once(
    home: Home, satellite: Satellite, state: str | None
) -> None:
    """As a device is, and the session is the same without it."""
    if state is None:
        home.hass.states.async_remove(SATELLITE)
    else:
        satellite.become(state)
    told: list[str] = []
    entry = await mat(home)
    coordinator_of(entry).async_listen("bedtime", lambda kind, _: told.append(kind))
    await home.start()
    await home.wait(minutes=40)
    assert satellite.heard == []
    assert told.count("device_failed") == 1
    assert await failed(home, entry) == [(SATELLITE,)]


async def test_a_voice_that_fails_disturbs_nothing(
    home: Home, satellite: Satellite
) -> None:
    """Whatever it raises, the music comes back and the next cue is tried."""
    satellite.error = HomeAssistantError("busy")
    entry = await mat(home)
    await home.start()
    await home.wait(seconds=90)
    assert satellite.said == [LIE_DOWN, PRICKLES]
    assert home.radio.volume_level == 0.2
    satellite.error = None
    await home.wait(minutes=40)
    assert satellite.said == ALL
    assert await failed(home, entry) == [(SATELLITE,)]


async def test_a_voice_that_hangs_is_given_up(home: Home, satellite: Satellite) -> None:
    """After half a minute, and the music is not kept down for longer."""
    satellite.seconds = 1000
    entry = await mat(home)
    await home.start()
    await home.wait(seconds=59)
    assert home.radio.volume_level == 0.2
    satellite.seconds = 4
    await home.wait(minutes=40)
    assert satellite.said == ALL
    assert await failed(home, entry) == [(SATELLITE,)]


async def test_a_voice_that_was_removed_is_an_issue_to_fix(
    home: Home, satellite: Satellite
) -> None:
    """Like a lamp that was removed; another satellite can take its place."""
    home.hass.states.async_remove(SATELLITE)
    entry = await mat(home)
    issue = f"device_missing_bedtime_{SATELLITE}"
    assert ("acupressure_mat", issue) in ir.async_get(home.hass).issues
    data = entry.subentries["bedtime"].data
    assert (
        subentries.replaced(data, SATELLITE, "assist_satellite.den")["speech"][
            "speaker"
        ]
        == "assist_satellite.den"
    )
    assert subentries.replaced(data, SATELLITE, None)["speech"] == {"cues": True}


# -- the question ----------------------------------------------------------------


async def asking(home: Home, **changes: Any) -> MockConfigEntry:
    """Add a mat that asks, and let a session run to its end."""
    entry = await mat(home, speech={"cues": False, "ask_aloud": True}, **changes)
    await home.start()
    await home.wait(seconds=1258)
    return entry


@pytest.mark.parametrize(
    ("answer", "points"),
    [("four", 4), ("Four out of ten.", 4), ("0", 0), ("it is a ten", 10)],
)
async def test_the_answer_rates_the_session(
    home: Home, satellite: Satellite, answer: str, points: int
) -> None:
    """In digits or words, and it is said back."""
    satellite.answers = [answer]
    entry = await asking(home)
    await home.wait(seconds=30)
    assert satellite.said == [ASKED, f"Noted, pain {points}."]
    (record,) = await home.records(entry)
    assert record.ratings.pain_after == points


async def test_an_answer_that_the_disk_does_not_take_is_not_noted(
    home: Home, satellite: Satellite
) -> None:
    """Nobody is told that it was; an issue says what to do."""
    satellite.answers = ["four"]
    entry = await asking(home)
    await home.wait(seconds=3)
    with no_space():
        await home.wait(seconds=30)
    assert satellite.said == [ASKED]
    (record,) = await home.records(entry)
    assert record.ratings.pain_after is None


async def test_it_asks_after_the_last_cue(home: Home, satellite: Satellite) -> None:
    """Not over it; of the part of the body where the mat was."""
    satellite.answers = ["two"]
    await mat(home, speech={"ask_aloud": True}, session={"body_area": "feet"})
    await home.start()
    await home.wait(minutes=40)
    assert satellite.heard[-3:] == [
        (1260, SIT_UP),
        (1264, ASKED.replace("does your back", "do your feet")),
        (1268, "Noted, pain 2."),
    ]


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        (["well", "six"], 6),
        (["eleven", "ten"], 10),
        (["well", "you know"], None),
        ([HomeAssistantError(translation_key="no_answer")], None),
    ],
)
async def test_what_is_no_answer_is_asked_once_more(
    home: Home, satellite: Satellite, answers: list[Any], points: int | None
) -> None:
    """And then no more; silence is an answer, and no failure."""
    satellite.answers = list(answers)
    entry = await asking(home)
    await home.wait(seconds=60)
    (record,) = await home.records(entry)
    assert record.ratings.pain_after == points
    assert record.failed == ()
    assert satellite.said[: len(answers)] == [ASKED, ONCE_MORE][: len(answers)]
    assert len(satellite.said) == len(answers) + (points is not None)


async def test_answered_on_the_phone_meanwhile(
    home: Home, satellite: Satellite
) -> None:
    """The first answer counts."""
    satellite.answers = ["nine"]
    entry = await asking(home)
    await home.wait(seconds=3)
    await coordinator_of(entry).practice.async_rate(pain_after=3)
    await home.wait(seconds=30)
    (record,) = await home.records(entry)
    assert record.ratings.pain_after == 3


async def test_who_lies_down_again_is_not_asked(
    home: Home, satellite: Satellite
) -> None:
    """How it was before is what the next session answers."""
    satellite.answers = ["well", "six"]
    await asking(home)
    await home.wait(seconds=3)
    await home.start()
    await home.wait(seconds=30)
    assert satellite.said == [ASKED]


@pytest.mark.parametrize(
    ("minutes", "reason", "asks"),
    [(6, "enough", True), (6, "pain", False), (0.5, None, False)],
)
async def test_stopped_early(
    home: Home, satellite: Satellite, minutes: float, reason: str | None, asks: bool
) -> None:
    """Asked too, but not who has just told, nor after a mistake."""
    satellite.answers = ["five"]
    await mat(home, speech={"cues": False, "ask_aloud": True})
    await home.start()
    await home.wait(minutes=minutes)
    await home.do("stop_session", **({"reason": reason} if reason else {}))
    await home.wait(minutes=1)
    assert (ASKED in satellite.said) is asks


async def test_stopped_early_after_the_mat_was_loaded_anew(
    home: Home, satellite: Satellite
) -> None:
    """Before any other phase began, and released at once."""
    satellite.answers = ["five"]
    entry = await mat(home, speech={"cues": False, "ask_aloud": True})
    await home.start()
    await home.wait(minutes=6)
    assert await home.hass.config_entries.async_reload(entry.entry_id)
    await home.settle()
    await home.do("stop_session", reason="enough")
    await home.wait(minutes=1)
    assert ASKED in satellite.said


async def test_a_question_that_fails_is_no_harm(
    home: Home, satellite: Satellite
) -> None:
    """A satellite that hung up; the session is in the journal all the same."""
    satellite.answers = [RuntimeError("gone")]
    told: list[list[str]] = []
    entry = await asking(home)
    coordinator_of(entry).async_listen(
        "bedtime", lambda _, data: told.append(data["failed"])
    )
    await home.wait(seconds=30)
    (record,) = await home.records(entry)
    assert record.ratings.pain_after is None
    assert told[-1] == [SATELLITE]


async def test_without_anybody_to_ask(home: Home, satellite: Satellite) -> None:
    """Out of reach at the end."""
    entry = await asking(home)
    satellite.become("unavailable")
    await home.wait(seconds=30)
    assert satellite.heard == []
    assert len(await home.records(entry)) == 1
