"""How a player was found: by the first session, by the next, and after a restart."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_component import DATA_INSTANCES
from homeassistant.util import dt as dt_util
import pytest

from custom_components.acupressure_mat.environment.player import Player
from custom_components.acupressure_mat.session.routine import Cue

from .holders import RADIO, Holding, hold, known, tell
from .radio import MINUTE, PLAYING, elapse, music, obedient, radio, wanted


@pytest.fixture
def asked(hass: HomeAssistant) -> list[str]:
    """Return what the radio is asked; it does all of that at once."""
    return obedient(hass)


# -- what the disk knows -------------------------------------------------------


def test_of_a_player_that_nobody_held_nothing_is_known(player: Player) -> None:
    """It has not begun, nobody let it be heard, and its volume is nobody's."""
    told = player.as_dict()
    music_of_ours = [told["begun"], told["ended"], told["unmuted"]]
    volume = [told["own_volume"], told["hand_on_volume"], told["volume_overruled"]]
    assert (music_of_ours, volume) == ([False] * 3, [False, False, []])


@pytest.mark.parametrize("flag", ["begun", "ended", "unmuted"])
def test_what_became_of_the_music_is_known_after_a_restart(
    hass: HomeAssistant, player: Player, flag: str
) -> None:
    """Else it would begin again, or be unmuted once more."""
    hold(player, music())
    setattr(player, flag, True)
    told = player.as_dict()
    again = Player(hass, RADIO)
    again.claim("a", Holding(music()), recalled=True)
    again.recall(told)
    flags = {name: getattr(again, name) for name in ("begun", "ended", "unmuted")}
    assert flags == {"begun": False, "ended": False, "unmuted": False} | {flag: True}
    assert again.as_dict()[flag] is True
    again.drop("a")


@pytest.mark.parametrize("hand", [False, True])
def test_whose_the_volume_is_is_known_after_a_restart(
    hass: HomeAssistant, player: Player, hand: bool
) -> None:
    """Ours goes back at the end, a hand's stays."""
    hold(player, music())
    player.volume.set(0.2, 0.6, dt_util.utcnow())
    player.volume.hand = hand
    player.volume.overruled = frozenset({"b", "a"})
    told = player.as_dict()
    assert told["volume_overruled"] == ["a", "b"]
    again = Player(hass, RADIO)
    again.claim("a", Holding(music()), recalled=True)
    again.recall(told)
    assert (again.volume.is_ours, again.volume.hand) == (not hand, hand)
    assert again.volume.overruled == {"a", "b"}
    again.drop("a")
    assert again.volume.overruled == {"b"}


@pytest.mark.parametrize(
    ("asked", "volume", "is_known"),
    [
        pytest.param("playing", 0.2, True, id="about to play"),
        pytest.param("playing", None, False, id="the volume is left alone"),
        pytest.param("paused", 0.2, False, id="a pause"),
        pytest.param(None, 0.2, False, id="not asked yet"),
    ],
)
def test_the_disk_knows_of_a_volume_before_the_player_does(
    player: Player, asked: str | None, volume: float | None, is_known: bool
) -> None:
    """Killed between the two, it is put back."""
    hold(player, music(volume=volume))
    player.wanted = None if asked is None else wanted(asked)
    assert player.as_dict()["own_volume"] is is_known


def test_of_damaged_words_none_is_taken(hass: HomeAssistant, player: Player) -> None:
    """An older version, or a torn file, may have left anything there."""
    words = ("begun", "ended", "unmuted", "own_volume", "hand_on_volume")
    player.claim("a", Holding(music()), recalled=True)
    for minute, keys in enumerate(("ab", [["a"], 1, None]), start=1):
        # Newer than what is known, or nobody would look at the rest.
        known_at = dt_util.utcnow() + timedelta(minutes=minute)
        lists = {"overruled": keys, "volume_overruled": keys}
        player.recall(
            dict.fromkeys(words, "yes") | lists | {"known_at": known_at.isoformat()}
        )
        assert player.known_at == known_at
        assert not any(player.as_dict().get(word) for word in (*words, *lists))


def test_the_next_session_begins_its_own_music(
    player: Player, freezer: FrozenDateTimeFactory
) -> None:
    """While another still lies there, what plays is not begun again."""
    player.begun = player.ended = player.unmuted = True
    hold(player, music())
    assert not any((player.begun, player.ended, player.unmuted))
    player.begun = player.ended = player.unmuted = True
    player.claim("b", Holding(music()))
    assert player.begun
    assert player.ended
    assert player.unmuted
    freezer.tick(22 * MINUTE)
    player.claim("c", Holding(music()), recalled=True)
    assert player.begun
    player.drop("c")
    player.claim("d", Holding(music()))
    assert not player.begun


