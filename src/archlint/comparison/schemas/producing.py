"""Whether a value is one that a sender makes who uses only the names that its document declares.

All schemas that look at the same value and hold are taken together: what one of them declares is declared.
"""

from __future__ import annotations

from typing import Any

from archlint.comparison.schemas.clauses import Item, Row, Shape, clauses
from archlint.comparison.schemas.evaluation import Evaluator, at_name
from archlint.comparison.schemas.schema import Schema
from archlint.comparison.schemas.values import type_of

_MAX_DEPTH = 250


def is_produced(value: Any, schema: Schema) -> bool:
    """Whether no member anywhere in a value goes undeclared; what cannot be told counts as undeclared."""
    waiting: list[tuple[Any, list[Schema], int]] = [(value, [schema], 0)]
    while waiting:
        current, schemas, depth = waiting.pop()
        if depth > _MAX_DEPTH:
            return False
        if all(schema.base is None for schema in schemas):
            continue  # nothing is said of it: it may be anything
        if isinstance(current, dict):
            shapes = [item.value for item in _holding(current, schemas, "object") if item.kind == "shape"]
            for name, member in current.items():
                below = _declared(shapes, name)
                if below is None:
                    return False
                waiting.append((member, below, depth + 1))
        elif isinstance(current, (list, tuple)):
            rows = [item.value for item in _holding(current, schemas, "array") if item.kind == "row"]
            waiting.extend((member, _at(rows, index), depth + 1) for index, member in enumerate(current))
    return True


def _declared(shapes: list[Shape], name: str) -> list[Schema] | None:
    """The schemas of a member under the rule; ``None`` if nothing declares it."""
    found: list[Schema] = []
    is_declared = False
    for shape in shapes:
        if not shape.produced:
            continue
        schemas = at_name(shape, name)
        is_declared = is_declared or any(schema is not None for schema in schemas)
        found.extend(schema for schema in schemas if schema is not None)
    return found if is_declared else None


def _at(rows: list[Row], index: int) -> list[Schema]:
    found = (row.at(index) for row in rows)
    return [schema for schema in found if schema is not None and schema.base is not None]


def _holding(value: Any, schemas: list[Schema], kind: str) -> list[Item]:
    """The items of all schemas that look at a value, are under the rule, and hold."""
    evaluator = Evaluator(loose=False)
    found: list[Item] = []
    waiting, seen = list(schemas), set[int]()
    while waiting:
        schema = waiting.pop()
        if id(schema) in seen or schema.base is None or type_of(value) != kind:
            continue
        seen.add(id(schema))
        for item in clauses(schema, kind, False) or ():
            found.append(item)
            if item.kind == "schema":
                waiting.append(item.value)
            elif item.kind in ("any", "one"):
                waiting.extend(part for part in item.value if evaluator.holds(value, part.plain))
            elif item.kind == "if":
                test = evaluator.holds(value, item.value[0].plain)
                waiting.extend(item.value[:2] if test else item.value[2:])
            elif item.kind == "dependent" and item.value[0] in value:
                waiting.append(item.value[1])
    return found
