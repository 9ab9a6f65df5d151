"""Each sentence that people say, in each language, through Home Assistant's own agent."""

from datetime import timedelta
from unittest.mock import AsyncMock

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.acupressure_mat.coordinator import SessionCoordinator
from custom_components.acupressure_mat.language import Command, Language
from custom_components.acupressure_mat.session.session import Source

from .home import Home, add_mat, coordinator_of
from .speech import LANGUAGES, Sentence, bare, listen, say, speech

MINUTE = timedelta(minutes=1)
LENGTH = 20
IDLE = {Command.START, Command.PAIN, Command.WEEK}


async def prepare(home: Home, mat: SessionCoordinator, command: Command) -> None:
    """Bring the mat into the state in which one says this."""
    if mat.session is not None:
        mat.async_stop()
    if command not in IDLE:
        mat.async_start("bedtime", source=Source.USER)
        mat.async_skip_phase()
        home.freezer.tick(2 * MINUTE)
        if command is Command.RESUME:
            mat.async_pause()
    await home.hass.async_block_till_done()


def expected(sentence: Sentence, language: Language) -> tuple[object, ...]:
    """Return what `happened` returns when a sentence was understood."""
    value = sentence.value or 0
    match sentence.command:
        case Command.START:
            minutes = value or LENGTH
            return (minutes * MINUTE, "prepare", False, "voice")
        case Command.PAUSE:
            return (LENGTH * MINUTE, "settle", True, "user")
        case Command.EXTEND:
            return ((LENGTH + value) * MINUTE, "settle", False, "user")
        case Command.SKIP:
            return ((LENGTH - 1) * MINUTE, "rest", False, "user")
        case Command.LEFT:
            left = {"minutes": language.form("minutes", LENGTH - 2)}
            return (language.answer("left", left),)
        case Command.STOP if sentence.reason is not None:
            return (language.answer(sentence.reason, {}), sentence.reason)
        case Command.STOP:
            return (language.answer("stopped", {}, night=True), None)
        case Command.PAIN:
            return (language.answer("rated", {"number": str(value)}), value)
        case Command.WEEK:
            return (language.answer("week_none", {}),)
    return (LENGTH * MINUTE, "settle", False, "user")


def happened(
    mat: SessionCoordinator, sentence: Sentence, answer: str, rated: AsyncMock
) -> tuple[object, ...]:
    """Return what became of the session, or else the answer and what was kept."""
    if sentence.command in (Command.LEFT, Command.WEEK):
        return (answer,)
    if sentence.command is Command.PAIN:
        return (answer, rated.call_args.args[0])
    if sentence.command is Command.STOP:
        return (answer, mat.data.reason if mat.data else None)
    assert mat.session is not None
    session, now = mat.session, dt_util.utcnow()
    return (session.planned, session.phase(now), session.is_paused, session.source)


@pytest.mark.parametrize("code", LANGUAGES)
async def test_everything_that_people_say_is_understood(
    hass: HomeAssistant, home: Home, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence on the page of docs that nobody ever said to a Home Assistant."""
    said = speech(code)
    hass.config.language = code
    await listen(hass)
    entry = await add_mat(
        hass,
        bare(said.routine, "bedtime"),
        bare("Other", "morning"),
        title=said.mat,
    )
    mat = coordinator_of(entry)
    rated = AsyncMock()
    monkeypatch.setattr(mat.practice, "async_set_pain", rated)
    wrong = []
    # The week first, while the journal is empty.
    for sentence in sorted(said.sentences, key=lambda s: s.command is not Command.WEEK):
        await prepare(home, mat, sentence.command)
        answer = await say(hass, sentence.text, language=code)
        got = happened(mat, sentence, answer, rated) if mat.data or answer else ()
        if got != expected(sentence, said.language):
            wrong.append((sentence, answer, got))
    assert not wrong
    assert len(said.sentences) > 40
