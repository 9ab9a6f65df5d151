"""Records for the tests of practice, plan and insights, in one line each."""

from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Any

from custom_components.acupressure_mat.session.record import Ratings, Record
from custom_components.acupressure_mat.session.session import Outcome, Reason

_ids = count()


def moment(text: str, offset: float = 0) -> datetime:
    """Return a local moment in a place so many hours east of Greenwich."""
    return datetime.fromisoformat(text).replace(
        tzinfo=timezone(timedelta(hours=offset))
    )


def record(
    start: str | datetime,
    minutes: float = 20,
    *,
    reason: Reason | None = None,
    before: int | None = None,
    after: int | None = None,
    **fields: Any,
) -> Record:
    """Return a record of so many minutes; a day alone starts at 21:00."""
    if isinstance(start, str):
        start = moment(start if len(start) > 10 else f"{start} 21:00")
    elapsed = timedelta(minutes=minutes)
    outcome = Outcome.COMPLETED if reason is None else Outcome.STOPPED
    known: dict[str, Any] = {
        "id": f"r{next(_ids)}",
        "started_at": start,
        "ended_at": start + elapsed,
        "elapsed": elapsed,
        "outcome": outcome,
        "reason": reason,
        "ratings": Ratings(pain_before=before, pain_after=after),
    }
    return Record(**(known | fields))
