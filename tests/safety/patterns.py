"""Every regular expression of archlint with the ways in which it is used, found in the source itself."""

from __future__ import annotations

import ast
import importlib
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

SOURCE = Path(__file__).parents[2] / "src"
_WAYS = frozenset(("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"))
_ONLY_OF_PATTERNS = _WAYS - {"split", "sub", "subn"}
"""Methods that no string has."""


@dataclass(frozen=True)
class Use:
    """A pattern and one way in which it looks at a text; ``place`` is where it is written."""

    place: str
    pattern: re.Pattern[Any]
    way: str

    def run(self, text: str) -> None:
        """Let the pattern look at a text."""
        look = getattr(self.pattern, self.way)
        subject = text.encode() if isinstance(self.pattern.pattern, bytes) else text
        if self.way in ("sub", "subn"):
            look(subject[:0], subject)
        elif self.way == "finditer":
            deque(look(subject), maxlen=0)
        else:
            look(subject)


@dataclass(frozen=True)
class Made:
    """A pattern that is made of what is only known when it is used."""

    place: str


@cache
def uses() -> tuple[Use | Made, ...]:
    """All uses of all patterns."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted((SOURCE / "archlint").rglob("*.py"))}
    named: dict[tuple[str, str], set[str]] = {}
    for path, tree in trees.items():
        own = _module(path)
        brought = {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in _WAYS and isinstance(node.value, ast.Name):
                name = node.value.id
                named.setdefault(brought.get(name, (own, name)), set()).add(node.attr)
    return tuple(dict.fromkeys(use for path, tree in trees.items() for use in _of_module(path, tree, named)))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


def _of_module(path: Path, tree: ast.Module, named: dict[tuple[str, str], set[str]]) -> Iterator[Use | Made]:
    calls = [node for node in ast.walk(tree) if _is_of_re(node)]
    if not calls:
        return
    relative = path.relative_to(SOURCE)
    module = importlib.import_module(_module(path))
    names = {id(node.value): _target(node) for node in ast.walk(tree) if isinstance(node, ast.Assign)}
    besides = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in _ONLY_OF_PATTERNS
        and not (isinstance(node.value, ast.Name) and node.value.id == "re")
    }
    for call in calls:
        place = f"{relative}:{call.lineno}"
        pattern = _pattern(call, module)
        if pattern is None:
            yield Made(place)
            continue
        way = _way(call)
        ways = (
            {way}
            if way != "compile"
            else named.get((_module(path), names.get(id(call), "")), set()) or besides
        )
        for each in sorted(ways or {"search"}):
            yield Use(place, pattern, each)


def _target(node: ast.Assign) -> str:
    target = node.targets[0]
    return target.id if isinstance(target, ast.Name) else ""


def _is_of_re(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _way(node) != ""


def _way(call: ast.Call) -> str:
    """What a call does with a pattern; empty if it is no such call."""
    function = ast.unparse(call.func)
    if function == "regex":
        return "compile"
    module, _, name = function.rpartition(".")
    return name if module == "re" and name in _WAYS | {"compile"} else ""


def _pattern(call: Any, module: ModuleType) -> re.Pattern[Any] | None:
    flags = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
    flags += call.args[{"sub": 4, "subn": 4, "split": 3, "compile": 1}.get(_way(call), 2) :][:1]
    if isinstance(call.args[0], ast.Starred):
        return None
    try:
        text, *flag = (_value(part, module) for part in (call.args[0], *flags))
    except NameError:
        return None
    return re.compile(text, flag[0] if flag else 0)


def _value(expression: ast.expr, module: ModuleType) -> Any:
    """What an expression of the source is, if nothing in it belongs to a function."""
    return eval(compile(ast.Expression(expression), "source", "eval"), dict(vars(module)))
