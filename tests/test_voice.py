"""Who is meant by what is said to a mat, what is answered, and when it is listened for."""

from collections.abc import Callable
from datetime import timedelta
from string import Formatter
from types import SimpleNamespace
from typing import Any

from homeassistant.components import conversation
from homeassistant.components.conversation.agent_manager import get_agent_manager
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntryChange
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.acupressure_mat import voice
from custom_components.acupressure_mat.commands import async_refusal
from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.coordinator import SessionCoordinator
from custom_components.acupressure_mat.session.routine import BodyArea, PhaseName
from custom_components.acupressure_mat.session.session import SessionError, Source

from .disk import no_space
from .home import Home, add_mat, coordinator_of, routine, subentry
from .speech import LANGUAGES, bare, listen, say, speech

# How Home Assistant begins when nobody feels addressed.
DEAF = "Sorry, I"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
async def listening(hass: HomeAssistant, home: Home) -> None:
    """Let the home listen."""
    await listen(hass)


@pytest.fixture
async def mat(hass: HomeAssistant) -> SessionCoordinator:
    """Return a mat with three routines."""
    return coordinator_of(
        await add_mat(
            hass,
            bare("Wake up", "morning"),
            bare("After work", "after_work"),
            bare("Bedtime", "bedtime"),
        )
    )


@pytest.fixture
async def two(hass: HomeAssistant) -> tuple[SessionCoordinator, SessionCoordinator]:
    """Return Anna's and Ben's mats: two persons, two rooms, one routine each."""
    for person, user_id in (("anna", "user-anna"), ("ben", "user-ben")):
        hass.states.async_set(f"person.{person}", "home", {"user_id": user_id})
        MockUser(id=user_id, is_owner=True).add_to_hass(hass)
    anna = await add_mat(
        hass, bare("Bedtime", "bedtime"), title="Anna's mat", person="person.anna"
    )
    ben = await add_mat(
        hass, bare("Ben's Bedtime", "morning"), title="Ben's mat", person="person.ben"
    )
    return coordinator_of(anna), coordinator_of(ben)


def at(home: Home, clock: str) -> None:
    """Let it be so late in the home."""
    hour, minute = map(int, clock.split(":"))
    local = dt_util.now().replace(hour=hour, minute=minute)
    home.freezer.move_to(dt_util.as_utc(local))


def place(hass: HomeAssistant, mat: SessionCoordinator, area: str) -> str:
    """Put the routines of a mat in an area; return the id of a satellite there."""
    area_id = ar.async_get(hass).async_get_or_create(area).id
    devices = dr.async_get(hass)
    for routine_id in mat.config_entry.subentries:
        routine = devices.async_get_device_by_identifier(
            (DOMAIN, routine_id), mat.config_entry.entry_id
        )
        assert routine is not None
        devices.async_update_device(routine.id, area_id=area_id)
    owner = MockConfigEntry()
    owner.add_to_hass(hass)
    satellite = devices.async_get_or_create(
        config_entry_id=owner.entry_id, identifiers={("satellite", area)}
    )
    devices.async_update_device(satellite.id, area_id=area_id)
    return satellite.id


def running(mat: SessionCoordinator) -> str | None:
    """Return the name of the routine that runs on a mat."""
    return mat.session.routine.name if mat.session else None


def sentences(hass: HomeAssistant) -> list[str]:
    """Return all that Home Assistant listens for before everything else."""
    return get_agent_manager(hass).trigger_sentences


# -- which routine -------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "routine"),
    [
        ("04:00", "Wake up"),
        ("10:59", "Wake up"),
        ("15:00", "After work"),
        ("19:59", "After work"),
        ("20:00", "Bedtime"),
        ("03:59", "Bedtime"),
    ],
)
async def test_the_time_of_day_chooses_the_routine(
    hass: HomeAssistant, home: Home, mat: SessionCoordinator, clock: str, routine: str
) -> None:
    """A morning light at bedtime."""
    at(home, clock)
    await say(hass, "start my mat session")
    assert running(mat) == routine


