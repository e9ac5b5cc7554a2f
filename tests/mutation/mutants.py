"""Mutants: small faults that somebody could have made, each as a change of one expression or statement.

A test that fails with the mutant kills it. What no test can see by its nature is not mutated: docstrings,
annotations, decorators, texts of exceptions, sentences.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from random import Random

_COMPARED: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_COMPUTED: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_CALLED = {"all": "any", "any": "all", "min": "max", "max": "min", "startswith": "endswith"}
_WORDS = 2
"""Blanks from which on a text is a sentence: what it says is not for tests to repeat."""
_UNSWAPPED = frozenset(("isinstance", "cast", "getattr", *_CALLED))
"""Functions that end in a traceback with swapped arguments, or do not mind."""
_GENERICS = ("tuple", "dict", "list", "set", "frozenset", "Callable", "Mapping", "Sequence", "Union")
"""What a name for a type begins with."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Mutant:
    """One change of one file; offsets count bytes of the file, as positions of ``ast`` do."""

    source: str
    """The file, from the package on."""
    line: int
    function: str | None
    """The outermost function around it, as ``co_qualname``; what runs while a module is imported has none."""
    operator: str
    start: int
    end: int
    new: str

    def applied(self, text: bytes) -> bytes:
        """The file with the change."""
        return text[: self.start] + self.new.encode() + text[self.end :]

    def described(self, text: bytes) -> str:
        """Where it is, and what becomes what."""
        old = " ".join(text[self.start : self.end].decode().split())
        new = " ".join(self.new.split())
        return f"{self.source}:{self.line} {self.operator}: {_short(old)} -> {_short(new)}"


def _short(text: str, most: int = 90) -> str:
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"


def mutants_of(source: str, text: bytes) -> list[Mutant]:
    """All mutants of a file, in their order in the file."""
    return sorted(_Reader(source, text).read(), key=lambda mutant: (mutant.start, mutant.end, mutant.new))


