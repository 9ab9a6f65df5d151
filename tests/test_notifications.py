"""The running session on a phone, with buttons; and how it was afterwards."""

import asyncio
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.acupressure_mat.const import DOMAIN

from .disk import no_space
from .forms import MAT, begin_change, fill_in, shown as shown_in
from .home import Home, add_mat, coordinator_of, routine
from .phone import (
    NAME,
    PHONE,
    add_phone,
    add_phone_out_of_reach,
    buttons,
    notify_elsewhere,
    press,
    said,
)


async def mat(home: Home) -> MockConfigEntry:
    """Add a mat that notifies the phone."""
    return await add_mat(home.hass, notify=PHONE)


async def test_one_notification_follows_the_session(
    home: Home, phone: list[ServiceCall]
) -> None:
    """A clock that counts down; sent anew for a change, and for nothing else."""
    await mat(home)
    await home.start()
    await home.wait(minutes=6)
    (call,) = phone
    assert call.data["title"] == "Bedtime"
    assert call.data["message"] == "Until 22:21."
    data = call.data["data"]
    end = dt_util.parse_datetime("2026-11-22T21:21:00+00:00")
    assert end is not None
    assert (data["chronometer"], data["when"]) == (True, end.timestamp())
    assert data["timeout"] == timedelta(minutes=23).total_seconds()
    assert data["live_update"] is True
    assert data["importance"] == "low"
    assert list(buttons(call)) == ["Pause", "+5 min", "Finish"]


async def test_its_buttons_pause_extend_and_finish(
    home: Home, phone: list[ServiceCall]
) -> None:
    """In place: every one has the same tag."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=6)

    await press(home, phone[-1], "Pause")
    assert said(phone)[-1] == "Paused, 15 min left."
    assert "chronometer" not in phone[-1].data["data"]
    await home.wait(minutes=2)
    await press(home, phone[-1], "Go on")
    assert said(phone)[-1] == "Until 22:23."
    await press(home, phone[-1], "+5 min")
    assert said(phone)[-1] == "Until 22:28."
    await press(home, phone[-1], "Finish")

    assert coordinator_of(entry).session is None
    assert said(phone)[-1].startswith("How much does it hurt")
    assert len(phone) == 5
    assert len({call.data["data"]["tag"] for call in phone}) == 1
    assert len(await home.records(entry)) == 1


async def test_a_tag_is_one_that_an_iphone_takes(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Letters, digits, hyphens and underscores, 64 at most."""
    await mat(home)
    await home.start()
    tag = phone[0].data["data"]["tag"]
    assert len(tag) <= 64
    assert tag.replace("_", "").replace("-", "").isalnum()


