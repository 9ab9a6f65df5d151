"""«The plug stayed on all night».

Irrigation Unlimited #35, Irrigation-V5 #214 and #42: relays that stay on for ever,
and a pump switched off that the person had on.
"""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, override

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.acupressure_mat.environment import DEVICES

from .disk import no_space, slow_start
from .home import Home, Plug, add_mat, coordinator_of, routine


@pytest.mark.parametrize("reason", ["enough", "pain", "mistake", "interrupted"])
async def test_it_is_off_after_every_stop(home: Home, reason: str) -> None:
    """Whatever ended the session."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=5)
    assert home.is_on("switch.diffuser")
    await home.do("stop_session", reason=reason)
    assert not home.is_on("switch.diffuser")


async def test_one_that_was_on_before_is_never_touched(home: Home) -> None:
    """It is the person's own: neither on nor off is ours."""
    home.plug.by_hand(on=True)
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=30)
    assert home.is_on("switch.diffuser")
    assert home.evening.commands("switch.diffuser") == []


async def test_switched_off_by_hand_it_stays_off(home: Home) -> None:
    """Somebody had enough of the scent."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=3)
    home.plug.by_hand(on=False)
    await home.do("pause_session")
    await home.do("resume_session")
    await home.wait(minutes=30)
    assert home.evening.commands("switch.diffuser").count("on") == 1
    assert not home.is_on("switch.diffuser")


async def test_switched_on_again_by_hand_it_still_goes_off(home: Home) -> None:
    """We brought it on this evening, so we see it off."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=3)
    home.plug.by_hand(on=False)
    await home.settle()
    home.plug.by_hand(on=True)
    await home.wait(minutes=30)
    assert not home.is_on("switch.diffuser")


async def test_it_stays_off_while_the_disk_cannot_know_of_it(home: Home) -> None:
    """A kill would leave it on for ever; the rest of the room goes on."""
    entry = await add_mat(home.hass)

    with no_space():
        await home.start()
        await home.wait(minutes=3)
    assert home.evening.commands("switch.diffuser") == []
    assert home.level("light.bed") == 12
    room = coordinator_of(entry).rooms.current
    assert room is not None
    assert room.failed == ("switch.diffuser",)


async def test_switched_on_by_hand_before_we_did_it_is_never_touched(
    home: Home,
) -> None:
    """The disk is slow, and a hand is faster: theirs is the on, and theirs the off."""
    await add_mat(home.hass)
    async with slow_start(home):
        home.plug.by_hand(on=True)
    await home.wait(minutes=30)
    assert home.evening.commands("switch.diffuser") == []
    assert home.is_on("switch.diffuser")


@pytest.mark.parametrize("change", ["pause_session", "stop_session"])
async def test_one_that_never_came_on_is_not_put_off(home: Home, change: str) -> None:
    """Nor does it come on after all, when the disk at last has it."""
    await add_mat(home.hass)
    async with slow_start(home):
        await home.do(change)
        home.plug.by_hand(on=True)
        await home.wait(seconds=1)
    await home.wait(minutes=1)
    assert home.evening.commands("switch.diffuser") == []
    assert home.is_on("switch.diffuser")


async def test_going_down_before_it_came_on_it_comes_on_with_the_session(
    home: Home,
) -> None:
    """It waits for the disk, and Home Assistant's going down does not bring it on."""
    entry = await add_mat(home.hass)
    async with slow_start(home):
        going = home.hass.async_create_background_task(
            coordinator_of(entry).rooms.async_put_out(), "shutdown"
        )
        await home.settle()
    await going
    assert home.evening.commands("switch.diffuser") == []
    await home.restart(entry)
    assert home.evening.commands("switch.diffuser") == ["on"]
    await home.wait(minutes=30)
    assert not home.is_on("switch.diffuser")


async def test_its_cap_ends_it_before_the_session_does(home: Home) -> None:
    """Eyes begin to water after twenty minutes of oil."""
    await add_mat(home.hass, routine(diffuser={"cap": 10}, session={"duration": 40}))
    await home.start()
    await home.wait(minutes=9)
    assert home.is_on("switch.diffuser")
    await home.wait(minutes=2)
    assert not home.is_on("switch.diffuser")
    await home.do("pause_session")
    await home.do("resume_session")
    await home.wait(minutes=5)
    assert not home.is_on("switch.diffuser")


async def test_its_cap_counts_on_over_a_pause_and_a_kill(home: Home) -> None:
    """Ten minutes are ten minutes, in however many pieces; a pause is none of them."""
    entry = await add_mat(
        home.hass, routine(diffuser={"cap": 10}, session={"duration": 40})
    )
    await home.start()
    await home.wait(minutes=4)
    await home.do("pause_session")
    await home.wait(minutes=7)
    await home.do("resume_session")
    await home.wait(minutes=3)
    await home.restart(entry, down=timedelta(seconds=60))
    assert home.is_on("switch.diffuser")
    await home.wait(seconds=90)
    assert home.is_on("switch.diffuser")
    await home.wait(seconds=60)
    assert not home.is_on("switch.diffuser")
    await home.restart(entry, down=timedelta(seconds=60))
    await home.wait(minutes=5)
    assert not home.is_on("switch.diffuser")