# -- what the next session finds -----------------------------------------------


def volume_before(player: Player) -> float | None:
    """Return the volume that goes back."""
    assert player.before is not None
    level: float | None = player.before.attributes.get("volume_level")
    return level


@pytest.mark.parametrize(
    ("ours", "hand", "now", "goes_back", "anew"),
    [
        pytest.param(True, False, radio(volume_level=0.2), 0.6, False, id="ours"),
        pytest.param(False, False, radio(volume_level=0.8), 0.8, True, id="nobody's"),
        pytest.param(True, True, radio(volume_level=0.8), 0.8, True, id="a hand's"),
        pytest.param(False, False, radio("unavailable"), 0.6, False, id="gone"),
        pytest.param(True, True, radio("unavailable"), 0.2, True, id="a hand's, gone"),
    ],
)
def test_which_volume_the_next_session_finds(
    hass: HomeAssistant,
    player: Player,
    freezer: FrozenDateTimeFactory,
    ours: bool,
    hand: bool,
    now: Cue,
    goes_back: float,
    anew: bool,
) -> None:
    """As a hand, or nobody, left it; of our own fade it is none of its business."""
    hold(player, music())
    player.volume.was_ours, player.volume.hand = ours, hand
    freezer.tick(5 * MINUTE)
    tell(hass, now)
    player.claim("b", Holding(music()))
    assert volume_before(player) == goes_back
    assert (player.known_at == dt_util.utcnow()) is anew
    # In whose time the hand was has no say in it any more; who comes now has.
    assert player.volume.overruled == ({"a"} if hand else set())
    assert not player.volume.hand
    assert player.volume.is_ours is (ours and not hand)


@pytest.mark.parametrize(("ours", "goes_back"), [(True, 0.6), (False, 0.2)])
def test_a_hand_on_the_music_is_none_on_the_volume(
    hass: HomeAssistant, player: Player, ours: bool, goes_back: float
) -> None:
    """Who chose other music finds it again, at the volume before all of them."""
    hold(player, music())
    player.volume.was_ours, player.hand = ours, True
    tell(hass, PLAYING)
    player.claim("b", Holding(music()))
    assert player.before == replace(
        PLAYING, attributes={**PLAYING.attributes, "volume_level": goes_back}
    )


@pytest.mark.parametrize("met", ["at the tap", "later", "after a restart"])
@pytest.mark.parametrize(
    ("kept", "volume", "goes_back"),
    [(0.45, 0.2, 0.45), (0.45, None, 0.45), (None, 0.2, 0.2), (None, None, None)],
)
async def test_a_player_that_hides_its_volume_while_off(
    hass: HomeAssistant,
    player: Player,
    met: str,
    kept: float | None,
    volume: float | None,
    goes_back: float | None,
) -> None:
    """Its own level; else the routine's, not the silence that a fade ends in."""
    entity = SimpleNamespace(volume_level=kept)
    players: Any = SimpleNamespace(get_entity={RADIO: entity}.get)
    hass.data[DATA_INSTANCES] = {"media_player": players}
    tell(hass, radio("off" if met == "at the tap" else "unavailable"))
    player.claim("a", Holding(music(volume=volume)), recalled=met == "after a restart")
    if met == "after a restart":
        player.recall(known())
    tell(hass, radio("off"))
    assert volume_before(player) == goes_back


async def test_a_player_that_is_gone_is_found_by_nobody(
    hass: HomeAssistant, player: Player, freezer: FrozenDateTimeFactory
) -> None:
    """Neither at first nor by the next, whatever a torn file says of its volume."""
    tell(hass, radio("unavailable"))
    (anna,) = hold(player, music())
    player.follow()
    await elapse(hass, freezer, 6)
    assert anna.told == [f"{RADIO} failed"]
    player.recall({"own_volume": True, "known_at": dt_util.utcnow().isoformat()})
    player.claim("b", Holding(music()))
    assert player.before is None
    assert player.volume.is_ours


def test_after_a_restart_it_is_not_found_anew(
    hass: HomeAssistant, player: Player
) -> None:
    """By the second mat neither: all that is known of it was known before."""
    off = radio("off")
    for key in "ab":
        player.claim(key, Holding(music()), recalled=True)
        player.recall(known(before=off) | {"hand_on_volume": True})
    player.claim("c", Holding(music()), recalled=True)
    assert player.before == off
    assert player.volume.hand
