"""Records as a table of text, and tables of text as records."""

from collections.abc import Mapping
import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
import hashlib
import io
import json
from math import isfinite
from typing import Any

from .const import MINUTE
from .session.insights import WorstPain
from .session.record import EARLIEST, WORST, Record
from .session.routine import BodyArea, Kind, PhaseName, Surface
from .session.session import HEALTH_REASONS, Outcome, Reason, Source

RATINGS = ("pain_before", "pain_after", "tension", "relaxation", "sleep")
HEART_RATES = ("heart_rate_before", "heart_rate_after")
CHOICES: dict[str, type[StrEnum]] = {
    "outcome": Outcome,
    "reason": Reason,
    "source": Source,
    "kind": Kind,
    "phase": PhaseName,
    "surface": Surface,
    "body_area": BodyArea,
}
# All that a record knows, so that none is poorer for having been taken out and
# brought in again.
COLUMNS = (
    "id",
    "started_at",
    "ended_at",
    "minutes",
    "asked_minutes",
    "planned_minutes",
    "outcome",
    "reason",
    "phase",
    "source",
    "routine_id",
    "routine",
    "kind",
    "surface",
    "body_area",
    *RATINGS,
    *HEART_RATES,
    "failed",
    "notes",
)
LONGEST = timedelta(hours=24)
MOST_DIGITS = len(str(WORST))
# Columns of words that people choose, and how a spreadsheet tells a formula from words.
# A note like "- neck was stiff" would come back from there as an error.
WORDS = ("id", "routine_id", "routine", "notes")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unreadable(ValueError):
    """Why a row cannot be a record.

    Its key is that of a sentence under `config_panel.import` in the translations.
    """

    def __init__(self, key: str, **placeholders: str) -> None:
        """Name the sentence and what it mentions."""
        super().__init__(key, placeholders)
        self.key = key
        self.placeholders = placeholders


@dataclass(frozen=True, slots=True)
class Mistake:
    """A row that cannot be a record, by line and reason."""

    line: int
    reason: Unreadable


