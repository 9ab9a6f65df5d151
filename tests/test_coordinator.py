"""The session of a mat in a pretend home, and what a change of it brings about."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import MediaPlayerEntityFeature
from homeassistant.config_entries import ConfigEntryDisabler, ConfigSubentryDataWithId
from homeassistant.core import CoreState, HassJob, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.acupressure_mat import coordinator as module
from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.coordinator import SessionCoordinator
from custom_components.acupressure_mat.files import File
from custom_components.acupressure_mat.journal import Journal
from custom_components.acupressure_mat.practice import Practice
from custom_components.acupressure_mat.session.session import (
    Reason,
    SessionError,
    Source,
)

from .home import Home, add_mat, coordinator_of, routine


async def test_a_whole_session(hass: HomeAssistant, home: Home) -> None:
    """The main job."""
    await add_mat(hass)
    await hass.services.async_call(
        "switch", "turn_on", {"entity_id": "switch.bedtime_session"}, blocking=True
    )
    await home.settle()
    assert home.level("light.bed") == 12
    assert home.is_on("switch.diffuser")
    assert home.is_on("media_player.radio")
    await home.wait(minutes=27)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert not home.is_on("media_player.radio")


# -- what it knows -------------------------------------------------------------


async def test_before_its_file_is_read_a_mat_is_idle(hass: HomeAssistant) -> None:
    """Whoever asks in between is told that nobody is on it."""
    entry = MockConfigEntry(domain=DOMAIN, title="Anna's mat")
    coordinator = SessionCoordinator(hass, entry, Journal(hass, entry.entry_id))
    assert (coordinator.session, coordinator.phase) == (None, None)
    assert coordinator.config_entry is entry
    now = dt_util.utcnow()
    assert coordinator.upcoming(now, now + timedelta(days=7)) == []


async def test_the_phase_is_that_of_the_moment(home: Home) -> None:
    """Also of a moment that nobody has told of yet."""
    coordinator = coordinator_of(await add_mat(home.hass))
    coordinator.async_start("bedtime", source=Source.USER)
    seen = []
    for minutes in (0, 1, 3, 15, 2, 5):
        home.freezer.tick(timedelta(minutes=minutes))
        seen.append((coordinator.phase, coordinator.session is not None))
    assert seen == [
        ("prepare", True),
        ("settle", True),
        ("rest", True),
        ("wind_down", True),
        ("after", False),
        (None, False),
    ]


async def test_a_routine_is_the_one_that_is_configured_now(
    hass: HomeAssistant, home: Home
) -> None:
    """Between a change of it and the reload that follows somebody may tap."""
    entry = await add_mat(hass)
    coordinator, bedtime = coordinator_of(entry), entry.subentries["bedtime"]
    assert coordinator.routine("bedtime") is coordinator.routine("bedtime")
    update = hass.config_entries.async_update_subentry
    data = {**bedtime.data, "session": {**bedtime.data["session"], "duration": 7}}
    update(entry, bedtime, data=data)
    assert coordinator.routine("bedtime").duration == timedelta(minutes=7)
    update(entry, bedtime, title="Night")
    assert coordinator.routine("bedtime").name == "Night"
    await home.settle()


@pytest.mark.parametrize(
    ("duration", "plan", "minutes"),
    [
        pytest.param(20, True, 20, id="as the routine says"),
        pytest.param(None, True, 10, id="as the plan says"),
        pytest.param(None, False, 10, id="as is usual, where no plan is wanted"),
    ],
)
async def test_how_long_the_next_session_is(
    home: Home, duration: int | None, plan: bool, minutes: int
) -> None:
    """What was chosen for the next one goes before, and only for that one."""
    bedtime = routine(session={"duration": duration})
    entry = await add_mat(home.hass, bedtime, experience="some", plan=plan)
    coordinator = coordinator_of(entry)
    lengths = [coordinator.next_duration("bedtime")]
    await coordinator.async_set_next_duration("bedtime", 3)
    lengths.append(coordinator.next_duration("bedtime"))
    coordinator.async_start("bedtime", source=Source.USER)
    lengths.append(coordinator.next_duration("bedtime"))
    assert lengths == [timedelta(minutes=m) for m in (minutes, 3, minutes)]


# -- changes -------------------------------------------------------------------


async def test_idle_there_is_nothing_to_change(home: Home) -> None:
    """Whoever asks is told so, and is asked for nothing else."""
    coordinator = coordinator_of(await add_mat(home.hass))
    for change in (
        coordinator.async_pause,
        coordinator.async_resume,
        lambda: coordinator.async_extend(timedelta(minutes=5)),
        coordinator.async_skip_phase,
        coordinator.async_stop,
    ):
        with pytest.raises(SessionError) as refused:
            change()
        assert refused.value.key == "not_running"


@pytest.mark.parametrize("change", ["pause_session", "skip_phase"])
async def test_before_home_assistant_has_started_a_change_reaches_the_room(
    hass: HomeAssistant, home: Home, change: str
) -> None:
    """Who asks for more light is not to wait for the slowest device of the home."""
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=6)
    await home.restart(entry, meanwhile=lambda: hass.set_state(CoreState.not_running))
    assert home.level("light.bed") == 12
    await home.do(change)
    assert home.level("light.bed") == 22


async def test_disabled_before_home_assistant_has_started_all_is_put_back(
    hass: HomeAssistant, home: Home
) -> None:
    """Also after a session that ended while it was down: nothing is held by then."""
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=6)
    down = timedelta(minutes=25)
    await home.restart(
        entry, down=down, meanwhile=lambda: hass.set_state(CoreState.not_running)
    )
    session = coordinator_of(entry).session
    timeline = hass.states.get("switch.bedtime_session")
    assert timeline is not None
    assert (session, timeline.attributes["started_at"]) == (None, None)
    by = ConfigEntryDisabler.USER
    await hass.config_entries.async_set_disabled_by(entry.entry_id, by)
    await home.settle()
    assert not home.is_on("switch.diffuser")
    assert home.level("light.bed") == 80


async def test_killed_at_once_a_session_without_any_device_goes_on(home: Home) -> None:
    """It is on the disk as soon as it runs, also where no device has that done."""
    without: dict[str, Any] = {
        "lights": {"lights": []},
        "diffuser": {"diffusers": []},
        "music": {"player": None, "media": None},
    }
    entry = await add_mat(home.hass, routine(**without))
    await home.start()
    await home.restart(entry)
    assert home.is_on("switch.bedtime_session")


async def test_the_bell_of_a_phase_is_not_rung_again(home: Home) -> None:
    """What is asked in the midst of it is no begin."""
    home.hass.config.internal_url = "http://10.10.10.10:8123"
    home.radio._attr_supported_features |= MediaPlayerEntityFeature.MEDIA_ANNOUNCE
    home.radio.tell()
    await add_mat(home.hass, routine(session={"bell": True}))
    await home.start()
    await home.wait(seconds=90)
    await home.do("extend_session", duration={"minutes": 1})
    await home.wait(seconds=10)
    commands = home.evening.commands("media_player.radio")
    assert sum("bell.wav" in command for command in commands) == 1


async def test_home_assistant_going_down_switches_the_diffuser_off(
    hass: HomeAssistant, home: Home
) -> None:
    """Nobody knows when it comes up again."""
    await add_mat(hass)
    await home.start()
    await home.wait(minutes=6)
    assert home.is_on("switch.diffuser")
    await hass.async_stop(force=True)
    assert not home.is_on("switch.diffuser")


async def test_a_routine_that_is_removed_while_one_sits_up_releases_its_room(
    hass: HomeAssistant, home: Home
) -> None:
    """The session is over, and kept as it was."""
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=22)
    assert home.level("light.bed") == 22
    hass.config_entries.async_remove_subentry(entry, "bedtime")
    await home.settle()
    await home.wait(minutes=5)
    assert home.level("light.bed") == 80
    (record,) = await home.records(entry)
    assert record.minutes == 20


async def test_at_each_start_the_recorder_s_statistics_are_looked_at(
    hass: HomeAssistant, home: Home
) -> None:
    """They may have been lost, or corrected by hand, since."""
    with patch.object(Practice, "async_check_statistics") as check:
        entry = await add_mat(hass)
        await hass.config_entries.async_reload(entry.entry_id)
        await home.settle()
    assert check.await_count == 2


# -- a full disk ---------------------------------------------------------------


@contextmanager
def full() -> Iterator[None]:
    """Let there be no space for any file."""

    async def fail(file: File, _data: dict[str, Any]) -> None:
        file._failure = OSError("No space left on device")

    with patch.object(File, "_async_write_data", fail):
        yield


async def test_what_could_not_be_saved_is_tried_again_after_five_minutes(
    home: Home,
) -> None:
    """Each try is one more write to a card that has trouble enough."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    with full():
        await home.finish()
        await home.wait(minutes=4, seconds=59)
    assert await home.records(entry) == []
    await home.wait(seconds=2)
    assert len(await home.records(entry)) == 1


