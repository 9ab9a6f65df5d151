"""What one device is asked, when it is asked anew, and what may still come of it."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.light import LightEntityFeature
from homeassistant.core import Context, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.acupressure_mat.const import LONG_AGO
from custom_components.acupressure_mat.environment.device import sent
from custom_components.acupressure_mat.environment.light import Light
from custom_components.acupressure_mat.session.codec import to_dict
from custom_components.acupressure_mat.session.routine import Cue

from .holders import BED, BRIGHT, DIM, OFF, Holding, hold, known, lamp, session_of, tell


@pytest.fixture
def answer(hass: HomeAssistant) -> asyncio.Event:
    """Let what is asked of lamps take until this is set."""
    answer = asyncio.Event()

    async def wait(call: ServiceCall) -> None:
        await answer.wait()

    hass.services.async_register("light", "turn_on", wait)
    return answer


async def test_what_is_known_of_a_command(
    hass: HomeAssistant,
    light: Light,
    freezer: FrozenDateTimeFactory,
    answer: asyncio.Event,
) -> None:
    """From where to where, since when, until when, and whether it was asked yet."""
    hold(light, session_of(fade=timedelta(seconds=10)))
    tell(hass, lamp(brightness=150), supported_features=LightEntityFeature.TRANSITION)
    light.hand = False
    freezer.tick(60)
    task = light.command(DIM)
    assert (light.origin, light.wanted) == (lamp(brightness=150), DIM)
    assert light.known_at == dt_util.utcnow()
    on_its_way = []
    for seconds in (20, 0.001):
        freezer.tick(seconds)
        on_its_way.append(light.is_on_its_way)
    assert on_its_way == [True, False]
    asked = [light.asked.is_set()]
    answer.set()
    for _ in range(5):
        await asyncio.sleep(0)
    # Asked it is before it follows.
    asked.append(light.asked.is_set())
    assert asked == [False, True]
    tell(hass, DIM)
    await task


async def test_what_it_may_still_tell_of_is_kept(
    hass: HomeAssistant,
    light: Light,
    freezer: FrozenDateTimeFactory,
    answer: asyncio.Event,
) -> None:
    """What it was asked before, for as long as that may come about; no longer."""
    hold(light, session_of(fade=timedelta(seconds=10)))
    light.command(DIM)
    kept = [light.as_dict().get("passing")]
    light.command(lamp(brightness=60))
    kept.append(light.as_dict().get("passing"))
    freezer.tick(21)
    kept.append(light.as_dict().get("passing"))
    assert kept == [None, [to_dict(BRIGHT), to_dict(DIM)], None]


@pytest.mark.parametrize(
    ("seconds", "is_theirs"),
    [pytest.param(15, False, id="just before"), pytest.param(21, True, id="long ago")],
)
def test_dark_after_a_restart_it_was_ours_if_that_was_asked_just_before(
    hass: HomeAssistant, light: Light, seconds: float, is_theirs: bool
) -> None:
    """Asked to be dark, then to be dim, it may have come to the first alone."""
    light.claim("a", Holding(session_of(fade=timedelta(seconds=10))), recalled=True)
    tell(hass, OFF)
    asked = known(-seconds, before=BRIGHT, origin=BRIGHT, wanted=DIM)
    light.recall({"passing": [to_dict(OFF)], **asked})
    assert light.hand is is_theirs


@pytest.mark.parametrize(("seconds", "is_theirs"), [(1, False), (21, True)])
def test_what_it_still_tells_after_a_restart_is_no_hand(
    hass: HomeAssistant,
    light: Light,
    freezer: FrozenDateTimeFactory,
    seconds: float,
    is_theirs: bool,
) -> None:
    """Its dark comes only now, and was ours; later it would be somebody's."""
    light.claim("a", Holding(session_of(fade=timedelta(seconds=10))), recalled=True)
    asked = known(before=BRIGHT, origin=BRIGHT, wanted=DIM)
    light.recall({"passing": [to_dict(OFF)], **asked})
    freezer.tick(seconds)
    tell(hass, OFF)
    assert light.hand is is_theirs


