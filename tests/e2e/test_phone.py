"""A phone with Home Assistant's app: notified, pressed, and answered on.

What Home Assistant pushes goes to a server of ours, what is pressed comes back as the
app sends it, by webhook.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from .client import Client, Json
from .conftest import Boot
from .flows import config_flow
from .home_assistant import DOMAIN, HomeAssistant
from .mat import Mat, Routine
from .phone import TOKEN, Phone

# The tests of a phone share one home.
PHONES = [
    pytest.param(system, marks=pytest.mark.xdist_group(f"phone {system}"))
    for system in ("Google", "Apple")
]

QUICK: Json = {"prepare": {"seconds": 0}, "after": {"seconds": 1}}


@dataclass
class Evening:
    """A home with a routine, and the phone that its mat notifies."""

    home: HomeAssistant
    phone: Phone
    mat: Mat
    bedtime: Routine

    @property
    def client(self) -> Client:
        """Return the connection to the home."""
        return self.home.client

    async def press(self, push: Json, button: str, reply: str | None = None) -> None:
        """Press a button of a notification."""
        await self.phone.press(self.client, push, button, reply)

    async def is_on(self) -> bool:
        """Tell whether a session of the routine runs."""
        entity_id = await self.bedtime.entity("switch.session")
        return self.client.state(entity_id).state == "on"


@pytest_asyncio.fixture(params=PHONES, scope="module")
async def evening(request: pytest.FixtureRequest, boot: Boot) -> AsyncIterator[Evening]:
    """Return a home whose mat was told to notify a phone, through its form."""
    async with (
        boot({"mobile_app": {}}) as home,
        Phone("Annas phone", request.param) as phone,
    ):
        target = await phone.register(home.client)
        mat = await Mat.add(home.client, "Anna")
        await config_flow(
            home.client, DOMAIN, {"notify": target}, reconfigure=mat.entry_id
        )
        bedtime = await mat.add_routine("Bedtime", "bedtime", QUICK)
        # Each change loads the mat anew, one after the other: this is the last time.
        await home.client.request(
            "POST", f"/api/config/config_entries/entry/{mat.entry_id}/reload"
        )
        await bedtime.entity("switch.session")
        yield Evening(home, phone, mat, bedtime)
        assert not home.errors_of_ours()


def buttons(push: Json) -> list[str]:
    """Return what can be pressed."""
    return [action["title"] for action in push["data"].get("actions", ())]


async def test_a_session_on_the_phone(evening: Evening) -> None:
    """Counted down, paused, resumed; at its end rated by a word typed on the phone."""
    phone = evening.phone
    began = datetime.now().astimezone()
    await evening.bedtime.start(minutes=1)
    running = await phone.says("Until ")
    assert running["push_token"] == TOKEN
    assert running["registration_info"]["webhook_id"] == phone.webhook_id
    assert running["title"] == "Bedtime"
    assert buttons(running) == ["Pause", "+5 min", "Finish"]
    left = running["data"]["when"] - began.timestamp()
    assert running["data"]["chronometer"] is True
    assert timedelta(seconds=58) < timedelta(seconds=left) < timedelta(seconds=70)
    # An iPhone would make a Live Activity of it, and that has no buttons.
    assert ("live_update" in running["data"]) is (phone.manufacturer == "Google")

    await evening.press(running, "Pause")
    paused = await phone.says("Paused")
    assert buttons(paused) == ["Go on", "+5 min", "Finish"]
    await evening.bedtime.wait_for("paused")
    await evening.press(paused, "Go on")
    await phone.says("Until ")
    await evening.bedtime.wait_for("resumed")

    question = await phone.says("How much does it hurt", time_limit=75)
    assert question["data"]["actions"][0]["behavior"] == "textInput"
    await evening.press(question, "Rate", "a lot")
    again = await phone.says("A whole number, please")
    assert "ratings" not in evening.mat.records(evening.home)[-1]
    await evening.press(again, "Rate", "3")
    cleared = await phone.says("clear_notification")
    assert evening.mat.records(evening.home)[-1]["ratings"] == {"pain_after": 3}
    # One notification, changed in place from the first to the last.
    sent = phone.pushed[phone.pushed.index(running) :]
    assert {push["data"]["tag"] for push in sent} == {cleared["data"]["tag"]}
    assert len(sent) == 6


async def test_a_stale_button_does_nothing_and_those_of_now_do(
    evening: Evening,
) -> None:
    """The notification of another session, still there on a phone without network."""
    phone = evening.phone
    await evening.bedtime.start(minutes=20)
    old = await phone.says("Until ")
    await evening.press(old, "Finish")
    # In its first minute that was a mistake: there is nothing to rate.
    await phone.says("clear_notification")
    assert not await evening.is_on()

    await evening.bedtime.start(minutes=20)
    running = await phone.says("Until ")
    told = len(phone.pushed)
    for button in buttons(old):
        await evening.press(old, button)
    await evening.press(running, "+5 min")
    longer = await phone.shows(
        "five minutes more",
        lambda push: push["data"].get("when", 0) - running["data"]["when"] == 300,
    )
    assert len(phone.pushed) == told + 1
    assert await evening.is_on()
    await evening.press(longer, "Finish")
    await evening.press(longer, "Finish")
    await phone.says("clear_notification")
    assert not await evening.is_on()


async def test_asked_at_its_time_it_starts_from_the_phone(evening: Evening) -> None:
    """By the button of the question; the session knows where it came from."""
    phone = evening.phone
    soon = "{{ (now() + timedelta(seconds=75)).strftime('%H:%M:00') }}"
    at = await evening.client.request("POST", "/api/template", {"template": soon})
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    # Of a kind of its own: what was done before does not answer for it.
    stretching = await evening.mat.add_routine(
        "Stretching", "custom", {**QUICK, "days": days, "time": at, "mode": "ask"}
    )
    switch = await stretching.entity("switch.session")
    question = await phone.says("It is time for your session.", time_limit=90)
    assert buttons(question) == ["Start", "In 15 min", "Not today"]
    assert question["title"] == "Stretching"
    assert evening.client.state(switch).state == "off"
    await evening.press(question, "Start")
    started = await stretching.wait_for("started")
    assert started.data["source"] == "notification"
    await phone.says("Until ")
    gone = [p for p in phone.pushed if p["message"] == "clear_notification"][-1]
    assert gone["data"]["tag"] == question["data"]["tag"]
    await evening.press(phone.pushed[-1], "Finish")
    await stretching.wait_for("stopped")
