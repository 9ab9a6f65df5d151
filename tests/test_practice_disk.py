"""What a practice has on disk: healed, full, loaded anew, and after ten years."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, timedelta
from typing import Any
from unittest.mock import patch

from homeassistant.helpers.json import json_bytes
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.files import File, NotSaved
from custom_components.acupressure_mat.journal import id_at
from custom_components.acupressure_mat.session.record import Ratings, Record
from custom_components.acupressure_mat.session.routine import Surface
from custom_components.acupressure_mat.session.session import SessionError

from .disk import no_space
from .home import Home, add_mat, coordinator_of
from .practices import at, days, following, practice_of, until
from .session.records import record

# -- the disk ------------------------------------------------------------------


async def test_what_is_known_is_healed_by_the_records(home: Home) -> None:
    """Totals that cannot be are counted anew, the plan replayed."""
    entry = await add_mat(home.hass)
    records = days("2026-08-20", 95, 5)
    await practice_of(entry).async_import(records)
    await home.settle()
    minutes = following(entry, *records)
    key = f"{DOMAIN}.{entry.entry_id}"
    damages: list[Callable[[dict[str, Any]], None]] = [
        lambda d: d["practice"].update(totals={"months": [{"month": "x"}]}),
        lambda d: d["practice"].update(checkpoint=7),
        lambda d: d["practice"].clear(),
        lambda d: d["practice"].update({"from": 7}),
    ]
    for damage in damages:
        await home.restart(
            entry,
            meanwhile=lambda damage=damage: damage(home.storage[key]["data"]),  # type: ignore[misc]
        )
        practice = practice_of(entry)
        assert practice.totals.sessions == 95
        assert practice.streak.days == 95  # type: ignore[union-attr]
        assert practice.plan().minutes == minutes  # type: ignore[union-attr]


async def test_what_was_not_yet_settled_is_counted_when_the_mat_s_file_is_lost(
    home: Home,
) -> None:
    """Down for months, and then the file that held the latest of before is gone."""
    entry = await add_mat(home.hass)
    records = days("2026-08-20", 95, 5)
    await practice_of(entry).async_import(records)
    await home.settle()
    key = f"{DOMAIN}.{entry.entry_id}"
    await home.restart(
        entry,
        down=timedelta(days=100),
        meanwhile=lambda: home.storage[key]["data"].update(practice={}),
    )
    assert practice_of(entry).totals.sessions == 95
    assert practice_of(entry).plan().minutes == following(entry, *records)  # type: ignore[union-attr]


async def test_a_session_on_a_full_disk_is_saved_when_there_is_space(
    home: Home,
) -> None:
    """Nobody is asked to practise again because of a full card."""
    entry = await add_mat(home.hass)
    await home.start()
    with no_space():
        await home.wait(minutes=30)
        assert home.state("sensor.anna_s_mat_minutes_today") == "0.0"
        with pytest.raises(NotSaved):
            await practice_of(entry).async_set_worst_pain(7)
        assert practice_of(entry).worst_pain is None
    await home.wait(minutes=5)
    assert home.state("sensor.anna_s_mat_minutes_today") == "20.0"
    (found,) = await home.records(entry)
    assert found.minutes == 20
    await home.restart(entry)
    assert len(await home.records(entry)) == 1


async def test_a_session_that_waits_for_the_disk_is_saved_after_a_restart(
    home: Home,
) -> None:
    """The file of the mat has it until that of the month has: no kill may lose it."""
    entry = await add_mat(home.hass)
    await home.start()
    with no_space(lambda key: key != f"{DOMAIN}.{entry.entry_id}"):
        await home.wait(minutes=30)
    assert await home.records(entry) == []
    await home.restart(entry)
    (found,) = await home.records(entry)
    assert found.minutes == 20
    assert not list(coordinator_of(entry).rooms)


@asynccontextmanager
async def loaded_anew(
    home: Home, entry: MockConfigEntry, *, failing: bool = False
) -> AsyncIterator[None]:
    """Load the mat anew at the end, while a month is being written; it may fail."""
    write, release = File._async_write_data, asyncio.Event()

    async def late(self: File, data: dict[str, Any]) -> None:
        if self.key == f"{DOMAIN}.{entry.entry_id}":
            await write(self, data)
            return
        await release.wait()
        if failing:
            self._failure = OSError("No space left on device")
        else:
            await write(self, data)

    home.patient = False
    with patch.object(File, "_async_write_data", late):
        yield
        loading = asyncio.create_task(
            home.hass.config_entries.async_reload(entry.entry_id)
        )
        await home.settle()
        release.set()
        await home.settle()
    await loading
    home.patient = True
    await home.settle()


async def test_a_change_is_not_lost_when_the_mat_is_loaded_anew_meanwhile(
    home: Home,
) -> None:
    """Whoever reads the journal then reads it as it was changed."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_add(record(dt_util.now(), id="now"))
    before = practice_of(entry)
    async with loaded_anew(home, entry):
        rating = asyncio.create_task(before.async_rate("now", pain_after=3))
        await home.settle()
    await rating
    await practice_of(entry).async_rate("now", tension=1)
    await home.restart(entry)
    (found,) = await home.records(entry)
    assert found.ratings == Ratings(pain_after=3, tension=1)
    with pytest.raises(SessionError, match="mat_not_loaded"):
        await before.async_rate("now", pain_after=5)


