"""Actions on the journal of a mat."""

import asyncio
import csv
from dataclasses import fields as fields_of
from datetime import date, datetime, timedelta, timezone
import io
import math
from typing import Any
from unittest.mock import patch

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.journal import Journal
from custom_components.acupressure_mat.session.insights import WorstPain
from custom_components.acupressure_mat.session.record import Ratings, Record
from custom_components.acupressure_mat.session.routine import (
    BodyArea,
    Kind,
    PhaseName,
    Surface,
)
from custom_components.acupressure_mat.session.session import Outcome, Reason, Source

from .home import Home, add_mat, coordinator_of
from .source import read_json

DAY = timedelta(days=1)


async def act(hass: HomeAssistant, name: str, **data: Any) -> Any:
    """Call an action and return what it answers."""
    response = name != "delete_record"
    return await hass.services.async_call(
        DOMAIN, name, data, blocking=True, return_response=response
    )


async def add(hass: HomeAssistant, start: str, minutes: int, **data: Any) -> str:
    answer = await act(
        hass, "add_record", start=start, duration={"minutes": minutes}, **data
    )
    record_id: str = answer["record"]["id"]
    return record_id


async def test_what_was_done_without_home_assistant_counts_at_once(home: Home) -> None:
    """Today's minutes, the week and the streak follow."""
    await add_mat(home.hass)
    await add(home.hass, "2026-11-22 08:00:00", 15, kind="morning", pain_before=5)
    assert float(home.state("sensor.anna_s_mat_minutes_today")) == 15
    assert home.state("sensor.anna_s_mat_streak") == "1"
    assert home.state("sensor.anna_s_mat_days_this_week") == "1"


@pytest.mark.parametrize(
    ("start", "day"),
    [
        # Home is an hour east of Greenwich, and the day begins at four.
        ("2026-11-21T03:30:00+00:00", "2026-11-21"),
        ("2026-11-21T02:30:00+00:00", "2026-11-20"),
        ("2026-11-21 03:30:00", "2026-11-20"),
        # Somebody on a journey, who says so.
        ("2026-11-21T03:30:00-05:00", "2026-11-20"),
    ],
)
async def test_a_moment_of_a_template_counts_for_the_day_at_home(
    home: Home, start: str, day: str
) -> None:
    """Templates know UTC: `states.binary_sensor.mat.last_changed`."""
    await add_mat(home.hass)
    await add(home.hass, start, 15)
    (record,) = (await act(home.hass, "get_records"))["records"]
    assert record["day"] == day


async def test_records_come_latest_first_and_in_pages(home: Home) -> None:
    """A page and where the next one begins."""
    await add_mat(home.hass)
    for day in range(10, 15):
        await add(home.hass, f"2026-11-{day} 08:00:00", day)
    page = await act(home.hass, "get_records", limit=2)
    assert [r["elapsed"] / 60 for r in page["records"]] == [14, 13]
    assert (page["total"], page["next_offset"]) == (5, 2)
    rest = await act(home.hass, "get_records", limit=10, offset=4)
    assert (len(rest["records"]), rest["next_offset"]) == (1, None)
    day = await act(home.hass, "get_records", period="day")
    assert day["total"] == 0


