"""Pause and extend by a press; idle, a press says that nothing runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import EXTENSION
from .coordinator import MatConfigEntry, SessionCoordinator
from .entity import MatEntity, async_add_to_mat
from .errors import translated

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class MatButtonDescription(ButtonEntityDescription):
    """A button and what it does."""

    press_fn: Callable[[SessionCoordinator], None]


def _pause_or_resume(coordinator: SessionCoordinator) -> None:
    session = coordinator.session
    if session is not None and session.is_paused:
        coordinator.async_resume()
    else:
        coordinator.async_pause()


BUTTONS = (
    MatButtonDescription(
        key="pause", translation_key="pause", press_fn=_pause_or_resume
    ),
    MatButtonDescription(
        key="extend",
        translation_key="extend",
        press_fn=lambda coordinator: coordinator.async_extend(EXTENSION),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MatConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of the mat."""
    await async_add_to_mat(
        async_add_entities, (MatButton(entry.runtime_data, d) for d in BUTTONS)
    )


class MatButton(MatEntity, ButtonEntity):
    """One of the table above."""

    entity_description: MatButtonDescription

    @override
    async def async_press(self) -> None:
        with translated():
            self.entity_description.press_fn(self.coordinator)
        await self.coordinator.happenings.async_told()
