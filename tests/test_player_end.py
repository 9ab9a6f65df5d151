"""How a player is left: silent, and as it was before."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.acupressure_mat.environment.player import Player
from custom_components.acupressure_mat.session.routine import Cue, EndPolicy
from custom_components.acupressure_mat.session.session import Reason, Session

from .holders import RADIO, Holding, hold, known, tell
from .radio import (
    ALL,
    FOUND,
    MINUTE,
    PLAYING,
    elapse,
    music,
    obedient,
    radio,
    rounds,
    wanted,
)

NOW: dict[str, Any] = {"fade_in": timedelta(0), "fade_out": timedelta(0)}
PLAY = ["volume_set 0.2", "play_media calm music"]


@pytest.fixture
def asked(hass: HomeAssistant) -> list[str]:
    """Return what the radio is asked; it does all of that at once."""
    return obedient(hass)


def let_go(hass: HomeAssistant, player: Player, session: Session) -> asyncio.Task[bool]:
    """Let the one room of a player go of it, with its session as it ended."""
    player.holders["a"].session = session
    return hass.async_create_task(player.let_go("a"))


def enough(session: Session) -> Session:
    """Return a session that was stopped after its first minute."""
    return session.stop(dt_util.utcnow(), Reason.ENOUGH)


# -- letting go of it ----------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "also", "told"),
    [
        pytest.param(FOUND, {}, ["media_stop", "volume_set 0.6"], id="was silent"),
        pytest.param(
            replace(FOUND, state="off"),
            {},
            ["media_stop", "volume_set 0.6", "turn_off"],
            id="was off",
        ),
        pytest.param(
            replace(PLAYING, attributes={"volume_level": 0.6}),
            {"media": None},
            ["media_pause", "volume_set 0.6", "media_play"],
            id="was interrupted",
        ),
    ],
)
async def test_it_is_silent_first_and_then_as_before(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    found: Cue,
    also: dict[str, Any],
    told: list[str],
) -> None:
    """At once; after that nobody asks it for anything any more."""
    session = music(**NOW | also)
    tell(hass, found, supported_features=ALL)
    hold(player, session)
    player.follow()
    await elapse(hass, freezer, 300)
    asked.clear()
    task = let_go(hass, player, enough(session))
    await rounds(60)
    assert task.done()
    assert task.result()
    await elapse(hass, freezer, 60)
    assert asked == told
    assert "refused" not in caplog.text


@pytest.mark.parametrize("policy", [EndPolicy.RESTORE, EndPolicy.OFF])
async def test_what_it_was_never_asked_is_not_undone(
    hass: HomeAssistant, player: Player, asked: list[str], policy: EndPolicy
) -> None:
    """A hand had put on music of its own before the session came to that."""
    session = music(music_end=policy)
    hold(player, session)
    tell(hass, PLAYING, supported_features=ALL)
    assert player.final(session) is None
    assert await let_go(hass, player, enough(session))
    assert asked == []


@pytest.mark.parametrize(
    ("state", "told"), [("playing", []), ("paused", ["volume_set 0.6"])]
)
async def test_what_a_hand_has_is_theirs(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
    state: str,
    told: list[str],
) -> None:
    """Music that plays, and the power; in the silence the old volume comes back."""
    session = music(music_end=EndPolicy.OFF, **NOW)
    hold(player, session)
    player.follow()
    await elapse(hass, freezer, 300)
    for each in dict.fromkeys(("paused", state)):
        tell(hass, radio(each, volume_level=0.2), supported_features=ALL)
    assert player.hand
    asked.clear()
    await let_go(hass, player, enough(session))
    assert asked == told


async def test_a_mistake_switches_nothing_off(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """All is as it was before, whatever the routine says of its end."""
    session = music(music_end=EndPolicy.OFF, **NOW)
    hold(player, session)
    player.follow()
    await elapse(hass, freezer, 10)
    await let_go(hass, player, enough(session))
    assert asked == [*PLAY, "media_stop", "volume_set 0.6"]


async def test_while_another_lies_there_it_is_left_to_them(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Also where a sleep timer of the one who leaves would go on."""
    session = music(20, keep_playing=10 * MINUTE, **NOW)
    hold(player, session, music(40, **NOW))
    player.follow()
    await elapse(hass, freezer, 22 * 60)
    task = let_go(hass, player, session)
    await rounds()
    assert task.done()
    assert not task.result()
    assert asked == PLAY


# -- sleep timer ---------------------------------------------------------------