@pytest.mark.parametrize("clock", ["11:00", "14:59"])
async def test_at_noon_it_asks_and_names_what_to_say(
    hass: HomeAssistant, home: Home, mat: SessionCoordinator, clock: str
) -> None:
    """A guess, or a question whose answer is not understood."""
    at(home, clock)
    question = await say(hass, "start my mat session")
    assert question == "Wake up, After work or Bedtime? Say: start Wake up session."
    assert running(mat) is None
    await say(hass, question.rsplit("Say: ", maxsplit=1)[1])
    assert running(mat) == "Wake up"


async def test_two_routines_for_one_time_of_day_are_asked_about(
    hass: HomeAssistant, home: Home
) -> None:
    """The first of two bedtimes, always."""
    mat = coordinator_of(
        await add_mat(
            hass,
            bare("Wake up", "morning"),
            bare("Bedtime", "bedtime"),
            bare("Late", "bedtime") | {"subentry_id": "late"},
        )
    )
    assert await say(hass, "start my mat session") == (
        "Bedtime or Late? Say: start Bedtime session."
    )
    assert running(mat) is None


async def test_the_only_routine_is_meant_at_any_time(
    hass: HomeAssistant, home: Home
) -> None:
    """A morning person with one routine, asked each evening which one."""
    mat = coordinator_of(await add_mat(hass, bare("Wake up", "morning")))
    await say(hass, "start my mat session")
    assert running(mat) == "Wake up"


async def test_a_name_says_more_than_the_time_of_day(
    hass: HomeAssistant, home: Home, mat: SessionCoordinator
) -> None:
    """A name that was heard and not used."""
    await say(hass, "Start my AFTER-WORK session for 12 minutes, please!")
    assert running(mat) == "After work"
    assert mat.session is not None
    assert mat.session.asked == 12 * MINUTE


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("Five minute reset", "start five minute reset session"),
        ("5 Minuten", "start 5 minuten session"),
        ("Sleep (deep) & slow", "start sleep deep slow session"),
        ("Mum's | evening", "start mum's evening session"),
        ("Mat", "start mat session"),
    ],
)
async def test_whatever_a_routine_is_called(
    hass: HomeAssistant, home: Home, name: str, spoken: str
) -> None:
    """A name whose number became the duration, or whose bracket broke all of voice."""
    mat = coordinator_of(
        await add_mat(hass, bare("Other", "bedtime"), bare(name, "custom"))
    )
    await say(hass, spoken)
    assert running(mat) == name
    assert mat.session is not None
    assert mat.session.asked == 20 * MINUTE


async def test_a_mat_without_a_routine_says_so(hass: HomeAssistant) -> None:
    """A silence that looks like a fault of speech recognition."""
    await add_mat(hass, *[bare("Bedtime", "bedtime")])
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    hass.config_entries.async_remove_subentry(entry, "bedtime")
    await hass.async_block_till_done()
    assert await say(hass, "start my mat session") == (
        "There is no routine yet. Add one to the mat first."
    )
    assert await say(hass, "my mat pain is four") == (
        "There is no routine yet. Add one to the mat first."
    )


# -- refusals ------------------------------------------------------------------


@pytest.mark.parametrize("minutes", ["0", "61", "90", "zero", "two hours"])
async def test_minutes_out_of_range_are_refused_in_words(
    hass: HomeAssistant, mat: SessionCoordinator, minutes: str
) -> None:
    """A session of zero minutes that lasts twenty."""
    unit = "" if "hour" in minutes else " minutes"
    assert await say(hass, f"start the mat session for {minutes}{unit}") == (
        "A session lasts from 1 to 60 minutes."
    )
    assert running(mat) is None


