"""The other triggers and conditions: pauses, time left, ratings, goal and streak."""

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import condition as condition_helper
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.acupressure_mat.const import DOMAIN

from .home import Home, add_mat, coordinator_of

SESSION = "event.bedtime_session_event"
PRACTICE = "event.anna_s_mat_practice_event"


@pytest.fixture
def fired(hass: HomeAssistant) -> list[ServiceCall]:
    calls: list[ServiceCall] = async_mock_service(hass, "test", "act")
    return calls


async def automate(hass: HomeAssistant, key: str, target: str, **options: Any) -> None:
    automation = {
        "triggers": [
            {
                "trigger": f"{DOMAIN}.{key}",
                "target": {"entity_id": target},
                "options": options,
            }
        ],
        "actions": [{"action": "test.act"}],
        "mode": "queued",
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_block_till_done()


async def test_paused_and_resumed(home: Home, fired: list[ServiceCall]) -> None:
    """Each once."""
    await add_mat(home.hass)
    await automate(home.hass, "session_paused", SESSION)
    await home.start()
    await home.wait(minutes=5)
    await home.do("pause_session")
    assert len(fired) == 1
    await home.do("resume_session")
    assert len(fired) == 1


async def test_a_minute_before_the_end(home: Home, fired: list[ServiceCall]) -> None:
    """By the session's own clock: later after a pause, again after an extension."""
    await add_mat(home.hass)
    await automate(
        home.hass, "remaining_time_reached", SESSION, remaining={"minutes": 1}
    )
    await home.start()
    await home.wait(minutes=5)
    await home.do("pause_session")
    await home.wait(minutes=2)
    await home.do("resume_session")
    await home.wait(minutes=14, seconds=55)
    assert not fired
    await home.wait(seconds=10)
    assert len(fired) == 1
    await home.do("extend_session", duration={"minutes": 5})
    await home.wait(minutes=6)
    assert len(fired) == 2


async def test_stopped_before_that_it_never_comes(
    home: Home, fired: list[ServiceCall]
) -> None:
    """Nothing may ring for a session that is over."""
    await add_mat(home.hass)
    await automate(
        home.hass, "remaining_time_reached", SESSION, remaining={"minutes": 1}
    )
    await home.start()
    await home.wait(minutes=5)
    await home.finish()
    await home.wait(minutes=30)
    assert not fired


async def test_a_device_that_failed(home: Home, fired: list[ServiceCall]) -> None:
    """Once a session and device."""
    home.lamp.broken = True
    await add_mat(home.hass)
    await automate(home.hass, "device_failed", SESSION)
    await home.start()
    await home.wait(minutes=22)
    assert len(fired) == 1


async def test_a_mistake_is_told_as_one(home: Home, fired: list[ServiceCall]) -> None:
    """Switched off in the first minute: nobody said why, and it is clear."""
    await add_mat(home.hass)
    await automate(home.hass, "session_stopped", SESSION, reason=["mistake"])
    await home.start()
    await home.wait(seconds=10)
    await home.finish()
    assert len(fired) == 1


async def test_a_rating(home: Home, fired: list[ServiceCall]) -> None:
    """By the number, after the session."""
    await add_mat(home.hass)
    await automate(home.hass, "session_rated", PRACTICE)
    await home.start()
    await home.wait(minutes=22)
    await home.hass.services.async_call(
        "number",
        "set_value",
        {"entity_id": "number.anna_s_mat_pain_now", "value": 3},
        blocking=True,
    )
    assert len(fired) == 1


@pytest.mark.parametrize(("options", "count"), [({}, 2), ({"days": 2}, 1)])
async def test_the_streak_grew(
    home: Home, fired: list[ServiceCall], options: dict[str, int], count: int
) -> None:
    """Each day, or at one number of days."""
    await add_mat(home.hass)
    await automate(home.hass, "streak_reached", PRACTICE, **options)
    for _ in range(2):
        await home.start()
        await home.wait(minutes=30)
        await home.wait(hours=23)
    assert len(fired) == count


async def test_the_goal_is_reached_once(home: Home, fired: list[ServiceCall]) -> None:
    """On its day, not on each later one."""
    home.freezer.move_to("2026-11-23T20:00:00+00:00")
    await add_mat(home.hass, goal=2)
    await automate(home.hass, "goal_reached", PRACTICE)
    for _ in range(3):
        await home.start()
        await home.wait(minutes=30)
        await home.wait(hours=23)
    assert len(fired) == 1


async def holds(hass: HomeAssistant, key: str, target: str) -> bool:
    config = {
        "condition": f"{DOMAIN}.{key}",
        "target": {"entity_id": target},
        "options": {},
    }
    validated = await condition_helper.async_validate_condition_config(hass, config)
    checker = await condition_helper.async_from_config(hass, validated)
    found = checker.async_check()
    checker.async_unload()
    return bool(found)


async def test_conditions_follow_the_session(home: Home) -> None:
    """Running includes paused; idle is neither."""
    await add_mat(home.hass)
    switch = "switch.bedtime_session"

    async def all_of() -> list[bool]:
        return [
            await holds(home.hass, key, switch)
            for key in ("is_running", "is_paused", "is_idle")
        ]

    assert await all_of() == [False, False, True]
    await home.start()
    assert await all_of() == [True, False, False]
    await home.wait(minutes=5)
    await home.do("pause_session")
    assert await all_of() == [True, True, False]


async def test_conditions_follow_the_practice(home: Home) -> None:
    """Practised today, and the goal of the week."""
    entry = await add_mat(home.hass, goal=1)
    today, goal = "sensor.anna_s_mat_minutes_today", "sensor.anna_s_mat_days_this_week"
    assert not await holds(home.hass, "is_practised_today", today)
    assert not await holds(home.hass, "is_goal_reached", goal)
    await home.start()
    await home.wait(minutes=22)
    assert await holds(home.hass, "is_practised_today", today)
    assert await holds(home.hass, "is_goal_reached", goal)
    home.freezer.tick(timedelta(days=1))
    await home.wait(seconds=1)
    coordinator_of(entry).async_update_listeners()
    assert not await holds(home.hass, "is_practised_today", today)
