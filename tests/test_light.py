"""A light of a room: what it is asked, when it did that, and how it is left."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.light import LightEntityFeature
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.acupressure_mat.environment import light as module
from custom_components.acupressure_mat.environment.light import Light
from custom_components.acupressure_mat.session.routine import Cue, EndPolicy
from custom_components.acupressure_mat.session.session import Reason

from .holders import Holding, hold, session_of, tell

BED = "light.bed"
TRANSITION = {"supported_features": LightEntityFeature.TRANSITION}


def lamp(state: str, **attributes: Any) -> Cue:
    """Return a lamp as it is or should be."""
    return Cue(entity_id=BED, state=state, attributes=attributes)


OFF, PLAIN, GONE = lamp("off"), lamp("on"), lamp(STATE_UNAVAILABLE)
BRIGHT = lamp("on", brightness=204, color_temp_kelvin=4000)
DIM = lamp("on", brightness=31, color_temp_kelvin=2200)


@pytest.fixture
def light(hass: HomeAssistant, light: Light) -> Light:
    """Return a lamp that is bright, and takes its time to be otherwise."""
    tell(hass, BRIGHT, **TRANSITION)
    return light


@pytest.fixture
def asked(hass: HomeAssistant) -> list[str]:
    """Return what the lamp is asked, in order."""
    told: list[str] = []

    async def note(call: ServiceCall) -> None:
        data = {key: value for key, value in call.data.items() if key != "entity_id"}
        assert call.data["entity_id"] == BED
        told.append(f"{call.service.removeprefix('turn_')} {data}")

    for service in ("turn_on", "turn_off"):
        hass.services.async_register("light", service, note)
    return told


# -- what its rooms want -------------------------------------------------------


def test_of_two_rooms_the_dimmer_one_decides(light: Light) -> None:
    """Whoever wants it darker is disturbed by light; not the reverse."""
    hold(light, *(session_of(brightness=level) for level in (20, 12, 30)))
    target = light.target()
    assert target is not None
    assert target.points == 12


def test_for_who_feels_unwell_the_brightest_light_decides(
    light: Light, freezer: FrozenDateTimeFactory
) -> None:
    """However dark the other wants it, and however dark it was for one of them."""
    well = session_of(brightness=12)
    freezer.tick(600)
    dizzy = well.stop(dt_util.utcnow(), Reason.DIZZINESS)
    hold(light, well, dizzy)
    target = light.target()
    assert target is not None
    assert target.points == 80
    assert light.fade == timedelta(seconds=1)


def test_a_room_that_is_past_its_end_wants_nothing(
    light: Light, freezer: FrozenDateTimeFactory
) -> None:
    """What it wanted last would hold the other down for ever."""
    hold(light, session_of(minutes=5, brightness=12), session_of(brightness=20))
    freezer.tick(timedelta(minutes=12))
    target = light.target()
    assert target is not None
    assert target.points == 20


def test_without_a_wish_it_is_left_alone(light: Light) -> None:
    """Also one that has not been met yet."""
    hold(light, session_of())
    assert light.target() is None
    light.before = None
    assert light.target() is None


def test_in_a_pause_it_comes_up_a_little(
    light: Light, freezer: FrozenDateTimeFactory
) -> None:
    """Enough to find the glass of water."""
    freezer.tick(1)
    hold(light, session_of(brightness=12).pause(dt_util.utcnow()))
    target = light.target()
    assert target is not None
    assert target.points == 22


def test_whose_hand_it_was_has_no_say_and_finds_it_as_they_left_it(
    light: Light,
) -> None:
    """Alone again, they see what they had chosen, if somebody else changed it since."""
    hold(light, session_of(brightness=12))
    light.hand = True
    light.claim("b", Holding(session_of(brightness=5)))
    target = light.target()
    assert target is not None
    assert target.points == 5
    light.drop("b")
    assert light.target() is None
    light.wanted = DIM
    assert light.target() == BRIGHT
    light.drop("a")
    assert light.target() is None


def test_one_that_is_recalled_is_not_met_by_that(light: Light) -> None:
    """How it is after a restart says nothing of how it was before the session."""
    light.claim("a", Holding(session_of()), recalled=True)
    assert light.before is None


def test_the_longest_fade_counts(light: Light) -> None:
    """Haste disturbs who wants it slow; not the reverse."""
    lengths = (timedelta(seconds=seconds) for seconds in (3, 20, 10))
    hold(light, *(session_of(fade=length) for length in lengths))
    assert light.fade == timedelta(seconds=20)


# -- what it is asked ----------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "cue", "again", "told"),
    [
        pytest.param(
            BRIGHT,
            DIM,
            False,
            ["on {'brightness': 31, 'color_temp_kelvin': 2200, 'transition': 10.0}"],
            id="in one fade",
        ),
        pytest.param(
            BRIGHT,
            DIM,
            True,
            ["on {'color_temp_kelvin': 2200}", "on {'brightness': 31}"],
            id="again, one thing at a time and without a fade",
        ),
        pytest.param(
            OFF,
            DIM,
            True,
            ["on {'brightness': 31, 'color_temp_kelvin': 2200}"],
            id="again from off, never brighter than asked",
        ),
        pytest.param(
            GONE,
            DIM,
            True,
            ["on {'brightness': 31, 'color_temp_kelvin': 2200}"],
            id="again from nobody knows where, likewise",
        ),
        pytest.param(
            BRIGHT,
            lamp("on", brightness=31),
            True,
            ["on {'brightness': 31}"],
            id="again, with one thing only",
        ),
        pytest.param(BRIGHT, OFF, False, ["off {'transition': 10.0}"], id="off"),
        pytest.param(BRIGHT, OFF, True, ["off {}"], id="off again"),
        pytest.param(
            lamp("on", brightness=8),
            OFF,
            False,
            ["on {'brightness': 26}", "off {'transition': 10.0}"],
            id="off from a glimmer",
        ),
        pytest.param(
            lamp("on", brightness=26), OFF, True, ["off {}"], id="off from enough"
        ),
        pytest.param(PLAIN, OFF, True, ["off {}"], id="off from a lamp without levels"),
        pytest.param(OFF, OFF, True, ["off {}"], id="off once more"),
        pytest.param(GONE, OFF, True, ["off {}"], id="off while it is gone"),
        pytest.param(
            DIM,
            lamp("on", brightness=99, color_mode="hs", hs_color=(30, 80), effect="x"),
            True,
            ["on {'brightness': 99, 'effect': 'x', 'hs_color': (30, 80)}"],
            id="back to a colour",
        ),
        pytest.param(
            DIM,
            lamp("on", brightness=0, color_mode="brightness"),
            True,
            ["on {'brightness': 1}"],
            id="back to an on without light",
        ),
        pytest.param(
            DIM,
            lamp(
                "on", color_mode="color_temp", color_temp_kelvin=4000, hs_color=(1, 1)
            ),
            True,
            ["on {'color_temp_kelvin': 4000}"],
            id="back to a white, and not to what it looked like",
        ),
        pytest.param(
            DIM,
            lamp("on", color_mode="hs"),
            False,
            ["on {'transition': 10.0}"],
            id="back to a colour that was not told",
        ),
        pytest.param(
            DIM, lamp("on", color_mode="onoff"), True, ["on {}"], id="back to just on"
        ),
    ],
)
async def test_what_it_is_asked(
    hass: HomeAssistant,
    light: Light,
    asked: list[str],
    found: Cue,
    cue: Cue,
    again: bool,
    told: list[str],
) -> None:
    """All that a bulb understands at once, and no bulb is left with a glimmer."""
    hold(light, session_of(fade=timedelta(seconds=10)))
    tell(hass, found, **TRANSITION)
    await light.send(cue, again=again)
    assert asked == told


@pytest.mark.parametrize(
    ("before", "lifted"),
    [
        pytest.param(lamp("on", brightness=13), 13, id="a glimmer"),
        pytest.param(lamp("on", brightness=204), 26, id="bright"),
        pytest.param(OFF, 26, id="off"),
        pytest.param(None, 26, id="not known"),
    ],
)
async def test_before_its_off_it_gets_no_brighter_than_it_was(
    hass: HomeAssistant,
    light: Light,
    asked: list[str],
    before: Cue | None,
    lifted: int,
) -> None:
    """It may remember that level; and from there it goes, so its echo is no hand's."""
    hold(light, session_of())
    light.before = before
    found = lamp("on", brightness=8, color_temp_kelvin=2200)
    tell(hass, found)
    await light.send(OFF, again=True)
    assert asked == [f"on {{'brightness': {lifted}}}", "off {}"]
    level = {**found.attributes, "brightness": lifted}
    assert light.origin == replace(found, attributes=level)