async def test_in_interval_mode_it_takes_turns(home: Home) -> None:
    """Ten minutes on, ten off."""
    await add_mat(
        home.hass, routine(diffuser={"interval": 10}, session={"duration": 40})
    )
    await home.start()
    seen = []
    for _ in range(4):
        seen.append(home.is_on("switch.diffuser"))
        await home.wait(minutes=10)
    assert seen == [True, False, True, False]


async def test_one_that_does_not_obey_is_asked_again_and_then_told_of(
    hass: HomeAssistant, home: Home
) -> None:
    """After five seconds, then 2, 5, 10 and 20 later; then the person is called."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=3)
    home.plug.deaf = True
    before = len(home.evening.told)
    await home.finish()
    await home.wait(seconds=70)
    asked = [
        at - home.evening.told[before][0]
        for at, entity_id, _ in home.evening.told[before:]
        if entity_id == "switch.diffuser"
    ]
    assert asked == [0, 7, 17, 32, 57]
    issues = ir.async_get(hass).issues
    assert ("acupressure_mat", "diffuser_on_switch.diffuser") in issues
    notifications = hass.data["persistent_notification"]
    assert any("Diffuser" in n["message"] for n in notifications.values())

    home.plug.deaf = False
    home.plug.vanish()
    home.plug.appear()
    await home.wait(seconds=1)
    assert not home.is_on("switch.diffuser")
    assert ("acupressure_mat", "diffuser_on_switch.diffuser") not in issues
    assert not notifications


async def test_stuck_through_a_restart_it_is_still_seen_off(home: Home) -> None:
    """The duty to switch it off is on disk until it is done."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=3)
    home.plug.deaf = True
    await home.finish()
    await home.wait(seconds=10)
    home.plug.deaf = False
    await home.restart(entry, down=timedelta(hours=3))
    assert not home.is_on("switch.diffuser")


def comes_back(plug: Plug) -> None:
    """Let a plug answer again, and do as it is told."""
    plug.deaf = False
    plug.vanish()
    plug.appear()


async def gone(home: Home, going: Coroutine[Any, Any, Any]) -> None:
    """Let a mat go whose plug is deaf: that takes eight seconds, and no longer."""
    task = home.hass.async_create_background_task(going, "going")
    while home.evening.commands("switch.diffuser")[-1] != "off":
        # The disk takes its own time.
        await home.settle()
    await home.wait(seconds=9)
    await task


@pytest.mark.parametrize("goes", ["disabled", "removed"])
async def test_stuck_when_its_mat_goes_it_is_still_seen_off(
    hass: HomeAssistant, home: Home, goes: str
) -> None:
    """Nobody waits long for the mat to go, and nobody finds the plug on next morning."""
    entry, entries = await add_mat(hass), hass.config_entries
    await home.start()
    await home.wait(minutes=3)
    home.plug.deaf = True
    if goes == "removed":
        await gone(home, entries.async_remove(entry.entry_id))
    else:
        by = ConfigEntryDisabler.USER
        await gone(home, entries.async_set_disabled_by(entry.entry_id, by))
    await home.wait(seconds=70)
    issue = ("acupressure_mat", "diffuser_on_switch.diffuser")
    assert issue in ir.async_get(hass).issues
    comes_back(home.plug)
    await home.wait(seconds=10)
    assert not home.is_on("switch.diffuser")
    assert issue not in ir.async_get(hass).issues
    assert not hass.data[DEVICES]
    files = [key for key in home.storage if key.startswith("acupressure_mat")]
    assert bool(files) is (goes == "disabled")


async def test_stuck_when_its_mat_went_and_came_back_it_is_the_next_session_s(
    hass: HomeAssistant, home: Home
) -> None:
    """Whoever sees it off meanwhile does not do so in the middle of a session."""
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=3)
    home.plug.deaf = True
    set_disabled_by = hass.config_entries.async_set_disabled_by
    await gone(home, set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER))
    await set_disabled_by(entry.entry_id, None)
    await home.settle()
    comes_back(home.plug)
    await home.start()
    await home.wait(minutes=2)
    assert home.is_on("switch.diffuser")
    await home.wait(minutes=30)
    assert not home.is_on("switch.diffuser")
    assert not hass.data[DEVICES]
    assert not list(coordinator_of(entry).rooms)


async def test_stuck_when_its_mat_went_and_came_back_the_rest_stays_as_it_was_left(
    hass: HomeAssistant, home: Home
) -> None:
    """The mat has a duty to the plug, and none to light up for who was hurt before."""
    entry = await add_mat(hass)
    home.lamp.by_hand(brightness=30)
    await home.start()
    await home.wait(minutes=3)
    home.plug.deaf = True
    await home.do("stop_session", reason="pain")
    assert home.level("light.bed") == 30
    set_disabled_by = hass.config_entries.async_set_disabled_by
    away = hass.async_create_background_task(
        set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER), "away"
    )
    while home.level("light.bed") == 30:
        await home.settle()
    await home.wait(seconds=9)
    await away
    told = len(home.evening.commands("light.bed"))
    await set_disabled_by(entry.entry_id, None)
    await home.settle()
    assert home.state("sensor.anna_s_mat_phase") == "idle"
    assert home.evening.commands("light.bed")[told:] == []
    comes_back(home.plug)
    await home.wait(seconds=10)
    assert not home.is_on("switch.diffuser")
    assert len(await home.records(entry)) == 1


