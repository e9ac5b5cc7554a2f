"""Mutants are faults: each can be compiled, differs from the program, and stays within its function."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant, by_package, drawn, mutants_of

PROGRAM = b'''"""Text."""
NAMES = ("a", "b")

def least(numbers: list[int], bound: int = 3) -> int:
    """Text."""
    for number in numbers:
        if number < bound and number:
            continue
        yield number
    raise ValueError("no number is large enough")
'''
EXPECTED = [
    """dropped element: ("a", "b") -> (('a',))""",
    """dropped element: ("a", "b") -> (('b',))""",
    """constant: "a" -> ('xa')""",
    """constant: "b" -> ('xb')""",
    "constant: 3 -> (2)",
    "constant: 3 -> (4)",
    "comparison: number < bound -> (number <= bound)",
    "comparison: number < bound -> (number >= bound)",
    "dropped condition: number < bound and number -> (number < bound)",
    "and/or: number < bound and number -> (number < bound or number)",
    "negated condition: number < bound and number -> (not (number < bound and number))",
    "dropped condition: number < bound and number -> (number)",
    "continue/break: continue -> break",
    "removed statement: yield number -> (yield)",
    """removed statement: raise ValueError("no number is large enough") -> pass""",
]
SOURCES = Path(__file__).parents[2] / "src/archlint"


def test_the_mutants_of_a_small_program() -> None:
    told = [mutant.described(PROGRAM).partition(" ")[2] for mutant in mutants_of("a.py", PROGRAM)]
    assert sorted(told) == sorted(EXPECTED)


@pytest.mark.parametrize("seed", range(3))
def test_mutants_are_other_programs(seed: int) -> None:
    found = by_package(SOURCES, ("engine", "judging"))
    sample = drawn(found, 40, seed)
    assert len(sample) == 40
    assert sample == drawn(found, 40, seed)
    for mutant in sample:
        _check(mutant, (SOURCES / mutant.source).read_bytes())


def _check(mutant: Mutant, text: bytes) -> None:
    old, new = ast.parse(text), ast.parse(mutant.applied(text))
    assert ast.dump(old) != ast.dump(new), mutant
    if mutant.function is not None:
        outer = mutant.function.split(".")
        assert ast.dump(_without(old, outer)) == ast.dump(_without(new, outer)), mutant


def _without(tree: ast.Module, names: list[str]) -> ast.Module:
    """The module without the body of a function."""
    nodes: list[ast.stmt] = tree.body
    for name in names:
        for node in (each for each in nodes if getattr(each, "name", None) == name):
            nodes = node.body  # type: ignore[attr-defined]
            if isinstance(node, ast.FunctionDef):
                node.body = []
    return tree
