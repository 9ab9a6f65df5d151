"""The journal on a real disk: what is kept, what is saved of damage, what is undone."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
import json
import os
from pathlib import Path
import threading
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.acupressure_mat import files
from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.files import MINOR_VERSION, VERSION, NotSaved
from custom_components.acupressure_mat.journal import Journal, id_at, month_of
from custom_components.acupressure_mat.session.insights import WorstPain
from custom_components.acupressure_mat.session.record import Ratings, Record
from custom_components.acupressure_mat.session.routine import Surface

from .disk import FILE, MAT, folder, full, names, opened, path, put, read
from .session.records import record

SAMPLES = Path(__file__).parent / "journals"
DECEMBER = record("2025-12-30 21:00", id="december")
JANUARY = record("2026-01-02 21:00", id="january")
LATER = record("2026-01-05 21:00", id="later")


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Let there be a disk."""
    return hass_tmp_config_dir


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Let files be files, and not a dictionary."""
    return {}


def issues(hass: HomeAssistant) -> set[str]:
    """Return what is told of in Repairs."""
    registry = ir.async_get(hass)
    return {
        issue.translation_key or issue.issue_id
        for issue in registry.issues.values()
        if issue.active
    }


async def tell(journal: Journal, day: date, pain: int) -> None:
    """Tell the worst pain of a day."""
    await journal.async_change((), (), [WorstPain(day=day, pain=pain)])


async def kept(hass: HomeAssistant, *records: Record) -> Journal:
    """Return a journal with these records on the disk."""
    journal = await opened(hass)
    await journal.async_change([], records)
    assert await journal.save()
    return journal


# -- what is kept --------------------------------------------------------------


async def test_records_come_back_in_order_of_time_a_file_a_month(
    hass: HomeAssistant,
) -> None:
    """Order of writing and order on disk say nothing."""
    await kept(hass, LATER, DECEMBER, JANUARY)
    assert await read(hass) == [DECEMBER, JANUARY, LATER]
    assert names(hass) == ["", "2025-12", "2026-01"]


async def test_everything_that_is_known_of_a_session_survives(
    hass: HomeAssistant,
) -> None:
    """Ratings that were not given stay unknown, an offset stays that of the place."""
    told = record(
        datetime.fromisoformat("2026-01-02T21:00:00+05:45"),
        before=0,
        surface=Surface.FLOOR,
        failed=("light.bed",),
        notes="On the terrace",
        heart_rate_before=71.5,
    )
    await kept(hass, told)
    (found,) = await read(hass)
    assert found == told
    assert found.started_at.utcoffset() == timedelta(hours=5, minutes=45)
    assert found.ratings == Ratings(pain_before=0)


async def test_nobody_else_on_the_machine_can_read_it(hass: HomeAssistant) -> None:
    """Pain is nobody's business; a month, the mat's file and the past alike."""
    journal = await kept(hass, JANUARY)
    journal.hold("2026-02")
    await journal.async_save_past({"totals": {}})
    assert names(hass) == ["", "2026-01", "past"]
    for name in names(hass):
        assert path(hass, name).stat().st_mode & 0o777 == 0o600, name


async def test_a_record_of_the_same_id_is_replaced(hass: HomeAssistant) -> None:
    """Writing it again after a kill keeps it one."""
    journal = await kept(hass, JANUARY)
    gone, months = await journal.async_change([], [JANUARY])
    assert (gone, months) == ([], ())
    shorter = replace(JANUARY, elapsed=timedelta(minutes=5))
    gone, months = await journal.async_change([], [shorter])
    assert (gone, months) == ([JANUARY], ("2026-01",))
    assert await read(hass) == [shorter]


async def test_a_record_moves_to_another_month(hass: HomeAssistant) -> None:
    """It is in one file afterwards, and an empty file is no file."""
    journal = await kept(hass, JANUARY)
    moved = replace(DECEMBER, id=JANUARY.id)
    gone, months = await journal.async_change([JANUARY], [moved])
    assert gone == [JANUARY]
    assert months == ("2025-12", "2026-01")
    assert await read(hass) == [moved]
    assert names(hass) == ["", "2025-12"]


async def test_what_is_deleted_is_not_on_the_disk_any_more(hass: HomeAssistant) -> None:
    """Deleted is deleted: not hidden, not kept in memory."""
    journal = await kept(hass, replace(JANUARY, notes="secret"), LATER)
    assert b"secret" in path(hass, "2026-01").read_bytes()
    await journal.async_change([JANUARY], [])
    assert b"secret" not in path(hass, "2026-01").read_bytes()
    assert await journal.async_records(journal.months) == [LATER]
    assert (await journal.async_change([JANUARY], [])) == ([], ())


async def test_a_record_of_summer_time_s_end_is_the_same_in_memory_and_on_disk(
    hass: HomeAssistant,
) -> None:
    """With the rules of Berlin, 02:50 to 02:10 would last minus forty minutes."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 25, 0, 50, tzinfo=UTC).astimezone(berlin)
    end = datetime(2026, 10, 25, 1, 10, tzinfo=UTC).astimezone(berlin)
    night = record(start, ended_at=end)
    assert night.ended_at < night.started_at
    journal = await opened(hass)
    journal.hold("2026-10")
    await journal.async_change([], [night])
    (in_memory,) = await journal.async_records(journal.months)
    assert in_memory.ended_at - in_memory.started_at == timedelta(minutes=20)
    assert [in_memory] == await read(hass)


