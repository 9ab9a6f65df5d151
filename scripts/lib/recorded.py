"""Which test of a suite runs which line of the integration, and how long it takes.

The tests run once for that, unchanged. Where a file of tests is another since, only
that one is run again; where the module in question is, all of them are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
INTEGRATION = REPO / "custom_components/acupressure_mat"
DOMAIN_TESTS = ("tests/session",)
# The evenings, and what else speaks to a coordinator, a room and its devices.
HOME_TESTS = (
    *sorted(str(p.relative_to(REPO)) for p in REPO.glob("tests/test_story_*.py")),
    *(
        f"tests/test_{name}.py"
        for name in (
            *("announce", "coordinator", "cues", "device", "device_commands"),
            *("device_hands", "device_patience", "device_release", "diagnostics"),
            *("diffuser", "entities", "fades", "happenings", "light"),
            *("load", "mat_sensor", "pain", "player", "player_commands", "player_end"),
            *("player_met", "player_sounds", "player_volume", "practice"),
            *("practice_disk", "quiet", "refusals", "renames", "repairs", "room"),
            *("room_commands", "services", "subentries", "try_it", "two_ways"),
            "volume",
        )
    ),
)


@dataclass(frozen=True)
class Tests:
    """The tests, by the lines they run, with the seconds that each takes."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, frozenset[str]]]
    # The digests of the files that they are made of.
    files: Mapping[str, str] = field(default_factory=dict)

    def changed(self) -> list[str]:
        """Return the files that are others by now."""
        return [
            name
            for name, digest in self.files.items()
            if not (REPO / name).exists() or _digest(REPO / name) != digest
        ]

    def of(self, path: Path, mutation: Mutation) -> list[str]:
        """Return the tests that may notice: of each file the quickest first.

        Those that run its line; all of them where it is run on import. Files that are
        named like the module go before the others. The tests of one file ask alike,
        so whoever has time for few has one of each file.
        """
        found = frozenset(self.seconds)
        if mutation.in_body:
            lines = self.lines.get(str(path), {})
            found = lines.get(mutation.line, frozenset())
        place: Counter[str] = Counter()
        order: dict[str, tuple[bool, int, float]] = {}
        for test in sorted(found, key=self.seconds.__getitem__):
            file = test.partition("::")[0]
            is_other = f"_{path.stem}" not in file
            order[test] = is_other, place[file], self.seconds[test]
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
        told = {"seconds": self._seconds, "failed": self._failed}
        self._to.write_text(json.dumps(told))


class Recording:
    """What is known of a suite, in a folder that is safe to delete."""

    def __init__(self, suite: Sequence[str], folder: Path) -> None:
        """Read what an earlier run wrote."""
        self._folder, self._index = folder, folder / "recorded.json"
        self._suite = [
            _name(path)
            for name in suite
            for path in sorted((REPO / name).glob("test_*.py")) or [REPO / name]
        ]
        # By the digest of each file what the record is of; and by file the seconds.
        self._known: dict[str, str] = {}
        self._seconds: dict[str, dict[str, float]] = {}
        if self._index.exists():
            self._known, self._seconds = json.loads(self._index.read_text())

    def of(self, modules: Sequence[Path]) -> Tests:
        """Return the tests, after those have run of which too little is known."""
        self._update(modules)
        # Of all modules it would be more than fits into memory beside the tests.
        lines = {str(path): self._lines(path) for path in modules}
        seconds = {t: s for file in self._seconds.values() for t, s in file.items()}
        source, tests, helpers = self._digests()
        return Tests(seconds, lines, source | tests | helpers)

    def _digests(self) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        """Return those of the integration, of the tests and of what they share."""
        source = {_name(path): _digest(path) for path in INTEGRATION.glob("**/*.py")}
        tests = {name: _digest(REPO / name) for name in self._suite}
        helpers = {
            _name(path): _digest(path)
            for folder in {(REPO / name).parent for name in self._suite}
            for path in folder.glob("*.py")
            if not path.name.startswith("test_")
        }
        return source, tests, helpers

    def _update(self, modules: Iterable[Path]) -> None:
        source, tests, helpers = self._digests()
        for name in (*helpers, *map(_name, modules)):
            if self._known.get(name) != (source | helpers)[name]:
                self._known, self._seconds = {}, {}
                self._index.unlink(missing_ok=True)
                break
        stale = {name for name in tests if self._known.get(name) != tests[name]}
        gone = self._seconds.keys() - tests.keys()
        if not stale and not gone:
            return
        seconds, ran = self._run(sorted(stale)) if stale else ({}, {})
        for name in stale | gone:
            self._seconds[name] = {}
        for test, took in seconds.items():
            self._seconds[_file(test)][test] = took
        for path in INTEGRATION.glob("**/*.py"):
            lines = ran.get(path, {})
            for line, found in self._lines(path).items() if self._known else ():
                kept = {test for test in found if _file(test) not in stale | gone}
                lines[line] = lines.get(line, frozenset()) | kept
            told = {line: sorted(found) for line, found in lines.items()}
            self._file_of(path).write_text(json.dumps(told))
        # What tests that were not run again know of a module is of how it was then.
        self._known = source | self._known | tests | helpers
        self._index.write_text(json.dumps([self._known, self._seconds]))

    def _run(
        self, files: Sequence[str]
    ) -> tuple[dict[str, float], dict[Path, dict[int, frozenset[str]]]]:
        """Run files of tests, unchanged; return how long each takes and what it runs."""
        told, measured = self._folder / "tests.json", self._folder / "coverage"
        told.unlink(missing_ok=True)
        # Only this core tells tests apart.
        environment = os.environ | {
            "COVERAGE_CORE": "ctrace",
            "COVERAGE_FILE": str(measured),
            "HYPOTHESIS_PROFILE": "ci",
        }
        command = (
            *(sys.executable, "-m", __name__, str(told), *files),
            *("-q", "--no-header", "--cov", "--cov-context=test", "--cov-report="),
        )
        print(f"running the tests unchanged: {' '.join(files)}", flush=True)
        subprocess.run(command, cwd=REPO, env=environment, check=False)
        if not told.exists() or (found := json.loads(told.read_text()))["failed"]:
            sys.exit("The tests fail as they are; there is nothing to compare with.")
        data = CoverageData(str(measured))
        data.read()
        return found["seconds"], {
            path: {
                line: frozenset(c.rpartition("|")[0] for c in contexts if c)
                # nodeid|run, nodeid|setup; empty on import.
                for line, contexts in data.contexts_by_lineno(str(path)).items()
            }
            for path in map(Path, data.measured_files())
        }

    def _lines(self, path: Path) -> dict[int, frozenset[str]]:
        """Return the tests that run each line of a module."""
        file = self._file_of(path)
        told = json.loads(file.read_text()) if file.exists() else {}
        return {int(line): frozenset(found) for line, found in told.items() if found}

    def _file_of(self, path: Path) -> Path:
        return self._folder / f"{'.'.join(path.relative_to(INTEGRATION).parts)}.json"


def _name(path: Path) -> str:
    return path.relative_to(REPO).as_posix()


def _file(test: str) -> str:
    return test.partition("::")[0]


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    told_to, *arguments = sys.argv[1:]
    sys.exit(pytest.main(arguments, plugins=[Recorder(Path(told_to))]))
