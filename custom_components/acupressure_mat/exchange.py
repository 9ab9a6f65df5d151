"""Records as a table of text, and tables of text as records."""

from collections.abc import Mapping
import csv
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
import hashlib
import io
import json
from typing import Any

from .const import MINUTE
from .session.record import Record

RATINGS = ("pain_before", "pain_after", "tension", "relaxation", "sleep")
COLUMNS = (
    "id",
    "started_at",
    "ended_at",
    "minutes",
    "outcome",
    "reason",
    "routine",
    "kind",
    "surface",
    "body_area",
    *RATINGS,
    "notes",
)
LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A row that cannot be a record, by line and reason."""

    line: int
    reason: str


def to_csv(records: list[Record]) -> str:
    """Return the records as comma-separated values with a line of names."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerow(
            {
                "id": record.id,
                "started_at": record.started_at.isoformat(),
                "ended_at": record.ended_at.isoformat(),
                "minutes": f"{record.minutes:g}",
                "outcome": record.outcome,
                "reason": record.reason or "",
                "routine": record.routine or "",
                "kind": record.kind,
                "surface": record.surface or "",
                "body_area": record.body_area or "",
                **{r: _shown(getattr(record.ratings, r)) for r in RATINGS},
                "notes": record.notes or "",
            }
        )
    return text.getvalue()


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)


def parse(
    given: str | list[Any] | None, zone: tzinfo, now: datetime
) -> tuple[list[Record], list[Mistake]]:
    """Return the records of our own export, or of a table of start and minutes.

    Lines count from 1, the line of names included; times without an offset are in
    `zone`. The same row brought in twice makes the same record.
    """
    if given is None:
        return [], [Mistake(1, "nothing to import")]
    if isinstance(given, str):
        return _parse_csv(given, zone, now)
    records, mistakes = [], []
    for line, item in enumerate(given, 1):
        try:
            records.append(_checked(Record.from_dict(item), now))
        except ValueError as err:
            mistakes.append(Mistake(line, str(err)))
    return records, mistakes


def _parse_csv(
    text: str, zone: tzinfo, now: datetime
) -> tuple[list[Record], list[Mistake]]:
    dialect: type[csv.Dialect] = csv.excel
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(
        io.StringIO(text.lstrip("\ufeff")), dialect=dialect, delimiter=delimiter
    )
    names = {name.strip().lower() for name in reader.fieldnames or () if name}
    if not names & {"start", "started_at"} or "minutes" not in names:
        return [], [Mistake(1, "the columns start and minutes are needed")]
    records, mistakes = [], []
    for row in reader:
        plain = {
            key.strip().lower(): (value or "").strip()
            for key, value in row.items()
            if isinstance(key, str) and not isinstance(value, list)
        }
        if not any(plain.values()):
            continue
        try:
            records.append(_checked(_record_of(plain, zone), now))
        except ValueError as err:
            mistakes.append(Mistake(reader.line_num, str(err)))
    return records, mistakes


def _record_of(row: Mapping[str, str], zone: tzinfo) -> Record:
    start = _moment(row.get("started_at") or row.get("start") or "", zone)
    try:
        elapsed = float(row["minutes"].replace(",", ".")) * MINUTE
    except (ValueError, OverflowError) as err:
        raise ValueError(f"{row['minutes']!r} are no minutes") from err
    end = row.get("ended_at")
    ended_at = _moment(end, zone) if end else start + elapsed
    data: dict[str, Any] = {
        "id": row.get("id") or _id_of(row),
        "started_at": start.isoformat(),
        "ended_at": ended_at.isoformat(),
        "elapsed": elapsed.total_seconds(),
        "ratings": {r: _points(r, row[r]) for r in RATINGS if row.get(r)},
    }
    for name in (
        "outcome",
        "reason",
        "routine",
        "kind",
        "surface",
        "body_area",
        "notes",
    ):
        if row.get(name):
            data[name] = row[name]
    return Record.from_dict(data)


def _moment(text: str, zone: tzinfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise ValueError(f"{text!r} is no time") from err
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _points(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as err:
        raise ValueError(f"{name} {text!r} is not 0 to 10") from err


def _id_of(row: Mapping[str, str]) -> str:
    known = json.dumps(dict(row), sort_keys=True).encode()
    return f"import-{hashlib.sha256(known).hexdigest()[:20]}"


def _checked(record: Record, now: datetime) -> Record:
    """Return the record; ValueError if no session can have been so."""
    if not timedelta(0) < record.elapsed <= LONGEST:
        raise ValueError(f"{record.minutes:g} minutes are no session")
    if record.started_at > now:
        raise ValueError("it is in the future")
    for name in RATINGS:
        points = getattr(record.ratings, name)
        if points is not None and not 0 <= points <= 10:
            raise ValueError(f"{name} {points} is not 0 to 10")
    return record
