"""Guided sessions on an acupressure mat, with the room around them."""

import asyncio

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .activity import async_tell_logbook
from .announce import Announcer
from .const import DOMAIN
from .coordinator import MatConfigEntry, SessionCoordinator
from .entity import mat_device
from .frontend import async_setup_frontend
from .issues import async_forget_named
from .journal import Journal
from .mat_sensor import async_watch_mats
from .notifications import Notifications
from .phone import Phone, async_take_away
from .reminders import Reminders, store
from .renames import async_follow_renames
from .rooms import Rooms
from .services import async_setup_services
from .statistics import async_clear
from .try_it import async_try
from .turns import async_hand_over
from .voice import async_setup_voice

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SENSOR,
    Platform.SWITCH,
]
CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up what exists once, whether or not there is a mat."""
    async_setup_services(hass)
    async_setup_voice(hass)
    await async_setup_frontend(hass)
    return True


# The two functions below return bools as long as the test plug-in is at 2026.10,
# which requires them; 2026.11 accepts them in silence.
async def async_setup_entry(hass: HomeAssistant, entry: MatConfigEntry) -> bool:
    """Set up a mat; a session that was running goes on."""
    # First: a routine that is added while this goes on would stay without entities.
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    coordinator = SessionCoordinator(hass, entry, Journal(hass, entry.entry_id))
    await coordinator.async_load()
    entry.runtime_data = coordinator
    phone = Phone(hass, entry)
    reminders = Reminders(hass, entry, phone)
    await reminders.async_load()
    announcer = Announcer(hass, entry)
    await announcer.async_load()
    # Routines refer to the mat's device, whichever platform is set up first.
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **mat_device(entry)
    )
    for platform in PLATFORMS:
        await hass.config_entries.async_forward_entry_setups(entry, [platform])
        # All entities in one go would hold up the home for the sum of them.
        await asyncio.sleep(0)
    Notifications(hass, entry, phone).async_begin()
    async_tell_logbook(hass, entry)
    announcer.async_begin()
    await asyncio.sleep(0)
    coordinator.async_resume_when_started()
    reminders.async_begin_when_started()
    async_watch_mats(hass, entry)
    async_follow_renames(hass, entry)
    async_try(hass, entry)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: MatConfigEntry) -> bool:
    """Unload a mat; a running session waits on disk, unless the mat was disabled."""
    is_disabled = entry.disabled_by is not None
    await entry.runtime_data.async_leave(release=is_disabled)
    if is_disabled:
        async_take_away(hass, entry)
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: MatConfigEntry) -> None:
    """Release what its session still holds, then forget everything of a mat."""
    await async_hand_over(hass, entry.entry_id, None)
    journal = Journal(hass, entry.entry_id)
    await journal.async_load()
    await Rooms(hass, journal).async_give_up()
    await journal.async_remove()
    async_clear(hass, entry.entry_id)
    async_forget_named(hass, entry)
    async_take_away(hass, entry)
    await store(hass, entry.entry_id).async_remove()


async def _async_reload(hass: HomeAssistant, entry: MatConfigEntry) -> None:
    await hass.config_entries.async_reload(entry.entry_id)
