"""As many records as nobody has: nothing breaks, and the event loop does not stand still.

`RECORDS=100000 scripts/test tests/test_size.py -- --timeout 0` brings in a hundred
thousand, which takes a minute or two.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
import os
import threading
from typing import Any
from unittest.mock import patch

from homeassistant.components.recorder import Recorder
import pytest

from custom_components.acupressure_mat import exchange, journal_services
from custom_components.acupressure_mat.session.record import Record

from .home import Home, add_mat
from .test_journal_services import act
from .test_statistics import checked, rebuilt, said

COUNT = int(os.environ.get("RECORDS", "5000"))
# So long ago that none of them stays in memory.
FIRST = datetime(2026, 1, 1, 6, tzinfo=UTC)
EACH = timedelta(minutes=3)


@pytest.fixture
def home(recorder_mock: Recorder, home: Home) -> Home:
    """Return the bedroom of a home that has a recorder."""
    return home


@contextmanager
def threads() -> Iterator[dict[str, int]]:
    """Count what is done with a record on the event loop, where lights fade."""
    loop, done = threading.get_ident(), dict[str, int]()

    def counted(name: str, original: Any) -> Any:
        def call(*args: Any) -> Any:
            if threading.get_ident() == loop:
                done[name] = done.get(name, 0) + 1
            return original(*args)

        return call

    with (
        # Many that vanish in one go hold it up as well.
        patch.object(Record, "__del__", counted("__del__", id), create=True),
        patch.object(Record, "as_dict", counted("as_dict", Record.as_dict)),
        patch.object(Record, "from_dict", counted("from_dict", Record.from_dict)),
        patch.object(exchange, "_plain", counted("_plain", exchange._plain)),
        patch.object(exchange, "parse", counted("parse", exchange.parse)),
        patch.object(
            journal_services,
            "_sentences",
            counted("_sentences", journal_services._sentences),
        ),
    ):
        yield done


async def test_many_records_are_brought_in_and_looked_at(
    home: Home,
) -> None:
    """Off the event loop from the table to the disk and back; and all of it counts."""
    hass = home.hass
    entry = await add_mat(hass)
    lines = (f"{(FIRST + n * EACH).isoformat()},2" for n in range(COUNT))
    table = "\n".join(["start,minutes", *lines])
    with threads() as on_the_loop:
        assert (await act(hass, "import_records", csv=table))["imported"] == COUNT
        page = await act(
            hass, "get_records", period="all", limit=1000, offset=COUNT - 600
        )
        assert (page["total"], page["next_offset"]) == (COUNT, None)
        assert len(page["records"]) == 600
        assert page["records"][-1]["started_at"] == "2026-01-01T06:00:00+00:00"
        page = await act(hass, "get_records", period="all", limit=2, offset=2)
        assert page["next_offset"] == 4
        last = FIRST + (COUNT - 3) * EACH
        assert page["records"][0]["started_at"] == last.isoformat()
    assert on_the_loop == {}
    # Twenty an hour, and all that were before.
    rows = await said(home, entry, "sessions")
    assert {count for _, count, _ in rows} == {20}
    assert rows[-1][2] == COUNT == 20 * len(rows)
    assert (await said(home, entry, "minutes"))[-1][2] == 2 * COUNT
    # What is done with one of them afterwards is right in all that follow.
    await act(hass, "delete_record", record_id=page["records"][1]["id"])
    assert (await said(home, entry, "sessions"))[-1][2] == COUNT - 1
    with threads() as on_the_loop, rebuilt() as times:
        assert await hass.config_entries.async_reload(entry.entry_id)
        await checked(home)
        exported = await act(hass, "export_records")
    assert (on_the_loop, times) == ({}, [])
    assert len(exported["records"]) == COUNT - 1


async def test_many_bad_rows_are_named_off_the_event_loop(
    home: Home,
) -> None:
    """A table of something else, given by mistake."""
    await add_mat(home.hass)
    table = "start,minutes\n" + "yesterday,20\n" * COUNT
    with threads() as on_the_loop:
        answer = await act(home.hass, "import_records", csv=table, skip_bad_rows=True)
    assert on_the_loop == {}
    assert (answer["imported"], len(answer["skipped"])) == (0, COUNT)
    assert answer["skipped"][-1]["line"] == COUNT + 1
