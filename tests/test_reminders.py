"""A schedule asks, or starts, when a routine is due; a phone answers by its buttons."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from homeassistant.components import persistent_notification
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    EVENT_CORE_CONFIG_UPDATE,
    WEEKDAYS as EVERY_DAY,
    Platform,
)
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.acupressure_mat.coordinator import Upcoming
from custom_components.acupressure_mat.phone import PRESSED
from custom_components.acupressure_mat.reminders import store
from custom_components.acupressure_mat.session.session import Outcome, Source

from .home import Home, add_mat, coordinator_of, routine
from .phone import (
    PHONE,
    add_phone,
    add_phone_out_of_reach,
    notify_elsewhere,
    press,
    said,
)

# The home begins on Sunday 2026-11-22 at 22:00 in Berlin.
AT_TEN_PAST = {"days": EVERY_DAY, "time": "22:10:00"}


def notifications(hass: HomeAssistant) -> dict[str, Any]:
    """Return what Home Assistant shows itself."""
    return dict(persistent_notification._async_get_or_create_notifications(hass))


async def mat(home: Home, schedule: dict[str, Any], **data: Any) -> MockConfigEntry:
    """Add a mat whose bedtime routine has a schedule, notifying a phone."""
    return await add_mat(
        home.hass, routine(schedule=schedule), **{"notify": PHONE, **data}
    )


def upcoming(home: Home, entry: MockConfigEntry, **span: float) -> list[Upcoming]:
    now = datetime.now(UTC)
    return list(coordinator_of(entry).upcoming(now, now + timedelta(**span)))


# -- the question --------------------------------------------------------------


async def test_it_asks_when_it_is_due(home: Home, phone: list[ServiceCall]) -> None:
    """At its minute, not before; with three buttons, and nothing starts."""
    entry = await mat(home, AT_TEN_PAST)
    await home.wait(minutes=9, seconds=59)
    assert phone == []
    await home.wait(seconds=1)
    (call,) = phone
    assert call.data["title"] == "Bedtime"
    assert call.data["message"] == "It is time for your session."
    data = call.data["data"]
    assert [a["title"] for a in data["actions"]] == ["Start", "In 15 min", "Not today"]
    assert data["timeout"] == timedelta(hours=5, minutes=50).total_seconds()
    assert coordinator_of(entry).session is None


async def test_at_night_the_question_is_silent(
    home: Home, phone: list[ServiceCall]
) -> None:
    """After ten in the evening no phone makes a sound; during the day it may."""
    await mat(home, AT_TEN_PAST)
    await home.wait(minutes=10)
    assert phone[0].data["data"]["importance"] == "low"
    assert phone[0].data["data"]["push"] == {
        "sound": "none",
        "interruption-level": "passive",
    }


async def test_by_day_the_question_may_be_heard(
    home: Home, phone: list[ServiceCall]
) -> None:
    """A channel keeps how loud it first was, so the loud one is another."""
    await mat(home, {"days": EVERY_DAY, "time": "07:00:00"})
    await home.wait(hours=9)
    data = phone[0].data["data"]
    assert (data["channel"], data["importance"]) == ("Acupressure mat", "default")
    assert "push" not in data


async def test_start_starts(home: Home, phone: list[ServiceCall]) -> None:
    """The session says where it came from, and the question goes away."""
    entry = await mat(home, AT_TEN_PAST)
    await home.wait(minutes=10)
    await press(home, phone[0], "Start")
    session = coordinator_of(entry).session
    assert session is not None
    assert (session.routine.name, session.source) == ("Bedtime", Source.NOTIFICATION)
    assert phone[1].data["message"] == "clear_notification"
    assert phone[1].data["data"]["tag"] == phone[0].data["data"]["tag"]


async def test_start_that_cannot_be_is_refused_where_it_was_pressed(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Another routine runs: the question says so and stays, for when it is over."""
    entry = await add_mat(
        home.hass,
        routine(schedule=AT_TEN_PAST),
        routine("Stretching", kind="custom"),
        notify=PHONE,
    )
    await home.wait(minutes=10)
    question = phone[0]
    await home.start("switch.stretching_session")
    await press(home, question, "Start")
    session = coordinator_of(entry).session
    assert session is not None
    assert session.routine.name == "Stretching"
    refused = phone[-1].data
    assert refused["message"] == (
        "Stretching is running on this mat. Finish it before you start another session."
        " It is time for your session."
    )
    assert refused["data"]["tag"] == question.data["data"]["tag"]
    assert refused["data"]["actions"] == question.data["data"]["actions"]
    await home.finish("switch.stretching_session")
    await press(home, question, "Start")
    session = coordinator_of(entry).session
    assert session is not None
    assert session.routine.name == "Bedtime"