async def test_what_is_due_may_be_called_off_when_home_assistant_goes_down(
    hass: HomeAssistant, home: Home
) -> None:
    """The next phase, and a record that waits for space: the disk has both."""
    await add_mat(hass)
    await home.start()
    await home.wait(minutes=6)
    with full():
        await home.finish()
        await home.start()
    due = [
        job
        for handle in get_scheduled_timer_handles(hass.loop)
        for job in handle._args or ()
        if isinstance(job, HassJob) and DOMAIN in str(job) and not handle.cancelled()
    ]
    assert len(due) == 2
    assert all(job.cancel_on_shutdown for job in due)


async def test_a_device_that_failed_is_in_the_record_also_after_a_kill(
    home: Home,
) -> None:
    """It answers again by then, and nobody would know."""
    home.lamp.present = False
    home.lamp.tell()
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(seconds=6)
    home.lamp.present = True
    await home.restart(entry, meanwhile=home.lamp.tell)
    await home.wait(minutes=30)
    (record,) = await home.records(entry)
    assert record.failed == ("light.bed",)


# -- another name, another id ---------------------------------------------------


async def test_a_routine_that_is_renamed_in_mid_session_is_told_of_by_its_new_name(
    hass: HomeAssistant, home: Home
) -> None:
    """All else stays as it was when the session began."""
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=5)
    bedtime = entry.subentries["bedtime"]
    data = {**bedtime.data, "session": {"duration": 7}}
    update = hass.config_entries.async_update_subentry
    update(entry, bedtime, title="Night", data=data)
    await home.settle()
    session = coordinator_of(entry).session
    assert session is not None
    assert session.routine.name == "Night"
    assert session.routine.duration == timedelta(minutes=20)
    await home.finish()
    (record,) = await home.records(entry)
    assert record.routine == "Night"