async def test_what_cannot_be_done_now_is_said(
    hass: HomeAssistant, home: Home, mat: SessionCoordinator
) -> None:
    """A refusal in the words of a log file, or a success that was none."""
    for text in ("pause", "resume", "stop", "skip this phase of"):
        assert await say(hass, f"{text} my session") == "No session is running."
    assert await say(hass, "stop the bedtime session") == "Bedtime is not running."
    await say(hass, "start my mat session")
    assert await say(hass, "start my mat session") == "Bedtime is running already."
    assert await say(hass, "start after work session") == "Bedtime is running already."
    assert await say(hass, "resume my session") == "It is not paused."
    await say(hass, "pause my session")
    assert await say(hass, "pause my session") == "It is paused already."
    assert (
        await say(hass, "stop the after work session") == "After work is not running."
    )
    assert await say(hass, "50 more minutes on the mat") == (
        "A session lasts from 1 to 60 minutes."
    )
    assert await say(hass, "my mat pain is 11") == "Pain goes from zero to ten."
    assert running(mat) == "Bedtime"


async def test_pain_is_not_asked_of_somebody_on_the_mat(
    hass: HomeAssistant, home: Home, mat: SessionCoordinator
) -> None:
    """Pain of the prickly minutes, kept as the pain before or after."""
    assert await say(hass, "my mat pain is six") == "Noted, pain 6."
    await say(hass, "start my mat session")
    await home.wait(minutes=5)
    assert await say(hass, "my mat pain is two") == (
        "Tell me before you lie down, or after you get up."
    )
    await say(hass, "stop my session")
    await home.settle()
    assert await say(hass, "my mat pain is two") == "Noted, pain 2."
    assert mat.practice.last is not None
    ratings = mat.practice.last.ratings
    assert (ratings.pain_before, ratings.pain_after) == (6, 2)


async def test_a_refusal_without_words_of_voice_is_translated(
    hass: HomeAssistant,
) -> None:
    """A new refusal of the session that voice answers with an exception."""
    error = SessionError("record_not_found", record="7")
    language = speech("de").language
    assert "7" in await async_refusal(hass, language, error)


async def test_button_and_voice_together_start_one_session(
    hass: HomeAssistant, home: Home, mat: SessionCoordinator
) -> None:
    """Two ways in within a second."""
    await home.start("switch.bedtime_session")
    assert mat.session is not None
    started = mat.session
    assert await say(hass, "start my bedtime session") == "Bedtime is running already."
    assert mat.session is started
    assert started.source is not Source.VOICE


# -- answers -------------------------------------------------------------------


async def test_a_session_by_day(
    hass: HomeAssistant, home: Home, mat: SessionCoordinator
) -> None:
    """Numbers without words, or a chatter that nobody can follow on a mat."""
    at(home, "09:00")
    heard = [await say(hass, "start a twelve minute mat session")]
    await home.wait(minutes=2)
    heard += [
        await say(hass, "how long is left on the mat"),
        await say(hass, "pause my session"),
        await say(hass, "how long is left on the mat"),
        await say(hass, "resume my session"),
        await say(hass, "five more minutes on the mat"),
        await say(hass, "skip this phase of my session"),
    ]
    await home.wait(seconds=90)
    heard.append(await say(hass, "stop my mat session"))
    await home.settle()
    heard.append(await say(hass, "how was my mat week"))
    assert heard == [
        "Wake up, twelve minutes. Lie down when you are ready.",
        "Eleven minutes left.",
        "Paused, with eleven minutes left.",
        "Paused, with eleven minutes left.",
        "Going on, eleven minutes left.",
        "All right, sixteen minutes left.",
        "Skipped, fourteen minutes left.",
        "Done, two minutes on the mat. Sit up slowly.",
        "Two minutes on one of five days this week.",
    ]


async def test_a_session_by_night_is_short(
    hass: HomeAssistant, home: Home, mat: SessionCoordinator
) -> None:
    """A lecture in the dark."""
    heard = [await say(hass, "start a twelve minute mat session")]
    await home.wait(minutes=2)
    heard += [
        await say(hass, "pause my session"),
        await say(hass, "resume my session"),
        await say(hass, "five more minutes on the mat"),
        await say(hass, "skip this phase of my session"),
    ]
    await home.wait(seconds=90)
    heard.append(await say(hass, "stop my mat session"))
    assert heard == [
        "Twelve minutes.",
        "Paused.",
        "Eleven minutes left.",
        "Sixteen minutes left.",
        "Fourteen minutes left.",
        "Done.",
    ]