async def test_who_asks_as_soon_as_a_session_is_over_is_told_of_it(home: Home) -> None:
    """A card asks when the switch is off; a slow disk has not written by then."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=3)
    disk = asyncio.Event()
    write = Journal._async_write_month

    async def write_slowly(*args: Any) -> None:
        await disk.wait()
        await write(*args)

    with patch.object(Journal, "_async_write_month", write_slowly):
        await home.hass.services.async_call(
            DOMAIN,
            "stop_session",
            {"entity_id": "switch.bedtime_session", "reason": "pain"},
            blocking=True,
        )
        assert home.state("switch.bedtime_session") == "off"
        asked = asyncio.create_task(act(home.hass, "get_records"))
        for _ in range(100):
            await asyncio.sleep(0)
        disk.set()
        answer = await asked
    assert [record["reason"] for record in answer["records"]] == ["pain"]


async def test_what_is_as_usual_is_told_too(home: Home) -> None:
    """A template that lists how sessions ended knows nothing of defaults."""
    await add_mat(home.hass)
    await add(home.hass, "2026-11-21 08:00:00", 15)
    (told,) = (await act(home.hass, "get_records"))["records"]
    assert {key: told[key] for key in ("outcome", "kind", "source", "ratings")} == {
        "outcome": "completed",
        "kind": "custom",
        "source": "user",
        "ratings": {},
    }
    await act(home.hass, "rate_session", pain_before=3)
    (told,) = (await act(home.hass, "get_records"))["records"]
    assert told["ratings"] == {"pain_before": 3}


async def test_a_record_is_corrected(home: Home) -> None:
    """To another day, and everything derived with it."""
    entry = await add_mat(home.hass)
    record_id = await add(home.hass, "2026-11-22 08:00:00", 15)
    await act(
        home.hass,
        "update_record",
        record_id=record_id,
        start="2026-10-02 08:00:00",
        duration={"minutes": 30},
        surface="floor",
        notes="at my parents'",
    )
    assert float(home.state("sensor.anna_s_mat_minutes_today")) == 0
    assert coordinator_of(entry).practice.totals.elapsed.total_seconds() == 1800
    (record,) = await home.records(entry)
    assert (record.surface, record.notes) == ("floor", "at my parents'")
    assert coordinator_of(entry).journal.months == ("2026-10",)


async def test_a_record_is_deleted(home: Home) -> None:
    """From the disk too, and its month's file with it."""
    entry = await add_mat(home.hass)
    record_id = await add(home.hass, "2026-11-22 08:00:00", 15)
    await act(home.hass, "delete_record", record_id=record_id)
    assert await home.records(entry) == []
    assert f"acupressure_mat.{entry.entry_id}.2026-11" not in home.storage
    with pytest.raises(ServiceValidationError) as refusal:
        await act(home.hass, "delete_record", record_id=record_id)
    assert refusal.value.translation_key == "record_not_found"


async def test_a_session_is_rated_late(home: Home) -> None:
    """Next morning; what was said before stays."""
    entry = await add_mat(home.hass)
    await add(home.hass, "2026-11-21 22:00:00", 15, pain_before=6, pain_after=3)
    await act(home.hass, "rate_session", sleep=8, notes="slept well")
    (record,) = await home.records(entry)
    assert record.ratings.relief == 3
    assert (record.ratings.sleep, record.notes) == (8, "slept well")
    state = home.hass.states.get("event.anna_s_mat_practice_event")
    assert state is not None
    assert state.attributes["event_type"] == "rated"


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("rate_session", {"pain_after": 3}, "no_session_to_rate"),
        ("rate_session", {}, "nothing_to_rate"),
        ("rate_session", {"record_id": "x", "sleep": 1}, "record_not_found"),
        (
            "add_record",
            {"start": "2030-01-01 08:00:00", "duration": {"minutes": 5}},
            "record_in_future",
        ),
        (
            "add_record",
            {"start": "2026-01-01 08:00:00", "duration": {"minutes": 0}},
            "record_duration_out_of_range",
        ),
        (
            "add_record",
            {"start": "2026-01-01 08:00:00", "duration": {"hours": 25}},
            "record_duration_out_of_range",
        ),
        (
            "add_record",
            {"start": "2026-01-01 08:00:00", "duration": {"days": 10**12}},
            "record_duration_out_of_range",
        ),
        (
            "add_record",
            {"start": "9999-12-31T23:59:00Z", "duration": {"minutes": 5}},
            "record_in_future",
        ),
        (
            "add_record",
            {"start": "0001-01-01 08:00:00", "duration": {"minutes": 5}},
            "record_too_long_ago",
        ),
        (
            "add_record",
            {"start": "1970-01-01 00:30:00", "duration": {"minutes": 5}},
            "record_too_long_ago",
        ),
        (
            "add_record",
            {"start": "9999-12-31 23:59:00", "duration": {"minutes": 5}},
            "record_in_future",
        ),
        ("import_records", {"csv": "a,b\n1,2"}, "import_has_mistakes"),
        ("import_records", {}, "import_has_mistakes"),
    ],
)
async def test_mistakes_are_told_in_words(
    home: Home, name: str, data: dict[str, Any], key: str
) -> None:
    """And nothing is kept of them."""
    entry = await add_mat(home.hass)
    with pytest.raises(ServiceValidationError) as refusal:
        await act(home.hass, name, **data)
    assert refusal.value.translation_key == key
    assert await home.records(entry) == []


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_an_export_can_be_brought_in_again(home: Home, form: str) -> None:
    """Into another mat, and twice, without a record more."""
    entry = await add_mat(home.hass)
    await add(home.hass, "2026-11-20 08:00:00", 15, pain_before=6, notes='a, "b"\nc')
    await add(home.hass, "2026-11-21 08:00:00", 10, surface="couch")
    await coordinator_of(entry).practice.async_set_worst_pain(7)
    out = await act(home.hass, "export_records", format=form)
    other = await add_mat(home.hass, title="Ben's mat")
    for _ in range(2):
        answer = await act(
            home.hass, "import_records", config_entry_id=other.entry_id, **out
        )
        assert answer == {"imported": 2, "imported_days": 1, "skipped": []}
    assert await home.records(other) == await home.records(entry)
    assert coordinator_of(other).practice.worst_pain == 7