@pytest.mark.parametrize(
    ("seconds", "features", "told"),
    [
        pytest.param(30, 32, ["on {'brightness': 31, 'transition': 30.0}"], id="short"),
        pytest.param(31, 32, ["steps"], id="long"),
        pytest.param(3, 0, ["steps"], id="without transitions"),
        pytest.param(3, 4, ["steps"], id="with something else that it can"),
        pytest.param(3, None, ["steps"], id="without a word of what it can"),
        pytest.param(0, 0, ["on {'brightness': 31}"], id="no fade at all"),
    ],
)
async def test_where_one_command_would_not_do_it_fades_in_steps(
    hass: HomeAssistant,
    light: Light,
    asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    features: int | None,
    told: list[str],
) -> None:
    """Bulbs without transitions jump, and many ignore commands during a long one."""

    async def stepped(origin: Cue, goal: Cue, fade: timedelta) -> AsyncIterator[Cue]:
        assert (origin, goal) == (BRIGHT, lamp("on", brightness=31))
        assert fade == timedelta(seconds=seconds)
        # Nobody waits for the last of its steps.
        assert light.asked.is_set()
        yield lamp("on", brightness=99)
        yield goal

    monkeypatch.setattr(module, "stepped", stepped)
    hold(light, session_of(fade=timedelta(seconds=seconds)))
    tell(hass, BRIGHT, supported_features=features)
    light.asked.clear()
    await light.send(lamp("on", brightness=31), again=False)
    steps = ["on {'brightness': 99}", "on {'brightness': 31}"]
    assert asked == (steps if told == ["steps"] else told)