async def test_the_last_minute_and_what_comes_after(
    hass: HomeAssistant, home: Home, mat: SessionCoordinator
) -> None:
    """Zero minutes left, and a skip in after that is told as a failure."""
    await say(hass, "start a five minute mat session")
    await home.wait(minutes=5, seconds=10)
    assert await say(hass, "how long is left on the mat") == "Less than a minute left."
    await home.wait(minutes=1)
    assert mat.phase == "after"
    assert await say(hass, "how long is left on the mat") == "No session is running."
    assert await say(hass, "skip this phase of my session") == "Done."
    assert mat.data is None


async def test_a_start_by_mistake_is_told_as_one(
    hass: HomeAssistant, mat: SessionCoordinator
) -> None:
    """Zero minutes that count."""
    await say(hass, "start my mat session")
    assert await say(hass, "stop my mat session") == (
        "Stopped. This one does not count."
    )


async def test_the_week_with_its_goal(hass: HomeAssistant, home: Home) -> None:
    """A goal that was reached and is still asked for."""
    mat = coordinator_of(await add_mat(hass, bare("Bedtime", "bedtime"), goal=1))
    assert await say(hass, "how was my mat week") == (
        "You were not on the mat yet this week."
    )
    mat.async_start("bedtime", 5 * MINUTE, source=Source.USER)
    await home.wait(minutes=12)
    assert await say(hass, "how was my mat week") == (
        "Five minutes on one day this week. You reached your goal."
    )


async def test_voice_is_the_source_and_its_context_the_cause(
    hass: HomeAssistant, mat: SessionCoordinator, hass_admin_user: MockUser
) -> None:
    """A logbook that does not know who spoke."""
    await say(hass, "start my mat session", user_id=hass_admin_user.id)
    assert mat.session is not None
    assert mat.session.source is Source.VOICE


# -- it hurts ------------------------------------------------------------------


async def test_complaints_are_heard_only_while_somebody_lies_on_a_mat(
    hass: HomeAssistant, home: Home, mat: SessionCoordinator
) -> None:
    """Something said of a tooth, answered with advice on mats."""
    assert (await say(hass, "it hurts")).startswith(DEAF)
    await say(hass, "start my mat session")
    await home.wait(minutes=3)
    answer = await say(hass, "Stop, it hurts!")
    assert answer.startswith("Stopped. It should stimulate, not hurt.")
    assert running(mat) is None
    assert mat.data is not None
    assert mat.data.reason == "pain"
    assert (await say(hass, "it hurts")).startswith(DEAF)


# -- two mats ------------------------------------------------------------------


async def test_who_speaks_decides_between_two_mats(
    hass: HomeAssistant, two: tuple[SessionCoordinator, SessionCoordinator]
) -> None:
    """Ben's session on Anna's mat."""
    anna, ben = two
    await say(hass, "start my mat session", user_id="user-ben")
    assert (running(anna), running(ben)) == (None, "Ben's Bedtime")
    await say(hass, "start my mat session", user_id="user-anna")
    assert running(anna) == "Bedtime"
    await say(hass, "pause my session", user_id="user-ben")
    assert anna.session is not None
    assert ben.session is not None
    assert (anna.session.is_paused, ben.session.is_paused) == (False, True)


async def test_where_one_speaks_decides_between_two_mats(
    hass: HomeAssistant, two: tuple[SessionCoordinator, SessionCoordinator]
) -> None:
    """A satellite in the guest room that starts the bedroom."""
    anna, ben = two
    place(hass, anna, "Bedroom")
    there = place(hass, ben, "Guest room")
    await say(hass, "start my mat session", device_id=there)
    assert (running(anna), running(ben)) == (None, "Ben's Bedtime")