async def exported_days(home: Home, period: str = "all") -> dict[str, int]:
    """Return what an export has of the worst pain of days."""
    out = await act(home.hass, "export_records", period=period)
    days: dict[str, int] = out["worst_pain"]
    return days


async def test_days_are_brought_in_without_a_session(home: Home) -> None:
    """Also by the dates that YAML makes of keys; what was told of a day is replaced."""
    entry = await add_mat(home.hass)
    days = {date(2026, 11, 22): 4, "2025-11-21": 0, "2026-11-14": "10"}
    answer = await act(home.hass, "import_records", worst_pain=days)
    assert answer == {"imported": 0, "imported_days": 3, "skipped": []}
    assert coordinator_of(entry).practice.worst_pain == 4
    await act(home.hass, "import_records", worst_pain={"2026-11-22": 5})
    assert coordinator_of(entry).practice.worst_pain == 5
    await home.restart(entry)
    assert coordinator_of(entry).practice.worst_pain == 5
    assert await exported_days(home) == {
        "2025-11-21": 0,
        "2026-11-14": 10,
        "2026-11-22": 5,
    }
    assert await exported_days(home, "month") == {"2026-11-14": 10, "2026-11-22": 5}
    assert await exported_days(home, "week") == {"2026-11-22": 5}


@pytest.mark.parametrize(
    ("day", "pain", "key"),
    [
        ("2026-11-22 08:00", 3, "no_day"),
        ("2026-11-23", 3, "in_future"),
        ("1970-11-20", 3, "too_long_ago"),
        ("2026-11-20", 11, "no_points"),
        ("2026-11-20", -1, "no_points"),
        ("2026-11-20", 6.5, "no_points"),
        ("2026-11-20", True, "no_points"),
        ("2026-11-20", None, "no_points"),
    ],
)
async def test_a_day_that_cannot_be_is_told_of(
    home: Home, day: str, pain: object, key: str
) -> None:
    """Nothing is brought in then, unless what is bad is to be skipped."""
    entry = await add_mat(home.hass)
    given = {
        "csv": "start,minutes\n2026-11-20 08:00,15\n",
        "worst_pain": {"2026-11-21": 2, day: pain},
    }
    with pytest.raises(ServiceValidationError) as refusal:
        await act(home.hass, "import_records", **given)
    assert refusal.value.translation_key == "import_has_mistakes"
    assert await home.records(entry) == []
    assert await exported_days(home) == {}
    answer = await act(home.hass, "import_records", **given, skip_bad_rows=True)
    ((line, reason),) = [(bad["line"], bad["reason"]) for bad in answer["skipped"]]
    assert line == 2
    sentence = sentences("en")[key]
    said = sentence.format(column=day, value=pain if key == "no_points" else day)
    assert reason == said
    assert len(await home.records(entry)) == 1
    assert await exported_days(home) == {"2026-11-21": 2}


async def test_a_table_in_utc_counts_for_the_days_at_home(home: Home) -> None:
    """Other programs write a Z; seven in the morning in Tokyo is the day before there."""
    await home.hass.config.async_set_time_zone("Asia/Tokyo")
    entry = await add_mat(home.hass)
    table = (
        "started_at,ended_at,minutes\n2026-11-20T22:00:00Z,2026-11-20T22:20:00Z,20\n"
    )
    await act(home.hass, "import_records", csv=table)
    (record,) = await home.records(entry)
    assert record.started_at.isoformat() == "2026-11-21T07:00:00+09:00"
    assert record.ended_at.isoformat() == "2026-11-21T07:20:00+09:00"
    (told,) = (await act(home.hass, "get_records"))["records"]
    assert told["day"] == "2026-11-21"


