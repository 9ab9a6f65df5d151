"""«The first to finish woke the other».

Irrigation-V5's shared pump, Baby Buddy #156: two at once, one room.
"""

from copy import deepcopy
from datetime import timedelta

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState

from .home import Home, add_mat, routine

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


async def test_killed_while_both_hold_it_the_latest_file_counts(home: Home) -> None:
    """Anna's file does not know yet that Ben had the lamp dimmed."""
    await add_mat(
        home.hass, routine(lights={"lights": ["light.bed"], "brightness": 90})
    )
    await add_mat(home.hass, routine("Ben"), title="Ben's mat")
    await home.start(ANNA)
    await home.start(BEN)
    assert home.level("light.bed") == 12
    entries = home.hass.config_entries.async_entries("acupressure_mat")
    disk = deepcopy(home.storage)
    for entry in entries:
        assert await home.hass.config_entries.async_unload(entry.entry_id)
    home.storage.clear()
    home.storage.update(disk)
    home.freezer.tick(timedelta(minutes=25))
    home.hass.set_state(CoreState.starting)
    for entry in entries:
        assert await home.hass.config_entries.async_setup(entry.entry_id)
    home.hass.set_state(CoreState.running)
    home.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await home.settle()
    await home.wait(seconds=10)
    assert home.level("light.bed") == 80
