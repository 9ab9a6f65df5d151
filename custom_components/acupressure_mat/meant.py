"""Which mat and which routine somebody means who does not say it all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util

from . import subentries
from .const import DOMAIN, SUBENTRY_ROUTINE
from .coordinator import MatConfigEntry, SessionCoordinator
from .session.routine import Kind
from .session.session import SessionError


class Unclear(Exception):
    """Several mats or routines may be meant; `names` are what to choose from."""

    def __init__(self, names: Iterable[str]) -> None:
        """Keep the names."""
        self.names = tuple(names)
        super().__init__(", ".join(self.names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A routine of a loaded mat."""

    coordinator: SessionCoordinator
    id: str
    name: str
    kind: Kind


def mats(hass: HomeAssistant) -> list[MatConfigEntry]:
    """Return the mats that are loaded."""
    return hass.config_entries.async_loaded_entries(DOMAIN)


def choices(hass: HomeAssistant) -> Iterator[Choice]:
    """Yield the routines of all loaded mats."""
    for entry in mats(hass):
        for subentry in entry.get_subentries_of_type(SUBENTRY_ROUTINE):
            yield Choice(
                coordinator=entry.runtime_data,
                id=subentry.subentry_id,
                name=subentry.title,
                kind=entry.runtime_data.routine(subentry.subentry_id).kind,
            )


def kind_at(local: datetime) -> Kind | None:
    """Return the kind of routine that a time of day is for; None around noon."""
    if 4 <= local.hour < 11:
        return Kind.MORNING
    if 15 <= local.hour < 20:
        return Kind.AFTER_WORK
    if local.hour >= 20 or local.hour < 4:
        return Kind.BEDTIME
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What somebody may mean: these routines, this mat if named, spoken here.

    Raises SessionError when there is nothing that could be meant, and Unclear when
    there are several.
    """

    hass: HomeAssistant
    routines: tuple[Choice, ...]
    # What was named: the id of a routine, or of a mat's entry.
    routine_id: str | None = None
    mat_id: str | None = None
    # Who speaks, and the area where, as far as it is known.
    user_id: str | None = None
    area_id: str | None = None

    def routine(self) -> Choice:
        """Return the routine to start.

        One of a mat on which a session runs already stands for that mat: starting it
        is refused, which is the answer.
        """
        if self.routine_id is not None:
            return next(c for c in self.routines if c.id == self.routine_id)
        coordinators = self._coordinators()
        if not coordinators:
            raise SessionError("no_routine")
        coordinator = self._whose(coordinators)
        if coordinator is None:
            raise Unclear(c.name for c in self._of(*coordinators))
        mine = self._of(coordinator)
        if len(mine) == 1 or coordinator.session is not None:
            return mine[0]
        kind = kind_at(dt_util.now())
        fitting = [c for c in mine if c.kind is kind]
        if len(fitting) == 1:
            return fitting[0]
        raise Unclear(c.name for c in fitting or mine)

    def running(self, *, after: bool = False) -> SessionCoordinator:
        """Return the mat whose session is meant; `after` counts where asked for."""
        running = {
            coordinator: session
            for coordinator in self._coordinators()
            if (session := coordinator.data if after else coordinator.session)
        }
        if self.routine_id is not None:
            for coordinator, session in running.items():
                if session.routine.id == self.routine_id:
                    return coordinator
            named = next(c for c in self.routines if c.id == self.routine_id)
            raise SessionError("other_not_running", routine=named.name)
        if not running:
            raise SessionError("not_running")
        theirs = self._whose(list(running))
        if theirs is None:
            raise Unclear(session.routine.name for session in running.values())
        return theirs

    async def async_told(self) -> None:
        """Return once what was done is told: whoever looks at the answer sees it."""
        for coordinator in self._coordinators():
            await coordinator.happenings.async_told()

    def hurting(self) -> list[SessionCoordinator]:
        """Return the mats to end at once; all that run if nobody can tell which."""
        running = [c for c in self._coordinators() if c.session is not None]
        coordinator = self._whose(running)
        return running if coordinator is None else [coordinator]

    def mat(self) -> SessionCoordinator:
        """Return the mat that is meant, whether or not a session runs."""
        coordinators = [
            coordinator
            for coordinator in self._coordinators()
            if self.routine_id is None
            or self.routine_id in coordinator.config_entry.subentries
        ]
        if not coordinators:
            raise SessionError("no_routine")
        running = [c for c in coordinators if c.session is not None]
        coordinator = self._whose(coordinators)
        if coordinator is None and len(running) == 1:
            return running[0]
        if coordinator is None:
            raise Unclear(c.name for c in coordinators)
        return coordinator

    def _coordinators(self) -> list[SessionCoordinator]:
        """Return the mats that may be meant, each once."""
        return list(
            dict.fromkeys(
                c.coordinator
                for c in self.routines
                if self.mat_id in (None, c.coordinator.config_entry.entry_id)
            )
        )

    def _of(self, *coordinators: SessionCoordinator) -> list[Choice]:
        return [c for c in self.routines if c.coordinator in coordinators]

    def _whose(
        self, coordinators: list[SessionCoordinator]
    ) -> SessionCoordinator | None:
        """Return the only one, or the speaker's, or the only one in the area."""
        if len(coordinators) == 1:
            return coordinators[0]
        for is_theirs in (self._is_linked, self._is_here):
            theirs = [c for c in coordinators if is_theirs(c)]
            if len(theirs) == 1:
                return theirs[0]
        return None

    def _is_linked(self, coordinator: SessionCoordinator) -> bool:
        """Return whether the speaker is the person who practises on a mat."""
        person = subentries.person(coordinator.config_entry)
        state = self.hass.states.get(person) if person else None
        return (
            state is not None
            and self.user_id is not None
            and state.attributes.get("user_id") == self.user_id
        )

    def _is_here(self, coordinator: SessionCoordinator) -> bool:
        """Return whether a mat's session, or else a routine, is in the area."""
        if self.area_id is None:
            return False
        session = coordinator.session
        return any(
            area_of_routine(self.hass, c) == self.area_id
            for c in self._of(coordinator)
            if session is None or session.routine.id == c.id
        )


def area_of_routine(hass: HomeAssistant, choice: Choice) -> str | None:
    """Return the id of the area that a routine's device is in now."""
    entry_id = choice.coordinator.config_entry.entry_id
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, choice.id), entry_id
    )
    return device.area_id if device else None


def area_of_speaker(
    hass: HomeAssistant, device_id: str | None, satellite_id: str | None = None
) -> str | None:
    """Return the id of the area in which somebody speaks to a device."""
    satellite = er.async_get(hass).async_get(satellite_id) if satellite_id else None
    if satellite is not None:
        return satellite.area_id or _area_of_device(hass, satellite.device_id)
    return _area_of_device(hass, device_id)


def _area_of_device(hass: HomeAssistant, device_id: str | None) -> str | None:
    device: Any = dr.async_get(hass).async_get(device_id) if device_id else None
    return dr.async_get_effective_area_id(hass, device) if device else None