async def test_a_simple_table_is_brought_in(home: Home) -> None:
    """As a spreadsheet writes it: semicolons, commas in numbers, a mark at its start."""
    entry = await add_mat(home.hass)
    table = "\ufeffStart;Minutes\n2026-11-20 08:00;15\n\n2026-11-21 08:00;12,5\n"
    await act(home.hass, "import_records", csv=table)
    assert [r.minutes for r in await home.records(entry)] == [15, 12.5]


NAMES = "start,ended_at,minutes,pain_before,heart_rate_before,surface,failed"
ROWS: dict[str, str | dict[str, int] | None] = {
    "nothing": None,
    "columns": "a,b\n1,2",
    "no_time": "yesterday,,15",
    "no_day": {"yesterday": 3},
    "too_long_ago": "0001-01-01 08:00,,15",
    "in_future": "9999-12-31 23:59,,15",
    "no_session": "2026-11-20 08:00,,1441",
    "no_number": "2026-11-20 08:00,,nan",
    "no_points": "2026-11-20 08:00,,15,11",
    "no_choice": "2026-11-20 08:00,,15,,,roof",
    "unreadable": "2026-11-20 08:00,2026-11-20 07:00,15",
}


@pytest.mark.parametrize(("key", "row"), ROWS.items(), ids=ROWS)
@pytest.mark.parametrize("language", ["en", "de"])
async def test_what_is_wrong_with_a_row_is_said_in_the_language_of_the_home(
    home: Home, language: str, key: str, row: str | dict[str, int] | None
) -> None:
    """With what stands there: a number of a line alone is a riddle."""
    entry = await add_mat(home.hass)
    home.hass.config.language = language
    head = "" if key == "columns" else f"{NAMES}\n"
    given: dict[str, Any] = {}
    if isinstance(row, str):
        given["csv"] = f"{head}{row}\n"
    elif row:
        given["worst_pain"] = row
    answer = await act(home.hass, "import_records", **given, skip_bad_rows=True)
    ((line, reason),) = [(bad["line"], bad["reason"]) for bad in answer["skipped"]]
    assert line == (1 if key in ("nothing", "columns", "no_day") else 2)
    sentence = sentences(language)[key]
    assert reason.startswith(sentence.partition("{")[0])
    assert "{" not in reason
    assert await home.records(entry) == []


def sentences(language: str) -> dict[str, str]:
    """Return what may be wrong with a row, in a language."""
    texts = read_json(f"translations/{language}.json")
    sentences: dict[str, str] = texts["config_panel"]["import"]
    return sentences


def test_each_sentence_about_a_row_is_shown_here() -> None:
    """One that no row gets is none that anybody reads."""
    assert set(sentences("en")) == set(ROWS)


@pytest.mark.parametrize(
    ("item", "key"),
    [
        ({"id": "x"}, "unreadable"),
        ({"started_at": "2031-11-20T08:00:00+01:00"}, "in_future"),
        ({"elapsed": 0}, "no_session"),
        # It began, but cannot be over.
        ({"elapsed": 86_400, "started_at": "2026-11-22T08:00:00+01:00"}, "in_future"),
        ({"ended_at": "2026-11-24T08:00:00+01:00"}, "in_future"),
        ({"asked": -60}, "no_session"),
        ({"planned": 100_000}, "no_session"),
        ({"heart_rate_before": math.nan}, "no_number"),
        ({"heart_rate_after": math.inf}, "no_number"),
        ({"ratings": {"sleep": 11}}, "no_points"),
        ({"started_at": "1960-11-20T08:00:00+01:00"}, "unreadable"),
    ],
)
async def test_a_record_of_another_program_is_looked_at_as_closely(
    home: Home, item: dict[str, Any], key: str
) -> None:
    """JSON is no proof of anything."""
    entry = await add_mat(home.hass)
    await add(home.hass, "2026-11-20 08:00:00", 15)
    (good,) = (await act(home.hass, "export_records"))["records"]
    await act(home.hass, "delete_record", record_id=good["id"])
    if "id" not in item:
        if "started_at" in item:
            item = {"ended_at": item["started_at"], **item}
        item = good | item
    answer = await act(
        home.hass, "import_records", records=[good, item], skip_bad_rows=True
    )
    assert answer["imported"] == 1
    ((line, reason),) = [(bad["line"], bad["reason"]) for bad in answer["skipped"]]
    assert line == 2
    assert sentences("en")[key].partition("{")[0] in reason
    assert len(await home.records(entry)) == 1


