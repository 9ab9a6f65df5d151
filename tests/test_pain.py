"""Pain and heart rate, told or measured, and the session that they belong to."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.session.record import Ratings
from custom_components.acupressure_mat.session.session import SessionError

from .home import Home, add_mat, timers
from .practices import PAIN, at, practice_of, practise, tell, until
from .session.records import record

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


async def test_however_often_pain_is_told_it_is_forgotten_once(home: Home) -> None:
    """Else each time told would stay in memory for as long as the mat is loaded."""
    await add_mat(home.hass)
    await home.wait(minutes=1)
    idle = len(timers(home.hass))
    for pain in range(10):
        await tell(home, pain)
        await home.wait(minutes=1)
    assert len(timers(home.hass)) == idle + 1
    await home.wait(minutes=59)
    assert home.state(PAIN) == "9"
    await home.wait(minutes=2)
    assert home.state(PAIN) == "unknown"


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
    await home.settle()
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
