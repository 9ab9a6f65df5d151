"""Whose doing it is when one device changes: that of a session, or of a hand."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.acupressure_mat.const import LONG_AGO
from custom_components.acupressure_mat.environment.device import OURS, OURS_KEPT
from custom_components.acupressure_mat.environment.light import Light
from custom_components.acupressure_mat.session.routine import Cue

from .holders import BED, BRIGHT, DIM, OFF, Holding, hold, lamp, session_of, tell


@pytest.mark.parametrize(
    ("context", "is_foreign"),
    [
        pytest.param(Context(), False, id="nobody"),
        pytest.param(Context(user_id="anna"), True, id="a person"),
        pytest.param(Context(parent_id="automation"), True, id="an automation"),
    ],
)
def test_a_cause_of_its_own_proves_somebody(
    light: Light, context: Context, is_foreign: bool
) -> None:
    """A push of the device itself has none."""
    assert light.is_foreign(context) is is_foreign


def test_our_own_names_prove_nothing_also_of_rooms_that_have_gone(
    hass: HomeAssistant, light: Light
) -> None:
    """The latest of them are kept; those in use never fall out."""
    first = Holding(session_of())
    first.context = Context(parent_id="tap")
    light.claim("a", first)
    for _ in range(OURS_KEPT - 1):
        light.claim("b", Holding(session_of()))
    assert not light.is_foreign(first.context)
    light.claim("a", first)
    light.claim("b", Holding(session_of()))
    assert not light.is_foreign(first.context)
    assert len(hass.data[OURS]) == 256
    for _ in range(OURS_KEPT):
        light.claim("b", Holding(session_of()))
    assert light.is_foreign(first.context)


async def test_it_is_commanded_in_the_name_of_who_came_last(
    hass: HomeAssistant, light: Light
) -> None:
    """The logbook shows whose session it was."""
    calls = async_mock_service(hass, "light", "turn_on")
    _, ben = hold(light, session_of(), session_of())
    await light.call("turn_on", brightness=31)
    (call,) = calls
    assert call.context is ben.context
    assert call.data == {"entity_id": BED, "brightness": 31}


@pytest.mark.parametrize(
    ("found", "hand"),
    [
        pytest.param(DIM, False, id="as asked"),
        pytest.param(lamp(brightness=100), False, id="on its way"),
        pytest.param(lamp(brightness=250), True, id="beyond where it was"),
        pytest.param(OFF, True, id="off"),
    ],
)
def test_a_hand_is_told_by_value(
    hass: HomeAssistant, light: Light, found: Cue, hand: bool
) -> None:
    """What lies between where it was and what it was asked is our own doing."""
    (anna,) = hold(light, session_of())
    light.origin, light.wanted = BRIGHT, DIM
    light._until, light.known_at = dt_util.utcnow(), LONG_AGO
    tell(hass, found)
    assert light.hand is hand
    assert anna.told == (["changed"] if hand else [])
    assert light.known_at == (dt_util.utcnow() if hand else LONG_AGO)


def test_on_its_way_it_comes_from_where_it_was_last(
    hass: HomeAssistant, light: Light
) -> None:
    """Not from how it was found: between the two lies what only a hand does."""
    hold(light, session_of())
    light.origin, light.wanted = lamp(brightness=100), DIM
    light._until = dt_util.utcnow()
    tell(hass, lamp(brightness=90))
    assert not light.hand
    tell(hass, lamp(brightness=150))
    assert light.hand


def test_what_changes_before_anything_was_asked_is_a_hand_s(
    hass: HomeAssistant, light: Light
) -> None:
    """It was found otherwise, and is left as they want it."""
    hold(light, session_of())
    tell(hass, lamp(brightness=203))
    assert not light.hand
    tell(hass, lamp(brightness=150))
    assert light.hand


def test_a_hand_is_told_of_once_and_only_where_something_changed(
    hass: HomeAssistant, light: Light
) -> None:
    """A lamp tells of more than its light, and each file is written for a change."""
    (anna,) = hold(light, session_of())
    light.origin = light.wanted = DIM
    tell(hass, BRIGHT, friendly_name="Bed of Anna")
    assert not light.hand
    for level in (150, 160):
        tell(hass, lamp(brightness=level))
        assert light.hand
    assert anna.told == ["changed"]


def test_once_it_arrived_and_is_quiet_only_what_was_asked_is_ours(
    hass: HomeAssistant, light: Light, freezer: FrozenDateTimeFactory
) -> None:
    """A level on the way is a hand's by then."""
    hold(light, session_of())
    light.origin, light.wanted = BRIGHT, DIM
    light._until = dt_util.utcnow()
    tell(hass, DIM)
    tell(hass, lamp(brightness=100))
    assert not light.hand
    freezer.tick(0.001)
    tell(hass, lamp(brightness=101))
    assert light.hand


@pytest.mark.parametrize(
    ("wanted", "seconds", "hand"),
    [
        pytest.param(DIM, 0, False, id="as late as may be"),
        pytest.param(DIM, 0.001, True, id="later"),
        pytest.param(OFF, 0, True, id="asked to be off"),
    ],
)
def test_late_to_come_on_it_may_come_on_brighter_than_asked(
    hass: HomeAssistant,
    light: Light,
    freezer: FrozenDateTimeFactory,
    wanted: Cue,
    seconds: float,
    hand: bool,
) -> None:
    """Its own least brightness is no hand's; what is still brighter then is."""
    tell(hass, OFF)
    hold(light, session_of())
    light.origin, light.wanted = OFF, wanted
    light._until = dt_util.utcnow()
    freezer.tick(seconds)
    tell(hass, lamp(brightness=90))
    assert light.hand is hand
    tell(hass, lamp(brightness=120))
    assert light.hand


def test_what_somebody_asked_is_theirs_whatever_it_looks_like(
    hass: HomeAssistant, light: Light
) -> None:
    """Also between where it was and what it was asked."""
    hold(light, session_of())
    light.origin, light.wanted = BRIGHT, DIM
    by = Context(user_id="anna")
    hass.states.async_set(BED, "on", {"brightness": 100}, context=by)
    assert light.hand


def test_of_one_that_was_never_met_nothing_is_judged(
    hass: HomeAssistant, light: Light, caplog: pytest.LogCaptureFixture
) -> None:
    """What was known of it could not be read."""
    light.claim("a", Holding(session_of()), recalled=True)
    tell(hass, DIM)
    assert not light.hand
    assert "Traceback" not in caplog.text


def test_one_that_was_asked_nothing_is_theirs_who_change_it(
    hass: HomeAssistant, light: Light
) -> None:
    """It is dark, and left so: whoever switches it on has it on."""
    tell(hass, OFF)
    hold(light, session_of())
    assert (light.origin, light.wanted) == (None, None)
    tell(hass, BRIGHT)
    assert light.hand
