"""Minutes and sessions in the recorder: always what the journal says, hour by hour."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
import random
import threading
from typing import Any
from unittest.mock import patch

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.db_schema import StatisticsMeta
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import (
    get_metadata,
    list_statistic_ids,
    statistics_during_period,
    valid_statistic_id,
)
from homeassistant.components.recorder.tasks import SynchronizeTask
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from sqlalchemy.exc import OperationalError

from custom_components.acupressure_mat.session.record import Record
from custom_components.acupressure_mat.statistics import (
    MANY,
    MEASURES,
    Statistics,
    statistic_id,
)

from .home import Home, add_mat
from .practices import at, practice_of, until
from .session.records import moment, record

HOUR = timedelta(hours=1)
EPOCH = datetime.fromtimestamp(0, UTC)
# Hour, what it added, and the sum up to its end.
type Row = tuple[datetime, float, float]


@pytest.fixture
def home(recorder_mock: Recorder, home: Home) -> Home:
    """Return the bedroom of a home that has a recorder."""
    return home


async def recorded(home: Home) -> None:
    """Wait until the recorder has done all that it was asked.

    It says that it has nothing to do while it does the last thing, so it is asked for
    one more.
    """
    await home.settle()
    done: asyncio.Future[None] = home.hass.loop.create_future()
    get_instance(home.hass).queue_task(SynchronizeTask(done))
    await done


async def checked(home: Home) -> None:
    """Wait until the mat has looked at its statistics, as it does when it starts."""
    await home.hass.async_block_till_done(wait_background_tasks=True)
    await recorded(home)


async def said(home: Home, entry: MockConfigEntry, key: str) -> list[Row]:
    """Return what the recorder says of a mat."""
    await recorded(home)
    name = f"acupressure_mat:{entry.entry_id.lower()}_{key}"
    found = await get_instance(home.hass).async_add_executor_job(
        statistics_during_period,
        home.hass,
        EPOCH,
        None,
        {name},
        "hour",
        None,
        {"state", "sum"},
    )
    return [
        (
            datetime.fromtimestamp(row["start"], UTC),
            round(row["state"] or 0, 4),
            round(row["sum"] or 0, 4),
        )
        for row in found.get(name, [])
    ]


def expected(records: list[Record], key: str) -> Counter[datetime]:
    """Return what each hour should add, second by second, by nobody's formula."""
    hours: Counter[datetime] = Counter()
    seconds: Counter[int] = Counter()
    for each in records:
        if key == "sessions":
            start = each.started_at.astimezone(UTC)
            hours[start.replace(minute=0, second=0, microsecond=0)] += 1
            continue
        end = round(each.ended_at.timestamp())
        for second in range(end - round(each.elapsed.total_seconds()), end):
            seconds[second // 3600] += 1
    if key == "minutes":
        return Counter({EPOCH + h * HOUR: round(n / 60, 4) for h, n in seconds.items()})
    return hours


async def check(home: Home, entry: MockConfigEntry) -> None:
    """Check every row against the records on the disk."""
    records = await home.records(entry)
    for key in ("minutes", "sessions"):
        should, rows = expected(records, key), await said(home, entry, key)
        assert {hour: state for hour, state, _ in rows if state} == should, key
        total = 0.0
        for _, state, sum_ in rows:
            total += state
            assert sum_ == pytest.approx(total, abs=0.01), key


async def restart(home: Home, entry: MockConfigEntry, **how: Any) -> None:
    """Restart, and wait until the mat has looked at its statistics."""
    await home.restart(entry, **how)
    await checked(home)


@contextmanager
def rebuilt() -> Iterator[list[str]]:
    """Note each time that all is written anew."""
    times: list[str] = []
    original = Statistics.async_rebuild

    async def note(self: Statistics) -> None:
        times.append(self._title)
        await original(self)

    with patch.object(Statistics, "async_rebuild", note):
        yield times


# -- a session -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "rows"),
    [
        ("2026-11-22 22:10", [("21:00", 20)]),
        ("2026-11-22 22:50", [("21:00", 9), ("22:00", 11)]),
        ("2026-11-22 23:49", [("22:00", 10), ("23:00", 10)]),
        ("2026-11-22 22:59:30", [("22:00", 20)]),
    ],
    ids=["in one hour", "across the hour", "across midnight", "prepared before it"],
)
async def test_a_session_counts_in_the_hours_in_which_it_was(
    home: Home, start: str, rows: list[tuple[str, float]]
) -> None:
    """Prepare is no time on the mat; a session belongs to the hour of its start."""
    entry = await add_mat(home.hass)
    await until(home, start)
    await home.start()
    await home.wait(minutes=22)
    minutes = await said(home, entry, "minutes")
    assert [(f"{hour:%H:%M}", state) for hour, state, _ in minutes] == rows
    assert minutes[-1][2] == 20
    ((hour, state, sum_),) = await said(home, entry, "sessions")
    assert (f"{hour:%H}", state, sum_) == (f"{at(start).astimezone(UTC):%H}", 1, 1)
    await check(home, entry)


