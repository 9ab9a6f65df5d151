"""«Home Assistant restarted, and everything stayed as it was left».

Irrigation Unlimited #35 and #126, Irrigation-V5 #214, Home Assistant #75684, #83676,
#105750: a restart loses what runs, or resumes it wrongly.
"""

import asyncio
from datetime import timedelta
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import CoreState, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.storage import Store
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.acupressure_mat.files import PIECES, File, salvage
from custom_components.acupressure_mat.journal import Journal
from custom_components.acupressure_mat.session.session import Outcome

from .bedrooms import OddLamp
from .home import Home, Lamp, add_mat, coordinator_of, routine


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


async def test_of_a_damaged_room_the_rest_is_put_back(home: Home) -> None:
    """One unreadable lamp or record must not keep the diffuser on."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)

    def damage() -> None:
        (room,) = home.storage[f"acupressure_mat.{entry.entry_id}"]["data"]["rooms"]
        room["devices"]["light.bed"]["before"] = {"state": 7}
        room["record"] = {"id": "no record"}
        room["announced"] = "bathing"

    await home.restart(entry, down=timedelta(minutes=4), meanwhile=damage)
    assert home.state("sensor.anna_s_mat_phase") == "rest"
    await home.wait(minutes=20)
    assert not home.is_on("switch.diffuser")
    assert not home.is_on("media_player.radio")
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


async def test_left_for_another_session_a_room_has_no_more_than_what_it_kept(
    home: Home,
) -> None:
    """Anna was hurt, and lay down again while that room waited for its plug.

    After a kill the room that she left must not hold the lamp once more, and so take
    how it is dimmed now for how it was.
    """
    entry = await add_mat(
        home.hass, routine(), routine("Nap", diffuser={"diffusers": []})
    )
    await home.start()
    await home.wait(minutes=6)
    home.plug.deaf = True
    await home.do("stop_session", reason="pain")
    await home.start("switch.nap_session")
    await home.wait(seconds=10)
    assert home.level("light.bed") == 12
    await home.restart(entry, down=timedelta(minutes=1))
    home.plug.deaf = False
    await home.wait(seconds=60)
    assert not home.is_on("switch.diffuser")
    assert home.is_on("switch.nap_session")
    await home.finish("switch.nap_session")
    assert home.level("light.bed") == 80


async def test_a_hand_is_remembered_through_a_restart(home: Home) -> None:
    """They made it brighter to read; no phase that follows takes that back."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    home.lamp.by_hand(brightness=150)
    await home.settle()
    await home.restart(entry)
    await home.wait(minutes=25)
    assert home.lamp.brightness == 150
    assert home.state("sensor.anna_s_mat_phase") == "idle"


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


async def test_reloaded_while_its_record_is_written_the_room_is_still_put_back(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is still writing then saves the room once more, with all that it held."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=20)
    change, written = Journal.async_change, asyncio.Event()

    async def slow_change(*args: Any) -> Any:
        await written.wait()
        return await change(*args)

    monkeypatch.setattr(Journal, "async_change", slow_change)
    home.patient = False
    await home.wait(minutes=1, seconds=1)
    reload = asyncio.create_task(home.hass.config_entries.async_reload(entry.entry_id))
    await home.settle()
    written.set()
    await reload
    await home.settle()
    assert home.level("light.bed") == 22
    await home.wait(minutes=5)
    assert home.level("light.bed") == 80
    (record,) = await home.records(entry)
    assert record.outcome is Outcome.COMPLETED


async def test_what_fails_only_after_a_reload_brings_no_old_session_back(
    hass: HomeAssistant, home: Home
) -> None:
    """A scene of the start hung until the session was over; then the power failed."""
    failing = asyncio.Event()

    async def hang(_call: ServiceCall) -> None:
        await failing.wait()
        raise HomeAssistantError("a lamp of it does not answer")

    hass.services.async_register("scene", "turn_on", hang)
    home.patient = False
    entry = await add_mat(
        hass, routine(session={"duration": 20, "start_script": "scene.calm"})
    )
    await home.start()
    await home.wait(minutes=5)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await home.wait(minutes=25)
    (record,) = await home.records(entry)
    assert coordinator_of(entry).session is None
    failing.set()
    await home.settle()
    await home.restart(entry)
    assert await home.records(entry) == [record]


async def test_while_a_mat_is_being_disabled_nothing_starts_any_more(
    hass: HomeAssistant, home: Home
) -> None:
    """A lamp that hangs is waited for; whatever began now would never end."""
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=6)
    home.lamp.slow = 5
    by = ConfigEntryDisabler.USER
    disabling = asyncio.create_task(
        hass.config_entries.async_set_disabled_by(entry.entry_id, by)
    )
    await home.settle()
    with pytest.raises(ServiceValidationError, match="not loaded"):
        await home.start()
    while not disabling.done():
        await home.wait(seconds=1)
    await home.wait(minutes=1)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")


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


