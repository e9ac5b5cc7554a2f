"""What was meant by a key that a kind does not have: another spelling, another level, another version."""

from __future__ import annotations

from functools import lru_cache

from archlint.documents.kubernetes.definitions import definitions
from archlint.finding import Route
from archlint.finding.place import dotted
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.kubernetes.schemas.checking import SchemaViolation
from archlint.model.kubernetes.schemas.shape import Shape

_LONGEST = 200
"""Characters of a key that may be a misspelt one."""


@lru_cache(maxsize=256)
def _similar(names: tuple[str, ...]) -> SimilarNames:
    return SimilarNames(names)


def suggestion(root: Shape, found: SchemaViolation, minor: int) -> tuple[str, str]:
    """Which message tells of an unknown key, and what it names."""
    field = str(found.route[-1])
    known = found.shape.fields
    other = _other_version(found.shape.name, field, minor)
    if other is not None:
        return other
    same = next((name for name in known if name.lower() == field.lower()), None)
    if same is None and len(field) <= _LONGEST:
        same = _similar(tuple(known)).nearest(field)
    if same is not None:
        return "similar", same
    above = _above(root, found.route)
    if above is not None:
        return "above", above
    below = next((name for name, inner in known.items() if field in _entries(inner).fields), None)
    if below is not None:
        return "below", below
    return "default", ""


def _other_version(name: str, field: str, minor: int) -> tuple[str, str] | None:
    """Whether another version of Kubernetes has the field."""
    known = definitions()
    if name not in known.types or f"{field}@" not in known.types[name]:
        return None
    every = range(known.oldest, known.newest + 1)
    having = [each for each in every if any(key == field for key, _ in known.fields(name, each))]
    later = [each for each in having if each > minor]
    earlier = [each for each in having if each < minor]
    if later:
        return "later", f"1.{later[0]}"
    return ("gone", f"1.{earlier[-1]}") if earlier else None


def _above(root: Shape, route: Route) -> str | None:
    """The nearest map around it that has a field of this name."""
    field = route[-1]
    shape: Shape | None = root
    found: str | None = None
    for depth, part in enumerate(route[:-2]):
        if shape is None:
            return found
        if field in shape.fields and shape.fields[str(field)].asks:
            found = _named(route[:depth])
        shape = shape.items if isinstance(part, int) else shape.fields.get(part, shape.rest)
    return found


def _named(route: Route) -> str:
    return f"'{dotted(route)}'" if route else "the object"


def _entries(shape: Shape) -> Shape:
    """What a list consists of; what is no list itself."""
    return shape if shape.items is None else shape.items
