"""What the months before those in memory come to, in a file of its own."""

from contextlib import suppress

from .files import NotSaved
from .journal import Journal, first_of
from .session.practice import Month, Totals


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