async def test_worst_pain_of_a_day_is_kept_apart_from_sessions(
    hass: HomeAssistant,
) -> None:
    """Asked again it is replaced; a month without a session has a file for it."""
    journal = await kept(hass, JANUARY)
    await tell(journal, date(2026, 1, 3), 7)
    await tell(journal, date(2026, 1, 3), 0)
    await tell(journal, date(2026, 2, 1), 4)
    again = await opened(hass)
    worst = await again.async_worst_pain(again.months)
    assert [(w.day, w.pain) for w in worst] == [
        (date(2026, 1, 3), 0),
        (date(2026, 2, 1), 4),
    ]
    assert await read(hass) == [JANUARY]


async def test_only_held_months_stay_in_memory(hass: HomeAssistant) -> None:
    """Ten years of records must not fill the memory of a small computer."""
    journal = await kept(hass, DECEMBER, JANUARY)
    journal.hold("2026-01")
    await journal.async_records(journal.months)
    path(hass, "2025-12").unlink()
    path(hass, "2026-01").unlink()
    assert await journal.async_records(journal.months) == [JANUARY]
    journal.hold("2026-02")
    assert await journal.async_records(journal.months) == []


# -- finding -------------------------------------------------------------------


@contextmanager
def reads() -> Iterator[list[str]]:
    """Note which files are read."""
    keys: list[str] = []
    original = files.File.async_read

    async def note(self: files.File) -> Any:
        keys.append(self.key.removeprefix(f"{FILE}."))
        return await original(self)

    with patch.object(files.File, "async_read", note):
        yield keys


