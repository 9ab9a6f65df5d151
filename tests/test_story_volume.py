"""«It blasted at full volume and woke the house».

ShelfPlayer #424, Musify #895, nullplayer #180, Home Assistant #72911: volume set too
late, fades that end at the wrong level, a person's own level overruled.
"""

from homeassistant.components.media_player import (
    MediaPlayerEntityFeature,
    MediaPlayerState,
)
from homeassistant.core import Context
import pytest

from .home import Home, add_mat, routine

RADIO = "media_player.radio"


def volume(home: Home) -> float:
    state = home.hass.states.get(RADIO)
    assert state is not None
    return round(float(state.attributes["volume_level"]), 2)


async def test_volume_is_set_before_it_plays(home: Home) -> None:
    """And is zero then: the music fades in."""
    await add_mat(home.hass)
    await home.start()
    assert home.evening.commands(RADIO) == ["volume 0.00", "play calm"]


async def test_a_player_that_is_off_is_set_before_it_plays_too(home: Home) -> None:
    """And not switched on: many would then play at once what they had, and loudly."""
    home.radio.by_hand(state=MediaPlayerState.OFF)
    await add_mat(home.hass)
    await home.start()
    assert home.evening.commands(RADIO) == ["volume 0.00", "play calm"]
    await home.wait(minutes=30)
    assert home.state(RADIO) == "off"
    assert home.radio.volume_level == 0.6


async def test_a_player_that_plays_only_when_on_is_switched_on(home: Home) -> None:
    """On the second try; the volume is set before the first sound all the same."""
    home.radio.by_hand(state=MediaPlayerState.OFF)
    home.radio.plays_when_off = False
    await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=8)
    assert home.evening.commands(RADIO)[2:5] == ["turn on", "volume 0.07", "play calm"]
    assert home.is_on(RADIO)


async def test_it_fades_in_and_out_by_the_clock(home: Home) -> None:
    """Twenty seconds up; one minute down; the old level only in the silence."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=10)
    assert volume(home) == 0.1
    await home.wait(seconds=11)
    assert volume(home) == 0.2
    await home.wait(minutes=20, seconds=9)
    assert 0.08 <= volume(home) <= 0.11
    await home.wait(seconds=31)
    assert home.evening.commands(RADIO)[-2:] == ["stop", "volume 0.60"]


async def test_changed_in_its_first_seconds_it_fades_in_all_the_same(
    home: Home,
) -> None:
    """What it was asked a moment ago it has done; nothing is waited for."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=1)
    await home.do("extend_session", duration={"minutes": 5})
    await home.wait(seconds=3)
    assert volume(home) == 0.04


async def test_never_louder_than_before_or_asked(home: Home) -> None:
    """At no moment of the evening while anything plays."""
    await add_mat(home.hass)
    await home.start()
    for _ in range(1300):
        await home.wait(seconds=1)
        if home.is_on(RADIO):
            assert volume(home) <= 0.2


async def test_extended_in_the_last_minute_it_is_loud_again_at_once(
    home: Home,
) -> None:
    """A fade that was cancelled half way must not stay half loud."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=20, seconds=30)
    await home.do("extend_session", duration={"minutes": 5})
    assert volume(home) == 0.2


@pytest.mark.parametrize("how", ["pause", "skip", "stop"])
async def test_changed_in_the_last_minute_the_level_is_right_at_once(
    home: Home, how: str
) -> None:
    """Half faded out it waits half loud; at an end it is silent, then as before."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=20, seconds=30)
    assert volume(home) == 0.1
    match how:
        case "pause":
            await home.do("pause_session")
            assert not home.is_on(RADIO)
            await home.wait(minutes=2)
            assert volume(home) == 0.1
            await home.do("resume_session")
            assert home.is_on(RADIO)
            assert volume(home) == 0.1
            await home.wait(seconds=15)
            assert volume(home) == 0.05
        case "skip":
            await home.do("skip_phase")
        case _:
            await home.do("stop_session")
    if how != "pause":
        assert not home.is_on(RADIO)
        assert volume(home) == 0.6