@pytest.mark.parametrize(
    ("row", "key"),
    [
        # Years that have no other place's time, and what Python takes for no number.
        ("0001-01-01T00:00:00Z,,15", "too_long_ago"),
        ("9999-12-31T23:59:59Z,,15", "in_future"),
        (f"2026-11-20 08:00,,15,{'1' * 5000}", "no_points"),
        (f"2026-11-20 08:00,,{'1' * 5000}", "no_number"),
        ("2026-11-22 21:00,,600", "in_future"),
    ],
    ids=["first moment", "last moment", "long points", "long minutes", "not over yet"],
)
@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin"])
async def test_a_row_out_of_all_bounds_is_a_bad_row_and_no_more(
    home: Home, zone: str, row: str, key: str
) -> None:
    """It is named as any other, and the rest can be brought in without it."""
    entry = await add_mat(home.hass)
    await home.hass.config.async_set_time_zone(zone)
    table = f"{NAMES}\n2026-11-19 08:00,,15\n{row}\n"
    answer = await act(home.hass, "import_records", csv=table, skip_bad_rows=True)
    ((line, reason),) = [(bad["line"], bad["reason"]) for bad in answer["skipped"]]
    assert line == 3
    assert sentences("en")[key].rpartition("}")[2] in reason
    assert [r.minutes for r in await home.records(entry)] == [15]


async def test_bad_rows_are_named_and_nothing_is_brought_in(home: Home) -> None:
    """Unless the person says to skip them."""
    entry = await add_mat(home.hass)
    table = (
        "start,minutes,pain_before\n"
        "2026-11-20 08:00,15,3\n"
        "yesterday,15,\n"
        "2026-11-20 08:00,many,\n"
        "2026-11-20 08:00,0,\n"
        "2031-11-20 08:00,5,\n"
        "2026-11-20 09:00,5,eleven\n"
        "2026-11-20 09:00,5,11\n"
    )
    with pytest.raises(ServiceValidationError) as refusal:
        await act(home.hass, "import_records", csv=table)
    told = refusal.value.translation_placeholders
    assert told is not None
    assert told["count"] == "6"
    assert told["rows"].startswith(
        "3: “yesterday” is not a time; write it like 2026-11-"
    )
    assert await home.records(entry) == []
    answer = await act(home.hass, "import_records", csv=table, skip_bad_rows=True)
    assert answer["imported"] == 1
    assert [row["line"] for row in answer["skipped"]] == [3, 4, 5, 6, 7, 8]


async def test_a_table_that_breaks_off_keeps_what_came_before(home: Home) -> None:
    """A field longer than any program writes: a quote that was never closed."""
    entry = await add_mat(home.hass)
    table = f'start,minutes,notes\n2026-11-20 08:00,15,\n2026-11-21 08:00,9,"{"x" * 200_000}'
    answer = await act(home.hass, "import_records", csv=table, skip_bad_rows=True)
    assert [bad["line"] for bad in answer["skipped"]] == [3]
    assert [r.minutes for r in await home.records(entry)] == [15]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