async def test_a_stale_button_does_nothing(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Yesterday's Finish must not end the session of today."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=30)
    old = phone[0]
    await home.start()
    session, told = coordinator_of(entry).session, len(phone)
    for button in buttons(old):
        await press(home, old, button)
    assert coordinator_of(entry).session == session
    assert len(phone) == told


async def test_pressed_twice_it_happens_once(
    home: Home, phone: list[ServiceCall]
) -> None:
    """A phone without network sends what was pressed later, and again."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=6)
    running = phone[-1]
    await press(home, running, "Pause")
    await press(home, running, "Pause")
    session = coordinator_of(entry).session
    assert session is not None
    assert session.is_paused
    paused = phone[-1]
    await press(home, paused, "Go on")
    await press(home, paused, "Go on")
    assert len(phone) == 3


@pytest.mark.parametrize("button", ["Pause", "Finish"])
async def test_pressed_while_the_mat_is_loaded_anew_the_session_is_shown_again(
    home: Home,
    phone: list[ServiceCall],
    caplog: pytest.LogCaptureFixture,
    button: str,
) -> None:
    """Too late for this one, and no error; with buttons that work as before."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=5)
    disk, write = asyncio.Event(), Store._async_write_data

    async def write_slowly(self: Store[Any], data: dict[str, Any]) -> None:
        await disk.wait()
        await write(self, data)

    home.patient = False
    with patch.object(Store, "_async_write_data", write_slowly):
        reloading = asyncio.create_task(
            home.hass.config_entries.async_reload(entry.entry_id)
        )
        await home.settle()
        await press(home, phone[0], button)
        disk.set()
        assert await reloading
    await home.settle()
    assert [r.message for r in caplog.records if r.levelname == "ERROR"] == []
    assert said(phone) == ["Until 22:21."] * 2
    await press(home, phone[-1], button)
    session = coordinator_of(entry).session
    assert session is None or session.is_paused


async def test_a_refusal_is_said_where_it_was_pressed(
    home: Home, phone: list[ServiceCall]
) -> None:
    """An hour is the most; the notification says so and goes on."""
    await mat(home)
    await home.do("start_session", duration={"minutes": 58})
    await press(home, phone[-1], "+5 min")
    assert said(phone)[-1] == (
        "A session lasts from 1 to 60 minutes. Choose a duration in between."
        " Until 22:59."
    )


# -- afterwards ----------------------------------------------------------------


async def test_at_the_end_it_asks_how_it_was(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Answered by a word on the phone; then the notification is gone."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=21)
    call = phone[-1]
    assert call.data["message"].startswith("How much does it hurt now")
    assert call.data["data"]["actions"][0]["behavior"] == "textInput"
    await home.wait(minutes=10)
    await press(home, call, "Rate", " 3/10 ")
    (record,) = await home.records(entry)
    assert record.ratings.pain_after == 3
    assert said(phone)[-1] == "clear_notification"
    assert len(phone) == 3
    await press(home, call, "Rate", "7")
    (record,) = await home.records(entry)
    assert record.ratings.pain_after == 3


@pytest.mark.parametrize("answer", ["", "much", "11", "-1", "3.5", "3 4", "0x3"])
async def test_what_is_no_answer_is_asked_again(
    home: Home, phone: list[ServiceCall], answer: str
) -> None:
    """And never stored; zero, which is one, is."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=21)
    await press(home, phone[-1], "Rate", answer)
    assert said(phone)[-1].startswith("A whole number")
    (record,) = await home.records(entry)
    assert record.ratings.pain_after is None
    await press(home, phone[-1], "Rate", "0")
    (record,) = await home.records(entry)
    assert record.ratings.pain_after == 0


async def test_an_answer_may_be_faster_than_the_disk(
    home: Home, phone: list[ServiceCall]
) -> None:
    """The question is out before the record is in the journal."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=20, seconds=58)
    journal, written = coordinator_of(entry).journal, asyncio.Event()
    change = journal.async_change

    async def slow(*records: Any) -> Any:
        await written.wait()
        return await change(*records)

    home.patient = False
    with patch.object(journal, "async_change", slow):
        await home.wait(seconds=2)
        assert await home.records(entry) == []
        await press(home, phone[-1], "Rate", "3")
        written.set()
        await home.hass.async_block_till_done()
    (record,) = await home.records(entry)
    assert record.ratings.pain_after == 3


async def test_an_answer_that_the_disk_does_not_take_is_asked_for_again(
    home: Home, phone: list[ServiceCall]
) -> None:
    """With the reason, so that nobody believes it was kept."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=21)
    with no_space():
        await press(home, phone[-1], "Rate", "3")
    assert said(phone)[-1].startswith(
        "This could not be written to the disk. Make space, then try again."
        " How much does it hurt now"
    )
    await press(home, phone[-1], "Rate", "3")
    (record,) = await home.records(entry)
    assert record.ratings.pain_after == 3
    assert said(phone)[-1] == "clear_notification"


async def test_an_answer_to_a_session_that_is_being_deleted_is_no_harm(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Deleted between the question whether it is there, and its turn."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=21)
    practice = coordinator_of(entry).practice
    (record,) = await home.records(entry)
    home.patient = False
    async with practice.turns.lock:
        deleting = asyncio.create_task(practice.async_delete(record.id))
        await asyncio.sleep(0)
        with patch.object(practice, "async_settled"):
            await press(home, phone[-1], "Rate", "3")
    await deleting
    await home.settle()
    assert await home.records(entry) == []


async def test_rated_elsewhere_the_question_goes(
    home: Home, phone: list[ServiceCall]
) -> None:
    """The card asks the same."""
    await mat(home)
    await home.start()
    await home.wait(minutes=22)
    await home.hass.services.async_call(
        "acupressure_mat", "rate_session", {"pain_after": 2}, blocking=True
    )
    await home.settle()
    assert said(phone)[-1] == "clear_notification"


async def test_an_answer_comes_after_a_restart(
    home: Home, phone: list[ServiceCall]
) -> None:
    """The phone still shows the question."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=30)
    await home.restart(entry)
    await press(home, phone[-1], "Rate", "4")
    (record,) = await home.records(entry)
    assert record.ratings.pain_after == 4
    assert said(phone)[-1] == "clear_notification"


async def test_nobody_is_asked_the_next_day(
    home: Home, phone: list[ServiceCall]
) -> None:
    """After twelve hours the question goes, and answers nothing more."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=21)
    question = phone[-1]
    await home.wait(hours=12, seconds=1)
    assert said(phone)[-1] == "clear_notification"
    await press(home, question, "Rate", "4")
    (record,) = await home.records(entry)
    assert record.ratings.pain_after is None


@pytest.mark.parametrize(
    ("reason", "minutes"),
    [
        pytest.param("pain", 6, id="it hurt: nobody is asked for numbers"),
        pytest.param("mistake", 6, id="a mistake"),
        pytest.param("enough", 0, id="too short to be a session"),
    ],
)
async def test_some_ends_just_clear_it(
    home: Home, phone: list[ServiceCall], reason: str, minutes: int
) -> None:
    """There is nothing to rate, or somebody who needs peace."""
    await mat(home)
    await home.start()
    await home.wait(minutes=minutes)
    await home.do("stop_session", reason=reason)
    assert said(phone) == [said(phone)[0], "clear_notification"]


async def test_a_pause_that_nobody_ends_clears_it(
    home: Home, phone: list[ServiceCall]
) -> None:
    """The session is lost, and so is the notification."""
    await mat(home)
    await home.start()
    await home.wait(minutes=6)
    await home.do("pause_session")
    await home.wait(minutes=16)
    assert said(phone)[-1] == "clear_notification"
    assert phone[-2].data["data"]["timeout"] == 17 * 60


async def test_ended_while_down_it_is_cleared(
    home: Home, phone: list[ServiceCall]
) -> None:
    """A countdown below zero would stay on the phone."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=6)
    await home.restart(entry, down=timedelta(minutes=40))
    assert said(phone)[1:] == ["clear_notification"]


async def test_deleted_with_its_routine_it_is_cleared(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Its buttons would do nothing, and an iPhone would show it for ever."""
    nap = routine("Nap", kind="custom")
    entry = await add_mat(home.hass, routine(), nap, notify=PHONE)
    await home.start()
    await home.wait(minutes=5)
    phone.clear()
    home.hass.config_entries.async_remove_subentry(entry, "bedtime")
    await home.settle()
    assert coordinator_of(entry).session is None
    assert said(phone) == ["clear_notification"]


@pytest.mark.parametrize("slow", [0, 1])
async def test_disabled_with_its_mat_it_is_cleared(home: Home, slow: float) -> None:
    """However long the phone takes; and nobody is asked whom nobody would hear."""
    got: list[ServiceCall] = []

    async def notify(call: ServiceCall) -> None:
        await asyncio.sleep(slow)
        got.append(call)

    home.hass.services.async_register("notify", NAME, notify)
    entry = await add_mat(home.hass, notify=PHONE)
    home.patient = False
    await home.start()
    await home.wait(minutes=5)
    got.clear()
    disabling = home.hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    done = asyncio.create_task(disabling)
    while not done.done():
        await home.wait(seconds=1)
    assert await done
    await home.wait(seconds=5)
    assert said(got) == ["clear_notification"] * 2
    tags = {call.data["data"]["tag"] for call in got}
    assert tags == {f"{DOMAIN}_{entry.entry_id}", f"{DOMAIN}_bedtime"}


async def test_on_another_phone_it_leaves_the_one_before(
    home: Home, phone: list[ServiceCall]
) -> None:
    """A clock that counts down in the pocket of who does not lie there."""
    entry = await mat(home)
    new = add_phone(home.hass, "mobile_app_new")
    await home.start()
    await home.wait(minutes=6)
    (shown,) = phone
    phone.clear()
    await notify_elsewhere(home, entry, "mobile_app_new")
    tag = shown.data["data"]["tag"]
    assert said(phone) == ["clear_notification"] * 2
    assert tag in {call.data["data"]["tag"] for call in phone}
    (call,) = new
    assert call.data["message"] == shown.data["message"]
    phone.clear()
    await press(home, call, "Pause")
    await notify_elsewhere(home, entry, None)
    assert said(new)[-2:] == ["clear_notification"] * 2
    assert phone == []


async def test_how_it_was_is_asked_no_longer_on_the_phone_before(
    home: Home, phone: list[ServiceCall]
) -> None:
    """A question that nobody would take away."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=25)
    asked = phone[-1].data["data"]
    assert asked["actions"]
    phone.clear()
    await notify_elsewhere(home, entry, "mobile_app_new")
    assert said(phone) == ["clear_notification"] * 2
    assert asked["tag"] in {call.data["data"]["tag"] for call in phone}


async def test_what_else_changes_takes_nothing_away(
    home: Home, phone: list[ServiceCall]
) -> None:
    """A notification that blinks with each change of the mat."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=6)
    data = {**entry.data, "goal": 3}
    home.hass.config_entries.async_update_entry(entry, data=data)
    await home.settle()
    assert "clear_notification" not in said(phone)


async def test_killed_in_mid_session_the_buttons_go_on(
    home: Home, phone: list[ServiceCall]
) -> None:
    """Of the notification from before, too."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=6)
    await home.restart(entry)
    await press(home, phone[0], "Pause")
    session = coordinator_of(entry).session
    assert session is not None
    assert session.is_paused


async def test_a_routine_with_another_name_is_shown_under_it(
    home: Home, phone: list[ServiceCall]
) -> None:
    """In mid-session, at its end and in the answers; all else stays as it began."""
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=6)

    async def rename(name: str) -> None:
        home.hass.config_entries.async_update_subentry(
            entry, entry.subentries["bedtime"], title=name
        )
        await home.settle()

    await rename("Night")
    assert [call.data["title"] for call in phone] == ["Bedtime", "Night"]
    assert phone[1].data["message"] == phone[0].data["message"] == "Until 22:21."
    assert buttons(phone[0]) == buttons(phone[1])
    with pytest.raises(ServiceValidationError) as refused:
        await home.do("start_session")
    assert refused.value.translation_placeholders == {"routine": "Night"}
    await home.wait(minutes=15)
    question = phone[-1]
    assert question.data["title"] == "Night"
    (record,) = await home.records(entry)
    assert record.routine == "Night"

    await rename("Late")
    await press(home, question, "Rate", "many")
    assert (phone[-1].data["title"], said(phone)[-1][:14]) == ("Late", "A whole number")


async def test_a_rehearsal_is_not_shown(home: Home, phone: list[ServiceCall]) -> None:
    """Twenty seconds in quick motion are nothing to count down."""
    await mat(home)
    await home.do("rehearse_session", duration={"seconds": 20})
    await home.wait(minutes=1)
    assert phone == []


# -- phones of all sorts -------------------------------------------------------


@pytest.mark.parametrize(
    ("manufacturer", "live"),
    [pytest.param("Apple", False), pytest.param("Google", True)],
)
async def test_an_iphone_keeps_its_buttons(
    home: Home, phone: list[ServiceCall], manufacturer: str, live: bool
) -> None:
    """It would turn a live update into a Live Activity, which has none."""
    MockConfigEntry(
        domain="mobile_app",
        title="Anna's phone",
        data={"device_name": "Annas Phone", "manufacturer": manufacturer},
    ).add_to_hass(home.hass)
    await mat(home)
    await home.start()
    assert ("live_update" in phone[0].data["data"]) is live
    assert len(buttons(phone[0])) == 3


async def test_without_a_phone_the_session_is_the_same(home: Home) -> None:
    """None chosen, or one that was sold."""
    for name, target in (("Anna's mat", None), ("Ben's mat", "notify.mobile_app_old")):
        entry = await add_mat(home.hass, routine(name[:3]), title=name, notify=target)
        await home.start(f"switch.{name[:3].lower()}_session")
        await home.wait(minutes=30)
        assert len(await home.records(entry)) == 1


async def test_a_phone_that_cannot_be_reached_disturbs_nothing(home: Home) -> None:
    """Dead battery in mid-session."""
    add_phone_out_of_reach(home.hass)
    entry = await mat(home)
    await home.start()
    await home.wait(minutes=30)
    assert len(await home.records(entry)) == 1


async def test_a_target_that_hangs_does_not_hold_up_the_next_message(
    home: Home,
) -> None:
    """A service in some cloud never answered; the next question still comes."""
    got: list[ServiceCall] = []

    async def notify(call: ServiceCall) -> None:
        got.append(call)
        if len(got) == 1:
            await asyncio.sleep(24 * 3600)

    home.hass.services.async_register("notify", NAME, notify)
    await add_mat(home.hass, notify=PHONE)
    home.patient = False
    await home.start()
    await home.wait(minutes=25)
    assert said(got)[-1].startswith("How much does it hurt now")


async def test_a_target_that_takes_only_text_is_spared(home: Home) -> None:
    """Without a tag each change would be one more message."""
    calls = async_mock_service(home.hass, "notify", "send_message")
    home.hass.states.async_set("notify.speaker", "unknown")
    await add_mat(home.hass, notify="notify.speaker")
    await home.start()
    await home.wait(minutes=30)
    assert calls == []


# -- choosing it ---------------------------------------------------------------


async def test_the_form_offers_what_can_be_notified(
    hass: HomeAssistant, home: Home, phone: list[ServiceCall]
) -> None:
    """Phones by their names; what is no target, or cannot do as much, is left out."""
    async_mock_service(hass, "notify", "send_message")
    async_mock_service(hass, "notify", "persistent_notification")
    hass.states.async_set("notify.speaker", "unknown", {"friendly_name": "Speaker"})
    MockConfigEntry(
        domain="mobile_app",
        title="Anna's phone",
        data={"device_name": "Annas Phone", "manufacturer": "Google"},
    ).add_to_hass(hass)
    entry = await add_mat(hass)
    form = await begin_change(hass, entry)
    field = form["data_schema"].schema["notify"]
    assert [(o["value"], o["label"]) for o in field.config["options"]] == [
        (PHONE, "Anna's phone"),
        ("notify.speaker", "Speaker"),
    ]


async def test_a_phone_that_is_gone_is_named(
    hass: HomeAssistant, home: Home, phone: list[ServiceCall]
) -> None:
    """Shown, refused in words, and the form goes on with another."""
    entry = await add_mat(hass, notify="notify.mobile_app_sold")
    form = await begin_change(hass, entry)
    assert shown_in(form)["notify"] == "notify.mobile_app_sold"
    form = await fill_in(hass, form, {**MAT, "notify": "notify.mobile_app_sold"})
    assert form["errors"] == {"notify": "notify_not_found"}
    result = await fill_in(hass, form, {**MAT, "notify": PHONE})
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.ABORT
    assert entry.data["notify"] == PHONE
