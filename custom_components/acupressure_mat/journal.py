"""What a mat keeps on disk: its running session, and its records, a file a month."""

import asyncio
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_at_time, ulid_to_bytes_or_none

from .const import DOMAIN, LOGGER
from .files import PIECES, Data, File, NotSaved, delete_all, parts_of
from .session.insights import WorstPain
from .session.record import Record

PAST = "past"


class Journal:
    """The files of one mat. Everything that it returned from a save is on disk.

    The file of the mat holds what runs and what the latest months come to; it is
    written at each change of a session, so it does not grow. A file each month holds
    the records; another, what all months before the latest come to.
    """

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
        self.stored_past: Data = {}
        self.practice: Callable[[], Data] = dict
        # Minutes of the next session alone, by routine.
        self.next_minutes: dict[str, float] = {}
        # Months whose records may be others than when they were last counted.
        self.uncounted: set[str] = set()
        self._known: set[str] = set()
        # Months from this one on stay in memory once they were read.
        self._held_from: str | None = None
        self._months: dict[str, Month] = {}
        self._files: dict[str, File] = {}
        self._file = File(hass, entry_id)
        # Held by whoever reads or writes months: nobody sees one half changed.
        self._lock = asyncio.Lock()
        self._saving: asyncio.Task[None] | None = None
        # Who waits for a write that has not begun.
        self._waiting: list[asyncio.Future[bool]] = []
        self._is_closed = False

    def _part(self, name: str) -> File:
        """Return what writes a part of the mat; the same one, for the order's sake."""
        return self._files.setdefault(name, File(self.hass, self.entry_id, name))

    async def _async_read(self, name: str) -> Data:
        return await File(self.hass, self.entry_id, name).async_read()

    async def async_load(self) -> None:
        """Read what runs and what is known of the months, but no records."""
        data = await self._file.async_read()
        past = await self._async_read(PAST)
        self.stored_practice, self.stored_past = _dict(data, "practice"), past
        self.stored_rooms = _rooms(data)
        self.next_minutes = {
            str(routine): float(minutes)
            for routine, minutes in _dict(data, "next_minutes").items()
            if isinstance(minutes, int | float)
        }
        self.saved_at = moment_of(data.get("saved_at"))
        listed = {*_list(data, "months"), *_list(past, "months")}
        parts = await self.hass.async_add_executor_job(parts_of, Path(self._file.path))
        found = {part for part in parts if _is_month(part)}
        self._known = found | {month for month in listed if _is_month(month)}
        if PAST in parts:
            # One without a file holds nothing: its last record was deleted, or lost,
            # and nobody could write any more that it is gone.
            self._known = found
        # A kill between two writes leaves a month that is younger than its count.
        counted_at = parts.get(PAST, 0)
        self.uncounted = {m for m in found if m not in listed or parts[m] > counted_at}

    @callback
    def save(self) -> asyncio.Future[bool]:
        """Have everything that is known now on disk soon; returns whether it is.

        What is asked for while nothing is written yet becomes one write.
        """
        saved = self.hass.loop.create_future()
        if self._is_closed:
            saved.set_result(False)
            return saved
        self._waiting.append(saved)
        if self._saving is None or self._saving.done():
            self._saving = self.hass.async_create_task(
                self._async_save(), f"{DOMAIN} save", eager_start=False
            )
            self._saving.add_done_callback(self._on_saved)
        return saved

    async def _async_save(self) -> None:
        # Commands that are given at this moment, and right after the first, leave first.
        for _ in range(3):
            await asyncio.sleep(0)
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            await self._async_answer(waiting)

    async def async_saved(self) -> None:
        """Return once nothing is being saved, nor about to be."""
        while self._saving is not None and not self._saving.done():
            await self._saving

    def close(self) -> None:
        """Save nothing any more: another has the files, and knows better what runs."""
        self._is_closed = True

    @callback
    def _on_saved(self, saving: asyncio.Task[None]) -> None:
        """Leave nobody waiting for a save that was called off."""
        if saving is self._saving:
            waiting, self._waiting = self._waiting, []
            _answer(waiting, is_saved=False)

    async def _async_answer(self, waiting: list[asyncio.Future[bool]]) -> None:
        """Write what is known now, and say whether it was, whatever goes wrong."""
        is_saved = False
        try:
            await self._async_write(self._file, self._as_data())
            is_saved = True
        except NotSaved:
            LOGGER.debug("%s was not saved, and an issue says so", self._file.key)
        except Exception:  # noqa: BLE001 - whoever waits is told all the same
            LOGGER.exception("%s was not saved", self._file.key)
        finally:
            _answer(waiting, is_saved=is_saved)

    def _as_data(self) -> Data:
        return {
            "saved_at": dt_util.utcnow().isoformat(),
            "rooms": self.rooms(),
            "practice": self.practice(),
            "next_minutes": dict(self.next_minutes),
            "months": [m for m in self.months if m >= (self._held_from or "")],
        }

    async def async_save_past(self, data: Data) -> None:
        """Have on disk what the months before the held ones come to."""
        months = [month for month in self.months if month < (self._held_from or "")]
        await self._async_write(self._part(PAST), {"months": months, **data})

    async def _async_write(self, file: File, data: Data) -> None:
        """Write a file; an issue stands for as long as that fails."""
        try:
            await file.async_write(data)
        except NotSaved:
            ir.async_create_issue(
                self.hass,
                DOMAIN,
                self._not_saved,
                is_fixable=False,
                severity=ir.IssueSeverity.ERROR,
                translation_key="not_saved",
            )
            raise
        ir.async_delete_issue(self.hass, DOMAIN, self._not_saved)

    @property
    def _not_saved(self) -> str:
        return f"not_saved_{self.entry_id}"

    # -- records ---------------------------------------------------------------

    @property
    def months(self) -> tuple[str, ...]:
        """The months that have a file, as `2026-11`, in order."""
        return tuple(sorted(self._known))

    def hold(self, month: str) -> None:
        """Hold this month and later ones in memory once they were read, no others."""
        self._held_from = month
        self._months = {m: kept for m, kept in self._months.items() if m >= month}

    async def async_month(self, month: str) -> Month:
        """Return what the file of a month holds."""
        async with self._lock:
            return await self._async_month(month)

    async def _async_month(self, month: str) -> Month:
        if month in self._months:
            return self._months[month]
        file, data = self._part(month), await self._async_read(month)
        is_in_pieces = PIECES in data
        kept, bad = await self.hass.async_add_executor_job(_taken, month, data)
        if bad:
            file.say_unread(bad)
        if is_in_pieces:
            LOGGER.warning("%s records of %s are left", len(kept.records), file.key)
        if is_in_pieces or bad:
            # With what is bad apart, it is told once and not whenever it is read.
            with suppress(NotSaved):
                await self._async_write_month(month, kept)
        self._hold(month, kept)
        return kept

    def _hold(self, month: str, kept: Month) -> None:
        if self._held_from is not None and month >= self._held_from:
            self._months[month] = kept

    async def async_records(self, months: Iterable[str]) -> list[Record]:
        """Return the records of these months in order of time."""
        return await self._async_made(months, _in_order)

    async def async_made[T](
        self, months: Iterable[str], make: Callable[[list[Record]], T]
    ) -> T:
        """Return what is made of the records of these months, in order of time.

        The records vanish where it was made: of many, that takes as long as lights
        must not wait.
        """
        return await self._async_made(months, lambda found: make(_in_order(found)))

    async def _async_made[T](
        self, months: Iterable[str], make: Callable[[list[Month]], T]
    ) -> T:
        found = [await self.async_month(month) for month in months]

        def make_and_let_go() -> T:
            made = make(found)
            let_go(found)
            return made

        return await self.hass.async_add_executor_job(make_and_let_go)

    async def async_of(self, ids: Container[str]) -> list[Record]:
        """Return the records of these ids, wherever they are."""
        found: list[Record] = []
        for month in self.months:
            found += await self.async_made(
                [month], lambda records: [r for r in records if r.id in ids]
            )
        return found

    async def async_worst_pain(self, months: Iterable[str]) -> list[WorstPain]:
        """Return the worst pain of each day of these months that was asked about."""
        return await self._async_made(months, _worst_pain)

    def worst_pain(self, day: date) -> int | None:
        """Return the worst pain of a day of a held month; None while it was not told."""
        kept = self._months.get(month_of(day))
        return None if kept is None else kept.worst_pain.get(day.isoformat())

    async def async_find(self, record_id: str) -> Record | None:
        """Return a record by its id, looking first where its id says that it began."""
        likely = [month for month in _months_near(record_id) if month in self._known]
        others = [month for month in reversed(self.months) if month not in likely]
        for month in (*likely, *others):
            record = (await self.async_month(month)).records.get(record_id)
            if record is not None:
                return record
        return None

    async def async_change(
        self,
        old: Iterable[Record],
        new: Iterable[Record],
        worst: Iterable[WorstPain] = (),
    ) -> tuple[list[Record], tuple[str, ...]]:
        """Drop old records and keep new ones; NotSaved, and nothing has changed.

        A new one replaces that of the same id in its month, and the worst pain of a day
        what was told of that day. Returns the records that really were there and are
        not, or not as they were; and the months written.
        """
        job = self.hass.async_add_executor_job
        async with self._lock:
            drop, put = await job(_by_month, old), await job(_by_month, map(_kept, new))
            told = _worst_by_month(worst)
            # A kill in between leaves a record that moved twice rather than never.
            months = dict.fromkeys((*put, *drop, *told))
            before = {month: await self._async_month(month) for month in months}
            after, gone = await job(_changed, before, drop, put, told)
            written: list[str] = []
            try:
                for month in after:
                    await self._async_write_month(month, after[month])
                    written.append(month)
            except NotSaved:
                for month in written:
                    with suppress(NotSaved):
                        await self._async_write_month(month, before[month])
                raise
            await job(let_go, drop, put, before, after)
        return gone, tuple(written)

    async def _async_write_month(self, month: str, kept: Month) -> None:
        """Write the file of a month; an empty one is deleted."""
        file = self._part(month)
        if kept:
            data = await self.hass.async_add_executor_job(kept.as_data)
            await self._async_write(file, data)
            await self.hass.async_add_executor_job(let_go, data)
            self._known.add(month)
        else:
            await file.async_delete()
            self._known.discard(month)
        self._hold(month, kept)

    # -- the end ---------------------------------------------------------------

    async def async_remove(self) -> None:
        """Delete every file of this mat, those that were set aside included."""
        await self.async_saved()
        await self.async_load()
        for part in (*self._known, PAST):
            await self._part(part).async_delete()
        await self._file.async_delete()
        await self.hass.async_add_executor_job(delete_all, Path(self._file.path))
        self._file.take_back()
        ir.async_delete_issue(self.hass, DOMAIN, self._not_saved)


