"""«The first to finish woke the other».

Irrigation-V5's shared pump, Baby Buddy #156: two at once, one room.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from homeassistant.components.media_player import MediaPlayerState
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState
from homeassistant.setup import async_setup_component
import pytest

from custom_components.acupressure_mat.journal import Journal

from .home import Home, Lamp, add_mat, routine

ANNA, BEN = "switch.bedtime_session", "switch.ben_session"


async def both(home: Home) -> None:
    """Anna starts, Ben five minutes later."""
    await add_mat(home.hass)
    await add_mat(
        home.hass,
        routine("Ben", lights={"brightness": 20}, music={"volume": 30}),
        title="Ben's mat",
    )
    await home.start(ANNA)
    await home.wait(minutes=5)
    await home.start(BEN)
    await home.wait(minutes=1)


async def test_the_dimmest_wish_counts_for_the_light(home: Home) -> None:
    """Whoever wants it darker is disturbed by light; not the reverse."""
    await both(home)
    assert home.level("light.bed") == 12


async def test_the_first_to_finish_wakes_nobody(home: Home) -> None:
    """Neither by light nor by silence nor by the lack of scent."""
    await both(home)
    await home.finish(ANNA)
    assert home.level("light.bed") == 20
    assert home.is_on("switch.diffuser")
    assert home.is_on("media_player.radio")
    assert home.is_on(BEN)


async def test_the_last_to_let_go_puts_back_what_the_first_found(home: Home) -> None:
    """Not what the second found, which was dimmed already."""
    await both(home)
    await home.finish(ANNA)
    await home.finish(BEN)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert not home.is_on("media_player.radio")
    assert home.hass.states.get("media_player.radio").attributes["volume_level"] == 0.6  # type: ignore[union-attr]


async def test_a_pause_of_one_is_no_pause_of_the_other(home: Home) -> None:
    """Music and scent go on for who still lies there."""
    await both(home)
    await home.do("pause_session", ANNA)
    assert home.is_on("media_player.radio")
    assert home.is_on("switch.diffuser")


async def test_put_off_by_hand_the_diffuser_comes_on_for_who_starts_next(
    home: Home,
) -> None:
    """A hand's off is for the session that it met, and not for somebody else's."""
    await add_mat(home.hass)
    await add_mat(home.hass, routine("Ben"), title="Ben's mat")
    await home.start(ANNA)
    await home.wait(minutes=3)
    home.plug.by_hand(on=False)
    await home.settle()
    await home.start(BEN)
    await home.wait(minutes=1)
    assert home.is_on("switch.diffuser")
    await home.wait(minutes=40)
    assert not home.is_on("switch.diffuser")


async def test_what_a_hand_put_off_stays_off_when_another_starts(home: Home) -> None:
    """Anna wants it dark, Ben only dimmed: with his start hers is not forgotten."""
    await add_mat(home.hass, routine(lights={"only_dim": False}))
    await add_mat(home.hass, routine("Ben"), title="Ben's mat")
    await home.start(ANNA)
    await home.wait(minutes=3)
    home.lamp.by_hand(on=False)
    await home.settle()
    told = len(home.evening.commands("light.bed"))
    await home.start(BEN)
    await home.wait(minutes=3)
    await set_up(home, *await kill(home, timedelta(minutes=1)))
    await started(home)
    await home.wait(minutes=30)
    assert home.evening.commands("light.bed")[told:] == []
    assert not home.is_on("light.bed")


async def test_as_a_hand_left_it_it_is_again_when_another_went(home: Home) -> None:
    """Anna had light to read, and put the scent off, before Ben came and went."""
    await add_mat(home.hass, routine(session={"duration": 40}))
    await add_mat(home.hass, routine("Ben"), title="Ben's mat")
    await home.start(ANNA)
    await home.wait(minutes=3)
    home.lamp.by_hand(brightness=153)
    home.plug.by_hand(on=False)
    home.radio.by_hand(state=MediaPlayerState.PAUSED)
    await home.settle()
    await home.start(BEN)
    await home.wait(minutes=3)
    assert home.level("light.bed") == 12
    assert home.is_on("switch.diffuser")
    assert home.is_on("media_player.radio")
    await home.finish(BEN)
    assert home.level("light.bed") == 60
    assert not home.is_on("switch.diffuser")
    assert not home.is_on("media_player.radio")
    await home.wait(minutes=40)
    assert home.level("light.bed") == 60
    assert home.radio.volume_level == 0.6


@pytest.mark.parametrize("down", [False, True])
async def test_a_hand_on_the_volume_is_for_the_sessions_that_it_met(
    home: Home, down: bool
) -> None:
    """Anna turned it up; Ben's routine has its own level, and gives hers back."""
    await add_mat(home.hass, routine(session={"duration": 40}))
    await add_mat(home.hass, routine("Ben", music={"volume": 30}), title="Ben's mat")
    await home.start(ANNA)
    await home.wait(minutes=3)
    home.radio.by_hand(volume=0.4)
    await home.settle()
    told = len(home.evening.commands("media_player.radio"))
    await home.start(BEN)
    await home.wait(minutes=1)
    assert home.radio.volume_level == 0.3
    if down:
        await set_up(home, *await kill(home, timedelta(minutes=1)))
        await started(home)
    await home.finish(BEN)
    assert home.is_on("media_player.radio")
    assert home.radio.volume_level == 0.4
    await home.wait(minutes=40)
    assert not home.is_on("media_player.radio")
    assert home.radio.volume_level == 0.4
    commands = home.evening.commands("media_player.radio")[told:]
    levels = [float(c.split()[1]) for c in commands if c.startswith("volume")]
    assert max(levels) == 0.4


