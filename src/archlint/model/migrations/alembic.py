"""Alembic revisions: Python files with ``upgrade`` and ``downgrade``, parsed and never run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence

from archlint.documents import TextFile
from archlint.documents.plain import START
from archlint.files import LineIndex, is_alembic
from archlint.finding import Span
from archlint.model.migrations.migration import Migration, WayBack
from archlint.model.world import World

_LONGEST_TEXT = 1_000_000
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def alembic_migrations(world: World, paths: Sequence[str]) -> Iterator[Migration]:
    """The revisions among some paths; a file that is no valid Python is none."""
    for path in paths:
        if path.endswith(".py"):
            text = world.text(path)
            if text is not None and len(text) < _LONGEST_TEXT and is_alembic(text):
                yield from _revision(path, text)


def _revision(path: str, text: str) -> Iterator[Migration]:
    tree = _parse(text)
    functions = {node.name: node for node in (tree.body if tree else ()) if isinstance(node, _FUNCTION)}
    upgrade, downgrade = functions.get("upgrade"), functions.get("downgrade")
    if upgrade is None:
        return
    way_back = WayBack.MISSING if downgrade is None else _way_back(downgrade)
    if way_back is not WayBack.PRESENT and _does_nothing(upgrade):
        way_back = WayBack.NOT_NEEDED
    name = _declared_revision(tree) or path.rpartition("/")[2]
    span = _span(text, upgrade if downgrade is None else downgrade)
    yield Migration(TextFile(path), "alembic", name, way_back, span, "downgrade")


def _parse(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _way_back(function: _FUNCTION) -> WayBack:
    statements = [item for item in function.body if not _is_idle(item)]
    if not statements:
        return WayBack.EMPTY
    return WayBack.REFUSED if isinstance(statements[0], ast.Raise) else WayBack.PRESENT


def _does_nothing(function: _FUNCTION) -> bool:
    return all(map(_is_idle, function.body))


def _is_idle(statement: ast.stmt) -> bool:
    """Whether a statement has no effect: ``pass``, ``...``, a docstring, a bare ``return``."""
    if isinstance(statement, ast.Pass):
        return True
    if isinstance(statement, ast.Return | ast.Expr):
        return statement.value is None or isinstance(statement.value, ast.Constant)
    return False


def _declared_revision(tree: ast.Module | None) -> str | None:
    for node in tree.body if tree else ():
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and target.id == "revision" and isinstance(value, ast.Constant):
            return value.value if isinstance(value.value, str) else None
    return None


def _span(text: str, function: _FUNCTION) -> Span:
    """The place of a function's name; Python counts columns in bytes, so the name is searched."""
    lines = LineIndex(text)
    for match in re.finditer(rf"^(?:async[ \t]+)?def[ \t]+({function.name})\b", text, re.MULTILINE):
        line, column = lines.position(match.start(1))
        if line >= function.lineno:
            return Span(line, column, line, column + len(match[1]))
    return START
