"""A mat and its routines, set up through the forms that people see."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from .client import Client, Json
from .flows import config_flow, continue_subentry_flow, subentry_flow
from .home_assistant import DOMAIN, HomeAssistant

ROUTINE: Final = "routine"

SET_UP_LIMIT: Final = 10.0
"""Seconds that a mat or a routine may take to be there with its entities."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What the event entity of a routine told."""

    at: datetime
    kind: str
    data: Json

    def __str__(self) -> str:
        """Return the kind, with the phase where that is what happened."""
        if self.kind == "phase_started":
            return str(self.data["phase"])
        return self.kind


@dataclass(frozen=True, slots=True)
class Routine:
    """A routine of a mat, found by its ids whatever its entities are called."""

    client: Client
    id: str

    async def start(self, **duration: float) -> None:
        """Start a session: minutes=1."""
        fields: Json = {"duration": duration} if duration else {}
        await self.perform("start_session", **fields)

    async def perform(self, action: str, **data: Any) -> None:
        """Perform one of the integration's actions on the routine."""
        await self.client.action(
            f"{DOMAIN}.{action}", await self.entity("switch.session"), **data
        )

    async def wait_for(self, happening: str, *, time_limit: float = 10) -> Happening:
        """Return what was told last, as soon as it is of this kind or phase."""
        event = await self.entity("event.session")
        await self.client.wait_for(
            f"{event} tells {happening}",
            lambda _: any(str(h) == happening for h in self._told(event)),
            time_limit=time_limit,
        )
        return next(h for h in reversed(self._told(event)) if str(h) == happening)

    async def happenings(self) -> list[Happening]:
        """Return all that was told since the client connected first, in order."""
        return self._told(await self.entity("event.session"))

    def _told(self, event: str) -> list[Happening]:
        return [
            Happening(
                datetime.fromisoformat(change.new.state),
                change.new.attributes["event_type"],
                change.new.attributes,
            )
            for change in self.client.changes
            if change.entity_id == event
            and change.old
            and change.new
            and change.new.state not in (change.old.state, "unavailable", "unknown")
            # A restart restores what was told before it.
            and change.old.state != "unavailable"
        ]

    async def entity(self, name: str) -> str:
        """Return the id of one of the routine's entities, such as switch.session."""
        return await _entity(self.client, self.id, name)


@dataclass(frozen=True, slots=True)
class Mat:
    """A mat: a config entry."""

    client: Client
    entry_id: str
    first_flow: str | None
    """The routine's form that the frontend shows right after the mat's."""

    @classmethod
    async def add(cls, client: Client, name: str, **answers: object) -> Self:
        """Go through the forms of a new mat."""
        made = await config_flow(client, DOMAIN, {"name": name, **answers}, {})
        return cls(client, made.entry_id, made.next_flow)

    async def add_routine(
        self, name: str, kind: str, room: Mapping[str, object]
    ) -> Routine:
        """Go through the forms of a routine, the first one that is shown or a new one.

        Returns when it can be started.
        """
        before = await self._routines()
        steps = ({"kind": kind, "name": name}, room, "save")
        if not before and self.first_flow:
            await continue_subentry_flow(self.client, self.first_flow, *steps)
        else:
            await subentry_flow(self.client, self.entry_id, ROUTINE, *steps)
        (new,) = await self._routines() - before
        routine = Routine(self.client, new)
        # The mat is loaded anew for it, and until then all its entities are out of reach.
        await self.client.wait_for_state(await routine.entity("switch.session"), "off")
        return routine

    async def entity(self, name: str) -> str:
        """Return the id of one of the mat's entities, such as sensor.phase."""
        return await _entity(self.client, self.entry_id, name)

    def records(self, home: HomeAssistant) -> list[Json]:
        """Return what the journal has on disk, oldest first."""
        storage = home.folder / ".storage"
        files = sorted(storage.glob(f"{DOMAIN}.{self.entry_id}.????-??"))
        return [
            record for file in files for record in home.stored(file.name)["records"]
        ]

    async def _routines(self) -> set[str]:
        listed = await self.client.call(
            "config_entries/subentries/list", entry_id=self.entry_id
        )
        return {
            item["subentry_id"] for item in listed if item["subentry_type"] == ROUTINE
        }


async def _entity(client: Client, owner: str, name: str) -> str:
    """Return the entity id of what is registered under a domain and a key.

    Waits for it: a routine that was just added comes with a reload of its mat.
    """
    domain, _, key = name.partition(".")
    wanted = (domain, f"{owner}_{key}")
    ours: dict[tuple[str, str], str] = {}
    try:
        async with asyncio.timeout(SET_UP_LIMIT):
            while True:
                ours = {
                    (item["entity_id"].partition(".")[0], item["unique_id"]): item[
                        "entity_id"
                    ]
                    for item in await client.call("config/entity_registry/list")
                    if item["platform"] == DOMAIN
                }
                if (entity_id := ours.get(wanted)) in client.states:
                    assert entity_id
                    return entity_id
                # A change that came while the list was on its way is not told again.
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"no entity {wanted} among {sorted(ours)}") from None