async def test_a_level_set_while_nobody_else_did_is_what_the_next_finds(
    home: Home,
) -> None:
    """Anna's routine leaves the volume alone; she turned it up herself."""
    await add_mat(home.hass, routine(music={"volume": None}))
    await add_mat(home.hass, routine("Ben", music={"volume": 30}), title="Ben's mat")
    await home.start(ANNA)
    await home.wait(minutes=3)
    home.radio.by_hand(volume=0.8)
    await home.start(BEN)
    await home.wait(minutes=1)
    assert home.radio.volume_level == 0.3
    await home.wait(minutes=40)
    assert not home.is_on("media_player.radio")
    assert home.radio.volume_level == 0.8


async def test_turned_up_and_gone_when_the_next_starts_it_is_not_forgotten(
    home: Home,
) -> None:
    """Back on the network it plays for Ben, and in the end is as Anna had it."""
    await add_mat(home.hass)
    await add_mat(home.hass, routine("Ben", music={"volume": 30}), title="Ben's mat")
    await home.start(ANNA)
    await home.wait(minutes=3)
    home.radio.by_hand(volume=0.4)
    home.radio.vanish()
    await home.start(BEN)
    await home.wait(minutes=2)
    home.radio.appear()
    await home.wait(minutes=1)
    assert home.radio.volume_level == 0.3
    await home.wait(minutes=40)
    assert not home.is_on("media_player.radio")
    assert home.radio.volume_level == 0.4


async def test_turned_up_again_while_both_lie_there_it_stays_so(home: Home) -> None:
    """A second hand meets both, and neither has a say in the volume after it."""
    await add_mat(home.hass)
    await add_mat(home.hass, routine("Ben", music={"volume": 30}), title="Ben's mat")
    await home.start(ANNA)
    await home.wait(minutes=3)
    home.radio.by_hand(volume=0.4)
    await home.start(BEN)
    await home.wait(minutes=1)
    home.radio.by_hand(volume=0.5)
    await home.wait(minutes=40)
    assert not home.is_on("media_player.radio")
    assert home.radio.volume_level == 0.5


async def test_hurt_beside_somebody_else_the_light_comes_up_at_once(
    home: Home,
) -> None:
    """The slow fade of who still lies there is not theirs to wait for."""
    slowly = {"fade": {"seconds": 20}}
    await add_mat(home.hass, routine(lights=slowly))
    await add_mat(home.hass, routine("Ben", lights=slowly), title="Ben's mat")
    await home.start(ANNA)
    await home.start(BEN)
    await home.wait(minutes=5)
    await home.do("stop_session", ANNA, reason="pain")
    assert home.evening.commands("light.bed")[-1].endswith("'transition': 1.0}")
    assert home.level("light.bed") >= 30


