"""«Pause ended the program», «the pause never ended».

Irrigation Unlimited #220, Irrigation-V5 #194 and #230, ESPHome #5100.
"""

from .home import Home, add_mat, coordinator_of


async def test_paused_the_room_waits(home: Home) -> None:
    """Light up a little, diffuser off, music paused, clock stopped."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    await home.do("pause_session")
    await home.wait(minutes=3)
    assert home.level("light.bed") == 22
    assert not home.is_on("switch.diffuser")
    assert home.state("media_player.radio") == "paused"
    assert home.state("sensor.anna_s_mat_phase") == "paused"
    assert home.state("sensor.anna_s_mat_finishes_at") == "unknown"
    assert home.is_on("switch.bedtime_session")


async def test_resumed_the_session_ends_later_by_the_pause(home: Home) -> None:
    """Everything as before the pause; music goes on and does not begin again."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    await home.do("pause_session")
    await home.wait(minutes=3)
    await home.do("resume_session")
    assert home.level("light.bed") == 12
    assert home.is_on("switch.diffuser")
    assert home.is_on("media_player.radio")
    assert home.evening.commands("media_player.radio").count("play calm") == 1
    await home.wait(minutes=14)
    assert home.is_on("switch.bedtime_session")
    await home.wait(minutes=1)
    assert not home.is_on("switch.bedtime_session")
    (record,) = await home.records(entry)
    assert record.minutes == 20


async def test_a_pause_that_nobody_ends_ends_the_session(home: Home) -> None:
    """After a quarter of an hour; the room is put back, the minutes are kept."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    await home.do("pause_session")
    await home.wait(minutes=15)
    assert not home.is_on("switch.bedtime_session")
    assert home.level("light.bed") == 80
    (record,) = await home.records(entry)
    assert (record.outcome, record.minutes) == ("lost", 5)


async def test_paused_in_its_last_second_it_still_ends(home: Home) -> None:
    """A resume with nothing left must neither loop nor hang."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=20, seconds=59)
    await home.do("pause_session")
    await home.wait(minutes=1)
    await home.do("resume_session")
    await home.wait(seconds=2)
    assert home.state("sensor.anna_s_mat_phase") == "after"


async def test_stopped_while_paused_everything_is_put_back(home: Home) -> None:
    """The music is paused already and must not play once more."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    await home.do("pause_session")
    told = len(home.evening.commands("media_player.radio"))
    await home.finish()
    assert home.level("light.bed") == 80
    assert coordinator_of(entry).session is None
    assert home.evening.commands("media_player.radio")[told:] == ["volume 0.60"]