async def test_a_satellite_stands_where_its_entity_says(
    hass: HomeAssistant, two: tuple[SessionCoordinator, SessionCoordinator]
) -> None:
    """A satellite that was moved to the guest room, but whose device was not."""
    anna, ben = two
    here = place(hass, anna, "Bedroom")
    place(hass, ben, "Guest room")
    entities = er.async_get(hass)
    satellite = entities.async_get_or_create(
        "assist_satellite",
        "test",
        "satellite",
        device_id=here,
        has_entity_name=True,
        original_name="Microphone",
    )
    await say(hass, "start my mat session", satellite_id=satellite.entity_id)
    assert (running(anna), running(ben)) == ("Bedtime", None)
    moved = ar.async_get(hass).async_get_or_create("Guest room").id
    entities.async_update_entity(satellite.entity_id, area_id=moved)
    await say(hass, "start my mat session", satellite_id=satellite.entity_id)
    assert running(ben) == "Ben's Bedtime"


async def test_the_pain_of_who_lies_down_now(
    hass: HomeAssistant, two: tuple[SessionCoordinator, SessionCoordinator]
) -> None:
    """A question to the only person who can be meant."""
    anna, ben = two
    ben.async_start("morning", source=Source.USER)
    assert await say(hass, "my mat pain is four") == "Noted, pain 4."
    assert ben.practice.pain(ben.session) == 4
    assert await say(hass, "Bedtime mat pain is three") == "Noted, pain 3."
    assert anna.practice.pain(None) == 3


async def test_a_person_counts_more_than_a_room(
    hass: HomeAssistant, two: tuple[SessionCoordinator, SessionCoordinator]
) -> None:
    """Anna, with her phone in the guest room."""
    anna, ben = two
    place(hass, anna, "Bedroom")
    there = place(hass, ben, "Guest room")
    await say(hass, "start my mat session", device_id=there, user_id="user-anna")
    assert (running(anna), running(ben)) == ("Bedtime", None)


async def test_nobody_knows_whose_mat_is_meant(
    hass: HomeAssistant, two: tuple[SessionCoordinator, SessionCoordinator]
) -> None:
    """A guess on the wrong person's body."""
    anna, ben = two
    here = place(hass, anna, "Bedroom")
    place(hass, ben, "Bedroom")
    assert await say(hass, "start my mat session", device_id=here) == (
        "Bedtime or Ben's Bedtime? Say: start Bedtime session."
    )
    assert await say(hass, "my mat pain is four") == (
        "Anna's mat or Ben's mat? Say: Anna's mat pain is four."
    )
    assert (running(anna), running(ben)) == (None, None)
    assert await say(hass, "Anna's mat pain is four") == "Noted, pain 4."
    assert (anna.practice.pain(None), ben.practice.pain(None)) == (4, None)
    await say(hass, "start Ben's mat session")
    assert (running(anna), running(ben)) == (None, "Ben's Bedtime")
    await say(hass, "start the bedtime session")
    assert running(anna) == "Bedtime"
    assert await say(hass, "pause the mat") == (
        "Bedtime or Ben's Bedtime? Say: pause Bedtime session."
    )
    await say(hass, "pause Ben's Bedtime session")
    assert ben.session is not None
    assert ben.session.is_paused


async def test_the_only_session_that_runs_is_meant(
    hass: HomeAssistant, two: tuple[SessionCoordinator, SessionCoordinator]
) -> None:
    """Somebody helping from the door, asked whose session to pause."""
    anna, ben = two
    ben.async_start("morning", source=Source.USER)
    await say(hass, "pause the session", user_id="user-anna")
    assert ben.session is not None
    assert ben.session.is_paused
    assert running(anna) is None


async def test_a_complaint_that_nobody_can_place_ends_both(
    hass: HomeAssistant, two: tuple[SessionCoordinator, SessionCoordinator]
) -> None:
    """A question to somebody in pain."""
    anna, ben = two
    place(hass, anna, "Bedroom")
    there = place(hass, ben, "Guest room")
    for mat in two:
        mat.async_start(next(iter(mat.config_entry.subentries)), source=Source.USER)
    await hass.async_block_till_done()
    await say(hass, "it hurts", device_id=there)
    assert (running(anna), running(ben)) == ("Bedtime", None)
    ben.async_start("morning", source=Source.USER)
    await hass.async_block_till_done()
    await say(hass, "it hurts")
    assert (running(anna), running(ben)) == (None, None)


# -- listening -----------------------------------------------------------------


