"""The pages say what the code does, of all that it offers, and lead somewhere."""

from collections.abc import Iterator
from pathlib import Path
import re
import runpy
from typing import Any

from homeassistant.components.automation.config import (
    AUTOMATION_BLUEPRINT_SCHEMA,
    async_validate_config_item,
)
from homeassistant.components.blueprint.models import Blueprint, BlueprintInputs
from homeassistant.components.recorder import CONFIG_SCHEMA as RECORDER_SCHEMA
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.script import Script
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
import yaml

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.session.insights import SENTENCES

from .home import Home, add_mat, coordinator_of, routine
from .source import INTEGRATION, read_json

ROOT = INTEGRATION.parents[1]
DOCS = ROOT / "docs"
BLUEPRINTS = ROOT / "blueprints/automation/acupressure_mat"
SCRIPT = runpy.run_path(str(ROOT / "scripts/lib/reference_pages.py"))
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
# What users read; decisions are for those who change the code.
FOR_USERS = sorted([ROOT / "README.md", *DOCS.glob("*.md")])
ENGLISH: dict[str, Any] = read_json("translations/en.json")


def read_yaml(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text())
    return found


def title(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# -- tables --------------------------------------------------------------------


def test_tables_are_those_of_the_code() -> None:
    """If not: .venv/bin/python scripts/lib/reference_pages.py."""
    pages = SCRIPT["pages"]()
    assert len(pages) >= 4
    for path, text in pages.items():
        assert path.read_text() == text, title(path)


def test_each_table_is_on_a_page() -> None:
    """One that is nowhere is not read either."""
    marks = {
        mark["name"].partition(".")[0]
        for path in PAGES
        for mark in SCRIPT["MARK"].finditer(path.read_text())
    }
    assert marks == set(SCRIPT["TABLES"])


async def test_entities_are_those_that_there_are(
    hass: HomeAssistant, home: Home
) -> None:
    """With the ones that are disabled at first; and each is described."""
    await add_mat(hass)
    registered = {
        (e.domain, e.translation_key, e.disabled_by is None)
        for e in er.async_get(hass).entities.values()
        if e.platform == DOMAIN
    }
    listed = [row for rows in SCRIPT["described"]().values() for row in rows]
    assert set(listed) == registered
    assert len(listed) == len(registered)
    known = read_yaml(DOCS / "entities.yaml")["entities"]
    assert {f"{domain}.{key}" for domain, key, _ in listed} == set(known)


async def test_events_carry_what_is_listed(
    hass: HomeAssistant, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that an automation may use, and nothing that it would miss."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)
    await add_mat(hass, routine(session={"duration": 5}), goal=1, experience="some")
    changes = async_capture_events(hass, "state_changed")
    for start in ("2026-11-20 20:00:00", "2026-11-21 20:00:00"):
        await hass.services.async_call(
            DOMAIN,
            "add_record",
            {"start": start, "duration": {"minutes": 10}},
            blocking=True,
        )
    await home.start()
    await home.wait(minutes=7)
    await hass.services.async_call(
        DOMAIN,
        "rate_session",
        {
            "pain_before": 3,
            "pain_after": 8,
            "tension": 5,
            "relaxation": 5,
            "sleep": 5,
        },
        blocking=True,
    )
    told: dict[str, set[str]] = {"session": set(), "practice": set()}
    types: set[str] = set()
    for change in changes:
        state = change.data["new_state"]
        if state is not None and state.domain == "event":
            of = "practice" if "practice" in state.entity_id else "session"
            types.add(state.attributes["event_type"])
            told[of] |= set(state.attributes) - {
                *("event_type", "event_types", "friendly_name", "icon")
            }
    known = read_yaml(DOCS / "entities.yaml")
    assert types >= {"completed", "rated", "plan_changed", "goal_reached"}
    assert told == {of: set(keys) for of, keys in known["data"].items()}


def test_event_types_are_described() -> None:
    """Each that there is, and none that there was."""
    named = {
        key: set(texts["state_attributes"]["event_type"]["state"])
        for key, texts in ENGLISH["entity"]["event"].items()
    }
    told = read_yaml(DOCS / "entities.yaml")["events"]
    assert {key: set(types) for key, types in told.items()} == named


# -- names ---------------------------------------------------------------------


type Name = tuple[str, str]


def in_automations() -> Iterator[Name]:
    for kind in ("services", "triggers", "conditions"):
        for key, about in read_yaml(INTEGRATION / f"{kind}.yaml").items():
            if not key.startswith("."):
                yield kind, f"`{DOMAIN}.{key}`"
                for field in about.get("fields", {}):
                    yield f"field of {key}", f"`{field}`"


def of_entities() -> Iterator[Name]:
    for domain, entities in ENGLISH["entity"].items():
        for key, about in entities.items():
            yield domain, f"`{key}`"
            yield domain, about["name"]
            attributes = about.get("state_attributes", {})
            for attribute in attributes.keys() - {"event_type"}:
                yield f"attribute of {domain}.{key}", f"`{attribute}`"
            for event_type in attributes.get("event_type", {}).get("state", {}):
                yield f"event of {key}", f"`{event_type}`"


def in_dialogs() -> Iterator[Name]:
    for kind in ("issues", "exceptions"):
        for key in ENGLISH[kind]:
            yield kind, f"`{key}`"
    routines = ENGLISH["config_subentries"]["routine"]["step"]
    for step in (
        *ENGLISH["config"]["step"].values(),
        *routines.values(),
        *routines["room"]["sections"].values(),
    ):
        for label in step.get("data", {}).values():
            yield "field of the set-up", f"| {label} |"


def elsewhere() -> Iterator[Name]:
    panel = ENGLISH["config_panel"]
    for key, label in panel["card"].items():
        field = re.fullmatch(r"editor_(?!show_)(\w+?)(_help)?", key)
        if field and not field[2]:
            yield "field of the card", f"| {label} | `{field[1]}` |"
        elif field is None and key.startswith("editor_"):
            yield "choice of the card", f"*{label}*"
    for key in ("start", "later", "not_today", "pause", "resume", "extend", "finish"):
        yield "button of a notification", panel["notification"][key]
    for view in ("tonight", "routines", "history", "statistics", "logbook"):
        yield "view of the dashboard", f"*{panel['dashboard'][view]}*"


def names() -> Iterator[Name]:
    """Yield every name that a user may write or see, with what it is."""
    yield from in_automations()
    yield from of_entities()
    yield from in_dialogs()
    yield from elsewhere()


TEXT = "\n".join(path.read_text() for path in FOR_USERS)


def test_every_name_is_in_the_pages() -> None:
    """What nobody finds is not used."""
    missing = {name for name in names() if name[1] not in TEXT}
    assert missing == set()


def test_every_name_in_the_pages_is_one() -> None:
    """A page that promises what is gone is worse than none."""
    known = {name.strip("`") for _, name in in_automations()}
    written = set(re.findall(rf"(?<![\w/.]){DOMAIN}\.\w+", TEXT))
    assert written - known == set()


def test_what_insights_say_is_explained() -> None:
    """A key without a meaning is of no use to whoever makes a card of it."""
    part = (DOCS / "practice.md").read_text().partition("### What you read\n")[2]
    rows = re.findall(r"^\| (`.+`) \|", part.partition("\n### ")[0], re.MULTILINE)
    keys = [key for row in rows for key in re.findall(r"`(\w+)`", row)]
    assert sorted(keys) == sorted(SENTENCES | {"sentence"})


# -- examples ------------------------------------------------------------------

BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
BLOCKS = [
    pytest.param(block, id=f"{title(path)}-{number}")
    for path in FOR_USERS
    for number, block in enumerate(BLOCK.findall(path.read_text()))
]


def assert_fills_a_blueprint(given: dict[str, Any]) -> None:
    """Each input that it asks for, and none that it does not know."""
    file = BLUEPRINTS / Path(given["use_blueprint"]["path"]).name
    inputs = BlueprintInputs(
        Blueprint(
            load_yaml_dict(str(file)),
            expected_domain="automation",
            schema=AUTOMATION_BLUEPRINT_SCHEMA,
        ),
        given,
    )
    inputs.validate()
    assert set(inputs.inputs) <= set(inputs.blueprint.inputs)


@pytest.mark.parametrize("block", BLOCKS)
async def test_an_example_is_taken(hass: HomeAssistant, home: Home, block: str) -> None:
    """By Home Assistant's own reading of it."""
    assert await async_setup_component(hass, DOMAIN, {})
    given = yaml.safe_load(block)
    if "triggers" in given:
        config = await async_validate_config_item(hass, "example", given)
        assert config is not None
        assert config.validation_status == "ok", config.validation_error
    elif "action" in given or "sequence" in given:
        cv.SCRIPT_SCHEMA(given.get("sequence", [given]))
    elif "use_blueprint" in given:
        assert_fills_a_blueprint(given)
    elif "recorder" in given:
        RECORDER_SCHEMA(given)
    else:
        # Cards and dashboards: the frontend's business. Anything else is mistyped.
        assert {"type", "strategy"} & set(given)


async def test_each_entity_has_an_example(hass: HomeAssistant, home: Home) -> None:
    """By the id that it has on the page's mat; and no other id is in one."""
    await add_mat(hass)
    ours = {
        entry.entity_id
        for entry in er.async_get(hass).entities.values()
        if entry.platform == DOMAIN
    }
    blocks = "\n".join(BLOCK.findall((DOCS / "entities.md").read_text()))
    named = set(re.findall(r"\b[a-z_]+\.(?:anna_s_mat|bedtime)_\w+", blocks))
    assert named == ours


async def test_the_examples_of_actions_work(hass: HomeAssistant, home: Home) -> None:
    """One after the other, as the page has them."""
    entry = await add_mat(hass)
    for name, text in read_yaml(DOCS / "examples.yaml").items():
        given = yaml.safe_load(text)
        sequence = cv.SCRIPT_SCHEMA(given.get("sequence", [given]))
        await Script(hass, sequence, name, DOMAIN).async_run()
        await home.settle()
        await home.wait(seconds=40)
    minutes = sorted(record.minutes for record in await home.records(entry))
    # The latest was deleted, two came in with the table.
    assert 10 in minutes
    assert 12 in minutes
    assert not coordinator_of(entry).session


def test_each_action_has_an_example() -> None:
    """No more than there are actions."""
    examples = read_yaml(DOCS / "examples.yaml")
    assert set(examples) == set(read_yaml(INTEGRATION / "services.yaml"))
    for name, text in examples.items():
        assert f"{DOMAIN}.{name}" in text


# -- links ---------------------------------------------------------------------

LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|href|srcset)=\"([^\"]+)\"")
FENCED = re.compile(r"```.*?```", re.DOTALL)