async def test_a_new_session_takes_over_a_stuck_one(home: Home) -> None:
    """Switched off in the middle of the next session it would be a nuisance."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=3)
    home.plug.deaf = True
    await home.finish()
    await home.wait(seconds=10)
    home.plug.deaf = False
    await home.start()
    await home.wait(minutes=2)
    assert home.is_on("switch.diffuser")
    await home.wait(minutes=30)
    assert not home.is_on("switch.diffuser")


async def test_an_off_told_before_it_was_asked_for_proves_nothing(home: Home) -> None:
    """Stopped before the plug told that it is on, it still says off: that is old news."""

    class Slow(Plug):
        """Tells two seconds late, and loses the one command to go off."""

        lost = 0

        async def async_turn_on(self, **kwargs: object) -> None:
            await self.obey("on")
            self._attr_is_on = True
            self.hass.loop.call_later(2, self.async_write_ha_state)

        async def async_turn_off(self, **kwargs: object) -> None:
            self.lost += 1
            if self.lost > 1:
                await super().async_turn_off(**kwargs)

    plug = Slow("Slow", home.evening)
    await home.add(plug)
    await add_mat(home.hass, routine(diffuser={"diffusers": ["switch.slow"]}))
    await home.start()
    await home.wait(seconds=1)
    await home.finish()
    await home.wait(seconds=30)
    assert not plug.is_on


async def test_one_that_does_not_go_off_in_a_pause_is_told_of_too(
    hass: HomeAssistant, home: Home
) -> None:
    """Nobody should have to wait for the end of the session to learn of it."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=3)
    home.plug.deaf = True
    await home.do("pause_session")
    await home.wait(seconds=70)
    issue = ("acupressure_mat", "diffuser_on_switch.diffuser")
    assert issue in ir.async_get(hass).issues
    home.plug.deaf = False
    home.plug.vanish()
    home.plug.appear()
    await home.wait(seconds=1)
    assert not home.is_on("switch.diffuser")
    assert issue not in ir.async_get(hass).issues


async def test_on_again_by_hand_when_another_mat_starts_it_still_goes_off(
    home: Home,
) -> None:
    """We brought it on this evening, whoever's session comes next."""
    await add_mat(home.hass)
    await add_mat(home.hass, routine("Ben"), title="Ben's mat")
    await home.start()
    await home.wait(minutes=3)
    home.plug.by_hand(on=False)
    await home.settle()
    home.plug.by_hand(on=True)
    await home.settle()
    await home.start("switch.ben_session")
    await home.wait(minutes=40)
    assert not home.is_on("switch.diffuser")


async def test_stuck_through_a_planned_shutdown_it_is_still_seen_off(
    home: Home,
) -> None:
    """The last try before going down is not the end of the duty."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=3)
    home.plug.broken = True
    await home.finish()
    await home.wait(seconds=1)
    await home.restart(entry, kill=False)
    home.plug.broken = False
    await home.wait(seconds=70)
    assert not home.is_on("switch.diffuser")


async def test_a_phase_that_begins_while_it_goes_down_does_not_bring_it_on_again(
    home: Home,
) -> None:
    """One is off at once; for the other, Home Assistant still waits."""
    deaf = Plug("Deaf", home.evening)
    await home.add(deaf)
    both = ["switch.diffuser", "switch.deaf"]
    entry = await add_mat(home.hass, routine(diffuser={"diffusers": both}))
    await home.start()
    await home.wait(seconds=59)
    deaf.deaf = True
    last = asyncio.create_task(coordinator_of(entry).rooms.async_put_out())
    await home.settle()
    await home.wait(seconds=4)
    assert last.done()
    assert coordinator_of(entry).phase == "settle"
    assert not home.is_on("switch.diffuser")


class Mute(Plug):
    """A plug of which Home Assistant knows nothing before it is asked something."""

    is_known = True

    @property
    @override
    def is_on(self) -> bool | None:
        return self._attr_is_on if self.is_known else None

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self.is_known = True
        await super().async_turn_off(**kwargs)


async def test_one_that_does_not_tell_how_it_is_is_switched_off_all_the_same(
    home: Home,
) -> None:
    """After a kill nobody hears of some plugs, but they hear us."""
    plug = Mute("Mute", home.evening)
    await home.add(plug)
    entry = await add_mat(home.hass, routine(diffuser={"diffusers": ["switch.mute"]}))
    await home.start()
    await home.wait(minutes=5)

    def forget() -> None:
        plug.is_known = False
        plug.tell()

    await home.restart(entry, down=timedelta(hours=1), meanwhile=forget)
    assert home.state("switch.mute") == "unknown"
    await home.wait(minutes=2)
    assert home.state("switch.mute") == "off"
    assert ir.async_get(home.hass).issues == {}
