"""A voice in a real Home Assistant: what it says, and what the music does meanwhile.

Two people lie down at the same time. To Anna a satellite speaks, beside the music; to
Ben, the player of his music itself. Played once, in real seconds.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from .bedroom import SPEAKER, bedroom
from .client import Json
from .conftest import Boot
from .flows import config_flow
from .home_assistant import HomeAssistant
from .mat import Mat
from .mpd import write_tone

# The tests of this file share one home.
pytestmark = pytest.mark.xdist_group("speech")

PRETEND_VOICE = Path(__file__).parent / "pretend_voice"
SATELLITE = "assist_satellite.pretend_satellite"
PLAYER = "media_player.pretend_player"
SPEECH = "tts.pretend_speech"
SONG = "media-source://media_source/local/calm.wav"

PRICKLES = "It prickles most at first, then it eases. Breathe slowly."
WARMTH = "Warmth spreads. Let the mat carry you."
ROLL = "Roll to your side, slowly. There is no hurry."
SIT_UP = "That was it. Sit up slowly, and drink something."
ASKED = "How much does your back hurt now, from zero to ten?"
NOTED = "Noted, pain 3."

ROUTINE: Json = {
    "volume": 30,
    "fade_in": 0,
    "fade_out": 0,
    "cues": True,
    "prepare": {"seconds": 0},
    "settle": {"seconds": 15},
    "wind_down": {"seconds": 12},
    "after": {"seconds": 1},
}


def on(player: str, **room: object) -> Json:
    """Return a room with music on this player."""
    song = {"media_content_id": SONG, "media_content_type": "audio/wav"}
    return {**ROUTINE, "player": player, "media": {**song, "entity_id": player}, **room}


@dataclass
class Evening:
    """What there is to look at when both have got up."""

    home: HomeAssistant
    anna: Mat
    ben: Mat

    def told(self, entity_id: str, attribute: str) -> list[object]:
        """Return the values that an attribute has had, in order."""
        values = [
            change.new.attributes.get(attribute)
            for change in self.home.client.changes
            if change.entity_id == entity_id and change.new
        ]
        return [
            value
            for before, value in zip([None, *values], values, strict=False)
            if value not in (None, before)
        ]


@pytest_asyncio.fixture(scope="module")
async def evening(boot: Boot) -> AsyncIterator[Evening]:
    """Play two sessions of one minute."""
    configuration = {
        **bedroom(),
        "input_text": {
            "speaker_media": {"name": "Speaker media", "initial": ""},
            "answer": {"name": "Answer", "initial": "Three, I would say"},
        },
    }
    async with boot(configuration, beside=PRETEND_VOICE) as home:
        write_tone(home.folder / "media" / "calm.wav", seconds=2)
        await config_flow(home.client, "pretend_voice", {})
        await home.client.wait_for_state(SATELLITE, "idle")
        # Assist made this before there was anything to speak with.
        listed = await home.client.call("assist_pipeline/pipeline/list")
        pipeline = listed["pipelines"][0]
        await home.client.call(
            "assist_pipeline/pipeline/update",
            pipeline_id=pipeline.pop("id"),
            **{**pipeline, "tts_engine": SPEECH, "tts_language": "en-GB"},
        )
        anna, ben = [
            await Mat.add(home.client, f"{name}'s mat") for name in ("Anna", "Ben")
        ]
        beside = await anna.add_routine(
            "Beside", "custom", on(SPEAKER, speaker=SATELLITE, ask_aloud=True)
        )
        through = await ben.add_routine("Through", "custom", on(PLAYER, speaker=SPEECH))
        await beside.start(minutes=1)
        await through.start(minutes=1)
        await through.wait_for("completed", time_limit=90)
        await beside.wait_for("completed", time_limit=30)
        await home.client.wait_for_state(SATELLITE, "idle", said=NOTED, time_limit=30)
        await home.client.wait_for_state(PLAYER, "idle", volume_level=0.5)
        yield Evening(home, anna, ben)
        assert home.errors_of_ours() == []


def test_each_phase_is_said_by_the_satellite(evening: Evening) -> None:
    """Words that were only ever heard by a pretend action."""
    assert evening.told(SATELLITE, "said") == [
        *(PRICKLES, WARMTH, ROLL, SIT_UP),
        *(ASKED, NOTED),
    ]


def test_the_music_makes_way_for_each_sentence(evening: Evening) -> None:
    """Too loud to hear a word, or low for the rest of the evening."""
    levels = evening.told(SPEAKER, "volume_level")
    # Down and up again for each of three phases, and at the end as it was found. The
    # first sentence may be there before the music is.
    assert levels[levels.index(0.12) :] == [*3 * [0.12, 0.3], 0.45]


def test_what_is_answered_aloud_is_in_the_journal(evening: Evening) -> None:
    """A question that is asked and whose answer nobody keeps."""
    (record,) = evening.anna.records(evening.home)
    assert record["ratings"] == {"pain_after": 3}
    (record,) = evening.ben.records(evening.home)
    assert "ratings" not in record


def test_a_voice_on_the_player_of_the_music_waits_for_its_end(evening: Evening) -> None:
    """A sentence that ends the music of a player which cannot announce."""
    played = evening.told(PLAYER, "media_content_id")
    kinds = ["speech" if "/api/tts_proxy/" in str(url) else "music" for url in played]
    assert kinds == ["music", "speech"]
    assert evening.told(PLAYER, "volume_level") == [0.5, 0.3, 0.5]
    (record,) = evening.ben.records(evening.home)
    assert "failed" not in record
