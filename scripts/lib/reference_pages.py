"""Writes the tables of docs/ that can come from the code, between their marks.

.venv/bin/python scripts/lib/reference_pages.py
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
import json
from pathlib import Path
import re
import sys
from typing import Any

import yaml

REPO = Path(__file__).parents[2]
sys.path.insert(0, str(REPO))
DOMAIN = "acupressure_mat"
DOCS = REPO / "docs"
INTEGRATION = REPO / "custom_components" / DOMAIN
MARK = re.compile(
    r"(?P<begin><!-- table: (?P<name>[\w.]+) -->\n).*?(?P<end><!-- table: end -->)",
    re.DOTALL,
)


def _module(name: str) -> Any:
    """Return a module of the integration, which needs Home Assistant."""
    return import_module(f"custom_components.{DOMAIN}.{name}")


def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = json.loads(
        (INTEGRATION / "translations/en.json").read_text(encoding="utf-8")
    )
    return texts


def _yaml(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


def pages() -> dict[Path, str]:
    """Return each page that has such tables, as it should be now."""
    found = {}
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if MARK.search(text):
            found[path] = MARK.sub(_filled, text)
    return found


def _filled(mark: re.Match[str]) -> str:
    kind, _, argument = mark["name"].partition(".")
    lines = "\n".join(TABLES[kind](argument) if argument else TABLES[kind]())
    return f"{mark['begin']}\n{lines}\n\n{mark['end']}"


def _table(*heads: str) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"


# -- set-up --------------------------------------------------------------------


def _fields(texts: Mapping[str, Any]) -> Iterator[str]:
    """Yield a row for each field of a form, as the form itself explains it."""
    for key, name in texts["data"].items():
        yield f"| {name} | {texts['data_description'][key]} |"


def _mat() -> Iterator[str]:
    steps = _texts()["config"]["step"]
    yield from _table("Field", "What it is")
    yield from _fields(steps["user"])


def _mat_later() -> Iterator[str]:
    steps = _texts()["config"]["step"]
    first, later = steps["user"], steps["reconfigure"]
    yield from _table("Field", "What it is")
    new = {k: name for k, name in later["data"].items() if k not in first["data"]}
    yield from _fields({**later, "data": new})


def _routine() -> Iterator[str]:
    yield from _table("Field", "What it is")
    yield from _fields(_texts()["config_subentries"]["routine"]["step"]["user"])


def _section(name: str) -> Iterator[str]:
    step = _texts()["config_subentries"]["routine"]["step"]["room"]
    yield from _table("Field", "What it is")
    yield from _fields(step["sections"][name])


def _proposals() -> Iterator[str]:
    """Yield what the form proposes for each kind."""
    proposals = _module("subentries").PROPOSALS
    texts = _texts()
    kinds = texts["selector"]["kind"]["options"]
    parts = texts["config_subentries"]["routine"]["step"]["room"]["sections"]
    shown: dict[tuple[str, str], Callable[[Any], str]] = {
        ("lights", "brightness"): lambda value: f"{value} %",
        ("lights", "color_temp"): lambda value: f"{value} K",
        ("lights", "fade"): lambda value: f"{value['seconds']} s",
        ("lights", "only_dim"): lambda value: "yes" if value else "no",
        ("lights", "lights_end"): _policy,
        ("diffuser", "cap"): lambda value: f"{value} min",
        ("music", "volume"): lambda value: f"{value} %",
        ("music", "fade_in"): lambda value: f"{value} s",
        ("music", "fade_out"): lambda value: f"{value} s",
        ("music", "music_end"): _policy,
        ("speech", "cues"): lambda value: "yes" if value else "no",
    }
    yield from _table("", *kinds.values())
    for (part, field), show in shown.items():
        name = f"{parts[part]['name']}: {parts[part]['data'][field]}"
        values = [show(proposals[kind][part][field]) for kind in proposals]
        yield f"| {name} | {' | '.join(values)} |"


def _policy(value: str) -> str:
    return str(_texts()["selector"]["end_policy"]["options"][value])


# -- entities ------------------------------------------------------------------


def described() -> dict[str, list[tuple[str, str, bool]]]:
    """Return the entities of a routine and of a mat: domain, key, enabled at first."""

    def rows(*tables: tuple[str, str]) -> list[tuple[str, str, bool]]:
        found = ((domain, getattr(_module(domain), name)) for domain, name in tables)
        return [
            (domain, each.key, each.entity_registry_enabled_default)
            for domain, table in found
            for each in (table if isinstance(table, tuple) else (table,))
        ]

    return {
        "routine": rows(
            ("switch", "SESSION"),
            ("number", "DURATION"),
            ("event", "SESSION"),
        ),
        "mat": rows(
            ("binary_sensor", "SESSION"),
            ("sensor", "SENSORS"),
            ("button", "BUTTONS"),
            ("number", "NUMBERS"),
            ("calendar", "JOURNAL"),
            ("event", "PRACTICE"),
        ),
    }


def _entities(of: str) -> Iterator[str]:
    named, known = _texts()["entity"], _yaml(DOCS / "entities.yaml")["entities"]
    yield from _table("Name", "Kind", "Key", "What it shows or does")
    for domain, key, enabled in described()[of]:
        off = "" if enabled else " Disabled at first."
        yield (
            f"| {named[domain][key]['name']} | {domain.replace('_', ' ')} | `{key}` |"
            f" {known[f'{domain}.{key}']}{off} |"
        )


def _events(of: str) -> Iterator[str]:
    texts = _texts()["entity"]["event"][of]["state_attributes"]["event_type"]["state"]
    known = _yaml(DOCS / "entities.yaml")["events"][of]
    yield from _table("Type", "Shown as", "When")
    for key, name in texts.items():
        yield f"| `{key}` | {name} | {known[key]} |"


def _data(of: str) -> Iterator[str]:
    yield from _table("Attribute", "What it is")
    for key, text in _yaml(DOCS / "entities.yaml")["data"][of].items():
        yield f"| `{key}` | {text} |"


# -- actions, triggers, conditions ---------------------------------------------


def _actions(names: str) -> Iterator[str]:
    texts, found = _texts()["services"], _yaml(INTEGRATION / "services.yaml")
    examples = _yaml(DOCS / "examples.yaml")
    wanted = [
        n for n, about in found.items() if ("target" in about) == (names == "routine")
    ]
    for index, name in enumerate(wanted):
        if index:
            yield ""
        yield f"### {texts[name]['name']}"
        yield ""
        yield f"`{DOMAIN}.{name}`. {texts[name]['description']}"
        yield ""
        fields = found[name].get("fields")
        if fields:
            yield from _table("Field", "Key", "Needed", "What it is")
            for key, about in fields.items():
                text = texts[name]["fields"][key]
                yield (
                    f"| {text['name']} | `{key}` | {_needed(about)} |"
                    f" {text['description']}{_choices(about)} |"
                )
            yield ""
        yield "```yaml"
        yield from examples[name].rstrip().splitlines()
        yield "```"


def _needed(about: Mapping[str, Any]) -> str:
    if about.get("required"):
        return "yes"
    if (default := about.get("default")) is not None:
        shown = str(default).lower() if isinstance(default, bool) else default
        return f"no: {shown}"
    return "no"


def _choices(about: Mapping[str, Any]) -> str:
    """Return what a field takes, in YAML's words; nothing if it is no choice."""
    select = about.get("selector", {}).get("select") or {}
    options = [f"`{option}`" for option in select.get("options", ())]
    return f" {', '.join(options[:-1])} or {options[-1]}." if options else ""


