"""In which order a room commands its devices, and how it lets go of them."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.acupressure_mat.environment import DEVICES, Sound
from custom_components.acupressure_mat.session.session import Reason

from .holders import BED, PLUG, RADIO, room_of, session_of

ALL: dict[str, Any] = {"lights": (BED,), "diffusers": (PLUG,), "player": RADIO}
AT_ONCE: dict[str, Any] = {"brightness": 12, "fade": timedelta(0)}


@pytest.fixture(autouse=True)
def devices(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let there be one device of each kind."""
    freezer.move_to("2026-11-22T21:00:00+00:00")
    hass.states.async_set(BED, "on", {"brightness": 204})
    hass.states.async_set(PLUG, "off")
    hass.states.async_set(RADIO, "idle")


# -- commands ------------------------------------------------------------------


@pytest.fixture
def asked(hass: HomeAssistant) -> list[str]:
    """Return which device is asked for what; it does that at once."""
    told: list[str] = []

    async def obey(call: ServiceCall) -> None:
        entity_id = call.data["entity_id"]
        told.append(f"{entity_id} {call.service}")
        state = "off" if call.service in ("turn_off", "media_stop") else "on"
        state = "playing" if call.service == "media_play" else state
        hass.states.async_set(entity_id, state, dict(call.data))

    for domain in ("light", "switch", "media_player"):
        for service in ("turn_on", "turn_off", "media_play", "media_stop"):
            hass.services.async_register(domain, service, obey)
    return told


def hang(hass: HomeAssistant, service: str) -> asyncio.Event:
    """Let what is asked of lamps take until this is set."""
    answer = asyncio.Event()

    async def wait(call: ServiceCall) -> None:
        await answer.wait()
        hass.states.async_set(call.data["entity_id"], "on", dict(call.data))

    hass.services.async_register("light", service, wait)
    return answer


async def rounds(number: int = 5) -> None:
    """Let what waits for the event loop alone come to its turn."""
    for _ in range(number):
        await asyncio.sleep(0)


async def test_first_comes_what_is_seen_first(
    hass: HomeAssistant, asked: list[str]
) -> None:
    """One lamp at once; music before the other lamps, and the diffuser after them."""
    hass.states.async_set("light.desk", "on", {"brightness": 204})
    room = room_of(
        hass, session_of(**ALL | AT_ONCE | {"lights": (BED, "light.desk")}), []
    )
    room.capture()
    room.apply()
    assert asked == [f"{BED} turn_on"]
    await room.async_commanded()
    assert asked[1:] == [
        f"{RADIO} media_play",
        "light.desk turn_on",
        f"{PLUG} turn_on",
    ]
    room.suspend()


async def test_of_many_lamps_a_few_are_commanded_at_a_time(
    hass: HomeAssistant, asked: list[str]
) -> None:
    """All else in the home waits meanwhile; in the end the disk knows of all of them."""
    lamps = tuple(f"light.lamp_{number}" for number in range(20))
    for entity_id in lamps:
        hass.states.async_set(entity_id, "on", {"brightness": 204})
    told: list[Any] = []
    room = room_of(hass, session_of(lights=lamps, **AT_ONCE), told)
    room.capture()
    room.apply()
    bursts = [len(asked)]
    assert told == []
    for _ in range(20):
        await asyncio.sleep(0)
        if more := len(asked) - sum(bursts):
            bursts.append(more)
    assert bursts == [1, 8, 8, 3]
    assert told == ["saved"]
    room.suspend()


