"""Two ways in at the same instant: one session, and an answer for whoever came second."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from typing import Any

from homeassistant.components import conversation
from homeassistant.const import WEEKDAYS as EVERY_DAY
from homeassistant.core import Context, ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.phone import PRESSED

from .home import Home, add_mat, coordinator_of, routine
from .phone import PHONE, buttons
from .speech import listen
from .test_llm import Agent

SWITCH = "switch.bedtime_session"
SENSOR = "binary_sensor.mat"
BUSY = "Bedtime is running already."


@dataclass
class House:
    """A mat that can be started in every way, and how often it was."""

    home: Home
    entry: MockConfigEntry
    agent: Agent
    phone: list[ServiceCall]
    started: list[Any] = field(default_factory=list)

    async def by_switch(self) -> str | None:
        """Tap the switch; on while it is on is neither a mistake nor a second one."""
        await self._act("switch.turn_on")
        return None

    async def by_action(self) -> str | None:
        """Let an automation start it."""
        try:
            await self._act(f"{DOMAIN}.start_session")
        except ServiceValidationError as error:
            return error.translation_key
        return None

    async def _act(self, action: str) -> None:
        domain, _, name = action.partition(".")
        await self.home.hass.services.async_call(
            domain, name, {"entity_id": SWITCH}, blocking=True
        )

    async def by_voice(self) -> str | None:
        """Say it."""
        result = await conversation.async_converse(
            self.home.hass,
            "start my bedtime session",
            None,
            Context(),
            language="en",
        )
        return str(result.response.speech["plain"]["speech"])

    async def by_phone(self) -> str | None:
        """Press Start on the question of the schedule."""
        start = buttons(self.phone[0])["Start"]
        self.home.hass.bus.async_fire(PRESSED, {"action": start})
        return None

    async def by_agent(self) -> str | None:
        """Let an agent start it."""
        result = await self.agent.call("start_session")
        return str(result.data["error"]) if result.error else None

    async def one_session(self) -> None:
        """Check that there is one session, told once and recorded once."""
        await self.home.settle()
        session = coordinator_of(self.entry).session
        assert session is not None
        await self.home.wait(minutes=30)
        assert [
            event.data["new_state"].attributes["record_id"]
            for event in self.started
            if event.data["entity_id"] == "event.bedtime_session_event"
            and event.data["new_state"].attributes.get("event_type") == "started"
        ] == [session.id]
        assert [record.id for record in await self.home.records(self.entry)] == [
            session.id
        ]
        assert self.home.level("light.bed") == 80
        assert not self.home.is_on("switch.diffuser")


# Each way, and what whoever comes second by it hears.
WAYS: dict[str, tuple[Callable[[House], Awaitable[str | None]], str | None]] = {
    "switch": (House.by_switch, None),
    "action": (House.by_action, "already_running"),
    "voice": (House.by_voice, BUSY),
    "phone": (House.by_phone, None),
    "agent": (House.by_agent, BUSY),
}


@pytest.fixture
async def house(home: Home, phone: list[ServiceCall]) -> House:
    """Return a home in which the mat asks at ten past ten, and is exposed to agents."""
    await listen(home.hass)
    home.hass.states.async_set(SENSOR, "off")
    schedule = {"days": EVERY_DAY, "time": "22:10:00", "mat_sensor": SENSOR}
    entry = await add_mat(
        home.hass,
        routine(schedule=schedule),
        notify=PHONE,
    )
    started = async_capture_events(home.hass, "state_changed")
    return House(home, entry, Agent(home.hass), phone, started)


@pytest.mark.parametrize(("first", "second"), combinations_with_replacement(WAYS, 2))
async def test_two_at_one_moment_start_one_session(
    house: House, first: str, second: str
) -> None:
    """Neither waits for the other; who loses is told so, where there is somebody to tell."""
    await house.home.wait(minutes=10)
    assert coordinator_of(house.entry).session is None
    ways = [WAYS[first], WAYS[second]]
    heard = await asyncio.gather(*(way(house) for way, _ in ways))
    refusals = [answer in (BUSY, "already_running") for answer in heard]
    loud = [words is not None for _, words in ways]
    # Of two that can hear it at least one lost; of one, it did unless it was first.
    assert sum(refusals) == sum(loud) - 1 if all(loud) else sum(refusals) <= 1
    for (_, words), answer, refused in zip(ways, heard, refusals, strict=True):
        assert not refused or answer == words
    await house.one_session()


@pytest.mark.parametrize("hand", ["switch", "action", "voice", "agent"])
@pytest.mark.parametrize("gap", [0, 1])
async def test_within_a_second_of_a_schedule_and_a_sensor(
    home: Home, phone: list[ServiceCall], hand: str, gap: int
) -> None:
    """The timer of the schedule, somebody lying down, and a hand."""
    await listen(home.hass)
    home.hass.states.async_set(SENSOR, "off")
    schedule = {
        "days": EVERY_DAY,
        "time": "22:10:00",
        "mode": "start",
        "mat_sensor": SENSOR,
    }
    entry = await add_mat(home.hass, routine(schedule=schedule))
    events = async_capture_events(home.hass, "state_changed")
    house = House(home, entry, Agent(home.hass), phone, events)
    await home.wait(minutes=9, seconds=50)
    # Ten seconds later they are taken to lie down: at the moment of the schedule.
    home.hass.states.async_set(SENSOR, "on")
    await home.wait(seconds=8 - gap)
    assert coordinator_of(entry).session is None
    way, _ = WAYS[hand]
    home.freezer.tick(2)
    if gap:
        await way(house)
        await home.wait(seconds=gap)
    else:
        async_fire_time_changed(home.hass, dt_util.utcnow())
        await way(house)
    await house.one_session()


async def test_a_double_press_of_start_on_the_phone(house: House) -> None:
    """A phone that sends it twice, and a third time when the session is over."""
    await house.home.wait(minutes=10)
    await house.by_phone()
    await house.by_phone()
    await house.one_session()
    await house.by_phone()
    await house.home.settle()
    assert coordinator_of(house.entry).session is None