async def test_the_sleep_timer_ends_what_was_known_before_a_restart(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """It plays on, fades out in time, and only then is it put back."""
    session = music(20, keep_playing=10 * MINUTE, fade_out=timedelta(seconds=2))
    freezer.tick(22 * 60)
    tell(hass, PLAYING, supported_features=ALL)
    player.claim("a", Holding(session), recalled=True)
    player.recall(
        known(before=FOUND, wanted=wanted("playing"))
        | {"begun": True, "own_volume": True}
    )
    task = let_go(hass, player, session)
    await elapse(hass, freezer, 9 * 60 - 3)
    assert asked == []
    assert not task.done()
    await elapse(hass, freezer, 4)
    assert asked[0].startswith("volume_set 0.1")
    assert asked[-2:] == ["media_stop", "volume_set 0.6"]
    assert task.done()


async def test_who_starts_while_it_plays_on_has_it(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """The timer of another ends nothing of theirs."""
    session = music(20, keep_playing=10 * MINUTE, **NOW)
    hold(player, session)
    player.follow()
    await elapse(hass, freezer, 22 * 60)
    task = let_go(hass, player, session)
    await elapse(hass, freezer, 60)
    player.claim("b", Holding(music(40, **NOW)))
    player.follow()
    await elapse(hass, freezer, 20 * 60)
    assert task.done()
    assert not task.result()
    assert "media_stop" not in asked


@pytest.mark.parametrize("how", ["a hand", "lost in a pause", "a rehearsal"])
async def test_nobody_waits_for_a_timer_that_is_over(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
    how: str,
) -> None:
    """Who paused the music by hand sleeps already, or is up."""
    session = music(20, keep_playing=10 * MINUTE, **NOW)
    hold(player, session)
    player.follow()
    await elapse(hass, freezer, 300)
    if how == "a hand":
        tell(hass, radio("paused", volume_level=0.2), supported_features=ALL)
    elif how == "a rehearsal":
        session = replace(session, rehearsal=True)
    else:
        session = session.pause(dt_util.utcnow())
    freezer.tick(22 * 60)
    task = let_go(hass, player, session)
    await rounds()
    assert task.done()
    silent = [] if how == "a hand" else ["media_stop"]
    assert asked == [*PLAY, *silent, "volume_set 0.6"]


# -- further tries -------------------------------------------------------------


def refuse_first(
    hass: HomeAssistant, asked: list[str], service: str, times: int
) -> None:
    """Let a player refuse something so many times, and note that."""
    services = hass.services.async_services_internal()["media_player"]
    obey: Any = services[service].job.target
    left = times

    async def refuse(call: ServiceCall) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            asked.append(f"no {service}")
            raise HomeAssistantError("on purpose")
        await obey(call)

    hass.services.async_register("media_player", service, refuse)


@pytest.mark.parametrize(
    ("service", "told"),
    [
        ("media_stop", ["no media_stop", "select_source radio"]),
        ("select_source", ["media_stop", "volume_set 0.6", "no select_source"]),
    ],
)
async def test_what_is_refused_is_asked_for_again(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
    service: str,
    told: list[str],
) -> None:
    """Two seconds later; what can be done is done meanwhile."""
    session = music(**NOW)
    (anna,) = hold(player, session)
    player.follow()
    await elapse(hass, freezer, 300)
    tell(
        hass,
        radio("playing", volume_level=0.2, source="tv"),
        supported_features=ALL,
    )
    refuse_first(hass, asked, service, 1)
    asked.clear()
    task = let_go(hass, player, enough(session))
    await elapse(hass, freezer, 1)
    assert asked == told
    await elapse(hass, freezer, 2)
    assert task.done()
    assert sorted(asked) == sorted(
        [*told, service if service == "media_stop" else "select_source radio"]
        + (["volume_set 0.6"] if service == "media_stop" else [])
    )
    assert f"{RADIO} failed" not in anna.told


@pytest.mark.parametrize(("gone", "tries"), [(False, 5), (True, 0)])
async def test_one_that_does_not_fall_silent_is_told_of(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
    gone: bool,
    tries: int,
) -> None:
    """After the last of five tries; one that is gone at once."""
    session = music(**NOW)
    (anna,) = hold(player, session)
    player.follow()
    await elapse(hass, freezer, 300)
    anna.told.clear()
    refuse_first(hass, asked, "media_stop", 99)
    asked.clear()
    if gone:
        tell(hass, radio("unavailable"))
    let_go(hass, player, enough(session))
    # Two seconds, then five, ten and twenty.
    await elapse(hass, freezer, 34)
    early = list(anna.told)
    await elapse(hass, freezer, 4)
    assert asked == ["no media_stop"] * tries
    assert early == ([f"{RADIO} failed"] if gone else [])
    assert anna.told == [f"{RADIO} failed"]
    player.drop("a")


async def test_what_lags_behind_its_stop_is_no_hand_s(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """A slow player tells of the next track before it stops; then all is put back."""
    silent = radio("idle", volume_level=0.2, source="radio")
    session = music(**NOW)
    hold(player, session)
    player.follow()
    await elapse(hass, freezer, 300)
    asked.clear()

    async def lag(call: ServiceCall) -> None:
        asked.append(call.service)
        tell(hass, silent, supported_features=ALL)
        tell(hass, replace(silent, state="buffering"), supported_features=ALL)

    hass.services.async_register("media_player", "media_stop", lag)
    task = let_go(hass, player, enough(session))
    await elapse(hass, freezer, 1)
    assert asked == ["media_stop"]
    tell(hass, silent, supported_features=ALL)
    await rounds()
    assert asked[1:] == ["volume_set 0.6"]
    assert task.done()
    assert not player.hand


async def test_music_that_goes_on_late_is_no_hand_s(
    hass: HomeAssistant,
    player: Player,
    asked: list[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """A slow player was asked for that, too."""
    tell(hass, PLAYING, supported_features=ALL)
    session = music(media=None, **NOW)
    (anna,) = hold(player, session)
    player.follow()
    await elapse(hass, freezer, 300)
    anna.told.clear()

    async def late(call: ServiceCall) -> None:
        freezer.tick(11)
        tell(hass, PLAYING, supported_features=ALL)

    hass.services.async_register("media_player", "media_play", late)
    await let_go(hass, player, enough(session))
    assert not player.hand
    assert anna.told == []