async def test_lines_end_as_they_like(home: Home, end: str) -> None:
    """Each system has its own."""
    entry = await add_mat(home.hass)
    rows = ("start,minutes", "2026-11-20 08:00,15", "2026-11-21 08:00,12", "")
    await act(home.hass, "import_records", csv=end.join(rows))
    assert [r.minutes for r in await home.records(entry)] == [15, 12]


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_nothing_that_is_known_is_lost_on_the_way_out_and_in(
    home: Home, form: str
) -> None:
    """Taken out, looked at in a spreadsheet and brought in: the same record.

    A duration that was asked for is what insights compare; a missing one would make
    them poorer without a word.
    """
    entry = await add_mat(home.hass)
    whole = Record(
        id="01KAKQ2ZJ0000000000000000X",
        started_at=datetime.fromisoformat("2026-11-20T21:59:58.5-03:30"),
        ended_at=datetime.fromisoformat("2026-11-20T22:21:03.000007-03:30"),
        elapsed=timedelta(minutes=17, seconds=3, microseconds=1),
        outcome=Outcome.STOPPED,
        reason=Reason.NUMBNESS,
        source=Source.VOICE,
        routine_id="bedtime",
        routine="Bedtime",
        kind=Kind.BEDTIME,
        asked=timedelta(minutes=20),
        planned=timedelta(minutes=25, seconds=7),
        phase=PhaseName.REST,
        surface=Surface.COUCH,
        body_area=BodyArea.NECK,
        failed=("light.bed", "switch.diffuser"),
        ratings=Ratings(pain_before=0, pain_after=10, tension=1, relaxation=2, sleep=3),
        heart_rate_before=71.5,
        heart_rate_after=64,
        notes='first; "second",\nthird',
    )
    fields = {field.name: getattr(whole, field.name) for field in fields_of(Record)}
    assert None not in fields.values(), "a field that this test does not know"
    await coordinator_of(entry).practice.async_add(whole)
    out = await act(home.hass, "export_records", format=form)
    await act(home.hass, "delete_record", record_id=whole.id)
    given = {"csv": out["csv"]} if form == "csv" else {"records": out["records"]}
    await act(home.hass, "import_records", **given)
    assert await home.records(entry) == [whole]


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_who_was_dizzy_before_they_lay_down_can_take_their_journal_along(
    home: Home, form: str
) -> None:
    """A stop for health is kept though no minute was on the mat, also elsewhere."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=30)
    await home.do("stop_session", reason="dizziness")
    (stopped,) = await home.records(entry)
    assert (stopped.minutes, stopped.reason) == (0, Reason.DIZZINESS)
    out = await act(home.hass, "export_records", format=form)
    await act(home.hass, "delete_record", record_id=stopped.id)
    await act(
        home.hass, "import_records", **{"csv": out["csv"]} if form == "csv" else out
    )
    assert await home.records(entry) == [stopped]


async def test_a_stop_before_any_time_on_the_mat_can_be_moved(home: Home) -> None:
    """It was an hour earlier; on the mat nobody was then either."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=30)
    await home.do("stop_session", reason="dizziness")
    (stopped,) = await home.records(entry)
    await act(
        home.hass,
        "update_record",
        record_id=stopped.id,
        start="2026-11-22 21:00:00",
    )
    (moved,) = await home.records(entry)
    assert moved.started_at.isoformat() == "2026-11-22T21:00:00+01:00"
    assert (moved.elapsed, moved.ended_at - moved.started_at) == (
        timedelta(0),
        timedelta(seconds=30),
    )
    with pytest.raises(ServiceValidationError) as refusal:
        await act(
            home.hass, "update_record", record_id=stopped.id, duration={"days": 2}
        )
    assert refusal.value.translation_key == "record_duration_out_of_range"


@pytest.mark.parametrize(
    "notes",
    ["- neck was stiff", "=1+1", "@home", "+", "'- quoted", "''=", "it's fine", "'no'"],
)
async def test_a_spreadsheet_takes_no_note_for_a_formula(
    home: Home, notes: str
) -> None:
    """It would show, and give back, an error instead; words come back as they were."""
    entry = await add_mat(home.hass)
    record_id = await add(home.hass, "2026-11-20 08:00:00", 15, notes=notes)
    table = (await act(home.hass, "export_records", format="csv"))["csv"]
    (row,) = csv.DictReader(io.StringIO(table))
    assert row["notes"][0] not in "=+-@"
    await act(home.hass, "delete_record", record_id=record_id)
    await act(home.hass, "import_records", csv=table)
    assert [record.notes for record in await home.records(entry)] == [notes]


