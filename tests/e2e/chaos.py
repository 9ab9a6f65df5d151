"""Pulls the plug on Home Assistant at random moments of random sessions.

A campaign has rounds. In each, three people lie down, do what they like, and fate kills
Home Assistant several times, drops the broker, and makes devices deaf and slow. At its
end, when all devices obey again, no diffuser may be left on, no record lost or doubled,
and every lamp must be as its routine promises. All that happens is drawn from a seed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from random import Random
import time
from typing import Any, Final, Self

import aiohttp

from .client import CallError, Client, Disconnected, Json, States
from .home_assistant import DOMAIN, HomeAssistant
from .mat import Mat, Routine
from .mosquitto import Broker
from .mpd import SONG, Mpd
from .mqtt_room import Bulb, Device, Glow, MqttRoom, Plug

PREPARE: Final = 3
ON_MAT: Final = 60
"""Seconds: the shortest session that leaves a record when it ends by itself."""
KILLS_A_ROUND: Final = 5
SAVE_LIMIT: Final = 2.0
"""Seconds after its answer in which what a person asked for may not be on disk yet."""
OBEY_LIMIT: Final = 100.0
"""Seconds in which all has to be right once every device obeys; retries take 57."""
GONE: Final = (Disconnected, TimeoutError, aiohttp.ClientError, OSError)


class Score(StrEnum):
    """What a person does with a routine."""

    WHOLE = "whole"
    PAUSED = "paused"
    HEALTH = "dizzy"
    MISTAKE = "mistake"
    REHEARSAL = "rehearsal"

    @property
    def is_kept(self) -> bool:
        """Tell whether it leaves a record and the room as its policy says."""
        return self in (Score.WHOLE, Score.PAUSED, Score.HEALTH)


@dataclass(frozen=True, slots=True)
class Act:
    """What a person asks for, so many seconds after the round began."""

    at: float
    action: str
    data: Json = field(default_factory=dict)

    @property
    def starts(self) -> bool:
        """Tell whether a session begins with it."""
        return self.action in ("start_session", "rehearse_session")


@dataclass(frozen=True, slots=True)
class Fault:
    """What fate does; `lasts` seconds, and for a kill the time until the next start."""

    at: float
    kind: str
    lasts: float
    device: int = 0
    """Number of the device that it strikes, for those that strike one."""

    def __str__(self) -> str:
        """Return it as the table shows it."""
        return f"{self.kind} {self.lasts:.1f} s"


@dataclass(frozen=True, slots=True)
class Round:
    """What happens in one round, drawn beforehand."""

    number: int
    scores: tuple[Score, ...]
    acts: tuple[tuple[Act, ...], ...]
    faults: tuple[Fault, ...]
    glows: tuple[Glow, ...]
    """How each lamp is found."""
    plugs: tuple[bool, ...]
    """Whether each diffuser is found on."""
    delays: tuple[float, ...]
    """How slow each lamp is, in seconds."""


def draw(
    seed: int, kills: int, *, people: int, lamps: int, plugs: int, short: bool = False
) -> Iterator[Round]:
    """Draw a campaign; the same seed draws the same."""
    number = 0
    while kills > 0:
        number += 1
        # A round is the same whatever the number of kills of the campaign.
        rng = Random(f"{seed} {number}")
        scores = tuple(_draw_score(rng, short=short) for _ in range(people))
        acts = tuple(_draw_acts(score, rng) for score in scores)
        faults = _draw_faults(rng, acts, lamps + plugs, short=short)
        killing = [f for f in faults if f.kind.startswith("kill")][:kills]
        kills -= len(killing)
        yield Round(
            number=number,
            scores=scores,
            acts=acts,
            faults=tuple(f for f in faults if not f.kind.startswith("kill"))
            + tuple(killing),
            glows=tuple(
                Glow(
                    is_on=rng.random() < 0.8,
                    brightness=rng.randint(60, 254),
                    kelvin=rng.randint(2300, 6000),
                )
                for _ in range(lamps)
            ),
            plugs=tuple(rng.random() < 0.2 for _ in range(plugs)),
            delays=tuple(rng.choice((0, 0, 0, 1.5, 4)) for _ in range(lamps)),
        )


def _draw_score(rng: Random, *, short: bool) -> Score:
    if short:
        return rng.choice((Score.HEALTH, Score.MISTAKE, Score.REHEARSAL))
    # Twice as often what sessions are for.
    return rng.choice((Score.WHOLE, *tuple(Score)))


def _draw_acts(score: Score, rng: Random) -> tuple[Act, ...]:
    begin = rng.uniform(0, 5)
    start = Act(begin, "start_session", {"duration": {"minutes": ON_MAT / 60}})
    match score:
        case Score.WHOLE:
            return (start,)
        case Score.PAUSED:
            pause = begin + rng.uniform(1, 30)
            return (
                start,
                Act(pause, "pause_session"),
                Act(pause + rng.uniform(1, 15), "resume_session"),
            )
        case Score.HEALTH:
            stop = begin + rng.uniform(1, 10)
            return (
                start,
                Act(stop, "stop_session", {"reason": "dizziness"}),
                # Its safe light stays for minutes, or until the next session.
                Act(
                    stop + rng.uniform(1, 10),
                    "rehearse_session",
                    {"duration": {"seconds": rng.randint(5, 8)}},
                ),
            )
        case Score.MISTAKE:
            stop = begin + rng.uniform(0.5, 10)
            return (start, Act(stop, "stop_session", {"reason": "mistake"}))
        case Score.REHEARSAL:
            within = {"seconds": rng.randint(5, 15)}
            return (Act(begin, "rehearse_session", {"duration": within}),)


def _draw_faults(
    rng: Random, acts: Iterable[tuple[Act, ...]], devices: int, *, short: bool
) -> list[Fault]:
    length = 20 if short else PREPARE + ON_MAT + 8
    interesting = [act.at for person in acts for act in person]
    if not short:
        interesting += [person[0].at + PREPARE + ON_MAT for person in acts]
    faults = []
    for _ in range(2 if short else KILLS_A_ROUND):
        # Half of them in the tenths of a second in which most is going on.
        at = (
            rng.choice(interesting) + rng.uniform(0, 0.4)
            if rng.random() < 0.5
            else rng.uniform(0, length)
        )
        kind = rng.choice(("kill", "kill", "kill", "kill in the start"))
        down = rng.choice((0.0, rng.uniform(0, 2 if short else 6)))
        faults.append(Fault(at, kind, down))
    if rng.random() < 0.7:
        at = rng.choice((*interesting, rng.uniform(0, length)))
        faults.append(Fault(max(0, at - 0.5), "broker", rng.uniform(1, 6)))
    if not short and rng.random() < 0.3:
        faults.append(Fault(rng.uniform(5, length), "restart", rng.uniform(0, 3)))
    faults += [
        Fault(
            rng.uniform(0, length),
            rng.choice(("deaf", "deaf", "gone")),
            rng.uniform(1, 10),
            rng.randrange(devices),
        )
        for _ in range(rng.randint(0, 3))
    ]
    return sorted(faults, key=lambda fault: fault.at)


@dataclass
class Person:
    """A mat with one routine, and what its person did in this round."""

    mat: Mat
    routine: Routine
    lamps: list[Bulb]
    lights_off: bool
    """Whether the routine's end switches the lamps off; else it restores them."""
    switch: str
    phase: str
    records: int = 0
    """How many records there have to be."""
    score: Score = Score.WHOLE
    last: Act | None = None
    asked_at: datetime = field(default_factory=partial(datetime.now, UTC))
    """When the last act was asked for first."""
    told_at: float = 0.0
    """When the last act was answered; 0 while it is not."""
    saved: Json | None = None
    """The session of the last act as it was on disk at the last kill."""
    is_unsure: bool = False
    """Whether nobody answered a stop, and the session was over when one could ask."""
    is_unsaved: bool = False
    """Whether a start was killed inside its one write, which may leave lamps dim."""


