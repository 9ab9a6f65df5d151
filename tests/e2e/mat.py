"""A mat and its routines, set up through the forms that people see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from .client import Client
from .flows import config_flow, continue_subentry_flow, subentry_flow
from .home_assistant import DOMAIN

ROUTINE: Final = "routine"


@dataclass(frozen=True, slots=True)
class Routine:
    """A routine of a mat, found by its ids whatever its entities are called."""

    client: Client
    id: str

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
        """Go through the forms of a routine: the first one that is shown, or a new one."""
        before = await self._routines()
        steps = ({"kind": kind, "name": name}, room)
        if not before and self.first_flow:
            await continue_subentry_flow(self.client, self.first_flow, *steps)
        else:
            await subentry_flow(self.client, self.entry_id, ROUTINE, *steps)
        (new,) = await self._routines() - before
        return Routine(self.client, new)

    async def entity(self, name: str) -> str:
        """Return the id of one of the mat's entities, such as sensor.phase."""
        return await _entity(self.client, self.entry_id, name)

    async def _routines(self) -> set[str]:
        listed = await self.client.call(
            "config_entries/subentries/list", entry_id=self.entry_id
        )
        return {
            item["subentry_id"] for item in listed if item["subentry_type"] == ROUTINE
        }


async def _entity(client: Client, owner: str, name: str) -> str:
    """Return the entity id of what is registered under a domain and a key."""
    domain, _, key = name.partition(".")
    ours = {
        (item["entity_id"].partition(".")[0], item["unique_id"]): item["entity_id"]
        for item in await client.call("config/entity_registry/list")
        if item["platform"] == DOMAIN
    }
    wanted = (domain, f"{owner}_{key}")
    if wanted not in ours:
        raise AssertionError(f"no entity {wanted} among {sorted(ours)}")
    entity_id: str = ours[wanted]
    return entity_id
