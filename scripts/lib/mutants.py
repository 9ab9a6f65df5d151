"""Run the tests against each mutant of a module and tell which they do not notice.

Pytest collects them once; each mutant gets a fork of that process, in which one
function has another body, and in which the tests run that ran this line. What does
something on import already is imported anew there. Nothing is written into the source.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
import gc
from hashlib import sha256
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
import inspect
from itertools import accumulate, zip_longest
import json
import os
from pathlib import Path
import random
import signal
import sys
import time
from types import CodeType, FunctionType, ModuleType
from typing import Any, override

import pytest

from . import survivors
from .mutations import Mutation, mutations
from .recorded import DOMAIN_TESTS, HOME_TESTS, INTEGRATION, REPO, Recording, Tests
from .survivors import CIRCLES, LIVING, NOTICED, SO_FAR, SURVIVED, UNSEEN, report

PACKAGE = "custom_components.acupressure_mat"
# What earlier runs found, and what tests run; safe to delete.
CACHE = REPO / ".mutants"

# A mutant may go in circles: how much longer than all its tests it may take, and the
# seconds that a process takes besides.
PATIENCE, START = 3.0, 20.0
QUIET = ("-q", "--tb=no", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist")


# -- one mutant ----------------------------------------------------------------


def is_ours(module: str) -> bool:
    """Return whether a module has to be read anew for each mutant."""
    return module.partition(".")[0] in {"custom_components", "tests", "scripts"}


class Mutated(MetaPathFinder, Loader):
    """Imports one module with other source."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        """Stand ready for this module."""
        self._name, self._path, self._source = name, path, source

    @override
    def find_spec(
        self, fullname: str, path: object, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        package = self._path.name == "__init__.py"
        spec = spec_from_loader(
            fullname, self, origin=str(self._path), is_package=package
        )
        if spec is not None and package:
            spec.submodule_search_locations = [str(self._path.parent)]
        return spec

    @override
    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(self._path)
        exec(compile(self._source, str(self._path), "exec"), module.__dict__)  # noqa: S102 - our own


def name_of(path: Path) -> str:
    """Return what a module is imported as."""
    module = path.relative_to(INTEGRATION).with_suffix("")
    return ".".join((PACKAGE, *module.parts)).removesuffix(".__init__")


def swap(module: ModuleType, path: Path, source: str, where: str) -> bool:
    """Give a function that is there already another body; False if that cannot be."""
    old: Any = module
    new: CodeType | None = compile(source, str(path), "exec")
    for name in where.split("."):
        new = next(
            (
                const
                for const in (new.co_consts if new else ())
                if isinstance(const, CodeType) and const.co_name == name
            ),
            None,
        )
        found = inspect.getattr_static(old, name, None)
        found = getattr(found, "fget", None) or getattr(found, "func", found)
        old = inspect.unwrap(getattr(found, "__func__", found))
        if isinstance(old, FunctionType):
            break
    if new is None or not isinstance(old, FunctionType):
        return False
    if new.co_freevars != old.__code__.co_freevars:
        return False
    old.__code__ = new
    return True


class Loop:
    """A plug-in of pytest that runs the collected tests on each mutant in a fork."""

    def __init__(self, campaign: Campaign, todo: Sequence[Mutant]) -> None:
        """Take over the running of tests."""
        self._campaign, self._todo = campaign, todo
        self._items: dict[str, pytest.Item] = {}
        self._told: int | None = None

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant, and tell pytest that its tests were run."""
        self._items = {item.nodeid: item for item in session.items}
        # It would tell of tests where there is only news of mutants.
        session.config.pluginmanager.unregister(name="terminalreporter")
        # Objects that stay are not looked through again in each process.
        gc.collect()
        gc.freeze()
        self._campaign.run(self._todo, self._fork)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """End the fork with the first test that fails."""
        if self._told is not None and report.failed:
            os.write(self._told, report.nodeid.encode())
            os._exit(1)

    def _fork(self, mutant: Mutant, tests: Sequence[str]) -> tuple[int, int]:
        """Start the tests; return the process and where it tells which one failed."""
        hears, tells = os.pipe()
        if child := os.fork():
            os.close(tells)
            return child, hears
        status = 1
        try:
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(nowhere, stream)
            self._told = tells
            status = self._try(mutant, tests)
        finally:
            os._exit(status)

    def _try(self, mutant: Mutant, tests: Sequence[str]) -> int:
        name = name_of(mutant.path)
        source, where = mutant.mutation.source, mutant.mutation.where
        if mutant.mutation.in_body and swap(
            sys.modules[name], mutant.path, source, where
        ):
            items = [self._items[test] for test in tests]
            for item, following in zip_longest(items, items[1:]):
                hook = item.ihook.pytest_runtest_protocol
                hook(item=item, nextitem=following)
            return 0
        # It does something on import: everything of ours is imported anew.
        for ours in [module for module in sys.modules if is_ours(module)]:
            if ours.partition(".")[0] != "scripts":
                del sys.modules[ours]
        sys.meta_path.insert(0, Mutated(name, mutant.path, source))
        status = pytest.main([*QUIET, "-x", *tests])
        if status == pytest.ExitCode.USAGE_ERROR:
            # A mutant may rename its tests; the whole files know them all.
            files = dict.fromkeys(test.partition("::")[0] for test in tests)
            status = pytest.main([*QUIET, "-x", *files])
        return int(status)


