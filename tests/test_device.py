"""What is known of one device, through hands, restarts and new names."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.acupressure_mat.const import LONG_AGO
from custom_components.acupressure_mat.environment.light import Light
from custom_components.acupressure_mat.session.routine import Cue

from .holders import BED, BRIGHT, DIM, OFF, Holding, hold, known, lamp, session_of, tell

# -- what the disk knows -------------------------------------------------------


def test_what_is_known_is_the_same_after_a_restart(
    hass: HomeAssistant, light: Light
) -> None:
    """How it was, what it was asked, whose hand was on it, and when that was learned."""
    (anna,) = hold(light, session_of())
    light.origin, light.wanted, light.hand = BRIGHT, DIM, True
    light.claim("b", Holding(session_of()))
    light.origin, light.wanted, light.hand = BRIGHT, DIM, True
    light.learned()
    told = light.as_dict()
    assert told["overruled"] == ["a"]
    again = Light(hass, BED)
    for key in ("a", "b"):
        again.claim(key, anna, recalled=True)
    again.recall(told)
    assert (again.before, again.wanted, again.hand) == (BRIGHT, DIM, True)
    assert again.known_at == light.known_at
    assert [key for key, h in again.holders.items() if h in again.heeded] == ["a", "b"]
    assert again.as_dict()["overruled"] == ["a"]
    for key in ("a", "b"):
        again.drop(key)


def test_nothing_known_is_nothing_written(light: Light) -> None:
    """A null on the disk would be one thing more to read."""
    assert light.as_dict() == {"hand": False, "known_at": LONG_AGO.isoformat()}


@pytest.mark.parametrize(
    ("seconds", "before"),
    [
        pytest.param(1, BRIGHT, id="the later file"),
        pytest.param(0, DIM, id="two of one moment"),
        pytest.param(-1, DIM, id="the earlier file"),
    ],
)
def test_of_two_files_the_later_one_knows(
    light: Light, seconds: float, before: Cue
) -> None:
    """Each mat keeps its own; what was learned last is true."""
    light.recall(known(before=DIM))
    light.recall(known(seconds, before=BRIGHT))
    assert light.before == before


@pytest.mark.parametrize(
    "data", [{}, {"known_at": "soon"}, {"overruled": "a"}, {"passing": 3}]
)
def test_a_file_that_knows_nothing_takes_nothing_away(
    light: Light, data: dict[str, Any]
) -> None:
    """It is met as it is, as on the first evening."""
    light.recall(data)
    assert (light.before, light.wanted, light.hand) == (BRIGHT, None, False)
    assert light.known_at == LONG_AGO


def test_what_is_learned_is_newer_than_any_file(
    light: Light, freezer: FrozenDateTimeFactory
) -> None:
    """Also where the clock was set back meanwhile."""
    light.recall(known(3600, before=DIM))
    then = light.known_at
    light.learned()
    assert light.known_at > then
    freezer.tick(7200)
    light.learned()
    assert light.known_at == dt_util.utcnow()


# -- meeting it again ----------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "wanted", "seconds", "found", "hand"),
    [
        pytest.param(BRIGHT, DIM, 60, DIM, False, id="as it was asked"),
        pytest.param(BRIGHT, DIM, 60, OFF, True, id="put off meanwhile"),
        pytest.param(BRIGHT, DIM, 1, OFF, True, id="put off at once"),
        pytest.param(OFF, DIM, 1, OFF, False, id="just asked to come on"),
        pytest.param(OFF, DIM, 20, OFF, False, id="as late as a fade allows"),
        pytest.param(OFF, DIM, 21, OFF, True, id="asked to come on long ago"),
        pytest.param(BRIGHT, OFF, 60, BRIGHT, False, id="put on meanwhile"),
        pytest.param(BRIGHT, OFF, 60, OFF, False, id="off as it was asked"),
    ],
)
def test_put_off_while_nobody_watched_is_a_hand_s(
    hass: HomeAssistant,
    light: Light,
    freezer: FrozenDateTimeFactory,
    origin: Cue,
    wanted: Cue,
    seconds: float,
    found: Cue,
    hand: bool,
) -> None:
    """Unless it had only just been asked, and may not have come to it."""
    light.claim("a", Holding(session_of(fade=timedelta(seconds=10))), recalled=True)
    data = known(before=BRIGHT, origin=origin, wanted=wanted)
    freezer.tick(seconds)
    tell(hass, found)
    light.recall(data)
    assert light.hand is hand
    assert light.before == BRIGHT
    # Whatever it was asked begins here.
    assert (light.origin, light.wanted) == (found, wanted)
    assert light.is_on_its_way is not light.is_like(wanted)
    freezer.tick(20)
    assert light.is_on_its_way is not light.is_like(wanted)
    freezer.tick(0.001)
    assert not light.is_on_its_way


def test_of_a_file_that_lacks_where_it_was_the_rest_is_taken(
    hass: HomeAssistant, light: Light
) -> None:
    """Put off is put off, wherever it came from."""
    light.claim("a", Holding(session_of()), recalled=True)
    tell(hass, OFF)
    light.recall(known(before=BRIGHT, wanted=DIM))
    assert light.hand


def test_a_hand_before_the_restart_is_one_after_it(
    hass: HomeAssistant, light: Light
) -> None:
    """It is where the hand left it, which says nothing of a second one."""
    light.claim("a", Holding(session_of()), recalled=True)
    light.recall(known(before=BRIGHT, origin=BRIGHT, wanted=DIM) | {"hand": True})
    assert light.hand
    # Also when the room of another mat comes back after that.
    light.claim("b", Holding(session_of()), recalled=True)
    assert light.hand
    assert light.before == BRIGHT


def test_back_after_a_blink_that_is_kept(
    hass: HomeAssistant, light: Light, freezer: FrozenDateTimeFactory
) -> None:
    """How it was when it came is in the file, if it was gone before."""
    tell(hass, lamp("unavailable"))
    (anna,) = hold(light, session_of())
    freezer.tick(60)
    tell(hass, DIM)
    assert light.before == DIM
    assert anna.told == ["changed"]
    assert light.known_at == dt_util.utcnow()


# -- names ---------------------------------------------------------------------


async def test_under_a_new_name_it_is_known_and_watched(
    hass: HomeAssistant, light: Light, caplog: pytest.LogCaptureFixture
) -> None:
    """All that is known of it goes by the new one, and the old one means nothing."""
    registry = er.async_get(hass)
    hass.states.async_remove(BED)
    registry.async_get_or_create("light", "test", "1", suggested_object_id="bed")
    tell(hass, BRIGHT)
    (anna,) = hold(light, session_of())
    light.origin, light.wanted = BRIGHT, DIM
    registry.async_update_entity(BED, name="Bed of Anna")
    await hass.async_block_till_done()
    assert anna.told == []
    assert "Traceback" not in caplog.text
    new = "light.reading"
    registry.async_update_entity(BED, new_entity_id=new)
    await hass.async_block_till_done()
    assert anna.told == [f"{BED} is {new}"]
    assert light.entity_id == new
    cues = (light.before, light.origin, light.wanted)
    assert cues == tuple(replace(cue, entity_id=new) for cue in (BRIGHT, BRIGHT, DIM))
    tell(hass, replace(OFF, entity_id=BED))
    await hass.async_block_till_done()
    assert not light.hand
    tell(hass, replace(BRIGHT, entity_id=new))
    tell(hass, replace(OFF, entity_id=new))
    await hass.async_block_till_done()
    assert light.hand


async def test_let_go_of_it_is_watched_no_more(
    hass: HomeAssistant, light: Light
) -> None:
    """What happens to it then is nobody's business here."""
    registry = er.async_get(hass)
    hass.states.async_remove(BED)
    registry.async_get_or_create("light", "test", "1", suggested_object_id="bed")
    tell(hass, BRIGHT)
    hold(light, session_of(), session_of())
    light.origin, light.wanted = BRIGHT, DIM
    light.drop("a")
    tell(hass, OFF)
    assert light.hand
    light.hand = False
    light.drop("b")
    tell(hass, BRIGHT)
    tell(hass, OFF)
    registry.async_update_entity(BED, new_entity_id="light.reading")
    await hass.async_block_till_done()
    assert not light.hand
    assert light.entity_id == BED