async def test_names_are_learned_anew_when_they_change(
    hass: HomeAssistant, mat: SessionCoordinator
) -> None:
    """A new name that only a restart teaches."""
    entry = mat.config_entry
    assert (await say(hass, "stop the siesta session")).startswith(DEAF)
    hass.config_entries.async_update_subentry(
        entry, entry.subentries["after_work"], title="Siesta"
    )
    await hass.async_block_till_done()
    assert await say(hass, "stop the siesta session") == "Siesta is not running."
    assert (await say(hass, "stop the after work session")).startswith(DEAF)
    noon = subentry(bare("Noon", "custom")["data"], "Noon", id="noon")
    hass.config_entries.async_add_subentry(entry, noon)
    await hass.async_block_till_done()
    assert await say(hass, "stop the noon session") == "Noon is not running."
    hass.config_entries.async_update_entry(entry, title="Clara's mat")
    await hass.async_block_till_done()
    await say(hass, "start Clara's mat")
    assert running(coordinator_of(entry)) == "Bedtime"
    # Each of these changes made a new coordinator, and the newest is listened to.
    assert (await say(hass, "it hurts")).startswith("Stopped.")


async def test_nothing_is_listened_for_without_a_mat(hass: HomeAssistant) -> None:
    """Sentences of a mat that is gone, answered for ever."""
    entry = await add_mat(hass, bare("Bedtime", "bedtime"))
    assert len(sentences(hass)) > 5
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    assert sentences(hass) == []
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert len(sentences(hass)) > 5
    assert await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert sentences(hass) == []


