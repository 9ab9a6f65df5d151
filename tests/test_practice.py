"""Ratings, plan, streak and totals as a mat lives them, day by day."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.json import json_bytes
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.acupressure_mat import practice
from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.files import File, NotSaved
from custom_components.acupressure_mat.journal import id_at
from custom_components.acupressure_mat.past import Streaks
from custom_components.acupressure_mat.practice import Practice
from custom_components.acupressure_mat.session.plan import (
    Experience,
    Plan,
    Tip,
    Why,
    next_duration,
    replay,
)
from custom_components.acupressure_mat.session.practice import Totals
from custom_components.acupressure_mat.session.record import Ratings, Record
from custom_components.acupressure_mat.session.routine import Surface
from custom_components.acupressure_mat.session.session import Reason, SessionError

from .disk import no_space
from .home import Home, add_mat, coordinator_of, routine
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


# -- pain before and after -----------------------------------------------------


@pytest.mark.parametrize(
    ("wait", "told"),
    [
        (timedelta(minutes=59), 6),
        (timedelta(minutes=60), 6),
        (timedelta(minutes=60, seconds=1), None),
        (timedelta(hours=5), None),
    ],
    ids=str,
)
async def test_pain_told_within_an_hour_of_the_start_is_the_pain_before(
    home: Home, wait: timedelta, told: int | None
) -> None:
    """Pain of the afternoon says nothing about a session at night."""
    entry = await add_mat(home.hass)
    await tell(home, 6)
    assert home.state(PAIN) == "6"
    await home.wait(seconds=wait.total_seconds())
    assert home.state(PAIN) == ("unknown" if told is None else "6")
    await practise(home)
    (found,) = await home.records(entry)
    assert found.ratings == Ratings(pain_before=told)


async def test_pain_can_be_told_until_one_is_on_the_mat(home: Home) -> None:
    """Later told would be neither before nor after; zero is an answer."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=59)
    await tell(home, 0)
    assert home.state(PAIN) == "0"
    await home.wait(seconds=1)
    assert home.state(PAIN) == "unknown"
    with pytest.raises(ServiceValidationError) as refused:
        await tell(home, 7)
    assert refused.value.translation_key == "pain_not_now"
    await home.do("pause_session")
    with pytest.raises(ServiceValidationError) as refused:
        await tell(home, 7)
    assert refused.value.translation_key == "pain_not_now"
    await home.do("resume_session")
    await home.wait(minutes=20)
    (found,) = await home.records(entry)
    assert found.ratings == Ratings(pain_before=0)


@pytest.mark.parametrize(
    ("wait", "told"),
    [
        (timedelta(seconds=1), 3),
        (timedelta(minutes=4), 3),
        (timedelta(hours=11, minutes=59), 3),
        (timedelta(hours=12), 3),
        (timedelta(hours=12, seconds=1), None),
    ],
    ids=str,
)
async def test_pain_told_within_twelve_hours_of_the_end_is_the_pain_after(
    home: Home, wait: timedelta, told: int | None
) -> None:
    """In `after`, in bed, next morning: it lands on that session, and is used then."""
    entry = await add_mat(home.hass)
    await practise(home)
    await home.wait(seconds=wait.total_seconds())
    await tell(home, 3)
    (found,) = await home.records(entry)
    assert found.ratings == Ratings(pain_after=told)
    assert home.state(PAIN) == ("unknown" if told is not None else "3")


async def test_a_slip_of_the_finger_is_corrected(home: Home) -> None:
    """Told again at once it is the same pain; later it is that of the next session."""
    entry = await add_mat(home.hass)
    await practise(home)
    await tell(home, 8)
    await home.wait(minutes=10)
    await tell(home, 3)
    (found,) = await home.records(entry)
    assert found.ratings == Ratings(pain_after=3)
    await home.wait(minutes=10, seconds=1)
    await tell(home, 5)
    assert home.state(PAIN) == "5"
    await practise(home)
    first, second = await home.records(entry)
    assert first.ratings == Ratings(pain_after=3)
    assert second.ratings == Ratings(pain_before=5)


async def test_a_mistake_leaves_what_was_told(home: Home) -> None:
    """Switched off by mistake and on again, nobody wants to be asked twice."""
    entry = await add_mat(home.hass)
    await tell(home, 6)
    await practise(home, minutes=0.5)
    assert await home.records(entry) == []
    assert home.state(PAIN) == "6"
    await practise(home)
    (found,) = await home.records(entry)
    assert found.ratings.pain_before == 6


async def test_pain_that_was_told_survives_a_restart(home: Home) -> None:
    """And is used once."""
    entry = await add_mat(home.hass)
    await tell(home, 6)
    await home.restart(entry)
    assert home.state(PAIN) == "6"
    await practise(home)
    await home.wait(minutes=30)
    await practise(home)
    first, second = await home.records(entry)
    assert (first.ratings.pain_before, second.ratings.pain_before) == (6, None)