@pytest.mark.parametrize("state", [STATE_UNAVAILABLE, None])
async def test_one_that_is_gone_fades_from_nowhere(
    hass: HomeAssistant,
    light: Light,
    asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
    state: str | None,
) -> None:
    """It may be back by the last step."""

    async def stepped(origin: Cue, goal: Cue, fade: timedelta) -> AsyncIterator[Cue]:
        assert origin == goal
        yield goal

    monkeypatch.setattr(module, "stepped", stepped)
    hold(light, session_of(fade=timedelta(seconds=3)))
    if state is None:
        hass.states.async_remove(BED)
    else:
        tell(hass, lamp(state))
    await light.send(lamp("on", brightness=31), again=False)
    assert asked == ["on {'brightness': 31}"]


async def test_without_a_level_there_are_no_steps(
    hass: HomeAssistant, light: Light, asked: list[str]
) -> None:
    """A routine that only warms the light has nothing to count in points."""
    hold(light, session_of(fade=timedelta(seconds=50)))
    tell(hass, BRIGHT)
    await light.send(lamp("on", color_temp_kelvin=2200), again=False)
    assert asked == ["on {'color_temp_kelvin': 2200}"]


# -- whether it did that -------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "cue", "like"),
    [
        pytest.param(DIM, DIM, True, id="as asked"),
        pytest.param(OFF, OFF, True, id="off"),
        pytest.param(
            lamp("off", brightness=99),
            lamp("off", brightness=31),
            True,
            id="off, whatever level it keeps",
        ),
        pytest.param(DIM, OFF, False, id="on instead of off"),
        pytest.param(OFF, DIM, False, id="off instead of on"),
        pytest.param(PLAIN, OFF, False, id="on without levels instead of off"),
        pytest.param(OFF, PLAIN, False, id="off instead of just on"),
        pytest.param(GONE, DIM, False, id="gone"),
        pytest.param(GONE, OFF, False, id="gone instead of off"),
        pytest.param(BRIGHT, DIM, False, id="another level and white"),
        pytest.param(
            lamp("on", brightness=31, color_temp_kelvin=4000), DIM, False, id="white"
        ),
        pytest.param(
            lamp("on", brightness=204, color_temp_kelvin=2200), DIM, False, id="level"
        ),
    ],
)
def test_whether_it_is_as_asked(
    hass: HomeAssistant, light: Light, found: Cue, cue: Cue, like: bool
) -> None:
    """Else it is asked again, and at last somebody is told that it failed."""
    tell(hass, found)
    assert light.is_like(cue) is like


