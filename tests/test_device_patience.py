"""How long one device may take, how often it is asked, and when it is given up."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed_exact

from custom_components.acupressure_mat.environment.diffuser import Diffuser
from custom_components.acupressure_mat.environment.light import Light

from .holders import BED, BRIGHT, DIM, Holding, hold, known, session_of
from .home import Home

FADE = timedelta(seconds=10)


@pytest.fixture
def light(home: Home) -> Iterator[Light]:
    """Return the lamp of the home, that nobody holds yet."""
    light = Light(home.hass, BED)
    yield light
    for key in list(light.holders):
        light.drop(key)


def asked(home: Home) -> list[float]:
    """Return at which seconds it was asked."""
    return [at for at, _, _ in home.evening.told]


async def failed_after(home: Home, holding: Holding, seconds: float) -> bool:
    """Return whether it is told then, to a second, that the lamp failed."""
    await home.wait(seconds=seconds - 0.9)
    before = list(holding.told)
    await home.wait(seconds=1)
    failure = f"{BED} failed"
    return failure not in before and holding.told.count(failure) == 1


async def test_deaf_it_is_asked_five_times(home: Home, light: Light) -> None:
    """Each time it has its fade and five seconds more, and in between a while longer."""
    home.lamp.deaf = True
    (anna,) = hold(light, session_of(fade=FADE))
    light.command(DIM)
    assert await failed_after(home, anna, 112)
    assert asked(home) == [0, 17, 37, 62, 97]


async def test_hanging_it_has_ten_seconds_for_an_answer(
    home: Home, light: Light
) -> None:
    """After that it is asked anew, as one that refused."""
    home.lamp.slow = 3600
    (anna,) = hold(light, session_of(fade=FADE))
    light.command(DIM)
    assert await failed_after(home, anna, 87)
    assert asked(home) == [0, 12, 27, 47, 77]


async def test_a_lamp_that_obeys_at_last_has_not_failed(
    home: Home, light: Light
) -> None:
    """It was asked once more, and that was all."""
    home.lamp.deaf = True
    (anna,) = hold(light, session_of(fade=FADE))
    light.command(DIM)
    await home.wait(seconds=16)
    home.lamp.deaf = False
    await home.wait(minutes=3)
    assert asked(home) == [0, 17]
    assert f"{BED} failed" not in anna.told


async def test_away_at_the_start_it_has_five_seconds_to_come(
    home: Home, light: Light
) -> None:
    """Nobody is told of a lamp that is only just coming."""
    home.lamp.present = False
    home.lamp.tell()
    (anna,) = hold(light, session_of())
    light.follow()
    assert await failed_after(home, anna, 5)


@pytest.mark.parametrize("is_over", [False, True])
async def test_after_a_restart_it_has_a_minute_to_answer(
    home: Home, light: Light, is_over: bool
) -> None:
    """Most radios tell of their devices only some time after all is up."""
    home.lamp.present = False
    home.lamp.tell()
    anna = Holding(session_of())
    light.claim("a", anna, recalled=True)
    light.recall(known(before=BRIGHT, origin=BRIGHT, wanted=DIM))
    if is_over:
        home.hass.async_create_background_task(light.let_go("a"), "let go")
    else:
        light.command(DIM)
    assert await failed_after(home, anna, 60)
    assert asked(home) == []
    home.lamp.present = True
    home.lamp.tell()
    await home.settle()


async def test_let_go_of_while_it_is_away_it_has_half_an_hour(
    home: Home, light: Light
) -> None:
    """Nobody wants the bedroom lit again hours later."""
    hold(light, session_of())
    light.wanted = DIM
    home.lamp.present = False
    home.lamp.tell()
    going = home.hass.async_create_background_task(light.let_go("a"), "let go")
    await home.wait(minutes=29, seconds=59)
    gone = [going.done()]
    await home.wait(seconds=2)
    gone.append(going.done())
    assert gone == [False, True]
    await asyncio.wait([going])
    home.lamp.present = True
    home.lamp.tell()
    await home.wait(minutes=1)
    assert asked(home) == []


async def test_a_hand_at_the_moment_of_a_further_try_is_the_last_word(
    home: Home, light: Light
) -> None:
    """It is told of while that try is still under way: nobody asks once more."""
    home.lamp.deaf = True
    (anna,) = hold(light, session_of(fade=FADE))
    light.command(DIM)
    await home.wait(seconds=16)

    async def obey(command: str) -> bool:
        home.evening.note(BED, command)
        home.lamp.by_hand(on=False)
        return False

    home.lamp.obey = obey  # type: ignore[method-assign]
    await home.wait(minutes=3)
    assert light.hand
    assert asked(home) == [0, 17]
    assert f"{BED} failed" not in anna.told


async def test_home_assistant_goes_down_three_seconds_later_at_the_most(
    home: Home,
) -> None:
    """A deaf diffuser is asked twice; it is seen off after the next start."""
    plug = home.plug.entity_id
    diffuser = Diffuser(home.hass, plug)
    hold(diffuser, session_of(diffusers=(plug,)))
    diffuser.follow()
    await home.settle()
    assert home.is_on(plug)
    home.plug.deaf = True
    going = home.hass.async_create_background_task(diffuser.put_out(), "put out")
    for _ in range(6):
        assert not going.done()
        home.freezer.tick(0.5)
        async_fire_time_changed_exact(home.hass)
        await home.settle()
    assert going.done()
    assert asked(home) == [0, 0, 1.5]
    diffuser.drop("a")
