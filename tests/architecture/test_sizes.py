"""Functions and modules are short enough to be read at once; what is longer says here why."""

from __future__ import annotations

import ast
from pathlib import Path

import archlint

PACKAGE = Path(archlint.__file__).parent
MODULES = {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}
LONGEST_FUNCTION, LONGEST_MODULE = 50, 400
LONGER: dict[str, str] = {}
"""What is longer, such as ``model/world.py`` or ``model/world.py:World.all``, and the reason."""


def functions(text: str) -> dict[str, int]:
    """The lines of each function, by its name and those of the classes and functions around it."""
    found: dict[str, int] = {}
    waiting: list[tuple[str, ast.AST]] = [("", ast.parse(text))]
    while waiting:
        around, node = waiting.pop()
        for child in ast.iter_child_nodes(node):
            name = f"{around}.{child.name}".lstrip(".") if hasattr(child, "name") else around
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found[name] = (child.end_lineno or child.lineno) - child.lineno + 1
            waiting.append((name, child))
    return found


def test_functions_are_short() -> None:
    long = {
        f"{module}:{name}": lines
        for module, text in MODULES.items()
        for name, lines in functions(text).items()
        if lines > LONGEST_FUNCTION
    }
    listed = {name for name in LONGER if ":" in name}
    assert not (new := sorted(long.keys() - listed)), (
        f"{new} have more than {LONGEST_FUNCTION} lines: make smaller functions of them, or add them to"
        f" LONGER with the reason: {long}"
    )
    assert not (gone := sorted(listed - long.keys())), f"{gone} are short or gone: take them out of LONGER"


def test_modules_are_short() -> None:
    long = {module: len(text.splitlines()) for module, text in MODULES.items()}
    long = {module: lines for module, lines in long.items() if lines > LONGEST_MODULE}
    listed = {name for name in LONGER if ":" not in name}
    assert not (new := sorted(long.keys() - listed)), (
        f"{new} have more than {LONGEST_MODULE} lines: move what belongs together into a module of its own,"
        f" or add them to LONGER with the reason: {long}"
    )
    assert not (gone := sorted(listed - long.keys())), f"{gone} are short or gone: take them out of LONGER"
