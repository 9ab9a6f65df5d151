"""Brings back records of files that were set aside, once a version can read them."""

from collections.abc import Iterator
import json
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR

from .const import DOMAIN
from .files import free
from .practice import Practice
from .session.record import Record

# How the name of a file ends that was brought back: it is kept, and read no more.
DONE = ".brought_back"


async def async_bring_back(hass: HomeAssistant, mat: str, practice: Practice) -> int:
    """Keep what can be read by now; return how many records were found.

    What the journal has is left as it is: it may have been corrected since. NotSaved,
    and nothing has changed.
    """
    found = await hass.async_add_executor_job(_read, _files(hass, mat))
    records = [record for kept in found.values() for record in kept]
    journal = practice.journal
    known = await journal.async_made(
        journal.months, lambda records: {record.id for record in records}
    )
    new = [record for record in records if record.id not in known]
    if new:
        await practice.async_import(new)
    await hass.async_add_executor_job(_put_away, found)
    return len(records)


def _files(hass: HomeAssistant, mat: str) -> Iterator[Path]:
    folder = Path(hass.config.path(STORAGE_DIR))
    for path in folder.glob(f"{DOMAIN}.{mat}.*.aside*"):
        if DONE not in path.name:
            yield path


def _read(paths: Iterator[Path]) -> dict[Path, list[Record]]:
    """Return the records of each file that has any."""
    found = {path: list(_records(path)) for path in paths}
    return {path: records for path, records in found.items() if records}


def _records(path: Path) -> Iterator[Record]:
    try:
        items: Any = json.loads(path.read_bytes())["data"]["records"]
    except OSError, ValueError, KeyError, TypeError:
        return
    for item in items if isinstance(items, list) else ():
        try:
            yield Record.from_dict(item)
        except ValueError:
            continue


def _put_away(paths: dict[Path, Any]) -> None:
    for path in paths:
        path.rename(free(path, DONE))
