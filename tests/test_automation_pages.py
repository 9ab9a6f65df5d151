"""The pages about automations say what the code does, in YAML that Home Assistant takes."""

from pathlib import Path
import re
from typing import Any
from urllib.parse import quote

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
import yaml

from custom_components.acupressure_mat.condition import CONDITIONS
from custom_components.acupressure_mat.const import DOMAIN
from custom_components.acupressure_mat.trigger import TRIGGERS

from .home import Home, add_mat
from .source import read_json

REPO = Path(__file__).parents[1]
PAGES = REPO / "docs"
BLUEPRINTS = REPO / "blueprints" / "automation" / DOMAIN
KINDS: dict[str, Any] = {"triggers": TRIGGERS, "conditions": CONDITIONS}
NAMES = read_json("translations/en.json")
REPOSITORY = read_json("manifest.json")["documentation"]


def sections(kind: str) -> dict[str, str]:
    """Return the sections of a page by their headings."""
    page = (PAGES / f"{kind}.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def example(section: str) -> dict[str, Any]:
    """Return the automation that a section shows."""
    (block,) = re.findall(r"```yaml\n(.*?)```", section, flags=re.DOTALL)
    automation: dict[str, Any] = yaml.safe_load(block)
    return automation


@pytest.mark.parametrize("kind", KINDS)
def test_each_has_a_section_under_the_name_that_the_editor_shows(kind: str) -> None:
    """A renamed or new trigger that no page knows."""
    found = sections(kind)
    assert list(found) == [NAMES[kind][key]["name"] for key in KINDS[kind]]
    for key, section in zip(KINDS[kind], found.values(), strict=True):
        assert f"{DOMAIN}.{key}\n" in section
        # The steps in the editor, too.
        assert "\n1. Add the " in section


@pytest.mark.parametrize("kind", KINDS)
async def test_each_example_can_be_pasted(
    hass: HomeAssistant, home: Home, kind: str
) -> None:
    """Options that were renamed, or a target of the wrong entity."""
    await add_mat(hass)
    automations = [example(section) for section in sections(kind).values()]
    assert await async_setup_component(hass, "automation", {"automation": automations})
    await hass.async_block_till_done()
    states = hass.states.async_all("automation")
    assert {state.state for state in states} == {"on"}
    assert len(states) == len(KINDS[kind])
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": "all"}, blocking=True
    )


@pytest.mark.parametrize("kind", KINDS)
async def test_each_example_names_entities_that_are_ours(
    hass: HomeAssistant, home: Home, kind: str
) -> None:
    """A target that no mat has does nothing, and nobody is told."""
    await add_mat(hass)
    for heading, section in sections(kind).items():
        (part,) = re.findall(rf"{DOMAIN}\.\w+\n(?:.*\n){{2}}", section)
        named = re.findall(r"entity_id: (\S+)", part)
        assert all(hass.states.get(name) for name in named), heading
        assert named or "area_id:" in part


@pytest.mark.parametrize(
    "file", sorted(BLUEPRINTS.glob("*.yaml")), ids=lambda f: f.stem
)
def test_each_blueprint_can_be_imported_from_the_page(file: Path) -> None:
    """A link that leads elsewhere than the file says of itself."""
    page = (REPO / "docs" / "blueprints.md").read_text(encoding="utf-8")
    link = f"{REPOSITORY}/blob/main/blueprints/automation/{DOMAIN}/{file.name}"
    assert f"]({link})" in page
    assert f"?blueprint_url={quote(link, safe='')})" in page
    assert f"source_url: {link}\n" in file.read_text(encoding="utf-8")