def drawn(packages: Mapping[str, Sequence[Mutant]], count: int, seed: int) -> list[Mutant]:
    """A sample with as many mutants of each package, of each in turn, so that any part of it is one too."""
    random = Random(seed)
    most = -(-count // len(packages))
    chosen = [random.sample(found, min(most, len(found))) for _, found in sorted(packages.items())]
    return [mutant for turn in zip_longest(*chosen) for mutant in turn if mutant is not None][:count]


def by_package(folder: Path, packages: Sequence[str]) -> dict[str, list[Mutant]]:
    """All mutants of some packages of a source tree."""
    return {
        name: [
            mutant
            for path in sorted((folder / name).rglob("*.py"))
            for mutant in mutants_of(path.relative_to(folder).as_posix(), path.read_bytes())
        ]
        for name in packages
    }


class _Reader:
    """Walks a module and yields the mutants of each node."""

    def __init__(self, source: str, text: bytes) -> None:
        self._source = source
        self._text = text
        self._lines = [0]
        for line in text.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def read(self) -> Iterator[Mutant]:
        yield from self._body(ast.parse(self._text), None, "")

    def _body(self, node: ast.AST, function: str | None, prefix: str) -> Iterator[Mutant]:
        for child in _looked_at(node):
            if isinstance(child, (*_FUNCTIONS, ast.ClassDef)):
                name = f"{prefix}{child.name}"
                yield from self._signature(child, function, prefix)
                inner = function or (name if isinstance(child, _FUNCTIONS) else None)
                yield from self._body(child, inner, f"{name}.")
            else:
                yield from self._changes(child, function)
                yield from self._body(child, function, prefix)

    def _signature(self, node: ast.AST, function: str | None, prefix: str) -> Iterator[Mutant]:
        if isinstance(node, _FUNCTIONS):
            for default in (*node.args.defaults, *node.args.kw_defaults):
                if default is not None:
                    yield from self._changes(default, function)
                    yield from self._body(default, function, prefix)

    def _changes(self, node: ast.AST, function: str | None) -> Iterator[Mutant]:
        for kind, made in _KINDS:
            if isinstance(node, kind):
                for operator, place, new in made(node):
                    yield self._mutant(place, function, operator, new)

    def _mutant(self, place: ast.expr | ast.stmt, function: str | None, operator: str, new: str) -> Mutant:
        assert place.end_lineno is not None
        assert place.end_col_offset is not None
        start = self._lines[place.lineno - 1] + place.col_offset
        end = self._lines[place.end_lineno - 1] + place.end_col_offset
        text = new if isinstance(place, ast.stmt) else f"({new})"
        return Mutant(self._source, place.lineno, function, operator, start, end, text)


_Change = tuple[str, ast.expr | ast.stmt, str]
"""The kind of change, the node that goes, and the text that comes."""


def _looked_at(node: ast.AST) -> Iterator[ast.AST]:
    """The children that can be mutated."""
    unseen: list[ast.AST] = []
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        return (child for child in node.body if not _is_text(child))
    if isinstance(node, ast.Module):
        return (child for child in node.body if not _is_text(child) and not _is_for_types(child))
    if isinstance(node, (ast.AnnAssign, ast.arg)):
        unseen.append(node.annotation)  # type: ignore[arg-type]
    if isinstance(node, (ast.Raise, ast.JoinedStr, ast.Import, ast.ImportFrom, ast.Assert)):
        return iter(())
    if isinstance(node, ast.Call):
        unseen.append(node.func if isinstance(node.func, ast.Name) else ast.Pass())
        if isinstance(node.func, ast.Name) and node.func.id in ("cast", "TypeVar", "pattern"):
            unseen += node.args[:1]
    return (child for child in ast.iter_child_nodes(node) if child not in unseen)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_types(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if not isinstance(node, ast.Assign):
        return False
    is_alias = isinstance(node.value, ast.Subscript) and ast.unparse(node.value.value) in _GENERICS
    return is_alias or any(isinstance(each, ast.Name) and each.id == "__all__" for each in node.targets)


def _compare(node: ast.Compare) -> Iterator[_Change]:
    for number, operator in enumerate(node.ops):
        for other in _COMPARED[type(operator)]:
            operators = [*node.ops[:number], other(), *node.ops[number + 1 :]]
            yield "comparison", node, ast.unparse(ast.Compare(node.left, operators, node.comparators))


def _conditions(node: ast.BoolOp) -> Iterator[_Change]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield "and/or", node, ast.unparse(ast.BoolOp(other, node.values))
    for number in range(len(node.values)):
        left = node.values[:number] + node.values[number + 1 :]
        yield "dropped condition", node, ast.unparse(ast.BoolOp(node.op, left) if len(left) > 1 else left[0])


def _negation(node: ast.UnaryOp) -> Iterator[_Change]:
    if isinstance(node.op, (ast.Not, ast.USub)):
        sign = "not" if isinstance(node.op, ast.Not) else "minus"
        yield f"dropped {sign}", node, ast.unparse(node.operand)


def _tested(node: ast.If | ast.IfExp | ast.While) -> Iterator[_Change]:
    if not isinstance(node.test, (ast.Compare, ast.UnaryOp)):
        yield "negated condition", node.test, f"not ({ast.unparse(node.test)})"


def _constant(node: ast.Constant) -> Iterator[_Change]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", node, repr(not value)
    elif isinstance(value, (int, float)):
        yield "constant", node, repr(value + 1)
        yield "constant", node, repr(value - 1)
    elif isinstance(value, str) and value.count(" ") < _WORDS:
        yield "constant", node, repr(f"x{value}" if value else "x")


def _computed(node: ast.BinOp) -> Iterator[_Change]:
    other = _COMPUTED.get(type(node.op))
    if other is not None and not isinstance(node.left, ast.Constant | ast.JoinedStr):
        yield "arithmetic", node, ast.unparse(ast.BinOp(node.left, other(), node.right))


def _called(node: ast.Call) -> Iterator[_Change]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name in _CALLED:
        func = (
            ast.Name(_CALLED[name])
            if isinstance(node.func, ast.Name)
            else ast.Attribute(node.func.value, _CALLED[name])  # type: ignore[attr-defined]
        )
        yield "other function", node, ast.unparse(ast.Call(func, node.args, node.keywords))
    first = node.args[:2]
    if (
        len(first) == 2
        and ast.dump(first[0]) != ast.dump(first[1])
        and name not in _UNSWAPPED
        and not any(isinstance(each, ast.Starred) for each in first)
    ):
        swapped = [*reversed(first), *node.args[2:]]
        yield "swapped arguments", node, ast.unparse(ast.Call(node.func, swapped, node.keywords))
    for number, keyword in enumerate(node.keywords):
        if keyword.arg not in (None, "strict"):  # ``zip`` of what is as long by its making
            left = node.keywords[:number] + node.keywords[number + 1 :]
            yield "dropped argument", node, ast.unparse(ast.Call(node.func, node.args, left))


def _spreads(arguments: Sequence[ast.expr]) -> bool:
    return any(isinstance(each, ast.Starred) for each in arguments)


def _elements(node: ast.Tuple | ast.List | ast.Set) -> Iterator[_Change]:
    if not isinstance(node.ctx if not isinstance(node, ast.Set) else ast.Load(), ast.Load):
        return
    for number in range(len(node.elts)):
        left = node.elts[:number] + node.elts[number + 1 :]
        if left or not isinstance(node, ast.Set):
            other = ast.Set(left) if isinstance(node, ast.Set) else type(node)(left, ast.Load())
            yield "dropped element", node, ast.unparse(other)


def _entries(node: ast.Dict) -> Iterator[_Change]:
    for number in range(len(node.keys)):
        keys = node.keys[:number] + node.keys[number + 1 :]
        values = node.values[:number] + node.values[number + 1 :]
        yield "dropped entry", node, ast.unparse(ast.Dict(keys, values))


def _filter(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Iterator[_Change]:
    for generator in node.generators:
        for number, condition in enumerate(generator.ifs):
            kept = list(generator.ifs)
            generator.ifs = kept[:number] + kept[number + 1 :]
            yield "dropped filter", node, ast.unparse(node)
            generator.ifs = [*kept[:number], ast.UnaryOp(ast.Not(), condition), *kept[number + 1 :]]
            yield "negated filter", node, ast.unparse(node)
            generator.ifs = kept


def _choice(node: ast.IfExp) -> Iterator[_Change]:
    yield "one branch", node, ast.unparse(node.body)
    yield "one branch", node, ast.unparse(node.orelse)


def _slice(node: ast.Slice) -> Iterator[_Change]:
    for name in ("lower", "upper"):
        if (part := getattr(node, name)) is not None and not isinstance(part, ast.Constant):
            yield "boundary", part, f"{ast.unparse(part)} + 1"


def _statement(node: ast.stmt) -> Iterator[_Change]:
    if isinstance(node, ast.Continue):
        yield "continue/break", node, "break"
    elif isinstance(node, ast.Break):
        yield "continue/break", node, "continue"
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "removed return", node, "pass"
    elif isinstance(node, ast.Raise | ast.AugAssign) or (isinstance(node, ast.Return) and node.value is None):
        yield "removed statement", node, "pass"
    elif isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
        yield "removed statement", node, "(yield)" if _yields(node.value) else "pass"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _yields(node: ast.expr) -> bool:
    return isinstance(node, (ast.Yield, ast.YieldFrom))


_KINDS: tuple[tuple[type | tuple[type, ...], Callable[..., Iterator[_Change]]], ...] = (
    (ast.Compare, _compare),
    (ast.BoolOp, _conditions),
    (ast.UnaryOp, _negation),
    ((ast.If, ast.IfExp, ast.While), _tested),
    (ast.Constant, _constant),
    (ast.BinOp, _computed),
    (ast.Call, _called),
    ((ast.Tuple, ast.List, ast.Set), _elements),
    (ast.Dict, _entries),
    ((ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp), _filter),
    (ast.IfExp, _choice),
    (ast.Slice, _slice),
    (ast.stmt, _statement),
)