@pytest.mark.parametrize(
    "stored", [7, "4", [4], ["4", "2026-11-22T20:59:00+00:00"], [4, "late"], [4, None]]
)
async def test_what_was_told_may_be_damaged(home: Home, stored: Any) -> None:
    """Nonsense on the disk is no pain."""
    entry = await add_mat(home.hass)
    await tell(home, 6)

    def damage() -> None:
        key = f"{DOMAIN}.{entry.entry_id}"
        home.storage[key]["data"]["practice"] |= {"pain": stored, "heart_rate": "x"}

    await home.restart(entry, meanwhile=damage)
    assert home.state(PAIN) == "unknown"


async def test_a_rating_lands_on_the_session_it_names_however_late(home: Home) -> None:
    """Asked next morning about bedtime, after a session at dawn."""
    entry = await add_mat(home.hass)
    practice = practice_of(entry)
    await practise(home)
    await until(home, "2026-11-23 06:30")
    await practise(home)
    night, dawn = await home.records(entry)
    assert await practice.async_rate(night.id, sleep=8, pain_after=2) == replace(
        night, ratings=Ratings(sleep=8, pain_after=2)
    )
    await practice.async_rate(relaxation=9, notes="Warm")
    await practice.async_rate(night.id, tension=1)
    night, dawn = await home.records(entry)
    assert night.ratings == Ratings(sleep=8, pain_after=2, tension=1)
    assert dawn.ratings == Ratings(relaxation=9)
    assert (night.notes, dawn.notes) == (None, "Warm")


async def test_there_is_nothing_to_rate(home: Home) -> None:
    """Refused with the reason; and nothing is made up."""
    entry = await add_mat(home.hass)
    for record_id, key in ((None, "no_session_to_rate"), ("x", "record_not_found")):
        with pytest.raises(SessionError) as refused:
            await practice_of(entry).async_rate(record_id, pain_after=1)
        assert refused.value.key == key
    assert await home.records(entry) == []


async def test_answers_in_one_moment_are_all_kept(home: Home) -> None:
    """Two taps on the card: each read the record before the other was written."""
    entry = await add_mat(home.hass)
    practice = practice_of(entry)
    await practise(home)
    (done,) = await home.records(entry)
    await asyncio.gather(
        practice.async_rate(pain_after=2),
        practice.async_rate(done.id, tension=3),
        practice.async_set_pain(1, None),
        practice.async_edit(done.id, lambda old: old.noted("Good")),
        practice.async_rate(relaxation=4),
    )
    (found,) = await home.records(entry)
    assert found.ratings.tension == 3
    assert found.ratings.relaxation == 4
    assert found.notes == "Good"


async def test_worst_pain_is_that_of_the_day(home: Home) -> None:
    """Until four in the morning it is still this day, then nobody knows yet."""
    await home.hass.config.async_update(time_zone="Europe/Berlin")
    entry = await add_mat(home.hass)
    practice = practice_of(entry)
    await practice.async_set_worst_pain(7)
    await until(home, "2026-11-23 03:59:59")
    await home.restart(entry, down=timedelta(0))
    practice = practice_of(entry)
    assert practice.worst_pain == 7
    await practice.async_set_worst_pain(8)
    await home.wait(seconds=1)
    assert practice_of(entry).worst_pain is None
    await practice.async_set_worst_pain(0)
    assert practice_of(entry).worst_pain == 0
    worst = await practice.journal.async_worst_pain(["2026-11"])
    assert [(w.day.day, w.pain) for w in worst] == [(22, 8), (23, 0)]


async def test_worst_pain_of_a_month_s_last_night(home: Home) -> None:
    """At two in the morning of the first it is still the last, in the file too."""
    entry = await add_mat(home.hass)
    await until(home, "2026-12-01 02:00")
    await practice_of(entry).async_set_worst_pain(7)
    assert practice_of(entry).journal.months == ("2026-11",)
    await home.restart(entry)
    assert practice_of(entry).worst_pain == 7


async def test_any_change_of_the_journal_is_told_of(home: Home) -> None:
    """A card that shows weeks hears of a correction of any day; no history of it."""
    entry = await add_mat(home.hass)
    minutes = "sensor.anna_s_mat_minutes_today"

    def changed_at() -> Any:
        state = home.hass.states.get(minutes)
        assert state is not None
        assert state.state_info is not None
        assert "journal_changed_at" in state.state_info["unrecorded_attributes"]
        return state.attributes["journal_changed_at"]

    practice, told = practice_of(entry), record(at("2026-10-05 21:00"), 20)
    assert changed_at() is None
    for change in (
        practice.async_add(told),
        practice.async_edit(told.id, lambda old: old.noted("at my parents'")),
        practice.async_delete(told.id),
    ):
        await home.wait(minutes=1)
        await change
        assert changed_at() == dt_util.utcnow()


# -- heart rate ----------------------------------------------------------------


