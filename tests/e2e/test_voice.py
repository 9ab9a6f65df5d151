"""People who speak to their mat, as text to the conversation of a real Home Assistant."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
import pytest_asyncio

from .client import Json
from .conftest import Boot
from .home_assistant import HomeAssistant
from .mat import Mat, Routine

# The tests of this file share one home, and go through its evening in their order.
pytestmark = pytest.mark.xdist_group("voice")

QUICK: Json = {"prepare": {"seconds": 0}, "after": {"seconds": 1}}


@dataclass
class Talk:
    """A home that listens, and the routine that is spoken of."""

    home: HomeAssistant
    mat: Mat
    bedtime: Routine

    async def say(self, text: str, language: str = "en") -> str:
        """Return what Home Assistant answers."""
        result = await self.home.client.call(
            "conversation/process", text=text, language=language
        )
        speech: str = result["response"]["speech"]["plain"]["speech"]
        return speech

    async def hear(self, answer: str, text: str, language: str = "en") -> None:
        """Say it until that is the answer.

        Names and languages are taught beside everything else, and nobody is told when
        they are known.
        """
        heard = ""
        with suppress(TimeoutError):
            async with asyncio.timeout(20):
                while (heard := await self.say(text, language)) != answer:
                    await asyncio.sleep(0.1)
        assert heard == answer

    async def is_on(self) -> bool:
        """Tell whether a session of the routine runs."""
        entity_id = await self.bedtime.entity("switch.session")
        return self.home.client.state(entity_id).state == "on"


@pytest_asyncio.fixture(scope="module")
async def talk(boot: Boot) -> AsyncIterator[Talk]:
    """Return a home with one mat and one routine."""
    async with boot() as home:
        mat = await Mat.add(home.client, "Anna's mat")
        bedtime = await mat.add_routine("Bedtime", "bedtime", QUICK)
        talk = Talk(home, mat, bedtime)
        await talk.hear("Bedtime is not running.", "stop the bedtime session")
        yield talk
        # Home Assistant warns of every platform, its own too, when its language changes.
        noise = "Failed to load integration for translation: Invalid domain"
        assert not [line for line in home.errors_of_ours() if noise not in line]


async def test_an_evening_in_words(talk: Talk) -> None:
    """A start that nobody hears of, or an answer that is Home Assistant's own."""
    answer = await talk.say("Start my mat session for twelve minutes, please.")
    assert "welve minutes" in answer
    assert await talk.is_on()
    assert await talk.say("How long is left on the mat?") == "Twelve minutes left."
    assert (await talk.say("Pause the session")).startswith("Paused")
    assert "welve minutes left" in await talk.say("Resume the session")
    assert "eventeen minutes left" in await talk.say("Five more minutes on the mat")
    assert await talk.say("Start the bedtime session") == "Bedtime is running already."


async def test_it_hurts(talk: Talk) -> None:
    """Pain that has to be explained before anything happens."""
    if not await talk.is_on():
        await talk.say("Start my mat session")
    assert (await talk.say("Stop, it hurts!")).startswith("Stopped.")
    assert not await talk.is_on()
    happening = await talk.bedtime.wait_for("stopped")
    assert happening.data["reason"] == "pain"
    assert happening.data["source"] == "voice"
    assert not (await talk.say("It hurts")).startswith("Stopped.")


async def test_a_routine_is_known_by_name_without_a_restart(talk: Talk) -> None:
    """A name that only a restart teaches Home Assistant."""
    await talk.mat.add_routine("Stretching", "custom", QUICK)
    await talk.hear("Stretching is not running.", "stop the stretching session")


async def test_home_assistants_language_is_understood(talk: Talk) -> None:
    """German that only a restart brings."""
    assert "Sitzung" not in await talk.say("beende die Mattensitzung", "de")
    await talk.home.client.call("config/core/update", language="de")
    await talk.hear("Es läuft keine Sitzung.", "beende die Mattensitzung", "de")