@pytest.mark.parametrize(
    ("start", "minutes", "offsets"),
    [
        # The clocks jump from 02:00 to 03:00, and back from 03:00 to 02:00.
        ("2026-03-29 01:50", 20, ("+01:00", "+02:00")),
        ("2026-10-25 01:50", 150, ("+02:00", "+01:00")),
        ("2026-03-29 02:30", 20, ("+01:00", "+02:00")),
    ],
    ids=["in spring", "in autumn", "at a time that the clocks leave out"],
)
@pytest.mark.parametrize("how", ["add_record", "update_record", "import_records"])
async def test_a_night_when_the_clocks_change_is_as_long_as_it_was(
    home: Home, how: str, start: str, minutes: int, offsets: tuple[str, str]
) -> None:
    """Twenty minutes are twenty minutes, also from 01:50 to 03:10 on the wall."""
    entry = await add_mat(home.hass)
    if how == "import_records":
        table = f"start,minutes\n{start},{minutes}\n"
        await act(home.hass, "import_records", csv=table)
    elif how == "add_record":
        await add(home.hass, f"{start}:00", minutes)
    else:
        record_id = await add(home.hass, "2026-11-20 08:00:00", 5)
        length = {"minutes": minutes}
        await act(
            home.hass, how, record_id=record_id, start=f"{start}:00", duration=length
        )
    (record,) = await home.records(entry)
    assert record.ended_at - record.started_at == timedelta(minutes=minutes)
    assert record.minutes == minutes
    assert (record.started_at.isoformat()[-6:], record.ended_at.isoformat()[-6:]) == (
        offsets
    )


async def test_what_was_around_a_session_is_as_long_that_night_too(
    home: Home,
) -> None:
    """Prepare and a pause of ten minutes, over the moment that the clocks go back."""
    entry = await add_mat(home.hass)
    start = datetime.fromisoformat("2026-10-24T21:00:00+02:00")
    told = Record(
        id="x",
        started_at=start,
        ended_at=start + timedelta(minutes=30),
        elapsed=timedelta(minutes=20),
    )
    await coordinator_of(entry).practice.async_add(told)
    await act(
        home.hass,
        "update_record",
        record_id="x",
        start="2026-10-25 02:30:00",
        duration={"minutes": 25},
    )
    (record,) = await home.records(entry)
    assert record.ended_at - record.started_at == timedelta(minutes=35)


async def test_insights_come_with_how_sure_they_are(home: Home) -> None:
    """Too early is an answer, too."""
    await add_mat(home.hass)
    await add(home.hass, "2026-11-20 08:00:00", 15, pain_before=6, pain_after=4)
    answer = await act(home.hass, "get_insights")
    assert answer["insights"]["relief"]["sentence"].endswith("too_early")
    assert answer["insights"]["relief"]["count"] == 1


