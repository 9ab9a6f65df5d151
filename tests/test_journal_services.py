"""Actions on the journal of a mat."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from .home import Home, add_mat, coordinator_of

DOMAIN = "acupressure_mat"


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
    week = await act(home.hass, "get_records", period="day")
    assert week["total"] == 0


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
    out = await act(home.hass, "export_records", format=form)
    other = await add_mat(home.hass, title="Ben's mat")
    given = {"csv": out["csv"]} if form == "csv" else {"records": out["records"]}
    for _ in range(2):
        answer = await act(
            home.hass, "import_records", config_entry_id=other.entry_id, **given
        )
        assert answer == {"imported": 2, "skipped": []}
    assert await home.records(other) == await home.records(entry)


async def test_a_simple_table_is_brought_in(home: Home) -> None:
    """As a spreadsheet writes it: semicolons, commas in numbers, a mark at its start."""
    entry = await add_mat(home.hass)
    table = "\ufeffStart;Minutes\n2026-11-20 08:00;15\n\n2026-11-21 08:00;12,5\n"
    await act(home.hass, "import_records", csv=table)
    assert [r.minutes for r in await home.records(entry)] == [15, 12.5]


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
    assert refusal.value.translation_placeholders is not None
    assert refusal.value.translation_placeholders["count"] == "6"
    assert await home.records(entry) == []
    answer = await act(home.hass, "import_records", csv=table, skip_bad_rows=True)
    assert answer["imported"] == 1
    assert [row["line"] for row in answer["skipped"]] == [3, 4, 5, 6, 7, 8]


async def test_insights_come_with_how_sure_they_are(home: Home) -> None:
    """Too early is an answer, too."""
    await add_mat(home.hass)
    await add(home.hass, "2026-11-20 08:00:00", 15, pain_before=6, pain_after=4)
    answer = await act(home.hass, "get_insights")
    assert answer["insights"]["relief"]["sentence"].endswith("too_early")
    assert answer["insights"]["relief"]["count"] == 1


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
