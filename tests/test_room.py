"""What is known of a room, on the disk and after it, and what its devices tell."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.acupressure_mat.environment import DEVICES, diffuser_of
from custom_components.acupressure_mat.environment.diffuser import Diffuser
from custom_components.acupressure_mat.environment.light import Light
from custom_components.acupressure_mat.environment.player import Player
from custom_components.acupressure_mat.session.record import Record
from custom_components.acupressure_mat.session.routine import PhaseName
from custom_components.acupressure_mat.session.session import Reason

from .holders import BED, PLUG, RADIO, known, lamp, room_of, session_of

ALL: dict[str, Any] = {"lights": (BED,), "diffusers": (PLUG,), "player": RADIO}


@pytest.fixture(autouse=True)
def devices(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let there be one device of each kind."""
    freezer.move_to("2026-11-22T21:00:00+00:00")
    hass.states.async_set(BED, "on", {"brightness": 204})
    hass.states.async_set(PLUG, "off")
    hass.states.async_set(RADIO, "idle")


# -- what the disk knows -------------------------------------------------------


def test_a_room_is_the_same_after_a_restart(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What was said of it is not said again, and what is owed is not forgotten."""
    told: list[Any] = []
    session = session_of(**ALL)
    room = room_of(hass, session, told)
    data = room.as_dict()
    assert (data["announced"], data["record"], data["devices"]) == (None, None, {})
    assert (data["closed"], data["left"], data["failed"]) == (False, False, [])
    freezer.tick(timedelta(minutes=10))
    session = session.stop(dt_util.utcnow(), Reason.ENOUGH)
    record = Record.of(session, dt_util.utcnow(), dt_util.UTC, ())
    room.announced, room.record = PhaseName.AFTER, record
    room.closed = room.is_left = True
    room.failed = (BED, RADIO)
    again = room_of(hass, session, told)
    again.remember(room.as_dict())
    assert (again.announced, again.record) == (PhaseName.AFTER, record)
    assert (again.closed, again.is_left) == (True, True)
    assert again.failed == (BED, RADIO)
    assert again.as_dict() == {**room.as_dict(), "session": session.as_dict()}


@pytest.mark.parametrize(
    "damage",
    [
        {"announced": "dancing"},
        {"announced": None},
        {"closed": "yes"},
        {"left": 1},
        {"failed": BED},
        {"devices": [BED]},
        {"record": {"id": 7}},
        {},
    ],
)
def test_damaged_parts_are_left_out(
    hass: HomeAssistant, damage: dict[str, Any]
) -> None:
    """The rest of a room is worth more than what is torn."""
    room = room_of(hass, session_of(**ALL), [])
    room.remember(damage)
    data = room.as_dict()
    assert (data["announced"], data["record"], data["devices"]) == (None, None, {})
    assert (data["closed"], data["left"], data["failed"]) == (False, False, [])


# -- after a restart -----------------------------------------------------------


WAS = {BED: known(before=lamp(brightness=51))}


@pytest.mark.parametrize(
    ("minutes", "left", "state", "held"),
    [
        pytest.param(9, False, CoreState.running, [BED, RADIO, PLUG], id="it goes on"),
        pytest.param(9, False, CoreState.starting, [BED], id="nobody is there yet"),
        pytest.param(9, True, CoreState.running, [BED], id="it was left"),
        pytest.param(99, False, CoreState.running, [BED], id="it is over"),
    ],
)
def test_what_goes_on_is_held_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    minutes: float,
    left: bool,
    state: CoreState,
    held: list[str],
) -> None:
    """Also what the file does not know; of the rest that is somebody else's by now."""
    room = room_of(hass, session_of(**ALL), [])
    room.remember({"devices": WAS})
    room.is_left = left
    freezer.tick(timedelta(minutes=minutes))
    hass.set_state(state)
    room.recall()
    devices = hass.data[DEVICES]
    assert sorted(devices) == sorted(held)
    # It is bright, but that says nothing of how it was.
    assert devices[BED].before == lamp(brightness=51)
    room.suspend()
    hass.set_state(CoreState.running)


KEPT = {
    "light.torn": "torn",
    "light.odd": {"kind": "Toaster"},
    "switch.gone": {"kind": "Diffuser"},
    "media_player.gone": {"kind": "Player", "known_at": "2026-11-22", "before": 7},
    PLUG: {"kind": "Light"},
}


@pytest.mark.parametrize("only_off", [False, True])
def test_each_is_held_again_as_what_it_was_there_for(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture, only_off: bool
) -> None:
    """Whatever became of a group, or of the file; hours later the lamps stay dark."""
    room = room_of(hass, session_of(diffusers=(PLUG,)), [])
    room.remember({"devices": KEPT})
    room.recall(only_off=only_off)
    kinds = {
        entity_id: type(device) for entity_id, device in hass.data[DEVICES].items()
    }
    others = {"switch.gone": Diffuser, "media_player.gone": Player, PLUG: Diffuser}
    lamps = {} if only_off else {"light.torn": Light, "light.odd": Light}
    assert kinds == {**lamps, **others}
    assert "What was known of media_player.gone cannot be read" in caplog.text
    room.suspend()


# -- what it holds -------------------------------------------------------------


def test_each_device_is_held_as_what_it_is_there_for(hass: HomeAssistant) -> None:
    """A lamp that spreads scent goes off, whatever a routine says of lamps."""
    room = room_of(hass, session_of(**ALL | {"diffusers": (PLUG, BED)}), [])
    room.capture()
    devices = hass.data[DEVICES]
    kinds = {entity_id: type(device) for entity_id, device in devices.items()}
    assert kinds == {PLUG: Diffuser, BED: Diffuser, RADIO: Player}
    assert {e: d["kind"] for e, d in room.as_dict()["devices"].items()} == {
        PLUG: "Diffuser",
        BED: "Diffuser",
        RADIO: "Player",
    }
    assert diffuser_of(hass, PLUG) is devices[PLUG]
    assert diffuser_of(hass, RADIO) is None
    assert diffuser_of(hass, "switch.none") is None
    room.suspend()
    assert not hass.data[DEVICES]


def test_what_is_no_light_is_not_dimmed(hass: HomeAssistant) -> None:
    """A group may have a plug among its lamps."""
    hass.states.async_set("group.all", "on", {"entity_id": [BED, PLUG]})
    room = room_of(hass, session_of(lights=("group.all",)), [])
    room.capture()
    assert hass.data[DEVICES].keys() == {BED}
    assert isinstance(hass.data[DEVICES][BED], Light)
    room.suspend()


def test_two_rooms_hold_one_device(hass: HomeAssistant) -> None:
    """Who leaves first takes it from nobody."""
    rooms = [room_of(hass, replace(session_of(**ALL), id=key), []) for key in "ab"]
    for room in rooms:
        room.capture()
    assert len(hass.data[DEVICES][BED].holders) == 2
    rooms[0].suspend()
    assert len(hass.data[DEVICES][BED].holders) == 1
    rooms[1].suspend()
    assert not hass.data[DEVICES]


def test_a_failure_is_told_of_once_a_session(hass: HomeAssistant) -> None:
    """In the order in which they were noticed."""
    told: list[Any] = []
    room = room_of(hass, session_of(**ALL), told)
    for entity_id in (RADIO, BED, RADIO):
        room.report(entity_id)
    assert told == [f"{RADIO} failed", f"{BED} failed"]
    assert room.failed == (RADIO, BED)
    room.stuck(PLUG, is_stuck=True)
    assert told[2:] == [(PLUG, True)]


async def test_under_a_new_name_it_is_held_and_known(hass: HomeAssistant) -> None:
    """By the session, by the room, and for every other room."""
    told: list[Any] = []
    room = room_of(hass, session_of(**ALL), told)
    room.capture()
    told.clear()
    device = hass.data[DEVICES][BED]
    device.entity_id = "light.reading"
    room.renamed(BED, "light.reading")
    assert told == [("light.reading", PLUG, RADIO)]
    assert hass.data[DEVICES].keys() == {"light.reading", PLUG, RADIO}
    assert room.as_dict()["devices"].keys() == {"light.reading", PLUG, RADIO}
    assert hass.data[DEVICES]["light.reading"] is device
    assert room.session.routine.lights == ("light.reading",)
    room.changed()
    assert told[1:] == ["saved"]
    room.suspend()


@pytest.mark.parametrize(("sent", "seen"), [(True, [PLUG]), (False, [])])
def test_only_what_has_to_go_off_is_seen_off(
    hass: HomeAssistant, sent: bool, seen: list[str]
) -> None:
    """Without their mat, lamps and music stay as they were left."""
    room = room_of(hass, session_of(**ALL), [])
    room.capture()
    diffuser = hass.data[DEVICES][PLUG]
    assert isinstance(diffuser, Diffuser)
    diffuser._was_sent = sent
    assert list(room.not_off()) == seen
    room.suspend()