def rename(hass: HomeAssistant, old: str, new: str) -> None:
    er.async_get(hass).async_update_entity(old, new_entity_id=new)


def behind_a_group(hass: HomeAssistant, lamp: str) -> ConfigSubentryDataWithId:
    """Return a routine that does not name its lamp: a new id of it loads nothing anew."""
    hass.states.async_set("group.lamps", "on", {"entity_id": [lamp]})
    return routine(lights={"lights": ["group.lamps"]})


@pytest.mark.parametrize("is_away", [False, True])
async def test_killed_once_its_lamp_has_another_id_it_is_put_back(
    hass: HomeAssistant, home: Home, is_away: bool
) -> None:
    """By the old one it would be looked for in vain, and stay dim."""
    entry = await add_mat(hass, behind_a_group(hass, "light.bed"))
    await home.start()
    await home.wait(minutes=5)
    home.lamp.present = not is_away
    home.lamp.tell()
    rename(hass, "light.bed", "light.reading")
    behind_a_group(hass, "light.reading")
    await home.settle()
    await home.restart(entry)
    home.lamp.present = True
    home.lamp.tell()
    await home.wait(minutes=30)
    assert home.level("light.reading") == 80


async def test_a_lamp_of_the_session_before_is_none_of_this_one(
    hass: HomeAssistant, home: Home
) -> None:
    """Its room still waits for it, under whatever id."""
    silent = routine("Silent", lights={"lights": []})
    entry = await add_mat(hass, behind_a_group(hass, "light.bed"), silent)
    await home.start()
    await home.wait(minutes=5)
    home.lamp.present = False
    home.lamp.tell()
    await home.finish()
    await home.start("switch.silent_session")
    rename(hass, "light.bed", "light.reading")
    await home.settle()
    await home.do("pause_session", "switch.silent_session")
    assert home.state("switch.silent_session") == "on"
    assert home.state("switch.bedtime_session") == "off"
    home.lamp.present = True
    home.lamp.tell()
    await home.settle()
    assert home.level("light.reading") == 80
    assert coordinator_of(entry).session is not None