async def test_a_paused_session_adds_its_minutes_and_no_more(home: Home) -> None:
    """The pause is nowhere in the record, so only the sum is sure."""
    entry = await add_mat(home.hass)
    await until(home, "2026-11-22 22:30")
    await home.start()
    await home.wait(minutes=11)
    await home.do("pause_session")
    await home.wait(minutes=14)
    await home.do("resume_session")
    await home.wait(minutes=11)
    assert (await said(home, entry, "minutes"))[-1][2] == 20
    await check(home, entry)


async def test_cards_find_it_by_name_unit_and_day(home: Home) -> None:
    """As a statistics card asks: minutes of each local day, across midnight."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_change(
        [],
        [
            record(at("2026-11-20 23:50"), 20),
            record(at("2026-11-21 08:00"), 15),
            record(at("2026-11-22 08:00"), 30),
        ],
    )
    await recorded(home)
    minutes, sessions = (statistic_id(entry.entry_id, m) for m in MEASURES)
    known = await get_instance(home.hass).async_add_executor_job(
        list_statistic_ids, home.hass, {minutes, sessions}
    )
    shown = {
        each["statistic_id"]: (each["name"], each["display_unit_of_measurement"])
        for each in known
    }
    assert shown == {
        minutes: ("Anna's mat: minutes", "min"),
        sessions: ("Anna's mat: sessions", None),
    }
    metadata = await get_instance(home.hass).async_add_executor_job(
        lambda: get_metadata(home.hass, statistic_ids={minutes, sessions})
    )
    for _, each in metadata.values():
        assert each["source"] == "acupressure_mat"
        assert each["has_sum"]
        assert each["mean_type"] is StatisticMeanType.NONE
    assert metadata[minutes][1]["unit_class"] == "duration"
    days = await get_instance(home.hass).async_add_executor_job(
        statistics_during_period,
        home.hass,
        at("2026-11-20 00:00"),
        None,
        {minutes},
        "day",
        {"duration": "h"},
        {"change"},
    )
    assert [round((day["change"] or 0) * 60) for day in days[minutes]] == [10, 25, 30]


def test_names_are_valid_though_ids_of_entries_are_not() -> None:
    """They are in capitals; the recorder takes none."""
    for measure in MEASURES:
        name = statistic_id("01M82GY140DC1DD57Q65QQJ6YB", measure)
        assert valid_statistic_id(name)


# -- edits ---------------------------------------------------------------------

OLD = [
    record(at("2026-03-10 21:00"), 20, id="march"),
    record(at("2026-06-10 21:10"), 20, id="june"),
    record(at("2026-06-10 21:40"), 10, id="june too"),
    record(at("2026-11-01 00:10"), 20, id="all saints"),
    record(at("2026-11-20 21:00"), 20, id="friday"),
    record(at("2026-11-21 21:00"), 20, id="saturday"),
]


def moved(each: Record, to: str) -> Record:
    start = at(to)
    return replace(each, started_at=start, ended_at=start + each.elapsed)


EDITS = {
    "longer": lambda r: replace(
        r, elapsed=timedelta(minutes=45), ended_at=r.started_at + timedelta(minutes=45)
    ),
    "shorter": lambda r: replace(r, elapsed=timedelta(minutes=5)),
    "to another hour": lambda r: moved(r, f"{r.started_at:%Y-%m-%d} 07:00"),
    "across the hour": lambda r: moved(r, f"{r.started_at:%Y-%m-%d} 21:50"),
    "across midnight": lambda r: moved(r, f"{r.started_at:%Y-%m-%d} 23:55"),
    "to another day": lambda r: moved(r, f"{r.started_at:%Y-%m}-15 12:00"),
    "to an earlier month": lambda r: moved(r, "2026-02-03 12:00"),
    "to a later month": lambda r: moved(r, "2026-11-22 12:00"),
    "to a month without any": lambda r: moved(r, "2026-08-31 23:50"),
    "into the hour of another": lambda r: moved(r, "2026-06-10 21:30"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("id", ["march", "june", "saturday"])
async def test_after_an_edit_every_sum_is_right(home: Home, id: str, edit: Any) -> None:
    """The hours it leaves, those it comes to, and all that follow; back again, too."""
    entry = await add_mat(home.hass)
    practice = practice_of(entry)
    await practice.async_change([], OLD)
    await check(home, entry)
    with rebuilt() as times:
        was = await practice.async_find(id)
        await practice.async_edit(id, edit)
        await check(home, entry)
        await practice.async_edit(id, lambda _: was)
        await check(home, entry)
        await practice.async_change([was], [])
        await check(home, entry)
    assert times == []


async def test_changes_in_one_moment_do_not_meet(home: Home) -> None:
    """The recorder has done none of them when the next is asked for."""
    entry = await add_mat(home.hass)
    practice = practice_of(entry)
    await practice.async_change([], OLD)
    new = [record(at("2026-06-10 20:50"), 20, id=f"n{n}") for n in range(5)]
    await asyncio.gather(
        *(practice.async_add(each) for each in new),
        practice.async_edit("march", EDITS["to a later month"]),
        practice.async_edit("saturday", EDITS["to an earlier month"]),
        practice.async_change([OLD[1]], []),
        practice.async_edit("friday", EDITS["across midnight"]),
        practice.async_rate("june too", pain_after=3),
    )
    await check(home, entry)
    assert (await said(home, entry, "sessions"))[-1][2] == len(OLD) + 4


async def test_a_record_written_again_counts_once(home: Home) -> None:
    """As after a kill between its file and the mat's."""
    entry = await add_mat(home.hass)
    for _ in range(3):
        await practice_of(entry).async_add(OLD[0])
    await check(home, entry)
    assert (await said(home, entry, "minutes"))[-1][2] == 20


