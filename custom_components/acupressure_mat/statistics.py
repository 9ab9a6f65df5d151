"""Minutes and sessions of a mat as long-term statistics of the recorder.

The sum of an hour is that of the journal up to its end, worked out from the records of
three months and the totals of those before. An edit far back therefore costs no more
than one of today: the hours it touches are written anew, and the recorder itself moves
the sums of all that follow by the difference. The recorder does what it is asked in
that order, and changes of records happen one after the other, so its sums are right
whatever it has not done yet; nothing is ever worked out from what it says.
"""

import asyncio
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import batched
from typing import Any

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    statistics_during_period,
)
from homeassistant.const import UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.recorder import DATA_INSTANCE, get_instance
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util.unit_conversion import DurationConverter
from sqlalchemy.exc import SQLAlchemyError

from .const import DOMAIN, LOGGER
from .journal import Journal, first_of, month_of
from .session.practice import Month, Totals
from .session.record import Record

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
# With more records than these changed at once, everything is written anew.
MANY = 48
# So many rows are given to the recorder at once: it has others to look after.
BATCH = 1000
# The recorder has room for 255 characters, and some databases refuse any more: so much
# of the mat's name leaves enough for what is counted, in every language.
LONGEST_NAME = 200
# Sums that differ by less are the same.
ROUNDING = 0.001

