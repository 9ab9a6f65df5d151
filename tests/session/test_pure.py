"""The domain stays pure; everything else leans on that."""

import ast
from pathlib import Path

import pytest

SESSION = (
    Path(__file__).parents[2] / "custom_components" / "acupressure_mat" / "session"
)
MODULES = sorted(SESSION.glob("*.py"))
CLOCK = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "time_ns"}
REACHES_OUT = {"open", "print", "input", "exec", "eval", "__import__", "import_module"}
# What of the standard library is nothing but functions of their arguments.
PURE = {
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "itertools",
    "math",
    "statistics",
    "types",
    "typing",
}


def impurities(source: str) -> list[str]:
    """Return what in a module reaches beyond arguments and results."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        elif isinstance(node, ast.ImportFrom) and node.level > 1:
            found.append(f"imports from outside session: line {node.lineno}")
        found += [f"imports {n}" for n in names if n.partition(".")[0] not in PURE]
        if isinstance(node, ast.Call):
            called = node.func
            name = getattr(called, "attr", getattr(called, "id", ""))
            if name in CLOCK | REACHES_OUT:
                found.append(f"calls {name}: line {node.lineno}")
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_session_is_pure(module: Path) -> None:
    """Standard library only, no clock, no I/O: testable at any moment of any day."""
    assert impurities(module.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "from homeassistant.util import dt",
        "import voluptuous as vol",
        "from ..const import DOMAIN",
        "from datetime import datetime\ndatetime.now()",
        "import time",
        "import random",
        "from . import plan, os\nimport subprocess",
        "import custom_components.acupressure_mat.const",
        "open('x')",
        "__import__('os')",
    ],
)
def test_the_proof_would_notice(source: str) -> None:
    """A proof that accepts everything proves nothing."""
    assert impurities(source)
