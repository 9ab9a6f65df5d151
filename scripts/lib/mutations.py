"""What a slip of the pen makes of a module: each small change that tests should notice.

A mutation is a text put in the place of another, so that lines stay where they are and
what is reported is what a person would have typed.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import override

# Longer ones are cut in reports; together with the place they are still unique.
LONGEST = 70

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any"}
# Said to whoever reads the log; nothing depends on the words.
LOGS = "LOGGER"


@dataclass(frozen=True)
class Mutation:
    """One change of one place of a module."""

    # The function or class it is in, as Python names it; empty at the top.
    where: str
    line: int
    before: str
    after: str
    # Its number among those that read the same in one function.
    number: int
    # Whether it changes what a function does and nothing on import.
    in_body: bool
    # Of the whole module.
    source: str

    @override
    def __str__(self) -> str:
        """Return what identifies it as long as its function stays the same."""
        number = f" ({self.number})" if self.number > 1 else ""
        return f"{self.where or 'module'}: {self.before} → {self.after}{number}"


def mutations(source: str) -> Iterator[Mutation]:
    """Yield each mutation of a module, in the order of its lines."""
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    whole, seen = source.encode(), Counter[tuple[str, str, str]]()
    tree = ast.parse(source)
    bodies = [
        (node.body[0].lineno, node.end_lineno or 0)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    for where, node, after, label in _places(tree, ""):
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        before = label or whole[begin:end].decode()
        key = (where, _short(before), _short("nothing" if label else after))
        seen[key] += 1
        changed = whole[:begin] + after.encode() + whole[end:]
        inside = any(at <= node.lineno <= until for at, until in bodies)
        number = seen[key]
        yield Mutation(where, node.lineno, *key[1:], number, inside, changed.decode())


def _short(text: str) -> str:
    """Return a text on one line, the middle left out of a long one."""
    text = " ".join(text.split())
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]} … {text[-half:]}"


# Where, what is replaced, by what, and what to call it if not by its text.
type Place = tuple[str, ast.stmt | ast.expr, str, str]


def _places(node: ast.AST, where: str) -> Iterator[Place]:
    """Yield each place below a node with the text that may stand there instead."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        where = f"{where}.{node.name}" if where else node.name
    if isinstance(node, ast.stmt):
        for after in _of_statement(node):
            yield where, node, after, ""
    elif isinstance(node, ast.expr):
        for after in _of_expression(node):
            yield where, node, after, ""
    for test in _tests(node):
        yield where, test, f"(not {ast.unparse(test)})", ""
    if isinstance(node, ast.Call):
        for keyword, after in _without_keywords(node):
            yield where, node, after, keyword
    for child in _children(node):
        yield from _places(child, where)


def _tests(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the conditions that no other mutation turns into their opposite."""
    match node:
        case ast.If(test=test) | ast.IfExp(test=test):
            tests = [test]
        case ast.comprehension(ifs=tests):
            pass
        case _:
            return
    others = ast.Compare | ast.BoolOp | ast.UnaryOp
    yield from (test for test in tests if not isinstance(test, others))


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what below a node does anything: no types, docstrings, logs and imports."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.TypeAlias() | ast.Assert():
            return
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if name == LOGS:
            return
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from (d for d in node.args.defaults + node.args.kw_defaults if d)
            yield from node.body
        case ast.ClassDef():
            yield from node.body
        case ast.AnnAssign(value=value):
            if value is not None:
                yield value
        case ast.Raise(exc=ast.Call(args=args, keywords=keywords)):
            # Which key an error carries matters, a sentence for developers does not.
            yield from (a for a in args if not _is_sentence(a))
            yield from keywords
        case ast.JoinedStr(values=values):
            yield from (v.value for v in values if isinstance(v, ast.FormattedValue))
        case _:
            yield from ast.iter_child_nodes(node)


def _is_sentence(node: ast.expr) -> bool:
    text = node.values[0] if isinstance(node, ast.JoinedStr) else node
    return isinstance(text, ast.FormattedValue) or (
        isinstance(text, ast.Constant) and " " in str(text.value)
    )


def _text(node: ast.expr) -> str:
    """Return an expression that may stand anywhere."""
    text = ast.unparse(node)
    simple = isinstance(node, ast.Constant | ast.Name | ast.Call | ast.Attribute)
    return text if simple else f"({text})"


def _of_statement(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Expr(value=value):
            call = value.value if isinstance(value, ast.Await) else value
            if isinstance(call, ast.Call) and not ast.unparse(call).startswith(LOGS):
                yield "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) | ast.Delete():
            yield "pass"
        case ast.AugAssign(target=target, op=op, value=value):
            if other := OPERATORS.get(type(op)):
                yield ast.unparse(ast.AugAssign(target, other(), value))
            yield "pass"
        case ast.Return(value=value) if value is not None:
            if not (isinstance(value, ast.Constant) and value.value is None):
                yield "return None"
        case ast.Break():
            yield "continue"
        case ast.Continue():
            yield "break"
        case ast.Raise():
            yield "pass"


def _of_expression(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=right):
            for place, op in enumerate(ops):
                for other in COMPARISONS[type(op)]:
                    swapped = [*ops[:place], other(), *ops[place + 1 :]]
                    yield _text(ast.Compare(left, swapped, right))
        case ast.BoolOp(op=op, values=values):
            for place in range(len(values)):
                rest = [*values[:place], *values[place + 1 :]]
                yield _text(rest[0] if len(rest) == 1 else ast.BoolOp(op, rest))
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield _text(operand)
        case ast.BinOp(left=left, op=op, right=value):
            if swap := OPERATORS.get(type(op)):
                yield _text(ast.BinOp(left, swap(), value))
        case ast.IfExp(body=body, orelse=orelse):
            yield _text(body)
            yield _text(orelse)
        case ast.Constant(value=constant):
            yield from _of_constant(constant)
        case ast.Call():
            yield from _of_call(node)


def _of_constant(value: object) -> Iterator[str]:
    match value:
        case bool():
            yield repr(not value)
        case int() | float():
            yield repr(value + 1)
        case str():
            yield repr(f"XX{value}")


def _of_call(node: ast.Call) -> Iterator[str]:
    if isinstance(node.func, ast.Name) and (other := OPPOSITES.get(node.func.id)):
        yield ast.unparse(ast.Call(ast.Name(other), node.args, node.keywords))


def _without_keywords(node: ast.Call) -> Iterator[tuple[str, str]]:
    """Yield each named argument and the call without it."""
    for place, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            name = f"{ast.unparse(node.func)}(… {ast.unparse(keyword)})"
            rest = [*node.keywords[:place], *node.keywords[place + 1 :]]
            yield name, ast.unparse(ast.Call(node.func, node.args, rest))
