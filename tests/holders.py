"""A device of the environment by itself, and the rooms that hold it."""

import asyncio
from datetime import timedelta
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.util import dt as dt_util

from custom_components.acupressure_mat.environment import Room
from custom_components.acupressure_mat.environment.device import Device
from custom_components.acupressure_mat.session.routine import Cue, Routine
from custom_components.acupressure_mat.session.session import Session

BED, PLUG, RADIO = "light.bed", "switch.plug", "media_player.radio"


def lamp(state: str = "on", entity_id: str = BED, **attributes: Any) -> Cue:
    """Return a lamp as it is or should be."""
    return Cue(entity_id=entity_id, state=state, attributes=attributes)


OFF, BRIGHT, DIM = lamp("off"), lamp(brightness=204), lamp(brightness=31)


def session_of(minutes: float = 20, **routine: Any) -> Session:
    """Return a session that starts now."""
    return Session.start(
        Routine(id="bedtime", name="Bedtime", **routine),
        timedelta(minutes=minutes),
        dt_util.utcnow(),
        id="session",
    )


class Holding:
    """A room, as far as one of its devices sees it, and what that told it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.context = Context()
        self.told: list[str] = []
        self.is_saved = True

    def on_disk(self) -> asyncio.Future[bool]:
        future = asyncio.get_running_loop().create_future()
        future.set_result(self.is_saved)
        return future

    def report(self, entity_id: str) -> None:
        self.told.append(f"{entity_id} failed")

    def stuck(self, entity_id: str, *, is_stuck: bool) -> None:
        self.told.append(f"{entity_id} {'stays on' if is_stuck else 'is off'}")

    def renamed(self, old: str, new: str) -> None:
        self.told.append(f"{old} is {new}")

    def split(self, entity_id: str) -> None:
        self.told.append(f"{entity_id} is a group")

    def changed(self) -> None:
        self.told.append("changed")


def hold[D: Device](device: D, *sessions: Session) -> list[Holding]:
    """Let rooms hold a device, in this order; their keys are a, b, and so on."""
    holdings = [Holding(session) for session in sessions]
    for key, holding in zip("abcdef", holdings, strict=False):
        device.claim(key, holding)
    return holdings


def tell(hass: HomeAssistant, cue: Cue, **more: Any) -> None:
    """Let a device tell that it is like this."""
    hass.states.async_set(cue.entity_id, cue.state, {**cue.attributes, **more})


def known(seconds: float = 0, /, **cues: Cue) -> dict[str, Any]:
    """Return what a file knows of a device, learned so long from now."""
    at = dt_util.utcnow() + timedelta(seconds=seconds)
    return {
        "hand": False,
        "known_at": at.isoformat(),
        **{
            name: {
                "entity_id": cue.entity_id,
                "state": cue.state,
                "attributes": cue.attributes,
            }
            for name, cue in cues.items()
        },
    }


def room_of(hass: HomeAssistant, session: Session, told: list[Any]) -> Room:
    """Return a room that notes what it tells."""

    def save() -> asyncio.Future[bool]:
        told.append("saved")
        future = asyncio.get_running_loop().create_future()
        future.set_result(True)
        return future

    return Room(
        hass,
        session,
        Context(),
        on_failure=lambda _room, entity_id: told.append(f"{entity_id} failed"),
        on_stuck=lambda entity_id, is_stuck: told.append((entity_id, is_stuck)),
        on_renamed=lambda room: told.append(room.session.routine.devices),
        save=save,
    )
