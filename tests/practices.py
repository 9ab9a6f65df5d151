"""How weeks on a mat are lived in tests: days, pain that is told, records."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.acupressure_mat.practice import Practice
from custom_components.acupressure_mat.session.plan import (
    Experience,
    Plan,
    next_duration,
)
from custom_components.acupressure_mat.session.record import Record

from .home import Home, coordinator_of
from .session.records import record

PAIN = "number.anna_s_mat_pain_now"
BERLIN = ZoneInfo("Europe/Berlin")


def practice_of(entry: MockConfigEntry) -> Practice:
    return coordinator_of(entry).practice


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """Return a moment of the clock on the wall."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


async def until(home: Home, text: str, zone: ZoneInfo = BERLIN) -> None:
    """Let time pass until the clock on the wall says so."""
    left = at(text, zone).astimezone(UTC) - dt_util.utcnow()
    assert left > timedelta(0)
    await home.wait(seconds=left.total_seconds())


async def tell(home: Home, value: int, entity_id: str = PAIN) -> None:
    """Tell a pain."""
    await home.hass.services.async_call(
        "number", "set_value", {"entity_id": entity_id, "value": value}, blocking=True
    )
    await home.settle()


async def practise(home: Home, minutes: float = 21) -> None:
    """Do a session of 20 minutes, or stop it so long after its start."""
    await home.start()
    await home.wait(minutes=minutes)
    if minutes < 21:
        await home.finish()


async def reload(home: Home, entry: MockConfigEntry, **data: Any) -> None:
    """Change what the person chose."""
    home.hass.config_entries.async_update_entry(entry, data={**entry.data, **data})
    await home.settle()


def days(first: str, count: int, minutes: float = 20, **more: Any) -> list[Record]:
    """Return a record on each of so many evenings."""
    start = at(f"{first} 21:00")
    return [
        record(start + n * timedelta(days=1), minutes, **more) for n in range(count)
    ]


def following(entry: MockConfigEntry, *records: Record) -> int:
    """Return what the plan says that is made from all records at once."""
    experience = Experience(entry.data["experience"])
    plan, today = Plan(experience=experience), practice_of(entry).today
    return next_duration(records, plan, today).minutes
