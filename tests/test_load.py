"""More of everything than a home has: nothing lost, nothing stuck, memory flat."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
import gc
from itertools import pairwise
import logging
import tracemalloc
from typing import cast

from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.storage import Store

from custom_components.acupressure_mat.coordinator import SessionCoordinator
from custom_components.acupressure_mat.environment import Room
from custom_components.acupressure_mat.environment.device import Device
from custom_components.acupressure_mat.session.session import Reason, Session, Source
from custom_components.acupressure_mat.switch import async_setup_entry

from .home import Home, Lamp, add_mat, coordinator_of, routine

MATS = 10
TAPS = 20


async def test_sessions_of_many_mats_at_once(home: Home) -> None:
    """They share one lamp and one diffuser: the last to let go puts them back."""
    mats = [
        await add_mat(
            home.hass,
            *(
                routine(f"R {mat} {number}", music={"player": None})
                for number in (1, 2)
            ),
            title=f"Mat {mat}",
        )
        for mat in range(MATS)
    ]
    assert {mat.state for mat in mats} == {ConfigEntryState.LOADED}
    switches = [f"switch.r_{mat}_1_session" for mat in range(MATS)]
    await home.hass.services.async_call(
        "switch", "turn_on", {"entity_id": switches}, blocking=True
    )
    assert {home.state(switch) for switch in switches} == {"on"}
    await home.settle()
    assert home.level("light.bed") == 12
    assert home.is_on("switch.diffuser")
    await home.wait(minutes=40)
    assert {home.state(switch) for switch in switches} == {"off"}
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert [len(await home.records(mat)) for mat in mats] == [1] * MATS
    assert [list(coordinator_of(mat).rooms) for mat in mats] == [[]] * MATS


def kept() -> int:
    """Return how many sessions, rooms and devices are still in memory."""
    gc.collect()
    return sum(isinstance(each, Session | Room | Device) for each in gc.get_objects())


async def tap(home: Home, coordinator: SessionCoordinator, times: int) -> None:
    """Start and stop so many times, and wait until all is put back."""
    for _ in range(times):
        coordinator.async_start("bedtime", source=Source.USER)
        await asyncio.sleep(0)
        coordinator.async_stop(Reason.MISTAKE)
        await asyncio.sleep(0)
    await home.wait(minutes=2)


async def test_taps_leave_nothing_behind(home: Home) -> None:
    """Neither a dim lamp, nor a record, nor a room, a task or an object."""
    entry = await add_mat(home.hass)
    coordinator = coordinator_of(entry)
    await tap(home, coordinator, TAPS)
    tasks, before = len(asyncio.all_tasks()), kept()
    await tap(home, coordinator, TAPS)
    assert kept() <= before
    assert len(asyncio.all_tasks()) <= tasks
    assert home.level("light.bed") == 80
    assert not home.is_on("switch.diffuser")
    assert list(coordinator.rooms) == []
    assert await home.records(entry) == []


@contextmanager
def traced() -> Iterator[None]:
    """Trace what is allocated, without the log: pytest keeps all that it is given."""
    logging.disable(logging.CRITICAL)
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()
        logging.disable(logging.NOTSET)


def allocated() -> int:
    """Return the bytes of what our own code allocated and nobody has let go of.

    The stand-in for the disk is a mock, which keeps the data of every save there was.
    """
    for method in vars(Store).values():
        if hasattr(method, "reset_mock"):
            method.reset_mock()
    gc.collect()
    ours = tracemalloc.Filter(inclusive=True, filename_pattern="*/acupressure_mat/*")
    lines = tracemalloc.take_snapshot().filter_traces((ours,)).statistics("lineno")
    return sum(line.size for line in lines)


async def test_taps_leave_no_bytes_behind(home: Home) -> None:
    """A session that stays in memory, without its room even, would be a kilobyte."""
    coordinator = coordinator_of(await add_mat(home.hass))
    with traced():
        await tap(home, coordinator, TAPS)
        before = allocated()
        await tap(home, coordinator, TAPS)
        grown = allocated() - before
    assert grown / TAPS < 400


async def hall(home: Home) -> tuple[list[Lamp], SessionCoordinator]:
    """Return twenty lamps, and the mat of a session that has just begun there."""
    lamps = [Lamp(f"Hall {number}", home.evening) for number in range(20)]
    await home.add(*lamps)
    entry = await add_mat(
        home.hass, routine(lights={"lights": [lamp.entity_id for lamp in lamps]})
    )
    coordinator = coordinator_of(entry)
    coordinator.async_start("bedtime", source=Source.USER)
    return lamps, coordinator


async def test_a_hall_of_lamps_is_commanded_a_few_at_a_time(home: Home) -> None:
    """A hundred commands in one go would hold up all of Home Assistant."""
    lamps, coordinator = await hall(home)
    told = [len(home.evening.told)]
    while told[-1] < len(lamps):
        await asyncio.sleep(0)
        told.append(len(home.evening.told))
    # One is on its way before the others are a matter of milliseconds.
    assert told[0] == 1
    assert max(after - before for before, after in pairwise(told)) < 12
    await home.settle()
    assert {home.level(lamp.entity_id) for lamp in lamps} == {12}
    coordinator.async_stop(Reason.MISTAKE)
    await home.wait(minutes=1)
    assert {home.level(lamp.entity_id) for lamp in lamps} == {80}


async def test_a_hall_of_lamps_that_is_left_at_once(home: Home) -> None:
    """Lamps whose turn had not come are not dimmed any more."""
    lamps, coordinator = await hall(home)
    coordinator.async_stop(Reason.MISTAKE)
    await home.wait(minutes=1)
    assert {home.level(lamp.entity_id) for lamp in lamps} == {80}
    assert home.evening.commands(lamps[-1].entity_id) == []


async def test_ten_lamps_fade_in_visible_steps_only(home: Home) -> None:
    """Ten minutes without transitions: one command a lamp for each point of light."""
    lamps = [Lamp(f"Step {n}", home.evening, transition=False) for n in range(10)]
    await home.add(*lamps)
    await add_mat(
        home.hass,
        routine(
            lights={
                "lights": [lamp.entity_id for lamp in lamps],
                "fade": {"minutes": 10},
            }
        ),
    )
    await home.start()
    await home.wait(minutes=12)
    for lamp in lamps:
        assert home.level(lamp.entity_id) == 12
        # From 80 to 12 percent.
        assert 60 <= len(home.evening.commands(lamp.entity_id)) <= 80 - 12


async def test_two_routines_at_a_time_get_their_entities(home: Home) -> None:
    """All in one go hold up the home; a round of the loop for each takes as long again."""
    entry = await add_mat(home.hass, *(routine(f"R {n}") for n in range(5)))
    added: list[str] = []

    def add(entities: Iterable[Entity], **_: object) -> None:
        added.extend(entity.unique_id or "" for entity in entities)

    rounds = []
    adding = asyncio.create_task(
        async_setup_entry(home.hass, entry, cast(AddConfigEntryEntitiesCallback, add))
    )
    while not adding.done():
        rounds.append(len(added))
        await asyncio.sleep(0)
    assert rounds == [0, 2, 4, 5]
