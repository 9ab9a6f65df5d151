"""Plan, streak and totals as a mat lives them, day by day."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.acupressure_mat import practice
from custom_components.acupressure_mat.past import Streaks
from custom_components.acupressure_mat.session.plan import (
    Experience,
    Plan,
    Tip,
    Why,
    next_duration,
    replay,
)
from custom_components.acupressure_mat.session.practice import Totals
from custom_components.acupressure_mat.session.session import Reason

from .home import Home, add_mat, routine
from .practices import at, days, following, practice_of, practise, reload, tell, until
from .session.records import record

# -- plan ----------------------------------------------------------------------


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


async def test_a_clock_that_ran_ahead_does_not_hide_the_journal(home: Home) -> None:
    """Its battery was empty: Home Assistant started in spring, and then heard the time."""
    at_home = dt_util.utcnow()
    home.freezer.move_to(at("2027-03-01 12:00"))
    entry = await add_mat(home.hass)
    home.freezer.move_to(at_home)
    await practise(home)
    await practise(home)
    assert home.state("sensor.anna_s_mat_minutes_today") == "40.0"
    assert [r.minutes for r in practice_of(entry).recent] == [20, 20]


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
