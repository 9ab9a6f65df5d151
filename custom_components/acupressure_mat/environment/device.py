"""One device that sessions hold: what it was, what it was asked, whose it is now."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import Any, Protocol

from homeassistant.core import (
    CALLBACK_TYPE,
    Context,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import (
    async_track_entity_registry_updated_event,
    async_track_state_change_event,
)
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER, LONG_AGO
from ..session.codec import from_dict, to_dict
from ..session.routine import Cue
from ..session.session import Outcome, Session
from .cues import cue_of, domain_of, is_there, members

# How long one command may take before it counts as failed.
CALL_LIMIT = 10
# How long after a command, and its fade, the device may take to follow.
FOLLOW_LIMIT = 5
# Seconds of waiting before each further try.
RETRIES = (2, 5, 10, 20)
# How long it may take to answer after a restart of Home Assistant, in seconds. MQTT and
# most radios tell of their devices only some time after everything is set up.
RETURN_LIMIT = 60
# A room that ended longer ago than this is not put back any more, unless it has to be
# switched off: nobody wants the bedroom lit again hours later.
STALE = timedelta(minutes=30)
# Echoes of a command may arrive for so long after its fade.
GRACE = timedelta(seconds=10)
TICK = timedelta(microseconds=1)
# In whose names anything was commanded lately: a device may tell of what it was asked
# for a room that has been left, or was loaded anew, since.
OURS: HassKey[dict[str, None]] = HassKey(f"{DOMAIN}_contexts")
# One for each room; more than there are mats in any home.
OURS_KEPT = 256
# A command is queued as it is given, and its bytes leave in the round of the event loop
# after that.
ROUNDS = 2


async def sent() -> None:
    """Return when the bytes of commands that were given up to now have left."""
    for _ in range(ROUNDS):
        await asyncio.sleep(0)


class Holder(Protocol):
    """A room, as its devices see it."""

    session: Session
    context: Context

    def on_disk(self) -> asyncio.Future[bool]:
        """Have all that is known now on disk soon; returns whether it is."""

    def report(self, entity_id: str) -> None:
        """Take note of a device that did not do as asked."""

    def stuck(self, entity_id: str, *, is_stuck: bool) -> None:
        """Take note of a diffuser that does not go off, or at last did."""

    def renamed(self, old: str, new: str) -> None:
        """Take note of a device's new entity id."""

    def split(self, entity_id: str) -> None:
        """Hold the members of what turned out to be a group."""

    def changed(self) -> None:
        """Take note that what is known of a device changed and should be kept."""


def keys_of(stored: object) -> frozenset[str]:
    """Return the keys of sessions that are stored; of what is damaged, none."""
    keys = stored if isinstance(stored, list) else []
    return frozenset(key for key in keys if isinstance(key, str))


