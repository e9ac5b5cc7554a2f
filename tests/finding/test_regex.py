"""Expressions that are compiled late are right, and behave as those that ``re.compile`` gives."""

from __future__ import annotations

import ast
import copy
import importlib
import re
from pathlib import Path
from typing import Any

import pytest

import archlint
from archlint.finding.regex import LateRegex

PACKAGE = Path(archlint.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__main__.py")


def name_of(path: Path) -> str:
    """The name under which a file of the package is imported."""
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def test_modules_declare_expressions_that_can_be_compiled() -> None:
    declaring = [path for path in MODULES if "regex(" in path.read_text("utf-8")]
    for path in declaring:
        for value in vars(importlib.import_module(name_of(path))).values():
            for item in value.values() if isinstance(value, dict) else [value]:
                if isinstance(item, LateRegex):
                    assert item.pattern is not None, path


def test_no_module_compiles_an_expression_while_it_is_imported() -> None:
    found: list[str] = []
    for path in MODULES:
        waiting: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
                found.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
            functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
            waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, functions)]
    assert not found, "declare these with archlint.finding.regex"


@pytest.mark.parametrize("member", [name for name in dir(re.Pattern) if not name.startswith("_")])
def test_it_has_the_members_of_a_compiled_expression(member: str) -> None:
    late: Any = LateRegex("(a)(?P<b>b)", re.IGNORECASE)
    real = re.compile("(a)(?P<b>b)", re.IGNORECASE)
    expected, found = getattr(real, member), getattr(late, member)
    assert found == expected if not callable(expected) else found.__self__ == real


def test_it_is_compiled_once_and_when_it_is_used() -> None:
    late: Any = LateRegex("(")
    with pytest.raises(re.error):
        late.match("x")
    used: Any = LateRegex("a+")
    assert used.match("aa")[0] == "aa"
    assert used.search is used.search
    assert copy.copy(used).fullmatch("aaa")
    with pytest.raises(AttributeError):
        _ = used.unknown