# -- a campaign ----------------------------------------------------------------


@dataclass(frozen=True)
class Mutant:
    """A mutation of a module, with a key that a change of the module makes new."""

    key: str
    path: Path
    mutation: Mutation

    @property
    def name(self) -> str:
        """Return what a person calls it: `session/plan.py: where: before → after`."""
        return self.key.partition("#")[2]


@dataclass(frozen=True)
class Trial:
    """A mutant whose tests are running."""

    mutant: Mutant
    until: float
    hears: int
    # Whether these are all the tests that there are.
    by_all: bool


type Fork = Callable[[Mutant, Sequence[str]], tuple[int, int]]


@dataclass
class Campaign:
    """The mutants of some modules, and what became of them."""

    tests: Tests
    log: Path
    jobs: int
    # A mutant gets the tests of so many seconds; None is all that there are.
    seconds: float | None = None
    done: dict[str, str] = field(default_factory=dict)
    _running: dict[int, Trial] = field(default_factory=dict)
    # How often a test noticed something, by function and by module.
    _keen: dict[str, Counter[str]] = field(
        default_factory=lambda: defaultdict[str, Counter[str]](Counter)
    )

    def __post_init__(self) -> None:
        """Read what was found before; what survived is tried again."""
        if self.log.exists():
            for line in self.log.read_text().splitlines():
                key, status, test = json.loads(line)
                self.done[key] = status
                self._learn(key, test)

    def _learn(self, key: str, test: str) -> None:
        """Keep in mind which test noticed a mutant."""
        if test:
            for place in _places(key):
                self._keen[place][test] += 1

    def run(self, todo: Sequence[Mutant], fork: Fork) -> None:
        """Try mutants, so many at a time."""
        for in_body in (True, False):
            self._check(todo, fork, in_body=in_body)
        for mutant in todo:
            tests = self._tests(mutant)
            if not tests:
                self._note(mutant, UNSEEN)
                continue
            while len(self._running) >= self.jobs:
                self._wait()
            # Imported anew they would fail, or pass, for another reason.
            if not mutant.mutation.in_body and (changed := self.tests.changed()):
                sys.exit(f"start again: changed meanwhile: {', '.join(changed)}")
            limit = START + PATIENCE * sum(map(self.tests.seconds.__getitem__, tests))
            child, hears = fork(mutant, tests)
            until = time.monotonic() + limit
            by_all = len(tests) == len(self.tests.of(mutant.path, mutant.mutation))
            self._running[child] = Trial(mutant, until, hears, by_all)
        while self._running:
            self._wait()

    def _tests(self, mutant: Mutant) -> list[str]:
        here, module = (self._keen[place] for place in _places(mutant.key))
        tests = self.tests.of(mutant.path, mutant.mutation)
        took = self.tests.seconds
        # First what noticed most for its time; of what is new, the quickest.
        tests.sort(
            key=lambda test: (
                -(1 + module[test] + 10 * here[test]) / max(took[test], 0.01)
            )
        )
        if self.seconds is None:
            return tests
        until = accumulate(took[test] for test in tests)
        return tests[: 1 + sum(so_far < self.seconds for so_far in until)]

    def _check(self, todo: Sequence[Mutant], fork: Fork, *, in_body: bool) -> None:
        """Make sure that a mutant which is none survives, however it is made.

        Where nothing can pass, everything would look noticed.
        """
        mutant = next((m for m in todo if m.mutation.in_body is in_body), None)
        if mutant is None or not (tests := self._tests(mutant)):
            return
        same = replace(mutant.mutation, source=mutant.path.read_text())
        child, hears = fork(replace(mutant, mutation=same), tests)
        failed = os.read(hears, 10_000).decode()
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            sys.exit(f"{mutant.path.name} fails without a change, too: {failed}")

    def _wait(self) -> None:
        """Return when one more is done."""
        while True:
            for child, trial in list(self._running.items()):
                ended, status = os.waitpid(child, os.WNOHANG)
                if not ended and time.monotonic() < trial.until:
                    continue
                del self._running[child]
                if ended:
                    test = os.read(trial.hears, 10_000).decode()
                    if os.waitstatus_to_exitcode(status):
                        self._note(trial.mutant, NOTICED, test)
                    else:
                        self._note(trial.mutant, SURVIVED if trial.by_all else SO_FAR)
                else:
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                    self._note(trial.mutant, CIRCLES)
                os.close(trial.hears)
                return
            time.sleep(0.01)

    def _note(self, mutant: Mutant, status: str, test: str = "") -> None:
        self.done[mutant.key] = status
        self._learn(mutant.key, test)
        with self.log.open("a") as log:
            log.write(json.dumps([mutant.key, status, test]) + "\n")
        if status in LIVING:
            print(f"{status}: {mutant.name}", file=sys.__stderr__, flush=True)