async def test_both_survive_a_restart(home: Home) -> None:
    """What the first found is still known when the last lets go."""
    await both(home)
    for entry in home.hass.config_entries.async_entries("acupressure_mat"):
        await home.hass.config_entries.async_reload(entry.entry_id)
    await home.settle()
    assert home.level("light.bed") == 12
    await home.finish(ANNA)
    await home.finish(BEN)
    assert home.level("light.bed") == 80


async def kill(home: Home, down: timedelta) -> list[ConfigEntry]:
    """Let the power fail; return the mats, which Home Assistant has not set up yet."""
    entries = home.hass.config_entries.async_entries("acupressure_mat")
    await home.kill(*entries, down=down)
    return entries


async def set_up(home: Home, *entries: ConfigEntry) -> None:
    """Let Home Assistant set up mats, while it starts."""
    for entry in entries:
        assert await home.hass.config_entries.async_setup(entry.entry_id)
    await home.settle()


async def started(home: Home) -> None:
    """Let Home Assistant be started."""
    home.hass.set_state(CoreState.running)
    home.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await home.settle()


@contextmanager
def slow_disk() -> Iterator[asyncio.Event]:
    """Let the file of a mat be read only once this is set."""
    read, load = asyncio.Event(), Journal.async_load

    async def wait(journal: Journal) -> None:
        await read.wait()
        await load(journal)

    with patch.object(Journal, "async_load", wait):
        yield read


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("first", [0, 1])
async def test_over_for_one_while_down_the_other_lies_undisturbed(
    home: Home, first: int, late: bool
) -> None:
    """Whoever comes back first must not put back what the other holds.

    Nor if the other's file is read only when Home Assistant has started already.
    """
    await add_mat(home.hass, routine(session={"duration": 8}))
    await add_mat(home.hass, routine("Ben"), title="Ben's mat")
    await home.start(ANNA)
    await home.start(BEN)
    await home.wait(minutes=5)
    told = len(home.evening.told)
    entries = await kill(home, timedelta(minutes=6))
    await set_up(home, entries[first])
    if late:
        with slow_disk() as read:
            setting_up = home.hass.async_create_background_task(
                set_up(home, entries[1 - first]), "set-up"
            )
            await started(home)
            await home.wait(seconds=5)
            read.set()
            await setting_up
    else:
        await set_up(home, entries[1 - first])
        await started(home)
    await home.wait(seconds=30)
    assert home.evening.told[told:] == []
    await home.wait(minutes=20)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert not home.is_on("media_player.radio")
    assert home.radio.volume_level == 0.6


