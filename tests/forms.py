"""The forms of a mat and of a routine, and how a person fills them in."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigSubentry,
    SubentryFlowContext,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, section
import voluptuous as vol

from custom_components.acupressure_mat.const import DOMAIN

from .home import changed

MAT = {"name": "Anna's mat", "experience": "some", "goal": 4}
ABOUT = {"kind": "bedtime", "name": "Bedtime"}
EMPTY_ROOM: dict[str, dict[str, Any]] = {
    "lights": {},
    "diffuser": {},
    "music": {},
    "speech": {},
    "session": {},
    "phases": {},
    "schedule": {},
}
FULL_ROOM = changed(
    EMPTY_ROOM,
    {
        "lights": {
            "lights": ["light.bed"],
            "brightness": 15,
            "color_temp": 2300,
            "fade": {"seconds": 40},
            "only_dim": False,
            "lights_end": "keep",
        },
        "diffuser": {"diffusers": ["switch.diffuser"], "cap": 12, "interval": 3},
        "music": {
            "player": "media_player.radio",
            "media": {
                "entity_id": "media_player.radio",
                "media_content_id": "calm",
                "media_content_type": "music",
            },
            "volume": 25,
            "fade_in": 10,
            "fade_out": 30,
            "keep_playing": 20,
            "music_end": "off",
        },
        "speech": {"cues": True, "ask_aloud": False},
        "session": {
            "duration": 25,
            "surface": "floor",
            "body_area": "feet",
            "bell": True,
            "start_script": "script.lie_down",
            "end_script": "scene.get_up",
        },
        "phases": {
            "prepare": {"seconds": 30},
            "settle": {"minutes": 4},
            "wind_down": {"minutes": 1},
            "after": {"minutes": 10},
        },
    },
)

type Result = Mapping[str, Any]


def shown(result: Result) -> dict[str, Any]:
    """Return what a form shows filled in, defaults included, by section and field."""
    return _shown(result["data_schema"])


def _shown(schema: vol.Schema) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for marker, value in schema.schema.items():
        if isinstance(value, section):
            found[marker.schema] = _shown(value.schema)
        elif marker.description is not None:
            found[marker.schema] = marker.description["suggested_value"]
        elif not isinstance(marker.default, vol.Undefined):
            found[marker.schema] = marker.default()
    return found


def mat_of(hass: HomeAssistant, title: str = "Anna's mat") -> ConfigEntry[Any]:
    return next(
        e for e in hass.config_entries.async_entries(DOMAIN) if e.title == title
    )


def routine_of(entry: ConfigEntry[Any], title: str = "Bedtime") -> ConfigSubentry:
    return next(s for s in entry.subentries.values() if s.title == title)


async def begin_mat(hass: HomeAssistant) -> Result:
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )


async def begin_change(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Result:
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )


async def fill_in(hass: HomeAssistant, form: Result, data: dict[str, Any]) -> Result:
    """Submit the form of a mat."""
    result = await hass.config_entries.flow.async_configure(form["flow_id"], dict(data))
    await hass.async_block_till_done()
    return result


async def begin_routine(
    hass: HomeAssistant, entry: ConfigEntry[Any], title: str | None = None
) -> Result:
    """Begin to add a routine, or with a title to change that one."""
    context = SubentryFlowContext(source=SOURCE_USER)
    if title is not None:
        context = SubentryFlowContext(
            source=SOURCE_RECONFIGURE,
            subentry_id=routine_of(entry, title).subentry_id,
        )
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "routine"), context=context
    )


async def answer(
    hass: HomeAssistant, form: Result, data: dict[str, Any], *, then: str = "save"
) -> Result:
    """Submit a form of a routine; when all are filled in, choose what then."""
    flows = hass.config_entries.subentries
    result = await flows.async_configure(form["flow_id"], dict(data))
    if result["type"] is FlowResultType.MENU:
        result = await flows.async_configure(form["flow_id"], {"next_step_id": then})
    await hass.async_block_till_done()
    return result


def add_scripts(hass: HomeAssistant) -> None:
    """Have the script and the scene of the full room in the home."""
    hass.states.async_set("script.lie_down", "off")
    hass.states.async_set("scene.get_up", "unknown")