async def test_in_15_minutes_it_asks_again(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Once, and the old question answers nothing any more."""
    entry = await mat(home, AT_TEN_PAST)
    await home.wait(minutes=10)
    await press(home, phone[0], "In 15 min")
    assert said(phone)[1:] == ["clear_notification"]
    await home.wait(minutes=14, seconds=59)
    assert len(phone) == 2
    await home.wait(seconds=1)
    assert said(phone)[2:] == ["It is time for your session."]
    await press(home, phone[0], "Start")
    assert coordinator_of(entry).session is None
    await press(home, phone[2], "Start")
    assert coordinator_of(entry).session is not None


async def test_not_today_counts_for_today_only(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Quiet until tomorrow, then as ever."""
    await mat(home, AT_TEN_PAST)
    await home.wait(minutes=10)
    await press(home, phone[0], "Not today")
    await home.wait(hours=23, minutes=59)
    assert said(phone)[1:] == ["clear_notification"]
    await home.wait(minutes=1)
    assert said(phone)[2:] == ["It is time for your session."]


async def test_an_unanswered_question_goes_when_the_day_does(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Nobody is started on in the morning by yesterday's button."""
    entry = await mat(home, AT_TEN_PAST)
    await home.wait(hours=6)
    assert said(phone)[1:] == ["clear_notification"]
    await press(home, phone[0], "Start")
    assert coordinator_of(entry).session is None


async def test_buttons_of_another_mat_are_not_ours(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Two mats on one phone: each button knows its own."""
    anna = await mat(home, AT_TEN_PAST)
    ben = await add_mat(
        home.hass, routine("Evening", schedule=AT_TEN_PAST), title="Ben's", notify=PHONE
    )
    await home.wait(minutes=10)
    call = next(call for call in phone if call.data["title"] == "Evening")
    await press(home, call, "Start")
    assert coordinator_of(anna).session is None
    assert coordinator_of(ben).session is not None


async def test_other_buttons_are_left_alone(
    home: Home, phone: list[ServiceCall]
) -> None:
    """The event is everybody's: what others send must not disturb."""
    entry = await mat(home, AT_TEN_PAST)
    await home.wait(minutes=10)
    for action in ("ALARM", "a:b:c:d", f"acupressure_mat:fly:{entry.entry_id}:x", None):
        home.hass.bus.async_fire(PRESSED, {"action": action})
    await home.settle()
    assert coordinator_of(entry).session is None
    assert len(phone) == 1


# -- whether it is wanted ------------------------------------------------------


async def test_no_reminder_when_today_is_done(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Done before it was due, by another routine of the same kind."""
    await add_mat(
        home.hass,
        routine(schedule={"days": EVERY_DAY, "time": "23:00:00"}),
        routine("Short", session={"duration": 5}),
        notify=PHONE,
    )
    await home.start("switch.short_session")
    await home.wait(minutes=70)
    assert "It is time for your session." not in said(phone)
    await home.wait(hours=24)
    assert said(phone).count("It is time for your session.") == 1


async def test_a_session_of_another_kind_does_not_count(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Who practised after work still wants to be reminded at bedtime."""
    await add_mat(
        home.hass,
        routine(schedule={"days": EVERY_DAY, "time": "23:00:00"}),
        routine("Sofa", kind="after_work", session={"duration": 5}),
        notify=PHONE,
    )
    await home.start("switch.sofa_session")
    await home.wait(minutes=60)
    assert "It is time for your session." in said(phone)


async def test_nobody_on_the_mat_is_asked_to_lie_down(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Started five minutes early."""
    await mat(home, AT_TEN_PAST)
    await home.wait(minutes=5)
    await home.start()
    await home.wait(minutes=30)
    assert "It is time for your session." not in said(phone)


async def test_started_by_hand_the_question_goes(
    home: Home, phone: list[ServiceCall]
) -> None:
    """The switch is an answer, too."""
    await mat(home, AT_TEN_PAST)
    await home.wait(minutes=10)
    await home.start()
    assert "clear_notification" in said(phone)


async def test_never_on_vacation(home: Home, phone: list[ServiceCall]) -> None:
    """Neither a question nor an entry in the calendar; afterwards as before."""
    entry = await mat(
        home, AT_TEN_PAST, vacation_from="2026-11-22", vacation_until="2026-11-23"
    )
    assert [due.start.day for due in upcoming(home, entry, days=4)] == [24, 25]
    await home.wait(hours=47)
    assert phone == []
    await home.wait(hours=2)
    assert said(phone) == ["It is time for your session."]


@pytest.mark.parametrize(
    ("begin", "away", "times"),
    [
        pytest.param(
            "2026-03-27T12:00+01:00",
            ("2026-03-28", "2026-03-29"),
            # On Sunday 02:30 would not have existed, and be Saturday's evening still.
            ["28T02:30+01:00", "31T02:30+02:00", "01T02:30+02:00"],
            id="into summer time",
        ),
        pytest.param(
            "2026-10-23T12:00+02:00",
            ("2026-10-24", "2026-10-25"),
            ["24T02:30+02:00", "27T02:30+01:00", "28T02:30+01:00"],
            id="out of summer time",
        ),
        pytest.param(
            "2026-10-24T12:00+02:00",
            ("2026-10-25", "2026-10-25"),
            # The night that has 02:30 twice is that of the last day at home.
            ["25T02:30+02:00", "27T02:30+01:00", "28T02:30+01:00", "29T02:30+01:00"],
            id="away from the morning after on",
        ),
    ],
)
async def test_a_vacation_with_a_change_of_the_clocks(
    home: Home,
    phone: list[ServiceCall],
    begin: str,
    away: tuple[str, str],
    times: list[str],
) -> None:
    """Its days are days of the mat, however many hours they have; none is left over."""
    home.freezer.move_to(begin)
    entry = await mat(
        home,
        {"days": EVERY_DAY, "time": "02:30:00"},
        vacation_from=away[0],
        vacation_until=away[1],
    )
    shown = [
        due.start.isoformat(timespec="minutes")[8:]
        for due in upcoming(home, entry, days=5)
    ]
    assert shown == times
    told = []
    for _ in range(5 * 24 * 2):
        count = len(said(phone))
        await home.wait(minutes=30)
        if "It is time for your session." in said(phone)[count:]:
            told.append(dt_util.now().isoformat(timespec="minutes")[8:])
    assert told == times


# -- starting by itself --------------------------------------------------------


async def test_it_starts_by_itself_where_it_may(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Without a linked person nobody has to be at home."""
    entry = await mat(home, {**AT_TEN_PAST, "mode": "start"})
    await home.wait(minutes=10)
    session = coordinator_of(entry).session
    assert session is not None
    assert session.source is Source.SCHEDULE
    assert "It is time for your session." not in said(phone)


@pytest.mark.parametrize(
    ("state", "starts", "asks"),
    [
        pytest.param("home", True, False, id="at home it starts"),
        pytest.param("not_home", False, False, id="away nothing happens"),
        pytest.param("Work", False, False, id="in another zone neither"),
        pytest.param("unknown", False, True, id="nobody knows, so it asks"),
        pytest.param(None, False, True, id="a person who is gone is asked"),
    ],
)
async def test_it_starts_only_with_its_person_at_home(
    home: Home, phone: list[ServiceCall], state: str | None, starts: bool, asks: bool
) -> None:
    """A diffuser in an empty flat would be the worst of all starts."""
    if state is not None:
        home.hass.states.async_set("person.anna", state)
    entry = await mat(home, {**AT_TEN_PAST, "mode": "start"}, person="person.anna")
    await home.wait(minutes=10)
    assert (coordinator_of(entry).session is not None) is starts
    assert ("It is time for your session." in said(phone)) is asks


async def test_it_starts_once_a_day(home: Home, phone: list[ServiceCall]) -> None:
    """Stopped by hand it does not come back; tomorrow it does."""
    entry = await mat(home, {**AT_TEN_PAST, "mode": "start"})
    await home.wait(minutes=15)
    await home.finish()
    await home.wait(hours=2)
    assert coordinator_of(entry).session is None
    await home.wait(hours=21, minutes=56)
    assert coordinator_of(entry).session is not None
    assert len(await home.records(entry)) == 1


# -- other times than usual ----------------------------------------------------


@pytest.mark.parametrize(
    ("evening", "expected"),
    [
        # 02:30 does not exist: it happens at 03:00, summer time.
        pytest.param("2026-03-28T22:00", "2026-03-29T01:00", id="gap"),
        # 02:30 comes twice: it happens the first time.
        pytest.param("2026-10-24T22:00", "2026-10-25T00:30", id="twice"),
    ],
)
async def test_when_clocks_change_it_asks_once(
    home: Home, phone: list[ServiceCall], evening: str, expected: str
) -> None:
    """Neither skipped nor doubled, by the clock on the wall."""
    home.freezer.move_to(evening)
    await mat(home, {"days": EVERY_DAY, "time": "02:30:00"})
    due = datetime.fromisoformat(expected).replace(tzinfo=UTC)
    wait = due - datetime.now(UTC)
    await home.wait(seconds=wait.total_seconds() - 1)
    assert phone == []
    await home.wait(seconds=1)
    assert len(phone) == 1
    await home.wait(hours=3)
    assert said(phone).count("It is time for your session.") == 1


async def test_it_is_due_so_long_before_the_alarm(
    home: Home, phone: list[ServiceCall]
) -> None:
    """The alarm is moved twice; only what it says last counts, and only once."""
    home.hass.states.async_set("sensor.alarm", "2026-11-23T05:30:00+00:00")
    entry = await mat(
        home, {"sensor": "sensor.alarm", "before": {"hours": 8}, "mode": "ask"}
    )
    (due,) = upcoming(home, entry, hours=8)
    assert due.start == datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
    home.hass.states.async_set("sensor.alarm", "2026-11-23T06:00:00+00:00")
    await home.settle()
    (due,) = upcoming(home, entry, hours=8)
    assert due.start == datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
    home.hass.states.async_set("sensor.alarm", "2026-11-23T05:15:00+00:00")
    await home.wait(minutes=15)
    assert len(phone) == 1
    home.hass.states.async_set("sensor.alarm", "2026-11-23T06:00:00+00:00")
    await home.wait(hours=2)
    assert said(phone) == ["It is time for your session."]


@pytest.mark.parametrize(
    "state",
    [
        "unknown",
        "unavailable",
        "06:30",
        "",
        # "None" of one program, and "never" of another.
        "0001-01-01T00:00:00+00:00",
        "9999-12-31T23:59:59+00:00",
    ],
)
async def test_an_alarm_that_tells_nothing_is_no_alarm(
    home: Home, phone: list[ServiceCall], state: str
) -> None:
    """And one that is switched off again is none any more."""
    home.hass.states.async_set("sensor.alarm", "2026-11-23T05:15:00+00:00")
    entry = await mat(home, {"sensor": "sensor.alarm", "before": {"hours": 8}})
    assert len(upcoming(home, entry, hours=8)) == 1
    home.hass.states.async_set("sensor.alarm", state)
    await home.wait(hours=1)
    assert upcoming(home, entry, hours=8) == []
    assert phone == []


async def test_in_another_time_zone_the_wall_clock_counts(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Home Assistant moves to London: ten past ten is an hour later."""
    await mat(home, AT_TEN_PAST)
    await home.hass.config.async_set_time_zone("Europe/London")
    home.hass.bus.async_fire(EVENT_CORE_CONFIG_UPDATE)
    await home.wait(minutes=60)
    assert phone == []
    await home.wait(minutes=10)
    assert len(phone) == 1


# -- restarts ------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["ask", "start"])
async def test_missed_while_down_it_only_offers_quietly(
    home: Home, phone: list[ServiceCall], mode: str
) -> None:
    """No late start; one offer, not another after the next restart."""
    entry = await mat(home, {**AT_TEN_PAST, "mode": mode})
    await home.wait(minutes=5)
    await home.restart(entry, down=timedelta(hours=1))
    assert coordinator_of(entry).session is None
    (call,) = phone
    assert call.data["message"].startswith("It was time at 22:10")
    assert call.data["data"]["importance"] == "low"
    await home.restart(entry)
    assert len(phone) == 1
    await press(home, call, "Start")
    assert coordinator_of(entry).session is not None


async def test_missed_yesterday_it_says_nothing(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Down for two days and up in the afternoon: today's is still to come."""
    entry = await mat(home, AT_TEN_PAST)
    await home.wait(minutes=5)
    await home.restart(entry, down=timedelta(days=2) - timedelta(hours=5))
    assert phone == []
    assert upcoming(home, entry, hours=6)[0].start.day == 24


async def test_down_over_several_days_only_today_is_offered(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Missed were Sunday, Monday and Tuesday; it is Tuesday evening."""
    entry = await mat(home, AT_TEN_PAST)
    await home.restart(entry, down=timedelta(days=2, hours=1))
    assert len(phone) == 1
    assert upcoming(home, entry, hours=25)[0].start.day == 25


async def test_restarted_in_the_very_minute_it_is_on_time(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Changing a setting loads the mat anew; that must not swallow a start."""
    entry = await mat(home, {**AT_TEN_PAST, "mode": "start"})
    await home.wait(minutes=9, seconds=50)
    await home.restart(entry, kill=False, down=timedelta(seconds=30))
    assert coordinator_of(entry).session is not None


async def test_an_open_question_answers_after_a_restart(
    home: Home, phone: list[ServiceCall]
) -> None:
    """The phone still shows it."""
    entry = await mat(home, AT_TEN_PAST)
    await home.wait(minutes=11)
    await home.restart(entry)
    assert len(phone) == 1
    await press(home, phone[0], "Start")
    assert coordinator_of(entry).session is not None


async def test_an_open_question_has_the_name_of_now(
    home: Home, phone: list[ServiceCall]
) -> None:
    """In place and without a sound; the buttons of before answer it, too."""
    entry = await mat(home, {"days": EVERY_DAY, "time": "10:00:00"})
    await home.wait(hours=12)
    home.hass.config_entries.async_update_subentry(
        entry, entry.subentries["bedtime"], title="Lunch"
    )
    await home.settle()
    old, new = phone
    assert (old.data["title"], new.data["title"]) == ("Bedtime", "Lunch")
    assert old.data["message"] == new.data["message"]
    assert old.data["data"]["actions"] == new.data["data"]["actions"]
    assert old.data["data"]["tag"] == new.data["data"]["tag"]
    sounds = [call.data["data"]["importance"] for call in phone]
    assert sounds == ["default", "low"]
    await home.restart(entry)
    assert len(phone) == 2
    await press(home, old, "Start")
    session = coordinator_of(entry).session
    assert session is not None
    assert session.routine.name == "Lunch"


async def test_an_open_question_goes_to_another_phone(
    home: Home, phone: list[ServiceCall]
) -> None:
    """A question on the phone before that nobody takes away, and none on this one."""
    entry = await mat(home, {"days": EVERY_DAY, "time": "10:00:00"})
    new = add_phone(home.hass, "mobile_app_new")
    await home.wait(hours=12)
    (old,) = phone
    await notify_elsewhere(home, entry, "mobile_app_new")
    tag = old.data["data"]["tag"]
    assert said(phone[1:]) == ["clear_notification"] * 2
    assert tag in {call.data["data"]["tag"] for call in phone[1:]}
    (call,) = new
    assert call.data["message"] == old.data["message"]
    assert call.data["data"]["actions"] == old.data["data"]["actions"]
    assert call.data["data"]["importance"] == "low"
    await home.hass.config_entries.async_reload(entry.entry_id)
    await home.settle()
    assert len(new) == 1
    await press(home, call, "Start")
    assert coordinator_of(entry).session is not None


async def test_an_open_question_goes_to_the_first_phone_and_back(home: Home) -> None:
    """In Home Assistant and on the phone at once, or nowhere."""
    entry = await add_mat(home.hass, routine(schedule=AT_TEN_PAST))
    new = add_phone(home.hass, "mobile_app_new")
    await home.wait(minutes=11)
    shown = notifications(home.hass)
    assert list(shown) == ["acupressure_mat_bedtime"]
    await notify_elsewhere(home, entry, "mobile_app_new")
    assert notifications(home.hass) == {}
    (call,) = new
    assert call.data["data"]["tag"] == "acupressure_mat_bedtime"
    await notify_elsewhere(home, entry, None)
    assert said(new[1:]) == ["clear_notification"] * 2
    assert list(notifications(home.hass)) == ["acupressure_mat_bedtime"]


async def test_an_offer_that_was_late_stays_one_under_another_name(
    home: Home, phone: list[ServiceCall]
) -> None:
    """It says when it was due, and not that it is time now."""
    entry = await mat(home, AT_TEN_PAST)
    await home.restart(entry, down=timedelta(hours=1))
    home.hass.config_entries.async_update_subentry(
        entry, entry.subentries["bedtime"], title="Night"
    )
    await home.settle()
    assert [call.data["title"] for call in phone] == ["Bedtime", "Night"]
    assert len(set(said(phone))) == 1
    assert said(phone)[0].startswith("It was time at 22:10")


async def test_in_15_minutes_holds_through_a_restart(
    home: Home, phone: list[ServiceCall]
) -> None:
    """It asks then, although it was asked before."""
    entry = await mat(home, AT_TEN_PAST)
    await home.wait(minutes=10)
    await press(home, phone[0], "In 15 min")
    await home.restart(entry)
    await home.wait(minutes=15)
    assert said(phone).count("It is time for your session.") == 2


async def test_another_time_on_the_same_day_asks_anew(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Whoever tries out a schedule changes it and waits for the question."""
    entry = await mat(home, AT_TEN_PAST)
    await home.wait(minutes=11)
    home.hass.config_entries.async_update_subentry(
        entry,
        entry.subentries["bedtime"],
        data={
            **entry.subentries["bedtime"].data,
            "schedule": {"days": EVERY_DAY, "time": "22:20:00"},
        },
    )
    await home.settle()
    await home.wait(minutes=9)
    assert said(phone).count("It is time for your session.") == 2


async def test_a_removed_routine_takes_its_question_away_once(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Not again at each start, for as long as no other routine has a schedule."""
    scheduled, other = routine(schedule=AT_TEN_PAST), routine("Nap", kind="custom")
    entry = await add_mat(home.hass, scheduled, other, notify=PHONE)
    await home.wait(minutes=11)
    home.hass.config_entries.async_remove_subentry(entry, "bedtime")
    await home.settle()
    assert said(phone)[1:] == ["clear_notification"]
    await home.restart(entry)
    assert len(phone) == 2


@pytest.mark.parametrize("platform", ["button", "switch"])
async def test_a_routine_that_is_removed_while_its_mat_is_loaded(
    home: Home, phone: list[ServiceCall], platform: Platform
) -> None:
    """Two removed one after the other: without a guard the mat failed until a restart."""
    entry = await add_mat(
        home.hass,
        routine(schedule=AT_TEN_PAST),
        routine("Second", schedule=AT_TEN_PAST),
        routine("Third", schedule=AT_TEN_PAST),
        notify=PHONE,
    )
    entries = home.hass.config_entries
    forward = entries.async_forward_entry_setups

    async def remove_meanwhile(entry: MockConfigEntry, platforms: list[str]) -> None:
        if platforms == [platform] and "third" in entry.subentries:
            entries.async_remove_subentry(entry, "third")
        await forward(entry, platforms)

    with patch.object(entries, "async_forward_entry_setups", remove_meanwhile):
        entries.async_remove_subentry(entry, "second")
        await home.settle()
    assert entry.state is ConfigEntryState.LOADED
    assert home.state("calendar.anna_s_mat_journal") == "off"
    await home.wait(minutes=10)
    shown = [call.data["title"] for call in phone if "title" in call.data]
    assert shown == ["Bedtime"]
    await home.start()
    assert home.state("calendar.anna_s_mat_journal") == "on"


async def test_a_removed_mat_leaves_no_file(home: Home) -> None:
    """Nor a timer."""
    entry = await mat(home, AT_TEN_PAST)
    await home.wait(minutes=1)
    key = store(home.hass, entry.entry_id).key
    assert key in home.storage
    await home.hass.config_entries.async_remove(entry.entry_id)
    await home.settle()
    assert key not in home.storage


async def test_a_removed_mat_takes_away_what_it_shows(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Question and session, wherever they are: nobody would hear their buttons."""
    entry = await mat(home, AT_TEN_PAST)
    await home.wait(minutes=11)
    await home.start()
    phone.clear()
    await home.hass.config_entries.async_remove(entry.entry_id)
    await home.settle()
    assert said(phone) == ["clear_notification"] * 2
    assert {call.data["data"]["tag"] for call in phone} == {
        f"acupressure_mat_{entry.entry_id}",
        "acupressure_mat_bedtime",
    }


async def test_a_removed_mat_without_a_phone_takes_its_question_away(
    home: Home,
) -> None:
    """That of another mat stays."""
    schedule = AT_TEN_PAST
    await add_mat(home.hass, routine("Evening", schedule=schedule), title="Ben's mat")
    entry = await add_mat(home.hass, routine(schedule=schedule))
    await home.wait(minutes=11)
    assert len(notifications(home.hass)) == 2
    await home.hass.config_entries.async_remove(entry.entry_id)
    await home.settle()
    assert list(notifications(home.hass)) == ["acupressure_mat_evening"]


@pytest.mark.parametrize(
    "nonsense",
    [{"data": {"bedtime": {"due": 7}}}, {"data": ["bedtime"]}, {"version": 2}],
    ids=str,
)
async def test_a_file_of_nonsense_is_begun_anew(
    home: Home, phone: list[ServiceCall], nonsense: dict[str, Any]
) -> None:
    """Or one of a newer version. It is only reminders, and the mat is more."""
    entry = await mat(home, AT_TEN_PAST)
    await home.wait(minutes=1)
    home.storage[store(home.hass, entry.entry_id).key] |= nonsense
    await home.restart(entry)
    await home.wait(minutes=10)
    assert len(phone) == 1


# -- without a phone -----------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"notify": None}, id="none chosen"),
        pytest.param({"notify": "notify.mobile_app_sold"}, id="it was removed"),
    ],
)
async def test_without_a_phone_home_assistant_shows_it(
    home: Home, data: dict[str, Any]
) -> None:
    """Words that need no buttons; gone once the session starts."""
    await mat(home, AT_TEN_PAST, **data)
    await home.wait(minutes=10)
    (shown,) = notifications(home.hass).values()
    assert shown["title"] == "Bedtime"
    assert shown["message"] == (
        "It is time for your session. Start it on its dashboard, by voice or with its"
        " switch."
    )
    await home.start()
    assert notifications(home.hass) == {}


@pytest.mark.parametrize("error", [None, ConnectionError("refused")], ids=repr)
async def test_a_phone_that_cannot_be_reached_is_no_harm(
    home: Home, error: Exception | None
) -> None:
    """Then Home Assistant shows it itself, whatever an integration raises."""
    add_phone_out_of_reach(home.hass, error)
    await mat(home, AT_TEN_PAST)
    await home.wait(minutes=10)
    assert len(notifications(home.hass)) == 1


async def test_a_notify_entity_out_of_reach_is_no_harm(home: Home) -> None:
    """Home Assistant would pass over it in silence, and nobody would be asked."""
    calls = async_mock_service(home.hass, "notify", "send_message")
    home.hass.states.async_set("notify.speaker", "unavailable")
    await mat(home, AT_TEN_PAST, notify="notify.speaker")
    await home.wait(minutes=10)
    assert calls == []
    assert len(notifications(home.hass)) == 1


async def test_a_notify_entity_gets_plain_words(home: Home) -> None:
    """It takes a title and a message; a tag or buttons it would refuse."""
    calls = async_mock_service(home.hass, "notify", "send_message")
    home.hass.states.async_set("notify.speaker", "unknown")
    await mat(home, AT_TEN_PAST, notify="notify.speaker")
    await home.wait(minutes=10)
    (call,) = calls
    assert set(call.data) == {"title", "message", "entity_id"}
    assert call.data["entity_id"] == "notify.speaker"
    assert "dashboard" in call.data["message"]
    assert notifications(home.hass) == {}


# -- the calendar's hook -------------------------------------------------------


async def test_what_is_to_come_is_known(home: Home, phone: list[ServiceCall]) -> None:
    """Its days, its length; today's no more once it was asked about."""
    entry = await mat(home, {"days": ["sun", "tue"], "time": "22:10:00"})
    assert [
        (due.start.day, due.end - due.start) for due in upcoming(home, entry, days=8)
    ] == [
        (22, timedelta(minutes=20)),
        (24, timedelta(minutes=20)),
        (29, timedelta(minutes=20)),
    ]
    await home.wait(minutes=10)
    assert [due.start.day for due in upcoming(home, entry, days=8)] == [24, 29]


async def test_what_is_to_come_of_one_routine_hides_no_other(home: Home) -> None:
    """Sessions of all routines, to the end of what was asked for."""
    entry = await add_mat(
        home.hass,
        routine(schedule={"days": ["mon"], "time": "22:10:00"}),
        routine("Morning", schedule={"days": ["tue", "thu"], "time": "07:00:00"}),
        routine("Stretching", schedule={"days": ["wed"], "time": "18:00:00"}),
    )
    assert [(due.start.day, due.routine) for due in upcoming(home, entry, days=7)] == [
        (23, "Bedtime"),
        (24, "Morning"),
        (25, "Stretching"),
        (26, "Morning"),
    ]


async def test_a_finished_session_is_not_to_come(home: Home) -> None:
    """Done early: the calendar shows tomorrow's only."""
    entry = await mat(home, {"days": EVERY_DAY, "time": "23:30:00"}, notify=None)
    await home.start()
    await home.wait(minutes=30)
    (record,) = await home.records(entry)
    assert record.outcome is Outcome.COMPLETED
    assert [due.start.day for due in upcoming(home, entry, hours=30)] == [23]
