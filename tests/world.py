"""A world in which anything may happen to two mats and their room, and is watched."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
from homeassistant.util.file import WriteError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.environment import DEVICES
from custom_components.acupressure_mat.environment.diffuser import Diffuser

from .bedrooms import Bedroom
from .home import routine
from .session.stopwatch import Kept, Plan, Stopwatch
from .watch import Known, Watch

# No more than this may happen at one moment; more is an endless loop.
ENOUGH = 2000
# How long a command may hang, in seconds.
SLOWEST = 3600.0


@dataclass(frozen=True)
class Mat:
    """What a person knows of a mat: its last session, and what the journal has."""

    session: Stopwatch | None = None
    # How many sessions there were.
    number: int = 0
    kept: tuple[Kept, ...] = ()

    def begun(self, session: Stopwatch) -> Mat:
        return Mat(session, self.number + 1, self.kept)

    def changed(self, session: Stopwatch) -> Mat:
        """Return it with its session changed; one that ended is kept."""
        kept = self.kept
        if self.session is not None and self.session.runs and session.kept is not None:
            kept = (*kept, session.kept)
        return Mat(session, self.number, kept)

    def tick(self, by: timedelta, *, unwatched: bool = False) -> Mat:
        if self.session is None:
            return self
        return self.changed(self.session.tick(by, unwatched=unwatched))


class Disk:
    """The disk: it may hang, or refuse; what hangs is lost when power goes."""

    def __init__(self) -> None:
        # Called with the key of a file to be written; what it returns, once it is.
        self.on_write: Callable[[str], Callable[[], None]] = lambda _key: lambda: None
        self.writes_left: int | None = None
        self.is_full = False
        # The files whose last write did not come about, or not yet.
        self.lost: set[str] = set()
        self._gate = asyncio.Event()
        self._is_gone = False

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write = Store._async_write_data

        async def odd_write(store: Store[Any], data: dict[str, Any]) -> None:
            if store.key.startswith(DOMAIN):
                written = self.on_write(store.key)
                self.lost.add(store.key)
                if self.is_full:
                    raise WriteError("no space left")
                if self.writes_left is not None:
                    if not self.writes_left:
                        await self._gate.wait()
                    else:
                        self.writes_left -= 1
                if self._is_gone:
                    # Nobody may take it for written, and switch on what waits for that.
                    raise WriteError("no power")
                written()
                self.lost.discard(store.key)
            await write(store, data)

        monkeypatch.setattr(Store, "_async_write_data", odd_write)

    @property
    def fails(self) -> bool:
        """Whether something may not be written."""
        return self.is_full or self.writes_left is not None

    def hang(self, writes: int) -> None:
        """Let it hang after so many writes more."""
        self.writes_left = writes
        self._gate.clear()

    def work(self) -> None:
        """Let it work again; what hung is written."""
        self.writes_left, self.is_full = None, False
        self._gate.set()

    def lose(self) -> None:
        """Forget what hangs, and write nothing until it works again."""
        self._is_gone = True
        self._gate.set()

    def found_again(self) -> None:
        self._is_gone = False
        self.lost.clear()
        self.work()


class World:
    """Two mats, their room, and everything that may happen there."""

    def __init__(
        self,
        hass: HomeAssistant,
        storage: dict[str, Any],
        freezer: FrozenDateTimeFactory,
        bedroom: Bedroom,
        disk: Disk,
    ) -> None:
        self.hass = hass
        self.storage = storage
        self.freezer = freezer
        self.bedroom = bedroom
        self.disk = disk
        disk.on_write = self._on_write
        self.watch = Watch(hass, bedroom)
        self.entries: list[MockConfigEntry] = []
        self.mats: list[Mat] = []
        self.plans: dict[str, tuple[int, Plan, float]] = {}
        # Each mat as the disk knows it, and when that was written.
        self._durable: list[tuple[datetime, Mat, dict[str, Known]]] = []
        self._at = dt_util.utcnow()

    async def add_mat(self, *routines: dict[str, Any]) -> None:
        """Add a mat with routines, each as `routine` of the pretend home takes it."""
        number = len(self.entries)
        data = [routine(**config) for config in routines]
        entry = MockConfigEntry(
            domain=DOMAIN,
            title=f"Mat {number}",
            data={"experience": "new", "goal": 5},
            subentries_data=data,
        )
        entry.add_to_hass(self.hass)
        self.entries.append(entry)
        self.mats.append(Mat())
        self._durable.append((dt_util.utcnow(), Mat(), {}))
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.hass.async_block_till_done()

    # -- time ------------------------------------------------------------------

    async def settle(self) -> None:
        """Let everything happen that takes no time."""
        for _ in range(ENOUGH):
            await asyncio.sleep(0)
            if not self.hass.loop._ready:  # type: ignore[attr-defined]
                break
        else:
            pytest.fail("it never comes to rest")

    async def wait(self, time: timedelta) -> None:
        """Let time pass from timer to timer, and look each time."""
        end = dt_util.utcnow() + time
        loop = self.hass.loop
        while (left := (end - dt_util.utcnow()).total_seconds()) > 0:
            due = [
                handle.when() - loop.time()
                for handle in get_scheduled_timer_handles(loop)
                if not handle.cancelled()
            ]
            self.tick(min(max(min(due, default=left), 0.001), left))
            await self.settle()
            self.watch.check()
        # Whatever is due at this very moment is done.
        self.tick(0.001)
        await self.settle()
        self.watch.check()

    def tick(self, seconds: float, *, unwatched: bool = False) -> None:
        """Let time pass for everybody."""
        self.freezer.tick(timedelta(seconds=seconds))
        now = dt_util.utcnow()
        by, self._at = now - self._at, now
        self._become([mat.tick(by, unwatched=unwatched) for mat in self.mats])

    def _become(self, mats: list[Mat]) -> None:
        """Know of what changed, before anybody acts on it."""
        left = [
            old.session if old.number != new.number else new.session
            for old, new in zip(self.mats, mats, strict=True)
            if old.session is not None
            and old.session.holds
            and not (new.number == old.number and new.session and new.session.holds)
        ]
        self.mats = mats
        self.watch.follow(
            [mat.session for mat in mats if mat.session is not None],
            [session for session in left if session is not None],
        )

    # -- what a person does ----------------------------------------------------

    async def start(self, name: str, within: timedelta | None = None) -> None:
        """Start or rehearse a routine."""
        number, plan, minutes = self.plans[name]
        mat = self.mats[number]
        allowed = mat.session is None or not mat.session.runs
        if allowed:
            self.watch.enter(name)
            session = (
                Stopwatch.start(plan, minutes)
                if within is None
                else Stopwatch.rehearse(plan, minutes, within)
            )
            self._set(number, mat.begun(session))
        if within is None:
            await self._ask("start_session", name, allowed=allowed)
        else:
            await self._ask(
                "rehearse_session",
                name,
                allowed=allowed,
                duration={"seconds": within.total_seconds()},
            )

    async def change(self, name: str, how: str, **data: Any) -> None:
        """Pause, resume, extend, skip or stop the session of a routine."""
        number, *_ = self.plans[name]
        session = self.mats[number].session
        if session is not None and session.plan.routine != name:
            session = None
        after: Stopwatch | None = None
        if session is not None:
            match how:
                case "extend":
                    after = session.extend(data["duration"]["minutes"])
                case "stop":
                    after = session.stop(data["reason"])
                case _:
                    after = getattr(session, how)()
        if after is not None:
            self._set(number, self.mats[number].changed(after))
        action = {"skip": "skip_phase"}.get(how, f"{how}_session")
        await self._ask(action, name, allowed=after is not None, **data)

    def _set(self, number: int, mat: Mat) -> None:
        mats = list(self.mats)
        mats[number] = mat
        self._become(mats)

    async def _ask(self, action: str, name: str, *, allowed: bool, **data: Any) -> None:
        target = f"switch.{name.lower()}_session"
        refused: ServiceValidationError | None = None
        try:
            await self.hass.services.async_call(
                DOMAIN, action, {"entity_id": target, **data}, blocking=True
            )
        except ServiceValidationError as err:
            refused = err
        assert allowed == (refused is None), f"{action} {name}: {refused!r}"
        await self.settle()

    # -- going down ------------------------------------------------------------

    def _on_write(self, key: str) -> Callable[[], None]:
        """Take note of what a mat's file is about to know."""
        for number, entry in enumerate(self.entries):
            if key == _file_of(entry):
                devices = self.watch.known(lambda name: self.plans[name][0], number)
                known = (dt_util.utcnow(), self.mats[number], devices)
                return partial(self._durable.__setitem__, number, known)
        return lambda: None

    async def go_down(
        self,
        down: timedelta,
        *,
        graceful: bool = False,
        reverse: bool = False,
        early: str | None = None,
    ) -> None:
        """Let Home Assistant go down, stay down and come up again.

        Mats come up in order or in `reverse`; somebody may start the routine `early`,
        before Home Assistant says that it has started.
        """
        if graceful:
            jobs = [
                self.hass.async_run_hass_job(job.job, *job.args)
                for job in self.hass._shutdown_jobs
            ]
            for _ in range(40):
                if all(job is None or job.done() for job in jobs):
                    break
                await self.wait(timedelta(seconds=0.5))
        disk = deepcopy(self.storage)
        for number, entry in enumerate(self.entries):
            if _file_of(entry) in self.disk.lost:
                _, mat, known = self._durable[number]
                self.watch.forgotten(mat.session, known, self._devices_of(number))
        self.disk.lose()
        for entry in self.entries:
            assert await self.hass.config_entries.async_unload(entry.entry_id)
        await self.settle()
        self._let_nobody_see_off()
        assert not self.hass.data.get(DEVICES), "something still holds a device"
        self.storage.clear()
        self.storage.update(disk)
        self.disk.found_again()
        # What was not written never was; all else goes on by the clock.
        now = dt_util.utcnow()
        self._become(
            [mat.tick(now - at, unwatched=True) for at, mat, _ in self._durable]
        )
        self.tick(down.total_seconds(), unwatched=True)
        self.watch.too_old()
        self.watch.reread()
        await self._come_up(reverse=reverse, early=early)

    def _devices_of(self, number: int) -> set[str]:
        """Return the devices of all routines of a mat."""
        return {
            entity_id
            for name, (mat, *_) in self.plans.items()
            if mat == number
            for entity_id in self.watch.rooms[name].devices
        }

    def _let_nobody_see_off(self) -> None:
        """End, with Home Assistant, what sees off a plug whose mat was disabled."""
        at_it = [
            task
            for task in self.hass._background_tasks
            if isinstance(task, asyncio.Task) and task.get_name() == f"{DOMAIN} see off"
        ]
        if not at_it:
            return
        for task in at_it:
            task.cancel()
        devices = self.hass.data[DEVICES]
        for plug in [d for d in devices.values() if isinstance(d, Diffuser)]:
            for key in list(plug.holders):
                plug.drop(key)
            del devices[plug.entity_id]

    async def _come_up(self, *, reverse: bool, early: str | None) -> None:
        """Set up all mats side by side, as Home Assistant does when it starts."""
        self.hass.set_state(CoreState.starting)
        done = await asyncio.gather(
            *(
                self.hass.config_entries.async_setup(entry.entry_id)
                for entry in (reversed(self.entries) if reverse else self.entries)
            )
        )
        assert all(done)
        await self.settle()
        if early is not None:
            await self.start(early)
        self.hass.set_state(CoreState.running)
        self.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await self.settle()

    async def reload(self, number: int) -> None:
        self.watch.reread()
        assert await self.hass.config_entries.async_reload(
            self.entries[number].entry_id
        )
        await self.settle()

    async def disable(self, number: int) -> None:
        """Disable a mat and enable it again."""
        entry, mat = self.entries[number], self.mats[number]
        session = mat.session
        if session is not None:
            ended = session.stop("interrupted")
            if ended is None and session.holds:
                ended = replace(session, ended_for=timedelta(days=1))
            self._set(number, mat.changed(ended or session))
        self.watch.reread()
        for by in (ConfigEntryDisabler.USER, None):
            self.watch.is_one_away = by is not None
            await self._patiently(
                partial(
                    self.hass.config_entries.async_set_disabled_by, entry.entry_id, by
                )
            )

    async def end(self) -> None:
        """Let the world end: every mat is removed, and nothing looked at any more."""
        self.watch.stop()
        async with AsyncExitStack() as every_one:
            for entry in self.entries:
                remove = partial(self.hass.config_entries.async_remove, entry.entry_id)
                every_one.push_async_callback(self._patiently, remove, looking=False)
        # The slowest command comes about, and the latest news arrive.
        for _ in range(2):
            self.tick(SLOWEST)
            await self.settle()

    async def _patiently(
        self, do: Callable[[], Coroutine[Any, Any, Any]], *, looking: bool = True
    ) -> None:
        """Let time pass until something is done."""
        task = self.hass.async_create_task(do())
        await self.settle()
        while not task.done():
            if looking:
                await self.wait(timedelta(seconds=1))
            else:
                self.tick(1)
                await self.settle()
        await task


def _file_of(entry: MockConfigEntry) -> str:
    return f"{DOMAIN}.{entry.entry_id}"