async def test_disabled_in_a_fade_and_enabled_again_a_lamp_is_put_back_once(
    home: Home,
) -> None:
    """Told once more in nobody's name, it would go off under whoever put it on."""
    lamp = Lamp("Step", home.evening, on=False, transition=False)
    await home.add(lamp)
    slow = {"lights": ["light.bed", "light.step"], "only_dim": False}
    entry = await add_mat(home.hass, routine(lights={**slow, "fade": {"seconds": 10}}))
    await home.start()
    await home.wait(seconds=1.5)
    assert home.is_on("light.step")

    async def off_and_on() -> None:
        for by in (ConfigEntryDisabler.USER, None):
            await home.hass.config_entries.async_set_disabled_by(entry.entry_id, by)

    going = home.hass.async_create_background_task(off_and_on(), "going")
    while not going.done():
        await home.wait(seconds=1)
    await home.wait(seconds=30)
    assert home.evening.commands("light.step").count("off") == 1
    assert not home.is_on("light.step")


async def test_a_mat_that_is_disabled_while_one_sits_up_releases_its_room(
    home: Home,
) -> None:
    """The session is over by then, the room is not."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=22)
    assert home.level("light.bed") != 80
    await home.hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await home.settle()
    assert home.level("light.bed") == 80


@pytest.mark.parametrize("removed", [False, True])
@pytest.mark.parametrize(
    "moment", ["paused", "after", "rehearsal", "music plays on", "putting back"]
)
async def test_disabled_or_removed_at_another_moment(
    home: Home, moment: str, removed: bool
) -> None:
    """Whatever the room is in the middle of, nobody else would put it back."""
    keep_playing = 30 if moment == "music plays on" else 0
    config = routine(music={"keep_playing": keep_playing, "music_end": "keep"})
    if not keep_playing:
        config = routine()
    entry = await add_mat(home.hass, config)
    match moment:
        case "rehearsal":
            await home.do("rehearse_session", duration={"seconds": 60})
            await home.wait(seconds=20)
        case "putting back":
            await home.start()
            await home.wait(minutes=6)
            home.patient = False
            home.lamp.slow = home.plug.slow = 3.0
            await home.finish()
            await home.wait(seconds=1)
            assert home.level("light.bed") == 12
        case "paused":
            await home.start()
            await home.wait(minutes=6)
            await home.do("pause_session")
            assert home.state("sensor.anna_s_mat_phase") == "paused"
        case "after":
            await home.start()
            await home.wait(minutes=22)
            assert home.state("sensor.anna_s_mat_phase") == "after"
        case _:
            await home.start()
            await home.wait(minutes=30)
            assert home.is_on("media_player.radio")
    assert moment == "music plays on" or home.level("light.bed") < 80
    entries = home.hass.config_entries
    by = ConfigEntryDisabler.USER
    going = home.hass.async_create_background_task(
        entries.async_remove(entry.entry_id)
        if removed
        else entries.async_set_disabled_by(entry.entry_id, by),
        "away",
    )
    await home.wait(seconds=9)
    await going
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert not home.is_on("media_player.radio")
    assert home.radio.volume_level == 0.6


async def test_music_of_a_disabled_mat_does_not_begin_again(home: Home) -> None:
    """It ended with the mat; enabled again, nothing of that evening is left."""
    entry = await add_mat(home.hass, routine(music={"keep_playing": 30}))
    await home.start()
    await home.wait(minutes=30)
    entries = home.hass.config_entries
    for by in (ConfigEntryDisabler.USER, None):
        await entries.async_set_disabled_by(entry.entry_id, by)
        await home.settle()
    assert not home.is_on("media_player.radio")
    assert not list(coordinator_of(entry).rooms)
    assert len(await home.records(entry)) == 1


async def test_a_routine_removed_in_a_rehearsal_leaves_nothing(home: Home) -> None:
    """Put back at once, and not recorded."""
    entry = await add_mat(home.hass, routine(lights={"lights_end": "off"}))
    await home.do("rehearse_session", duration={"seconds": 60})
    await home.wait(seconds=20)
    home.hass.config_entries.async_remove_subentry(entry, "bedtime")
    await home.settle()
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert home.radio.volume_level == 0.6
    assert await home.records(entry) == []


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


@pytest.mark.parametrize(
    ("back", "moved"),
    [
        (timedelta(hours=1), True),
        (timedelta(seconds=2.5), True),
        pytest.param(timedelta(seconds=2), False, id="corrected"),
    ],
)
async def test_a_clock_set_back_while_it_was_down(
    home: Home, back: timedelta, moved: bool
) -> None:
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
    assert session.started_at == left.started_at - back * moved


@pytest.mark.parametrize("minutes", [16, 40])
async def test_a_clock_set_forward_past_the_end(home: Home, minutes: int) -> None:
    """The wake-up at its end is not due yet; who starts the next one ends it."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    home.freezer.tick(timedelta(minutes=minutes))
    await home.start()
    assert home.is_on("switch.bedtime_session")
    (record,) = await home.records(entry)
    assert (record.outcome, record.minutes) == (Outcome.COMPLETED, 20)
    await home.wait(minutes=30)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert len(await home.records(entry)) == 2


