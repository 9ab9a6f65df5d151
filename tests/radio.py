"""A radio by itself, what it is asked, and the sessions that play on it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.util import dt as dt_util

from custom_components.acupressure_mat.environment.player import Player
from custom_components.acupressure_mat.session.routine import Cue, Media
from custom_components.acupressure_mat.session.session import Reason, Session

from .holders import RADIO, session_of, tell
from .home import tick

CALM = Media(content_id="calm", content_type="music")
ALL = (
    Feature.PLAY
    | Feature.PAUSE
    | Feature.STOP
    | Feature.VOLUME_SET
    | Feature.VOLUME_MUTE
    | Feature.PLAY_MEDIA
    | Feature.TURN_ON
    | Feature.TURN_OFF
    | Feature.SELECT_SOURCE
)
MINUTE = timedelta(minutes=1)


def radio(state: str = "idle", **attributes: Any) -> Cue:
    """Return a radio as it is or should be."""
    return Cue(entity_id=RADIO, state=state, attributes=attributes)


def wanted(state: str) -> Cue:
    """Return what a radio is asked."""
    return radio(state)


FOUND = radio("idle", volume_level=0.6, source="radio")
PLAYING = radio("playing", volume_level=0.2, source="radio")


@contextmanager
def silent_radio(hass: HomeAssistant) -> Iterator[Player]:
    """Yield a radio that is silent; at the end nobody holds it any more."""
    tell(hass, FOUND, supported_features=ALL)
    player = Player(hass, RADIO)
    yield player
    for key in list(player.holders):
        player.drop(key)


def obedient(hass: HomeAssistant) -> list[str]:
    """Return what the radio is asked; it does all of that at once."""
    told: list[str] = []

    async def obey(call: ServiceCall) -> None:
        data = {key: value for key, value in call.data.items() if key != "entity_id"}
        told.append(" ".join((call.service, *map(str, data.values()))))
        state = hass.states.get(RADIO)
        assert state is not None
        after, attributes = state.state, dict(state.attributes)
        match call.service:
            case "media_play" | "play_media":
                after = "playing"
            case "media_pause":
                after = "paused"
            case "media_stop" | "turn_on":
                after = "idle"
            case "turn_off":
                after = "off"
            case "volume_set":
                attributes["volume_level"] = data["volume_level"]
            case "volume_mute":
                attributes["is_volume_muted"] = data["is_volume_muted"]
            case "select_source":
                attributes["source"] = data["source"]
        hass.states.async_set(RADIO, after, attributes)

    for service in (
        *("media_play", "media_pause", "media_stop", "play_media", "turn_on"),
        *("turn_off", "volume_set", "volume_mute", "select_source"),
    ):
        hass.services.async_register("media_player", service, obey)
    return told


def music(minutes: float = 20, **routine: Any) -> Session:
    """Return a session with music that starts now."""
    return session_of(minutes, **{"media": CALM, "volume": 0.2} | routine)


def stopped(session: Session, reason: Reason | None = None) -> Session:
    """Return a session that ends now."""
    return session.stop(dt_util.utcnow(), reason)


async def elapse(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass, from timer to timer, and all happen that is due then."""
    end = dt_util.utcnow() + timedelta(seconds=seconds)
    await rounds()
    while (left := (end - dt_util.utcnow()).total_seconds()) > 0:
        tick(hass, freezer, left)
        await rounds()


async def rounds(number: int = 20) -> None:
    """Let what waits for the event loop alone come to its turn."""
    for _ in range(number):
        await asyncio.sleep(0)
