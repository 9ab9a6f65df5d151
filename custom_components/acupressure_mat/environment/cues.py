"""Home Assistant's states as cues, and when two of them are the same in practice."""

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any, TypeGuard

from homeassistant.components.light import (
    ATTR_BRIGHTNESS,
    ATTR_COLOR_TEMP_KELVIN,
    ATTR_MAX_COLOR_TEMP_KELVIN,
    ATTR_MIN_COLOR_TEMP_KELVIN,
    DOMAIN as LIGHT_DOMAIN,
)
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State, split_entity_id
from homeassistant.helpers.group import expand_entity_ids

from ..session.routine import Cue

# A bulb that counts to 254, or in percent, gives 126 or 125 back for 127.
BRIGHTNESS_TOLERANCE = 3
# Bulbs round colour temperature to whole mireds, some to a coarser grid.
MIRED_TOLERANCE = 6
# 0.29 comes back as 0.28 from a player that counts in percent and rounds down.
VOLUME_TOLERANCE = 0.0151

# What a snapshot keeps of each domain besides the state itself.
KEPT = {
    LIGHT_DOMAIN: (
        ATTR_BRIGHTNESS,
        "color_mode",
        ATTR_COLOR_TEMP_KELVIN,
        "hs_color",
        "rgb_color",
        "rgbw_color",
        "rgbww_color",
        "xy_color",
        "effect",
    ),
    "fan": ("percentage", "preset_mode"),
    "humidifier": ("humidity", "mode"),
    "media_player": ("volume_level", "is_volume_muted", "source"),
}

# Those of them that are numbers, or consist of some.
NUMBERS = frozenset(
    {
        ATTR_BRIGHTNESS,
        ATTR_COLOR_TEMP_KELVIN,
        "percentage",
        "humidity",
        "volume_level",
    }
)
COLOURS = frozenset({"hs_color", "rgb_color", "rgbw_color", "rgbww_color", "xy_color"})


def number(value: object) -> float | None:
    """Return a number that a device tells, also as text; None of anything else."""
    try:
        found = value if isinstance(value, int | float) else float(str(value))
    except ValueError:
        return None
    return found if isfinite(found) else None


def _plain(attribute: str, value: Any) -> Any:
    """Return what an attribute says as what it ought to be; None if it is not that."""
    if attribute in NUMBERS:
        found = number(value)
        # No white is of zero kelvin.
        return found if found or attribute != ATTR_COLOR_TEMP_KELVIN else None
    if attribute in COLOURS:
        is_one = isinstance(value, list | tuple) and None not in map(number, value)
        return value if is_one else None
    return value


def is_there(state: State | None) -> TypeGuard[State]:
    """Return whether a device answers at all."""
    return state is not None and state.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN)


def cue_of(state: State) -> Cue:
    """Return how a device is, with the attributes that can be put back."""
    kept = KEPT.get(state.domain, ())
    return Cue(
        entity_id=state.entity_id,
        state=state.state,
        attributes={
            key: value
            for key in kept
            if (value := _plain(key, state.attributes.get(key))) is not None
        },
    )


def members(hass: HomeAssistant, entity_ids: Iterable[str]) -> list[str]:
    """Return the devices behind groups, groups in groups and lights that are groups.

    Each once and in order. A group keeps one colour for many bulbs; only its members
    can be put back as they were.
    """
    seen: set[str] = set()

    def walk(entity_ids: Iterable[str]) -> Iterator[str]:
        for entity_id in _expanded(hass, entity_ids):
            if entity_id in seen:
                continue
            seen.add(entity_id)
            state = hass.states.get(entity_id)
            inner = state.attributes.get(ATTR_ENTITY_ID) if state else None
            if isinstance(inner, list | tuple) and inner:
                yield from walk(inner)
            else:
                yield entity_id

    return list(walk(entity_ids))


def _expanded(hass: HomeAssistant, entity_ids: Iterable[Any]) -> list[str]:
    try:
        return expand_entity_ids(hass, entity_ids)
    except RecursionError:
        # Two groups name each other; one after the other, they come to an end.
        return [entity_id for entity_id in entity_ids if isinstance(entity_id, str)]


def within_reach(cue: Cue, state: State | None) -> Cue:
    """Return the cue as this bulb can show it: its white goes only so far."""
    kelvin = cue.attributes.get(ATTR_COLOR_TEMP_KELVIN)
    if kelvin is None or state is None:
        return cue
    least, most = (
        number(state.attributes.get(end))
        for end in (ATTR_MIN_COLOR_TEMP_KELVIN, ATTR_MAX_COLOR_TEMP_KELVIN)
    )
    kelvin = max(kelvin, least or kelvin)
    kelvin = min(kelvin, most or kelvin)
    attributes = {**cue.attributes, ATTR_COLOR_TEMP_KELVIN: kelvin}
    return Cue(entity_id=cue.entity_id, state=cue.state, attributes=attributes)


def domain_of(entity_id: str) -> str:
    """Return the domain of an entity id."""
    return split_entity_id(entity_id)[0]


def is_near(attribute: str, found: Cue, cue: Cue) -> bool:
    """Return whether a light's brightness or white is as asked, or was not asked."""
    is_, asked = found.attributes.get(attribute), cue.attributes.get(attribute)
    if is_ is None or asked is None:
        return True
    if attribute == ATTR_COLOR_TEMP_KELVIN:
        return bool(abs(1e6 / is_ - 1e6 / asked) <= MIRED_TOLERANCE)
    return bool(abs(is_ - asked) <= BRIGHTNESS_TOLERANCE)


def between(value: float, one: float | None, other: float | None, by: float) -> bool:
    """Return whether a value lies between two others, give or take `by`."""
    ends = [end for end in (one, other) if end is not None]
    return not ends or min(ends) - by <= value <= max(ends) + by


def light_between(found: Cue, origin: Cue, wanted: Cue) -> bool:
    """Return whether a light is on its way from one cue to another, or at one."""
    if found.state not in (origin.state, wanted.state):
        return False
    if not found.is_on:
        return True
    # On its way from or to darkness a bulb may show any level in between.
    ends: list[Any] = [
        cue.attributes.get(ATTR_BRIGHTNESS) if cue.is_on else 0
        for cue in (origin, wanted)
    ]
    brightness = found.attributes.get(ATTR_BRIGHTNESS)
    if brightness is not None and not between(
        brightness, ends[0], ends[1], by=BRIGHTNESS_TOLERANCE
    ):
        return False
    if not origin.is_on:
        # It comes from whatever colour it had when it was last on.
        return True
    return _colour_between(found, origin, wanted)


def _colour_between(found: Cue, origin: Cue, wanted: Cue) -> bool:
    kelvin = found.attributes.get(ATTR_COLOR_TEMP_KELVIN)
    whites = [
        cue.attributes[ATTR_COLOR_TEMP_KELVIN]
        for cue in (origin, wanted)
        if cue.attributes.get(ATTR_COLOR_TEMP_KELVIN)
    ]
    if kelvin and whites:
        mireds = [1e6 / white for white in whites]
        return between(1e6 / kelvin, min(mireds), max(mireds), by=MIRED_TOLERANCE)
    hue = found.attributes.get("hs_color")
    hues = [
        cue.attributes["hs_color"]
        for cue in (origin, wanted)
        if cue.attributes.get("hs_color")
    ]
    # A colour bulb shows a white that we asked for as a hue of its own.
    if kelvin or whites or not hue or not hues:
        return True
    return any(
        min(abs(hue[0] - own[0]), 360 - abs(hue[0] - own[0])) <= 10
        and abs(hue[1] - own[1]) <= 10
        for own in hues
    )