async def test_a_rating_asks_nothing_of_the_recorder(home: Home) -> None:
    """It changes no minute."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_change([], OLD)
    await home.settle()
    with patch.object(Recorder, "queue_task") as queued:
        await practice_of(entry).async_rate("march", pain_after=3, notes="fine")
    assert queued.call_args_list == []


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_changed_in_whatever_order(home: Home, seed: int) -> None:
    """Adds, edits and deletions of sessions all over a year and the world."""
    chance = random.Random(seed)
    entry = await add_mat(home.hass)
    practice = practice_of(entry)

    def any_record(id: str) -> Record:
        zone = timezone(timedelta(hours=chance.choice([-10, -3.5, 0, 1, 5.75, 13])))
        start = datetime(2026, 1, 1, tzinfo=zone)
        # Where months end, mistakes live.
        month = chance.randrange(10) * 30.4
        start += timedelta(days=month + chance.uniform(-1.5, 1.5) + 31)
        start = start.replace(microsecond=0)
        minutes = chance.choice([1, 5, 20, 61, 150])
        pause = timedelta(minutes=chance.choice([0, 0, 1, 17]))
        length = timedelta(minutes=minutes)
        return record(start, minutes, id=id, ended_at=start + length + pause)

    for step in range(12):
        records = await home.records(entry)
        some = chance.sample(records, min(len(records), chance.randrange(3)))
        new = [any_record(f"{step}-{n}") for n in range(chance.randrange(1, 4))]
        new += [any_record(each.id) for each in some[:1]]
        await practice.async_change(some, new)
        if step % 4 == 3:
            await check(home, entry)


async def test_a_thousand_rows_and_then_one_of_them(home: Home) -> None:
    """Written at once, and right also for the edit that comes after.

    One of them begins at a time that the clocks of spring leave out.
    """
    entry = await add_mat(home.hass)
    practice = practice_of(entry)
    await practice.async_add(OLD[0])
    first = at("2024-01-01 20:50")
    rows = [
        record(first + n * timedelta(hours=24.5), 20, id=f"row{n}") for n in range(1000)
    ]
    await practice.async_import(rows)
    await check(home, entry)
    assert (await said(home, entry, "sessions"))[-1][2] == 1001
    await practice.async_edit("row500", EDITS["to an earlier month"])
    await practice.async_change([rows[600]], [])
    await check(home, entry)


async def test_what_replaces_many_leaves_no_row_of_them(home: Home) -> None:
    """All is written anew then, and what is nowhere any more is in no row."""
    entry = await add_mat(home.hass)
    practice = practice_of(entry)
    rows = [
        record(at("2026-09-01 12:00") + n * HOUR, 20, id=f"{n}")
        for n in range(2 * MANY)
    ]
    await practice.async_change([], rows)
    await practice.async_change(rows[MANY // 2 :], [])
    assert len(await said(home, entry, "minutes")) == MANY // 2
    await check(home, entry)


# -- restarts ------------------------------------------------------------------


async def test_a_restart_finds_all_as_it_was(home: Home) -> None:
    """Nothing is written anew each time that Home Assistant starts."""
    entry = await add_mat(home.hass)
    practice = practice_of(entry)
    # A night across the end of a month, and rows that stay without a record.
    night = record(at("2026-10-31 23:55"), 20, id="night")
    await practice.async_change([], [*OLD, night])
    await practice.async_change([OLD[-1]], [])
    await practice.async_edit("june", EDITS["to a later month"])
    await recorded(home)
    with rebuilt() as times:
        await restart(home, entry)
        assert times == []
        await practice_of(entry).async_change(await home.records(entry), [])
        await recorded(home)
        await restart(home, entry)
        assert times == []
    await check(home, entry)


async def break_it(home: Home, entry: MockConfigEntry, how: str) -> None:
    """Let the recorder know something else than the journal."""
    minutes, sessions = (statistic_id(entry.entry_id, m) for m in MEASURES)
    recorder = get_instance(home.hass)
    match how:
        case "it was not there yet":
            recorder.async_clear_statistics([minutes, sessions])
        case "one of them is missing":
            recorder.async_clear_statistics([sessions])
        case "a sum is wrong":
            start = at("2026-11-21 00:00")
            recorder.async_adjust_statistics(minutes, start, 7, "min")
        case "all sums are wrong":
            recorder.async_adjust_statistics(sessions, EPOCH, 1, None)  # type: ignore[arg-type]
    await recorded(home)


@pytest.mark.parametrize(
    "how",
    [
        "it was not there yet",
        "one of them is missing",
        "a sum is wrong",
        "all sums are wrong",
    ],
)
async def test_at_the_next_start_it_is_put_right(home: Home, how: str) -> None:
    """A database that was lost, or a recorder that is new: filled once."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_change([], OLD)
    await checked(home)
    await break_it(home, entry, how)
    with rebuilt() as times:
        await restart(home, entry)
        await check(home, entry)
        await restart(home, entry)
    assert times == ["Anna's mat"]
    await check(home, entry)