# Of each hour, as whole numbers: what is added up exactly stays exact.
type Amounts = Mapping[datetime, int]


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _time(record: Record) -> Amounts:
    """Return the time on the mat in each hour, in microseconds.

    A record does not say when it was paused: the time on the mat is taken to be the
    last before its end, which is right without a pause, prepare included.
    """
    start, end = record.started_at.astimezone(UTC), record.ended_at.astimezone(UTC)
    length = min(record.elapsed, end - start)
    elapsed, start = record.elapsed // MICROSECOND, end - length
    if not length:
        return {_hour(start): elapsed}
    amounts, given, hour = {}, 0, _hour(start)
    while hour < end:
        until = min(hour + HOUR, end)
        done = elapsed * ((until - start) // MICROSECOND) // (length // MICROSECOND)
        amounts[hour], given = done - given, done
        hour += HOUR
    return amounts


def _one(record: Record) -> Amounts:
    return {_hour(record.started_at.astimezone(UTC)): 1}


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is counted, where it is in the records, and in what unit it is shown."""

    key: str
    of: Callable[[Record], Amounts]
    of_month: Callable[[Month], int]
    # So many make one of the unit.
    scale: int = 1
    unit: str | None = None
    unit_class: str | None = None

    def amounts(self, records: Iterable[Record]) -> Counter[datetime]:
        """Return what the records come to in each hour."""
        amounts: Counter[datetime] = Counter()
        for record in records:
            amounts.update(self.of(record))
        return amounts

    def rows(
        self, amounts: Amounts, before: int = 0, hours: Iterable[datetime] | None = None
    ) -> list[StatisticData]:
        """Return the rows of these hours, or of all with an amount, in order."""
        wanted = set(amounts if hours is None else hours)
        rows, total = [], before
        for hour in sorted({*amounts, *wanted}):
            amount = amounts.get(hour, 0)
            total += amount
            if hour in wanted:
                state, sum_ = amount / self.scale, total / self.scale
                rows.append(StatisticData(start=hour, state=state, sum=sum_))
        return rows


MEASURES = (
    Measure(
        key="minutes",
        of=_time,
        of_month=lambda row: row.elapsed // MICROSECOND,
        scale=timedelta(minutes=1) // MICROSECOND,
        unit=UnitOfTime.MINUTES,
        unit_class=DurationConverter.UNIT_CLASS,
    ),
    Measure(key="sessions", of=_one, of_month=lambda row: row.sessions),
)


def statistic_id(entry_id: str, measure: Measure) -> str:
    """Return the name under which cards find it."""
    return f"{DOMAIN}:{entry_id.lower()}_{measure.key}"


@callback
def async_clear(hass: HomeAssistant, entry_id: str) -> None:
    """Have no statistics of a mat."""
    if DATA_INSTANCE in hass.data:
        get_instance(hass).async_clear_statistics(
            [statistic_id(entry_id, measure) for measure in MEASURES]
        )


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the recorder knew from a moment on, and how often it was asked by then."""

    asked: int
    since: datetime
    rows: Mapping[str, Iterable[Mapping[str, Any]]]


class Statistics:
    """Lets the recorder's statistics be those of a journal; without one, does nothing.

    `Practice` calls it for one change at a time.
    """

    def __init__(
        self, hass: HomeAssistant, entry_id: str, title: str, journal: Journal
    ) -> None:
        """Belong to a mat."""
        self.hass = hass
        self._entry_id = entry_id
        self._title = title
        self._journal = journal
        # How often the recorder was asked for a change.
        self._asked = 0

    async def async_follow(
        self, old: Sequence[Record], new: Sequence[Record], totals: Totals
    ) -> None:
        """Take over that these records were changed; the journal has the new ones."""
        if DATA_INSTANCE not in self.hass.data:
            return
        self._asked += 1
        if len(old) + len(new) > MANY:
            await self.async_rebuild()
            return
        changes = [(measure, measure.amounts(new)) for measure in MEASURES]
        for measure, change in changes:
            change.subtract(measure.amounts(old))
        if not any(any(change.values()) for _, change in changes):
            return
        touched: dict[str, list[Record]] = {}
        for record in (*old, *new):
            touched.setdefault(month_of(record.started_at), []).append(record)
        near = {month: await self._async_near(month) for month in touched}
        names = await self._async_names()
        for measure, change in changes:
            self._adjust(measure, change)
            for month, records in touched.items():
                before = _before(totals, _shifted(month, -1), measure)
                rows = measure.rows(
                    near[month][measure.key], before, measure.amounts(records)
                )
                self._add(measure, names, rows)

    @callback
    def _adjust(self, measure: Measure, change: Amounts) -> None:
        """Let the sums of all hours after these follow."""
        recorder = get_instance(self.hass)
        for hour, amount in change.items():
            if amount:
                recorder.async_adjust_statistics(
                    statistic_id(self._entry_id, measure),
                    hour + HOUR,
                    amount / measure.scale,
                    # Without a unit it has to be None here, as it is in their own WebSocket API.
                    measure.unit,  # type: ignore[arg-type]
                )

    async def _async_near(self, month: str) -> dict[str, Counter[datetime]]:
        """Return what the records of a month and its neighbours come to, by measure.

        Those of earlier months ended before any of the month itself began, and those
        of later ones began afterwards, wherever on Earth that was.
        """
        months = [month_of(_shifted(month, by)) for by in (-1, 0, 1)]
        return await self._journal.async_made(
            [near for near in months if near in self._journal.months], _amounts
        )

    async def async_known(self, totals: Totals) -> Known | None:
        """Return what the recorder knows since the month before the last record.

        None without a recorder, or without its database. It may take hours, while a
        database is moved or does not answer: nothing else may wait for it.
        """
        if DATA_INSTANCE not in self.hass.data:
            return None
        recorder = get_instance(self.hass)
        await recorder.async_recorder_ready.wait()
        asked, since = self._asked, _since(totals)
        await recorder.async_block_till_done()
        ids = {statistic_id(self._entry_id, measure) for measure in MEASURES}
        units = {DurationConverter.UNIT_CLASS: UnitOfTime.MINUTES}
        try:
            found = await recorder.async_add_executor_job(
                *(statistics_during_period, self.hass, since, None, ids, "hour"),
                *(units, {"sum"}),
            )
        except (SQLAlchemyError, RuntimeError) as err:
            # A damaged database, or one that was closed: it is asked at the next start.
            LOGGER.warning("The recorder cannot say what it knows: %s", err)
            return None
        return Known(asked=asked, since=since, rows=found)

    async def async_check(self, totals: Totals, known: Known) -> bool:
        """Write everything anew if the recorder does not know it, or knows it wrong.

        A sum counts all that was before, so the latest rows speak for all. Returns
        whether that could be told: not if it was asked for a change meanwhile.
        """
        if known.asked != self._asked:
            return False
        # One more month, for a record of its end that goes on in the next.
        months = [month_of(row.month) for row in totals.months[-3:]]
        amounts = await self._journal.async_made(months, _amounts)
        for measure in MEASURES:
            before = sum(map(measure.of_month, totals.months[:-3]))
            rows = measure.rows(amounts[measure.key], before)
            found = known.rows.get(statistic_id(self._entry_id, measure), [])
            if not _is_same(rows, found, known.since, before / measure.scale):
                LOGGER.info("The statistics of %s are written anew", self._title)
                await self.async_rebuild()
                break
        return True

    async def async_rebuild(self) -> None:
        """Write everything anew, from all records."""
        names = await self._async_names()
        amounts = [Counter[datetime]() for _ in MEASURES]
        for month in self._journal.months:
            await self._journal.async_made([month], partial(_add_up, amounts))
        async_clear(self.hass, self._entry_id)
        for measure, sums in zip(MEASURES, amounts, strict=True):
            rows = await self.hass.async_add_executor_job(measure.rows, sums)
            for some in batched(rows, BATCH, strict=False):
                # Each batch is checked on the event loop, which has others waiting.
                await asyncio.sleep(0)
                self._add(measure, names, some)

    async def _async_names(self) -> dict[str, str]:
        """Return what each measure is called, in the language of the home."""
        words = await async_get_translations(
            self.hass, self.hass.config.language, "config_panel", {DOMAIN}
        )
        return {
            m.key: words.get(f"component.{DOMAIN}.config_panel.statistics.{m.key}", "")
            for m in MEASURES
        }

    @callback
    def _add(
        self, measure: Measure, names: dict[str, str], rows: Iterable[StatisticData]
    ) -> None:
        async_add_external_statistics(
            self.hass,
            StatisticMetaData(
                source=DOMAIN,
                statistic_id=statistic_id(self._entry_id, measure),
                name=names[measure.key].format(mat=self._title[:LONGEST_NAME]),
                has_sum=True,
                mean_type=StatisticMeanType.NONE,
                unit_of_measurement=measure.unit,
                unit_class=measure.unit_class,
            ),
            rows,
        )


def _amounts(records: list[Record]) -> dict[str, Counter[datetime]]:
    return {measure.key: measure.amounts(records) for measure in MEASURES}


def _add_up(amounts: list[Counter[datetime]], records: list[Record]) -> None:
    for measure, sums in zip(MEASURES, amounts, strict=True):
        sums.update(measure.amounts(records))


def _shifted(month: str, by: int) -> date:
    """Return the first of the month before (-1), after (1), or of the month itself."""
    first = first_of(month)
    if by < 0:
        return (first - DAY).replace(day=1)
    return (first + by * timedelta(days=31)).replace(day=1)


def _since(totals: Totals) -> datetime:
    """Return a moment before any of the last two months with a record, on Earth."""
    first = min((row.month for row in totals.months[-2:]), default=date(1970, 1, 2))
    return datetime.combine(first - DAY, time.min, UTC)


def _before(totals: Totals, month: date, measure: Measure) -> int:
    return sum(measure.of_month(row) for row in totals.months if row.month < month)


def _is_same(
    rows: list[StatisticData],
    found: Iterable[Mapping[str, Any]],
    since: datetime,
    before: float,
) -> bool:
    """Return whether the recorder has each of these rows, and no others with a change.

    A row stays behind where a record was: it changes nothing.
    """
    sums = {row["start"].timestamp(): row["sum"] or 0.0 for row in rows}
    starts = sorted(sums)
    seen = set()
    for row in found:
        seen.add(row["start"])
        at = bisect_right(starts, row["start"])
        expected = sums[starts[at - 1]] if at else before
        if abs((row["sum"] or 0.0) - expected) > ROUNDING:
            return False
    return all(start in seen for start in starts if start >= since.timestamp())