async def test_heart_rate_before_and_after_is_that_of_the_sensor(home: Home) -> None:
    """As it was told last before the start, and during the session."""
    entry = await add_mat(home.hass, heart_rate_sensor="sensor.watch")
    home.hass.states.async_set("sensor.watch", "72")
    await home.wait(minutes=15)
    await home.start()
    await home.wait(minutes=20)
    home.hass.states.async_set("sensor.watch", "61.5")
    await home.wait(minutes=1)
    (found,) = await home.records(entry)
    assert (found.heart_rate_before, found.heart_rate_after) == (72, 61.5)


@pytest.mark.parametrize(("minutes", "after"), [(5, None), (6, 70)])
async def test_heart_rate_after_is_none_of_the_first_minutes(
    home: Home, minutes: float, after: float | None
) -> None:
    """What the prickling did to it is not how somebody gets up a quarter later."""
    entry = await add_mat(home.hass, heart_rate_sensor="sensor.watch")
    await home.start()
    await home.wait(minutes=minutes)
    home.hass.states.async_set("sensor.watch", "70")
    await home.wait(minutes=21 - minutes)
    (found,) = await home.records(entry)
    assert (found.heart_rate_before, found.heart_rate_after) == (None, after)


@pytest.mark.parametrize("state", ["unavailable", "nan", "inf", None])
async def test_without_a_fresh_number_nobody_knows(home: Home, state: Any) -> None:
    """A watch on the charger: the heart rate of noon is not that of the evening."""
    entry = await add_mat(home.hass, heart_rate_sensor="sensor.watch")
    home.hass.states.async_set("sensor.watch", "72")
    await home.wait(minutes=15, seconds=1)
    if state is not None:
        home.hass.states.async_set("sensor.watch", state)
    await practise(home)
    (found,) = await home.records(entry)
    assert (found.heart_rate_before, found.heart_rate_after) == (None, None)


async def test_the_heart_rate_before_survives_a_restart_and_after_does_not_lie(
    home: Home,
) -> None:
    """Ended while Home Assistant was down, nobody measured what came after."""
    entry = await add_mat(home.hass, heart_rate_sensor="sensor.watch")
    home.hass.states.async_set("sensor.watch", "72")
    await home.start()
    await home.restart(entry, down=timedelta(hours=1))
    home.hass.states.async_set("sensor.watch", "90")
    (found,) = await home.records(entry)
    assert (found.heart_rate_before, found.heart_rate_after) == (72, None)


# -- plan ----------------------------------------------------------------------


def following(entry: MockConfigEntry, *records: Record) -> int:
    """Return what the plan says that is made from all records at once."""
    experience = Experience(entry.data["experience"])
    plan, today = Plan(experience=experience), practice_of(entry).today
    return next_duration(records, plan, today).minutes


async def test_the_plan_follows_session_by_session(home: Home) -> None:
    """Three good ones lengthen it; a stop for pain shortens it, with a tip."""
    entry = await add_mat(home.hass, routine(session={"duration": None}))
    practice = practice_of(entry)
    minutes = []
    for _ in range(3):
        minutes.append(home.state("sensor.anna_s_mat_plan"))
        await practise(home, minutes=6.1)
        await home.wait(hours=24)
    assert minutes == ["5", "5", "5"]
    assert home.state("sensor.anna_s_mat_plan") == "6"
    assert home.state("number.bedtime_next_duration") == "6.0"
    await home.start()
    await home.wait(minutes=4)
    await home.do("stop_session", reason="pain")
    plan = practice.plan()
    assert plan is not None
    assert (plan.minutes, plan.why, plan.tip) == (
        5,
        Why.AFTER_HARD_SESSION,
        Tip.SOFT_PATH,
    )


async def test_a_duration_that_was_chosen_overrides_the_plan_once(home: Home) -> None:
    """And breaks nothing: a shorter one is neither a step nor a failure."""
    entry = await add_mat(home.hass, routine(session={"duration": None}))
    await practice_of(entry).async_change([], days("2026-11-19", 2, 5))
    await home.hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": "number.bedtime_next_duration", "value": 3},
        blocking=True,
    )
    assert home.state("sensor.anna_s_mat_plan") == "5"
    await practise(home, minutes=4.1)
    assert (await home.records(entry))[-1].planned == timedelta(minutes=3)
    assert home.state("number.bedtime_next_duration") == "5.0"
    await practise(home, minutes=6.1)
    assert home.state("sensor.anna_s_mat_plan") == "6"


async def test_a_late_rating_and_a_deletion_change_the_plan_at_once(home: Home) -> None:
    """It hurt more than before: the session was hard, whoever says so next morning."""
    entry = await add_mat(home.hass, experience="some")
    practice = practice_of(entry)
    records = days("2026-11-19", 3, 10)
    await practice.async_change([], records)
    assert practice.plan().minutes == 12  # type: ignore[union-attr]
    last = await practice.async_rate(pain_before=2, pain_after=6)
    assert practice.plan().minutes == 8  # type: ignore[union-attr]
    await practice.async_change([last], [])
    assert practice.plan().minutes == 10  # type: ignore[union-attr]
    await practice.async_change([], [records[2]])
    assert practice.plan().minutes == 12  # type: ignore[union-attr]


