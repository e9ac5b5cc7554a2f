"""What of a value a shape refuses: one pass, whose time is linear in the value.

As the API server does, it takes a key whose value is null for one that is not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.finding.words import listed
from archlint.model.kubernetes.schemas.limits import broken_limits
from archlint.model.kubernetes.schemas.shape import Shape


class Fault(StrEnum):
    """What may be wrong with a value."""

    UNKNOWN = "unknown"
    TYPE = "type"
    MISSING = "missing"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """One thing that a shape refuses."""

    fault: Fault
    route: Route
    """The value; of a field that is missing where it would be."""
    shape: Shape
    """What the value should be; for a key that is unknown or missing the shape of its map."""
    reason: str = ""
    """Which limit is broken, in words."""
    keyword: str = ""
    """Which limit is broken, as schemas call it."""

    @property
    def ends_judging(self) -> bool:
        """Whether the API server asks no rules in CEL about an object with it."""
        return self.fault in (Fault.TYPE, Fault.MISSING) or self.keyword in _ENDING


DOUBLED = "x-kubernetes-list-type"
"""The keyword of lists whose entries differ."""
_ENDING = frozenset({"enum", "format", "maxLength", "maxItems", "maxProperties"})
_Waiting = list[tuple[Shape, Any, Route]]


def violations(shape: Shape, value: Any) -> Iterator[SchemaViolation]:
    """All that is wrong with a value that is not null."""
    waiting: _Waiting = [(shape, value, ())]
    while waiting:
        shape, value, route = waiting.pop()
        kind = type(value)
        if shape.classes is not None and kind not in shape.classes and not _is_whole(shape, value):
            yield SchemaViolation(Fault.TYPE, route, shape)
            continue
        if shape.limits is not None:
            for keyword, reason in broken_limits(shape.limits, value):
                yield SchemaViolation(Fault.LIMIT, route, shape, reason, keyword)
        if shape.distinct is not None and kind is list:
            yield from _doubled(shape, shape.distinct, value, route)
        if kind is dict:
            yield from _in_map(shape, value, route, waiting)
        elif kind is list and shape.items is not None and shape.items.asks:
            items = shape.items
            waiting.extend(
                (items, item, (*route, index))
                for index, item in enumerate(value)
                if item is not None or items.refuses_null
            )


def _in_map(
    shape: Shape, value: dict[str, Any], route: Route, waiting: _Waiting
) -> Iterator[SchemaViolation]:
    fields, rest = shape.fields, shape.rest
    for key, item in value.items():
        inner = fields.get(key, rest)
        if inner is None:
            yield SchemaViolation(Fault.UNKNOWN, (*route, key), shape)
        elif item is not None and inner.asks:
            classes = inner.classes
            kind = type(item)
            if (
                kind is dict
                or kind is list
                or inner.limits is not None
                or classes is None
                or kind not in classes
            ):
                waiting.append((inner, item, (*route, key)))
    for name in shape.required:
        if value.get(name) is None and not (name in value and _takes_null(fields.get(name))):
            yield SchemaViolation(Fault.MISSING, (*route, name), shape)


def _doubled(
    shape: Shape, keys: Mapping[str, Any], value: list[Any], route: Route
) -> Iterator[SchemaViolation]:
    """Entries of a list that are there twice, each once."""
    seen: dict[str, int] = {}
    for index, item in enumerate(value):
        if keys and not isinstance(item, dict):
            continue
        parts = {key: default if item.get(key) is None else item[key] for key, default in keys.items()}
        said = json.dumps(parts if keys else item, sort_keys=True, default=str)
        seen[said] = seen.get(said, 0) + 1
        if seen[said] == 2:
            words = listed([f"'{key}' ({part})" for key, part in parts.items()])
            reason = (
                f"has the same {words} as another entry of this list" if keys else "is in this list twice"
            )
            yield SchemaViolation(Fault.LIMIT, (*route, index), shape, reason, DOUBLED)


def _takes_null(shape: Shape | None) -> bool:
    """Whether null stands for a map without entries, as it does for the types of Kubernetes."""
    return shape is not None and shape.name != ""


def _is_whole(shape: Shape, value: Any) -> bool:
    """Whether a number is an integer that is written with a point."""
    return type(value) is float and shape.classes is not None and int in shape.classes and value.is_integer()