async def test_what_is_let_go_of_meanwhile_is_left_alone(
    hass: HomeAssistant, asked: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Its mat was loaded anew in the very moment in which it was to be commanded."""
    room = room_of(hass, session_of(**ALL | AT_ONCE), [])
    room.capture()
    room.apply()
    await room.async_commanded()
    done = list(asked)
    room.session = room.session.stop(dt_util.utcnow(), Reason.ENOUGH)
    room.apply()
    room.suspend()
    await rounds()
    assert asked == done
    assert "refused" not in caplog.text


@pytest.mark.parametrize("is_held", [True, False])
async def test_a_room_that_holds_nothing_any_more_is_not_heard_on_another_s_player(
    hass: HomeAssistant, asked: list[str], is_held: bool
) -> None:
    """The bell of a mat that is loaded anew, while two lie to the same music."""
    features = Feature.PLAY_MEDIA | Feature.MEDIA_ANNOUNCE
    played = async_mock_service(hass, "media_player", "play_media")
    hass.states.async_set(RADIO, "idle", {"supported_features": features})
    session = session_of(**ALL | AT_ONCE)
    rooms = [room_of(hass, replace(session, id=key), []) for key in "ab"]
    for room in rooms:
        room.capture()
        room.apply()
        await room.async_commanded()
    hass.states.async_set(RADIO, "playing", {"supported_features": features})
    await rounds()
    if not is_held:
        rooms[0].suspend()
    rooms[0].sound(Sound(content_id="library:gong", length=timedelta(seconds=5)))
    await rounds()
    assert len(played) == is_held
    for room in rooms:
        room.suspend()


async def test_what_is_being_put_back_is_not_asked_for_anything_else(
    hass: HomeAssistant, asked: list[str]
) -> None:
    """Stopped and left in one moment, a player that was off is off again."""
    hass.states.async_set(RADIO, "off", {"supported_features": Feature.TURN_OFF})
    room = room_of(hass, session_of(**ALL | AT_ONCE), [])
    room.capture()
    room.apply()
    await room.async_commanded()
    room.session = room.session.stop(dt_util.utcnow(), Reason.ENOUGH)
    room.apply()
    await room.restore()
    assert hass.states.is_state(RADIO, "off")
    assert not hass.data[DEVICES]


async def test_what_is_said_waits_for_the_last_command(
    hass: HomeAssistant, asked: list[str]
) -> None:
    """Of a lamp that answers late, too."""
    answer = hang(hass, "turn_on")
    room = room_of(hass, session_of(**ALL | AT_ONCE), [])
    room.capture()
    room.apply()
    commanded = hass.async_create_task(room.async_commanded())
    await rounds()
    assert not commanded.done()
    answer.set()
    await commanded
    assert asked == [f"{RADIO} media_play", f"{PLUG} turn_on"]
    room.suspend()


async def test_a_script_of_the_person_s_runs_in_the_name_of_the_session(
    hass: HomeAssistant,
) -> None:
    """The logbook shows what set it off."""
    calls = async_mock_service(hass, "script", "turn_on")
    room = room_of(hass, session_of(), [])
    room.play(None)
    room.play("script.blinds")
    await rounds()
    (call,) = calls
    assert call.context is room.context


async def test_what_turns_out_to_be_a_group_is_let_go_of_for_its_lamps(
    hass: HomeAssistant, asked: list[str]
) -> None:
    """While all of them are gone it does not tell that it stands for any."""
    hass.states.async_set("light.all", "unavailable")
    told: list[Any] = []
    room = room_of(hass, session_of(lights=("light.all",), **AT_ONCE), told)
    room.capture()
    told.clear()
    hass.states.async_set("light.all", "on", {"entity_id": [BED]})
    await rounds()
    assert asked == [f"{BED} turn_on"]
    assert hass.data[DEVICES].keys() == room.as_dict()["devices"].keys() == {BED}
    assert told == ["saved"]
    room.suspend()


# -- letting go ----------------------------------------------------------------


async def test_who_leaves_last_takes_the_devices_along(
    hass: HomeAssistant, asked: list[str]
) -> None:
    """Until then they are another's, too."""
    session = session_of(**ALL).stop(dt_util.utcnow(), Reason.ENOUGH)
    rooms = [room_of(hass, replace(session, id=key), []) for key in "ab"]
    for room in rooms:
        room.capture()
    for room, left in zip(rooms, ({BED, PLUG, RADIO}, set[str]()), strict=True):
        was_restored = room.is_restored
        await room.restore()
        assert (was_restored, room.is_restored) == (False, True)
        assert hass.data[DEVICES].keys() == left
        assert room.as_dict()["devices"] == {}


@pytest.mark.parametrize("how", ["answers", "is given up"])
async def test_while_one_lamp_hangs_the_others_are_not_put_back_again(
    hass: HomeAssistant, asked: list[str], how: str
) -> None:
    """After a kill only that one is; and until it was, the room is not forgotten."""
    told: list[Any] = []
    room = room_of(hass, session_of(**ALL | AT_ONCE), told)
    room.capture()
    room.apply()
    await room.async_commanded()
    answer = hang(hass, "turn_on")
    room.session = room.session.stop(dt_util.utcnow(), Reason.ENOUGH)
    told.clear()
    room.restoring = hass.async_create_task(room.restore())
    await rounds(20)
    assert told[-1] == "saved"
    assert room.as_dict()["devices"].keys() == {BED}
    told.clear()
    if how == "answers":
        answer.set()
        await room.restoring
    else:
        room.suspend()
        await rounds()
    assert told == []
    assert room.is_restored is (how == "answers")