async def test_a_slow_lamp_has_not_arrived_by_having_arrived_before(
    hass: HomeAssistant,
    light: Light,
    freezer: FrozenDateTimeFactory,
    answer: asyncio.Event,
) -> None:
    """Its first step comes a minute late, and is no hand's."""
    hold(light, session_of())
    light.command(DIM)
    tell(hass, DIM)
    light.command(BRIGHT)
    freezer.tick(60)
    tell(hass, lamp(brightness=100))
    assert not light.hand
    light.drop("a")


@pytest.mark.parametrize(
    ("wants", "like", "busy", "asked_again"),
    [
        pytest.param(DIM, True, False, False, id="as it was asked"),
        pytest.param(DIM, False, True, False, id="being asked"),
        pytest.param(DIM, False, False, True, id="not as it was asked"),
        pytest.param(BRIGHT, True, False, True, id="as it is to be by chance"),
        pytest.param(BRIGHT, False, True, True, id="being asked something else"),
    ],
)
async def test_it_is_asked_once(
    hass: HomeAssistant,
    light: Light,
    answer: asyncio.Event,
    wants: Cue,
    like: bool,
    busy: bool,
    asked_again: bool,
) -> None:
    """Each change of a session asks all devices anew; most of them have nothing to do."""
    hold(light, session_of(brightness=12))
    if busy:
        light.command(wants)
    light.wanted = wants
    tell(hass, DIM if like else lamp(brightness=150))
    light.hand = False
    light.known_at = LONG_AGO
    light.follow()
    assert (light.known_at > LONG_AGO) is asked_again
    assert light.wanted == DIM
    light.drop("a")


@pytest.mark.parametrize(
    ("origin", "level", "hand"),
    [
        pytest.param(BRIGHT, 190, False, id="near where it was then"),
        pytest.param(BRIGHT, 40, False, id="near what it was asked then"),
        pytest.param(BRIGHT, 250, True, id="beyond both"),
        pytest.param(None, 190, True, id="where it was then is not known"),
    ],
)
async def test_what_it_was_asked_before_a_restart_may_still_come(
    hass: HomeAssistant,
    light: Light,
    freezer: FrozenDateTimeFactory,
    answer: asyncio.Event,
    caplog: pytest.LogCaptureFixture,
    origin: Cue | None,
    level: int,
    hand: bool,
) -> None:
    """Gone while Home Assistant came up, it does first what it was told first."""
    light.claim("a", Holding(session_of()), recalled=True)
    where = {} if origin is None else {"origin": origin}
    data = known(before=BRIGHT, wanted=DIM, **where)
    freezer.tick(60)
    tell(hass, lamp("unavailable"))
    light.recall(data)
    light.command(lamp(brightness=160))
    tell(hass, lamp(brightness=140))
    assert not light.hand
    tell(hass, lamp(brightness=level))
    assert light.hand is hand
    assert "Traceback" not in caplog.text
    light.drop("a")


