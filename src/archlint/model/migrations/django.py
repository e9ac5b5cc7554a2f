"""Django's migrations: Python files with a class of operations, each of which Django takes back if it can.

Parsed, never run.

Source: Django, "Migration Operations": ``RunPython`` without ``reverse_code`` and ``RunSQL`` without
``reverse_sql`` cannot be taken back (``IrreversibleError``).
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from posixpath import basename, dirname

from archlint.documents.plain import START
from archlint.finding import Span
from archlint.finding.articles import with_article
from archlint.finding.regex import regex
from archlint.model.migrations.steps import Step, WayBack
from archlint.model.world import World

_LONGEST_TEXT = 1_000_000
IS_DJANGO = regex(r"(?m)^class[ \t]+Migration[ \t]*\([^)\n]*Migration[^)\n]*\)")
_IRREVERSIBLE = {"RunPython": ("reverse_code", 1), "RunSQL": ("reverse_sql", 1)}
"""By operation: the argument that takes it back, as keyword and by position."""


def django_steps(world: World, paths: Sequence[str]) -> Iterator[Step]:
    """The migrations of all apps; operations that are not Django's own are taken to have their way back."""
    for path in paths:
        if not path.endswith(".py") or basename(dirname(path)) == "versions":
            continue
        text = world.text(path)
        if text is None or len(text) > _LONGEST_TEXT or not IS_DJANGO.search(text):
            continue
        name = f"{basename(dirname(dirname(path)))}.{basename(path).removesuffix('.py')}"
        found = _stopper(text)
        if found is None:
            yield Step(path, "django", name, WayBack.PRESENT, START, "")
        else:
            operation, argument, span = found
            yield Step(
                path,
                "django",
                name,
                WayBack.IMPOSSIBLE,
                span,
                with_article(f"'{argument}'"),
                operation=f"'{operation}'",
            )


def _stopper(text: str) -> tuple[str, str, Span] | None:
    """The first operation that cannot be taken back, the argument that it lacks, and its place."""
    if "RunPython" not in text and "RunSQL" not in text:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == "Migration":
            for call in _calls(node):
                name = (
                    call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                )
                if name in _IRREVERSIBLE and not _has_reverse(call, *_IRREVERSIBLE[name]):
                    return name, _IRREVERSIBLE[name][0], _span(text, call.func, name)
    return None


def _calls(node: ast.ClassDef) -> list[ast.Call]:
    """The calls in the lists of a class, in the order in which they stand; functions of it are none."""
    lists = [item for item in node.body if isinstance(item, ast.Assign | ast.AnnAssign | ast.AugAssign)]
    found = [call for item in lists for call in ast.walk(item) if isinstance(call, ast.Call)]
    return sorted(found, key=lambda call: (call.lineno, call.col_offset))


def _has_reverse(call: ast.Call, keyword: str, position: int) -> bool:
    """Whether an operation says how it is taken back, or may say so in a way that cannot be seen."""
    if any(isinstance(item, ast.Starred) for item in call.args):
        return True
    given = [item.value for item in call.keywords if item.arg in (keyword, None)]
    given += call.args[position : position + 1]
    return any(not (isinstance(item, ast.Constant) and item.value is None) for item in given)


def _span(text: str, func: ast.expr, name: str) -> Span:
    """The place of a name; Python counts lines at other ends than archlint, and columns in bytes."""
    lines = text.split("\n")
    if "\r" in text.replace("\r\n", "") or func.end_lineno is None or func.end_col_offset is None:
        return START
    line = lines[func.end_lineno - 1].encode("utf-8", "replace")
    end = len(line[: func.end_col_offset].decode("utf-8", "replace")) + 1
    return Span(func.end_lineno, end - len(name), func.end_lineno, end)