async def test_a_session_that_cannot_be_saved_is_handed_over(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """The mat was loaded anew just then: who has it now saves it, and nobody else."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=20)
    async with loaded_anew(home, entry, failing=True):
        await home.finish()
    await home.wait(minutes=10)
    (found,) = await home.records(entry)
    assert found.minutes == 19
    assert home.state("sensor.anna_s_mat_minutes_today") == "19.0"
    assert "Traceback" not in caplog.text


async def test_a_removed_mat_leaves_no_file_that_was_being_written(home: Home) -> None:
    """What is deleted is all that there was."""
    entry = await add_mat(home.hass)
    before, write = practice_of(entry), File._async_write_data
    release = asyncio.Event()

    async def late(self: File, data: dict[str, Any]) -> None:
        await release.wait()
        await write(self, data)

    home.patient = False
    with patch.object(File, "_async_write_data", late):
        adding = asyncio.create_task(before.async_add(record(dt_util.now())))
        await home.settle()
        removing = asyncio.create_task(
            home.hass.config_entries.async_remove(entry.entry_id)
        )
        await home.settle()
        release.set()
        await home.settle()
    await asyncio.gather(adding, removing)
    await home.settle()
    assert not [key for key in home.storage if entry.entry_id in key]


async def test_a_month_s_end_on_a_full_disk_is_made_up_for(home: Home) -> None:
    """Totals that could not be written are counted again at the next start."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_change([], days("2026-10-01", 50))
    await until(home, "2026-12-01 03:00")
    with no_space():
        await until(home, "2026-12-01 05:00")
    await home.restart(entry)
    assert practice_of(entry).totals.sessions == 50
    assert len(practice_of(entry).recent) == 19


# -- size ----------------------------------------------------------------------


def decade() -> list[Record]:
    """Return ten years of sessions, three a day, up to yesterday."""
    first = at("2016-11-23 07:00").astimezone(UTC)
    return [
        record(start, 20, id=id_at(start), surface=Surface.BED)
        for day in range(3651)
        for n in range(3)
        for start in [first + timedelta(days=day, hours=6 * n)]
    ]


async def work(
    home: Home, entry: MockConfigEntry, do: Callable[[], Awaitable[Any]]
) -> list[tuple[str, int]]:
    """Return which files are written while something is done, with their bytes."""
    written: list[tuple[str, int]] = []
    write = File._async_write_data

    async def note(self: File, data: dict[str, Any]) -> None:
        await write(self, data)
        size = len(json_bytes(home.storage[self.key]))
        written.append((self.key.removeprefix(f"{DOMAIN}.{entry.entry_id}"), size))

    with patch.object(File, "_async_write_data", note):
        await do()
        await home.settle()
    return written


async def test_after_ten_years_a_session_costs_what_it_cost_after_a_month(
    home: Home,
) -> None:
    """11,000 records: the same files, the same number of writes, the same bytes.

    But for those that the plan takes to remember how far one came before.
    """
    records = decade()
    assert len(records) == 10953
    works = []
    for kept in (records[-90:], records):
        entry = await add_mat(home.hass, title=f"Mat of {len(kept)}")
        await practice_of(entry).async_import(kept)
        await home.restart(entry)

        async def session(entry: MockConfigEntry = entry) -> None:
            await practice_of(entry).async_add(record(dt_util.now(), id="now"))

        async def edit(entry: MockConfigEntry = entry) -> None:
            await practice_of(entry).async_rate("now", pain_after=3, notes="fine")

        works.append(
            {
                "session": await work(home, entry, session),
                "edit": await work(home, entry, edit),
            }
        )
        await home.hass.config_entries.async_remove(entry.entry_id)
    month, ten_years = works
    for what in ("session", "edit"):
        assert [name for name, _ in ten_years[what]] == [n for n, _ in month[what]]
        for (_, big), (_, small) in zip(ten_years[what], month[what], strict=True):
            assert abs(big - small) < 300
