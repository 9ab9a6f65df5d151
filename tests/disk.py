"""The files of a mat: in a real folder, and on a disk that is full or slow."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from errno import ENOSPC
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import storage
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError, write_utf8_file_atomic

from custom_components.acupressure_mat.journal import Journal
from custom_components.acupressure_mat.session.record import Record

from .home import Home

MAT = "mat"
FILE = f"acupressure_mat.{MAT}"


def folder(hass: HomeAssistant) -> Path:
    return Path(hass.config.path(".storage"))


def names(hass: HomeAssistant) -> list[str]:
    """Return what the names of a mat's files have more than that of the first."""
    files = folder(hass).glob(f"{FILE}*")
    return sorted(file.name.removeprefix(FILE).removeprefix(".") for file in files)


def path(hass: HomeAssistant, part: str = "") -> Path:
    return folder(hass) / (f"{FILE}.{part}" if part else FILE)


def put(hass: HomeAssistant, part: str, data: Any, **header: Any) -> Path:
    """Write a file as an older version, or something else, may have left it."""
    file = path(hass, part)
    file.parent.mkdir(exist_ok=True)
    known = {"version": 1, "minor_version": 1, "key": file.name, "data": data}
    file.write_text(json.dumps(known | header))
    return file


async def opened(hass: HomeAssistant) -> Journal:
    """Return the journal as Home Assistant finds it after a start."""
    journal = Journal(hass, MAT)
    await journal.async_load()
    return journal


async def read(hass: HomeAssistant) -> list[Record]:
    """Return all records that are on the disk."""
    journal = await opened(hass)
    return await journal.async_records(journal.months)


@contextmanager
def full(*, after: int = 0, only: str = "") -> Iterator[None]:
    """Let the disk be full once so many files are written, for some names only."""
    left = after

    def write(filename: str, *args: Any, **kwargs: Any) -> None:
        nonlocal left
        if only in filename:
            left -= 1
            if left < 0:
                raise WriteError from OSError(ENOSPC, "No space left on device")
        write_utf8_file_atomic(filename, *args, **kwargs)

    with patch.object(storage, "write_utf8_file_atomic", write):
        yield


@contextmanager
def watched() -> Iterator[list[tuple[str, int]]]:
    """Note each file that is written, with its bytes."""
    written: list[tuple[str, int]] = []

    def write(filename: str, data: str | bytes, *args: Any, **kwargs: Any) -> None:
        written.append((Path(filename).name, len(data)))
        write_utf8_file_atomic(filename, data, *args, **kwargs)

    with patch.object(storage, "write_utf8_file_atomic", write):
        yield written


# -- the files of a pretend home, which are in memory --------------------------


@contextmanager
def no_space(of: Callable[[str], bool] = lambda _key: True) -> Iterator[None]:
    """Let no file be written, or none whose key is such."""
    write = Store._async_write_data

    async def refuse(self: Store[Any], data: dict[str, Any]) -> None:
        if of(self.key):
            raise WriteError from OSError(ENOSPC, "No space left on device")
        await write(self, data)

    with patch.object(Store, "_async_write_data", refuse):
        yield


@asynccontextmanager
async def slow_start(home: Home) -> AsyncIterator[None]:
    """Start a session that the disk does not know of before this is left."""
    written, write = asyncio.Event(), Store._async_write_data

    async def wait(self: Store[Any], data: dict[str, Any]) -> None:
        await written.wait()
        await write(self, data)

    home.patient = False
    with patch.object(Store, "_async_write_data", wait):
        await home.start()
        await home.wait(seconds=3)
        yield
        written.set()
        await home.settle()
    home.patient = True
