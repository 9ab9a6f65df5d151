"""How one device is put back, who waits for it, and who does not."""

import asyncio
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.acupressure_mat.environment import device
from custom_components.acupressure_mat.environment.light import Light

from .holders import BED, BRIGHT, DIM, Holding, hold, known, lamp, session_of, tell
from .home import timers


@pytest.fixture
def light(hass: HomeAssistant, light: Light) -> Light:
    """Return a lamp that was bright and that a session dimmed."""
    hold(light, session_of(fade=timedelta(0)))
    tell(hass, DIM)
    light.wanted, light.hand = DIM, False
    return light


async def rounds() -> None:
    """Let happen what takes no time."""
    for _ in range(8):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("found", "hand", "waits"),
    [
        pytest.param("unavailable", False, True, id="away"),
        pytest.param("unavailable", True, False, id="away, as a hand left it"),
        pytest.param(None, False, False, id="gone for good"),
        pytest.param("on", False, False, id="there, and deaf"),
    ],
)
async def test_who_is_waited_for(
    hass: HomeAssistant,
    light: Light,
    monkeypatch: pytest.MonkeyPatch,
    found: str | None,
    hand: bool,
    waits: bool,
) -> None:
    """Half an hour long, for what is to be put back and does not answer."""

    async def refuse(_call: ServiceCall) -> None:
        raise HomeAssistantError("deaf")

    hass.services.async_register("light", "turn_on", refuse)
    monkeypatch.setattr(device, "RETRIES", ())
    light.hand = hand
    if found is None:
        hass.states.async_remove(BED)
    else:
        tell(hass, lamp(found, brightness=31))
    going = hass.async_create_background_task(light.let_go("a"), "let go")
    await rounds()
    assert going.done() is not waits
    going.cancel()
    await asyncio.wait([going])


async def test_who_takes_it_over_keeps_nobody_waiting(
    hass: HomeAssistant, light: Light
) -> None:
    """It is theirs to put back, when it is there again."""
    tell(hass, lamp("unavailable"))
    going = hass.async_create_background_task(light.let_go("a"), "let go")
    await rounds()
    light.claim("b", Holding(session_of()))
    await rounds()
    assert going.done()
    assert not going.result()
    assert light.before == BRIGHT


def test_what_was_found_as_one_lamp_is_put_back_as_one(
    hass: HomeAssistant, light: Light
) -> None:
    """It is a group by now; how its members were nobody knows."""
    tell(hass, lamp("unavailable"))
    tell(hass, DIM, entity_id=["light.left"])
    (holding,) = light.holders.values()
    assert isinstance(holding, Holding)
    assert f"{BED} is a group" not in holding.told
    assert light.final(holding.session) == BRIGHT


async def test_a_group_that_comes_back_to_be_let_go_of_is_not_split(
    hass: HomeAssistant,
) -> None:
    """Its members would be dimmed for a session that nobody lies in any more."""
    tell(hass, lamp("unavailable"))
    light, anna = Light(hass, BED), Holding(session_of())
    light.claim("a", anna, recalled=True)
    light.recall(known())
    going = hass.async_create_background_task(light.let_go("a"), "let go")
    await rounds()
    assert not going.done()
    tell(hass, DIM, entity_id=["light.left"])
    await rounds()
    assert going.done()
    assert f"{BED} is a group" not in anna.told


async def test_nobody_waits_for_one_that_was_never_there(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Let go of, it is missed by no session any more."""
    gone = Light(hass, "light.gone")
    hold(gone, session_of())
    assert await gone.let_go("a")
    await rounds()
    assert timers(hass) == []