def _automation(kind: str) -> Iterator[str]:
    texts, found = _texts()[kind], _yaml(INTEGRATION / f"{kind}.yaml")
    yield from _table("Name", "Key", "What it does", "Options")
    for key in (key for key in found if not key.startswith(".")):
        options = ", ".join(f"`{o}`" for o in found[key].get("fields", {})) or "none"
        name = texts[key]["name"]
        yield (
            f"| [{name}](#{name.lower().replace(' ', '-')}) | `{DOMAIN}.{key}` |"
            f" {texts[key]['description']} | {options} |"
        )


# -- what can go wrong ---------------------------------------------------------


def _refusals() -> Iterator[str]:
    yield from _table("Key", "What you read")
    for key, text in _texts()["exceptions"].items():
        yield f"| `{key}` | {text['message']} |"


def _repairs() -> Iterator[str]:
    yield from _table("Key", "Title", "What it means", "What you can do")
    for key, issue in _texts()["issues"].items():
        steps = issue.get("fix_flow", {}).get("step", {})
        step = next(iter(steps.values()), issue)
        options = list(step.get("menu_options", {}).values())
        if not options:
            options = list(step.get("data", {}).values()) or (
                ["Take note"] if steps else ["It goes away by itself"]
            )
        title = issue["title"].replace("{entity}", "*device*")
        yield (
            f"| `{key}` | {title} | {_plain(step['description'])} |"
            f" {'; '.join(options)} |"
        )


def _plain(text: str) -> str:
    for name in ("entity", "owner", "file"):
        text = text.replace(f"{{{name}}}", f"*{name}*")
    return text


TABLES: dict[str, Callable[..., Iterator[str]]] = {
    "mat": _mat,
    "mat_later": _mat_later,
    "routine": _routine,
    "section": _section,
    "proposals": _proposals,
    "entities": _entities,
    "events": _events,
    "data": _data,
    "actions": _actions,
    "automation": _automation,
    "refusals": _refusals,
    "repairs": _repairs,
}


if __name__ == "__main__":
    for page, now in pages().items():
        page.write_text(now, encoding="utf-8")