def anchors(text: str) -> set[str]:
    """Return where links can lead within a page, as GitHub makes them of headings."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        plain = re.sub(r"[^\w\- ]", "", plain.strip().lower())
        found.add(plain.replace(" ", "-"))
    return found


def broken(path: Path, text: str) -> list[str]:
    """Return the links of a page that lead nowhere in this repository."""
    found = []
    for match in LINK.finditer(FENCED.sub("", text)):
        link = match[1] or match[2]
        if re.match(r"https?://|mailto:", link):
            continue
        target, _, anchor = link.partition("#")
        other = (path.parent / target).resolve() if target else path
        if not other.exists() or (
            anchor and anchor not in anchors(text if not target else other.read_text())
        ):
            found.append(link)
    return found


@pytest.mark.parametrize("path", PAGES, ids=title)
def test_links_lead_somewhere(path: Path) -> None:
    """Pages, pictures, and headings."""
    assert broken(path, path.read_text()) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("[a](nowhere.md)", 1),
        ("# A b\n[a](#a-b) ![](docs/images/card-running.png)", 0),
        ("# A\n[a](#b)", 1),
        ("[a](docs/practice.md#nothing-of-that-name)", 1),
        ('<img src="nothing.png">', 1),
        ("```\n[a](nowhere.md)\n```", 0),
    ],
)
def test_a_broken_link_is_noticed(text: str, count: int) -> None:
    """A proof that accepts everything proves nothing."""
    assert len(broken(ROOT / "README.md", text)) == count


def test_every_picture_is_shown() -> None:
    """One that no page shows is made anew each time for nobody."""
    pictures = {path.name for path in (DOCS / "images").iterdir()}
    shown = {Path(link).name for path in PAGES for link in pictures_in(path)}
    assert pictures <= shown


def pictures_in(path: Path) -> list[str]:
    """Return what a page shows, by its address."""
    return re.findall(r"!\[[^\]]*\]\(([^)]+)\)", path.read_text())


def test_every_page_can_be_found() -> None:
    """From the README, by links alone."""
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in seen or path.suffix != ".md":
            continue
        seen.add(path)
        for match in LINK.finditer(path.read_text()):
            link = (match[1] or match[2]).partition("#")[0]
            other = (path.parent / link).resolve()
            if link and other.exists():
                waiting += sorted(other.glob("*.md")) if other.is_dir() else [other]
    assert {title(path) for path in DOCS.rglob("*.md")} <= {title(p) for p in seen}


def test_decisions_have_numbers_of_their_own() -> None:
    """Two that were written at one time: nobody knows which one a number means."""
    numbers = [path.name.partition("-")[0] for path in sorted(DOCS.glob("adr/*.md"))]
    assert sorted(set(numbers)) == numbers