async def test_skipped_into_the_last_minute_it_fades_from_there(home: Home) -> None:
    """Into winding down, two minutes from the end: still loud, and down in time."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=5)
    assert volume(home) == 0.05
    for _ in range(3):
        await home.do("skip_phase")
    assert home.is_on(RADIO)
    await home.wait(seconds=90)
    assert volume(home) == 0.1
    await home.wait(seconds=31)
    assert not home.is_on(RADIO)
    assert volume(home) == 0.6


async def test_a_hand_on_the_volume_ends_our_fade_and_keeps_theirs(
    home: Home,
) -> None:
    """Also at the end: it is their level now."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=8)
    home.radio.by_hand(volume=0.4)
    await home.wait(minutes=30)
    assert volume(home) == 0.4
    assert not home.is_on(RADIO)


async def test_a_hand_on_the_volume_long_after_the_fade_is_kept(home: Home) -> None:
    """Within the range of the fade that is over: by value alone it is a hand's."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=5)
    home.radio.by_hand(volume=0.1)
    await home.wait(minutes=14)
    assert volume(home) == 0.1


async def test_an_echo_that_lags_is_no_hand(home: Home) -> None:
    """A player that tells of its volume three seconds late is still ours."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=6)
    home.radio.by_hand(volume=0.03)
    await home.wait(seconds=20)
    assert volume(home) == 0.2


async def test_music_paused_by_hand_stays_paused(home: Home) -> None:
    """No phase starts it again, and the old volume comes back in the silence."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=2)
    home.radio.by_hand(state=MediaPlayerState.PAUSED)
    await home.settle()
    told = len(home.evening.commands(RADIO))
    await home.wait(minutes=30)
    assert home.evening.commands(RADIO)[told:] == ["volume 0.60"]


async def test_turned_up_after_it_was_paused_by_hand_it_stays_so(home: Home) -> None:
    """Who paused it may also have set it for what they listen to next."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=2)
    home.radio.by_hand(state=MediaPlayerState.PAUSED)
    await home.wait(minutes=1)
    home.radio.by_hand(volume=0.4)
    told = len(home.evening.commands(RADIO))
    await home.wait(minutes=30)
    assert home.evening.commands(RADIO)[told:] == []
    assert volume(home) == 0.4


async def by_automation(home: Home, service: str, **data: object) -> None:
    """Let an automation of the person's use the player."""
    await home.hass.services.async_call(
        "media_player",
        service,
        {"entity_id": RADIO, **data},
        blocking=True,
        context=Context(parent_id="automation"),
    )
    await home.settle()


async def test_turned_up_by_an_automation_in_a_pause_after_a_restart_it_stays_so(
    home: Home,
) -> None:
    """Which level was ours is not known by then; whose this one is, is."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=2)
    await home.do("pause_session")
    assert await home.hass.config_entries.async_reload(entry.entry_id)
    await home.settle()
    await by_automation(home, "volume_set", volume_level=0.4)
    await home.do("resume_session")
    await home.wait(minutes=30)
    assert not home.is_on(RADIO)
    assert volume(home) == 0.4


async def test_put_off_in_a_pause_it_is_not_on_again_after_it(home: Home) -> None:
    """Whoever switches off what is silent already wants it silent for longer."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=2)
    await home.do("pause_session")
    await by_automation(home, "turn_off")
    await home.do("resume_session")
    await home.wait(minutes=30)
    assert home.state(RADIO) == "off"
    assert home.radio.volume_level == 0.6