def _places(key: str) -> tuple[str, str]:
    """Return the function and the module of a mutant."""
    module, where = key.partition("#")[2].split(": ")[:2]
    return f"{module}: {where}", module


def chosen(targets: Sequence[str]) -> list[Path]:
    """Return the modules of folders and modules."""
    found: list[Path] = []
    for target in targets:
        path = INTEGRATION / target.removesuffix(".py")
        found += (
            sorted(path.glob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
        )
    if missing := [str(path) for path in found if not path.exists()]:
        sys.exit(f"no such module: {', '.join(missing)}")
    return found


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield the mutants of a module."""
    source = path.read_text()
    digest = sha256(source.encode()).hexdigest()[:12]
    name = path.relative_to(INTEGRATION).as_posix()
    for mutation in mutations(source):
        yield Mutant(f"{digest}#{name}: {mutation}", path, mutation)


def main(arguments: Sequence[str]) -> int:
    """Try mutants; return 1 if one survives that nobody has explained."""
    parser = argparse.ArgumentParser(prog="scripts/mutants")
    parser.add_argument("targets", nargs="+", metavar="MODULE")
    parser.add_argument("--sample", type=int, help="so many mutants only")
    parser.add_argument("--jobs", type=int, default=1, help="at a time")
    parser.add_argument("--seconds", type=float, help="of each so long only")
    parser.add_argument("--new", action="store_true", help="not what survived before")
    parser.add_argument("--open", action="store_true", help="not what has a reason")
    parser.add_argument("--match", default="", help="only those whose line has this")
    parser.add_argument("--anew", action="store_true", help="forget earlier runs")
    options = parser.parse_args(arguments)
    modules = chosen(options.targets)
    inner = [path.parent.name == "session" for path in modules]
    if len(set(inner)) > 1:
        sys.exit("session has tests of its own: name it alone")
    suite = DOMAIN_TESTS if inner[0] else HOME_TESTS
    folder = CACHE / ("domain" if inner[0] else "home")
    folder.mkdir(parents=True, exist_ok=True)
    if options.anew:
        for path in folder.iterdir():
            path.unlink()
    tests = Recording(suite, folder).of(modules)
    log = folder / "mutants.jsonl"
    campaign = Campaign(tests, log, options.jobs, options.seconds)
    mutants = [
        m for path in modules for m in mutants_of(path) if options.match in m.key
    ]
    if options.sample is not None:
        mutants = random.Random(1).sample(mutants, min(options.sample, len(mutants)))  # noqa: S311
    again = {None} if options.new else {None, *LIVING}
    known = survivors.explained() if options.open else {}
    todo = [
        m for m in mutants if campaign.done.get(m.key) in again and m.name not in known
    ]
    # Those that need no new import are a hundred times as quick.
    todo.sort(key=lambda mutant: not mutant.mutation.in_body)
    print(f"{len(mutants)} mutants, {len(todo)} to try", flush=True)
    if todo:
        os.environ["HYPOTHESIS_PROFILE"] = "ci"
        pytest.main([*QUIET, *suite], plugins=[Loop(campaign, todo)])
    return report({mutant.name: campaign.done.get(mutant.key) for mutant in mutants})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
