"""What a mat keeps on disk: its running session, and its records, a file a month."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import DOMAIN, LOGGER
from .session.record import Record

VERSION = 1

type Data = dict[str, Any]


class Journal:
    """The stores of one mat. Everything that it returned from a save is on disk."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the files; nothing is read yet."""
        self.hass = hass
        self.entry_id = entry_id
        # When what is read was written; None before anything was.
        self.saved_at: datetime | None = None
        self.stored_rooms: list[Data] = []
        # Says, at the moment of a save, what rooms are held.
        self.rooms: Callable[[], list[Data]] = list
        # Minutes of the next session alone, by routine.
        self.next_minutes: dict[str, float] = {}
        self._known: list[str] = []
        self._months: dict[str, dict[str, Record]] = {}
        self._unread: dict[str, list[Any]] = {}
        self._store = self._open(None)
        self._saving: asyncio.Task[None] | None = None
        self._next_save: asyncio.Future[bool] | None = None

    def _open(self, month: str | None) -> Store[Data]:
        key = f"{DOMAIN}.{self.entry_id}"
        return Store(
            self.hass,
            VERSION,
            key if month is None else f"{key}.{month}",
            private=True,
            atomic_writes=True,
        )

    async def async_load(self) -> None:
        """Read what runs, and nothing of the past; what cannot be read is set aside."""
        data = await self._async_read(self._store) or {}
        rooms, minutes = data.get("rooms"), data.get("next_minutes")
        self.stored_rooms = [room for room in rooms or () if isinstance(room, dict)]
        self.next_minutes = dict(minutes) if isinstance(minutes, dict) else {}
        self.saved_at = dt_util.parse_datetime(str(data.get("saved_at")))
        months = data.get("months")
        if isinstance(months, list):
            self._known = [str(month) for month in months]
        else:
            self._known = await self.hass.async_add_executor_job(self._find_months)

    def _find_months(self) -> list[str]:
        """Look for files of months, when the file that lists them was lost."""
        path = Path(self._store.path)
        return sorted(
            file.name.removeprefix(f"{path.name}.")
            for file in path.parent.glob(f"{path.name}.????-??")
        )

    @callback
    def save(self) -> asyncio.Future[bool]:
        """Have everything that is known now on disk soon; returns whether it is.

        What is asked for while nothing is written yet becomes one write.
        """
        if self._next_save is None:
            self._next_save = self.hass.loop.create_future()
            if self._saving is None or self._saving.done():
                self._saving = self.hass.async_create_task(
                    self._async_save(), f"{DOMAIN} save", eager_start=False
                )
        return self._next_save

    async def _async_save(self) -> None:
        while self._next_save is not None:
            saved, self._next_save = self._next_save, None
            data: Data = {
                "saved_at": dt_util.utcnow().isoformat(),
                "rooms": self.rooms(),
                "next_minutes": self.next_minutes,
                "months": self._known,
            }
            try:
                await self._store.async_save(data)
            except OSError as err:
                LOGGER.error("%s cannot be saved: %s", self._store.key, err)
                saved.set_result(False)
            else:
                saved.set_result(True)

    # -- records ---------------------------------------------------------------

    @property
    def months(self) -> tuple[str, ...]:
        """The months that have records, as `2026-11`, in order."""
        return tuple(sorted(self._known))

    async def async_records(self, months: Iterable[str]) -> list[Record]:
        """Return the records of these months in order of time."""
        found = [
            r for month in months for r in (await self._async_month(month)).values()
        ]
        return sorted(found, key=lambda record: record.started_at)

    async def async_put(self, record: Record) -> None:
        """Keep a record; one of the same id is replaced, so this may be repeated."""
        month = month_of(record.started_at)
        records = await self._async_month(month)
        records[record.id] = record
        if month not in self._known:
            self._known.append(month)
        data: Data = {"records": [kept.as_dict() for kept in records.values()]}
        if unread := self._unread.get(month):
            data["unread"] = unread
        await self._open(month).async_save(data)

    async def _async_month(self, month: str) -> dict[str, Record]:
        if month in self._months:
            return self._months[month]
        data = await self._async_read(self._open(month)) or {}
        records: dict[str, Record] = {}
        unread = list(data.get("unread", ()))
        for item in data.get("records", ()):
            try:
                record = Record.from_dict(item)
            except ValueError as err:
                LOGGER.warning("A record of %s cannot be read: %s", month, err)
                unread.append(item)
            else:
                records[record.id] = record
        self._unread[month] = unread
        return self._months.setdefault(month, records)

    # -- files -----------------------------------------------------------------

    async def _async_read(self, store: Store[Data]) -> Data | None:
        """Return what a file holds; set it aside if this version cannot read it."""
        try:
            data = await store.async_load()
        except (HomeAssistantError, KeyError, TypeError, NotImplementedError) as err:
            LOGGER.warning("%s cannot be read and is set aside: %s", store.key, err)
        else:
            if data is None or isinstance(data, dict):
                return data
        await self._async_set_aside(store)
        return None

    async def _async_set_aside(self, store: Store[Data]) -> None:
        """Rename a file, so that nothing overwrites what somebody may still read."""

        def rename() -> str:
            path = Path(store.path)
            number, aside = 1, path.with_name(f"{path.name}.aside")
            while aside.exists():
                number += 1
                aside = path.with_name(f"{path.name}.aside-{number}")
            path.rename(aside)
            return aside.name

        try:
            name = await self.hass.async_add_executor_job(rename)
        except OSError as err:
            LOGGER.error("%s cannot be set aside: %s", store.key, err)
            return
        ir.async_create_issue(
            self.hass,
            DOMAIN,
            f"journal_set_aside_{name}",
            is_fixable=False,
            is_persistent=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key="journal_set_aside",
            translation_placeholders={"file": name},
        )

    async def async_remove(self) -> None:
        """Delete every file of this mat."""
        await self.async_load()
        for month in self._known:
            await self._open(month).async_remove()
        await self._store.async_remove()


def month_of(moment: datetime) -> str:
    """Return the month that a moment belongs to, where it happened."""
    return f"{moment:%Y-%m}"
