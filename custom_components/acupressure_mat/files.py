"""Files of a mat: private, written whole or not at all, and read as far as they go."""

from collections.abc import Callable
from itertools import chain, count
import json
from pathlib import Path
from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store

from .const import DOMAIN, LOGGER

type Data = dict[str, Any]

VERSION = 1
# Each turns the data of a minor version into that of the next, whichever file it is
# of: it looks for the keys that it changes. Older versions read what newer minor ones
# wrote, so a step adds or renames and leaves the rest alone. For each version there is
# a sample in tests/journals, and a test that reads it.
MIGRATIONS: tuple[Callable[[Data], Data], ...] = ()
MINOR_VERSION = 1 + len(MIGRATIONS)
# Issues, and the keys of their sentences.
SET_ASIDE, UNREAD = "journal_set_aside", "journal_unread"
# What is left of a file that is no JSON.
PIECES = "pieces"


class NotSaved(HomeAssistantError):
    """A file could not be written; what it held before is still there."""

    def __init__(self) -> None:
        """Say so in the person's language."""
        super().__init__(translation_domain=DOMAIN, translation_key="not_saved")


class File(Store[Data]):
    """A file that says whether it was written."""

    def __init__(self, hass: HomeAssistant, mat: str, part: str | None = None) -> None:
        """Name the file of a mat, or that of a part of it.

        A part may be large: it is put into words off the event loop.
        """
        super().__init__(
            hass,
            VERSION,
            f"{DOMAIN}.{mat}" if part is None else f"{DOMAIN}.{mat}.{part}",
            private=True,
            atomic_writes=True,
            minor_version=MINOR_VERSION,
            serialize_in_event_loop=part is None,
        )
        self._mat = mat
        self._failure: Exception | None = None

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: Data
    ) -> Data:
        if old_major_version != VERSION:
            raise NotImplementedError
        for migrate in MIGRATIONS[old_minor_version - 1 :]:
            old_data = migrate(old_data)
        return old_data

    @override
    async def _async_write_data(self, data: Data) -> None:
        # The base logs what went wrong and goes on as if nothing had.
        try:
            await super()._async_write_data(data)
        except Exception as err:
            self._failure = err
            raise

    async def async_write(self, data: Data) -> None:
        """Have this on disk; NotSaved if it cannot be."""
        self._failure = None
        try:
            await self.async_save(data)
        except OSError as err:
            # Of a folder that is gone, and cannot be made, the base does not know.
            raise NotSaved from err
        if self._failure is not None:
            raise NotSaved from self._failure

    async def async_delete(self) -> None:
        """Have no such file; NotSaved if it stays."""
        try:
            await self.async_remove()
        except OSError as err:
            LOGGER.error("%s cannot be deleted: %s", self.key, err)
            raise NotSaved from err

    async def async_read(self) -> Data:
        """Return what it holds, nothing without a file.

        A file that this version cannot read is renamed, so that nothing overwrites
        what somebody may still read, and an issue says so. The Store does and says the
        same of a file that is no JSON; its whole objects are returned as `PIECES`.
        """
        path = Path(self.path)
        is_there = await self.hass.async_add_executor_job(path.exists)
        try:
            data: Any = await self.async_load()
        except (HomeAssistantError, KeyError, TypeError, NotImplementedError) as err:
            LOGGER.warning("%s cannot be read and is set aside: %s", self.key, err)
        else:
            if isinstance(data, dict):
                return data
            if data is None:
                if not is_there:
                    return {}
                found = await self.hass.async_add_executor_job(salvage, path)
                return {PIECES: found}
            LOGGER.warning("%s holds no data and is set aside", self.key)
        await self._async_set_aside()
        return {}

    async def _async_set_aside(self) -> None:
        def rename() -> str:
            path = Path(self.path)
            return path.rename(free(path, ".aside")).name

        try:
            name = await self.hass.async_add_executor_job(rename)
        except OSError as err:
            LOGGER.error("%s cannot be set aside: %s", self.key, err)
            return
        self._say(SET_ASIDE, name)

    def say_unread(self, count: int) -> None:
        """Say that it has so many records that cannot be read."""
        LOGGER.warning("%s records of %s cannot be read and are kept", count, self.key)
        self._say(UNREAD, self.key)

    def _say(self, what: str, name: str) -> None:
        """Raise an issue, one for all files of the mat."""
        ir.async_create_issue(
            self.hass,
            DOMAIN,
            f"{what}_{self._mat}",
            data={"mat": self._mat, "file": name},
            is_fixable=True,
            is_persistent=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key=what,
            translation_placeholders={"file": name},
        )

    def take_back(self) -> None:
        """Say nothing more of any file of the mat."""
        for what in (SET_ASIDE, UNREAD):
            ir.async_delete_issue(self.hass, DOMAIN, f"{what}_{self._mat}")


def free(path: Path, ending: str) -> Path:
    """Return a name with this ending, or a number after it, that no file has."""
    names = (
        path.with_name(f"{path.name}{ending}{number}")
        for number in chain([""], (f"-{number}" for number in count(2)))
    )
    return next(name for name in names if not name.exists())


def parts_of(path: Path) -> dict[str, int]:
    """Return when each part of the mat with this file was written, in nanoseconds."""
    return {
        file.name.removeprefix(f"{path.name}."): file.stat().st_mtime_ns
        for file in path.parent.glob(f"{path.name}.*")
    }


def salvage(path: Path) -> list[Any]:
    """Return every whole object in what the Store has just set aside of a file.

    Outermost ones, in order.
    """
    corrupt = max(path.parent.glob(f"{path.name}.corrupt.*"), default=None)
    if corrupt is None:
        return []
    text = corrupt.read_bytes().decode("utf-8", errors="replace")
    decoder, found, at = json.JSONDecoder(), [], text.find("{")
    while at >= 0:
        try:
            item, at = decoder.raw_decode(text, at)
        except ValueError, RecursionError:
            at += 1
        else:
            found.append(item)
        at = text.find("{", at)
    return found


def delete_all(path: Path) -> None:
    """Delete a file and all that are named after it, set aside ones included."""
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink(missing_ok=True)
