"""«I stopped it at once, and then the lamp went dim».

Found by the kills of `scripts/test chaos`: a bulb answers late, and until then it looks
as if nothing had been asked of it.
"""

import asyncio
from datetime import timedelta
from typing import Any, override

from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.acupressure_mat.session.session import Reason, Source

from .bedrooms import OddLamp, OddPlug
from .home import Home, Lamp, Telling, add_mat, coordinator_of, routine


class Late(Lamp):
    """A bulb that takes a command at once and does it, and says so, seconds later."""

    late = 2.0
    asked: list[asyncio.Task[None]]

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self.asked.append(asyncio.create_task(self._later(kwargs, self.asked[-1:])))

    async def _later(
        self, kwargs: dict[str, Any], first: list[asyncio.Task[None]]
    ) -> None:
        await asyncio.sleep(self.late)
        # Of two timers for one moment either may be the first; a bulb keeps the order.
        await asyncio.gather(*first)
        await super().async_turn_on(**kwargs)


@pytest.fixture
async def late(home: Home) -> Late:
    """Return the late bulb of the home."""
    lamp = Late("Late", home.evening)
    lamp.asked = []
    await home.add(lamp)
    return lamp


async def test_half_a_minute_late_it_is_neither_failed_nor_a_hand_s(
    home: Home,
) -> None:
    """A bulb and a plug at the end of a poor network: all comes about, only later."""
    lamp, plug = OddLamp("Far", home.evening), OddPlug("Far", home.evening)
    lamp.late = plug.late = 30.0
    await home.add(lamp, plug)
    entry = await add_mat(
        home.hass,
        routine(
            lights={"lights": ["light.far"]}, diffuser={"diffusers": ["switch.far"]}
        ),
    )
    await home.start()
    await home.wait(seconds=35)
    assert home.level("light.far") == 12
    assert home.is_on("switch.far")
    await home.wait(minutes=5)
    await home.do("pause_session")
    await home.wait(seconds=35)
    assert home.level("light.far") == 22
    assert not home.is_on("switch.far")
    await home.do("resume_session")
    await home.wait(seconds=35)
    assert home.level("light.far") == 12
    assert home.is_on("switch.far")
    await home.do("stop_session", reason="enough")
    await home.wait(seconds=100)
    assert home.level("light.far") == 80
    assert not home.is_on("switch.far")
    (record,) = await home.records(entry)
    assert record.failed == ()
    assert not ir.async_get(home.hass).issues
    assert not list(coordinator_of(entry).rooms)


async def test_the_steps_of_a_lamp_that_comes_on_are_no_hand_s(home: Home) -> None:
    """What white it had when it was last on nobody knows; it goes from there."""
    lamp = Telling("Telling", home.evening, on=False)
    await home.add(lamp)
    await add_mat(home.hass, routine(lights={"lights": ["light.telling"]}))
    await home.start()
    await home.wait(minutes=3)
    await home.do("stop_session", reason="dizziness")
    await home.wait(seconds=5)
    assert home.level("light.telling") == 30
    await home.wait(minutes=6)
    assert not home.is_on("light.telling")


async def test_reloaded_before_the_light_to_get_up_by_is_told_of_it_comes(
    home: Home, late: Late
) -> None:
    """It was dark when asked, and still looks so: nobody put it off meanwhile."""
    late.by_hand(on=False)
    entry = await add_mat(home.hass, routine(lights={"lights": ["light.late"]}))
    await home.start()
    await home.wait(minutes=3)
    await home.do("stop_session", reason="dizziness")
    await home.wait(seconds=1)
    assert not home.is_on("light.late")
    assert await home.hass.config_entries.async_reload(entry.entry_id)
    await home.wait(seconds=10)
    assert home.level("light.late") == 30
    await home.wait(minutes=6)
    assert not home.is_on("light.late")


async def test_stopped_before_the_lamp_answered_it_is_put_back(
    home: Home, late: Late
) -> None:
    """It looks as it was, since nobody has heard of the command yet."""
    await add_mat(home.hass, routine(lights={"lights": ["light.late"]}))
    await home.start()
    await home.wait(seconds=1)
    assert home.level("light.late") == 80
    await home.do("stop_session", reason="mistake")
    await home.wait(seconds=10)
    assert len(late.asked) == 2
    assert home.level("light.late") == 80


async def test_started_again_before_it_answered_it_is_not_found_dim(
    home: Home, late: Late
) -> None:
    """Between the two answers it is dim for a moment: that is not how it was."""
    await add_mat(home.hass, routine(lights={"lights": ["light.late"]}))
    await home.start()
    await home.wait(seconds=1)
    await home.do("stop_session", reason="mistake")
    while home.level("light.late") != 12:
        await home.wait(seconds=0.1)
    await home.start()
    await home.wait(seconds=5)
    await home.do("stop_session", reason="mistake")
    await home.wait(seconds=10)
    assert home.level("light.late") == 80


@pytest.mark.parametrize("turns", range(4))
async def test_tapped_four_times_in_a_row_it_is_as_before(
    home: Home, late: Late, turns: int
) -> None:
    """The second session ends while the first is just being interrupted in its end."""
    entry = await add_mat(home.hass, routine(lights={"lights": ["light.late"]}))
    coordinator = coordinator_of(entry)
    for _ in range(2):
        coordinator.async_start("bedtime", source=Source.USER)
        coordinator.async_stop(Reason.MISTAKE)
        for _ in range(turns):
            await asyncio.sleep(0)
    await home.wait(seconds=30)
    assert home.level("light.late") == 80
    assert not home.is_on("switch.diffuser")


