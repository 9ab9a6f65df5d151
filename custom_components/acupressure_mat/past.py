"""What years of months come to, which are not gone through again and again."""

from contextlib import suppress
from datetime import date, timedelta

from .files import NotSaved
from .journal import Journal, first_of
from .session.practice import DAY, Lived, Month, Streak, Totals, Vacation


class Past:
    """Keeps on disk what a mat's past months come to.

    Years of them are looked at when they changed, not after each session.
    """

    def __init__(self, journal: Journal) -> None:
        """Belong to a journal, of which nothing is read yet."""
        self._journal = journal
        # What is known to be on disk.
        self._settled: tuple[list[str], tuple[Month, ...]] | None = None

    async def async_settle(self, totals: Totals, until: str) -> None:
        """Have on disk what the months before this one come to.

        What cannot be written is counted again at the next start.
        """
        months = [month for month in self._journal.months if month < until]
        past, _ = totals.split(first_of(until))
        if self._settled == (months, past.months):
            return
        data = {"months": months, "totals": past.as_dict()}
        stored = self._journal.stored_past
        if data != stored and (months or stored):
            with suppress(NotSaved):
                await self._journal.async_save_past(data)
                self._journal.stored_past = data
        if data == self._journal.stored_past:
            self._settled = (months, past.months)


def stored_rows(journal: Journal, boundary: timedelta) -> tuple[Month, ...] | None:
    """Return the row of each month, None if they must be counted anew.

    So they must by another day boundary, and ValueError if they are damaged.
    """
    if not journal.stored_practice:
        return None
    both = journal.stored_past, journal.stored_practice
    past, latest = (Totals.from_dict(data.get("totals", {})) for data in both)
    rows = {row.month: row for row in (*past.months, *latest.months)}
    if rows and {past.boundary, latest.boundary} != {boundary}:
        return None
    return tuple(rows[month] for month in sorted(rows))


class Streaks:
    """Keeps the streak, with what it was made from.

    Years of weeks are not looked at for each state that is written; nor, those before
    the recent months, for each record.
    """

    def __init__(self) -> None:
        """Know none yet."""
        self._streak: tuple[Totals, date, tuple[Vacation, ...], Streak] | None = None
        self._lived: tuple[Totals, tuple[Vacation, ...], Lived] | None = None

    def streak(
        self, totals: Totals, today: date, vacations: tuple[Vacation, ...], recent: str
    ) -> Streak:
        """Return the streak as it stands today; months from `recent` on may change."""
        if self._streak is None or self._streak[:3] != (totals, today, vacations):
            lived = self._lived_before(recent, totals, today, vacations)
            streak = totals.streak(today, vacations, lived)
            self._streak = (totals, today, vacations, streak)
        return self._streak[3]

    def _lived_before(
        self, recent: str, totals: Totals, today: date, vacations: tuple[Vacation, ...]
    ) -> Lived | None:
        """Return the streak before the recent months; None on a day before these."""
        if not recent or today < (first := first_of(recent)):
            return None
        past, _ = totals.split(first)
        if self._lived is None or self._lived[:2] != (past, vacations):
            self._lived = past, vacations, past.lived(first - DAY, vacations)
        return self._lived[2]
