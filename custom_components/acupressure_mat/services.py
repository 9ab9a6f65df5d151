"""Actions on routines, resolved by us: a wrong target is an error, not silence."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)
import voluptuous as vol

from .const import DOMAIN
from .coordinator import SessionCoordinator
from .entity import source_of
from .errors import translated
from .journal_services import async_setup_journal_services, duration
from .permissions import async_check_permission
from .session.session import HEALTH_REASONS, Reason, SessionError

ATTR_DURATION = "duration"
ATTR_REASON = "reason"
SHORTEST_REHEARSAL = timedelta(seconds=5)
LONGEST_REHEARSAL = timedelta(minutes=5)

# A routine of a mat: where it runs and its id.
type Routine = tuple[SessionCoordinator, str]


def _mistake(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )


async def _routines(call: ServiceCall) -> list[Routine]:
    """Return the routines that a call is for.

    Raises a translated error for an entity that is none of ours, for a target that
    does not exist, and for one without a routine.
    """
    hass = call.hass
    selected = async_extract_referenced_entity_ids(hass, TargetSelection(call.data))
    for missing in (
        selected.missing_devices,
        selected.missing_areas,
        selected.missing_floors,
        selected.missing_labels,
    ):
        if missing:
            raise _mistake("target_not_found", target=", ".join(sorted(missing)))
    registry = er.async_get(hass)
    found: dict[str, Routine] = {}
    for entity_id in sorted(selected.referenced | selected.indirectly_referenced):
        routine = _routine_of(hass, registry.async_get(entity_id))
        if routine is not None:
            found[entity_id] = routine
        elif entity_id in selected.referenced:
            raise _mistake("wrong_target", entity=entity_id)
    if not found:
        raise _mistake("no_target")
    # Who ends a session because it hurts is refused by nobody.
    if call.data.get(ATTR_REASON) not in HEALTH_REASONS:
        await async_check_permission(hass, call.context, found, POLICY_CONTROL)
    return list(found.values())


def _routine_of(hass: HomeAssistant, entity: er.RegistryEntry | None) -> Routine | None:
    """Return the routine whose switch an entity is."""
    if entity is None or entity.platform != DOMAIN or entity.domain != "switch":
        return None
    entry = hass.config_entries.async_get_entry(entity.config_entry_id or "")
    routine_id = entity.config_subentry_id
    if entry is None or routine_id is None:
        return None
    if entry.state is not ConfigEntryState.LOADED:
        raise _mistake("mat_not_loaded", mat=entry.title)
    return entry.runtime_data, routine_id


async def _each(routines: list[Routine], change: Callable[[Routine], None]) -> None:
    """Change each; one that refuses holds up no other, but its refusal is raised.

    Whoever called may look at our entities then: they tell of the change.
    """
    refusals: list[SessionError] = []
    for routine in routines:
        try:
            change(routine)
        except SessionError as refusal:
            refusals.append(refusal)
    for coordinator, _ in routines:
        await coordinator.happenings.async_told()
    with translated():
        if refusals:
            raise refusals[0]


async def _to_start(call: ServiceCall) -> list[Routine]:
    """Return the targeted routines, one a mat."""
    routines = await _routines(call)
    if len({id(coordinator) for coordinator, _ in routines}) < len(routines):
        raise _mistake("several_routines")
    return routines


async def _start(call: ServiceCall) -> None:
    def start(routine: Routine) -> None:
        coordinator, routine_id = routine
        coordinator.async_start(
            routine_id,
            call.data.get(ATTR_DURATION),
            source=source_of(call.context),
            context=call.context,
        )

    await _each(await _to_start(call), start)


async def _rehearse(call: ServiceCall) -> None:
    within: timedelta = call.data[ATTR_DURATION]
    if not SHORTEST_REHEARSAL <= within <= LONGEST_REHEARSAL:
        raise _mistake(
            "rehearsal_out_of_range",
            minimum=f"{SHORTEST_REHEARSAL.total_seconds():.0f}",
            maximum=f"{LONGEST_REHEARSAL.total_seconds():.0f}",
        )

    def rehearse(routine: Routine) -> None:
        coordinator, routine_id = routine
        coordinator.async_rehearse(routine_id, within, context=call.context)

    await _each(await _to_start(call), rehearse)


def _on_running(
    change: Callable[[SessionCoordinator, ServiceCall], None], *, after: bool = False
) -> Callable[[ServiceCall], Coroutine[Any, Any, None]]:
    """Return a handler for the sessions of the targeted routines.

    Of several routines those that run are meant; `after` counts as running where
    asked for.
    """

    async def handle(call: ServiceCall) -> None:
        running = [
            (coordinator, routine_id)
            for coordinator, routine_id in await _routines(call)
            if (session := coordinator.data if after else coordinator.session)
            and session.routine.id == routine_id
        ]
        if not running:
            raise _mistake("not_running")
        await _each(running, lambda routine: change(routine[0], call))

    return handle


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not a mat is loaded."""
    async_setup_journal_services(hass)
    optional_duration = {vol.Optional(ATTR_DURATION): duration}
    required_duration = {vol.Required(ATTR_DURATION): duration}
    reason = {
        vol.Optional(ATTR_REASON, default=Reason.ENOUGH.value): vol.All(
            cv.string, vol.Coerce(Reason)
        )
    }
    handlers: tuple[tuple[str, Any, dict[Any, Any]], ...] = (
        ("start_session", _start, optional_duration),
        ("pause_session", _on_running(lambda c, _: c.async_pause()), {}),
        ("resume_session", _on_running(lambda c, _: c.async_resume()), {}),
        (
            "extend_session",
            _on_running(lambda c, call: c.async_extend(call.data[ATTR_DURATION])),
            required_duration,
        ),
        ("skip_phase", _on_running(lambda c, _: c.async_skip_phase(), after=True), {}),
        (
            "stop_session",
            _on_running(lambda c, call: c.async_stop(call.data[ATTR_REASON])),
            reason,
        ),
        ("rehearse_session", _rehearse, required_duration),
    )
    for name, handler, fields in handlers:
        hass.services.async_register(
            DOMAIN, name, handler, schema=cv.make_entity_service_schema(fields)
        )
