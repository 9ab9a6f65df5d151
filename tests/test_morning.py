"""Whoever falls asleep on the mat is asked how it was the next morning."""

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .forms import MAT, begin_change, fill_in, shown as shown_in
from .home import Home, add_mat, routine
from .phone import PHONE, press, said
from .practices import at, practice_of, until
from .session.records import record

PAIN = "How much does it hurt now, from 0 (not at all) to 10?"
SLEPT = "How well did you sleep, from 0 (not at all) to 10 (very well)?"
CLEAR = "clear_notification"
MORNING = "07:30:00"


async def mat(home: Home, **routine_changes: object) -> MockConfigEntry:
    """Add a mat whose bedtime sessions are asked about in the morning."""
    return await add_mat(
        home.hass,
        routine(**routine_changes),  # type: ignore[arg-type]
        notify=PHONE,
        morning_question=MORNING,
    )


async def practise(home: Home) -> None:
    """Do a session of 20 minutes at 22:00."""
    await home.start()
    await home.wait(minutes=22)


async def test_bedtime_is_asked_about_in_the_morning(
    home: Home, phone: list[ServiceCall]
) -> None:
    """The pain of now, then the night; each where it belongs, and no more."""
    entry = await mat(home)
    await practise(home)
    assert said(phone) == ["Until 22:21.", CLEAR]
    await until(home, "2026-11-23 07:29:59")
    assert len(phone) == 2
    await home.wait(seconds=1)
    assert said(phone)[2:] == [PAIN]
    assert phone[-1].data["title"] == "Bedtime"
    await press(home, phone[-1], "Rate", "3")
    assert said(phone)[3:] == [SLEPT]
    assert phone[-1].data["data"]["actions"][0]["behavior"] == "textInput"
    await press(home, phone[-1], "Answer", "well")
    assert said(phone)[4:] == [f"A whole number, please: h{SLEPT[1:]}"]
    await press(home, phone[-1], "Answer", "8/10")
    assert said(phone)[5:] == [CLEAR]
    (kept,) = await home.records(entry)
    assert (kept.ratings.pain_after, kept.ratings.sleep) == (3, 8)
    # An answer counts once.
    await press(home, phone[4], "Answer", "1")
    (kept,) = await home.records(entry)
    assert kept.ratings.sleep == 8
    await until(home, "2026-11-24 08:00")
    assert len(phone) == 6


async def test_told_in_bed_only_the_night_is_open(
    home: Home, phone: list[ServiceCall]
) -> None:
    """The card asked about pain at once; the answer is there already."""
    entry = await mat(home)
    await practise(home)
    await practice_of(entry).async_rate(pain_after=0)
    await until(home, "2026-11-23 07:30")
    assert said(phone)[2:] == [SLEPT]
    # Said elsewhere, it is asked no longer.
    await practice_of(entry).async_rate(tension=4)
    await home.settle()
    assert len(phone) == 3
    await practice_of(entry).async_rate(sleep=9)
    await home.settle()
    assert said(phone)[3:] == [CLEAR]


@pytest.mark.parametrize("kind", ["morning", "after_work", "custom"])
async def test_other_sessions_are_asked_about_at_once(
    home: Home, phone: list[ServiceCall], kind: str
) -> None:
    """And not again in the morning."""
    entry = await mat(home, kind=kind)
    await practise(home)
    assert said(phone)[1:] == [PAIN]
    await press(home, phone[-1], "Rate", "3")
    assert said(phone)[2:] == [CLEAR]
    await until(home, "2026-11-23 08:00")
    assert len(phone) == 3
    assert (await home.records(entry))[0].ratings.sleep is None


async def test_a_night_after_pain_is_left_alone(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Nobody who was hurt is asked for numbers, next morning either."""
    await mat(home)
    await home.start()
    await home.wait(minutes=6)
    await home.do("stop_session", reason="pain")
    await until(home, "2026-11-23 08:00")
    assert said(phone)[1:] == [CLEAR]


async def test_it_is_about_the_last_night_and_no_other(
    home: Home, phone: list[ServiceCall]
) -> None:
    """A day without practice has nothing to ask; a nap after it is no night."""
    entry = await mat(home)
    await practice_of(entry).async_change(
        [],
        [
            record(at("2026-11-21 22:00"), 20, kind="bedtime"),
            record(at("2026-11-22 14:00"), 20, kind="custom"),
        ],
    )
    await until(home, "2026-11-23 08:00")
    assert phone == []


async def test_who_is_on_the_mat_by_then_is_not_asked(
    home: Home, phone: list[ServiceCall]
) -> None:
    """The notification is that of the session which runs."""
    await mat(home)
    await practise(home)
    await until(home, "2026-11-23 07:20")
    await home.start()
    await until(home, "2026-11-23 07:35")
    assert said(phone)[2:] == ["Until 07:41."]


async def test_after_a_restart_in_the_night_it_is_asked_all_the_same(
    home: Home, phone: list[ServiceCall]
) -> None:
    """And the answer counts after one more."""
    entry = await mat(home)
    await practise(home)
    await home.restart(entry)
    await practice_of(entry).async_rate(pain_after=1)
    await until(home, "2026-11-23 07:30")
    assert said(phone)[-1] == SLEPT
    await home.restart(entry)
    await press(home, phone[-1], "Answer", "7")
    assert (await home.records(entry))[0].ratings.sleep == 7


async def test_the_form_keeps_the_hour_and_forgets_it(
    hass: HomeAssistant, home: Home, phone: list[ServiceCall]
) -> None:
    """Empty, it is asked at once again."""
    entry = await add_mat(hass)
    form = await begin_change(hass, entry)
    assert "morning_question" not in shown_in(form)
    result = await fill_in(hass, form, {**MAT, "morning_question": MORNING})
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.ABORT
    form = await begin_change(hass, entry)
    assert shown_in(form)["morning_question"] == MORNING
    await fill_in(hass, form, MAT)
    await hass.async_block_till_done()
    assert "morning_question" not in entry.data