def to_csv(records: list[Record]) -> str:
    """Return the records as comma-separated values with a line of names."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for record in records:
        row: dict[str, Any] = {
            name: getattr(record, name) for name in (*CHOICES, *HEART_RATES)
        }
        row |= {name: _guarded(getattr(record, name)) for name in WORDS}
        row |= {rating: getattr(record.ratings, rating) for rating in RATINGS}
        row |= {
            "started_at": record.started_at.isoformat(),
            "ended_at": record.ended_at.isoformat(),
            "minutes": _minutes(record.elapsed),
            "asked_minutes": _minutes(record.asked),
            "planned_minutes": _minutes(record.planned),
            "failed": " ".join(record.failed),
        }
        # Nobody's answer is an empty cell, and no zero.
        writer.writerow({k: "" if v is None else v for k, v in row.items()})
    return text.getvalue()


def _guarded(words: str | None) -> str | None:
    """Return words so that a spreadsheet takes them for no formula."""
    return f"'{words}" if words and _needs_guard(words) else words


def _unguarded(words: str) -> str:
    """Return the words that `_guarded` was given."""
    return words[1:] if words.startswith("'") and _needs_guard(words) else words


def _needs_guard(words: str) -> bool:
    # What begins like something guarded, too: else nobody could tell the two apart.
    return words.lstrip("'").startswith(FORMULA)


def _minutes(length: timedelta | None) -> str | None:
    """Return so many minutes, exact to the microsecond."""
    return None if length is None else f"{length / MINUTE:.12g}"


def parse_import(
    given: str | list[Any] | None,
    worst_pain: Mapping[Any, Any],
    *,
    zone: tzinfo,
    now: datetime,
    today: date,
) -> tuple[list[Record], list[WorstPain], list[Mistake]]:
    """Return what `parse` does, and the worst pain of days up to today, by date.

    Either may be missing, not both. Days count as lines from 1 as well.
    """
    worst: list[WorstPain] = []
    mistakes: list[Mistake] = []
    for line, (day, pain) in enumerate(worst_pain.items(), 1):
        try:
            worst.append(_worst_pain(str(day), str(pain), today))
        except Unreadable as err:
            mistakes.append(Mistake(line, err))
    if given is None and worst_pain:
        return [], worst, mistakes
    records, bad = parse(given, zone, now)
    return records, worst, [*bad, *mistakes]


def _worst_pain(text: str, pain: str, today: date) -> WorstPain:
    try:
        day = date.fromisoformat(text)
    except ValueError as err:
        raise Unreadable("no_day", value=text) from err
    if day.year <= EARLIEST:
        raise Unreadable("too_long_ago", value=text)
    if day > today:
        raise Unreadable("in_future", value=text)
    return WorstPain(day=day, pain=_points(text, pain))


def parse(
    given: str | list[Any] | None, zone: tzinfo, now: datetime
) -> tuple[list[Record], list[Mistake]]:
    """Return the records of our own export, or of a table of start and minutes.

    Lines count from 1, the line of names included; times without an offset are in
    `zone`. The same row brought in twice makes the same record.
    """
    if given is None:
        return [], [Mistake(1, Unreadable("nothing"))]
    if isinstance(given, str):
        return _parse_csv(given, zone, now)
    records, mistakes = [], []
    for line, item in enumerate(given, 1):
        try:
            records.append(_checked(_record(item), now))
        except Unreadable as err:
            mistakes.append(Mistake(line, err))
    return records, mistakes


def _parse_csv(
    text: str, zone: tzinfo, now: datetime
) -> tuple[list[Record], list[Mistake]]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    # Lines may end in any of the ways that spreadsheets have.
    lines = io.StringIO(text.lstrip("\ufeff"), newline=None)
    reader = csv.DictReader(lines, delimiter=delimiter)
    records: list[Record] = []
    mistakes: list[Mistake] = []
    try:
        names = {name.strip().lower() for name in reader.fieldnames or () if name}
        if not names & {"start", "started_at"} or "minutes" not in names:
            return [], [Mistake(1, Unreadable("columns"))]
        for row in reader:
            try:
                if plain := _plain(row):
                    records.append(_checked(_record_of(plain, zone, now), now))
            except Unreadable as err:
                mistakes.append(Mistake(reader.line_num, err))
    except csv.Error as err:
        # The line that it cannot read is not counted yet.
        why = Unreadable("unreadable", detail=str(err))
        mistakes.append(Mistake(reader.line_num + 1, why))
    return records, mistakes


def _plain(row: Mapping[Any, Any]) -> dict[str, str]:
    """Return the cells that have something in them, by the name of their column."""
    return {
        key.strip().lower(): text
        for key, value in row.items()
        if isinstance(value, str) and (text := value.strip())
    }


def _record_of(row: Mapping[str, str], zone: tzinfo, now: datetime) -> Record:
    start = _moment(row.get("started_at") or row.get("start") or "", zone, now)
    elapsed = _length(row.get("minutes", ""), least=timedelta(0))
    if end := row.get("ended_at"):
        ended_at = _moment(end, zone, now)
    else:
        # Added on the clock of a place, an hour would go missing when its clocks change.
        ended_at = (start.astimezone(UTC) + elapsed).astimezone(start.tzinfo)
    data: dict[str, Any] = {
        "id": _unguarded(row.get("id", "")) or _id_of(row),
        "started_at": start.isoformat(),
        "ended_at": ended_at.isoformat(),
        "elapsed": elapsed.total_seconds(),
        "ratings": {r: _points(r, row[r]) for r in RATINGS if r in row},
        "failed": row.get("failed", "").split(),
    }
    for name in ("asked", "planned"):
        if minutes := row.get(f"{name}_minutes"):
            data[name] = _length(minutes).total_seconds()
    for name in HEART_RATES:
        if name in row:
            data[name] = _number(row[name])
    for name, choices in CHOICES.items():
        if name in row:
            data[name] = _choice(name, row[name], choices)
    data |= {n: _unguarded(row[n]) for n in WORDS[1:] if n in row}
    return _record(data)


def _record(data: Any) -> Record:
    try:
        return Record.from_dict(data)
    except ValueError as err:
        raise Unreadable("unreadable", detail=str(err)) from err


def _moment(text: str, zone: tzinfo, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise Unreadable("no_time", value=text) from err
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    # First: at the ends of the calendar there is no such moment in another place.
    if moment.year <= EARLIEST:
        raise Unreadable("too_long_ago", value=text)
    if moment > now:
        raise Unreadable("in_future", value=text)
    # Other programs write a Z, wherever it was; ours writes the offset.
    return moment.astimezone(zone) if text.upper().endswith("Z") else moment


def _length(text: str, least: timedelta = timedelta.resolution) -> timedelta:
    """Return so many minutes; Unreadable unless a session can be so long."""
    minutes = _number(text)
    if not least / MINUTE <= minutes <= LONGEST / MINUTE:
        raise Unreadable("no_session", value=text)
    return minutes * MINUTE


def _number(text: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError as err:
        raise Unreadable("no_number", value=text) from err
    if not isfinite(number):
        raise Unreadable("no_number", value=text)
    return number


def _points(name: str, text: str) -> int:
    # Python reads no number of thousands of digits.
    if not text.isdecimal() or len(text) > MOST_DIGITS or int(text) > WORST:
        raise Unreadable("no_points", column=name, value=text)
    return int(text)


def _choice(name: str, text: str, choices: type[StrEnum]) -> str:
    if text not in set(choices):
        raise Unreadable(
            "no_choice", column=name, value=text, choices=", ".join(choices)
        )
    return text


def _id_of(row: Mapping[str, str]) -> str:
    known = json.dumps(dict(row), sort_keys=True).encode()
    return f"import-{hashlib.sha256(known).hexdigest()[:20]}"


def _checked(record: Record, now: datetime) -> Record:
    """Return the record; Unreadable if no session can have been so."""
    # Who was dizzy before they lay down stopped after no minute at all.
    is_some = record.elapsed > timedelta(0) or record.reason in HEALTH_REASONS
    if not is_some or record.elapsed > LONGEST:
        raise Unreadable("no_session", value=f"{record.minutes:g}")
    for length in (record.asked, record.planned):
        if length is not None and not timedelta(0) < length <= LONGEST:
            raise Unreadable("no_session", value=f"{length / MINUTE:g}")
    if record.started_at > now:
        raise Unreadable("in_future", value=record.started_at.isoformat())
    if (end := max(record.ended_at, record.started_at + record.elapsed)) > now:
        raise Unreadable("in_future", value=end.isoformat())
    for name in HEART_RATES:
        if not isfinite(getattr(record, name) or 0):
            raise Unreadable("no_number", value=str(getattr(record, name)))
    for name in RATINGS:
        points = getattr(record.ratings, name)
        if points is not None and not 0 <= points <= WORST:
            raise Unreadable("no_points", column=name, value=str(points))
    return record