@dataclass(frozen=True)
class Month:
    """What the file of a month holds. Nobody changes it: others may be reading."""

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


def _answer(waiting: Iterable[asyncio.Future[bool]], *, is_saved: bool) -> None:
    """Tell each who waits for a save, and is not gone by now, what came of it."""
    for saved in waiting:
        if not saved.done():
            saved.set_result(is_saved)


def let_go(*containers: dict[Any, Any] | list[Any]) -> None:
    """Empty what nobody needs any more; many objects take their time to vanish."""
    for container in containers:
        container.clear()


def _taken(month: str, data: Data) -> tuple[Month, int]:
    """Return what `_read_month` does, and let the data go."""
    try:
        return _read_month(month, data)
    finally:
        let_go(data)


def _read_month(month: str, data: Data) -> tuple[Month, int]:
    """Return what the data of a file means, and how much of it nobody knew before.

    What an older version could not read may be plain to this one.
    """
    kept, bad = Month(), 0
    for item in _items(data.get("unread", [])):
        if not _take(kept, month, item):
            kept.unread.append(item)
    for item in _items(data.get("records", [])):
        if not _take(kept, month, item):
            kept.unread.append(item)
            bad += 1
    pains = data.get("worst_pain", {})
    for day, pain in pains.items() if isinstance(pains, dict) else [("", pains)]:
        told = {"day": day, "pain": pain}
        if not _take_pain(kept, told):
            kept.unread.append(told)
            bad += 1
    for piece in data.get(PIECES, ()):
        _take_piece(kept, month, piece)
    return kept, bad


