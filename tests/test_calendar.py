"""The journal as a calendar, through the doors that Home Assistant opens to it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from homeassistant.const import WEEKDAYS as EVERY_DAY
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.acupressure_mat.files import File, NotSaved
from custom_components.acupressure_mat.session.record import Ratings, Record
from custom_components.acupressure_mat.session.routine import Kind, Surface
from custom_components.acupressure_mat.session.session import Outcome, Reason

from .home import Home, add_mat, routine
from .practices import at, practice_of, until
from .session.records import record
from .source import read_json

CALENDAR = "calendar.anna_s_mat_journal"
ENGLISH = read_json("translations/en.json")

type Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def ask(home: Home, hass_ws_client: WebSocketGenerator) -> Ask:
    """Return what creates, updates and deletes events as the calendar's page does."""

    async def ask(what: str, **message: Any) -> dict[str, Any]:
        ws = await hass_ws_client(home.hass)
        await ws.send_json_auto_id(
            {"type": f"calendar/event/{what}", "entity_id": CALENDAR, **message}
        )
        answer: dict[str, Any] = await ws.receive_json()
        return answer

    return ask


async def shown(
    hass: HomeAssistant, first: str = "2026-11-01", last: str = "2026-12-05"
) -> list[tuple[str, str, str]]:
    """Return start, end and name of what a calendar card shows."""
    answer: Any = await hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": CALENDAR,
            "start_date_time": f"{first} 00:00:00",
            "end_date_time": f"{last} 00:00:00",
        },
        blocking=True,
        return_response=True,
    )
    return [
        (event["start"][:16], event["end"][11:16], event["summary"])
        for event in answer[CALENDAR]["events"]
    ]


async def enter(hass: HomeAssistant, summary: str) -> None:
    """Enter a session of this morning through the action."""
    await hass.services.async_call(
        "calendar",
        "create_event",
        {
            "entity_id": CALENDAR,
            "start_date_time": "2026-11-22 08:00:00",
            "end_date_time": "2026-11-22 08:15:00",
            "summary": summary,
        },
        blocking=True,
    )


def sentence(key: str, **placeholders: str) -> str:
    """Return how a refusal is worded: the calendar's page gets no keys."""
    text: str = ENGLISH["exceptions"][key]["message"]
    # Home Assistant drops the full stop of what it words.
    return text.format(year=1970, **placeholders).rstrip(".")


def event(start: str, end: str, summary: str, **more: Any) -> dict[str, Any]:
    """Return an event as the form of the calendar's page sends it."""
    return {"dtstart": start, "dtend": end, "summary": summary, **more}


# -- what it shows -------------------------------------------------------------


async def test_it_shows_what_was_and_what_is_to_come(home: Home) -> None:
    """In the language of the home; a session without a routine is just that."""
    schedule = {"days": ["mon", "wed"], "time": "22:30:00"}
    entry = await add_mat(home.hass, routine(schedule=schedule))
    home.hass.config.language = "de"
    await practice_of(entry).async_change(
        [],
        [
            record(at("2026-10-31 23:50"), 20),
            record(at("2026-11-20 21:00"), 20, routine="Bedtime"),
        ],
    )
    assert await shown(home.hass, last="2026-11-27") == [
        ("2026-10-31T23:50", "00:10", "Sitzung"),
        ("2026-11-20T21:00", "21:20", "Bedtime"),
        ("2026-11-23T22:30", "22:50", "Bedtime"),
        ("2026-11-25T22:30", "22:50", "Bedtime"),
    ]
    assert await shown(home.hass, "2026-11-18", "2026-11-20") == []


async def test_of_what_is_to_come_a_year_is_shown(home: Home) -> None:
    """A schedule goes on for ever, and so would whoever asks for all of it."""
    schedule = {"days": EVERY_DAY, "time": "22:30:00"}
    await add_mat(home.hass, routine(schedule=schedule))
    found = await shown(home.hass, last="2999-01-01")
    assert len(found) == 366
    assert found[-1] == ("2027-11-22T22:30", "22:50", "Bedtime")


async def test_a_session_of_a_journey_is_where_it_was_in_time(home: Home) -> None:
    """Its month is that of its own place, in which it was another day."""
    entry = await add_mat(home.hass)
    honolulu = datetime.fromisoformat("2026-10-31T13:30:00-10:00")
    apia = datetime.fromisoformat("2026-11-02T12:30:00+13:00")
    await practice_of(entry).async_change([], [record(honolulu, 20), record(apia, 20)])
    assert await shown(home.hass, "2026-11-01", "2026-11-02") == [
        ("2026-11-01T00:30", "00:50", "Session")
    ]
    assert await shown(home.hass, "2026-11-02", "2026-11-03") == [
        ("2026-11-02T00:30", "00:50", "Session")
    ]


