"""Alembic revisions: Python files with ``upgrade`` and ``downgrade``, parsed and never run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence

from archlint.documents import ParseProblem
from archlint.documents.plain import START
from archlint.files import Kind, LineIndex, is_alembic
from archlint.finding import Span
from archlint.finding.records import dataclass
from archlint.model.migrations.steps import Step, WayBack
from archlint.model.world import World

_LONGEST_TEXT = 1_000_000
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class AlembicScript:
    """A Python file that is an Alembic revision: parsed, or what is wrong with it."""

    path: str
    text: str
    tree: ast.Module | None
    problem: ParseProblem | None = None


def alembic_scripts(world: World) -> tuple[AlembicScript, ...]:
    """All of them; ask with ``world.reading(alembic_scripts)``."""
    texts = ((path, world.text(path)) for path in world.paths(Kind.MIGRATION) if path.endswith(".py"))
    return tuple(
        _script(path, text)
        for path, text in texts
        if text is not None and len(text) < _LONGEST_TEXT and is_alembic(text)
    )


def alembic_steps(world: World, paths: Sequence[str]) -> Iterator[Step]:
    """The revisions among some paths; a file that is no valid Python is none."""
    wanted = frozenset(paths)
    for script in world.reading(alembic_scripts):
        if script.path in wanted and script.tree is not None:
            yield from _revision(script.path, script.text, script.tree)


def _revision(path: str, text: str, tree: ast.Module) -> Iterator[Step]:
    functions = {node.name: node for node in tree.body if isinstance(node, _FUNCTION)}
    upgrade, downgrade = functions.get("upgrade"), functions.get("downgrade")
    if upgrade is None:
        return
    way_back = WayBack.MISSING if downgrade is None else _way_back(downgrade)
    if way_back is not WayBack.PRESENT and _does_nothing(upgrade):
        way_back = WayBack.NOT_NEEDED
    name = _declared_revision(tree) or path.rpartition("/")[2]
    span = _span(text, upgrade if downgrade is None else downgrade)
    yield Step(path, "alembic", name, way_back, span, "downgrade")


def _script(path: str, text: str) -> AlembicScript:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return AlembicScript(path, text, ast.parse(text))
    except SyntaxError as error:
        line, column = error.lineno or 1, max(error.offset or 1, 1)
        message = f"The migration is not valid Python: {error.msg}. Fix it here."
        span = Span(line, column, line, column + 1)
    except (ValueError, RecursionError, MemoryError):
        message = "The migration cannot be read as Python: it nests too deeply, or holds bytes of zero."
        span = START
    return AlembicScript(path, text, None, ParseProblem(path, message, span))


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


def _declared_revision(tree: ast.Module) -> str | None:
    for node in tree.body:
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