async def test_over_for_both_while_down_the_room_is_put_back_once(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither waits for the other for ever, and nothing is called off twice."""
    await both(home)
    told = len(home.evening.told)
    await set_up(home, *await kill(home, timedelta(minutes=25)))
    assert home.evening.told[told:] == []
    await started(home)
    await home.wait(seconds=10)
    assert home.level("light.bed") == 80
    assert home.evening.commands("switch.diffuser") == ["on", "off"]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("how", ["raises", "hangs"])
async def test_who_comes_back_waits_for_no_mat_that_does_not(
    home: Home, how: str
) -> None:
    """A mat that cannot be set up keeps nobody's diffuser on."""
    await both(home)
    anna, ben = await kill(home, timedelta(minutes=17))
    await set_up(home, anna)
    if how == "raises":
        with patch.object(Journal, "async_load", side_effect=OSError):
            assert not await home.hass.config_entries.async_setup(ben.entry_id)
        await started(home)
    else:
        with slow_disk():
            home.hass.async_create_background_task(
                home.hass.config_entries.async_setup(ben.entry_id), "set-up"
            )
            await started(home)
            # Ten seconds at the most.
            await home.wait(seconds=9)
            assert home.is_on("switch.diffuser")
            await home.wait(seconds=2)
    assert not home.is_on("switch.diffuser")


async def test_whoever_starts_before_the_start_is_over_finds_the_room_as_it_was(
    home: Home,
) -> None:
    """Ben is faster than Home Assistant, and what Anna dimmed is not how it was."""
    await add_mat(home.hass)
    await add_mat(home.hass, routine("Ben"), title="Ben's mat")
    await home.start(ANNA)
    await home.wait(minutes=6)
    await set_up(home, *await kill(home, timedelta(minutes=16)))
    await home.start(BEN)
    await started(home)
    await home.wait(minutes=30)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert home.radio.volume_level == 0.6


async def test_removed_before_the_start_is_over_a_mat_disturbs_nobody(
    home: Home,
) -> None:
    """What Ben still holds is not Anna's to put back, though he is not back yet."""
    await both(home)
    anna, ben = await kill(home, timedelta(minutes=2))
    await set_up(home, anna, ben)
    told = len(home.evening.told)
    await home.hass.config_entries.async_remove(anna.entry_id)
    await started(home)
    assert home.level("light.bed") == 20
    assert "off" not in [command for _, _, command in home.evening.told[told:]]
    await home.wait(minutes=30)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")


async def test_killed_while_both_hold_it_the_latest_file_counts(home: Home) -> None:
    """Anna's file does not know yet that Ben had the lamp dimmed."""
    await add_mat(
        home.hass, routine(lights={"lights": ["light.bed"], "brightness": 90})
    )
    await add_mat(home.hass, routine("Ben"), title="Ben's mat")
    await home.start(ANNA)
    await home.start(BEN)
    assert home.level("light.bed") == 12
    await set_up(home, *await kill(home, timedelta(minutes=25)))
    await started(home)
    await home.wait(seconds=10)
    assert home.level("light.bed") == 80


async def test_killed_after_the_other_left_what_it_was_asked_since_is_known(
    home: Home,
) -> None:
    """Anna pauses, then Ben leaves: by that the music pauses, and no hand did it."""
    await both(home)
    await home.do("pause_session", ANNA)
    assert home.is_on("media_player.radio")
    await home.finish(BEN)
    assert not home.is_on("media_player.radio")
    await set_up(home, *await kill(home, timedelta(minutes=1)))
    await started(home)
    await home.do("resume_session", ANNA)
    assert home.is_on("media_player.radio")
    await home.wait(minutes=30)
    assert home.radio.volume_level == 0.6


async def test_a_room_that_was_left_before_a_kill_disturbs_nobody_after_it(
    home: Home,
) -> None:
    """Anna was hurt, and got up; where she lay only the plug is waited for.

    The light that she needed is not Ben's again because Home Assistant went down.
    """
    await add_mat(
        home.hass,
        routine(),
        routine("Walk", lights={"lights": []}, diffuser={"diffusers": []}),
    )
    await add_mat(
        home.hass,
        routine("Ben", lights={"brightness": 20}, diffuser={"diffusers": []}),
        title="Ben's mat",
    )
    await home.start(ANNA)
    await home.start(BEN)
    await home.wait(minutes=6)
    home.plug.deaf = True
    await home.do("stop_session", ANNA, reason="pain")
    assert home.level("light.bed") == 80
    await home.start("switch.walk_session")
    await home.wait(seconds=20)
    assert home.level("light.bed") == 20
    told = len(home.evening.commands("light.bed"))
    anna, ben = await kill(home, timedelta(seconds=10))
    home.plug.deaf = False
    await set_up(home, ben, anna)
    await started(home)
    await home.wait(seconds=30)
    assert home.evening.commands("light.bed")[told:] == []
    assert not home.is_on("switch.diffuser")


async def test_a_lamp_that_joined_the_group_of_the_other_is_known_from_its_own_file(
    home: Home,
) -> None:
    """Anna's file has never heard of it, and she comes back before Ben does."""
    await home.add(Lamp("Left", home.evening))
    groups = {"group": {"room": {"entities": ["light.left"]}}}
    assert await async_setup_component(home.hass, "group", groups)
    await add_mat(home.hass, routine(lights={"lights": ["group.room"]}))
    await add_mat(home.hass, routine("Ben"), title="Ben's mat")
    await home.start(BEN)
    await home.start(ANNA)
    await home.wait(minutes=1)
    await home.hass.services.async_call(
        "group",
        "set",
        {"object_id": "room", "add_entities": ["light.bed"]},
        blocking=True,
    )
    await set_up(home, *await kill(home, timedelta(minutes=1)))
    await started(home)
    assert home.level("light.bed") == 12
    await home.wait(minutes=30)
    assert home.level("light.bed") == 80