async def test_the_night_on_which_the_clocks_are_set_back_can_be_read(
    home: Home,
) -> None:
    """From 02:50 to 02:10 on the wall is shown in its length; the rest is shown, too."""
    home.freezer.move_to("2026-10-24T23:00:00+00:00")
    schedule = {"days": EVERY_DAY, "time": "02:50:00"}
    prepare = {"prepare": {"seconds": 0}}
    await add_mat(home.hass, routine(schedule=schedule, phases=prepare))
    night = ("2026-10-25T02:50", "03:10", "Bedtime")
    assert await shown(home.hass, "2026-10-25", "2026-10-26") == [night]
    await until(home, "2026-10-25 02:50")
    await home.do("start_session", duration={"minutes": 20})
    assert home.state(CALENDAR) == "on"
    await home.wait(minutes=15)
    assert await shown(home.hass, "2026-10-25", "2026-10-26") == [night]
    await home.wait(minutes=5)
    assert await shown(home.hass, "2026-10-25", "2026-10-26") == [night]


async def test_notes_of_the_night_on_which_the_clocks_are_set_back_move_nothing(
    home: Home, ask: Ask
) -> None:
    """A form tells no offset, and so neither of two moments at 02:20."""
    entry = await add_mat(home.hass)
    moments = ("2026-10-25T02:50:10+02:00", "2026-10-25T02:10:10+01:00")
    later = ("2026-10-25T02:20:10+01:00", "2026-10-25T02:40:10+01:00")
    for n, (start, end) in enumerate((moments, later)):
        begun, ended = datetime.fromisoformat(start), datetime.fromisoformat(end)
        told = record(begun, 20, id=f"r{n}", ended_at=ended)
        await practice_of(entry).async_change([], [told])
        (*_, before) = await home.records(entry)
        wall = "2026-10-25T03:10" if n == 0 else end[:16]
        change = event(f"{start[:16]}:00", f"{wall}:00", "Session", description="warm")
        answer = await ask("update", uid=f"r{n}", event=change)
        assert answer["success"]
        (*_, after) = await home.records(entry)
        assert after == before.noted("warm")


async def test_what_is_known_of_a_session_can_be_read_there(
    home: Home, hass_client: ClientSessionGenerator
) -> None:
    """Through the address that the calendar's page asks, ids included."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_change(
        [],
        [
            record(
                at("2026-11-20 21:00"),
                12,
                id="hurt",
                reason=Reason.PAIN,
                ratings=Ratings(pain_before=3, pain_after=6, sleep=0),
                failed=("light.bed", "switch.diffuser"),
                notes="too soon",
            ),
            record(at("2026-11-21 21:00"), 20, id="lost", outcome=Outcome.LOST),
        ],
    )
    client = await hass_client()
    answer = await client.get(
        f"/api/calendars/{CALENDAR}",
        params={"start": "2026-11-20T00:00:00Z", "end": "2026-11-22T00:00:00Z"},
    )
    hurt, lost = await answer.json()
    assert (hurt["uid"], hurt["start"]["dateTime"]) == (
        "hurt",
        "2026-11-20T21:00:00+01:00",
    )
    assert hurt["description"].splitlines() == [
        "12 min on the mat",
        "Ended early: It hurts",
        "Pain before: 3 of 10",
        "Pain after: 6 of 10",
        "Sleep after: 0 of 10",
        "Did not follow: light.bed, switch.diffuser",
        "too soon",
    ]
    assert lost["description"].splitlines() == [
        "20 min on the mat",
        "Ended while Home Assistant was down, or after too long a pause",
    ]


async def test_it_is_on_while_somebody_is_on_the_mat(home: Home) -> None:
    """The session that runs is an event too, and its end follows a pause."""
    await add_mat(home.hass)
    assert home.state(CALENDAR) == "off"
    await home.start()
    assert home.state(CALENDAR) == "on"
    running = ("2026-11-22T22:00", "22:21", "Bedtime")
    assert await shown(home.hass) == [running]
    assert await shown(home.hass, "2026-11-23", "2026-11-24") == []
    await home.wait(minutes=5)
    await home.do("pause_session")
    await home.wait(minutes=10)
    assert await shown(home.hass) == [("2026-11-22T22:00", "22:31", "Bedtime")]
    await home.do("resume_session")
    await home.wait(minutes=17)
    assert home.state(CALENDAR) == "off"
    assert await shown(home.hass) == [("2026-11-22T22:00", "22:31", "Bedtime")]


async def test_a_rehearsal_is_no_event_of_the_journal(home: Home) -> None:
    """It leaves no record, so nothing would be left of it."""
    await add_mat(home.hass)
    await home.do("rehearse_session", duration={"seconds": 30})
    assert await shown(home.hass) == []


async def test_its_state_tells_of_the_next_that_is_scheduled(home: Home) -> None:
    """An automation on the calendar's start needs it."""
    schedule = {"days": EVERY_DAY, "time": "22:10:00"}
    await add_mat(home.hass, routine(schedule=schedule))
    state = home.hass.states.get(CALENDAR)
    assert state is not None
    assert state.attributes["message"] == "Bedtime"
    assert state.attributes["start_time"] == "2026-11-22 22:10:00"