def _rooms(data: Data) -> list[Data]:
    """Return the rooms of a mat's file.

    Of a damaged one those that are whole, and of another the devices that are: what
    was switched on has to go off.
    """
    pieces = [piece for piece in data.get(PIECES, ()) if isinstance(piece, dict)]
    rooms = [room for room in _list(data, "rooms") if isinstance(room, dict)]
    rooms += [piece for piece in pieces if {"session", "devices"} <= piece.keys()]
    devices = {
        cue["entity_id"]: device
        for piece in pieces
        for device in (piece, *piece.values())
        if isinstance(device, dict)
        and "kind" in device
        and isinstance(cue := device.get("before"), dict)
        and "entity_id" in cue
    }
    return [*rooms, {"devices": devices}] if devices else rooms


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _take(kept: Month, month: str, item: Any) -> bool:
    """Keep a record; return whether it is one of this month."""
    try:
        record = Record.from_dict(item)
    except ValueError:
        return False
    if month_of(record.started_at) != month:
        return False
    kept.records[record.id] = record
    return True


def _take_pain(kept: Month, told: Data) -> bool:
    try:
        worst = WorstPain.from_dict(told)
    except ValueError:
        return False
    kept.worst_pain[worst.day.isoformat()] = worst.pain
    return True


def _take_piece(kept: Month, month: str, piece: Data) -> None:
    """Keep what a piece of a file holds; it may be a record, or all that there was."""
    whole = _dict(piece, "data") or piece
    if "records" in whole:
        part, _ = _read_month(month, whole)
        kept.records.update(part.records)
        kept.worst_pain.update(part.worst_pain)
        kept.unread.extend(part.unread)
    elif not _take(kept, month, piece):
        for day, pain in piece.items():
            _take_pain(kept, {"day": day, "pain": pain})


