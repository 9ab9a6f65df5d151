"""Actions on the journal of a mat: rate, correct, read, take out and bring in."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import DOMAIN
from .coordinator import MatConfigEntry, SessionCoordinator
from .errors import translated
from .exchange import RATINGS, Mistake, parse_import, to_csv
from .journal import id_at, let_go
from .permissions import async_check_journal
from .session.practice import day_of
from .session.record import WORST, Record, check_told
from .session.routine import BodyArea, Kind, Surface
from .session.session import Outcome, SessionError, Source
from .sleep import async_nights

ATTR_CONFIG_ENTRY_ID = "config_entry_id"
ATTR_RECORD_ID = "record_id"
# What get_records returns at most unless asked for more, and at most at all.
LIMIT, MOST = 100, 1000
# Actions that change nothing.
READING = {"get_records", "get_insights", "export_records"}
# So many bad rows are named in a refusal.
SHOWN = 10
PERIODS = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
    "all": None,
}

# Any longer duration is just as wrong, and some cannot even be added up.
ABSURD = timedelta(days=2)

_POINTS = vol.All(vol.Coerce(int), vol.Range(min=0, max=WORST))
_RATING_FIELDS = {vol.Optional(rating): _POINTS for rating in RATINGS}
_NOTES = {vol.Optional("notes"): vol.All(cv.string, vol.Length(max=2000))}
_MAT = {vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}
_RECORD = {vol.Required(ATTR_RECORD_ID): cv.string}
_ABOUT = {
    vol.Optional("kind"): vol.Coerce(Kind),
    vol.Optional("surface"): vol.Coerce(Surface),
    vol.Optional("body_area"): vol.Coerce(BodyArea),
}


def _mat(call: ServiceCall) -> SessionCoordinator:
    """Return the mat that a call is for: the named one, else the only one."""
    entry: MatConfigEntry = async_get_config_entry(
        call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY_ID)
    )
    return entry.runtime_data


def duration(value: Any) -> timedelta:
    """Return a duration; absurd ones stay out of range without overflowing."""
    try:
        told: timedelta = cv.time_period(value)
    except OverflowError:
        return ABSURD
    return min(max(told, -ABSURD), ABSURD)


def _local(moment: datetime) -> datetime:
    """Return a moment with its offset; one without is local time.

    One in UTC is what a template gives, and says nothing of where the person was.
    """
    try:
        return moment if moment.utcoffset() else dt_util.as_local(moment)
    except OverflowError:
        # At the ends of the calendar; that there was no session then is told later.
        return moment


def _later(moment: datetime, by: timedelta) -> datetime:
    """Return a moment so much later, also when the clocks change in between."""
    return (dt_util.as_utc(moment) + by).astimezone(moment.tzinfo)


def _told(record: Record) -> dict[str, Any]:
    """Return what is known of a record.

    The disk leaves out what is as usual; whoever writes a template should not need to
    know what that is.
    """
    usual = {"outcome": Outcome.COMPLETED, "kind": Kind.CUSTOM, "source": Source.USER}
    return {k: v.value for k, v in usual.items()} | {"ratings": {}} | record.as_dict()


async def _rate(mat: SessionCoordinator, call: ServiceCall) -> ServiceResponse:
    ratings = {key: call.data[key] for key in RATINGS if key in call.data}
    if not ratings and "notes" not in call.data:
        raise SessionError("nothing_to_rate")
    record = await mat.practice.async_rate(
        call.data.get(ATTR_RECORD_ID), notes=call.data.get("notes"), **ratings
    )
    return {"record": _told(record)}


async def _add(mat: SessionCoordinator, call: ServiceCall) -> ServiceResponse:
    start, length = _local(call.data["start"]), call.data["duration"]
    check_told(start, length, dt_util.utcnow())
    record = Record(
        id=id_at(start),
        started_at=start,
        ended_at=_later(start, length),
        elapsed=length,
        kind=call.data.get("kind", Kind.CUSTOM),
        surface=call.data.get("surface"),
        body_area=call.data.get("body_area"),
        notes=call.data.get("notes"),
    ).rated(**{key: call.data[key] for key in RATINGS if key in call.data})
    await mat.practice.async_add(record)
    return {"record": _told(record)}


async def _update(mat: SessionCoordinator, call: ServiceCall) -> ServiceResponse:
    record = await mat.practice.async_edit(
        call.data[ATTR_RECORD_ID], lambda old: _corrected(old, call.data)
    )
    return {"record": _told(record)}


def _corrected(old: Record, data: Mapping[str, Any]) -> Record:
    """Return the record with what the data says of it."""
    start = _local(data["start"]) if "start" in data else old.started_at
    length = data.get("duration", old.elapsed)
    new = old
    if start != old.started_at or length != old.elapsed:
        # What stays is right: a stop before any time on the mat has none.
        told = length if length != old.elapsed else max(length, timedelta.resolution)
        check_told(start, told, dt_util.utcnow())
        # Pauses and prepare stay what they were.
        around = old.ended_at - old.started_at - old.elapsed
        end = _later(start, length + around)
        new = replace(old, started_at=start, ended_at=end, elapsed=length)
    for field in ("kind", "surface", "body_area"):
        if field in data:
            new = replace(new, **{field: data[field]})
    new = new.rated(**{key: data[key] for key in RATINGS if key in data})
    return new.noted(data["notes"]) if "notes" in data else new


async def _delete(mat: SessionCoordinator, call: ServiceCall) -> ServiceResponse:
    await mat.practice.async_delete(call.data[ATTR_RECORD_ID])
    return None


async def _get(mat: SessionCoordinator, call: ServiceCall) -> ServiceResponse:
    page = await _made(
        mat,
        call.data["period"],
        partial(
            _page,
            offset=call.data["offset"],
            limit=call.data["limit"],
            boundary=mat.practice.boundary,
        ),
    )
    # Only the mat knows which day a late session counts for.
    return {"today": mat.practice.today.isoformat(), **page}


def _page(
    records: list[Record], offset: int, limit: int, boundary: timedelta
) -> dict[str, Any]:
    """Return so many records, the latest first."""
    end = offset + limit
    return {
        "total": len(records),
        "next_offset": end if end < len(records) else None,
        "records": [
            _told(record) | {"day": day_of(record.started_at, boundary).isoformat()}
            for record in islice(reversed(records), offset, end)
        ],
    }


async def _made[T](
    mat: SessionCoordinator, period: str, make: Callable[[list[Record]], T]
) -> T:
    """Return what is made of the records of a period up to now, in order of time."""
    # Who asks as soon as a session is over asks for that one, too.
    await mat.practice.async_settled()
    since, months = _since(mat, period)

    def made(records: list[Record]) -> T:
        return make([r for r in records if since is None or r.started_at >= since])

    return await mat.journal.async_made(months, made)


def _since(
    mat: SessionCoordinator, period: str
) -> tuple[datetime | None, tuple[str, ...]]:
    """Return when a period began, None if it has no beginning, and its months."""
    length, months = PERIODS[period], mat.journal.months
    if length is None:
        return None, months
    since = dt_util.utcnow() - length
    # A record's month is that of its own place: a day of slack is enough.
    first = f"{since - timedelta(days=1):%Y-%m}"
    return since, tuple(month for month in months if month >= first)


async def _worst_pain(mat: SessionCoordinator, period: str) -> dict[str, int]:
    """Return the worst pain of each day of a period that was asked about."""
    since, months = _since(mat, period)
    first = None if since is None else dt_util.as_local(since).date()
    return {
        worst.day.isoformat(): worst.pain
        for worst in await mat.journal.async_worst_pain(months)
        if first is None or worst.day >= first
    }


async def _insights(mat: SessionCoordinator, call: ServiceCall) -> ServiceResponse:
    nights = await async_nights(mat.hass, mat.config_entry)
    found = await mat.practice.async_insights(nights)
    return {"insights": found.as_dict()}


async def _export(mat: SessionCoordinator, call: ServiceCall) -> ServiceResponse:
    period = call.data["period"]
    told: dict[str, Any] = {}
    if call.data["format"] == "csv":
        told["csv"] = await _made(mat, period, to_csv)
    else:
        told["records"] = await _made(mat, period, _as_dicts)
    return told | {"worst_pain": await _worst_pain(mat, period)}


def _as_dicts(records: list[Record]) -> list[Any]:
    return [record.as_dict() for record in records]


async def _import(mat: SessionCoordinator, call: ServiceCall) -> ServiceResponse:
    """Bring in records; all of them, or none and each bad row by line and reason."""
    records, worst, mistakes = await mat.hass.async_add_executor_job(
        partial(
            parse_import,
            call.data.get("csv", call.data.get("records")),
            call.data.get("worst_pain", {}),
            zone=dt_util.get_default_time_zone(),
            now=dt_util.utcnow(),
            today=mat.practice.today,
        )
    )
    bad = await _in_words(mat.hass, mistakes)
    if bad and not call.data["skip_bad_rows"]:
        raise SessionError(
            "import_has_mistakes",
            count=str(len(bad)),
            rows="; ".join(f"{row['line']}: {row['reason']}" for row in bad[:SHOWN]),
        )
    count = len(records)
    if records or worst:
        await mat.practice.async_import(records, worst)
        await mat.hass.async_add_executor_job(let_go, records)
    return {"imported": count, "imported_days": len(worst), "skipped": bad}


async def _in_words(hass: HomeAssistant, mistakes: list[Mistake]) -> list[Any]:
    """Return line and reason of each mistake, in the language of the home."""
    words = await async_get_translations(
        hass, hass.config.language, "config_panel", {DOMAIN}
    )
    return await hass.async_add_executor_job(_sentences, mistakes, words)


def _sentences(mistakes: list[Mistake], words: Mapping[str, str]) -> list[Any]:
    prefix = f"component.{DOMAIN}.config_panel.import."
    return [
        {
            "line": mistake.line,
            "reason": words[prefix + mistake.reason.key].format(
                **mistake.reason.placeholders
            ),
        }
        for mistake in mistakes
    ]


type Handler = Callable[
    [SessionCoordinator, ServiceCall], Coroutine[Any, Any, ServiceResponse]
]
ACTIONS: dict[str, tuple[Handler, dict[Any, Any], SupportsResponse]] = {
    "rate_session": (
        _rate,
        {vol.Optional(ATTR_RECORD_ID): cv.string, **_RATING_FIELDS, **_NOTES},
        SupportsResponse.OPTIONAL,
    ),
    "add_record": (
        _add,
        {
            vol.Required("start"): cv.datetime,
            vol.Required("duration"): duration,
            **_ABOUT,
            **_RATING_FIELDS,
            **_NOTES,
        },
        SupportsResponse.OPTIONAL,
    ),
    "update_record": (
        _update,
        {
            **_RECORD,
            vol.Optional("start"): cv.datetime,
            vol.Optional("duration"): duration,
            **_ABOUT,
            **_RATING_FIELDS,
            **_NOTES,
        },
        SupportsResponse.OPTIONAL,
    ),
    "delete_record": (_delete, _RECORD, SupportsResponse.NONE),
    "get_records": (
        _get,
        {
            vol.Optional("period", default="month"): vol.In(list(PERIODS)),
            vol.Optional("limit", default=LIMIT): vol.All(
                vol.Coerce(int), vol.Range(min=1, max=MOST)
            ),
            vol.Optional("offset", default=0): vol.All(
                vol.Coerce(int), vol.Range(min=0)
            ),
        },
        SupportsResponse.ONLY,
    ),
    "get_insights": (_insights, {}, SupportsResponse.ONLY),
    "export_records": (
        _export,
        {
            vol.Optional("format", default="json"): vol.In(["csv", "json"]),
            vol.Optional("period", default="all"): vol.In(list(PERIODS)),
        },
        SupportsResponse.ONLY,
    ),
    "import_records": (
        _import,
        {
            vol.Exclusive("csv", "given"): cv.string,
            vol.Exclusive("records", "given"): [dict],
            vol.Optional("worst_pain"): dict,
            vol.Optional("skip_bad_rows", default=False): cv.boolean,
        },
        SupportsResponse.OPTIONAL,
    ),
}


@callback
def async_setup_journal_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not a mat is loaded."""

    def handler_of(
        action: Handler,
    ) -> Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]:
        async def handle(call: ServiceCall) -> ServiceResponse:
            mat = _mat(call)
            policy = POLICY_READ if call.service in READING else POLICY_CONTROL
            await async_check_journal(mat, call.context, policy)
            with translated():
                response = await action(mat, call)
            mat.async_update_listeners()
            return response

        return handle

    for name, (action, fields, response) in ACTIONS.items():
        hass.services.async_register(
            DOMAIN,
            name,
            handler_of(action),
            schema=vol.Schema({**_MAT, **fields}),
            supports_response=response,
        )