# -- what it takes in ----------------------------------------------------------


async def test_a_session_without_home_assistant_is_entered(
    home: Home, ask: Ask
) -> None:
    """It counts at once, and it is of the routine that it is named after."""
    entry = await add_mat(home.hass, routine(session={"surface": "floor"}))
    answer = await ask(
        "create",
        event=event(
            "2026-11-22T08:00:00",
            "2026-11-22T08:15:00",
            " bedtime ",
            description="fine",
        ),
    )
    assert answer["success"], answer
    await home.settle()
    (kept,) = await home.records(entry)
    assert (kept.started_at, kept.minutes) == (at("2026-11-22 08:00"), 15)
    assert (kept.routine_id, kept.kind) == ("bedtime", Kind.BEDTIME)
    assert (kept.surface, kept.notes) == (Surface.FLOOR, "fine")
    assert home.state("sensor.anna_s_mat_minutes_today") == "15.0"
    assert await shown(home.hass) == [("2026-11-22T08:00", "08:15", "Bedtime")]


@pytest.mark.parametrize(
    ("name", "kept"), [("At my parents'", "At my parents'"), ("Session", None)]
)
async def test_a_name_of_no_routine_is_kept_as_a_name(
    home: Home, name: str, kept: str | None
) -> None:
    """Through the action, too; the word for any session names none."""
    entry = await add_mat(home.hass)
    await enter(home.hass, name)
    (found,) = await home.records(entry)
    assert (found.routine_id, found.routine) == (None, kept)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (event("2026-11-22", "2026-11-23", "x"), "record_all_day"),
        (
            event("2026-11-22T23:00:00", "2026-11-22T23:10:00", "x"),
            "record_in_future",
        ),
        (
            event("2026-11-20T08:00:00", "2026-11-21T09:00:00", "x"),
            "record_duration_out_of_range",
        ),
        (
            event("0001-01-01T08:00:00", "0001-01-01T08:10:00", "x"),
            "record_too_long_ago",
        ),
        (
            event(
                "2026-11-20T08:00:00",
                "2026-11-20T08:10:00",
                "x",
                rrule="FREQ=DAILY",
            ),
            "record_repeats",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_can_be_no_session_is_refused(
    home: Home, ask: Ask, given: dict[str, Any], key: str
) -> None:
    """In words that say what to do, whatever the form allows."""
    entry = await add_mat(home.hass)
    answer = await ask("create", event=given)
    assert not answer["success"]
    assert answer["error"]["message"] == sentence(key)
    assert await home.records(entry) == []


# -- corrections ---------------------------------------------------------------


def done() -> Record:
    """Return a session with a pause, and seconds that no form shows."""
    start = at("2026-11-20 21:00") + timedelta(seconds=37)
    return record(
        start,
        20,
        id="done",
        ended_at=start + timedelta(minutes=27),
        routine_id="bedtime",
        routine="Bedtime",
        kind=Kind.BEDTIME,
        ratings=Ratings(pain_before=5, pain_after=3),
    )


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-20T21:00:00", "2026-11-20T21:27:00", 20),
        ("2026-11-21T21:00:00", "2026-11-21T21:27:00", 20),
        ("2026-11-20T21:00:00", "2026-11-20T21:37:37", 30),
        ("2026-11-20T21:00:00", "2026-11-20T21:05:37", 5),
        ("2026-10-20T21:00:00", "2026-10-20T21:27:00", 20),
    ],
    ids=["as it was", "next day", "longer", "shorter than its pause", "another month"],
)
async def test_a_session_is_moved(
    home: Home, ask: Ask, start: str, end: str, minutes: float
) -> None:
    """Its pauses stay as long as they were; its form has no seconds to move it by."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_add(done())
    answer = await ask("update", uid="done", event=event(start, end, "Bedtime"))
    assert answer["success"], answer
    (kept,) = await home.records(entry)
    assert (kept.minutes, kept.ratings) == (minutes, done().ratings)
    if start == "2026-11-20T21:00:00":
        assert kept.started_at == done().started_at
    else:
        assert f"{kept.started_at:%Y-%m-%dT%H:%M:%S}" == start
    assert (kept == done()) == (minutes == 20 and start.startswith("2026-11-20"))


@pytest.mark.parametrize("end", ["2026-11-20T20:04:00", "2026-11-20T20:02:00"])
async def test_a_stop_before_any_time_on_the_mat_is_moved_as_one(
    home: Home, ask: Ask, end: str
) -> None:
    """Preparing is no practice, neither an hour earlier nor half as long."""
    entry = await add_mat(home.hass)
    stopped = record(at("2026-11-20 21:00"), 0, id="done", reason=Reason.DIZZINESS)
    stopped = replace(stopped, ended_at=at("2026-11-20 21:04"), routine="Bedtime")
    await practice_of(entry).async_add(stopped)
    moved = event("2026-11-20T20:00:00", end, "Bedtime")
    assert (await ask("update", uid="done", event=moved))["success"]
    (kept,) = await home.records(entry)
    assert kept.started_at == at("2026-11-20 20:00")
    assert kept.elapsed == timedelta(0)


async def test_notes_are_corrected_and_what_is_known_is_no_note(
    home: Home, ask: Ask
) -> None:
    """The form shows both in one field, and sends both back."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_add(done())
    as_it_was = event("2026-11-20T21:00:00", "2026-11-20T21:27:00", "Bedtime")
    text = "20 min on the mat\nPain before: 5 of 10\nPain after: 3 of 10\nwarm\n\nsoft"
    await ask("update", uid="done", event=as_it_was | {"description": text})
    (kept,) = await home.records(entry)
    assert kept.notes == "warm\n\nsoft"
    await ask("update", uid="done", event=as_it_was)
    (kept,) = await home.records(entry)
    assert kept.notes == "warm\n\nsoft"
    await ask("update", uid="done", event=as_it_was | {"description": ""})
    (kept,) = await home.records(entry)
    assert kept == done()


