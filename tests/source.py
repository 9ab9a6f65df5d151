"""Reads the integration's own source, for tests of what its files say of each other."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
import json
from pathlib import Path
import re
from typing import Any

INTEGRATION = Path(__file__).parents[1] / "custom_components" / "acupressure_mat"

type Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A module of the integration, by its path within: `session/plan`."""

    name: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @property
    def lines(self) -> int:
        return self.source.count("\n")

    @cached_property
    def _constants(self) -> dict[str, ast.expr]:
        """Return what is assigned to names at the top of the module."""
        found: dict[str, ast.expr] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    found |= _assigned(target, node.value)
        return found

    @cached_property
    def _functions(self) -> dict[ast.AST, Function]:
        """Return for each node the function that it stands in."""
        found: dict[ast.AST, Function] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                # Inner functions come later and take what is theirs.
                found |= dict.fromkeys(ast.walk(node), node)
        return found

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """Yield the calls of functions, methods or classes of these names."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and called(node) in names:
                yield node

    def texts(self, node: ast.expr | None) -> set[str]:
        """Return what an expression may be, as far as it is written down.

        Follows names to the top of the module, and arguments to where the function
        is called. A part that is only known later is a `*`.
        """
        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.JoinedStr(values=parts):
                return {
                    "".join(
                        str(part.value) if isinstance(part, ast.Constant) else "*"
                        for part in parts
                    )
                }
            case ast.IfExp(body=body, orelse=orelse):
                return self.texts(body) | self.texts(orelse)
            case ast.Name(id=name) if name in self._constants:
                return self.texts(self._constants[name])
            case ast.Name(id=name) if function := self._functions.get(node):
                return self._passed(function, name)
        return set()

    def _passed(self, function: Function, argument: str) -> set[str]:
        names = [each.arg for each in function.args.args]
        if argument not in names:
            return set()
        position = names.index(argument) - (names[0] in ("self", "cls"))
        found: set[str] = set()
        for call in self.calls(function.name):
            given = {word.arg: word.value for word in call.keywords}
            if argument in given:
                found |= self.texts(given[argument])
            elif position < len(call.args):
                found |= self.texts(call.args[position])
        return found


def _assigned(target: ast.expr, value: ast.expr) -> dict[str, ast.expr]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        found: dict[str, ast.expr] = {}
        for one, other in zip(target.elts, value.elts, strict=True):
            found |= _assigned(one, other)
        return found
    return {target.id: value} if isinstance(target, ast.Name) else {}


def called(call: ast.Call) -> str:
    """Return the bare name of what is called."""
    function = call.func
    return str(getattr(function, "attr", getattr(function, "id", "")))


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return what a call passes by this name."""
    return next((word.value for word in call.keywords if word.arg == name), None)


def modules() -> list[Module]:
    """Return every module of the integration."""
    return [
        Module(
            path.relative_to(INTEGRATION).with_suffix("").as_posix(), path.read_text()
        )
        for path in sorted(INTEGRATION.rglob("*.py"))
    ]


def module(name: str) -> Module:
    """Return one module."""
    return Module(name, (INTEGRATION / f"{name}.py").read_text())


def read_json(name: str) -> Any:
    """Return what a file of the integration says."""
    return json.loads((INTEGRATION / name).read_text())


def matches(pattern: str, text: str) -> bool:
    """Return whether a text may be what `Module.texts` found."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".+"), text) is not None
