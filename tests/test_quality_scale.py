"""The quality scale: all rules, and the evidence that is named exists."""

import re
from typing import Any

from homeassistant.const import Platform
import pytest
import yaml

from custom_components.acupressure_mat import PLATFORMS

from .source import INTEGRATION, module

ROOT = INTEGRATION.parents[1]
RULES: dict[str, Any] = yaml.safe_load(
    (INTEGRATION / "quality_scale.yaml").read_text()
)["rules"]

# All rules of Home Assistant's scale in 2026.
BRONZE = """
action-setup appropriate-polling brands common-modules config-flow
config-flow-test-coverage dependency-transparency docs-actions docs-conditions
docs-high-level-description docs-installation-instructions docs-removal-instructions
docs-triggers entity-event-setup entity-unique-id has-entity-name runtime-data
test-before-configure test-before-setup unique-config-entry
"""
SILVER = """
action-exceptions config-entry-unloading docs-configuration-parameters
docs-installation-parameters entity-unavailable integration-owner log-when-unavailable
parallel-updates reauthentication-flow test-coverage
"""
GOLD = """
devices diagnostics discovery discovery-update-info docs-data-update docs-examples
docs-known-limitations docs-supported-devices docs-supported-functions
docs-troubleshooting docs-use-cases dynamic-devices entity-category entity-device-class
entity-disabled-by-default entity-translations exception-translations icon-translations
reconfiguration-flow repair-issues stale-devices
"""
PLATINUM = "async-dependency inject-websession strict-typing"

# A file, or a test in one: `docs/index.md`, `tests/test_docs.py::test_each_action`.
EVIDENCE = re.compile(
    r"((?:[\w-]+/)*[\w-]+\.(?:py|md|yaml|json|png|ambr|toml))(?:::(\w+))?"
)


def missing(comment: str) -> list[str]:
    """Return what a comment names that does not exist."""
    found = []
    for file, test in EVIDENCE.findall(comment):
        places = (INTEGRATION / file, ROOT / file)
        path = next((place for place in places if place.is_file()), None)
        if path is None or (test and f"def {test}(" not in path.read_text()):
            found.append(f"{file}::{test}" if test else file)
    return found


def test_all_rules_are_there() -> None:
    """Each tier in the order of the alphabet, as in Home Assistant's own files."""
    tiers = [text.split() for text in (BRONZE, SILVER, GOLD, PLATINUM)]
    assert list(RULES) == [rule for tier in tiers for rule in tier]
    for tier in tiers:
        assert tier == sorted(tier)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_kept(rule: str) -> None:
    """Done with what shows it, or exempt with the reason."""
    about = RULES[rule]
    assert set(about) == {"status", "comment"}
    assert about["status"] in ("done", "exempt")
    assert missing(about["comment"]) == []
    if about["status"] == "done":
        assert EVIDENCE.search(about["comment"]) or "scripts/" in about["comment"]


@pytest.mark.parametrize(
    "comment", ["docs/nothing.md", "tests/test_docs.py::test_nothing", "nothing.py"]
)
def test_missing_evidence_is_noticed(comment: str) -> None:
    """A proof that accepts everything proves nothing."""
    assert missing(f"Done, see {comment}")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_platforms_say_how_many_at_once(platform: Platform) -> None:
    """None of them waits for anything."""
    assert "\nPARALLEL_UPDATES = 0\n" in module(platform).source


def test_the_rule_of_a_platform_finds_all() -> None:
    """Whichever platform is added."""
    with_entities = {
        path.stem for path in INTEGRATION.glob("*.py") if path.stem in list(Platform)
    }
    assert with_entities == set(PLATFORMS)


def test_scripts_that_are_named_exist() -> None:
    """They have no ending to be found by."""
    for about in RULES.values():
        for script in re.findall(r"scripts/\w+(?![\w/.])", about["comment"]):
            assert (ROOT / script).is_file()