async def test_it_was_another_routine(home: Home, ask: Ask) -> None:
    """Only then: a routine that was renamed since keeps the record's old name."""
    morning = routine("Morning", kind="morning", session={"surface": "couch"})
    entry = await add_mat(home.hass, routine("Night"), morning)
    await practice_of(entry).async_add(done())
    as_it_was = event("2026-11-20T21:00:00", "2026-11-20T21:27:00", "Bedtime")
    await ask("update", uid="done", event=as_it_was)
    assert await home.records(entry) == [done()]
    await ask("update", uid="done", event=as_it_was | {"summary": "Morning"})
    (kept,) = await home.records(entry)
    assert (kept.routine_id, kept.kind) == ("morning", Kind.MORNING)
    assert (kept.surface, kept.ratings) == (Surface.COUCH, done().ratings)


async def test_a_session_is_deleted(home: Home, ask: Ask) -> None:
    """Everything that it came to with it; a second time there is none."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_add(
        record(at("2026-11-22 08:00"), 20, id="a", routine="Bedtime")
    )
    assert home.state("sensor.anna_s_mat_minutes_today") == "20.0"
    assert (await ask("delete", uid="a"))["success"]
    await home.settle()
    assert home.state("sensor.anna_s_mat_minutes_today") == "0.0"
    assert await home.records(entry) == []
    again = await ask("delete", uid="a")
    assert again["error"]["message"] == sentence("record_not_found", record="a")


async def test_who_looks_at_the_calendar_sees_it_change(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    """A session that ends appears on the page that is open."""
    await add_mat(home.hass)
    ws = await hass_ws_client(home.hass)
    await ws.send_json_auto_id(
        {
            "type": "calendar/event/subscribe",
            "entity_id": CALENDAR,
            "start": "2026-11-22T00:00:00",
            "end": "2026-11-23T00:00:00",
        }
    )
    assert (await ws.receive_json())["success"]
    assert (await ws.receive_json())["event"]["events"] == []
    await home.start()
    await home.wait(minutes=22)
    while not (shown := (await ws.receive_json())["event"]["events"]):
        pass
    assert [(each["start"], each["summary"]) for each in shown] == [
        ("2026-11-22T22:00:00+01:00", "Bedtime")
    ]


async def test_what_cannot_be_written_is_said(home: Home) -> None:
    """A full disk is nobody's typing mistake."""
    await add_mat(home.hass)
    full = patch.object(File, "async_write", side_effect=NotSaved)
    with pytest.raises(HomeAssistantError) as refusal, full:
        await enter(home.hass, "Bedtime")
    assert not isinstance(refusal.value, ServiceValidationError)
    assert refusal.value.translation_key == "not_saved"
    assert await shown(home.hass) == []