async def test_a_week_without_steps_back_and_says_so(home: Home) -> None:
    """With no session in between: the day alone changes it."""
    entry = await add_mat(home.hass, experience="used_to_it")
    practice = practice_of(entry)
    await practice.async_change([], days("2026-10-24", 29, 40))
    before = practice.plan()
    assert before is not None
    await until(home, "2026-11-30 22:00")
    after = practice.plan()
    assert after is not None
    assert after.minutes == max(before.minutes - 5, 20)
    assert (after.why, after.placeholders) == (Why.AFTER_GAP, {"days": 9})


@pytest.mark.parametrize("kill", [True, False])
async def test_months_later_the_plan_is_still_that_of_all_records(
    home: Home, kill: bool
) -> None:
    """Only two months are in memory; what was before is not forgotten."""
    home.freezer.move_to(at("2026-09-20 20:00"))
    entry = await add_mat(home.hass, experience="some")
    records = days("2026-08-01", 50, 30)
    for one in records:
        await practice_of(entry).async_add(one)
    await until(home, "2026-10-03 20:00")
    await home.restart(entry, kill=kill)
    assert practice_of(entry).plan().minutes == following(entry, *records)  # type: ignore[union-attr]
    records += days("2026-09-20", 10, 32)
    await practice_of(entry).async_change([], records[50:])
    await until(home, "2027-01-02 21:00")
    assert len(practice_of(entry).recent) == 0
    records += days("2026-12-30", 3, 35)
    await practice_of(entry).async_change([], records[60:])
    await home.settle()
    expected = following(entry, *records)
    assert practice_of(entry).plan().minutes == expected  # type: ignore[union-attr]
    await home.restart(entry, kill=kill)
    assert practice_of(entry).plan().minutes == expected  # type: ignore[union-attr]
    # What lies months back is settled: an edit there does not change the plan.
    await practice_of(entry).async_change(records[:30], [])
    assert practice_of(entry).plan().minutes == expected  # type: ignore[union-attr]


async def test_years_that_are_brought_in_count_for_the_plan(home: Home) -> None:
    """Whoever comes from another app is no beginner."""
    entry = await add_mat(home.hass, experience="some")
    await practise(home)
    await home.settle()
    records = days("2026-03-01", 200, 30)
    await practice_of(entry).async_import(records)
    expected = following(entry, *records, *await home.records(entry))
    assert practice_of(entry).plan().minutes == expected  # type: ignore[union-attr]
    assert len(practice_of(entry).recent) == 1
    await home.restart(entry)
    assert practice_of(entry).plan().minutes == expected  # type: ignore[union-attr]


async def test_without_a_plan_practice_goes_on_and_is_remembered(home: Home) -> None:
    """Switched off and on again after months, it is not a beginner's plan."""
    entry = await add_mat(home.hass, plan=False)
    assert practice_of(entry).plan() is None
    assert home.state("sensor.anna_s_mat_plan") == "unknown"
    records = days("2026-08-01", 114, 10)
    await practice_of(entry).async_import(records)
    assert practice_of(entry).plan() is None
    await until(home, "2026-11-22 23:00")
    await home.restart(entry)
    await reload(home, entry, plan=True)
    assert practice_of(entry).plan().minutes == following(entry, *records) > 5  # type: ignore[union-attr]


