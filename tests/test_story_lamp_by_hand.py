"""«I switched the lamp off, and at the end it came back on».

Adaptive Lighting #191, #347; Home Assistant #125807: putting lamps back brings on
what a person had switched off.
"""

from homeassistant.core import Context, HomeAssistant

from .home import Home, add_mat, routine


async def test_a_lamp_switched_off_at_the_wall_stays_off(home: Home) -> None:
    """No later phase, no pause and no end touches it any more."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=5)
    home.lamp.by_hand(on=False)
    await home.settle()
    told = len(home.evening.commands("light.bed"))
    await home.do("pause_session")
    await home.do("resume_session")
    await home.wait(minutes=25)
    assert home.evening.commands("light.bed")[told:] == []
    assert not home.is_on("light.bed")


async def test_a_lamp_brightened_at_the_wall_stays_bright(home: Home) -> None:
    """Between what it was and what we asked lies where our own fade passes.

    Once it has arrived, and the echoes are over, any other level is a hand's.
    """
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=5)
    home.lamp.by_hand(brightness=128)
    await home.wait(minutes=25)
    assert home.level("light.bed") == 50


async def test_a_hand_within_seconds_of_ours_is_told_by_value(home: Home) -> None:
    """Home Assistant keeps our context on pushes for five seconds: it proves nothing."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=2)
    home.lamp._attr_brightness = 250
    home.lamp.async_write_ha_state()
    await home.wait(minutes=30)
    assert home.level("light.bed") == 98


async def test_an_automation_of_the_users_is_a_hand(
    hass: HomeAssistant, home: Home
) -> None:
    """Even inside the band: a foreign cause proves it."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=1)
    await hass.services.async_call(
        "light",
        "turn_on",
        {"entity_id": "light.bed", "brightness": 100},
        blocking=True,
        context=Context(parent_id="automation"),
    )
    await home.wait(minutes=30)
    assert home.level("light.bed") == 39


async def test_a_rounded_echo_is_no_hand(home: Home) -> None:
    """127 comes back as 126; taken for a hand, the lamp would never come back."""
    home.lamp.round_to = 2
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=5)
    home.lamp.by_hand(brightness=29)
    await home.wait(minutes=25)
    assert home.level("light.bed") == 80


async def test_steps_on_the_way_are_no_hand(home: Home) -> None:
    """A bulb tells of each step of its transition, also after the echo of the goal."""
    await add_mat(home.hass, routine(lights={"fade": {"seconds": 10}}))
    await home.start()
    for level in (180, 120, 60, 31):
        await home.wait(seconds=2)
        home.lamp.by_hand(brightness=level)
    await home.wait(minutes=30)
    assert home.level("light.bed") == 80


async def test_a_bulb_with_a_floor_is_no_hand_and_comes_back(home: Home) -> None:
    """It cannot go below a fifth; that is its nature and nobody's doing."""
    home.lamp.floor = 51
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=10)
    assert home.level("light.bed") == 20
    await home.wait(minutes=20)
    assert home.level("light.bed") == 80


async def test_a_bulb_that_is_not_as_warm_as_asked_comes_back(home: Home) -> None:
    """Its white ends at 2700 kelvin; told of it, we must not see a hand."""
    home.lamp._attr_min_color_temp_kelvin = 2700
    home.lamp.tell()
    await add_mat(home.hass)
    await home.start()
    assert home.lamp.color_temp_kelvin == 2700
    await home.wait(minutes=30)
    assert home.lamp.color_temp_kelvin == 4000


async def test_a_blink_of_the_network_is_no_hand(home: Home) -> None:
    """Gone and back, the lamp is asked again and put back at the end."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=2)
    home.lamp.vanish()
    await home.wait(seconds=10)
    home.lamp.present = True
    home.lamp.by_hand(brightness=204)
    await home.settle()
    assert home.level("light.bed") == 12
    await home.wait(minutes=30)
    assert home.level("light.bed") == 80


async def test_gone_for_a_moment_as_it_followed_a_later_hand_is_seen(
    home: Home,
) -> None:
    """What it came back with was its echo; from there on a level on our way is theirs."""
    await add_mat(home.hass)
    home.lamp.deaf = True
    await home.start()
    home.lamp.vanish()
    home.lamp.deaf, home.lamp.present = False, True
    home.lamp._attr_color_temp_kelvin = 2200
    home.lamp.by_hand(brightness=31)
    await home.wait(minutes=5)
    assert len(home.evening.commands("light.bed")) == 1
    home.lamp.by_hand(brightness=102)
    await home.wait(minutes=30)
    assert home.level("light.bed") == 40


async def test_a_bulb_that_comes_on_brighter_than_asked_is_no_hand(home: Home) -> None:
    """Dark before, it has a floor of its own; taken for a hand it would burn all night."""
    home.lamp.by_hand(on=False)
    home.lamp.floor = 51
    await add_mat(
        home.hass,
        routine(lights={"only_dim": False, "brightness": 3, "lights_end": "off"}),
    )
    await home.start()
    await home.wait(minutes=3)
    assert home.level("light.bed") == 20
    await home.wait(minutes=30)
    assert not home.is_on("light.bed")


async def test_a_glimmer_gets_no_brighter_before_it_goes_off(home: Home) -> None:
    """A bulb should not remember a glimmer, unless that is what the person had."""
    home.lamp.by_hand(brightness=13)
    await add_mat(home.hass, routine(lights={"brightness": 3, "lights_end": "off"}))
    await home.start()
    await home.wait(minutes=30)
    assert not home.is_on("light.bed")
    assert home.lamp.brightness == 13


async def test_what_was_put_back_before_a_restart_is_not_put_back_once_more(
    home: Home,
) -> None:
    """While a diffuser is stuck its room stays on disk; the lamp has long been let go."""
    entry = await add_mat(home.hass, routine(lights={"lights_end": "off"}))
    await home.start()
    await home.wait(minutes=3)
    home.plug.deaf = True
    await home.finish()
    await home.wait(minutes=1)
    assert not home.is_on("light.bed")
    home.lamp.by_hand(brightness=100)
    await home.restart(entry)
    await home.wait(minutes=2)
    assert home.level("light.bed") == 39
