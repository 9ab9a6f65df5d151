"""The switch of a routine: on starts a session, off finishes and keeps it."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import MINUTE
from .coordinator import MatConfigEntry, SessionCoordinator
from .entity import RoutineEntity, async_add_to_routines, source_of
from .errors import translated
from .session.session import Session

PARALLEL_UPDATES = 0
SESSION = SwitchEntityDescription(key="session", translation_key="session")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MatConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a switch for each routine."""
    await async_add_to_routines(
        entry,
        async_add_entities,
        lambda subentry: SessionSwitch(entry.runtime_data, subentry, SESSION),
    )


class SessionSwitch(RoutineEntity, SwitchEntity):
    """On while a session of the routine runs, from prepare to the end of wind_down."""

    # All of them, so that a session costs the recorder as little as it can.
    _unrecorded_attributes = frozenset(
        {"kind", "started_at", "finishes_at", "paused_at", "planned_minutes", "phases"}
    )

    def __init__(
        self,
        coordinator: SessionCoordinator,
        subentry: ConfigSubentry,
        description: SwitchEntityDescription,
    ) -> None:
        """Start sessions of a routine."""
        super().__init__(coordinator, subentry, description)
        # Read now, it is known at the first tap.
        self._kind = coordinator.routine(subentry.subentry_id).kind

    @property
    @override
    def is_on(self) -> bool:
        return self.coordinator.session_of(self.routine_id) is not None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        session = self.coordinator.data
        mine = session is not None and session.routine.id == self.routine_id
        # By its kind a card tells the routines apart at a glance.
        return {"kind": self._kind, **attributes(session if mine else None)}

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Start a session; one of this routine that runs goes on undisturbed."""
        if self.is_on:
            return
        with translated():
            self.coordinator.async_start(
                self.routine_id, source=source_of(self._context), context=self._context
            )
        await self.coordinator.happenings.async_told()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Finish the session and keep it."""
        if self.is_on:
            with translated():
                self.coordinator.async_stop()
        await self.coordinator.happenings.async_told()


def attributes(session: Session | None) -> dict[str, Any]:
    """Return the timeline that a card draws from; it changes only when that does.

    `phases` end at absolute moments that include finished pauses; while the session
    is paused they are to be read against `paused_at`.
    """
    if session is None:
        return {
            "started_at": None,
            "finishes_at": None,
            "paused_at": None,
            "planned_minutes": None,
            "phases": [],
        }
    origin = session.started_at + session.paused
    return {
        "started_at": session.started_at,
        "finishes_at": session.finishes_at,
        "paused_at": session.paused_at if session.is_paused else None,
        "planned_minutes": round(session.planned / MINUTE, 2),
        "phases": [
            {"phase": name, "ends_at": origin + end} for name, end in session.timeline()
        ],
    }