def _changed(
    before: dict[str, Month],
    drop: dict[str, dict[str, Record]],
    put: dict[str, dict[str, Record]],
    told: dict[str, dict[str, int]],
) -> tuple[dict[str, Month], list[Record]]:
    """Return the months that are others afterwards, and the records that are gone."""
    after, gone = {}, []
    for month, was in before.items():
        out, new = drop.get(month, {}), put.get(month, {})
        records = {i: r for i, r in was.records.items() if i not in out} | new
        worst_pain = was.worst_pain | told.get(month, {})
        if (records, worst_pain) != (was.records, was.worst_pain):
            after[month] = Month(records, worst_pain, was.unread)
            gone += [r for i, r in was.records.items() if records.get(i) != r]
    return after, gone


def _by_month(records: Iterable[Record]) -> dict[str, dict[str, Record]]:
    months: dict[str, dict[str, Record]] = {}
    for record in records:
        months.setdefault(month_of(record.started_at), {})[record.id] = record
    return months


def _worst_by_month(worst: Iterable[WorstPain]) -> dict[str, dict[str, int]]:
    months: dict[str, dict[str, int]] = {}
    for each in worst:
        months.setdefault(month_of(each.day), {})[each.day.isoformat()] = each.pain
    return months


def _kept(record: Record) -> Record:
    """Return the record as it will be read: each moment with the offset it had.

    With the rules of a place instead, moments around a change of its clocks compare
    wrong, and a time that the clocks left out ends before it starts.
    """
    began, ended = _as_it_was(record.started_at), _as_it_was(record.ended_at)
    return replace(
        record, started_at=began, ended_at=max(ended, began + record.elapsed)
    )


def _as_it_was(moment: datetime) -> datetime:
    return moment.astimezone(timezone(moment.utcoffset() or timedelta(0)))


def _worst_pain(months: list[Month]) -> list[WorstPain]:
    return [
        WorstPain(day=date.fromisoformat(day), pain=pain)
        for month in months
        for day, pain in month.worst_pain.items()
    ]


def _in_order(months: list[Month]) -> list[Record]:
    records = [record for month in months for record in month.records.values()]
    return sorted(records, key=lambda record: (record.started_at, record.id))


def _dict(data: Data, key: str) -> Data:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _list(data: Data, key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _is_month(text: Any) -> bool:
    try:
        return bool(month_of(first_of(text)) == text)
    except ValueError:
        return False


def moment_of(text: Any) -> datetime | None:
    """Return a stored moment; None if it is none."""
    moment = dt_util.parse_datetime(str(text))
    return moment if moment is not None and moment.tzinfo is not None else None


def month_of(moment: date) -> str:
    """Return the month that a day or moment belongs to, where it happened."""
    return moment.isoformat()[:7]


def month_before(moment: date) -> str:
    """Return the month before that of a day or moment."""
    return month_of(moment.replace(day=1) - timedelta(days=1))


def first_of(month: str) -> date:
    """Return the first day of a month, as `2026-11`."""
    return date.fromisoformat(f"{month}-01")


def id_at(started_at: datetime) -> str:
    """Return an id for a record; it says when the session began, so it is found fast."""
    return ulid_at_time(started_at.timestamp())


def _months_near(record_id: str) -> Iterator[str]:
    """Yield the months in which a record of this id can have begun, most likely first.

    An id does not know the place, so the month may be that of a day before or after.
    """
    known = ulid_to_bytes_or_none(record_id)
    if known is None:
        return
    try:
        at = datetime.fromtimestamp(int.from_bytes(known[:6]) / 1000, UTC)
        days = [at, at - timedelta(days=1), at + timedelta(days=1)]
    except OverflowError, ValueError, OSError:
        return
    yield from dict.fromkeys(month_of(day) for day in days)
