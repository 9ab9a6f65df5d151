"""One automation for each trigger and condition, made as the editor makes them.

They count what happens to them: through an evening, and through a restart in its
middle, each happening has to count once.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from .client import Client, Json
from .conftest import Boot
from .home_assistant import DOMAIN, HomeAssistant
from .mat import Mat, Routine

# The tests of this file share one home, and go through its evening in their order.
pytestmark = pytest.mark.xdist_group("automations")

# By trigger: on whose event, with which options, and how often in the evening below.
TRIGGERS: dict[str, tuple[str, Json, int]] = {
    "session_started": ("session", {}, 2),
    "phase_started": ("session", {"phase": ["wind_down"]}, 1),
    "session_paused": ("session", {}, 1),
    "session_resumed": ("session", {}, 1),
    "session_completed": ("session", {}, 1),
    "session_stopped": ("session", {"reason": ["mistake"]}, 1),
    "remaining_time_reached": ("session", {"remaining": {"seconds": 20}}, 1),
    "device_failed": ("session", {}, 1),
    "session_rated": ("practice", {}, 1),
    "goal_reached": ("practice", {}, 1),
    "streak_reached": ("practice", {"days": [1]}, 1),
}
CONDITIONS = {
    "is_running": "switch.session",
    "is_paused": "switch.session",
    "is_idle": "switch.session",
    "is_practised_today": "sensor.minutes_today",
    "is_goal_reached": "sensor.days_this_week",
}
ASK = "somebody_asks"


@dataclass
class Evening:
    """A home with a routine, and automations that count."""

    home: HomeAssistant
    mat: Mat
    routine: Routine

    @property
    def client(self) -> Client:
        """Return the connection to the home."""
        return self.home.client

    async def automate(self, key: str, **automation: object) -> None:
        """Save an automation as the editor does; it counts up the counter of its name."""
        act = {
            "action": "counter.increment",
            "target": {"entity_id": f"counter.{key}"},
        }
        await self.client.request(
            "POST",
            f"/api/config/automation/config/{key}",
            {"alias": key, "mode": "queued", "actions": [act], **automation},
        )
        await self.client.wait_for_state(f"automation.{key}", "on")

    def count(self, key: str) -> int:
        """Return how often an automation ran."""
        return int(self.client.state(f"counter.{key}").state)

    async def counts(self, key: str, times: int, *, time_limit: float = 10) -> None:
        """Return as soon as an automation has run so often."""
        await self.client.wait_for_state(
            f"counter.{key}", str(times), time_limit=time_limit
        )

    async def ask(self) -> set[str]:
        """Return the conditions that pass now."""
        before = {key: self.count(key) for key in CONDITIONS}
        asked = self.count("asked")
        await self.client.request("POST", f"/api/events/{ASK}", {})
        # It was made last, and hears last.
        await self.counts("asked", asked + 1)
        await asyncio.sleep(0.2)
        return {key for key in CONDITIONS if self.count(key) > before[key]}


@pytest_asyncio.fixture(scope="module")
async def evening(boot: Boot) -> AsyncIterator[Evening]:
    """Return a home whose one lamp is out of reach."""
    lamp = {
        "name": "Lamp",
        "unique_id": "lamp",
        "default_entity_id": "light.lamp",
        "availability": "{{ false }}",
        "turn_on": [],
        "turn_off": [],
    }
    counters: Json = {key: {} for key in [*TRIGGERS, *CONDITIONS, "asked"]}
    async with boot({"counter": counters, "template": [{"light": [lamp]}]}) as home:
        mat = await Mat.add(home.client, "Anna", goal=1)
        room = {
            "lights": ["light.lamp"],
            "brightness": 12,
            "prepare": {"seconds": 0},
            "after": {"seconds": 1},
        }
        evening = Evening(home, mat, await mat.add_routine("Bedtime", "bedtime", room))
        for key, (owner, options, _) in TRIGGERS.items():
            event = (
                await evening.routine.entity("event.session")
                if owner == "session"
                else await mat.entity("event.practice")
            )
            trigger = {"trigger": f"{DOMAIN}.{key}", "target": {"entity_id": event}}
            if options:
                trigger["options"] = options
            await evening.automate(key, triggers=[trigger])
        for key, name in CONDITIONS.items():
            asked = evening.routine if name.startswith("switch.") else mat
            await evening.automate(
                key,
                triggers=[{"trigger": "event", "event_type": ASK}],
                conditions=[
                    {
                        "condition": f"{DOMAIN}.{key}",
                        "target": {"entity_id": await asked.entity(name)},
                        "options": {"behavior": "any"},
                    }
                ],
            )
        await evening.automate(
            "asked", triggers=[{"trigger": "event", "event_type": ASK}]
        )
        yield evening
        noise = "light.lamp did not follow"
        assert not [line for line in home.errors_of_ours() if noise not in line]


async def test_the_editor_offers_all_of_them(evening: Evening) -> None:
    """For the routine's own device, beside Home Assistant's."""
    device = {
        "entity_id": [
            await evening.routine.entity("event.session"),
            await evening.mat.entity("event.practice"),
            await evening.routine.entity("switch.session"),
            await evening.mat.entity("sensor.minutes_today"),
        ]
    }
    for kind, ours in (("triggers", TRIGGERS), ("conditions", CONDITIONS)):
        offered = await evening.client.call(f"get_{kind}_for_target", target=device)
        assert {f"{DOMAIN}.{key}" for key in ours} <= set(offered)


async def test_an_evening_with_a_restart_in_its_middle(evening: Evening) -> None:
    """Once each; what a restart only restores is no happening."""
    client = evening.client
    assert await evening.ask() == {"is_idle"}
    await evening.routine.start(minutes=1)
    await evening.counts("session_started", 1)
    assert await evening.ask() == {"is_running"}
    # It is told of when it has had its time to answer.
    await evening.counts("device_failed", 1, time_limit=15)
    await evening.routine.perform("pause_session")
    await evening.counts("session_paused", 1)
    assert await evening.ask() == {"is_running", "is_paused"}

    before = {key: evening.count(key) for key in TRIGGERS}
    await evening.home.stop()
    await evening.home.start()
    await asyncio.sleep(1)
    assert {key: evening.count(key) for key in TRIGGERS} == before
    assert await evening.ask() == {"is_running", "is_paused"}

    await evening.routine.perform("resume_session")
    await evening.counts("session_resumed", 1)
    await evening.counts("phase_started", 1, time_limit=60)
    await evening.counts("remaining_time_reached", 1, time_limit=60)
    await evening.counts("session_completed", 1, time_limit=60)
    await evening.counts("goal_reached", 1)
    await evening.counts("streak_reached", 1)
    assert await evening.ask() == {"is_idle", "is_practised_today", "is_goal_reached"}
    await client.action(f"{DOMAIN}.rate_session", pain_after=3)
    await evening.counts("session_rated", 1)
    await evening.routine.start(minutes=1)
    await evening.counts("session_started", 2)
    await evening.routine.perform("stop_session", reason="mistake")
    await evening.counts("session_stopped", 1)

    await asyncio.sleep(1)
    assert {key: evening.count(key) for key in TRIGGERS} == {
        key: times for key, (_, _, times) in TRIGGERS.items()
    }
