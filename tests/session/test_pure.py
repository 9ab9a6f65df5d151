"""The domain stays pure; everything else leans on that."""

import ast
from pathlib import Path
import sys

import pytest

SESSION = (
    Path(__file__).parents[2] / "custom_components" / "acupressure_mat" / "session"
)
MODULES = sorted(SESSION.glob("*.py"))
CLOCK = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "time_ns"}
OUTSIDE = {"os", "io", "pathlib", "asyncio", "threading", "socket", "time", "random"}


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
        for name in names:
            root = name.partition(".")[0]
            if root not in sys.stdlib_module_names or root in OUTSIDE:
                found.append(f"imports {name}")
        if isinstance(node, ast.Call):
            called = node.func
            name = getattr(called, "attr", getattr(called, "id", ""))
            if name in CLOCK | {"open", "print", "input"}:
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
        "open('x')",
    ],
)
def test_the_proof_would_notice(source: str) -> None:
    """A proof that accepts everything proves nothing."""
    assert impurities(source)
