"""«Home Assistant restarted, and everything stayed as it was left».

Irrigation Unlimited #35 and #126, Irrigation-V5 #214, Home Assistant #75684, #83676,
#105750: a restart loses what runs, or resumes it wrongly.
"""

from datetime import timedelta

from homeassistant.config_entries import ConfigEntryDisabler
import pytest

from custom_components.acupressure_mat.session.session import Outcome

from .home import Home, add_mat, coordinator_of


async def test_killed_in_mid_session_it_goes_on(home: Home) -> None:
    """Same session, right phase, right minutes, no second start."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    before = coordinator_of(entry).session
    told = len(home.evening.told)
    await home.restart(entry, down=timedelta(minutes=4))
    after = coordinator_of(entry).session
    assert after == before
    assert home.state("sensor.anna_s_mat_phase") == "rest"
    assert home.is_on("switch.bedtime_session")
    assert home.evening.told[told:] == []
    await home.wait(minutes=20)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    (record,) = await home.records(entry)
    assert (record.outcome, record.minutes) == (Outcome.COMPLETED, 20)


async def test_ended_while_down_it_is_finished_quietly(home: Home) -> None:
    """Put back, switched off, and the record says that nobody watched."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    await home.restart(entry, down=timedelta(minutes=25))
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert not home.is_on("media_player.radio")
    assert home.state("sensor.anna_s_mat_phase") == "idle"
    (record,) = await home.records(entry)
    assert (record.outcome, record.minutes) == (Outcome.LOST, 20)


async def test_ended_hours_ago_only_the_diffuser_matters(home: Home) -> None:
    """Nobody wants the bedroom lit at three in the morning."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    await home.restart(entry, down=timedelta(hours=5))
    assert home.level("light.bed") == 12
    assert not home.is_on("switch.diffuser")
    assert len(await home.records(entry)) == 1


async def test_a_planned_shutdown_switches_the_diffuser_off_meanwhile(
    home: Home,
) -> None:
    """And it comes back, since the session still runs."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    seen = []
    await home.restart(
        entry, kill=False, meanwhile=lambda: seen.append(home.plug.is_on)
    )
    assert seen == [False]
    assert home.is_on("switch.diffuser")


async def test_paused_through_a_restart_it_stays_paused(home: Home) -> None:
    """And is given up when the pause lasts too long, also over a restart."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    await home.do("pause_session")
    await home.restart(entry, down=timedelta(minutes=5))
    assert home.state("sensor.anna_s_mat_phase") == "paused"
    assert not home.is_on("switch.diffuser")
    await home.wait(minutes=11)
    assert home.state("sensor.anna_s_mat_phase") == "idle"
    (record,) = await home.records(entry)
    assert (record.outcome, record.minutes) == (Outcome.LOST, 5)


async def test_killed_in_after_it_still_releases_the_room(home: Home) -> None:
    """The record is there once, the lamp comes back when `after` ends."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=22)
    await home.restart(entry)
    assert home.state("sensor.anna_s_mat_phase") == "after"
    await home.wait(minutes=5)
    assert home.level("light.bed") == 80
    assert len(await home.records(entry)) == 1


async def test_a_lamp_switched_off_while_it_was_down_stays_off(home: Home) -> None:
    """Nobody watched, but off is off."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    await home.restart(entry, meanwhile=lambda: home.lamp.by_hand(on=False))
    await home.wait(minutes=30)
    assert not home.is_on("light.bed")


async def test_reloaded_in_mid_session_nothing_is_disturbed(home: Home) -> None:
    """Reconfiguring a mat must not end or flicker what runs."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    told = len(home.evening.told)
    assert await home.hass.config_entries.async_reload(entry.entry_id)
    await home.settle()
    assert home.is_on("switch.bedtime_session")
    assert home.evening.told[told:] == []
    await home.wait(minutes=22)
    assert home.level("light.bed") == 80


async def test_a_removed_mat_releases_its_room(home: Home) -> None:
    """From the disk alone: the mat is gone by then, and so are its files."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    await home.hass.config_entries.async_remove(entry.entry_id)
    await home.settle()
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert not home.is_on("media_player.radio")
    assert not [key for key in home.storage if key.startswith("acupressure_mat")]


async def test_a_disabled_mat_releases_its_room(home: Home) -> None:
    """Before it is unloaded; the minutes are kept."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    await home.hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await home.settle()
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    await home.hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await home.settle()
    (record,) = await home.records(entry)
    assert record.minutes == 5


async def test_a_removed_routine_stops_its_session(home: Home) -> None:
    """The session keeps its own routine, but nobody could switch it off any more."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    home.hass.config_entries.async_remove_subentry(entry, "bedtime")
    await home.settle()
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    (record,) = await home.records(entry)
    assert (record.outcome, record.reason) == (Outcome.STOPPED, "interrupted")


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(minutes=3)])
async def test_a_clock_set_back_while_it_was_down(home: Home, back: timedelta) -> None:
    """The session is where it was when last written, not an hour before."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    await home.do("extend_session", duration={"minutes": 1})
    left = coordinator_of(entry).session
    assert left is not None
    await home.restart(entry, down=-back)
    session = coordinator_of(entry).session
    assert session is not None
    assert session.started_at == left.started_at - back
