"""«The radio had been muted for a call, so I lay there in silence».

What is played is heard, at the routine's level; afterwards the player is muted again.
"""

from datetime import timedelta

import pytest

from .home import Home, add_mat, routine

RADIO = "media_player.radio"


@pytest.fixture
async def muted(home: Home) -> Home:
    """Return a home whose radio is muted."""
    home.radio.by_hand(muted=True)
    return home


async def test_a_muted_player_is_heard_and_muted_again_afterwards(muted: Home) -> None:
    """The level first: what is un-muted loud wakes the house."""
    await add_mat(muted.hass)
    await muted.start()
    assert muted.evening.commands(RADIO) == ["volume 0.00", "unmute", "play calm"]
    await muted.wait(minutes=30)
    assert muted.evening.commands(RADIO)[-3:] == ["stop", "volume 0.60", "mute"]


async def test_muted_again_by_hand_it_stays_so(muted: Home) -> None:
    """No phase, no pause and no restart lets it be heard once more."""
    entry = await add_mat(muted.hass)
    await muted.start()
    await muted.wait(seconds=30)
    muted.radio.by_hand(muted=True)
    await muted.wait(minutes=5)
    await muted.do("pause_session")
    await muted.do("resume_session")
    await muted.restart(entry, down=timedelta(minutes=2))
    await muted.wait(minutes=30)
    assert muted.evening.commands(RADIO).count("unmute") == 1
    assert muted.radio.is_volume_muted


async def test_muted_in_mid_session_it_stays_so(home: Home) -> None:
    """It was not before; that is a hand's, and nothing puts it back."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=5)
    home.radio.by_hand(muted=True)
    await home.wait(minutes=30)
    assert home.radio.is_volume_muted
    assert not {"mute", "unmute"} & set(home.evening.commands(RADIO))


async def test_ended_while_down_it_is_muted_again(muted: Home) -> None:
    """That it was muted is known from the disk alone."""
    entry = await add_mat(muted.hass)
    await muted.start()
    await muted.wait(minutes=5)
    await muted.restart(entry, down=timedelta(minutes=25))
    await muted.wait(seconds=20)
    assert muted.radio.is_volume_muted
    assert muted.radio.volume_level == 0.6


async def test_a_hand_on_the_volume_wants_to_hear_it(muted: Home) -> None:
    """Their level stays, and what is at their level is not muted."""
    await add_mat(muted.hass)
    await muted.start()
    await muted.wait(minutes=5)
    muted.radio.by_hand(volume=0.4)
    await muted.wait(minutes=30)
    assert muted.evening.commands(RADIO)[-1] == "stop"
    assert muted.radio.volume_level == 0.4


async def test_without_a_volume_of_the_routine_it_stays_muted(muted: Home) -> None:
    """Nobody knows how loud it would be."""
    await add_mat(muted.hass, routine(music={"volume": None}))
    await muted.start()
    await muted.wait(minutes=30)
    assert muted.evening.commands(RADIO) == ["play calm", "stop"]
