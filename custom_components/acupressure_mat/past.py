"""What the months before those in memory come to, in a file of its own."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from .files import NotSaved
from .journal import Journal, month_of
from .session.practice import Month, Totals


def some_of(totals: Totals, wanted: Callable[[str], bool]) -> Totals:
    """Return the totals of some months only, which are named as `2026-11`."""
    months = tuple(row for row in totals.months if wanted(month_of(row.month)))
    return replace(totals, months=months)


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
        past = some_of(totals, lambda month: month < until)
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