async def test_what_the_journal_has_lost_is_no_statistic_either(home: Home) -> None:
    """And a row that the recorder lacks in the middle is noticed, too."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_change([], OLD)
    await checked(home)

    def lose() -> None:
        del home.storage[f"acupressure_mat.{entry.entry_id}.2026-11"]

    with rebuilt() as times:
        await restart(home, entry, meanwhile=lose)
        await check(home, entry)
    assert times == ["Anna's mat"]
    assert (await said(home, entry, "sessions"))[-1][2] == 3


async def test_a_new_name_of_the_mat_is_that_of_its_statistics(home: Home) -> None:
    """With the next row that is written."""
    entry = await add_mat(home.hass)
    home.hass.config_entries.async_update_entry(entry, title="Ben's mat")
    await home.settle()
    await practice_of(entry).async_add(OLD[0])
    await recorded(home)
    known = await get_instance(home.hass).async_add_executor_job(
        list_statistic_ids, home.hass, {statistic_id(entry.entry_id, MEASURES[0])}
    )
    assert [each["name"] for each in known] == ["Ben's mat: minutes"]


async def test_a_long_name_fits_into_every_database(home: Home) -> None:
    """SQLite takes any; others would refuse the statistics of every session."""
    entry = await add_mat(home.hass, title="Anna's mat " * 30)
    await practice_of(entry).async_add(OLD[0])
    await recorded(home)
    column: Any = StatisticsMeta.__table__.c.name.type
    for measure in MEASURES:
        (known,) = await get_instance(home.hass).async_add_executor_job(
            list_statistic_ids, home.hass, {statistic_id(entry.entry_id, measure)}
        )
        assert len(known["name"]) <= column.length
        assert known["name"].endswith(f": {measure.key}")


async def test_a_removed_mat_leaves_no_statistics(home: Home) -> None:
    """Those of the other mat stay."""
    entry = await add_mat(home.hass)
    other = await add_mat(home.hass, title="Ben's mat")
    for each in (entry, other):
        await practice_of(each).async_change([], OLD)
    await home.hass.config_entries.async_remove(entry.entry_id)
    assert await said(home, entry, "minutes") == []
    assert await said(home, entry, "sessions") == []
    known = await get_instance(home.hass).async_add_executor_job(
        list_statistic_ids, home.hass
    )
    mine = [k for k in known if k["source"] == "acupressure_mat"]
    assert len(mine) == 2
    await check(home, other)


async def test_a_database_that_does_not_answer_holds_up_nothing(home: Home) -> None:
    """It is asked at each start; whoever is on the mat by then is not kept waiting."""
    entry = await add_mat(home.hass)
    await checked(home)
    answer, asked = threading.Event(), threading.Event()

    def hang(*args: Any) -> dict[str, Any]:
        asked.set()
        answer.wait()
        return {}

    where = "custom_components.acupressure_mat.statistics.statistics_during_period"
    with patch(where, hang):
        home.hass.config_entries.async_schedule_reload(entry.entry_id)
        await home.settle()
        await home.hass.async_add_executor_job(asked.wait)
        try:
            await home.start()
            await home.wait(minutes=22)
            # No measure, but a limit: it would wait for ever.
            async with asyncio.timeout(60):
                (kept,) = await home.records(entry)
            assert home.state("sensor.anna_s_mat_minutes_today") == "20.0"
            assert kept.minutes == 20
        finally:
            answer.set()
    await checked(home)
    await check(home, entry)


@pytest.mark.parametrize("error", [RuntimeError, OperationalError])
async def test_a_database_that_is_damaged_is_told_once(
    home: Home, caplog: pytest.LogCaptureFixture, error: type[Exception]
) -> None:
    """And nobody's session is less for it."""
    entry = await add_mat(home.hass)
    await checked(home)
    where = "custom_components.acupressure_mat.statistics.statistics_during_period"
    broken = error("no such table", {}, ValueError("no such table"))
    with patch(where, side_effect=broken):
        await restart(home, entry)
    told = [r for r in caplog.records if "cannot say what it knows" in r.message]
    assert [r.levelname for r in told] == ["WARNING"]
    await practice_of(entry).async_add(OLD[0])
    await check(home, entry)