async def test_a_rehearsal_goes_on_after_a_kill(home: Home) -> None:
    """And is released as if nothing had been, with nothing in the journal."""
    entry = await add_mat(home.hass, routine(lights={"lights_end": "off"}))
    await home.do("rehearse_session", duration={"seconds": 60})
    await home.wait(seconds=10)
    assert home.level("light.bed") == 12
    await home.restart(entry, down=timedelta(seconds=5))
    assert home.level("light.bed") == 12
    await home.wait(minutes=2)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert not home.is_on("media_player.radio")
    assert await home.records(entry) == []


async def test_a_rehearsal_that_ended_while_down_leaves_nothing(home: Home) -> None:
    """No record of a session that was lost: it was none."""
    entry = await add_mat(home.hass)
    await home.do("rehearse_session", duration={"seconds": 60})
    await home.wait(seconds=10)
    await home.restart(entry, down=timedelta(minutes=5))
    await home.wait(seconds=1)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert await home.records(entry) == []


async def test_killed_while_the_music_plays_on(home: Home) -> None:
    """The sleep timer is a moment on the clock; it ends when it would have."""
    entry = await add_mat(home.hass, routine(music={"keep_playing": 20}))
    await home.start()
    await home.wait(minutes=25)
    assert home.is_on("media_player.radio")
    await home.restart(entry, down=timedelta(minutes=2))
    assert home.is_on("media_player.radio")
    await home.wait(minutes=15)
    assert not home.is_on("media_player.radio")
    assert home.radio.volume_level == 0.6


