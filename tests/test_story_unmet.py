"""«After the power cut one lamp stayed half dim for the night».

Found by the kills of `scripts/test chaos`: after a start most radios tell of their
devices some time after everything is set up, so they are commanded before they are met.
"""

from datetime import timedelta

import pytest

from .home import Home, Lamp, Telling, add_mat, coordinator_of, routine

STEP = {"lights": ["light.step"], "fade": {"seconds": 1}}


async def back(home: Home, lamp: Lamp) -> None:
    """Let a lamp answer for the first time since the start."""
    await home.wait(seconds=3)
    lamp.appear()
    await home.settle()


@pytest.mark.parametrize("lamp_type", [Lamp, Telling])
async def test_a_phase_that_began_while_down_reaches_a_lamp_that_is_met_late(
    home: Home, lamp_type: type[Lamp]
) -> None:
    """Its first step towards the new level was taken for a hand, and was the last."""
    lamp = lamp_type("Step", home.evening, transition=lamp_type is Telling)
    await home.add(lamp)
    entry = await add_mat(home.hass, routine(lights=STEP))
    await home.start()
    await home.wait(minutes=18, seconds=55)
    assert home.level("light.step") == 12
    await home.restart(entry, meanwhile=lamp.vanish)
    assert home.state("sensor.anna_s_mat_phase") == "wind_down"
    await back(home, lamp)
    await home.wait(seconds=10)
    assert home.level("light.step") == 22
    await home.wait(minutes=10)
    assert coordinator_of(entry).session is None
    assert home.level("light.step") == 80


async def test_what_was_asked_before_a_kill_may_come_about_long_after_it(
    home: Home,
) -> None:
    """A slow bulb first does what it was asked before: that is no hand."""
    home.lamp.deaf = True
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=1)
    await home.restart(entry, down=timedelta(seconds=9), meanwhile=home.lamp.vanish)
    await home.do("pause_session")
    await back(home, home.lamp)
    assert home.level("light.bed") == 80
    await home.wait(seconds=4)
    home.lamp._attr_color_temp_kelvin = 2200
    home.lamp.by_hand(brightness=31)
    await home.wait(seconds=2)
    home.lamp.deaf = False
    await home.wait(seconds=10)
    assert home.level("light.bed") == 22
    await home.do("stop_session", reason="mistake")
    assert home.level("light.bed") == 80


async def test_put_back_late_and_not_heard_it_is_asked_again(home: Home) -> None:
    """Deaf where it is: that it is not as before was taken for half of an answer."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=18)
    await home.restart(entry, down=timedelta(minutes=10), meanwhile=home.lamp.vanish)
    home.lamp.deaf = True
    await back(home, home.lamp)
    await home.wait(seconds=6)
    assert home.level("light.bed") == 12
    home.lamp.deaf = False
    await home.wait(seconds=10)
    assert home.level("light.bed") == 80
