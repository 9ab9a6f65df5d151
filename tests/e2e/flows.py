"""Config flows and subentry flows, filled in as the frontend does it.

A form is answered by the names of its fields, wherever a section may have put them.
A field without an answer is sent with what the form proposes, as it is when a person
leaves it alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .client import Client, Json

CONFIG_FLOWS: Final = "/api/config/config_entries/flow"
SUBENTRY_FLOWS: Final = "/api/config/config_entries/subentries/flow"

_WAITING: Final = ("form", "menu")

type Answers = Mapping[str, object]


class FlowRefused(Exception):
    """A form came back with errors, or a flow was aborted."""

    def __init__(self, step: str, errors: Mapping[str, str]) -> None:
        """Keep the step and the translation key of each error, by field."""
        self.step = step
        self.errors = dict(errors)
        super().__init__(f"{step}: {self.errors}")


@dataclass(frozen=True, slots=True)
class Finished:
    """What a flow made."""

    result: Json
    menus: Mapping[str, list[str]]
    """The choices that each menu on the way offered."""

    @property
    def entry_id(self) -> str:
        """Return the id of the config entry that was made."""
        entry_id: str = self.result["result"]["entry_id"]
        return entry_id

    @property
    def next_flow(self) -> str | None:
        """Return the id of the flow that the frontend shows next, if there is one."""
        following = self.result.get("next_flow")
        return following[1] if following else None


async def config_flow(
    client: Client,
    handler: str,
    *steps: Answers | str,
    reconfigure: str | None = None,
) -> Finished:
    """Go through a config flow with the answers of each step in turn.

    A string chooses from a menu. With `reconfigure`, the id of the entry to change.
    """
    start: Json = {"handler": handler, "show_advanced_options": False}
    if reconfigure:
        start["entry_id"] = reconfigure
    step = await client.request("POST", CONFIG_FLOWS, start)
    return await _go_through(client, CONFIG_FLOWS, step, steps)


async def subentry_flow(
    client: Client,
    entry_id: str,
    kind: str,
    *steps: Answers | str,
    reconfigure: str | None = None,
) -> Finished:
    """Go through a subentry flow; `reconfigure` is the subentry to change."""
    start: Json = {"handler": [entry_id, kind]}
    if reconfigure:
        start["subentry_id"] = reconfigure
    step = await client.request("POST", SUBENTRY_FLOWS, start)
    return await _go_through(client, SUBENTRY_FLOWS, step, steps)


async def continue_subentry_flow(
    client: Client, flow_id: str, *steps: Answers | str
) -> Finished:
    """Go through a subentry flow that another flow has started."""
    step = await client.request("GET", f"{SUBENTRY_FLOWS}/{flow_id}")
    return await _go_through(client, SUBENTRY_FLOWS, step, steps)


async def _go_through(
    client: Client, url: str, step: Json, steps: tuple[Answers | str, ...]
) -> Finished:
    menus: dict[str, list[str]] = {}
    try:
        for answers in steps:
            if step["type"] not in _WAITING:
                raise AssertionError(f"the flow ended before it was told {answers!r}")
            name: str = step["step_id"]
            data = _answer(step, answers)
            if step["type"] == "menu":
                menus[name] = list(step["menu_options"])
            step = await client.request("POST", f"{url}/{step['flow_id']}", data)
            if step.get("errors"):
                raise FlowRefused(name, step["errors"])
            # Reconfiguring ends in an abort that tells of its success.
            if step["type"] == "abort" and step["reason"] != "reconfigure_successful":
                raise FlowRefused(name, {"abort": step["reason"]})
        if step["type"] in _WAITING:
            raise AssertionError(f"the flow waits for an answer to {step['step_id']}")
    finally:
        if step["type"] in _WAITING:
            await client.request("DELETE", f"{url}/{step['flow_id']}")
    return Finished(step, menus)


def _answer(step: Json, answers: Answers | str) -> Json:
    """Return what the frontend sends when a person answers a step."""
    if isinstance(answers, str):
        if answers not in step.get("menu_options", ()):
            raise AssertionError(f"step {step['step_id']} has no choice {answers}")
        return {"next_step_id": answers}
    unused = set(answers)
    data = _fill_in(step["data_schema"], answers, unused)
    if unused:
        raise AssertionError(
            f"step {step['step_id']} has no field {', '.join(sorted(unused))}, only"
            f" {', '.join(_field_names(step['data_schema']))}"
        )
    return data


def _fill_in(schema: list[Json], answers: Answers, unused: set[str]) -> Json:
    """Return what the frontend would send for a form."""
    filled: Json = {}
    for field in schema:
        name = field["name"]
        if field.get("type") == "expandable":
            filled[name] = _fill_in(field["schema"], answers, unused)
        elif name in answers:
            unused.discard(name)
            filled[name] = answers[name]
        else:
            proposed = _proposed(field)
            if proposed is not None:
                filled[name] = proposed
    return filled


def _proposed(field: Json) -> Any:
    """Return what a form has in a field before a person touches it."""
    suggested = (field.get("description") or {}).get("suggested_value")
    if suggested is not None:
        return suggested
    if "default" not in field and field.get("required") and _is_checkbox(field):
        return False
    return field.get("default")


def _is_checkbox(field: Json) -> bool:
    """Tell whether a person can only choose between yes and no."""
    return field.get("type") == "boolean" or "boolean" in field.get("selector", ())


def _field_names(schema: list[Json]) -> list[str]:
    names: list[str] = []
    for field in schema:
        if field.get("type") == "expandable":
            names += _field_names(field["schema"])
        else:
            names.append(field["name"])
    return names
