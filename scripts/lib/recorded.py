"""Which test of a suite runs which line of the integration, and how long it takes.

The tests run once for that, unchanged; until one of them is another, nothing has to be
run again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
import json
import os
from pathlib import Path
import subprocess
import sys

from coverage import CoverageData  # type: ignore[import-not-found, unused-ignore]  # is where the tests are
import pytest

from .mutations import Mutation

REPO = Path(__file__).parents[2]
DOMAIN_TESTS = ("tests/session",)
# The evenings, and what else speaks to a coordinator and a room.
HOME_TESTS = (
    *sorted(str(p.relative_to(REPO)) for p in REPO.glob("tests/test_story_*.py")),
    *(
        f"tests/test_{name}.py"
        for name in (
            *("coordinator", "diagnostics", "entities", "load", "mat_sensor"),
            *("practice", "quiet", "repairs", "services", "try_it"),
        )
    ),
)


@dataclass(frozen=True)
class Tests:
    """The tests, by the lines they run, with the seconds that each takes."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, frozenset[str]]]

    def of(self, path: Path, mutation: Mutation) -> list[str]:
        """Return the tests that may notice: of each file the quickest first.

        Those that run its line; all of them where it is run on import. The tests of
        one file ask alike, so whoever has time for few has one of each file.
        """
        found = frozenset(self.seconds)
        if mutation.in_body:
            lines = self.lines.get(str(path), {})
            found = lines.get(mutation.line, frozenset())
        place: Counter[str] = Counter()
        order: dict[str, tuple[int, float]] = {}
        for test in sorted(found, key=self.seconds.__getitem__):
            file = test.partition("::")[0]
            order[test] = place[file], self.seconds[test]
            place[file] += 1
        return sorted(order, key=order.__getitem__)


class Recorder:
    """A plug-in of pytest that notes how long tests take and which fail."""

    def __init__(self, to: Path) -> None:
        """Write into a file at the end."""
        self._to = to
        self._seconds: dict[str, float] = {}
        self._failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up set-up, call and tear-down."""
        known = self._seconds.get(report.nodeid, 0.0)
        self._seconds[report.nodeid] = known + report.duration
        if report.failed:
            self._failed.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write it down."""
        told = {
            "seconds": self._seconds,
            "failed": self._failed,
            "digest": digest_of_tests(),
        }
        self._to.write_text(json.dumps(told))


def digest_of_tests() -> str:
    """Return what changes with any test."""
    digest = sha256()
    for path in sorted((REPO / "tests").glob("**/*.py")):
        if "e2e" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def record(tests: Sequence[str], folder: Path) -> None:
    """Run the tests once, unchanged, and note what they run."""
    told = folder / "tests.json"
    told.unlink(missing_ok=True)
    # Only this core tells tests apart.
    environment = os.environ | {
        "COVERAGE_CORE": "ctrace",
        "COVERAGE_FILE": str(folder / "coverage"),
        "HYPOTHESIS_PROFILE": "ci",
    }
    command = (
        *(sys.executable, "-m", __name__, str(told)),
        *(*tests, "-q", "--no-header", "--cov", "--cov-context=test", "--cov-report="),
    )
    print(f"running the tests unchanged: {' '.join(tests)}", flush=True)
    subprocess.run(command, cwd=REPO, env=environment, check=False)
    if not told.exists() or json.loads(told.read_text())["failed"]:
        told.unlink(missing_ok=True)
        sys.exit("The tests fail as they are; there is nothing to compare with.")


def is_recorded(folder: Path) -> bool:
    """Return whether it is known what the tests of today run."""
    told = folder / "tests.json"
    if not told.exists():
        return False
    return bool(json.loads(told.read_text()).get("digest") == digest_of_tests())


def load(folder: Path, modules: Iterable[Path]) -> Tests:
    """Return what `record` wrote of some modules.

    Of all of them it would be more than fits into memory beside the tests.
    """
    told = json.loads((folder / "tests.json").read_text())
    data = CoverageData(str(folder / "coverage"))
    data.read()
    lines = {
        str(path): {
            line: found
            for line, contexts in data.contexts_by_lineno(str(path)).items()
            # nodeid|run, nodeid|setup; empty on import.
            if (found := frozenset(c.rpartition("|")[0] for c in contexts if c))
        }
        for path in modules
    }
    return Tests(told["seconds"], lines)


if __name__ == "__main__":
    told_to, *arguments = sys.argv[1:]
    sys.exit(pytest.main(arguments, plugins=[Recorder(Path(told_to))]))