async def test_a_record_is_found_without_reading_ten_years(hass: HomeAssistant) -> None:
    """Its id says when it began; only a record that was moved is looked for."""
    months = [
        datetime(2016 + n // 12, n % 12 + 1, 15, 21, tzinfo=UTC) for n in range(120)
    ]
    records = [record(at, id=id_at(at)) for at in months]
    journal = await kept(hass, *records)
    with reads() as read_files:
        assert await journal.async_find(records[7].id) == records[7]
    assert read_files == ["2016-08"]
    moved = replace(records[100], id=id_at(months[3]))
    await journal.async_change([records[100]], [moved])
    with reads() as read_files:
        assert await journal.async_find(moved.id) == moved
    assert len(read_files) == 1 + 120 - 100


@pytest.mark.parametrize(
    "id",
    ["", "no such", "0" * 26, "7" + "Z" * 25],
    ids=["an empty id", "a word", "an id of 1970", "an id of the year 10889"],
)
async def test_no_such_record(hass: HomeAssistant, id: str) -> None:
    """Ids come from automations; none of them may break anything."""
    journal = await kept(hass, JANUARY)
    assert await journal.async_find(id) is None


async def test_a_record_of_new_year_s_night_is_found_at_once(
    hass: HomeAssistant,
) -> None:
    """Where it began it was the next month already, or not yet."""
    east = datetime.fromisoformat("2026-02-01T08:00:00+13:00")
    west = datetime.fromisoformat("2026-01-31T20:00:00-10:00")
    records = [record(at, id=id_at(at)) for at in (east, west)]
    others = [record(f"202{n}-01-15", id=f"{n}") for n in range(6)]
    journal = await kept(hass, *records, *others)
    with reads() as read_files:
        for each in records:
            assert await journal.async_find(each.id) == each
    assert set(read_files) <= {"2026-01", "2026-02"}


# -- damage --------------------------------------------------------------------


def cut(text: str) -> str:
    """Lose the end of a file, in the middle of its last record."""
    return text[: text.rindex('"elapsed"') + 4]


DAMAGE: dict[str, tuple[Any, list[str]]] = {
    "cut off in the last record": (cut, ["january"]),
    "cut off in the first record": (lambda text: text[: text.index("elapsed")], []),
    "followed by other bytes": (
        lambda text: text + '{"more": [1,',
        ["january", "later"],
    ),
    "with a hole in the first record": (
        lambda text: text.replace('"january"', '"janu\x00\x00ary', 1),
        ["later"],
    ),
    "nothing but zeros": (lambda text: "\0" * len(text), []),
    "empty": (lambda _text: "", []),
    "not text at all": (lambda text: b"\xff\xfe" + text.encode()[::-1], []),
}


DEVICES = {
    "switch.diffuser": {
        "kind": "Diffuser",
        "before": {"entity_id": "switch.diffuser", "state": "off"},
    }
}


@pytest.mark.parametrize(("damage", "left"), DAMAGE.values(), ids=DAMAGE)
async def test_of_a_damaged_file_every_whole_record_is_kept(
    hass: HomeAssistant, damage: Any, left: list[str]
) -> None:
    """A card of a small computer dies in pieces; what is whole was worth something."""
    await kept(hass, JANUARY, LATER)
    journal = await opened(hass)
    await tell(journal, date(2026, 1, 3), 7)
    file = path(hass, "2026-01")
    damaged = damage(file.read_text())
    damaged = damaged if isinstance(damaged, bytes) else damaged.encode()
    file.write_bytes(damaged)
    journal = await opened(hass)
    found = await journal.async_records(journal.months)
    assert [r.id for r in found] == left
    assert "storage_corruption" in issues(hass)
    # Kept as it was, and the new file is the journal from now on.
    aside = [name for name in names(hass) if ".corrupt." in name]
    assert [path(hass, name).read_bytes() for name in aside] == [damaged]
    await journal.async_change([], [record("2026-01-09", id="new")])
    assert [r.id for r in await read(hass)] == [*left, "new"]


async def test_of_a_damaged_file_worst_pain_is_kept_too(hass: HomeAssistant) -> None:
    """It stands behind the records, so it is whole where only they are damaged."""
    await kept(hass, JANUARY)
    journal = await opened(hass)
    await tell(journal, date(2026, 1, 3), 7)
    file = path(hass, "2026-01")
    file.write_text(file.read_text().replace('"elapsed"', "elapsed"))
    journal = await opened(hass)
    (worst,) = await journal.async_worst_pain(journal.months)
    assert (worst.day, worst.pain) == (date(2026, 1, 3), 7)
    assert await read(hass) == []


UNREADABLE: dict[str, Any] = {
    "of a newer version": {"version": VERSION + 1, "data": {"diary": []}},
    "of version 0": {"version": 0, "minor_version": 1, "data": {}},
    "without a version": {"data": {}},
    "without data": {"version": VERSION, "minor_version": MINOR_VERSION},
    "whose data is a list": {"version": VERSION, "data": [1]},
    "that is a list": [1],
    "that is a number": 7,
    "that is null": None,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("part", ["", "past", "2026-01"])
async def test_a_file_is_set_aside(
    hass: HomeAssistant, content: Any, part: str
) -> None:
    """Nothing overwrites what somebody may still read, and an issue says so."""
    await kept(hass, DECEMBER, JANUARY)
    text = json.dumps(content)
    path(hass, part).write_text(text)
    found = await read(hass)
    assert DECEMBER in found
    assert (JANUARY in found) is (part != "2026-01")
    aside = [name for name in names(hass) if name.endswith("aside")]
    assert [path(hass, name).read_text() for name in aside] == [text]
    assert issues(hass) == {"journal_set_aside"}


async def test_set_aside_twice_both_are_there(hass: HomeAssistant) -> None:
    """The second must not overwrite the first."""
    for n in range(3):
        put(hass, "2026-01", {}, version=VERSION + 1 + n)
        await read(hass)
    aside = [name for name in names(hass) if "aside" in name]
    assert aside == ["2026-01.aside", "2026-01.aside-2", "2026-01.aside-3"]
    assert json.loads(path(hass, aside[1]).read_text())["version"] == VERSION + 2


async def test_what_cannot_even_be_renamed_breaks_nothing(hass: HomeAssistant) -> None:
    """A folder that is read only: the journal begins anew in memory."""
    await kept(hass, JANUARY)
    put(hass, "2026-01", {}, version=VERSION + 1)
    with patch.object(Path, "rename", side_effect=OSError("read only")):
        assert await read(hass) == []
    assert "2026-01" in names(hass)


BAD = {"id": "bad", "started_at": "sometime"}


async def test_of_a_half_damaged_file_the_other_half_is_kept(
    hass: HomeAssistant,
) -> None:
    """And so is the bad half, as it was, in the same file; an issue says so."""
    good = JANUARY.as_dict()
    data = {
        "records": [good, BAD, 7, DECEMBER.as_dict()],
        "worst_pain": {"2026-01-03": 11, "2026-01-04": 3},
        "unread": ["of old"],
    }
    put(hass, "2026-01", data)
    journal = await opened(hass)
    assert await journal.async_records(journal.months) == [JANUARY]
    assert issues(hass) == {"journal_unread"}
    await journal.async_change([], [LATER])
    stored = json.loads(path(hass, "2026-01").read_text())["data"]
    assert stored["unread"] == [
        "of old",
        BAD,
        7,
        DECEMBER.as_dict(),
        {"day": "2026-01-03", "pain": 11},
    ]
    assert stored["worst_pain"] == {"2026-01-04": 3}
    assert await read(hass) == [JANUARY, LATER]


async def test_what_is_known_to_be_bad_is_told_once(hass: HomeAssistant) -> None:
    """An issue that comes back after it was ignored is noise."""
    put(hass, "2026-01", {"records": [], "unread": [BAD]})
    assert await read(hass) == []
    assert issues(hass) == set()


async def test_what_is_bad_is_told_once_though_nothing_is_ever_written_there(
    hass: HomeAssistant,
) -> None:
    """A month of years ago is read with each look at the insights."""
    put(hass, "2026-01", {"records": [JANUARY.as_dict(), BAD]})
    assert await read(hass) == [JANUARY]
    assert issues(hass) == {"journal_unread"}
    ir.async_delete_issue(hass, DOMAIN, f"journal_unread_{MAT}")
    assert await read(hass) == [JANUARY]
    assert issues(hass) == set()
    assert json.loads(path(hass, "2026-01").read_text())["data"]["unread"] == [BAD]


async def test_what_an_older_version_could_not_read_comes_back(
    hass: HomeAssistant,
) -> None:
    """After an update, records with a reason that did not exist then are there."""
    put(hass, "2026-01", {"records": [], "unread": [JANUARY.as_dict()]})
    assert await read(hass) == [JANUARY]


@pytest.mark.parametrize(
    "data",
    [{"records": {"a": 1}}, {"records": "all"}, {"records": [], "worst_pain": [3]}],
    ids=["records in a mapping", "records in a word", "worst pain in a list"],
)
async def test_what_is_no_list_is_kept_as_it_was(
    hass: HomeAssistant, data: Any
) -> None:
    """A careless edit by hand must cost nothing at the next save."""
    put(hass, "2026-01", data)
    journal = await opened(hass)
    assert await journal.async_records(journal.months) == []
    await journal.async_change([], [LATER])
    stored = json.loads(path(hass, "2026-01").read_text())["data"]
    assert len(stored["unread"]) == 1
    assert await read(hass) == [LATER]


@pytest.mark.parametrize(
    "changes",
    [
        {"elapsed": 10**9},
        {"ended_at": "9999-12-31T23:59:00-12:00"},
        {"started_at": "0001-01-01T00:00:00+14:00"},
        {"elapsed": -1},
    ],
    ids=["31 years long", "ends in 9999", "begins in the year 1", "takes back time"],
)
async def test_a_record_that_cannot_be_is_none(
    hass: HomeAssistant, changes: dict[str, Any]
) -> None:
    """One such number would break statistics and plan for good."""
    put(hass, "2026-01", {"records": [JANUARY.as_dict() | changes]})
    assert await read(hass) == []


async def test_whatever_stands_in_the_mat_s_file_it_is_read(
    hass: HomeAssistant,
) -> None:
    """Types that nobody expects are as good as nothing; the rest is taken."""
    data = {
        "rooms": ["x", {"session": 1}],
        "practice": [],
        "next_minutes": {"bedtime": 7, "morning": "soon"},
        "saved_at": "2026-01-01T10:00:00",
        "months": ["2026-01", "2026-13", 7, "../../x"],
    }
    put(hass, "", data)
    journal = await opened(hass)
    assert journal.stored_rooms == [{"session": 1}]
    assert journal.stored_practice == {}
    assert journal.next_minutes == {"bedtime": 7}
    assert journal.saved_at is None
    assert journal.months == ("2026-01",)
    put(hass, "", {"rooms": 7, "next_minutes": [], "months": "x", "saved_at": 1})
    journal = await opened(hass)
    assert (journal.stored_rooms, journal.next_minutes) == ([], {})


async def test_a_month_is_known_though_nobody_wrote_that_it_is(
    hass: HomeAssistant,
) -> None:
    """Killed right after the first record of a month: it is found, and counted."""
    await kept(hass, DECEMBER)
    journal = await opened(hass)
    await journal.async_change([], [JANUARY])
    killed = await opened(hass)
    assert killed.months == ("2025-12", "2026-01")
    assert "2026-01" in killed.uncounted


async def test_a_month_that_is_younger_than_its_count_is_counted_again(
    hass: HomeAssistant,
) -> None:
    """Killed between the edit of an old month and its count."""
    journal = await kept(hass, DECEMBER, JANUARY)
    journal.hold("2026-02")
    await journal.async_save_past({"totals": {}})
    assert (await opened(hass)).uncounted == set()
    now = path(hass, "past").stat().st_mtime
    os.utime(path(hass, "2025-12"), (now + 1, now + 1))
    assert (await opened(hass)).uncounted == {"2025-12"}


async def test_a_month_whose_last_record_was_deleted_on_a_full_disk_is_known_no_more(
    hass: HomeAssistant,
) -> None:
    """Deleting takes no space; writing that it is gone does, and it counted for ever."""
    journal = await kept(hass, DECEMBER, JANUARY)
    journal.hold("2026-02")
    await journal.async_save_past({"totals": {}})
    await journal.async_change([DECEMBER], [])
    assert (await opened(hass)).months == ("2026-01",)


# -- versions ------------------------------------------------------------------


@pytest.mark.parametrize("minor", range(1, MINOR_VERSION + 1))
async def test_every_version_can_be_read(hass: HomeAssistant, minor: int) -> None:
    """Files as each version wrote them; a new version brings its sample along."""
    sample = SAMPLES / f"{VERSION}.{minor}"
    for file in sample.iterdir():
        target = path(hass, file.stem.removeprefix("mat").removeprefix("."))
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(file.read_bytes())
    journal = await opened(hass)
    assert journal.months == ("2026-09", "2026-10", "2026-11")
    assert journal.next_minutes == {"bedtime": 25.0}
    assert journal.saved_at == datetime(2026, 11, 22, 21, 21, tzinfo=UTC)
    records = await journal.async_records(journal.months)
    assert [(r.id, r.minutes, r.reason) for r in records] == [
        ("september", 10, None),
        ("october", 12, "pain"),
        ("november", 20, None),
    ]
    assert records[2].ratings == Ratings(pain_before=6, pain_after=3, sleep=8)
    (worst,) = await journal.async_worst_pain(journal.months)
    assert (worst.day, worst.pain) == (date(2026, 11, 22), 5)
    assert issues(hass) == set()


async def test_steps_from_version_to_version_are_taken_in_order(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only those that are missing, once, and the file is of the new version then."""
    steps = (
        lambda data: data | {"next_minutes": {**data["next_minutes"], "two": 2}},
        lambda data: data | {"next_minutes": {**data["next_minutes"], "three": 3}},
    )
    monkeypatch.setattr(files, "MIGRATIONS", steps)
    monkeypatch.setattr(files, "MINOR_VERSION", 3)
    put(hass, "", {"next_minutes": {"one": 1}})
    assert list((await opened(hass)).next_minutes) == ["one", "two", "three"]
    assert json.loads(path(hass).read_text())["minor_version"] == 3
    assert list((await opened(hass)).next_minutes) == ["one", "two", "three"]
    put(hass, "", {"next_minutes": {"one": 1}}, minor_version=2)
    assert list((await opened(hass)).next_minutes) == ["one", "three"]


async def test_a_newer_minor_version_is_read_as_far_as_it_is_known(
    hass: HomeAssistant,
) -> None:
    """Back to an older release: a field that it does not know costs nothing."""
    data = {"records": [JANUARY.as_dict() | {"mood": "fine"}], "moon": "full"}
    put(hass, "2026-01", data, minor_version=MINOR_VERSION + 7)
    assert await read(hass) == [JANUARY]
    assert issues(hass) == set()


@pytest.mark.parametrize(
    ("until", "left"),
    [
        ('"next_minutes"', [{"session": {"id": "one"}, "devices": DEVICES}]),
        ('"session"', [{"devices": DEVICES}]),
        ('"lamp"', []),
    ],
)
async def test_of_a_damaged_file_the_rooms_are_known_as_far_as_they_are_whole(
    hass: HomeAssistant, until: str, left: list[dict[str, Any]]
) -> None:
    """A diffuser was on: forgotten, it would be on until somebody looks."""
    room = {"lamp": None, "devices": DEVICES, "session": {"id": "one"}}
    file = put(hass, "", {"rooms": [room], "next_minutes": {}})
    text = file.read_text()
    file.write_text(text[: text.index(until)])
    found = (await opened(hass)).stored_rooms
    for known in found:
        known.pop("lamp", None)
    assert found == left


# -- a disk that is full -------------------------------------------------------


async def test_on_a_full_disk_nothing_has_changed(hass: HomeAssistant) -> None:
    """Neither on the disk nor in memory, and whoever asked is told."""
    journal = await kept(hass, JANUARY)
    journal.hold("2026-01")
    with full(), pytest.raises(NotSaved):
        await journal.async_change([], [LATER])
    assert issues(hass) == {"not_saved"}
    assert await journal.async_records(journal.months) == [JANUARY]
    with full(), pytest.raises(NotSaved):
        await tell(journal, date(2026, 1, 3), 7)
    assert journal.worst_pain(date(2026, 1, 3)) is None
    assert await journal.async_worst_pain(journal.months) == []
    await journal.async_change([], [LATER])
    assert await read(hass) == [JANUARY, LATER]
    assert issues(hass) == set()


async def test_what_was_written_before_the_disk_was_full_is_undone(
    hass: HomeAssistant,
) -> None:
    """Half of an import would be imported twice by whoever tries again."""
    journal = await kept(hass, DECEMBER)
    new = [replace(DECEMBER, notes="changed"), JANUARY]
    with full(only="2026-01"), pytest.raises(NotSaved):
        await journal.async_change([], new)
    assert await read(hass) == [DECEMBER]
    # Not even that can be undone: it is there, and said by the months themselves.
    with full(after=1), pytest.raises(NotSaved):
        await journal.async_change([], new)
    assert await read(hass) == [new[0]]


async def test_a_save_says_whether_it_was_one(hass: HomeAssistant) -> None:
    """A diffuser is switched on only when the disk knows of it."""
    journal = await opened(hass)
    with full():
        assert not await journal.save()
    assert await journal.save()


async def test_a_folder_that_cannot_be_made_is_a_full_disk_too(
    hass: HomeAssistant,
) -> None:
    """Home Assistant's own store raises then, and who waits would wait for ever."""
    journal = await opened(hass)
    folder(hass).write_text("a file where the folder should be")
    assert not await journal.save()
    assert issues(hass) == {"not_saved"}
    with pytest.raises(NotSaved):
        await journal.async_change([], [JANUARY])
    folder(hass).unlink()
    await journal.async_change([], [JANUARY])
    assert await journal.save()
    assert issues(hass) == set()


@pytest.mark.parametrize("error", [RuntimeError, asyncio.CancelledError])
async def test_whatever_goes_wrong_in_a_save_nobody_waits_for_ever(
    hass: HomeAssistant, error: type[BaseException]
) -> None:
    """Neither who asked for it, nor who asked meanwhile, nor who asks next."""
    journal = await opened(hass)
    asked: list[asyncio.Future[bool]] = []

    def rooms() -> list[dict[str, Any]]:
        asked.append(journal.save())
        journal.rooms = list
        raise error("no new work after shutdown")

    journal.rooms = rooms
    asked.append(journal.save())
    await hass.async_block_till_done()
    first, meanwhile = asked
    assert first.done()
    assert not first.result()
    assert meanwhile.done()
    # Called off, nothing is written any more; else only that one write was lost.
    assert meanwhile.result() is (error is RuntimeError)
    assert await journal.save()


async def test_what_cannot_be_deleted_is_said_so(hass: HomeAssistant) -> None:
    """Deleted is a promise."""
    journal = await kept(hass, JANUARY)
    with patch("os.unlink", side_effect=OSError("busy")), pytest.raises(NotSaved):
        await journal.async_change([JANUARY], [])
    assert await read(hass) == [JANUARY]


async def test_a_damaged_file_on_a_full_disk(hass: HomeAssistant) -> None:
    """What is left of it is used as long as it cannot be written."""
    await kept(hass, JANUARY, LATER)
    file = path(hass, "2026-01")
    file.write_text(cut(file.read_text()))
    with full():
        assert await read(hass) == [JANUARY]


# -- several at once -----------------------------------------------------------


async def test_changes_in_one_moment_all_happen(hass: HomeAssistant) -> None:
    """Two mats of one home, an import and a session: none undoes another."""
    journal = await kept(hass, DECEMBER)
    journal.hold("2026-01")
    records = [record("2026-01-02", id=f"{n}") for n in range(20)]
    await asyncio.gather(
        *(journal.async_change([], [each]) for each in records),
        *(journal.async_records(journal.months) for _ in range(5)),
        *(tell(journal, date(2026, 1, n), n) for n in range(1, 10)),
    )
    assert len(await read(hass)) == 21
    again = await opened(hass)
    assert len(await again.async_worst_pain(again.months)) == 9
    assert await journal.async_records(journal.months) == await read(hass)


async def test_who_stops_waiting_for_a_save_takes_it_from_nobody(
    hass: HomeAssistant,
) -> None:
    """A phone that lost its connection must not break the diffuser's save."""
    journal = await opened(hass)
    journal.next_minutes["bedtime"] = 7
    impatient = asyncio.ensure_future(journal.save())
    patient = journal.save()
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient
    assert (await opened(hass)).next_minutes == {"bedtime": 7}
    assert await journal.save()


async def test_what_is_asked_for_during_a_write_is_written_after_it(
    hass: HomeAssistant,
) -> None:
    """The first write does not know of it, so it must not answer for it."""
    journal = await opened(hass)
    first = journal.save()
    while journal._waiting:
        await asyncio.sleep(0)
    journal.next_minutes["bedtime"] = 7
    assert await journal.save()
    assert first.done()
    assert (await opened(hass)).next_minutes == {"bedtime": 7}


async def test_an_empty_object_is_an_empty_file(hass: HomeAssistant) -> None:
    """Home Assistant takes it for none; there is nothing to save of it."""
    path(hass, "2026-01").parent.mkdir()
    path(hass, "2026-01").write_text("{}")
    assert await read(hass) == []
    assert names(hass) == []


async def test_what_is_asked_for_meanwhile_becomes_one_write(
    hass: HomeAssistant,
) -> None:
    """A session that changes three times in a moment is written once, as it is then."""
    journal = await opened(hass)
    calls = 0

    def rooms() -> list[dict[str, Any]]:
        nonlocal calls
        calls += 1
        return [{"call": calls}]

    journal.rooms = rooms
    await asyncio.gather(*(journal.save() for _ in range(5)))
    assert calls == 1
    assert (await opened(hass)).stored_rooms == [{"call": 1}]


# -- the end -------------------------------------------------------------------


async def test_a_removed_mat_leaves_nothing(hass: HomeAssistant) -> None:
    """Not what was set aside either, nor what was about to be written."""
    journal = await kept(hass, DECEMBER, JANUARY)
    journal.hold("2026-01")
    await journal.async_save_past({})
    path(hass, "2025-12").write_text("{")
    put(hass, "2026-01", {}, version=VERSION + 1)
    await read(hass)
    put(hass, "2024-01", {"records": [BAD]})
    await read(hass)
    other = path(hass).with_name(f"acupressure_mat.other{MAT}")
    other.write_text("{}")
    assert issues(hass) == {"storage_corruption", "journal_set_aside", "journal_unread"}
    journal.save()
    await journal.async_remove()
    await hass.async_block_till_done()
    assert names(hass) == []
    assert other.exists()
    assert issues(hass) == {"storage_corruption"}


# -- size ----------------------------------------------------------------------


async def test_a_hundred_thousand_records_are_handled_off_the_event_loop(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lights fade on the event loop; reading and writing records would stop them."""
    at = datetime(2017, 1, 1, 6, tzinfo=UTC)
    records = [
        record(at + n * timedelta(minutes=45), 20, id=f"r{n}") for n in range(100_000)
    ]
    loop, threads = threading.get_ident(), set[bool]()
    to_data, from_data = Record.as_dict, Record.from_dict

    def as_dict(self: Record) -> dict[str, Any]:
        threads.add(threading.get_ident() == loop)
        return to_data(self)

    def from_dict(data: dict[str, Any]) -> Record:
        threads.add(threading.get_ident() == loop)
        return from_data(data)

    monkeypatch.setattr(Record, "as_dict", as_dict)
    monkeypatch.setattr(Record, "from_dict", staticmethod(from_dict))
    journal = await opened(hass)
    await journal.async_change([], records)
    again = await opened(hass)
    found = await again.async_records(again.months)
    assert len(found) == 100_000
    assert len(again.months) == len({month_of(r.started_at) for r in records}) == 103
    assert threads == {False}