@pytest.mark.parametrize(
    ("found", "origin", "near"),
    [
        pytest.param(DIM, BRIGHT, True, id="as asked"),
        pytest.param(
            lamp("on", brightness=51, color_temp_kelvin=2200), BRIGHT, True, id="floor"
        ),
        pytest.param(
            lamp("on", brightness=51, color_temp_kelvin=2700), BRIGHT, True, id="both"
        ),
        pytest.param(
            lamp("on", brightness=51, color_temp_kelvin=2200),
            lamp("on", brightness=204, color_temp_kelvin=2200),
            True,
            id="floor, in the white that it had",
        ),
        pytest.param(BRIGHT, BRIGHT, False, id="deaf"),
        pytest.param(
            lamp("on", brightness=51, color_temp_kelvin=4000),
            BRIGHT,
            False,
            id="deaf for white",
        ),
        pytest.param(
            lamp("on", brightness=204, color_temp_kelvin=2200),
            BRIGHT,
            False,
            id="deaf for brightness",
        ),
        pytest.param(
            lamp("on", brightness=12, color_temp_kelvin=2200),
            BRIGHT,
            False,
            id="elsewhere",
        ),
        pytest.param(OFF, BRIGHT, False, id="off instead of on"),
        pytest.param(OFF, OFF, False, id="still off"),
        pytest.param(GONE, BRIGHT, False, id="gone"),
        pytest.param(BRIGHT, None, False, id="never asked"),
    ],
)
def test_whether_it_did_what_it_can(
    hass: HomeAssistant, light: Light, found: Cue, origin: Cue | None, near: bool
) -> None:
    """A bulb with a floor stops short of what was asked; one that is deaf does not move."""
    tell(hass, found)
    light.origin = origin
    assert light.is_near(DIM) is near


# -- how it is left ------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "policy", "left"),
    [
        pytest.param(DIM, EndPolicy.RESTORE, BRIGHT, id="back to how it was"),
        pytest.param(BRIGHT, EndPolicy.RESTORE, None, id="it is as it was"),
        pytest.param(GONE, EndPolicy.RESTORE, BRIGHT, id="gone"),
        pytest.param(
            replace(BRIGHT, attributes={**BRIGHT.attributes, "effect": "candle"}),
            EndPolicy.RESTORE,
            BRIGHT,
            id="flickering like a candle",
        ),
        pytest.param(
            replace(BRIGHT, attributes={"brightness": 204, "color_mode": "hs"}),
            EndPolicy.RESTORE,
            BRIGHT,
            id="in another colour",
        ),
        pytest.param(DIM, EndPolicy.KEEP, None, id="kept"),
        pytest.param(DIM, EndPolicy.OFF, OFF, id="off"),
        pytest.param(OFF, EndPolicy.OFF, None, id="off already"),
        pytest.param(GONE, EndPolicy.OFF, OFF, id="gone, and to be off"),
    ],
)
def test_how_it_is_left(
    hass: HomeAssistant,
    light: Light,
    freezer: FrozenDateTimeFactory,
    found: Cue,
    policy: EndPolicy,
    left: Cue | None,
) -> None:
    """As the routine says, and untouched where nothing has to change."""
    session = session_of(brightness=12, lights_end=policy)
    hold(light, session)
    light.wanted = DIM
    freezer.tick(timedelta(minutes=20))
    tell(hass, found)
    assert light.final(session) == left


def test_what_was_never_asked_or_met_is_left_alone(
    hass: HomeAssistant, light: Light
) -> None:
    """So is what a hand changed."""
    session = session_of(brightness=12)
    hold(light, session)
    tell(hass, DIM)
    light.hand = False
    assert light.final(session) is None
    light.wanted, light.hand = DIM, True
    assert light.final(session) is None
    light.hand, light.before = False, None
    assert light.final(session) is None


def test_a_mistake_puts_it_back_whatever_the_routine_says(
    hass: HomeAssistant, light: Light, freezer: FrozenDateTimeFactory
) -> None:
    """In the first minute nobody meant the evening to begin."""
    session = session_of(brightness=12, lights_end=EndPolicy.OFF)
    hold(light, session)
    light.wanted = DIM
    tell(hass, DIM)
    freezer.tick(10)
    assert light.final(session.stop(dt_util.utcnow())) == BRIGHT


async def test_before_it_answered_it_only_looks_as_it_was(
    hass: HomeAssistant, light: Light, asked: list[str]
) -> None:
    """What it was asked is on its way, and would come about after all."""
    for policy, left in ((EndPolicy.RESTORE, BRIGHT), (EndPolicy.OFF, OFF)):
        session = session_of(brightness=12, lights_end=policy)
        hold(light, session)
        light.command(DIM)
        tell(hass, OFF if policy is EndPolicy.OFF else BRIGHT)
        assert light.final(session) == left
        light.drop("a")


async def test_adaptive_lighting_is_told_once_by_all_rooms(
    hass: HomeAssistant, light: Light
) -> None:
    """The first to hold it takes it over, the last to go gives it back."""
    told = async_mock_service(hass, "adaptive_lighting", "set_manual_control")
    hold(light, session_of(), session_of())
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [call.data["manual_control"] for call in told] == [True]
    light.drop("a")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [call.data["manual_control"] for call in told] == [True]
    light.drop("b")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [call.data["manual_control"] for call in told] == [True, False]