async def test_what_was_never_asked_before_does_not_come(
    hass: HomeAssistant,
    light: Light,
    answer: asyncio.Event,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Of a lamp that was gone all the time there is nothing to wait for."""
    light.claim("a", Holding(session_of()), recalled=True)
    tell(hass, lamp("unavailable"))
    light.recall(known(before=BRIGHT))
    light.command(DIM)
    tell(hass, lamp(brightness=100))
    tell(hass, lamp(brightness=150))
    assert light.hand
    assert "Traceback" not in caplog.text
    light.drop("a")


async def test_nobody_waits_for_a_command_that_was_called_off(
    hass: HomeAssistant, light: Light
) -> None:
    """It was to be asked once it is back, and now it never is."""
    light.claim("a", Holding(session_of()), recalled=True)
    tell(hass, lamp("unavailable"))
    light.recall(known(before=BRIGHT, origin=BRIGHT, wanted=DIM))
    task = light.command(DIM)
    asked = [light.asked.is_set()]
    light.drop("a")
    await asyncio.wait([task])
    await asyncio.sleep(0)
    asked.append(light.asked.is_set())
    assert asked == [False, True]


async def test_one_that_is_not_there_has_a_moment_to_come(
    hass: HomeAssistant, light: Light
) -> None:
    """Some are a second late each time, and would be told of each evening."""
    tell(hass, lamp("unavailable"))
    (anna,) = hold(light, session_of())
    light.follow()
    for _ in range(5):
        await asyncio.sleep(0)
    assert light.before is None
    assert anna.told == []
    light.drop("a")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        pytest.param(OFF, [], id="put off"),
        pytest.param(DIM, [], id="as it was asked"),
        pytest.param(BRIGHT, ["turn_on"], id="as it was before"),
    ],
)
async def test_what_it_is_asked_when_it_is_back(
    hass: HomeAssistant, light: Light, found: Cue, told: list[str]
) -> None:
    """What waits for it to come back is neither a failure nor asked against a hand."""
    calls: list[str] = []

    async def note(call: ServiceCall) -> None:
        calls.append(call.service)

    hass.services.async_register("light", "turn_on", note)
    data = known(-60, before=BRIGHT, origin=BRIGHT, wanted=DIM)
    anna = Holding(session_of())
    light.claim("a", anna, recalled=True)
    tell(hass, DIM)
    tell(hass, lamp("unavailable"))
    light.recall(data)
    light.command(DIM)
    await asyncio.sleep(0)
    assert f"{BED} failed" not in anna.told
    tell(hass, found, supported_features=LightEntityFeature.TRANSITION)
    for _ in range(5):
        await asyncio.sleep(0)
    assert light.hand is (found is OFF)
    assert calls == told
    light.drop("a")


async def test_called_off_it_is_asked_anew(
    hass: HomeAssistant, light: Light, answer: asyncio.Event
) -> None:
    """What is being called off does nothing more."""
    hold(light, session_of(brightness=12))
    light.command(DIM)
    light._cancel()
    light.known_at = LONG_AGO
    light.follow()
    assert light.known_at > LONG_AGO
    light.drop("a")


async def test_what_was_asked_is_on_its_way_until_it_surely_came(
    hass: HomeAssistant, light: Light, answer: asyncio.Event
) -> None:
    """What looks like it may be the last of what was asked before."""
    hold(light, session_of())
    light.command(DIM)
    on_its_way = [light.is_on_its_way]
    light.command(BRIGHT)
    tell(hass, lamp(brightness=203))
    assert light.is_like(BRIGHT)
    on_its_way.append(light.is_on_its_way)
    light.begin_anew()
    on_its_way.append(light.is_on_its_way)
    assert on_its_way == [True, True, False]
    light.drop("a")


@pytest.mark.parametrize(
    ("found", "on_its_way"),
    [
        pytest.param(BRIGHT, True, id="as it was"),
        pytest.param(lamp(brightness=100), True, id="between the two"),
        pytest.param(DIM, False, id="as it was asked"),
    ],
)
async def test_gone_for_a_blink_it_has_arrived_only_where_it_was_asked_to(
    hass: HomeAssistant,
    light: Light,
    answer: asyncio.Event,
    found: Cue,
    on_its_way: bool,
) -> None:
    """The rest of its fade is still to come."""
    hold(light, session_of())
    light.command(DIM)
    tell(hass, lamp("unavailable"))
    tell(hass, found)
    assert light.is_on_its_way is on_its_way
    light.drop("a")


def test_who_waits_for_a_command_to_leave_waits_two_rounds_of_the_event_loop() -> None:
    """In the first it is queued, in the next it leaves; one more would be wasted."""
    waiting, rounds = sent(), 0
    with suppress(StopIteration):
        while True:
            waiting.send(None)
            rounds += 1
    assert rounds == 2


async def test_a_hand_in_the_midst_of_a_command_calls_it_off(
    hass: HomeAssistant, light: Light
) -> None:
    """It tells of the hand before all is sent; what follows would be against it."""

    async def someone(_call: ServiceCall) -> None:
        by = Context(user_id="anna")
        hass.states.async_set(BED, "on", {"brightness": 240}, context=by)
        raise HomeAssistantError("lost on its way")

    hass.services.async_register("light", "turn_on", someone)
    hold(light, session_of(fade=timedelta(0)))
    task = light.command(DIM)
    for _ in range(5):
        await asyncio.sleep(0)
    assert light.hand
    assert task.cancelled()
    assert light.asked.is_set()