async def test_another_experience_begins_the_plan_anew(home: Home) -> None:
    """From now on; what was before says nothing any more."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_change([], days("2026-11-01", 20, 5))
    await reload(home, entry, experience="used_to_it")
    plan = practice_of(entry).plan()
    assert plan is not None
    assert (plan.minutes, plan.why) == (20, Why.FIRST_SESSION)
    await home.wait(hours=23)
    await practise(home)
    assert practice_of(entry).plan().why is Why.STEADY  # type: ignore[union-attr]
    await home.restart(entry)
    assert practice_of(entry).plan().why is Why.STEADY  # type: ignore[union-attr]


# -- days and streak -----------------------------------------------------------


async def test_the_day_ends_at_four_in_the_morning(home: Home) -> None:
    """A session at half past midnight is still that of the evening."""
    entry = await add_mat(home.hass)
    practice = practice_of(entry)
    await until(home, "2026-11-23 00:30")
    await practise(home)
    assert practice.minutes_today == 20
    await until(home, "2026-11-23 03:59:59")
    assert home.state("sensor.anna_s_mat_minutes_today") == "20.0"
    assert home.state("sensor.anna_s_mat_days_this_week") == "1"
    await home.wait(seconds=1)
    # It is Monday now: another day, and another week.
    assert home.state("sensor.anna_s_mat_minutes_today") == "0.0"
    assert home.state("sensor.anna_s_mat_days_this_week") == "0"
    assert home.state("sensor.anna_s_mat_streak") == "1"


async def test_another_hour_of_the_user_s_choice_counts_the_past_anew(
    home: Home,
) -> None:
    """Midnight for whoever wants it; nothing of the totals stays by the old one."""
    entry = await add_mat(home.hass)
    late = record(at("2026-11-21 01:00"), 10)
    await practice_of(entry).async_change([], [late, record(at("2026-06-06 21:00"))])
    assert practice_of(entry).days_this_week == 1
    assert practice_of(entry).streak.days == 1  # type: ignore[union-attr]
    await until(home, "2026-11-23 12:00")
    await reload(home, entry, day_boundary="00:00:00")
    assert practice_of(entry).totals.boundary == timedelta(0)
    assert practice_of(entry).totals.sessions == 2
    await practice_of(entry).async_add(record(at("2026-11-22 23:30"), 10))
    assert practice_of(entry).streak.days == 2  # type: ignore[union-attr]
    await home.restart(entry)
    assert practice_of(entry).streak.days == 2  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("first", "night"),
    [("2027-03-25", "2027-03-28"), ("2026-10-22", "2026-10-25")],
    ids=["an hour less", "an hour more"],
)
async def test_when_the_clocks_change_a_day_is_a_day(
    home: Home, first: str, night: str
) -> None:
    """The streak goes on; the day still ends at four by the clock on the wall."""
    home.freezer.move_to(at(f"{first} 20:00"))
    entry = await add_mat(home.hass)
    for _ in range(6):
        await practise(home)
        left = timedelta(days=1) - timedelta(minutes=21)
        now = dt_util.now()
        await until(home, f"{(now + left).replace(tzinfo=None)}")
    assert practice_of(entry).streak.days == 6  # type: ignore[union-attr]
    counted = practice_of(entry).totals.streak(date.fromisoformat(night))
    assert counted.days == 4


async def test_across_time_zones_a_session_stays_on_its_day(home: Home) -> None:
    """Flown to Tokyo: yesterday evening was yesterday, and today is the day there."""
    entry = await add_mat(home.hass)
    await practise(home)
    await home.hass.config.async_update(time_zone="Asia/Tokyo")
    assert practice_of(entry).today == date(2026, 11, 23)
    assert practice_of(entry).minutes_today == 0
    await until(home, "2026-11-23 22:00", ZoneInfo("Asia/Tokyo"))
    await practise(home)
    assert practice_of(entry).streak.days == 2  # type: ignore[union-attr]
    records = await home.records(entry)
    offsets = [r.started_at.utcoffset() for r in records]
    assert offsets == [timedelta(hours=1), timedelta(hours=9)]
    await home.restart(entry)
    assert practice_of(entry).streak.days == 2  # type: ignore[union-attr]
    # And home again, where it is still Monday.
    await home.hass.config.async_update(time_zone="Europe/Berlin")
    assert practice_of(entry).today == date(2026, 11, 23)
    assert practice_of(entry).streak.days == 2  # type: ignore[union-attr]


async def test_one_rest_day_a_week_keeps_the_streak_and_only_the_evening_warns(
    home: Home,
) -> None:
    """At risk is a day whose miss would end it, and not before six."""
    entry = await add_mat(home.hass)
    await until(home, "2026-11-22 23:00")
    await practice_of(entry).async_change([], days("2026-11-16", 5))
    streak = "sensor.anna_s_mat_streak"

    def at_risk() -> bool:
        state = home.hass.states.get(streak)
        assert state is not None
        return bool(state.attributes["at_risk"])

    assert home.state(streak) == "5"
    assert at_risk()
    await practise(home)
    assert home.state(streak) == "6"
    assert not at_risk()
    await until(home, "2026-11-24 17:59:59")
    assert home.state(streak) == "6"
    assert not at_risk()
    await home.wait(seconds=1)
    assert at_risk()
    await until(home, "2026-11-25 03:59:59")
    assert home.state(streak) == "6"
    await home.wait(seconds=1)
    assert home.state(streak) == "0"


async def test_a_stop_for_pain_never_breaks_it(home: Home) -> None:
    """Whoever was hurt must not lie down again for a number."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_change([], days("2026-11-18", 4))
    await home.start()
    await home.wait(seconds=30)
    await home.do("stop_session", reason="pain")
    await until(home, "2026-11-25 05:00")
    assert home.state("sensor.anna_s_mat_streak") == "4"