async def test_stopped_between_late_answers_it_is_put_back(
    home: Home, late: Late
) -> None:
    """The answer to the first start is none to the second, which is yet to come."""
    await add_mat(home.hass, routine(lights={"lights": ["light.late"]}))
    await home.start()
    await home.wait(seconds=0.5)
    await home.do("stop_session", reason="mistake")
    await home.wait(seconds=0.5)
    await home.start()
    assert len(late.asked) == 3
    for level in (12, 80):
        while home.level("light.late") != level:
            await home.wait(seconds=0.1)
    assert not late.asked[2].done()
    await home.do("stop_session", reason="mistake")
    await home.wait(seconds=10)
    assert home.level("light.late") == 80


async def test_the_echo_of_the_command_before_is_no_hand(
    home: Home, late: Late
) -> None:
    """Paused before the lamp answered the start: the start's answer comes then."""
    await add_mat(home.hass, routine(lights={"lights": ["light.late"]}))
    await home.start()
    await home.wait(seconds=1)
    await home.do("pause_session")
    await home.wait(seconds=20)
    assert home.level("light.late") == 22
    await home.do("resume_session")
    await home.wait(seconds=20)
    assert home.level("light.late") == 12
    await home.do("stop_session", reason="mistake")
    await home.wait(seconds=10)
    assert home.level("light.late") == 80


async def test_the_echo_of_a_step_of_the_fade_before_is_no_hand(home: Home) -> None:
    """Dizzy before the first step was heard of: it stayed dark, and for good."""
    lamp = Late("Step", home.evening, transition=False)
    lamp.asked = []
    await home.add(lamp)
    lights = {"lights": ["light.step"], "fade": {"seconds": 1}}
    await add_mat(home.hass, routine(lights=lights))
    await home.start()
    await home.wait(seconds=1.9)
    await home.do("stop_session", reason="dizziness")
    await home.wait(seconds=20)
    assert home.level("light.step") == 80
    await home.wait(minutes=6)
    assert lamp.color_temp_kelvin == 4000


@pytest.fixture
async def slow_fade(home: Home) -> MockConfigEntry:
    """Return a mat whose late lamp fades in steps."""
    lamp = Late("Step", home.evening, transition=False)
    lamp.asked = []
    await home.add(lamp)
    lights = {"lights": ["light.step"], "fade": {"seconds": 10}}
    return await add_mat(home.hass, routine(lights=lights))


@pytest.fixture
async def hall(home: Home) -> None:
    """Have somebody else's mat with a whole house full of lamps."""
    lamps = [Lamp(f"Hall {number}", home.evening) for number in range(70)]
    await home.add(*lamps)
    lights = {"lights": [lamp.entity_id for lamp in lamps]}
    music = {"player": None}
    await add_mat(home.hass, routine("Hall", lights=lights, music=music), title="Ben")


async def arrives_and_goes_back(home: Home) -> None:
    """See the fade reach its goal, and the lamp put back after it."""
    await home.wait(seconds=20)
    assert home.level("light.step") == 12
    await home.do("stop_session", reason="mistake")
    await home.wait(seconds=20)
    assert home.level("light.step") == 80


async def test_an_echo_from_before_a_reload_is_no_hand(
    home: Home, slow_fade: MockConfigEntry
) -> None:
    """It comes in the name of a room that nobody has any more."""
    await home.start()
    # Its last steps were asked for, and are still to be told of.
    await home.wait(seconds=10)
    assert home.level("light.step") > 12
    assert await home.hass.config_entries.async_reload(slow_fade.entry_id)
    await arrives_and_goes_back(home)


@pytest.mark.usefixtures("slow_fade", "hall")
async def test_an_echo_is_known_also_when_a_whole_house_is_commanded(
    home: Home,
) -> None:
    """Who else lies down meanwhile must not push it out of memory."""
    await home.start()
    await home.start("switch.hall_session")
    await arrives_and_goes_back(home)


@pytest.mark.usefixtures("hall")
async def test_a_whole_house_does_not_push_out_what_was_before_a_reload(
    home: Home, slow_fade: MockConfigEntry
) -> None:
    """Only the memory knows that name; each room takes one place in it."""
    await home.start()
    await home.start("switch.hall_session")
    await home.wait(seconds=10)
    assert home.level("light.step") > 12
    assert await home.hass.config_entries.async_reload(slow_fade.entry_id)
    await arrives_and_goes_back(home)


@pytest.mark.parametrize("own_media", [True, False])
async def test_volume_comes_back_after_an_end_that_nobody_saw(
    home: Home, own_media: bool
) -> None:
    """After a restart it was not known any more that the volume is ours."""
    music = {} if own_media else {"media": None}
    config = routine(music=music, diffuser={"diffusers": []})
    entry = await add_mat(home.hass, config)
    await home.start()
    await home.wait(seconds=30)
    assert home.radio.volume_level == pytest.approx(0.2)
    await home.restart(entry, down=timedelta(minutes=25))
    await home.wait(seconds=20)
    assert coordinator_of(entry).session is None
    assert home.radio.volume_level == pytest.approx(0.6)
