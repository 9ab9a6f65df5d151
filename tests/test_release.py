"""What a release is refused for, and what is in its zip."""

import json
from pathlib import Path
import re
import subprocess
import tomllib
from zipfile import ZipFile

import pytest

from scripts.lib import release

from .source import INTEGRATION

ROOT = INTEGRATION.parents[1]
CHANGES = """# Changes

## Unreleased

- Nothing yet.

## 1.2.0 - 2026-12-01

### Added

- A second bell.

## 1.1.0 - 2026-11-01

- The first one.
"""


def run(folder: Path, *command: str) -> None:
    who = ("-c", "user.name=Anna", "-c", "user.email=anna@example.org")
    subprocess.run(("git", "-C", str(folder), *who, *command), check=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a repository that is ready to be released."""
    integration = tmp_path / release.INTEGRATION
    (integration / "session").mkdir(parents=True)
    (integration / "manifest.json").write_text(json.dumps({"version": "1.2.0"}))
    (integration / "session/plan.py").write_text("MINUTES = 20\n")
    (tmp_path / "hacs.json").write_text(json.dumps({"filename": "mat.zip"}))
    (tmp_path / "CHANGELOG.md").write_text(CHANGES)
    (tmp_path / ".gitignore").write_text("__pycache__/\ndist/\n")
    run(tmp_path, "init", "--quiet")
    run(tmp_path, "add", "--all")
    run(tmp_path, "commit", "--quiet", "--message", "Ready")
    return tmp_path


def test_a_clone_that_is_ready_is_not_refused(clone: Path) -> None:
    """Refused without a fault, nobody would ever use it."""
    assert list(release.refusals(clone)) == []


def test_changes_that_are_not_committed_are_refused(clone: Path) -> None:
    """What was tried must be what is tagged."""
    (clone / release.INTEGRATION / "session/plan.py").write_text("MINUTES = 21\n")
    (refusal,) = release.refusals(clone)
    assert "session/plan.py" in refusal


def test_a_file_that_git_does_not_know_is_refused(clone: Path) -> None:
    """It works here and is missing in the zip."""
    (clone / release.INTEGRATION / "bell.py").write_text("")
    (refusal,) = release.refusals(clone)
    assert "bell.py" in refusal


def test_a_version_that_is_tagged_is_refused(clone: Path) -> None:
    """Two different things with one number: nobody could tell which one they have."""
    run(clone, "tag", "v1.2.0")
    (refusal,) = release.refusals(clone)
    assert "v1.2.0" in refusal
    assert "manifest.json" in refusal


@pytest.mark.parametrize(
    "heading", ["## 1.2.00 - 2026-12-01", "## 1x2.0", "### 1.2.0", "## Unreleased"]
)
def test_a_version_that_the_change_log_does_not_know_is_refused(
    clone: Path, heading: str
) -> None:
    """Who is asked to update wants to know what for."""
    (clone / "CHANGELOG.md").write_text(
        CHANGES.replace("## 1.2.0 - 2026-12-01", heading)
    )
    run(clone, "commit", "--quiet", "--all", "--message", "Forgotten")
    (refusal,) = release.refusals(clone)
    assert "## 1.2.0" in refusal


def test_notes_are_those_of_the_version_alone(clone: Path) -> None:
    """Neither what comes later nor what was told before."""
    assert release.notes(clone) == "### Added\n\n- A second bell."
    (clone / "CHANGELOG.md").write_text("# Changes\n\n## [1.2.0]\n\nThe last words.\n")
    assert release.notes(clone) == "The last words."


def test_the_zip_has_the_integration_without_a_folder_around_it(clone: Path) -> None:
    """Unpacked in custom_components/acupressure_mat, a folder more would hide it all."""
    (clone / release.INTEGRATION / "__pycache__").mkdir()
    (clone / release.INTEGRATION / "__pycache__/plan.pyc").write_bytes(b"old")
    release.build(clone, clone / "dist/mat.zip")
    with ZipFile(clone / "dist/mat.zip") as archive:
        assert archive.namelist() == ["manifest.json", "session/plan.py"]
        assert archive.read("session/plan.py") == b"MINUTES = 20\n"


def test_the_zip_is_the_same_whoever_makes_it(clone: Path) -> None:
    """So that anybody can check that it holds what was tagged."""
    one, other = clone / "dist/one.zip", clone / "dist/other.zip"
    release.build(clone, one)
    plan = clone / release.INTEGRATION / "session/plan.py"
    plan.touch()
    plan.chmod(0o755)
    release.build(clone, other)
    assert one.read_bytes() == other.read_bytes()


def test_the_version_stands_in_one_place() -> None:
    """A second one would be forgotten."""
    assert (
        tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
        == "0.0.0"
    )
    package = json.loads((ROOT / "frontend/package.json").read_text())
    assert package.get("version", "0.0.0") == "0.0.0"
    version = re.escape(release.version(ROOT))
    for path in INTEGRATION.rglob("*.py"):
        assert not re.search(rf"[\"']v?{version}[\"']", path.read_text())


def test_the_zip_is_the_one_that_marketplace_and_hacs_look_for() -> None:
    """They take it by name, and only where it is said to be there."""
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert hacs["zip_release"] is True
    assert release.zip_name(ROOT).endswith(".zip")


def test_the_workflow_publishes_what_the_script_has_tried() -> None:
    """Published by other means, the checks would be for nothing."""
    workflow = (ROOT / ".github/workflows/release.yml").read_text()
    tried = workflow.index("scripts/release\n")
    assert tried < workflow.index("gh release create")
    assert "dist/*.zip" in workflow