async def test_sentences_are_registered_only_when_they_change(
    hass: HomeAssistant,
    home: Home,
    mat: SessionCoordinator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Home Assistant, reading everything anew with each phase."""
    manager, count = get_agent_manager(hass), []
    register = manager.register_trigger

    def counted(known: list[str], callback: Callable[..., Any]) -> Callable[[], None]:
        count.append(len(known))
        return register(known, callback)

    monkeypatch.setattr(manager, "register_trigger", counted)
    idle = len(sentences(hass))
    mat.async_start("bedtime", 5 * MINUTE, source=Source.USER)
    await home.wait(minutes=2)
    mat.async_pause()
    mat.async_resume()
    await home.wait(minutes=15)
    assert mat.data is None
    assert len(count) == 2
    assert count == [idle + 3, idle]


async def test_names_are_looked_at_once_for_many_changes(
    hass: HomeAssistant,
    home: Home,
    mat: SessionCoordinator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fifty mats that are set up, or twenty that are started, in one go.

    What happens within a session changes no name: then nobody looks.
    """
    looked: list[object] = []
    names_in = voice._names_in

    def counted(*args: Any) -> Any:
        looked.append(args)
        return names_in(*args)

    monkeypatch.setattr(voice, "_names_in", counted)
    others = [
        await add_mat(hass, routine(f"Other {number}"), title=f"Number {number}")
        for number in range(3)
    ]
    await hass.async_block_till_done()
    looked.clear()
    for number, entry in enumerate(others):
        coordinator_of(entry).async_start(f"other_{number}", source=Source.USER)
    await home.settle()
    assert len(looked) == 1
    for entry in others:
        coordinator_of(entry).async_pause()
    await home.settle()
    assert len(looked) == 1
    for entry in others:
        async_dispatcher_send(
            hass, SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntryChange.UPDATED, entry
        )
    await home.settle()
    assert len(looked) == 2


async def test_the_answer_is_in_the_speakers_language(
    hass: HomeAssistant, mat: SessionCoordinator
) -> None:
    """An English answer from a German voice."""
    await hass.config.async_update(language="de")
    await hass.async_block_till_done()
    heard = await say(hass, "Starte die Bedtime-Sitzung", language="de-CH")
    assert heard == "Zwanzig Minuten."
    heard = await say(hass, "starte die Bedtime-Sitzung", language="de")
    assert heard == "Bedtime läuft schon."
    # What nobody here speaks is answered in the language that it was understood in.
    assert await say(hass, "beende die Sitzung", language="fi") == (
        "Beendet. Das zählt nicht."
    )
    assert (await say(hass, "start my mat session")).startswith(DEAF)


async def test_what_the_disk_does_not_take_is_said_in_the_speakers_language(
    hass: HomeAssistant, home: Home, mat: SessionCoordinator
) -> None:
    """Home Assistant would say it in English."""
    await home.start()
    await home.wait(minutes=30)
    await hass.config.async_update(language="de")
    await hass.async_block_till_done()
    pain = "mein Schmerz nach der Sitzung liegt bei zwei"
    with no_space():
        heard = await say(hass, pain, language="de")
    assert heard.startswith("Das konnte nicht auf den Datenträger geschrieben werden.")
    assert await say(hass, pain, language="de") == "Notiert, Schmerz 2."


async def test_each_language_of_a_pipeline_is_understood(
    hass: HomeAssistant, mat: SessionCoordinator
) -> None:
    """A guest from Spain whom only a restart teaches Home Assistant to hear."""
    pipelines = {"1": SimpleNamespace(conversation_language="sv-SE")}
    listeners: list[Callable[[object], Any]] = []
    store = SimpleNamespace(
        async_add_change_set_listener=listeners.append, data=pipelines
    )
    hass.data["assist_pipeline"] = SimpleNamespace(pipeline_store=store)
    hass.config.components.add("assist_pipeline")
    hass.bus.async_fire("component_loaded", {"component": "assist_pipeline"})
    await hass.async_block_till_done()
    assert await say(hass, "starta mitt mattpass", language="sv") == "Tjugo minuter."
    await say(hass, "stop my mat session")
    assert await say(hass, "inicia mi sesión", language="es") != "Veinte minutos."
    pipelines["2"] = SimpleNamespace(conversation_language="es")
    for listener in listeners:
        await listener([])
    await hass.async_block_till_done()
    assert await say(hass, "inicia mi sesión", language="es") == "Veinte minutos."
    # Understood in Spanish, although the pipeline is a Swedish one.
    assert await say(hass, "me duele", language="sv") == (
        speech("sv").language.answer("pain", {})
    )


@pytest.mark.parametrize("language", ["fi", "xx"])
async def test_a_language_without_sentences_is_left_alone(
    hass: HomeAssistant, mat: SessionCoordinator, language: str
) -> None:
    """A set-up that fails for half of the world."""
    await hass.config.async_update(language=language)
    await hass.async_block_till_done()
    assert sentences(hass) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_all_languages_answer_the_same(code: str) -> None:
    """A refusal that one language lacks, or an answer that mentions what is not there."""

    def mentioned(answer: str | list[str]) -> list[set[str]]:
        texts = [answer] if isinstance(answer, str) else answer
        return [{name for _, name, _, _ in Formatter().parse(t) if name} for t in texts]

    theirs, english = speech(code).language.data, speech("en").language.data
    assert theirs["answers"].keys() == english["answers"].keys()
    for key, answer in theirs["answers"].items():
        assert mentioned(answer) == mentioned(english["answers"][key]), key
    assert theirs["commands"].keys() == english["commands"].keys()
    assert theirs["hurts"].keys() == english["hurts"].keys()
    for phase in PhaseName:
        assert speech(code).language.cue(phase)
    for area in BodyArea:
        assert speech(code).language.question(area)
    for part in ("cues", "asks"):
        assert theirs[part].keys() == english[part].keys()
    for command in theirs["commands"].values():
        assert mentioned(command["example"]) == [{"name"}]


async def test_what_was_answered_can_be_seen_at_once(
    hass: HomeAssistant, mat: SessionCoordinator
) -> None:
    """The speaker says that it started, and the dashboard beside it shows an idle mat."""
    registry = er.async_get(hass)
    switch = registry.async_get_entity_id("switch", DOMAIN, "bedtime_session")
    assert switch is not None
    for text, state in (
        ("start the bedtime session", "on"),
        ("stop the session", "off"),
    ):
        await conversation.async_converse(hass, text, None, Context(), language="en")
        assert hass.states.is_state(switch, state)