def test_nobody_waits_for_one_that_is_not_commanded(light: Light) -> None:
    """What is said of a session would wait for a lamp that is left alone."""
    assert light.asked.is_set()


async def test_several_rooms_hold_it_and_the_last_lets_go(
    hass: HomeAssistant, light: Light, freezer: FrozenDateTimeFactory
) -> None:
    """How it was is what the first found; who stays has in their file what is new."""
    (anna,) = hold(light, session_of())
    assert light.known_at == dt_util.utcnow()
    tell(hass, DIM)
    light.hand = False
    freezer.tick(60)
    ben = Holding(session_of())
    light.claim("b", ben)
    assert light.before == BRIGHT
    anna.told.clear()
    ben.told.clear()
    assert not await light.let_go("a")
    assert (anna.told, ben.told) == ([], ["changed"])
    assert await light.let_go("b")
    assert not light.is_releasing
    assert ben.told == ["changed"]


async def test_let_go_of_it_is_asked_nothing_more(
    hass: HomeAssistant, light: Light
) -> None:
    """A further try in an hour would disturb whoever has it by then."""
    hold(light, session_of())
    task = light.command(DIM)
    await asyncio.sleep(0)
    light.drop("a")
    # Whoever is told twice that it is over has nothing to do.
    light.drop("a")
    await asyncio.wait([task])
    assert task.cancelled()


def test_who_has_let_go_is_nobody_to_be_remembered(light: Light) -> None:
    """Their hand was on it; the next session of theirs is another."""
    hold(light, session_of())
    light.hand = True
    light.claim("b", Holding(session_of()))
    assert light.as_dict()["overruled"] == ["a"]
    light.drop("a")
    assert "overruled" not in light.as_dict()


async def test_back_at_the_moment_when_another_takes_it_it_is_theirs(
    hass: HomeAssistant, light: Light
) -> None:
    """Put back for the first, it would shine in the face of the second."""
    calls = async_mock_service(hass, "light", "turn_on")
    hold(light, session_of())
    tell(hass, DIM)
    light.wanted, light.hand = DIM, False
    tell(hass, lamp("unavailable"))
    going = hass.async_create_task(light.let_go("a"))
    for _ in range(3):
        await asyncio.sleep(0)
    tell(hass, DIM)
    light.claim("b", Holding(session_of()))
    assert not await going
    assert calls == []
    assert light.before == BRIGHT


def test_a_lamp_that_turns_out_to_be_a_group_is_split(
    hass: HomeAssistant, light: Light
) -> None:
    """While all of its members were gone it did not tell that it is one."""
    tell(hass, lamp("unavailable"))
    (anna,) = hold(light, session_of())
    hass.states.async_set(BED, "on", {"entity_id": ["light.left"]})
    assert anna.told == [f"{BED} is a group"]
    assert light.before is None