async def test_asleep_by_itself_in_a_pause_it_plays_again_after_it(home: Home) -> None:
    """Many players go off when they have been silent for a while; nobody did that."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=2)
    await home.do("pause_session")
    await home.wait(minutes=5)
    home.radio.by_hand(state=MediaPlayerState.OFF)
    await home.settle()
    await home.do("resume_session")
    assert home.is_on(RADIO)


async def test_put_off_after_the_end_it_does_not_play_on(home: Home) -> None:
    """What was interrupted is not to be heard any more either."""
    home.radio.by_hand(state=MediaPlayerState.PLAYING)
    await add_mat(home.hass, routine(music={"media": None}))
    await home.start()
    await home.wait(minutes=21, seconds=10)
    assert not home.is_on(RADIO)
    await by_automation(home, "turn_off")
    await home.wait(minutes=30)
    assert home.state(RADIO) == "off"


async def test_a_track_that_ends_is_not_begun_again(home: Home) -> None:
    """Silence in the middle is better than the same track from its start."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=2)
    home.radio.by_hand(state=MediaPlayerState.IDLE)
    await home.wait(minutes=10)
    assert home.evening.commands(RADIO).count("play calm") == 1


async def test_music_that_was_interrupted_goes_on_where_it_can(home: Home) -> None:
    """Nothing of ours was played over it: it only became quieter."""
    home.radio.by_hand(state=MediaPlayerState.PLAYING)
    await add_mat(home.hass, routine(music={"media": None}))
    await home.start()
    await home.wait(seconds=30)
    assert volume(home) == 0.2
    assert home.is_on(RADIO)
    await home.wait(minutes=30)
    assert home.is_on(RADIO)
    assert volume(home) == 0.6


async def test_music_that_was_replaced_stays_silent(home: Home) -> None:
    """Its own media cannot be brought back: nothing is replayed into the silence."""
    home.radio.by_hand(state=MediaPlayerState.PLAYING)
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=30)
    assert not home.is_on(RADIO)
    assert volume(home) == 0.6


async def test_kept_music_plays_on(home: Home) -> None:
    """Without a fade, at the level it has."""
    await add_mat(home.hass, routine(music={"music_end": "keep"}))
    await home.start()
    await home.wait(minutes=40)
    assert home.is_on(RADIO)
    assert volume(home) == 0.2


async def test_as_a_sleep_timer_it_plays_on_then_fades_and_stops(home: Home) -> None:
    """Ten minutes after the end nobody is awake to notice that it became quieter."""
    await add_mat(home.hass, routine(music={"keep_playing": 10}))
    await home.start()
    await home.wait(minutes=29)
    assert home.is_on(RADIO)
    assert volume(home) == 0.2
    assert not home.is_on("switch.diffuser")
    await home.wait(minutes=1, seconds=30)
    assert volume(home) == 0.1
    await home.wait(seconds=31)
    assert home.evening.commands(RADIO)[-2:] == ["stop", "volume 0.60"]


async def test_another_source_comes_back(home: Home) -> None:
    """As it was found, not as playing left it."""
    await add_mat(home.hass)
    await home.start()
    home.radio._attr_source = "tv"
    home.radio.tell()
    await home.wait(minutes=30)
    assert home.evening.commands(RADIO)[-1] == "source radio"


async def test_a_player_that_misses_its_stop_is_asked_again(home: Home) -> None:
    """Music that goes on all night, because one command was lost."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=3)
    home.radio.deaf = True
    await home.finish()
    await home.wait(seconds=5)
    home.radio.deaf = False
    await home.wait(seconds=40)
    assert not home.is_on(RADIO)
    assert volume(home) == 0.6


async def test_music_that_cannot_be_played_on_is_no_failure(home: Home) -> None:
    """A player that only takes what it is given: it is silent, and nobody is told."""
    home.radio._attr_supported_features &= ~MediaPlayerEntityFeature.PLAY
    home.radio.by_hand(state=MediaPlayerState.PLAYING)
    entry = await add_mat(home.hass, routine(music={"media": None}))
    await home.start()
    await home.wait(minutes=30)
    assert not home.is_on(RADIO)
    assert volume(home) == 0.6
    (record,) = await home.records(entry)
    assert record.failed == ()
