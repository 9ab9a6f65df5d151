"""A routine is tried as soon as it is saved, and the room is put back."""

import asyncio
from datetime import timedelta
from unittest.mock import patch

from homeassistant.core import HomeAssistant

from custom_components.acupressure_mat.journal import Journal

from .forms import answer, begin_routine, routine_of
from .home import ROOM, Home, add_mat, changed, coordinator_of

NEW = {k: v for k, v in ROOM.items() if k not in ("kind", "session")} | {"session": {}}


async def test_a_new_routine_plays_and_is_put_back(
    hass: HomeAssistant, home: Home
) -> None:
    """Twenty seconds; then all as it was, and nothing in the journal."""
    entry = await add_mat(hass)
    form = await begin_routine(hass, entry)
    form = await answer(hass, form, {"kind": "bedtime", "name": "Evening"})
    room = changed(NEW, {"lights": {"brightness": 5, "lights_end": "off"}})
    await answer(hass, form, room, then="try_it")
    await home.wait(seconds=5)
    assert home.level("light.bed") == 5
    assert home.is_on("switch.diffuser")
    await home.wait(seconds=25)
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert await home.records(entry) == []
    assert routine_of(entry, "Evening").data["kind"] == "bedtime"


async def test_a_routine_saved_unchanged_is_tried_too(
    hass: HomeAssistant, home: Home
) -> None:
    """Nothing is loaded anew then, so nothing would set it off."""
    entry = await add_mat(hass)
    form = await begin_routine(hass, entry, "Bedtime")
    form = await answer(hass, form, {"kind": "bedtime", "name": "Bedtime"})
    await answer(hass, form, NEW, then="save")
    form = await begin_routine(hass, entry, "Bedtime")
    form = await answer(hass, form, {"kind": "bedtime", "name": "Bedtime"})
    await answer(hass, form, NEW, then="try_it")
    await home.wait(seconds=5)
    assert home.level("light.bed") == 12


async def test_a_restart_in_the_middle_puts_the_room_back(
    hass: HomeAssistant, home: Home
) -> None:
    """It is a rehearsal with its snapshot on disk, not a dialog's promise."""
    entry = await add_mat(hass)
    form = await begin_routine(hass, entry, "Bedtime")
    form = await answer(hass, form, {"kind": "bedtime", "name": "Bedtime"})
    await answer(hass, form, NEW, then="try_it")
    await home.wait(seconds=5)
    assert home.level("light.bed") == 12
    await home.restart(entry, down=timedelta(minutes=2))
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")


async def test_while_a_session_runs_nothing_is_tried(
    hass: HomeAssistant, home: Home
) -> None:
    """The person on the mat comes first."""
    entry = await add_mat(hass)
    await home.start()
    session = coordinator_of(entry).session
    form = await begin_routine(hass, entry, "Bedtime")
    form = await answer(hass, form, {"kind": "bedtime", "name": "Bedtime"})
    await answer(hass, form, NEW, then="try_it")
    await home.wait(seconds=5)
    assert coordinator_of(entry).session == session


async def test_a_mat_that_takes_long_to_load_tries_it_then(
    hass: HomeAssistant, home: Home
) -> None:
    """A slow disk, or a long journal: over a second, and nothing is there yet."""
    entry = await add_mat(hass)
    load, is_fast = Journal.async_load, asyncio.Event()

    async def slow(self: Journal) -> None:
        await is_fast.wait()
        await load(self)

    form = await begin_routine(hass, entry)
    form = await answer(hass, form, {"kind": "bedtime", "name": "Evening"})
    home.patient = False
    subentries = hass.config_entries.subentries
    with patch.object(Journal, "async_load", slow):
        room = changed(NEW, {"lights": {"brightness": 5}})
        form = await subentries.async_configure(form["flow_id"], room)
        await subentries.async_configure(form["flow_id"], {"next_step_id": "try_it"})
        await home.wait(seconds=2)
        assert home.level("light.bed") == 80
        is_fast.set()
        await home.settle()
    home.patient = True
    await home.wait(seconds=5)
    assert home.level("light.bed") == 5