async def test_years_are_not_gone_through_for_each_state_or_session(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten years of weeks, counted for each of the two dozen states of a tap."""
    await add_mat(home.hass)
    asked: Counter[str] = Counter()

    def counted[**P, T](name: str, ask: Callable[P, T]) -> Callable[P, T]:
        def ask_and_count(*args: P.args, **kwargs: P.kwargs) -> T:
            asked[name] += 1
            return ask(*args, **kwargs)

        return ask_and_count

    monkeypatch.setattr(Totals, "streak", counted("streak", Totals.streak))
    monkeypatch.setattr(Totals, "lived", counted("lived", Totals.lived))
    monkeypatch.setattr(practice, "replay", counted("replay", replay))
    await practise(home)
    asked.clear()
    await practise(home)
    assert asked == {"streak": 1}
    await until(home, "2027-01-01 21:00")
    await practise(home)
    # What was recent is past by now, and is gone through once.
    assert asked["lived"] == 1


def test_on_a_day_before_the_recent_months_all_of_them_are_looked_at() -> None:
    """A clock that was wrong at a start: what seemed long ago is yet to come."""
    totals = Totals.of(days("2026-11-01", 20))
    today = date(2026, 11, 10)
    for recent in ("", "2027-01"):
        streak = Streaks().streak(totals, today, (), recent)
        assert streak == totals.streak(today)
        assert streak.days == 10


async def test_a_session_more_is_what_all_of_them_come_to(home: Home) -> None:
    """A plan that goes on from session to session must not drift from the records."""
    entry = await add_mat(home.hass)
    for _ in range(4):
        await practise(home)
    known = practice_of(entry)
    records = await home.records(entry)
    assert list(known.recent) == records
    assert len(records) == 4
    plan = Plan(experience=Experience.NEW, cap=timedelta(minutes=40))
    assert known.plan() == next_duration(records, plan, known.today)
    # What was added late goes where it belongs.
    early = record("2026-11-20 21:00", 20, reason=Reason.PAIN)
    await known.async_add(early)
    assert [r.id for r in known.recent] == [early.id, *(r.id for r in records)]
    assert known.plan() == next_duration([early, *records], plan, known.today)


async def test_without_a_streak_there_is_none(home: Home) -> None:
    """Some people do not want to be counted."""
    entry = await add_mat(home.hass, streak=False)
    told = listen(entry)
    await practise(home)
    assert practice_of(entry).streak is None
    assert [name for name, _ in told] == []


async def test_a_vacation_pauses_it(home: Home) -> None:
    """Announced before, it costs nothing."""
    entry = await add_mat(
        home.hass, vacation_from="2026-11-12", vacation_until="2026-11-21"
    )
    await practice_of(entry).async_change([], days("2026-11-08", 4))
    await practise(home)
    assert practice_of(entry).streak.days == 5  # type: ignore[union-attr]


async def test_minutes_of_the_week_and_relief_of_two_weeks(home: Home) -> None:
    """The week began in the month before; relief counts what was answered."""
    home.freezer.move_to(at("2026-12-02 20:00"))
    entry = await add_mat(home.hass)
    practice = practice_of(entry)
    assert practice.pain_relief is None
    await practice.async_change(
        [],
        [
            record(at("2026-11-17 21:00"), 20, before=10, after=0),
            record(at("2026-11-29 21:00"), 20, before=6, after=3),
            record(at("2026-11-30 21:00"), 20, before=4, after=5),
            record(at("2026-12-01 21:00"), 10, before=4),
        ],
    )
    assert practice.minutes_week == 30
    assert practice.pain_relief == 1


# -- what it tells -------------------------------------------------------------


def listen(entry: MockConfigEntry) -> list[tuple[str, dict[str, Any]]]:
    """Note what happens in a practice."""
    told: list[tuple[str, dict[str, Any]]] = []
    practice_of(entry).async_listen(lambda *what: told.append(what))
    return told


async def test_it_tells_what_a_session_brought(home: Home) -> None:
    """Each thing once: the plan's step, the goal, the streak, the rating."""
    entry = await add_mat(home.hass, routine(session={"duration": None}), goal=3)
    mat = {"mat": "Anna's mat"}
    await practice_of(entry).async_change([], days("2026-11-20", 2, 5))
    told = listen(entry)
    await practise(home, minutes=6.1)
    assert told == [
        ("plan_changed", {**mat, "minutes": 6, "why": "step_up"}),
        ("goal_reached", {**mat, "days": 3, "goal": 3}),
        ("streak_reached", {**mat, "days": 3}),
    ]
    told.clear()
    await tell(home, 2)
    (rated,) = told
    assert rated[0] == "rated"
    assert rated[1]["pain_after"] == 2
    await practise(home, minutes=6.1)
    assert len(told) == 1


async def test_who_listens_to_changes_hears_what_was_and_what_is(home: Home) -> None:
    """What really was: a record written again after a kill is not one more."""
    entry = await add_mat(home.hass)
    practice, heard = practice_of(entry), []
    practice.on_changed.append(lambda *both: heard.append(tuple(map(tuple, both))))
    one = record(at("2026-11-20 21:00"), id="one")
    await practice.async_add(one)
    await practice.async_add(one)
    length = timedelta(minutes=25)
    longer = replace(one, elapsed=length, ended_at=one.started_at + length)
    await practice.async_add(longer)
    await practice.async_change([one], [])
    await practice.async_change([one], [])
    assert heard == [
        ((), (one,)),
        ((), (one,)),
        ((one,), (longer,)),
        ((longer,), ()),
        ((), ()),
    ]
    assert practice.totals.sessions == 0


async def test_who_listens_may_stop(home: Home) -> None:
    """An entity that is gone hears nothing."""
    entry = await add_mat(home.hass)
    told: list[str] = []
    stop = practice_of(entry).async_listen(lambda what, _data: told.append(what))
    stop()
    await practise(home)
    assert told == []


# -- imports and insights ------------------------------------------------------


async def test_an_import_replaces_what_was_moved_since_the_export(home: Home) -> None:
    """The same id in another month is the same record, not one more."""
    entry = await add_mat(home.hass)
    practice = practice_of(entry)
    exported = [record(at(f"2026-0{n}-15 21:00"), id=f"{n}") for n in range(1, 10)]
    await practice.async_change([], exported)
    moved = replace(exported[3], started_at=at("2026-11-15 21:00"))
    moved = replace(moved, ended_at=at("2026-11-15 21:20"))
    await practice.async_change([exported[3]], [moved])
    await practice.async_import(exported)
    assert await home.records(entry) == exported
    assert practice.totals.sessions == 9
    await practice.async_import([*exported, *exported])
    assert practice.totals.sessions == 9


async def test_insights_look_at_one_year(home: Home) -> None:
    """Of what a body was years ago, nothing follows for today."""
    entry = await add_mat(home.hass)
    practice = practice_of(entry)
    old = [record(at(f"2024-03-{n:02} 21:00"), before=9, after=1) for n in range(1, 29)]
    new = [record(at(f"2026-11-{n:02} 21:00"), before=5, after=5) for n in range(1, 20)]
    await practice.async_change([], [*old, *new])
    await practice.async_set_worst_pain(5)
    found = await practice.async_insights()
    assert found.relief.count == 19
    assert found.worst_pain.count == 1


# -- the disk ------------------------------------------------------------------


async def test_what_is_known_is_healed_by_the_records(home: Home) -> None:
    """Totals that cannot be are counted anew, the plan replayed."""
    entry = await add_mat(home.hass)
    records = days("2026-08-20", 95, 5)
    await practice_of(entry).async_import(records)
    await home.settle()
    minutes = following(entry, *records)
    key = f"{DOMAIN}.{entry.entry_id}"
    damages: list[Callable[[dict[str, Any]], None]] = [
        lambda d: d["practice"].update(totals={"months": [{"month": "x"}]}),
        lambda d: d["practice"].update(checkpoint=7),
        lambda d: d["practice"].clear(),
        lambda d: d["practice"].update({"from": 7}),
    ]
    for damage in damages:
        await home.restart(
            entry,
            meanwhile=lambda damage=damage: damage(home.storage[key]["data"]),  # type: ignore[misc]
        )
        practice = practice_of(entry)
        assert practice.totals.sessions == 95
        assert practice.streak.days == 95  # type: ignore[union-attr]
        assert practice.plan().minutes == minutes  # type: ignore[union-attr]


async def test_what_was_not_yet_settled_is_counted_when_the_mat_s_file_is_lost(
    home: Home,
) -> None:
    """Down for months, and then the file that held the latest of before is gone."""
    entry = await add_mat(home.hass)
    records = days("2026-08-20", 95, 5)
    await practice_of(entry).async_import(records)
    await home.settle()
    key = f"{DOMAIN}.{entry.entry_id}"
    await home.restart(
        entry,
        down=timedelta(days=100),
        meanwhile=lambda: home.storage[key]["data"].update(practice={}),
    )
    assert practice_of(entry).totals.sessions == 95
    assert practice_of(entry).plan().minutes == following(entry, *records)  # type: ignore[union-attr]


async def test_a_session_on_a_full_disk_is_saved_when_there_is_space(
    home: Home,
) -> None:
    """Nobody is asked to practise again because of a full card."""
    entry = await add_mat(home.hass)
    await home.start()
    with no_space():
        await home.wait(minutes=30)
        assert home.state("sensor.anna_s_mat_minutes_today") == "0.0"
        with pytest.raises(NotSaved):
            await practice_of(entry).async_set_worst_pain(7)
        assert practice_of(entry).worst_pain is None
    await home.wait(minutes=5)
    assert home.state("sensor.anna_s_mat_minutes_today") == "20.0"
    (found,) = await home.records(entry)
    assert found.minutes == 20
    await home.restart(entry)
    assert len(await home.records(entry)) == 1


async def test_a_session_that_waits_for_the_disk_is_saved_after_a_restart(
    home: Home,
) -> None:
    """The file of the mat has it until that of the month has: no kill may lose it."""
    entry = await add_mat(home.hass)
    await home.start()
    with no_space(lambda key: key != f"{DOMAIN}.{entry.entry_id}"):
        await home.wait(minutes=30)
    assert await home.records(entry) == []
    await home.restart(entry)
    (found,) = await home.records(entry)
    assert found.minutes == 20
    assert not list(coordinator_of(entry).rooms)


@asynccontextmanager
async def loaded_anew(
    home: Home, entry: MockConfigEntry, *, failing: bool = False
) -> AsyncIterator[None]:
    """Load the mat anew at the end, while a month is being written; it may fail."""
    write, release = File._async_write_data, asyncio.Event()

    async def late(self: File, data: dict[str, Any]) -> None:
        if self.key == f"{DOMAIN}.{entry.entry_id}":
            await write(self, data)
            return
        await release.wait()
        if failing:
            self._failure = OSError("No space left on device")
        else:
            await write(self, data)

    home.patient = False
    with patch.object(File, "_async_write_data", late):
        yield
        loading = asyncio.create_task(
            home.hass.config_entries.async_reload(entry.entry_id)
        )
        await home.settle()
        release.set()
        await home.settle()
    await loading
    home.patient = True
    await home.settle()


async def test_a_change_is_not_lost_when_the_mat_is_loaded_anew_meanwhile(
    home: Home,
) -> None:
    """Whoever reads the journal then reads it as it was changed."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_add(record(dt_util.now(), id="now"))
    before = practice_of(entry)
    async with loaded_anew(home, entry):
        rating = asyncio.create_task(before.async_rate("now", pain_after=3))
        await home.settle()
    await rating
    await practice_of(entry).async_rate("now", tension=1)
    await home.restart(entry)
    (found,) = await home.records(entry)
    assert found.ratings == Ratings(pain_after=3, tension=1)
    with pytest.raises(SessionError, match="mat_not_loaded"):
        await before.async_rate("now", pain_after=5)


async def test_a_session_that_cannot_be_saved_is_handed_over(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """The mat was loaded anew just then: who has it now saves it, and nobody else."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=20)
    async with loaded_anew(home, entry, failing=True):
        await home.finish()
    await home.wait(minutes=10)
    (found,) = await home.records(entry)
    assert found.minutes == 19
    assert home.state("sensor.anna_s_mat_minutes_today") == "19.0"
    assert "Traceback" not in caplog.text


async def test_a_removed_mat_leaves_no_file_that_was_being_written(home: Home) -> None:
    """What is deleted is all that there was."""
    entry = await add_mat(home.hass)
    before, write = practice_of(entry), File._async_write_data
    release = asyncio.Event()

    async def late(self: File, data: dict[str, Any]) -> None:
        await release.wait()
        await write(self, data)

    home.patient = False
    with patch.object(File, "_async_write_data", late):
        adding = asyncio.create_task(before.async_add(record(dt_util.now())))
        await home.settle()
        removing = asyncio.create_task(
            home.hass.config_entries.async_remove(entry.entry_id)
        )
        await home.settle()
        release.set()
        await home.settle()
    await asyncio.gather(adding, removing)
    await home.settle()
    assert not [key for key in home.storage if entry.entry_id in key]


async def test_a_month_s_end_on_a_full_disk_is_made_up_for(home: Home) -> None:
    """Totals that could not be written are counted again at the next start."""
    entry = await add_mat(home.hass)
    await practice_of(entry).async_change([], days("2026-10-01", 50))
    await until(home, "2026-12-01 03:00")
    with no_space():
        await until(home, "2026-12-01 05:00")
    await home.restart(entry)
    assert practice_of(entry).totals.sessions == 50
    assert len(practice_of(entry).recent) == 19


# -- size ----------------------------------------------------------------------


def decade() -> list[Record]:
    """Return ten years of sessions, three a day, up to yesterday."""
    first = at("2016-11-23 07:00").astimezone(UTC)
    return [
        record(start, 20, id=id_at(start), surface=Surface.BED)
        for day in range(3651)
        for n in range(3)
        for start in [first + timedelta(days=day, hours=6 * n)]
    ]


async def work(
    home: Home, entry: MockConfigEntry, do: Callable[[], Awaitable[Any]]
) -> list[tuple[str, int]]:
    """Return which files are written while something is done, with their bytes."""
    written: list[tuple[str, int]] = []
    write = File._async_write_data

    async def note(self: File, data: dict[str, Any]) -> None:
        await write(self, data)
        size = len(json_bytes(home.storage[self.key]))
        written.append((self.key.removeprefix(f"{DOMAIN}.{entry.entry_id}"), size))

    with patch.object(File, "_async_write_data", note):
        await do()
        await home.settle()
    return written


async def test_after_ten_years_a_session_costs_what_it_cost_after_a_month(
    home: Home,
) -> None:
    """11,000 records: the same files, the same number of writes, the same bytes.

    But for those that the plan takes to remember how far one came before.
    """
    records = decade()
    assert len(records) == 10953
    works = []
    for kept in (records[-90:], records):
        entry = await add_mat(home.hass, title=f"Mat of {len(kept)}")
        await practice_of(entry).async_import(kept)
        await home.restart(entry)

        async def session(entry: MockConfigEntry = entry) -> None:
            await practice_of(entry).async_add(record(dt_util.now(), id="now"))

        async def edit(entry: MockConfigEntry = entry) -> None:
            await practice_of(entry).async_rate("now", pain_after=3, notes="fine")

        works.append(
            {
                "session": await work(home, entry, session),
                "edit": await work(home, entry, edit),
            }
        )
        await home.hass.config_entries.async_remove(entry.entry_id)
    month, ten_years = works
    for what in ("session", "edit"):
        assert [name for name, _ in ten_years[what]] == [n for n, _ in month[what]]
        for (_, big), (_, small) in zip(ten_years[what], month[what], strict=True):
            assert abs(big - small) < 300