async def test_power_fails_before_the_disk_knows(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would have to be switched off again is not switched on yet."""
    entry = await add_mat(home.hass)
    power = asyncio.Event()

    async def hang(store: Store[Any], _data: dict[str, Any]) -> None:
        await power.wait()
        if isinstance(store, File):
            raise OSError("it failed")

    with monkeypatch.context() as disk:
        disk.setattr(Store, "_async_write_data", hang)
        home.patient = False
        await home.start()
        await home.wait(seconds=30)
        assert home.level("light.bed") == 12
        assert home.evening.commands("switch.diffuser") == []
        power.set()
        await home.restart(entry)
    assert coordinator_of(entry).session is None
    assert not home.is_on("switch.diffuser")
    assert await home.records(entry) == []


async def test_of_a_damaged_file_the_diffuser_is_seen_off(
    home: Home, tmp_path: Path
) -> None:
    """Power failed in the middle of a write, and half of the session is lost."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    half: list[dict[str, Any]] = []

    def tear() -> None:
        stored = home.storage[f"acupressure_mat.{entry.entry_id}"]["data"]
        devices = stored["rooms"][0]["devices"]
        # As Home Assistant leaves it: the rest of the file is cut off.
        text = json.dumps({"data": {"rooms": [{"devices": devices, "session": 1}]}})
        (tmp_path / "torn.corrupt.1").write_text(text[: text.index('"session"')])
        half.extend(salvage(tmp_path / "torn"))
        home.storage[f"acupressure_mat.{entry.entry_id}"]["data"] = {PIECES: half}

    await home.restart(entry, meanwhile=tear)
    await home.wait(minutes=1)
    assert half
    assert not home.is_on("switch.diffuser")
    assert home.state("sensor.anna_s_mat_phase") == "idle"


async def test_a_newer_version_goes_on_with_what_an_older_one_wrote(
    home: Home,
) -> None:
    """All that was added since the first version may be missing."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)

    def older() -> None:
        stored = home.storage[f"acupressure_mat.{entry.entry_id}"]["data"]
        (room,) = stored["rooms"]
        for added in ("announced", "closed", "record", "failed"):
            del room[added]
        for device in room["devices"].values():
            for added in ("known_at", "begun", "ended", "own_volume", "hand_on_volume"):
                device.pop(added, None)

    await home.restart(entry, meanwhile=older)
    assert home.state("sensor.anna_s_mat_phase") == "rest"
    await home.wait(minutes=30)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert not home.is_on("media_player.radio")
    (record,) = await home.records(entry)
    assert record.outcome is Outcome.COMPLETED


async def test_what_ended_while_down_is_told_once_and_to_automations(
    hass: HomeAssistant, home: Home
) -> None:
    """They are armed late in a start; an event before that would be lost for good."""
    calls = async_mock_service(hass, "test", "act")
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=6)

    def start_over() -> None:
        hass.set_state(CoreState.not_running)

    await home.restart(entry, down=timedelta(minutes=25), meanwhile=start_over)
    assert home.is_on("switch.diffuser")
    target = {"entity_id": "event.bedtime_session_event"}
    automation = {
        "triggers": [{"trigger": "acupressure_mat.session_stopped", "target": target}],
        "actions": [{"action": "test.act"}],
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_start()
    await home.settle()
    assert len(calls) == 1
    assert not home.is_on("switch.diffuser")
    assert await hass.config_entries.async_reload(entry.entry_id)
    await home.settle()
    assert len(calls) == 1
    assert len(await home.records(entry)) == 1


@pytest.mark.parametrize("tap", ["stop", "start", "disable"])
async def test_a_tap_before_home_assistant_has_started(
    hass: HomeAssistant, home: Home, tap: str
) -> None:
    """Nothing is held by then; what was on before the kill must not be forgotten."""
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=6)
    down = timedelta(minutes=25 if tap == "start" else 2)
    await home.restart(
        entry, down=down, meanwhile=lambda: hass.set_state(CoreState.not_running)
    )
    assert home.is_on("switch.diffuser")
    match tap:
        case "stop":
            await home.do("stop_session")
        case "start":
            await home.start()
            await home.wait(minutes=30)
        case _:
            by = ConfigEntryDisabler.USER
            await hass.config_entries.async_set_disabled_by(entry.entry_id, by)
            await home.settle()
    assert not home.is_on("switch.diffuser")
    assert home.level("light.bed") == 80
    await hass.async_start()
    await home.settle()
    assert not home.is_on("switch.diffuser")
    assert home.radio.volume_level == 0.6


def test_each_row_of_the_page_is_shown() -> None:
    """Whoever changes what happens changes the page, and the other way round."""
    here = Path(__file__).parent
    page = (here.parent / "docs" / "restarts.md").read_text().split("\n## ")[0]
    rows = re.findall(r"^\|.*\| `(.+?)::(.+?)` \|$", page, re.MULTILINE)
    assert len(rows) == len(re.findall(r"^\| (?!moment|---)", page, re.MULTILINE))
    for file, test in rows:
        assert f"def {test}(" in (here / file).read_text(), f"{file}::{test}"


async def test_paused_and_killed_before_it_told_that_it_is_dark_it_shines_again(
    home: Home,
) -> None:
    """Its dark is what we asked for before the pause, and nobody put it off."""
    lamp = OddLamp("Slow", home.evening, transition=False)
    lamp.echo = 2.0
    await home.add(lamp)
    dark = {"lights": ["light.slow"], "brightness": 0, "fade": {"seconds": 10}}
    entry = await add_mat(home.hass, routine(lights=dark))
    home.patient = False
    await home.start()
    await home.wait(seconds=1.2)
    await home.do("pause_session")
    assert not lamp.is_on
    await home.restart(entry, down=timedelta(seconds=3))
    home.patient = True
    await home.wait(seconds=30)
    assert home.level("light.slow") == 10
    await home.do("stop_session", reason="mistake")
    await home.wait(seconds=30)
    assert home.level("light.slow") == 80