@dataclass(slots=True)
class Row:
    """A line of the table: a kill, and what was found at the end of its round."""

    round: int
    at: float
    moment: str
    fault: str
    finding: str = ""

    def __str__(self) -> str:
        """Return the line."""
        return (
            f"{self.round:>3} {self.at:>6.1f} s  {self.fault:<24} {self.moment:<58}"
            f" {self.finding}"
        )


class Campaign:
    """A home with three mats; `async with` sets it up."""

    def __init__(self, home: HomeAssistant, broker: Broker, room: MqttRoom, mpd: Mpd):
        """Choose what it happens to."""
        self.home = home
        self.broker = broker
        self.room = room
        self.mpd = mpd
        self.people: list[Person] = []
        self.lamps: list[Bulb] = []
        self.plugs: list[Plug] = []
        self.rows: list[Row] = []
        self.findings: list[str] = []
        self.kills = 0
        self._round: Round | None = None
        self._began = 0.0
        self._up = asyncio.Event()
        self._boots = 0
        self._striking: list[str] = []
        self._report: Callable[[str], object] = lambda _: None

    @property
    def client(self) -> Client:
        """Return the connection to the home."""
        return self.home.client

    # Set-up

    async def __aenter__(self) -> Self:
        """Furnish the home: two mats share a room, the third is for bedtime."""
        room, client = self.room, self.client
        bed, corner = room.bulb("Bed lamp"), room.bulb("Corner lamp", fades=False)
        shared = room.bulb("Ceiling light")
        night, strip = room.bulb("Night lamp", reports_fade=True), room.bulb("Strip")
        self.lamps = [bed, corner, shared, night, strip]
        stone, both, fan = room.plug("Stone"), room.plug("Both"), room.fan("Fan")
        self.plugs = [stone, both, fan]
        entry = await self.broker.add_to(client)
        await room.appear_in(client)
        player = await self.mpd.add_to(client)
        await self._move_in("Anna", "after_work", [bed, shared], [stone, both])
        await self._move_in("Ben", "after_work", [corner, shared], [both])
        await self._move_in(
            "Cleo",
            "bedtime",
            [night, strip],
            [fan],
            player=player,
            media={
                "entity_id": player,
                "media_content_id": SONG,
                "media_content_type": "music",
            },
            fade_in=3,
            fade_out=4,
        )
        ids = [i for p in self.people for i in (p.mat.entry_id, p.routine.id)]
        for entry_id in (entry.entry_id, *ids):
            await self.home.wait_for_storage("core.config_entries", entry_id)
        self._up.set()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave it all to those who made it."""

    async def _move_in(
        self,
        name: str,
        kind: str,
        lamps: list[Bulb],
        diffusers: list[Plug],
        **music: object,
    ) -> None:
        mat = await Mat.add(self.client, name)
        routine = await mat.add_routine(
            f"{name} rests",
            kind,
            {
                "lights": [lamp.entity_id for lamp in lamps],
                "brightness": 12,
                "color_temp": 2200,
                "fade": {"seconds": 1},
                "diffusers": [diffuser.entity_id for diffuser in diffusers],
                "prepare": {"seconds": PREPARE},
                "after": {"seconds": 3},
                **music,
            },
        )
        self.people.append(
            Person(
                mat,
                routine,
                lamps,
                lights_off=kind == "bedtime",
                switch=await routine.entity("switch.session"),
                phase=await mat.entity("sensor.phase"),
            )
        )

    # A round

    async def run(
        self,
        seed: int,
        kills: int,
        report: Callable[[str], object],
        *,
        short: bool = False,
        only: int | None = None,
    ) -> None:
        """Play rounds until so many kills are done; report each line of the table.

        `only` plays the round of that number and leaves out the others.
        """
        self._report = report
        report(
            f"seed {seed}, {kills} kills\n"
            f"rnd   moment  fault (down for)         in which phase"
        )
        for round_ in draw(
            seed,
            kills,
            people=len(self.people),
            lamps=len(self.lamps),
            plugs=len(self.plugs),
            short=short,
        ):
            if only in (None, round_.number):
                await self._play(round_)
        for record in self.home.log_records():
            if record.level == "ERROR" and DOMAIN in record.text:
                self._find(record.text)
        # Its log, and all that it stored, tell why.
        self.home.keep |= bool(self.findings)

    async def _play(self, round_: Round) -> None:
        first = len(self.rows)
        await self._prepare(round_)
        async with asyncio.TaskGroup() as group:
            for person, acts in zip(self.people, round_.acts, strict=True):
                group.create_task(self._act(person, acts))
            group.create_task(self._strike(round_))
        findings = await self._look(round_)
        self.findings += findings
        rows = self.rows[first:]
        for row in rows:
            row.finding = "" if findings else "all right"
        if findings and rows:
            rows[-1].finding = "; ".join(findings)
        for row in rows:
            self._report(str(row))
        for finding in findings:
            self._report(f"    FOUND {finding}")

    async def _prepare(self, round_: Round) -> None:
        """Let every device be found as drawn, and seen so by Home Assistant."""
        self._round = round_
        for lamp, glow in zip(self.lamps, round_.glows, strict=True):
            lamp.delay = 0
            lamp.glow = replace(glow)
            lamp.publish_state()
        for plug, is_on in zip(self.plugs, round_.plugs, strict=True):
            plug.move(is_on=is_on)
        await self.mpd.set_volume(50)
        for lamp in self.lamps:
            await self.client.wait_for(
                f"{lamp.entity_id} is {lamp.glow}", partial(_is_seen, lamp)
            )
        for plug in self.plugs:
            await self.client.wait_for_state(
                plug.entity_id, "on" if plug.is_on else "off"
            )
        for lamp, delay in zip(self.lamps, round_.delays, strict=True):
            lamp.delay = delay
        for person, score in zip(self.people, round_.scores, strict=True):
            person.score, person.last, person.saved = score, None, None
            person.is_unsaved = person.is_unsure = False
        self._began = time.monotonic()

    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    async def _until(self, at: float) -> None:
        await asyncio.sleep(max(0, at - self._elapsed()))

    def _find(self, text: str) -> None:
        self.findings.append(text)
        self._report(f"    FOUND {text}")

    # What people do

    async def _act(self, person: Person, acts: tuple[Act, ...]) -> None:
        for act in acts:
            await self._until(act.at)
            await self._ask(person, act)

    async def _ask(self, person: Person, act: Act) -> None:
        """Ask as a person does: after a restart look whether it took, and ask again."""
        if act is not person.last:
            person.last, person.asked_at, person.saved = act, datetime.now(UTC), None
        person.told_at = 0.0
        while True:
            await self._up.wait()
            boots = self._boots
            try:
                await self.client.action(
                    f"{DOMAIN}.{act.action}", person.switch, **act.data
                )
            except CallError as error:
                self._refused(person, act, error)
                return
            except GONE:
                while self._boots == boots:
                    await asyncio.sleep(0.05)
                await self._up.wait()
                if self._took(person, act):
                    person.is_unsure |= act.action == "stop_session"
                    return
                # Nobody answered: it may have been killed inside its one write.
                person.is_unsaved |= act.starts
            else:
                person.told_at = time.monotonic()
                return

    def _refused(self, person: Person, act: Act, error: CallError) -> None:
        late = error.translation_key in ("not_running", "not_paused", "already_paused")
        if not late:
            self._find(f"{person.score} {act.action}: {error}")
        elif act.action == "stop_session":
            # It had come to its end before the person could stop it.
            person.score = Score.WHOLE

    def _took(self, person: Person, act: Act) -> bool:
        """Tell after a restart whether what was asked for came about."""
        phase = self.client.state(person.phase).state
        match act.action:
            case "start_session" | "rehearse_session":
                return person.saved is not None
            case "pause_session":
                return phase == "paused"
            case "resume_session":
                return phase != "paused"
            case _:
                return self.client.state(person.switch).state == "off"

    # What fate does

    async def _strike(self, round_: Round) -> None:
        async with asyncio.TaskGroup() as group:
            for fault in round_.faults:
                if fault.kind in ("deaf", "gone", "broker"):
                    group.create_task(self._hamper(fault))
            for fault in round_.faults:
                if fault.kind == "restart":
                    await self._until(fault.at)
                    await self._go_down(fault, self.home.stop)
                elif fault.kind.startswith("kill"):
                    await self._until(fault.at)
                    await self._go_down(fault, self.home.kill)

    async def _hamper(self, fault: Fault) -> None:
        """Hamper a device or all of them for a while."""
        await self._until(fault.at)
        devices: list[Device] = [*self.lamps, *self.plugs]
        device = devices[fault.device]
        said = "broker" if fault.kind == "broker" else f"{device.name} {fault.kind}"
        self._striking.append(said)
        try:
            match fault.kind:
                case "deaf":
                    device.deaf = True
                case "gone":
                    device.set_available(False)
                case _:
                    await self.broker.stop()
            await asyncio.sleep(fault.lasts)
        finally:
            match fault.kind:
                case "deaf":
                    device.deaf = False
                case "gone":
                    device.set_available(True)
                case _:
                    await self.broker.start()
            self._striking.remove(said)

    async def _go_down(self, fault: Fault, down: Callable[[], Awaitable[None]]) -> None:
        """Go down in one way or the other, and start again."""
        at, moment = self._elapsed(), self._moment()
        self._up.clear()
        await down()
        told = time.monotonic()
        for person in self.people:
            person.saved = self._session_on_disk(person)
        await asyncio.sleep(fault.lasts)
        if fault.kind == "kill in the start":
            start = asyncio.create_task(self.home.start())
            # From before anything is set up to after our own is.
            await asyncio.wait([start], timeout=1 + fault.lasts)
            start.cancel()
            with suppress(asyncio.CancelledError):
                await start
            await self.home.kill()
        if fault.kind.startswith("kill"):
            self.kills += 1
            assert self._round
            self.rows.append(Row(self._round.number, at, moment, str(fault)))
        await self.home.start()
        self._boots += 1
        lost = [p for p in self.people if self._is_lost(p, told)]
        self._up.set()
        for person in lost:
            assert person.last
            await self._ask(person, person.last)

    def _moment(self) -> str:
        """Return what everybody is doing, and what is amiss."""
        phases = [
            f"{person.score} {state.state}"
            if (state := self.client.states.get(person.phase))
            else person.score
            for person in self.people
        ]
        return " · ".join([*phases, *self._striking])

    def _rooms(self, person: Person) -> list[Json]:
        """Return what is held for a mat, as it is on disk."""
        stored = self.home.stored(f"{DOMAIN}.{person.mat.entry_id}")
        rooms: list[Json] = stored["rooms"]
        return rooms

    def _session_on_disk(self, person: Person) -> Json | None:
        with suppress(FileNotFoundError):
            for room in self._rooms(person):
                session: Json = room["session"]
                if datetime.fromisoformat(session["started_at"]) >= person.asked_at:
                    return session
        return person.saved

    def _is_lost(self, person: Person, killed_at: float) -> bool:
        """Tell whether what a person was answered is lost; only a write may lose it."""
        act = person.last
        if act is None or not person.told_at or person.told_at > killed_at:
            return False
        if self._took(person, act) or (not act.starts and self._is_over(person)):
            return False
        age = killed_at - person.told_at
        if age > SAVE_LIMIT:
            if act.starts and age > _length(act):
                # It is over and forgotten; its record is looked for in the end.
                return False
            self._find(
                f"{person.score}: {act.action} was answered {age:.1f} s before the kill"
                " and is not on disk"
            )
        if act.starts:
            person.is_unsaved = True
        return True

    def _is_over(self, person: Person) -> bool:
        return self.client.state(person.phase).state == "idle"

    # What is left

    async def _look(self, round_: Round) -> list[str]:
        """Return what is wrong at the end, when every device has had its time."""
        deadline = time.monotonic() + OBEY_LIMIT
        limit = OBEY_LIMIT + ON_MAT
        for person in self.people:
            with suppress(AssertionError):
                await self.client.wait_for_state(person.phase, "idle", time_limit=limit)
            deadline = max(deadline, time.monotonic() + OBEY_LIMIT)
            # Its record is in the journal when nothing is held for it any more.
            while self._rooms(person) and time.monotonic() < deadline:
                await asyncio.sleep(0.2)
            new = person.mat.records(self.home)[person.records :]
            if person.is_unsure and new and "reason" not in new[-1]:
                # The session came to its end before the stop came to the session.
                person.score = Score.WHOLE
            person.records += person.score.is_kept
        wrong = await self._wrong(round_)
        while wrong and time.monotonic() < deadline:
            await asyncio.sleep(0.5)
            wrong = await self._wrong(round_)
        if not wrong:
            # It has to stay so when the slowest device has done what it was told.
            await asyncio.sleep(max(round_.delays) + 1.5)
            wrong = await self._wrong(round_)
        for person in self.people:
            # What is wrong once is not to be counted in every round that follows.
            person.records = len(person.mat.records(self.home))
        return [f"round {round_.number}: {text}" for text in wrong]

    async def _wrong(self, round_: Round) -> list[str]:
        wrong = []
        for person in self.people:
            if not self._is_over(person):
                wrong.append(f"{person.score} is not over")
            if self._rooms(person):
                wrong.append(f"{person.score}: its room is still held")
            wrong += self._wrong_records(person)
        wrong += self._wrong_lamps(round_)
        wrong += [
            f"{plug.name} is {'on' if plug.is_on else 'off'}, was found otherwise"
            for plug, was_on in zip(self.plugs, round_.plugs, strict=True)
            if plug.is_on != was_on
        ]
        status = await self.mpd.status()
        if status["state"] == "play":
            wrong.append("music plays on")
        if abs(int(status["volume"]) - 50) > 1:
            wrong.append(f"the volume is {status['volume']}, was 50")
        return wrong

    def _wrong_records(self, person: Person) -> Iterator[str]:
        records = person.mat.records(self.home)
        ids = [record["id"] for record in records]
        if len(set(ids)) < len(ids):
            yield f"{person.score}: a record is doubled"
        if len(ids) != person.records:
            yield f"{person.score}: {len(ids)} records instead of {person.records}"
        elif person.score.is_kept:
            record: dict[str, Any] = records[-1]
            outcome = record.get("outcome", "completed")
            if person.score is Score.HEALTH:
                if outcome != "stopped" or record["reason"] != "dizziness":
                    yield f"{person.score}: its record says {outcome}"
            elif outcome not in ("completed", "lost") or (
                abs(record["elapsed"] - ON_MAT) > 1
            ):
                yield (
                    f"{person.score}: its record says {outcome} after"
                    f" {record['elapsed']:.0f} s"
                )

    def _wrong_lamps(self, round_: Round) -> Iterator[str]:
        for lamp, found in zip(self.lamps, round_.glows, strict=True):
            owners = [person for person in self.people if lamp in person.lamps]
            if any(person.is_unsaved for person in owners):
                continue
            goes_off = any(p.lights_off and p.score.is_kept for p in owners)
            wanted = replace(found, is_on=found.is_on and not goes_off)
            # A rehearsal that begins before the room is released leaves all as before.
            if any(p.score is Score.HEALTH for p in owners) and _is_like(
                lamp.glow, found
            ):
                continue
            if not _is_like(lamp.glow, wanted):
                scores = ", ".join(person.score for person in owners)
                yield f"{lamp.name} ({scores}) is {lamp.glow}, not {wanted}"


def _length(act: Act) -> float:
    """Return the seconds that the session of a start takes at the least."""
    if act.action == "rehearse_session":
        return float(act.data["duration"]["seconds"])
    return PREPARE + ON_MAT


def _is_seen(lamp: Bulb, states: States) -> bool:
    """Tell whether Home Assistant has a lamp as it is."""
    state = states.get(lamp.entity_id)
    if state is None or not lamp.glow.is_on:
        return state is not None and state.state == "off"
    return state.attributes.get("brightness") == lamp.glow.brightness


def _is_like(glow: Glow, wanted: Glow) -> bool:
    if glow.is_on != wanted.is_on:
        return False
    return not wanted.is_on or (
        abs(glow.brightness - wanted.brightness) <= 3
        and abs(1e6 / glow.kelvin - 1e6 / wanted.kelvin) <= 6
    )


async def campaign(
    stack: AsyncExitStack, home: HomeAssistant, broker: Broker
) -> Campaign:
    """Return a campaign in a home of its own, for as long as the stack lasts."""
    room = await stack.enter_async_context(MqttRoom(broker))
    mpd = await stack.enter_async_context(Mpd())
    return await stack.enter_async_context(Campaign(home, broker, room, mpd))
