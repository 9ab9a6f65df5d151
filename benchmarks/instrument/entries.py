"""Config entries made in one go, where a person would fill in many forms."""

import time
from types import MappingProxyType
from typing import Any

from homeassistant.components.timer import Timer
from homeassistant.config_entries import ConfigEntry, ConfigSubentryData
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers.entity_component import DATA_INSTANCES

MAT: dict[str, Any] = {"experience": "new", "goal": 5}
HELPERS: dict[str, dict[str, Any]] = {
    "switch": {"value_template": "{{ true }}", "turn_on": [], "turn_off": []},
    "number": {
        "state": "{{ 20 }}",
        "min": 5,
        "max": 60,
        "step": 5,
        "set_value": [],
    },
    "event": {"event_type": "{{ 'started' }}", "event_types": "{{ ['started'] }}"},
}


def _entry(domain: str, title: str, **parts: Any) -> ConfigEntry:
    return ConfigEntry(
        **{
            "data": {},
            "discovery_keys": MappingProxyType({}),
            "domain": domain,
            "minor_version": 1,
            "options": {},
            "source": "user",
            "subentries_data": (),
            "title": title,
            "unique_id": None,
            "version": 1,
            **parts,
        }
    )


def _mat(title: str, routines: list[str], room: dict[str, Any]) -> ConfigEntry:
    subentries = [
        ConfigSubentryData(
            data=MappingProxyType({"kind": "custom", **room}),
            subentry_type="routine",
            title=name,
            unique_id=None,
        )
        for name in routines
    ]
    return _entry("acupressure_mat", title, data=MAT, subentries_data=subentries)


@callback
def async_setup_entries(hass: HomeAssistant, domain: str) -> None:
    """Register what makes, reloads and removes entries."""
    entries = hass.config_entries

    async def added(*new: ConfigEntry) -> ServiceResponse:
        for entry in new:
            await entries.async_add(entry)
        return {"entry_ids": [entry.entry_id for entry in new]}

    async def add_mat(call: ServiceCall) -> ServiceResponse:
        """Add a mat with routines, which may share how their room is."""
        data = call.data
        mat = _mat(data["title"], data["routines"], data.get("room", {}))
        made = await added(mat)
        assert made is not None
        return {**made, "routines": list(mat.subentries)}

    async def add_helpers(call: ServiceCall) -> ServiceResponse:
        """Add template helpers of these kinds."""
        return await added(
            *(
                _entry(
                    "template",
                    f"Helper {number}",
                    options={
                        "template_type": kind,
                        "name": f"Helper {number}",
                        **HELPERS[kind],
                    },
                )
                for number, kind in enumerate(call.data["kinds"])
            )
        )

    async def remove(call: ServiceCall) -> None:
        for entry_id in call.data["entry_ids"]:
            await entries.async_remove(entry_id)

    async def time_set_up(call: ServiceCall) -> ServiceResponse:
        """Unload entries; return the seconds that setting them up again takes."""
        for entry_id in call.data["entry_ids"]:
            await entries.async_unload(entry_id)
        began = time.perf_counter()
        for entry_id in call.data["entry_ids"]:
            await entries.async_setup(entry_id)
        return {"seconds": time.perf_counter() - began}

    async def time_timers(call: ServiceCall) -> ServiceResponse:
        """Add so many timer helpers, which have no entry; return the seconds it takes."""
        made = [
            Timer.from_storage(
                {"id": f"bench_{n}", "name": f"Bench {n}", "duration": "0:20:00"}
            )
            for n in range(call.data["count"])
        ]
        began = time.perf_counter()
        await hass.data[DATA_INSTANCES]["timer"].async_add_entities(made)
        took = time.perf_counter() - began
        for timer in made:
            await timer.async_remove(force_remove=True)
        return {"seconds": took}

    only = SupportsResponse.ONLY
    register = hass.services.async_register
    register(domain, "add_mat", add_mat, supports_response=only)
    register(domain, "add_helpers", add_helpers, supports_response=only)
    register(domain, "remove", remove)
    register(domain, "time_set_up", time_set_up, supports_response=only)
    register(domain, "time_timers", time_timers, supports_response=only)
