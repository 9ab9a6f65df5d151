"""What the search for mutants knows of a suite: which test runs which line."""

from pathlib import Path

import pytest

from scripts.lib import recorded
from scripts.lib.mutations import mutations
from scripts.lib.recorded import Recording

REPO = Path(recorded.__file__).parents[2]
LAMP = """\
def level(on):
    if on:
        return 80
    return 0


LIMIT = 100
"""
TESTS = {
    "test_lamp.py": """\
import ran
from house.lamp import level


def test_on():
    ran.note("on")
    assert level(True) == 80


def test_off():
    ran.note("off")
    assert level(False) == 0
""",
    "test_evening.py": """\
import ran
from house.lamp import LIMIT, level


def test_evening():
    ran.note("evening")
    assert level(True) < LIMIT
""",
}
# What the tests share: it notes which of them ran.
SHARED = """\
from pathlib import Path


def note(name):
    with Path("ran.txt").open("a") as file:
        file.write(name + " ")
"""


class House:
    """A small project with a suite of its own."""

    def __init__(self, folder: Path) -> None:
        """Write its files."""
        self.folder, self.lamp = folder, folder / "house/lamp.py"
        for name in ("house", "tests", "record"):
            (folder / name).mkdir()
        self.lamp.write_text(LAMP)
        self.write("ran.py", SHARED)
        for name, text in TESTS.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        """Write a file of tests."""
        (self.folder / "tests" / name).write_text(text)

    def record(self) -> recorded.Tests:
        """Return what is known of the suite now."""
        return Recording(("tests",), self.folder / "record").of([self.lamp])

    def ran(self) -> list[str]:
        """Return which tests ran since this was asked last."""
        file = self.folder / "ran.txt"
        found = file.read_text().split() if file.exists() else []
        file.unlink(missing_ok=True)
        return sorted(found)

    def asked(self, line: int) -> set[str]:
        """Return the tests that are asked about a line."""
        mutation = next(m for m in mutations(LAMP) if m.line == line)
        return names(self.record().of(self.lamp, mutation))


def names(tests: list[str]) -> set[str]:
    return {test.rpartition("::test_")[2] for test in tests}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Return a project whose suite was never run."""
    monkeypatch.setattr(recorded, "REPO", tmp_path)
    monkeypatch.setattr(recorded, "INTEGRATION", tmp_path / "house")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{REPO}")
    # Home Assistant is not needed there, and takes seconds to come.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "pytest_cov.plugin")
    # Written twice within a second, a file of one length would be read as it was.
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / ".coveragerc").write_text("[run]\nsource = house\n")
    return House(tmp_path)


def test_a_line_is_asked_of_the_tests_that_run_it(house: House) -> None:
    """Of those that do something on import, all are; they run once for all that."""
    assert house.asked(3) == {"on", "evening"}
    assert house.asked(4) == {"off"}
    assert house.asked(7) == {"on", "off", "evening"}
    assert house.ran() == ["evening", "off", "on"]
    tests = house.record()
    (limit,) = (m for m in mutations(LAMP) if m.line == 7)
    # Named like the module first, and of each file the quickest.
    assert tests.of(house.lamp, limit)[-1] == "tests/test_evening.py::test_evening"
    assert all(seconds > 0 for seconds in tests.seconds.values())


def test_another_file_of_tests_is_run_alone(house: House) -> None:
    """What is known of the others stays; of itself nothing does."""
    house.record()
    house.ran()
    house.write("test_evening.py", TESTS["test_evening.py"].replace("True", "False"))
    assert house.asked(4) == {"off", "evening"}
    assert house.ran() == ["evening"]
    assert house.asked(3) == {"on"}
    (house.folder / "tests/test_evening.py").unlink()
    assert house.asked(4) == {"off"}
    assert house.asked(7) == {"on", "off"}
    assert house.ran() == []


@pytest.mark.parametrize("changed", ["house/lamp.py", "tests/ran.py"])
def test_what_all_tests_rest_on_makes_all_run_again(house: House, changed: str) -> None:
    """Its lines are elsewhere then, or the tests do something else."""
    house.record()
    house.ran()
    path = house.folder / changed
    path.write_text(f"{path.read_text()}\n\nSPARE = 1\n")
    assert house.asked(3) == {"on", "evening"}
    assert house.ran() == ["evening", "off", "on"]


def test_tests_that_fail_as_they_are_tell_nothing_of_mutants(house: House) -> None:
    """Each mutant would look noticed; nothing of it is kept."""
    house.write("test_evening.py", TESTS["test_evening.py"].replace("<", ">"))
    with pytest.raises(SystemExit, match="fail as they are"):
        house.record()
    house.write("test_evening.py", TESTS["test_evening.py"])
    house.ran()
    assert house.asked(3) == {"on", "evening"}
    assert house.ran() == ["evening", "off", "on"]


def test_files_that_change_meanwhile_are_told(house: House) -> None:
    """Imported anew they would be others than those that were recorded."""
    tests = house.record()
    assert tests.changed() == []
    house.write("test_lamp.py", TESTS["test_lamp.py"] + "\n")
    house.lamp.unlink()
    assert set(tests.changed()) == {"tests/test_lamp.py", "house/lamp.py"}