async def test_a_change_while_it_looks_is_no_mistake_of_the_recorder(
    home: Home,
) -> None:
    """It looks again then: what was read before is old by now."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_change([], OLD)
    await checked(home)
    looked = 0

    def look(*args: Any) -> Any:
        nonlocal looked
        found = statistics_during_period(*args)
        looked += 1
        if looked == 1:
            change = practice_of(entry).async_change([OLD[-1]], [])
            asyncio.run_coroutine_threadsafe(change, home.hass.loop).result()
        return found

    where = "custom_components.acupressure_mat.statistics.statistics_during_period"
    with patch(where, look), rebuilt() as times:
        await restart(home, entry)
    assert (looked, times) == (2, [])
    await check(home, entry)


async def test_a_recorder_that_never_gets_ready_holds_up_nothing(home: Home) -> None:
    """Its database is being moved, for hours: sessions go on."""
    get_instance(home.hass).async_recorder_ready.clear()
    entry = await add_mat(home.hass)
    # No measure, but a limit: it would wait for ever.
    async with asyncio.timeout(60):
        await practice_of(entry).async_add(OLD[0])
    assert practice_of(entry).totals.sessions == 1
    with rebuilt() as times:
        get_instance(home.hass).async_recorder_ready.set()
        await home.settle()
    assert times == []
    await check(home, entry)


# -- what a record comes to ----------------------------------------------------


@pytest.mark.parametrize(
    ("each", "minutes"),
    [
        (record("2026-01-01 10:00", 0), {}),
        (record("2026-01-01 10:10", 60), {10: 50, 11: 10}),
        (record("2026-01-01 10:00", 60), {10: 60}),
        (
            record("2026-01-01 10:50", 20, ended_at=moment("2026-01-01 11:50")),
            {11: 20},
        ),
        (
            record("2026-01-01 10:50", 20, ended_at=moment("2026-01-01 10:50")),
            {10: 20},
        ),
    ],
    ids=["none", "across", "to the full hour", "paused", "longer than it took"],
)
def test_no_second_is_lost_or_counted_twice(
    each: Record, minutes: dict[int, float]
) -> None:
    """Also where a damaged or imported record says what cannot be."""
    measure = MEASURES[0]
    found = measure.amounts([each])
    assert sum(found.values()) == each.elapsed // timedelta(microseconds=1)
    hours = {hour.hour: n / measure.scale for hour, n in found.items() if n}
    assert hours == minutes