async def test_a_lamp_that_only_the_running_session_names_gets_another_id(
    hass: HomeAssistant, home: Home
) -> None:
    """The routine of tomorrow has no lamp; the session keeps that of today."""
    entry = await add_mat(hass)
    await home.start()
    await home.wait(minutes=5)
    bedtime = entry.subentries["bedtime"]
    data = {**bedtime.data, "lights": {}}
    hass.config_entries.async_update_subentry(entry, bedtime, data=data)
    await home.settle()
    rename(hass, "light.bed", "light.reading")
    await home.do("extend_session", duration={"minutes": 1})
    await home.restart(entry)
    await home.wait(minutes=30)
    assert home.level("light.reading") == 80
    (record,) = await home.records(entry)
    assert record.failed == ()


# -- the clock on the wall -----------------------------------------------------


class Clock:
    """The clock on the wall, which somebody may set; what counts seconds goes on."""

    def __init__(self, freezer: FrozenDateTimeFactory) -> None:
        self._freezer = freezer
        self._zero = dt_util.utcnow()

    def monotonic(self) -> float:
        return (dt_util.utcnow() - self._zero).total_seconds()

    def set_by(self, by: timedelta) -> None:
        self._zero += by
        self._freezer.tick(by)


@pytest.fixture
def clock(home: Home, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock of the home."""
    clock = Clock(home.freezer)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


@pytest.mark.parametrize(
    ("by", "moved"),
    [
        pytest.param(timedelta(hours=-1), True, id="back"),
        pytest.param(timedelta(seconds=-2.1), True, id="back a little"),
        pytest.param(timedelta(seconds=-2), False, id="corrected"),
        pytest.param(timedelta(minutes=10), False, id="forward"),
    ],
)
async def test_a_clock_set_back_takes_the_session_along(
    home: Home, clock: Clock, by: timedelta, moved: bool
) -> None:
    """Else it would stand still for an hour, with music and all."""
    coordinator = coordinator_of(await add_mat(home.hass))
    coordinator.async_start("bedtime", source=Source.USER)
    assert coordinator.session is not None
    started_at = coordinator.session.started_at
    home.freezer.tick(timedelta(minutes=5))
    clock.set_by(by)
    coordinator.async_extend(timedelta(minutes=1))
    home.freezer.tick(timedelta(minutes=1))
    coordinator.async_extend(timedelta(minutes=1))
    assert coordinator.session.started_at == started_at + moved * by
    room = coordinator.rooms.current
    assert room is not None
    assert room.session == coordinator.session


@pytest.mark.parametrize(
    "change",
    [
        SessionCoordinator.async_pause,
        SessionCoordinator.async_skip_phase,
        partial(SessionCoordinator.async_stop, reason=Reason.PAIN),
    ],
)
async def test_whatever_comes_first_after_a_clock_was_set_back(
    home: Home, clock: Clock, change: Callable[[SessionCoordinator], None]
) -> None:
    """It knows of that already: by the clock on the wall the session has not begun."""
    coordinator = coordinator_of(await add_mat(home.hass))
    coordinator.async_start("bedtime", source=Source.USER)
    home.freezer.tick(timedelta(minutes=6))
    clock.set_by(timedelta(hours=-1))
    change(coordinator)
    session = coordinator.data
    assert session is not None
    assert session.elapsed(dt_util.utcnow()) == timedelta(minutes=5)


async def test_stopped_after_a_clock_was_set_back_a_session_is_kept(
    home: Home, clock: Clock
) -> None:
    """Of less than a minute it would be a mistake, and its minutes lost."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    clock.set_by(timedelta(hours=-1))
    await home.finish()
    (record,) = await home.records(entry)
    assert record.minutes == 5


async def test_a_clock_set_back_makes_no_phase_longer(home: Home, clock: Clock) -> None:
    """What wakes it counts seconds, and is due as before."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    back = timedelta(hours=1)
    clock.set_by(-back)
    home.freezer.tick(timedelta(minutes=13))
    async_fire_time_changed(home.hass, dt_util.utcnow() + back)
    await home.settle()
    assert home.state("sensor.anna_s_mat_phase") == "wind_down"


async def test_an_idle_mat_lets_clocks_be_set(home: Home, clock: Clock) -> None:
    """The next session starts by the one on the wall."""
    coordinator = coordinator_of(await add_mat(home.hass))
    clock.set_by(timedelta(hours=-1))
    coordinator.async_start("bedtime", source=Source.USER)
    assert coordinator.session is not None
    assert coordinator.session.started_at == dt_util.utcnow()
