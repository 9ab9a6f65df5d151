"""«The bulb ignored off during its long fade, and the next evening it came on at 1 %».

Adaptive Lighting's catalogue of bulbs; Home Assistant #442, #11391, #120052.
"""

from datetime import timedelta
from types import SimpleNamespace

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.acupressure_mat.environment import fades
from custom_components.acupressure_mat.session.routine import Cue

from .home import Home, Lamp, add_mat, routine

STEPPED = {"lights": ["light.step"], "fade": {"minutes": 1}}


async def test_without_transitions_a_lamp_dims_step_by_step(home: Home) -> None:
    """One command for each point that is seen, by the clock, and there in time."""
    await home.add(Lamp("Step", home.evening, transition=False))
    await add_mat(home.hass, routine(lights=STEPPED))
    await home.start()
    await home.wait(seconds=30)
    assert 40 <= home.level("light.step") <= 52
    await home.wait(seconds=35)
    assert home.level("light.step") == 12
    commands = home.evening.commands("light.step")
    assert 20 <= len(commands) <= 70
    assert commands[-1] == "on {'brightness': 31, 'color_temp_kelvin': 2200}"


async def test_a_hand_ends_a_fade_of_steps(home: Home) -> None:
    """No further step may undo what a person did."""
    await home.add(Lamp("Step", home.evening, transition=False))
    await add_mat(home.hass, routine(lights=STEPPED))
    await home.start()
    await home.wait(seconds=20)
    assert 12 < home.level("light.step") < 80
    await home.hass.services.async_call(
        "light", "turn_off", {"entity_id": "light.step"}, blocking=True
    )
    await home.settle()
    told = len(home.evening.commands("light.step"))
    await home.wait(minutes=30)
    assert home.evening.commands("light.step")[told:] == []


async def test_lifted_from_a_glimmer_before_its_off_it_is_still_ours(
    home: Home,
) -> None:
    """What we lift it to is brighter than it was, and was taken for a hand's."""
    dim = routine("Dim", lights={"brightness": 3})
    dark = routine("Dark", lights={"brightness": 0}, music={"player": None})
    await add_mat(home.hass, dim)
    await add_mat(home.hass, dark, title="Ben's mat")
    await home.start("switch.dim_session")
    await home.wait(minutes=2)
    assert home.level("light.bed") == 3
    await home.start("switch.dark_session")
    await home.wait(minutes=2)
    assert not home.is_on("light.bed")
    await home.wait(minutes=40)
    assert home.level("light.bed") == 80


async def test_without_a_colour_of_the_routine_steps_leave_it_alone(
    home: Home,
) -> None:
    """A lamp that was coloured for a party stays so, and is only dimmed."""
    await home.add(Lamp("Step", home.evening, transition=False))
    await add_mat(home.hass, routine(lights={**STEPPED, "color_temp": None}))
    await home.start()
    await home.wait(seconds=65)
    assert home.level("light.step") == 12
    assert not [c for c in home.evening.commands("light.step") if "kelvin" in c]


async def test_a_clock_set_back_in_mid_fade_makes_no_flash(
    freezer: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is an hour before the beginning would be far brighter than before."""
    ticks = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal ticks
        ticks += seconds
        freezer.tick(timedelta(seconds=seconds if ticks < 5 else -3600))

    monkeypatch.setattr(fades, "asyncio", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(fades, "time", SimpleNamespace(monotonic=lambda: ticks))
    before, goal = (
        Cue(entity_id="light.step", state="on", attributes={"brightness": level})
        for level in (204, 31)
    )
    levels = [
        cue.attributes["brightness"]
        async for cue in fades.stepped(before, goal, timedelta(seconds=10))
    ]
    assert levels == sorted(levels, reverse=True)
    assert (max(levels) < 204, levels[-1], ticks) == (True, 31, 10)
