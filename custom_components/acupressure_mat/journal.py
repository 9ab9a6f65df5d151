"""What a mat keeps on disk: its running session, and its records, a file a month."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import DOMAIN, LOGGER
from .session.insights import WorstPain
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
        # What the records come to, as `Practice` describes it; likewise.
        self.stored_practice: Data = {}
        self.practice: Callable[[], Data] = dict
        # Minutes of the next session alone, by routine.
        self.next_minutes: dict[str, float] = {}
        self._known: list[str] = []
        self._months: dict[str, Month] = {}
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
        practice = data.get("practice")
        self.stored_practice = practice if isinstance(practice, dict) else {}
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
                "practice": self.practice(),
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
        """The months that have a file, as `2026-11`, in order."""
        return tuple(sorted(self._known))

    async def async_records(self, months: Iterable[str]) -> list[Record]:
        """Return the records of these months in order of time."""
        found = [
            record
            for month in months
            for record in (await self.async_month(month)).records.values()
        ]
        return sorted(found, key=lambda record: (record.started_at, record.id))

    async def async_month(self, month: str) -> Month:
        """Return what the file of a month holds; it stays in memory until `forget`."""
        if month not in self._months:
            data = await self._async_read(self._open(month)) or {}
            read = await self.hass.async_add_executor_job(_read_month, data)
            self._months.setdefault(month, read)
        return self._months[month]

    async def async_find(self, record_id: str) -> Record | None:
        """Return a record by its id, looking through the latest months first."""
        for month in reversed(self.months):
            record = (await self.async_month(month)).records.get(record_id)
            if record is not None:
                return record
        return None

    async def async_put(self, *records: Record) -> None:
        """Keep records; one of the same id in the same month is replaced."""
        changed: dict[str, Month] = {}
        for record in records:
            month = month_of(record.started_at)
            changed[month] = await self.async_month(month)
            changed[month].records[record.id] = record
        for month in changed:
            await self.async_save_month(month)

    async def async_drop(self, record: Record) -> None:
        """Keep a record no longer."""
        month = month_of(record.started_at)
        (await self.async_month(month)).records.pop(record.id, None)
        await self.async_save_month(month)

    async def async_save_month(self, month: str) -> None:
        """Write the file of a month; an empty one is deleted."""
        kept = await self.async_month(month)
        if not kept:
            self._known = [known for known in self._known if known != month]
            await self._open(month).async_remove()
            return
        if month not in self._known:
            self._known.append(month)
        data = await self.hass.async_add_executor_job(kept.as_data)
        await self._open(month).async_save(data)

    def forget(self, *keep: str) -> None:
        """Hold no months in memory but these."""
        self._months = {m: kept for m, kept in self._months.items() if m in keep}

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


@dataclass
class Month:
    """What the file of a month holds."""

    records: dict[str, Record] = field(default_factory=dict)
    # The worst pain of each day that was asked about, by its date.
    worst_pain: dict[str, int] = field(default_factory=dict)
    # What this version could not read; it is kept as it was.
    unread: list[Any] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self.records or self.worst_pain or self.unread)

    def as_data(self) -> Data:
        """Return it as JSON data."""
        data: Data = {"records": [record.as_dict() for record in self.records.values()]}
        if self.worst_pain:
            data["worst_pain"] = dict(self.worst_pain)
        if self.unread:
            data["unread"] = list(self.unread)
        return data


def _read_month(data: Data) -> Month:
    month = Month(unread=_list(data.get("unread")))
    for item in _list(data.get("records")):
        try:
            record = Record.from_dict(item)
        except ValueError as err:
            LOGGER.warning("A record cannot be read and is kept as it is: %s", err)
            month.unread.append(item)
        else:
            month.records[record.id] = record
    pains = data.get("worst_pain")
    for day, pain in (pains if isinstance(pains, dict) else {}).items():
        with suppress(ValueError):
            worst = WorstPain.from_dict({"day": day, "pain": pain})
            month.worst_pain[day] = worst.pain
    return month


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []


def month_of(moment: datetime) -> str:
    """Return the month that a moment belongs to, where it happened."""
    return f"{moment:%Y-%m}"
