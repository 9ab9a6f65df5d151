"""Where the person of a mat is."""

from homeassistant.const import STATE_HOME, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant

from . import subentries
from .coordinator import MatConfigEntry


def is_home(hass: HomeAssistant, entry: MatConfigEntry) -> bool | None:
    """Return whether the mat's person is at home; None when nobody can tell.

    True when no person is linked.
    """
    person = subentries.person(entry)
    if person is None:
        return True
    state = hass.states.get(person)
    if state is None or state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
        return None
    return state.state == STATE_HOME