class Device(ABC):
    """A device of the home while at least one session holds it.

    Several rooms may hold it. Its first holder finds it as it was (`before`), and
    only when the last lets go is it put back.
    """

    def __init__(self, hass: HomeAssistant, entity_id: str) -> None:
        """Watch the device; commands wait for `follow`."""
        self.hass = hass
        self.entity_id = entity_id
        self.holders: dict[str, Holder] = {}
        self.before: Cue | None = None
        # When what is known of it was last learned.
        self.known_at = LONG_AGO
        # Where it was when last commanded, and what was asked then.
        self.origin: Cue | None = None
        self.wanted: Cue | None = None
        # Between which it went before that, and still may.
        self._passing: tuple[Cue, ...] = ()
        # The same before a restart: it may still tell of that.
        self._passed: tuple[Cue, ...] = ()
        # What a hand changed; it stays as the hand left it.
        self.hand = False
        # Whose sessions that was in, if somebody has met it afresh since.
        self._overruled: frozenset[str] = frozenset()
        self.is_releasing = False
        self._letting_go = asyncio.Lock()
        # Until when echoes of what it was asked may arrive.
        self._until = LONG_AGO
        self._arrived = False
        # Since a restart: it was not heard of yet, and what it had been asked before.
        self._is_unmet = False
        self._asked: Cue | None = None
        # In the order in which they were last used.
        self._contexts = hass.data.setdefault(OURS, {})
        self._task: asyncio.Task[None] | None = None
        # Set unless there is a command that it was not asked to follow yet.
        self.asked = asyncio.Event()
        self.asked.set()
        # Another one each time that what it does is called off.
        self._turn = object()
        self.heard = asyncio.Event()
        self._unsub: CALLBACK_TYPE | None = None
        self._watch()

    # -- what is known of it ---------------------------------------------------

    @property
    def state(self) -> State | None:
        """Its state in Home Assistant; None if it does not exist."""
        return self.hass.states.get(self.entity_id)

    @property
    def found(self) -> Cue | None:
        """How it is now; None while it does not answer."""
        state = self.state
        return cue_of(state) if is_there(state) else None

    @property
    def is_group(self) -> bool:
        """Whether it tells that it stands for others."""
        return members(self.hass, [self.entity_id]) != [self.entity_id]

    def as_dict(self) -> dict[str, Any]:
        """Return what must survive a restart."""
        known: dict[str, Any] = {
            name: to_dict(cue)
            for name in ("before", "origin", "wanted")
            if (cue := getattr(self, name)) is not None
        }
        if self._overruled:
            known["overruled"] = sorted(self._overruled)
        if self._passing and self.is_on_its_way:
            known["passing"] = [to_dict(cue) for cue in self._passing]
        return {"hand": self.hand, "known_at": self.known_at.isoformat(), **known}

    def recall(self, data: Mapping[str, Any]) -> None:
        """Take over what was known before a restart.

        Each of several rooms had it kept in a file of its own: the latest counts, and
        what another session learned since is not overwritten.
        """
        known_at = dt_util.parse_datetime(str(data.get("known_at"))) or LONG_AGO
        if self.before is not None and known_at <= self.known_at:
            return
        self._take_over(data)
        self._is_unmet, self._asked, self.known_at = True, self.wanted, known_at
        if self.wanted is not None:
            # It was asked no later than that.
            self._until = known_at + self.fade + GRACE
        found = self.found
        if found is not None:
            self._meet(found)

    def _take_over(self, data: Mapping[str, Any]) -> None:
        """Know what `as_dict` returned."""
        self.hand = data.get("hand") is True
        self._overruled = keys_of(data.get("overruled"))
        for name in ("before", "origin", "wanted"):
            setattr(self, name, from_dict(Cue, data[name]) if name in data else None)
        passing = data.get("passing")
        cues = passing if isinstance(passing, list) else ()
        self._passed = tuple(from_dict(Cue, cue) for cue in cues)

    def _meet(self, found: Cue) -> None:
        """Meet the device as it is: for the first time, or after a restart."""
        if self.before is None:
            # Not `learned`: a file that knows how it was before the restart knows better.
            self.before = found
        was_left = self._asked is not None and self.is_left(found, self._asked)
        if was_left and found.state in {
            cue.state for cue in (self.origin, *self._passed) if cue is not None
        }:
            # It was just asked to change when we went, and may not have come to it.
            was_left = dt_util.utcnow() > self._until
        if self._is_unmet and (wanted := self.wanted) is not None:
            # Whatever it was asked, before the restart or since, it begins here.
            self.origin = found
            self._arrived = self.is_between(found, wanted, wanted)
            self._until = dt_util.utcnow() + self.fade + GRACE
        self.hand |= was_left
        self._is_unmet, self._asked = False, None

    def is_left(self, found: Cue, wanted: Cue) -> bool:
        """Return whether a hand left it so while nobody watched: it was put off."""
        return wanted.is_on and not found.is_on

    def learned(self) -> None:
        """Take note that what is known of it is newer than what any file has."""
        self.known_at = max(dt_util.utcnow(), self.known_at + TICK)

    def _watch(self) -> None:
        """Listen to what happens to it, under its entity id of now."""
        if self._unsub is not None:
            self._unsub()
        unsub_state = async_track_state_change_event(
            self.hass, self.entity_id, self._on_state
        )
        unsub_registry = async_track_entity_registry_updated_event(
            self.hass, self.entity_id, self._on_registry
        )

        def unsub() -> None:
            unsub_state()
            unsub_registry()

        self._unsub = unsub

    @callback
    def _on_registry(self, event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        data = event.data
        if data["action"] != "update" or "old_entity_id" not in data:
            return
        old, new = data["old_entity_id"], data["entity_id"]
        self.entity_id = new
        for name in ("before", "origin", "wanted"):
            cue: Cue | None = getattr(self, name)
            if cue is not None:
                setattr(self, name, replace(cue, entity_id=new))
        self._watch()
        for holder in list(self.holders.values()):
            holder.renamed(old, new)

    # -- claims ----------------------------------------------------------------

    def claim(self, key: str, holder: Holder, *, recalled: bool = False) -> None:
        """Let one more room hold it.

        A device that a hand changed is met afresh, as the hand left it; whoever held
        it then has no more say in it. One that was just being put back is held on to
        instead. One that is `recalled` was met before a restart: how it is now says
        nothing of how it was.
        """
        if self.is_releasing:
            self._cancel()
            self.heard.set()
        if self.hand and not recalled:
            self._overruled |= self.holders.keys()
            self.begin_anew()
        self.holders[key] = holder
        self._remember(holder.context)
        if self.before is None and not recalled:
            self.before = self.found
            self.learned()

    def _remember(self, context: Context) -> None:
        ours = self._contexts
        ours.pop(context.id, None)
        ours[context.id] = None
        if len(ours) > OURS_KEPT:
            del ours[next(iter(ours))]

    def begin_anew(self) -> None:
        """Leave to the past what a hand did."""
        self.hand, self.before, self.origin, self.wanted = False, None, None, None

    async def let_go(self, key: str) -> bool:
        """Let a room hold it no more; returns, once it is put back, if it was the last."""
        # Whoever is just letting go, and was interrupted, still counts as a holder.
        async with self._letting_go:
            session = self.holders[key].session
            if not self.is_shared:
                self.is_releasing = True
                try:
                    await self.release(session)
                    while await self._comes_back(session):
                        await self.release(session)
                finally:
                    self.is_releasing = False
            self.drop(key)
            if self.holders:
                self.follow()
                # Their files do not know yet what it was asked now.
                self.kept()
            return not self.holders

    def drop(self, key: str) -> None:
        """Let a room hold it no more, and leave it as it is."""
        self.holders.pop(key, None)
        self._overruled -= {key}
        if not self.holders:
            self._cancel()
            if self._unsub is not None:
                self._unsub()
                self._unsub = None

    async def _comes_back(self, session: Session) -> bool:
        """Wait for a device that went before it was put back, but not for hours."""
        try:
            async with asyncio.timeout(STALE.total_seconds()):
                while self._is_missed(session):
                    self.heard.clear()
                    await self.heard.wait()
                    if self.found is not None:
                        return not self.is_shared and not self._is_put_off()
        except TimeoutError:
            LOGGER.debug("%s did not come back in time", self.entity_id)
        return False

    def _is_missed(self, session: Session) -> bool:
        """Return whether it is to be put back, exists, and does not answer."""
        return (
            not self.is_shared
            and self.state is not None
            and self.found is None
            and self.final(session) is not None
        )

    def _is_put_off(self) -> bool:
        """Return whether a hand put it off while it did not answer."""
        found, origin = self.found, self.origin
        return bool(found and origin and self.is_left(found, origin))

    @property
    def heeded(self) -> list[Holder]:
        """The rooms that have a say in it: in their time no hand changed it."""
        return [h for key, h in self.holders.items() if key not in self._overruled]

    @property
    def is_shared(self) -> bool:
        """Whether several rooms hold it."""
        return len(self.holders) > 1

    # -- commands --------------------------------------------------------------

    @abstractmethod
    def target(self) -> Cue | None:
        """Return how its holders want it; None to leave it alone."""

    @abstractmethod
    async def send(self, cue: Cue, *, again: bool) -> None:
        """Command it to be like this; `again` marks a further try, without fade."""

    @abstractmethod
    def is_like(self, cue: Cue) -> bool:
        """Return whether it did as asked."""

    def is_near(self, cue: Cue) -> bool:
        """Return whether it did what it can of what was asked, if not all."""
        return self.is_like(cue)

    @property
    def fade(self) -> timedelta:
        """How long a command takes to come about."""
        return timedelta(0)

    def follow(self) -> None:
        """Command it as its holders want it now, unless it is so already."""
        if self.before is None:
            self.miss()
            return
        target = self.target()
        if target is None or self.hand:
            return
        if target == self.wanted and (self._is_busy or self.is_like(target)):
            return
        self.command(target)

    def command(self, cue: Cue) -> asyncio.Task[None]:
        """Command it to be like this; return the task that sees to it."""
        self._passing = self.still_passing(cue)
        self._cancel()
        self.origin, self.wanted = self.found or self.before, cue
        self.learned()
        self._arrived = False
        if not self._is_unmet:
            # Else it is not sent yet, and what it was asked before says until when.
            self._until = dt_util.utcnow() + self.fade + GRACE
        turn = self._turn
        self.asked.clear()
        task = self.hass.async_create_background_task(
            self._see_to(cue), f"{DOMAIN} {self.entity_id}"
        )
        task.add_done_callback(self._on_done)
        # A device may answer before it is all sent, and have us think otherwise.
        if turn is self._turn:
            self._task = task
        else:
            task.cancel()
        return task

    def still_passing(self, cue: Cue) -> tuple[Cue, ...]:
        """Return between which it may go before it comes to what it is asked now."""
        if self.wanted is None or not (self._is_unmet or self.is_on_its_way):
            return ()
        passing = self._passing
        for end in (self.origin or self.wanted, self.wanted):
            if end not in passing:
                passing = (*passing, end)
        return passing

    def _on_done(self, _task: asyncio.Task[None]) -> None:
        if not self._is_busy:
            self.asked.set()

    def miss(self) -> None:
        """Report a device that does not answer, unless it is still on its way."""
        if not self._is_busy:
            self._task = self.hass.async_create_background_task(
                self._miss(), f"{DOMAIN} {self.entity_id}"
            )

    async def _miss(self) -> None:
        await asyncio.sleep(FOLLOW_LIMIT)
        if self.before is None:
            self.report()

    async def _see_to(self, cue: Cue) -> None:
        """Send a cue, verify that the device followed, try again, report once."""
        if self._is_unmet:
            await self._return()
            if self.is_like(cue) or self.is_left_to_hand(cue):
                return
        for attempt, wait in enumerate((0, *RETRIES)):
            if wait:
                await asyncio.sleep(wait)
            if not self.takes(cue):
                break
            # What it is asked once more it may tell of later, too.
            self._until = max(self._until, dt_util.utcnow() + GRACE)
            if await self._send(cue, again=attempt > 0) and await self._follows(cue):
                return
        self.report()

    def takes(self, _cue: Cue) -> bool:
        """Return whether there is somebody to be asked for this."""
        return is_there(self.state)

    async def _return(self) -> None:
        """Give a device its time to answer after a restart."""
        with suppress(TimeoutError):
            async with asyncio.timeout(RETURN_LIMIT):
                while self._is_unmet:
                    self.heard.clear()
                    await self.heard.wait()

    def is_left_to_hand(self, cue: Cue) -> bool:
        """Return whether a hand's choice goes before this cue."""
        return self.hand

    async def _send(self, cue: Cue, *, again: bool) -> bool:
        try:
            await self.send(cue, again=again)
        except TimeoutError:
            LOGGER.debug("%s did not answer in time", self.entity_id)
        except Exception as err:  # noqa: BLE001 - whatever one device raises, the others go on
            LOGGER.debug("%s refused: %r", self.entity_id, err)
        else:
            return True
        finally:
            self.asked.set()
        return False

    async def _follows(self, cue: Cue) -> bool:
        """Wait until the device is as asked; False if it does not come to be."""
        try:
            async with asyncio.timeout(self.fade.total_seconds() + FOLLOW_LIMIT):
                # While earlier commands are on their way, nothing that it tells is proof.
                while self._passing or not self.is_like(cue):
                    self.heard.clear()
                    await self.heard.wait()
        except TimeoutError:
            return self.is_near(cue)
        return True

    @property
    def context(self) -> Context:
        """In whose name it is commanded: of several sessions the one that began last."""
        return next(h.context for h in reversed(self.holders.values()))

    async def call(self, service: str, **data: Any) -> None:
        """Call an action on the device; TimeoutError if it hangs."""
        async with asyncio.timeout(CALL_LIMIT):
            await self.hass.services.async_call(
                domain_of(self.entity_id),
                service,
                {"entity_id": self.entity_id, **data},
                blocking=True,
                context=self.context,
            )

    def report(self) -> None:
        """Tell its holders that it did not do as asked."""
        for holder in list(self.holders.values()):
            holder.report(self.entity_id)

    def kept(self) -> None:
        """Tell its holders that what is known of it should be kept."""
        self.learned()
        for holder in list(self.holders.values()):
            holder.changed()

    @property
    def is_on_its_way(self) -> bool:
        """Whether a command was sent whose echo has not come yet, and still may.

        Where others were on their way already, what looks like it may be theirs.
        """
        return (
            self.wanted is not None
            and (not self._arrived or bool(self._passing))
            and dt_util.utcnow() <= self._until
        )

    @property
    def _is_busy(self) -> bool:
        return self._task is not None and not self._task.done()

    def _cancel(self) -> None:
        self._turn = object()
        if self._task is not None:
            self._task.cancel()
        self._task = None

    # -- what happens to it ----------------------------------------------------

    @callback
    def _on_state(self, event: Event[EventStateChangedData]) -> None:
        new, old = event.data["new_state"], event.data["old_state"]
        if not is_there(new):
            return
        if not is_there(old):
            self._back(cue_of(new))
        else:
            self._judge(cue_of(new), cue_of(old), new.context)
        self.heard.set()

    def _back(self, found: Cue) -> None:
        """It answers again: meet it, and ask it for what it missed."""
        if self.before is None and not self.is_releasing and self.is_group:
            # While all of its members are gone, it does not tell that it is one.
            for holder in list(self.holders.values()):
                holder.split(self.entity_id)
            return
        self._meet(found)
        if self.wanted is not None and self.is_between(found, self.wanted, self.wanted):
            self._arrived = True
        self.kept()
        self.follow()

    def _judge(self, found: Cue, previous: Cue, context: Context) -> None:
        """Tell a hand from our own echo by value; a foreign cause proves a hand."""
        before = self.before
        if self.hand or before is None or found == previous:
            return
        wanted, origin = self.wanted or before, self.origin or before
        if self.is_between(found, wanted, wanted):
            self._arrived = True
            return
        late = dt_util.utcnow() <= self._until
        # A slow device first does what it was asked before.
        ends = (wanted,) if self._arrived and not late else (origin, *self._passing)
        if late:
            ends = (*ends, *self._passed)
        if late and wanted.is_on and not previous.is_on:
            # A bulb comes on as dim as it can, which may be brighter than asked.
            ends = (*ends, found)
        if self.is_foreign(context) or not any(
            self.is_between(found, one, other)
            for one, other in combinations((*ends, wanted), 2)
        ):
            self.touched(found)

    def is_foreign(self, context: Context) -> bool:
        """Return whether somebody, or somebody's automation, proves to be the cause.

        Home Assistant keeps our own context on what a device tells for some seconds
        after a command, so that one proves nothing.
        """
        return context.id not in self._contexts and bool(
            context.user_id or context.parent_id
        )

    @abstractmethod
    def is_between(self, found: Cue, origin: Cue, wanted: Cue) -> bool:
        """Return whether this is where our own command could have left it."""

    def touched(self, found: Cue) -> None:
        """Leave it to the hand that changed it."""
        LOGGER.debug("%s was changed by hand: %s", self.entity_id, found)
        self.hand = True
        self._cancel()
        self.kept()

    # -- putting it back -------------------------------------------------------

    @abstractmethod
    def final(self, session: Session) -> Cue | None:
        """Return how the session's end leaves it; None to leave it as it is."""

    async def release(self, session: Session) -> None:
        """Put it back, now that nobody holds it any more; returns when that is done."""
        if self.before is None:
            await self._return()
        cue = self.final(session)
        if cue is not None:
            await asyncio.wait([self.command(cue)])


def is_undone(session: Session) -> bool:
    """Return whether all is put back as it was, whatever the routine's policy says."""
    return session.rehearsal or session.outcome(dt_util.utcnow()) is Outcome.MISTAKE
