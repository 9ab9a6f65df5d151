"""«I had switched it on myself, and it went off».

And the reverse: a plug that somebody put off comes on again. Whose a plug is, through
a slow disk, a lost network and a restart.
"""

from datetime import timedelta
from typing import Any

from homeassistant.helpers import issue_registry as ir
import pytest

from .disk import no_space, slow_start
from .home import Home, add_mat, routine

PLUG = "switch.diffuser"
ALONE: dict[str, Any] = {
    "lights": {"lights": []},
    "music": {"player": None, "media": None},
}
BEN = "switch.ben_session"


def blink(home: Home, *, on: bool) -> None:
    """Let the plug lose the network, and answer again like this."""
    home.plug.vanish()
    home.plug.present = True
    home.plug.by_hand(on=on)


async def test_on_before_and_put_off_by_hand_it_stays_off(home: Home) -> None:
    """Neither the on nor the off was ours."""
    home.plug.by_hand(on=True)
    await add_mat(home.hass, routine(**ALONE))
    await home.start()
    await home.wait(minutes=3)
    home.plug.by_hand(on=False)
    await home.do("pause_session")
    await home.do("resume_session")
    await home.wait(minutes=30)
    assert home.evening.commands(PLUG) == []


async def test_on_before_and_back_without_it_it_stays_off(home: Home) -> None:
    """After a power cut many plugs are off; this one was not ours to bring on."""
    home.plug.by_hand(on=True)
    await add_mat(home.hass, routine(**ALONE))
    await home.start()
    await home.wait(minutes=3)
    blink(home, on=False)
    await home.wait(minutes=30)
    assert home.evening.commands(PLUG) == []


async def test_on_before_and_put_off_by_hand_it_comes_on_for_who_starts_next(
    home: Home,
) -> None:
    """They meet it off; theirs is the on, and ours the off after them."""
    home.plug.by_hand(on=True)
    await add_mat(home.hass, routine(**ALONE))
    await add_mat(home.hass, routine("Ben", **ALONE), title="Ben's mat")
    await home.start()
    await home.wait(minutes=3)
    home.plug.by_hand(on=False)
    await home.start(BEN)
    await home.wait(minutes=1)
    assert home.is_on(PLUG)
    await home.wait(minutes=40)
    assert home.evening.commands(PLUG) == ["on", "off"]


async def test_a_hand_that_was_faster_than_the_disk_was_so_after_a_restart(
    home: Home,
) -> None:
    """The file told of an on of ours that never was; a kill would bring that back."""
    entry = await add_mat(home.hass, routine(**ALONE))
    async with slow_start(home):
        home.plug.by_hand(on=True)
    await home.wait(seconds=10)
    await home.restart(entry)
    await home.wait(minutes=30)
    assert home.evening.commands(PLUG) == []


async def test_called_off_while_the_disk_is_slow_it_does_not_come_on_in_a_pause(
    home: Home,
) -> None:
    """Paused, nobody wants the scent; it comes when the session goes on."""
    await add_mat(home.hass, routine(**ALONE))
    async with slow_start(home):
        await home.do("pause_session")
    await home.wait(seconds=10)
    assert home.evening.commands(PLUG) == []
    await home.do("resume_session")
    assert home.is_on(PLUG)


async def test_of_two_mats_the_disk_has_to_know_of_both(home: Home) -> None:
    """After a kill either may be gone for good, and the other has to see it off."""
    await add_mat(home.hass, routine(**ALONE))
    ben = await add_mat(home.hass, routine("Ben", **ALONE), title="Ben's mat")
    home.plug.deaf = True
    await home.start()
    await home.wait(seconds=2)
    told = len(home.evening.commands(PLUG))
    with no_space(lambda key: ben.entry_id in key):
        await home.start(BEN)
        await home.wait(minutes=1)
        assert len(home.evening.commands(PLUG)) == told
    home.plug.deaf = False


async def test_one_that_does_not_come_on_is_not_told_of_as_one_that_stays_on(
    home: Home,
) -> None:
    """Somebody would get up in the night to pull a plug that is off."""
    await add_mat(home.hass, routine(**ALONE))
    home.plug.deaf = True
    await home.start()
    await home.wait(minutes=3)
    assert not ir.async_get(home.hass).issues


async def test_gone_at_the_end_it_goes_off_when_it_is_back(home: Home) -> None:
    """However often the network blinks, and with nothing said to a plug that is gone."""
    await add_mat(home.hass, routine(**ALONE))
    await home.start()
    await home.wait(minutes=3)
    home.plug.vanish()
    await home.finish()
    await home.wait(minutes=10)
    assert home.evening.commands(PLUG) == ["on"]
    home.plug.appear()
    await home.wait(seconds=1)
    assert home.evening.commands(PLUG) == ["on", "off"]
    assert not ir.async_get(home.hass).issues


@pytest.mark.parametrize(
    ("before", "stays_off"),
    [
        pytest.param(180, True, id="put off by hand meanwhile"),
        pytest.param(2, False, id="killed before it heard of its on"),
    ],
)
async def test_off_when_it_answers_late_after_a_restart(
    home: Home, before: float, stays_off: bool
) -> None:
    """Long on, somebody put it off; just asked, it only never heard of that."""
    entry = await add_mat(home.hass, routine(**ALONE))
    home.plug.deaf = not stays_off
    await home.start()
    await home.wait(seconds=before)

    def lose() -> None:
        home.plug.present = home.plug.deaf = False
        home.plug._attr_is_on = False
        home.plug.tell()

    told = len(home.evening.commands(PLUG))
    await home.restart(entry, down=timedelta(seconds=1), meanwhile=lose)
    home.plug.appear()
    await home.settle()
    assert home.evening.commands(PLUG)[told:] == ([] if stays_off else ["on"])
    await home.wait(minutes=5)
    assert home.is_on(PLUG) is not stays_off


async def test_put_off_and_on_by_hand_it_goes_off_also_when_back_late_after_a_restart(
    home: Home,
) -> None:
    """We brought it on this evening; that a hand had it since is no reason to leave it."""
    entry = await add_mat(home.hass, routine(**ALONE))
    await home.start()
    await home.wait(minutes=3)
    for on in (False, True):
        home.plug.by_hand(on=on)
        await home.settle()

    def lose() -> None:
        home.plug.vanish()

    await home.restart(entry, meanwhile=lose)
    await home.do("pause_session")
    await home.wait(seconds=5)
    home.plug.appear()
    await home.wait(seconds=1)
    assert not home.is_on(PLUG)
