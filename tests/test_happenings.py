"""Commands go first; then all of it is told, once and in order."""

import asyncio
from functools import partial
from itertools import pairwise
from typing import Any, override

from homeassistant.core import Event, EventStateChangedData, ServiceCall, callback
from homeassistant.helpers.event import async_track_state_change_event
import pytest

from custom_components.acupressure_mat import happenings
from custom_components.acupressure_mat.files import File
from custom_components.acupressure_mat.session.session import Reason, Source

from .home import Home, Lamp, add_mat, coordinator_of, routine


def told_of(home: Home) -> list[str]:
    """Return what will be told of the routine: its switch, and what happened."""
    told: list[str] = []

    @callback
    def hear(event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        if new is not None and new.entity_id == "switch.bedtime_session":
            told.append(new.state)
        elif new is not None and new.entity_id == "event.bedtime_session_event":
            told.append(new.attributes["event_type"])

    home.hass.bus.async_listen("state_changed", hear)
    return told


async def test_commands_are_given_before_anything_is_told(home: Home) -> None:
    """Two dozen states, written first, would hold up the bytes to the lamp."""
    entry = await add_mat(home.hass)
    told = told_of(home)
    home.evening.told.clear()
    coordinator_of(entry).async_start("bedtime", source=Source.USER)
    assert home.evening.commands("light.bed") != []
    assert told == []
    await coordinator_of(entry).happenings.async_told()
    assert told == ["on", "started", "phase_started"]


async def test_what_is_told_of_a_whole_session(home: Home) -> None:
    """Each phase as it begins; that the room is released is no phase."""
    await add_mat(home.hass)
    told = told_of(home)
    await home.start()
    await home.wait(minutes=30)
    begun = "phase_started"
    assert told[:6] == ["on", "started", *[begun] * 4]
    assert told[6:] == ["off", "completed", begun, "off"]


async def test_what_is_asked_of_a_session_is_told_by_its_name(home: Home) -> None:
    """Automations begin with it."""
    await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    told = told_of(home)
    await home.do("pause_session")
    await home.do("resume_session")
    await home.do("extend_session", duration={"minutes": 1})
    await home.do("skip_phase")
    await home.do("stop_session")
    happened = [what for what in told if what not in ("on", "off")]
    assert happened == ["paused", "resumed", "extended", "phase_started", "stopped"]


@pytest.mark.parametrize("slow", [0, 10])
async def test_what_is_told_waits_for_devices_but_not_for_long(
    home: Home, monkeypatch: pytest.MonkeyPatch, slow: float
) -> None:
    """The work of telling would hold up commands; a device that hangs nobody awaits."""
    monkeypatch.setattr(happenings, "PATIENCE", 0.05)
    entry = await add_mat(home.hass)
    told = told_of(home)
    home.radio.slow = slow
    coordinator_of(entry).async_start("bedtime", source=Source.USER)
    for _ in range(20):
        await asyncio.sleep(0)
    assert bool(told) is not bool(slow)
    await home.wait(seconds=0.1)
    assert told == ["on", "started", "phase_started"]


async def test_at_the_end_nobody_waits_for_devices(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said then is to be heard before the volume goes back."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    monkeypatch.setattr(happenings, "PATIENCE", 0.05)
    told = told_of(home)
    home.lamp.slow = 10
    coordinator_of(entry).async_stop(Reason.PAIN)
    for _ in range(20):
        await asyncio.sleep(0)
    assert told == ["off", "stopped", "phase_started"]
    await home.wait(seconds=11)


async def test_what_happened_is_told_before_its_mat_is_unloaded(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for a lamp that hangs; nobody would be there to hear of it later."""
    entry = await add_mat(home.hass)
    await home.start()
    await home.wait(minutes=6)
    monkeypatch.setattr(happenings, "PATIENCE", 0.05)
    told = told_of(home)
    home.lamp.slow = 10
    coordinator_of(entry).async_pause()
    await home.hass.config_entries.async_unload(entry.entry_id)
    assert "paused" in told


async def test_nothing_is_told_before_the_last_command_has_left(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked it is by then, and its bytes still wait for the event loop."""
    monkeypatch.setattr(happenings, "PATIENCE", 0.05)
    without: dict[str, Any] = {"diffuser": {"diffusers": []}, "music": {"player": None}}
    coordinator = coordinator_of(await add_mat(home.hass, routine(**without)))
    told: list[str] = []
    coordinator.happenings.async_speak("bedtime", lambda kind, _: told.append(kind))

    async def turn_on(_call: ServiceCall) -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        home.hass.loop.call_soon(home.hass.loop.call_soon, told.append, "its bytes")

    home.hass.services.async_register("light", "turn_on", turn_on)
    coordinator.async_start("bedtime", source=Source.USER)
    await coordinator.happenings.async_told()
    coordinator.async_stop()
    assert told[:3] == ["its bytes", "started", "phase_started"]


async def test_whoever_fails_to_hear_of_it_holds_up_nobody(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """Least of all who stops because it hurts, before all that was told."""
    coordinator = coordinator_of(await add_mat(home.hass))

    def fail(kind: str, _data: dict[str, Any]) -> None:
        raise ValueError(f"deaf to {kind}")

    coordinator.happenings.async_speak("bedtime", fail)
    told = told_of(home)
    coordinator.async_start("bedtime", source=Source.USER)
    coordinator.async_stop(Reason.PAIN)
    await coordinator.happenings.async_told()
    assert coordinator.session is None
    assert told == [
        "on",
        "started",
        "phase_started",
        "off",
        "stopped",
        "phase_started",
    ]
    assert "could not be told of stopped" in caplog.text


async def test_the_first_command_is_on_its_way_before_the_others(home: Home) -> None:
    """All at once they are milliseconds of work, and the first would wait for it."""
    entry = await add_mat(home.hass)
    coordinator_of(entry).async_start("bedtime", source=Source.USER)
    assert {entity_id for _, entity_id, _ in home.evening.told} == {"light.bed"}
    await home.settle()
    assert len({entity_id for _, entity_id, _ in home.evening.told}) == 3


async def test_what_all_devices_were_asked_is_one_write(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A diffuser that asks for the disk too late would wait for two."""
    entry = await add_mat(home.hass)
    written: list[list[str]] = []
    told: list[list[str]] = []
    write = File.async_write

    async def noted(file: File, data: dict[str, Any]) -> None:
        (room,) = data["rooms"]
        asked = [key for key, known in room["devices"].items() if "wanted" in known]
        written.append(asked)
        told.append(home.evening.commands("switch.diffuser"))
        await write(file, data)

    monkeypatch.setattr(File, "async_write", noted)
    coordinator_of(entry).async_start("bedtime", source=Source.USER)
    while not home.is_on("switch.diffuser"):
        await asyncio.sleep(0)
    assert [sorted(asked) for asked in written[:1]] == [
        ["light.bed", "media_player.radio", "switch.diffuser"]
    ]
    # What comes after it is written as well, and is nobody's question here.
    assert (len(written), told) == (1, [[]])


async def test_an_action_returns_when_its_change_can_be_seen(home: Home) -> None:
    """The next step of a script may ask whether the session runs."""
    await add_mat(home.hass)
    for domain, action, state in (
        ("switch", "turn_on", "on"),
        ("switch", "turn_off", "off"),
        ("acupressure_mat", "start_session", "on"),
        ("acupressure_mat", "stop_session", "off"),
    ):
        await home.hass.services.async_call(
            domain, action, {"entity_id": "switch.bedtime_session"}, blocking=True
        )
        assert home.state("switch.bedtime_session") == state


async def test_two_changes_at_one_moment_are_both_told(home: Home) -> None:
    """Neither is swallowed by the other, and the first comes first."""
    entry = await add_mat(home.hass)
    told = told_of(home)
    coordinator = coordinator_of(entry)
    coordinator.async_start("bedtime", source=Source.USER)
    coordinator.async_stop(Reason.PAIN)
    await coordinator.happenings.async_told()
    assert told[:3] == ["on", "started", "phase_started"]
    assert told[3:5] == ["off", "stopped"]


async def test_what_is_told_leaves_room_in_between(home: Home) -> None:
    """Two dozen states in one go would hold up whatever else the home has to do."""
    coordinator = coordinator_of(await add_mat(home.hass))
    heard: list[int] = []
    for number in range(24):
        coordinator.async_add_listener(partial(heard.append, number))
    coordinator.async_start("bedtime", source=Source.USER)
    telling = asyncio.create_task(coordinator.happenings.async_told())
    told = [0]
    while not telling.done():
        await asyncio.sleep(0)
        told.append(len(heard))
    assert heard == list(range(24))
    assert max(after - before for before, after in pairwise(told)) <= 8


async def test_who_speaks_is_told_first(home: Home) -> None:
    """At the end of a session the volume goes back while others are told."""
    coordinator = coordinator_of(await add_mat(home.hass))
    told = told_of(home)
    coordinator.happenings.async_speak("bedtime", lambda kind, _: told.append(kind))
    coordinator.async_start("bedtime", source=Source.USER)
    await coordinator.happenings.async_told()
    assert told == ["started", "phase_started", "on", "started", "phase_started"]


async def test_a_change_amid_the_telling_is_told_after_it(home: Home) -> None:
    """Who hears of a start may stop at once: nobody hears of the stop first."""
    entry = await add_mat(home.hass)
    told = told_of(home)
    coordinator = coordinator_of(entry)

    @callback
    def stop(event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        if new is not None and new.state == "on" and coordinator.session is not None:
            coordinator.async_stop(Reason.PAIN)

    async_track_state_change_event(home.hass, "switch.bedtime_session", stop)
    coordinator.async_start("bedtime", source=Source.USER)
    await coordinator.happenings.async_told()
    assert told[:5] == ["on", "started", "phase_started", "off", "stopped"]


async def test_who_fails_to_hear_keeps_nobody_else_from_it(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor is anybody told who has left meanwhile."""
    entry = await add_mat(home.hass)
    told = told_of(home)
    coordinator = coordinator_of(entry)
    heard: list[str] = []

    def fail() -> None:
        leave()
        raise ValueError("nothing is wrong with this home")

    stay = coordinator.async_add_listener(fail)
    leave = coordinator.async_add_listener(partial(heard.append, "who has left"))
    coordinator.async_add_listener(partial(heard.append, "who stayed"))
    coordinator.async_start("bedtime", source=Source.USER)
    await coordinator.happenings.async_told()
    stay()
    assert told == ["on", "started", "phase_started"]
    assert heard == ["who stayed"]
    assert caplog.text.count("ValueError: nothing is wrong") == 1


class Contrary(Lamp):
    """A lamp that is switched off by hand at the very moment it is commanded."""

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self.evening.note(self.entity_id, "on")
        self.by_hand(on=False)


async def test_a_hand_at_the_moment_of_the_command_wins(home: Home) -> None:
    """It is heard while the command is still being given: nobody asks once more."""
    await home.add(Contrary("Contrary", home.evening))
    await add_mat(home.hass, routine(lights={"lights": ["light.contrary"]}))
    await home.start()
    await home.wait(minutes=2)
    assert home.evening.commands("light.contrary") == ["on"]
    assert home.state("light.contrary") == "off"