async def test_each_insight_says_of_how_many_it_speaks_and_how_it_was_found(
    home: Home,
) -> None:
    """Mornings on the floor that help by turns with evenings in bed, for months.

    Seven of an arm are too few to say anything, however large the difference.
    """
    entry = await add_mat(home.hass)
    practice = coordinator_of(entry).practice
    offset = timedelta(hours=1)
    first = datetime(2026, 6, 1, 8, tzinfo=timezone(offset))
    records = [
        Record(
            id=f"{day}-{hour}",
            started_at=(start := first + timedelta(days=day, hours=hour)),
            ended_at=start + timedelta(minutes=20),
            elapsed=timedelta(minutes=20),
            asked=timedelta(minutes=minutes),
            surface=surface,
            ratings=Ratings(pain_before=6, pain_after=after + day % 2),
            heart_rate_before=72 + day % 3,
            heart_rate_after=64 + day % 4,
        )
        for day in range(60)
        for hour, minutes, surface, after in (
            (0, 20, Surface.FLOOR, 2),
            (13, 10, Surface.BED, 4),
        )
    ]
    few = [record for record in records if record.started_at < first + 7 * DAY]
    await practice.async_change([], few)
    told = (await act(home.hass, "get_insights"))["insights"]
    for question in ("times", "surfaces", "durations"):
        (comparison,) = told[question]
        assert comparison["sentence"].endswith("too_early"), question
        assert (comparison["count_more"], comparison["count_less"]) == (7, 7)
        assert comparison["method"] == "pairs"
        assert "probability" not in comparison

    worst = [
        WorstPain(day=(first + day * DAY).date(), pain=7 - day // 20)
        for day in range(60)
    ]
    await practice.async_import(records, worst)
    told = (await act(home.hass, "get_insights"))["insights"]
    assert {
        question: (told[question][0]["sentence"], told[question][0]["more"])
        for question in ("times", "surfaces", "durations")
    } == {
        "times": ("time_helped_more", "morning"),
        "surfaces": ("surface_helped_more", "floor"),
        "durations": ("duration_helped_more", "20"),
    }
    for question in ("times", "surfaces", "durations"):
        (comparison,) = told[question]
        assert (comparison["count_more"], comparison["count_less"]) == (60, 60)
        assert comparison["pairs"] == 60
        assert comparison["method"] == "pairs"
        assert comparison["low"] <= comparison["difference"] <= comparison["high"]
        assert 0.99 < comparison["probability"] <= 1
    heart = told["heart_rate"]
    assert (heart["sentence"], heart["count"], heart["method"]) == (
        *("heart_rate_lower", 120, "mean"),
    )
    assert heart["low"] < heart["mean"] < heart["high"]
    assert (told["relief"]["count"], told["relief"]["method"]) == (120, "mean")
    worst = told["worst_pain"]
    assert (worst["count"], worst["method"]) == (60, "first_and_last_third")


async def test_with_two_mats_the_mat_must_be_named(home: Home) -> None:
    """Home Assistant's own words for that."""
    await add_mat(home.hass)
    await add_mat(home.hass, title="Ben's mat")
    with pytest.raises(ServiceValidationError):
        await act(home.hass, "get_records")


async def test_a_record_tells_the_day_that_it_counts_for(home: Home) -> None:
    """After midnight it still is the evening; who draws a calendar cannot know that."""
    await add_mat(home.hass)
    await add(home.hass, "2026-11-21 00:30:00", 15)
    answer = await act(home.hass, "get_records")
    assert [record["day"] for record in answer["records"]] == ["2026-11-20"]
    assert answer["today"] == "2026-11-22"


@pytest.mark.parametrize(
    ("name", "data", "needed"),
    [
        ("get_records", {}, "read"),
        ("get_insights", {}, "read"),
        ("export_records", {}, "read"),
        ("rate_session", {"sleep": 3}, "control"),
        ("update_record", {"record_id": "{id}", "notes": "x"}, "control"),
        ("delete_record", {"record_id": "{id}"}, "control"),
        ("import_records", {"csv": "start,minutes\n2026-11-20,5"}, "control"),
        (
            "add_record",
            {"start": "2026-11-20 08:00:00", "duration": {"minutes": 5}},
            "control",
        ),
    ],
)
async def test_a_user_may_do_with_records_what_they_may_with_their_calendar(
    home: Home, hass_admin_user: MockUser, name: str, data: dict[str, str], needed: str
) -> None:
    """How somebody's body was is not for everybody who has a login at home."""
    entry = await add_mat(home.hass)
    record_id = await add(home.hass, "2026-11-21 08:00:00", 15)
    data = {k: record_id if v == "{id}" else v for k, v in data.items()}
    before = await home.records(entry)
    user = MockUser(groups=[], name="guest").add_to_hass(home.hass)

    async def call(user: MockUser) -> None:
        await home.hass.services.async_call(
            DOMAIN,
            name,
            data,
            blocking=True,
            return_response=needed == "read",
            context=Context(user_id=user.id),
        )

    calendar = "calendar.anna_s_mat_journal"
    refused: list[Any] = [{}, {"entities": {"entity_ids": {"light.bed": True}}}]
    if needed == "control":
        refused.append({"entities": {"entity_ids": {calendar: {"read": True}}}})
    for policy in refused:
        user.mock_policy(policy)
        with pytest.raises(Unauthorized):
            await call(user)
    assert await home.records(entry) == before
    user.mock_policy({"entities": {"entity_ids": {calendar: {needed: True}}}})
    await call(user)
    with pytest.raises(UnknownUser):
        await call(MockUser())
    if name != "delete_record":
        await call(hass_admin_user)


async def test_without_its_calendar_only_who_may_see_all_may_see_records(
    home: Home, hass_admin_user: MockUser
) -> None:
    """Somebody deleted or never had the entity: that opens no door."""
    entry = await add_mat(home.hass)
    er.async_get(home.hass).async_remove("calendar.anna_s_mat_journal")
    user = MockUser(groups=[], name="guest").add_to_hass(home.hass)
    user.mock_policy({"entities": {"entity_ids": {"light.bed": True}}})
    for who, refused in ((user, True), (hass_admin_user, False)):
        call = home.hass.services.async_call(
            DOMAIN,
            "get_records",
            {"config_entry_id": entry.entry_id},
            blocking=True,
            return_response=True,
            context=Context(user_id=who.id),
        )
        if refused:
            with pytest.raises(Unauthorized):
                await call
        else:
            assert await call
