"""What a slip of the pen makes of a module, and that tests are really asked."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from scripts.lib import survivors
from scripts.lib.mutants import swap
from scripts.lib.mutations import mutations
from scripts.lib.survivors import CIRCLES, NOTICED, SO_FAR, SURVIVED, UNSEEN

from .source import module


def made_of(statement: str) -> list[str]:
    """Return what becomes of one line in a function."""
    source = f"def f(a, b, c=None):\n    {statement}\n"
    return [mutation.source.splitlines()[1].strip() for mutation in mutations(source)]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("a = b < c", ["a = (b <= c)", "a = (b >= c)"]),
        ("a = b is None", ["a = (b is not None)"]),
        ("a = b and c", ["a = c", "a = b"]),
        ("a = b + c", ["a = (b - c)"]),
        ("a = not b", ["a = b"]),
        ("a = b if c else 1", ["a = b", "a = 1", "a = b if (not c) else 1"]),
        ("a.b = c", ["pass"]),
        ("a += 1", ["a -= 1", "pass", "a += 2"]),
        ("a(b)", ["pass"]),
        ("await a(b)", ["pass"]),
        ("return a", ["return None"]),
        ("return min(a, b)", ["return None", "return max(a, b)"]),
        ("a = f(b=c)", ["a = f()"]),
        ("raise Refused('not_running')", ["pass", "raise Refused('XXnot_running')"]),
        ("a = [b for b in c if b]", ["a = [b for b in c if (not b)]"]),
    ],
)
def test_a_slip(statement: str, found: list[str]) -> None:
    """Each is one that a person could make, in the place where it would stand."""
    several = made_of(statement)
    assert set(found) <= set(several)
    assert len(several) <= len(found) + 1


@pytest.mark.parametrize(
    "statement",
    [
        '"""Say nothing."""',
        "LOGGER.warning('%s is gone', a)",
        "assert a is not None",
        "from os import path",
        "a: list[str]",
    ],
)
def test_what_nothing_depends_on_stays(statement: str) -> None:
    """Words for developers and types are no behaviour."""
    assert made_of(statement) == []


def test_every_mutant_can_be_read_and_has_a_name_of_its_own() -> None:
    """One that is no Python would be noticed by nothing but the parser."""
    for name in ("session/schedule", "environment/volume", "switch"):
        found = list(mutations(module(name).source))
        assert len({str(mutation) for mutation in found}) == len(found)
        for mutation in found:
            compile(mutation.source, name, "exec")
            assert mutation.source != module(name).source


SOURCE = '''
from functools import cache


class Lamp:
    """A lamp."""

    level = 1

    def on(self):
        """Return whether it shines."""
        return self.level > 0

    @property
    def percent(self):
        """Return how bright it is."""
        return [share * 100 for share in (self.level,)][0]

    @staticmethod
    def of(level):
        """Return one."""
        lamp = Lamp()
        lamp.level = level
        return lamp


@cache
def both(one, other):
    """Return the sum."""
    return one + other
'''


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda m: m.Lamp().on(), id="a method"),
        pytest.param(lambda m: m.Lamp().percent, id="a property"),
        pytest.param(lambda m: m.Lamp.of(3).level, id="a static method"),
        pytest.param(lambda m: m.both(1, 2), id="a decorated function"),
    ],
)
def test_a_body_is_swapped_wherever_it_stands(ask: Callable[[Any], object]) -> None:
    """One that stayed as it was would look as if no test noticed it."""
    lamp = ModuleType("lamp")
    exec(SOURCE, lamp.__dict__)
    before, answers = ask(lamp), []
    for mutation in mutations(SOURCE):
        if mutation.in_body:
            other = ModuleType("lamp")
            exec(SOURCE, other.__dict__)
            assert swap(other, Path("lamp.py"), mutation.source, mutation.where)
            try:
                answers.append(ask(other))
            except (AttributeError, TypeError, IndexError) as err:
                answers.append(type(err))
    assert set(answers) > {before}


PLAN = "session/plan.py: step"


@pytest.mark.parametrize(
    ("found", "status", "told"),
    [
        pytest.param({f"{PLAN}: 1 → 2": NOTICED}, 0, "0 live", id="noticed"),
        pytest.param({f"{PLAN}: 3 → 4": SURVIVED}, 0, "1 live, 0 une", id="explained"),
        pytest.param({f"{PLAN}: 3 → 4": CIRCLES}, 0, "0 live", id="took too long here"),
        pytest.param({f"{PLAN}: 1 → 2": SURVIVED}, 1, f"  {PLAN}: 1 → 2", id="a hole"),
        pytest.param({f"{PLAN}: 1 → 2": UNSEEN}, 1, f"  {PLAN}: 1 → 2", id="no test"),
        pytest.param({f"{PLAN}: 3 → 4": NOTICED}, 1, "take it out", id="no longer so"),
        pytest.param({f"{PLAN}: 1 → 2": None}, 1, "1 were not tried", id="not tried"),
        pytest.param({f"{PLAN}: 3 → 4": SO_FAR}, 0, "1 of these were not", id="so far"),
    ],
)
def test_what_is_left_has_a_reason(
    found: dict[str, str | None],
    status: int,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A hole in the tests fails, and so does a reason that would hide the next one."""
    page = tmp_path / "mutants.md"
    page.write_text("### session/plan.py\n\n- `step: 3 → 4`: makes no difference.\n")
    monkeypatch.setattr(survivors, "PAGE", page)
    assert survivors.report(found) == status
    assert told in capsys.readouterr().out
