"""What pages and texts say of Home Assistant, of answers and of limits is so."""

from dataclasses import fields
from datetime import timedelta
from fnmatch import fnmatch
from itertools import chain
import json
from pathlib import Path
import re
from typing import Any

import hass_frontend
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
import pytest
import yaml

from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.exchange import RATINGS
from custom_components.acupressure_mat.forms import LIMITS
from custom_components.acupressure_mat.language import Language
from custom_components.acupressure_mat.session.record import Record
from custom_components.acupressure_mat.session.routine import BodyArea, PhaseName

from .home import Home, add_mat
from .source import INTEGRATION, read_json

ROOT = INTEGRATION.parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.glob("*.md")])
LANGUAGES = sorted(path.stem for path in (INTEGRATION / "translations").glob("*.json"))


def flat(texts: dict[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in texts.items():
        path = f"{prefix}{key}"
        found |= flat(value, f"{path}.") if isinstance(value, dict) else {path: value}
    return found


def ours(language: str) -> dict[str, str]:
    """Return our texts in a language."""
    return flat(read_json(f"translations/{language}.json"))


def theirs(language: str) -> dict[str, str]:
    """Return what Home Assistant's own pages say in a language."""
    folder = Path(str(hass_frontend.where())) / "static/translations"
    parts = folder.rglob(f"{language}-{'[0-9a-f]' * 32}.json")
    texts = (flat(json.loads(part.read_text(encoding="utf-8"))) for part in parts)
    return dict(chain.from_iterable(each.items() for each in texts))


def section(page: str, heading: str) -> str:
    """Return what stands under a heading of a page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.split(r"^#+ ", text.partition(f"# {heading}\n")[2], flags=re.MULTILINE)[0]


# -- Home Assistant's own names ------------------------------------------------


def test_pages_lead_through_home_assistant_as_it_is() -> None:
    """Its developer tools were called otherwise one day, and moved into settings."""
    known = {*theirs("en").values(), *ours("en").values(), "Acupressure Mat"}
    paths = {
        (page.name, path)
        for page in PAGES
        for path in re.findall(r"\*(\w[\w ]* → [^*\n]+?)\.?\*", page.read_text("utf-8"))
    }
    assert len(paths) > 8
    assert {
        (page, step)
        for page, path in paths
        for step in path.split(" → ")
        if step not in known
    } == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_lead_through_home_assistant_as_it_is(language: str) -> None:
    """In each language under the names that its pages have in that language."""
    texts, names = ours(language), theirs(language)
    path = " → ".join(
        names[key]
        for key in (
            "panel.config",
            "ui.panel.config.dashboard.tools.main",
            "ui.panel.config.tools.tabs.statistics.title",
        )
    )
    devices = names["ui.panel.config.dashboard.devices.main"]
    told = [text for key, text in texts.items() if key.endswith("sleep_no_statistics")]
    assert len(told) == 3
    assert all(path in text for text in told)
    gone = [text for key, text in texts.items() if ".mat_not_loaded" in key]
    assert len(gone) > 1
    assert all(devices in text for text in gone)


# -- what is heard --------------------------------------------------------------


def test_what_is_heard_stands_on_the_pages() -> None:
    """Word for word, so that nobody waits for another sentence."""
    english = Language.load("en")
    page = (DOCS / "speech.md").read_text(encoding="utf-8")
    for phase in PhaseName:
        assert f"| {english.cue(phase)} |" in page
    assert english.question(BodyArea.BACK, again=False) in page
    dialogue = re.findall(
        r"^> \*\*Home:\*\* (.+)$", (DOCS / "voice.md").read_text("utf-8"), re.MULTILINE
    )
    ten, eight = (english.form("minutes", number) for number in (10, 8))
    assert dialogue == [
        english.answer("started", {"routine": "After work", "minutes": ten}),
        english.answer("left", {"minutes": eight}),
        english.answer("pain", {}),
    ]


# -- the code ------------------------------------------------------------------


def test_the_map_has_every_module() -> None:
    """Whoever looks for something new finds where it belongs."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    map_of_code = page.partition("## A map of the code\n")[2].partition("\n## ")[0]
    named = set(re.findall(r"(\w+)\.py`", map_of_code))
    modules = {path.stem for path in INTEGRATION.glob("*.py")} - {"__init__", "const"}
    assert named == modules | {"reference_pages"}


# -- limits --------------------------------------------------------------------


def test_limits_in_texts_are_those_of_the_form() -> None:
    """In words a limit is easily forgotten."""
    form = "config_subentries.routine."
    texts = ours("en")
    described = {
        field: text
        for key, text in texts.items()
        if key.startswith(f"{form}step.room.") and ".data_description." in key
        for field in (key.rpartition(".")[2],)
    }
    for field in ("prepare", "after", "fade"):
        minutes = LIMITS[field] // timedelta(minutes=1)
        assert f"Up to {minutes} minutes" in described[field]
    hours = LIMITS["before"] // timedelta(hours=1)
    assert f"Up to {hours} hours" in described["before"]
    for language in LANGUAGES:
        assert f"{hours} " in ours(language)[f"{form}error.before_too_long"]
    assert LIMITS["settle"] == LIMITS["wind_down"]
    minutes = LIMITS["settle"] // timedelta(minutes=1)
    assert f"are {minutes} minutes at most each" in section("setup.md", "Phases")


# -- answers -------------------------------------------------------------------


async def test_what_actions_return_is_on_the_page(
    hass: HomeAssistant, home: Home
) -> None:
    """Whoever writes a template finds each name there, and none that is not."""
    await add_mat(hass)

    async def answer(action: str, **data: Any) -> dict[str, Any]:
        answered = await hass.services.async_call(
            DOMAIN, action, data, blocking=True, return_response=True
        )
        assert answered is not None
        return dict(answered)

    start = {"start": "2026-11-20 21:30:00", "duration": {"minutes": 10}}
    added = await answer("add_record", **start)
    record_id = added["record"]["id"]
    bad = "start,minutes\nnever,10\n"
    answers = [
        added,
        await answer("rate_session", pain_after=3),
        await answer("update_record", record_id=record_id, surface="floor"),
        got := await answer("get_records", period="all"),
        await answer("get_insights"),
        await answer("export_records", format="csv"),
        await answer("export_records"),
        skipped := await answer("import_records", csv=bad, skip_bad_rows=True),
    ]
    told = section("actions.md", "What they return")
    table = "".join(line for line in told.splitlines() if line.startswith("|"))
    known = {field.name for field in fields(Record)}
    assert set(re.findall(r"`(\w+)`", table)) == {
        *chain.from_iterable(answers),
        *(got["records"][0].keys() - known),
        *skipped["skipped"][0],
    }
    assert known <= set(re.findall(r"`(\w+)`", told.partition("A record has")[2]))


async def test_columns_of_a_table_are_taken(hass: HomeAssistant, home: Home) -> None:
    """Those that the page names, as a spreadsheet may write them."""
    entry = await add_mat(hass)
    told = section("actions.md", "A table of your own")
    named = re.findall(r"`([a-z_]+)`", told)
    row = {
        "start": "2026-10-01 21:30",
        "minutes": "10,5",
        "routine": "Bedtime",
        "kind": "bedtime",
        "surface": "bed",
        "body_area": "neck",
        "notes": "warm",
        **dict.fromkeys(RATINGS, "4"),
    }
    assert sorted(named) == sorted(row)
    table = "\n".join(";".join(line) for line in (row, row.values()))
    await hass.services.async_call(
        DOMAIN, "import_records", {"csv": table}, blocking=True
    )
    (record,) = await home.records(entry)
    assert record.minutes == 10.5
    for name in named:
        if name not in ("start", "minutes"):
            where = record.ratings if name in RATINGS else record
            assert getattr(where, name) is not None


async def test_what_keeps_ratings_out_of_the_database_does(
    hass: HomeAssistant, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each entity that tells one, those that are disabled at first included."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)
    await add_mat(hass)
    page = (DOCS / "privacy.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    kept_out = yaml.safe_load(block)["recorder"]["exclude"]["entity_globs"]
    tells = {"practice", "pain", "worst_pain", "pain_relief"}
    assert {
        entity.translation_key
        for entity in er.async_get(hass).entities.values()
        if entity.platform == DOMAIN
        and any(fnmatch(entity.entity_id, glob) for glob in kept_out)
    } == tells
