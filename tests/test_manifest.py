"""The manifest, as hassfest and the marketplace check it."""

import ast
from collections.abc import Iterator
import json
import re
from typing import Any
from urllib.parse import urlparse

from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration
import pytest

from custom_components.acupressure_mat.const import DOMAIN

from .source import INTEGRATION, Module, module, modules, read_json

MANIFEST = read_json("manifest.json")
ROOT = INTEGRATION.parents[1]

# What hassfest knows of a custom integration that has a config flow and no device.
REQUIRED = {
    "domain",
    "name",
    "codeowners",
    "config_flow",
    "documentation",
    "integration_type",
    "iot_class",
    "issue_tracker",
    "requirements",
    "version",
}
OPTIONAL = {
    "after_dependencies",
    "categories",
    "connectivity",
    "dependencies",
    "loggers",
    "quality_scale",
    "single_config_entry",
}
# Components that hassfest lets everybody import.
ALWAYS_THERE = {*Platform, "homeassistant", "persistent_notification", "websocket_api"}


def test_the_keys_are_known_and_sorted() -> None:
    """Domain and name first, then by the alphabet, so that a diff shows one line."""
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(set(keys) - {"domain", "name"})]
    assert set(keys) >= REQUIRED
    assert set(keys) <= REQUIRED | OPTIONAL


def test_it_names_its_folder() -> None:
    """Home Assistant looks for a domain in the folder of that name."""
    assert MANIFEST["domain"] == DOMAIN == INTEGRATION.name


def test_the_version_is_one() -> None:
    """Marketplace and HACS refuse what they cannot compare."""
    AwesomeVersion(
        MANIFEST["version"],
        ensure_strategy=[AwesomeVersionStrategy.SEMVER, AwesomeVersionStrategy.CALVER],
    )


@pytest.mark.parametrize("key", ["documentation", "issue_tracker"])
def test_links_are_ours(key: str) -> None:
    """A custom integration has no page at home-assistant.io."""
    url = urlparse(MANIFEST[key])
    assert url.scheme == "https"
    assert url.netloc
    assert "home-assistant.io" not in url.netloc


def test_owners_are_named_as_on_github() -> None:
    """Hassfest wants somebody to ask."""
    assert MANIFEST["codeowners"]
    assert all(re.fullmatch(r"@[\w-]+(/[\w-]+)?", o) for o in MANIFEST["codeowners"])


def test_it_needs_nothing() -> None:
    """Everything runs inside Home Assistant: a Raspberry Pi installs it in a second."""
    assert MANIFEST["requirements"] == []
    assert MANIFEST["iot_class"] == "calculated"
    assert MANIFEST["integration_type"] == "service"


def test_it_has_the_flow_that_it_promises() -> None:
    """And the schema that says that YAML has none."""
    assert MANIFEST["config_flow"] is True
    assert (INTEGRATION / "config_flow.py").is_file()
    assert "CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)" in (
        module("__init__").source
    )


def components(module: Module) -> Iterator[str]:
    """Yield what a module imports of Home Assistant's components, when it runs."""
    for node in _at_run_time(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module == "homeassistant.components":
                yield from (alias.name for alias in node.names)
            elif node.module.startswith("homeassistant.components."):
                yield node.module.split(".")[2]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("homeassistant.components."):
                    yield alias.name.split(".")[2]


def _at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    for child in ast.iter_child_nodes(node):
        yield from _at_run_time(child)


def test_every_component_that_is_imported_is_named() -> None:
    """What is neither named nor part of everybody's home may be missing, or late.

    And each one named is one to wait for.
    """
    used = {name for module in modules() for name in components(module)}
    named = {*MANIFEST.get("dependencies", ()), *MANIFEST["after_dependencies"]}
    # Whoever ships a platform of a component is loaded by that component.
    platforms = {path.stem for path in INTEGRATION.glob("*.py")}
    assert used - ALWAYS_THERE - platforms <= named
    assert named <= used


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from homeassistant.components.cloud import x", ["cloud"]),
        ("from homeassistant.components import cloud", ["cloud"]),
        ("import homeassistant.components.cloud.const", ["cloud"]),
        ("def late():\n    from homeassistant.components.cloud import x", ["cloud"]),
        ("if TYPE_CHECKING:\n    from homeassistant.components.cloud import x", []),
        ("from homeassistant.helpers import cloud", []),
    ],
)
def test_an_import_is_noticed(source: str, found: list[str]) -> None:
    """Also one that waits inside a function."""
    assert list(components(Module("voice", source))) == found


async def test_home_assistant_loads_it(
    hass: HomeAssistant, enable_custom_integrations: None
) -> None:
    """Home Assistant's own reading of it, with the image that the catalog shows."""
    integration = await async_get_integration(hass, DOMAIN)
    assert integration.name == "Acupressure Mat"
    assert integration.version == MANIFEST["version"]
    assert integration.has_branding


@pytest.mark.parametrize("theme", ["", "dark_"])
@pytest.mark.parametrize(("name", "height"), [("icon", 256), ("logo", 128)])
@pytest.mark.parametrize(("scale", "factor"), [("", 1), ("@2x", 2)])
def test_its_images_are_of_the_size_that_is_asked_for(
    theme: str, name: str, height: int, scale: str, factor: int
) -> None:
    """A catalog shows nothing where one is missing, or a blurred one."""
    png = (INTEGRATION / "brand" / f"{theme}{name}{scale}.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[20:24]) == height * factor


def test_hacs_knows_which_home_assistant_it_needs() -> None:
    """The one that it is built and end-to-end tested for."""
    hacs: dict[str, Any] = json.loads((ROOT / "hacs.json").read_text())
    known = {
        "content_in_root",
        "filename",
        "hide_default_branch",
        "homeassistant",
        "name",
        "persistent_directory",
        "zip_release",
    }
    assert set(hacs) <= known
    assert hacs["name"] == MANIFEST["name"]
    project = (ROOT / "pyproject.toml").read_text()
    assert f'"homeassistant=={hacs["homeassistant"]}"' in project
