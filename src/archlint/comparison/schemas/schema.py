"""Schemas as nodes of a graph: lowered keywords, made when they are first asked for.

A reference is an edge to its target, so recursion is a cycle and nothing is copied. Keywords keep their
2020-12 names and have one form each:

* ``type``: a frozen set of type names; ``enum``: a tuple of values (``const`` is an enum of one);
* numbers as ``int`` or ``Fraction``, lengths and counts as ``int``; ``uniqueItems`` only if true;
* schemas as nodes: alone, in tuples or in maps; ``required`` a frozen set, ``dependentRequired`` a map of
  these;
* ``unknown``: texts of the keywords that nothing here understands;
* ``text``: for values that are text on the wire, what the text of a number or boolean has to fulfil as a
  string.

Schemas that lead back to themselves without a step into the value mean nothing (``is_endless``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any

from archlint.comparison.schemas.reaching import reaching

ALONE = frozenset(
    (
        *("not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames"),
        *("unevaluatedItems", "unevaluatedProperties", "text"),
    )
)
"""Keywords whose value is one schema."""
TUPLES = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
"""Keywords whose value is a list of schemas."""
MAPS = frozenset(("properties", "patternProperties", "dependentSchemas"))
"""Keywords whose value is a map of schemas."""
IN_PLACE = frozenset(("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"))
"""Keywords whose schemas look at the same value."""
FOLLOWED = frozenset(
    ("allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "items", "prefixItems")
)
SHAPING = frozenset(("properties", "patternProperties", "additionalProperties", "unevaluatedProperties"))
_MOST_BESIDE = 500
"""Schemas for one value that are looked through in search of one that declares names."""
_MAY_DECLARE = "may declare"

Keywords = Mapping[str, Any]


class Schema:
    """One schema of a graph. Its keywords never change once they are there."""

    __slots__ = ("_children", "_keywords", "_make", "_produced", "base", "digest", "variant", "views")

    def __init__(self, make: Callable[[], Keywords] | None = None, keywords: Keywords | None = None) -> None:
        self._make = make
        self._keywords = keywords
        self._children: tuple[tuple[str, Schema], ...] | None = None
        self._produced: dict[str, Schema] = {}
        self.base: Schema | None = None
        """The schema without the producer rule, if this is a schema under it."""
        self.variant = ""
        """Under the producer rule, how the schema stands to others that look at the same value."""
        self.digest: bytes | None = None
        """What ``identity.key`` found; equal for equal schemas only."""
        self.views: dict[Any, Any] = {}
        """What others derived from this node and keep with it."""

    @property
    def keywords(self) -> Keywords:
        """The keywords in the forms that this module lists."""
        if self._keywords is None:
            assert self._make is not None
            self._keywords = self._make()
            self._make = None
        return self._keywords

    @property
    def plain(self) -> Schema:
        """The schema itself, without the producer rule."""
        return self.base or self

    def children(self) -> tuple[tuple[str, Schema], ...]:
        """Every schema directly below with the keyword it stands at, in an order that depends on names
        alone."""
        if self._children is None:
            self._children = tuple(self._listed())
        return self._children

    def _listed(self) -> Iterator[tuple[str, Schema]]:
        for name, value in sorted(self.keywords.items()):
            if name in ALONE:
                yield name, value
            elif name in TUPLES:
                for child in value:
                    yield name, child
            elif name in MAPS:
                for _, child in sorted(value.items()):
                    yield name, child


def in_place(schema: Schema, most: int) -> Iterator[Schema]:
    """A schema and all that may look at the same value, each once, up to so many."""
    return _walked(schema, lambda each: (child for name, child in each.children() if name in IN_PLACE), most)


def _walked(schema: Schema, below: Callable[[Schema], Iterator[Schema]], most: int) -> Iterator[Schema]:
    """A schema and those below it, each once, up to so many."""
    waiting, seen = [schema], set[int]()
    while waiting and len(seen) < most:
        current = waiting.pop()
        if id(current) not in seen:
            seen.add(id(current))
            yield current
            waiting.extend(below(current))


def schema_with(**keywords: Any) -> Schema:
    """A schema made of keywords in their lowered form."""
    return Schema(keywords=keywords)


TRUE = schema_with()
"""Every value."""
FALSE = schema_with(enum=())
"""No value."""


def is_true(schema: Schema) -> bool:
    """Whether the schema says nothing at all."""
    return not schema.keywords


def produced(schema: Schema) -> Schema:
    """The values of the schema that a sender makes who follows its own document.

    Such a sender uses only names that the document declares: in ``properties``, in ``patternProperties``, or
    by ``additionalProperties``, which declares whatever names there are where it is ``true``, ``{}`` or a
    schema. An object of which nothing declares any name is free: it may have all.
    """
    return _under_rule(schema, _At.ROOT)


class _At(Enum):
    """How a schema stands to the others that look at the same value."""

    ROOT = "root"
    """No schema around it declares names."""
    PART = "part"
    """One does."""
    CARRIER = "carrier"
    """None does, and what it says itself stands beside choices some branch of which does."""


def _under_rule(schema: Schema, at: _At) -> Schema:
    if schema.base is not None or not schema.keywords:
        return schema
    if at is not _At.ROOT or not _may_be_object(schema.keywords):
        free = None
    else:
        free = _freedom(schema)
    variant = free or ("part" if at is _At.ROOT else at.value)
    if variant not in schema._produced:
        made = Schema(lambda: _produced_keywords(schema.keywords, variant))
        made.base, made.variant = schema, variant
        schema._produced[variant] = made
    return schema._produced[variant]


def _freedom(schema: Schema) -> str | None:
    """Whether an object of a schema may have any name (``free``), or one that its branches decide about
    (``carrier``); ``None`` if it declares names itself."""
    if any(_declares(part) for part in _always_beside(schema)):
        return None
    branches = [branch for part in _always_beside(schema) for branch in _branches(part)]
    return "carrier" if any(map(_may_declare, branches)) else "free"


def _may_declare(schema: Schema) -> bool:
    """Whether a schema, or a branch of it, declares names of a value that it looks at."""
    if _MAY_DECLARE not in schema.views:
        parts = reaching(
            schema, name=id, below=lambda each: (*_beside(each), *_branches(each)), answer=_known_to_declare
        )
        for part, does in list(parts):
            part.views[_MAY_DECLARE] = does
    return bool(schema.views[_MAY_DECLARE])


def _known_to_declare(schema: Schema) -> bool | None:
    known = schema.views.get(_MAY_DECLARE)
    return True if known is None and _declares(schema) else known


def _always_beside(schema: Schema) -> Iterator[Schema]:
    """A schema and those that look at the same value with it, other than the branches of choices."""
    return _walked(schema, _beside, _MOST_BESIDE)


def _beside(schema: Schema) -> Iterator[Schema]:
    keywords = schema.keywords
    yield from keywords.get("allOf", ())
    for name in ("then", "else"):
        if name in keywords:
            yield keywords[name]
    yield from keywords.get("dependentSchemas", {}).values()


def _branches(schema: Schema) -> Iterator[Schema]:
    for name in ("anyOf", "oneOf"):
        yield from schema.keywords.get(name, ())


def _declares(schema: Schema) -> bool:
    return not SHAPING.isdisjoint(schema.keywords)


def _may_be_object(keywords: Keywords) -> bool:
    return "object" in keywords.get("type", ("object",)) and "enum" not in keywords


def _produced_keywords(keywords: Keywords, variant: str) -> Keywords:
    found = dict(keywords)
    around = {"carrier": _At.CARRIER}.get(variant, _At.PART)
    for name in FOLLOWED & keywords.keys():
        at = around if name in IN_PLACE else _At.ROOT
        if name in ("anyOf", "oneOf") and variant == "carrier":
            at = _At.ROOT
        value = keywords[name]
        if name in ALONE:
            found[name] = _under_rule(value, at)
        elif name in TUPLES:
            found[name] = tuple(_under_rule(child, at) for child in value)
        else:
            found[name] = {key: _under_rule(child, at) for key, child in value.items()}
    for name in SHAPING & keywords.keys():
        value = keywords[name]
        found[name] = (
            {key: produced(child) for key, child in value.items()} if name in MAPS else produced(value)
        )
    if variant == "free":
        found["additionalProperties"] = TRUE
    return found


def is_endless(schema: Schema) -> bool:
    """Whether some schema that looks at the same value leads back to itself."""
    if "endless" not in schema.views:
        _judge(schema)
    return bool(schema.views["endless"])


def _judge(root: Schema) -> None:
    """Walk depth first; a schema met on the way to itself is endless, and so is what leads to it."""
    on_way: set[int] = {id(root)}
    frames: list[tuple[Schema, list[Schema]]] = [(root, _in_place(root))]
    root.views["endless"] = False
    while frames:
        current, below = frames[-1]
        if not below:
            frames.pop()
            on_way.discard(id(current))
            if current.views["endless"] and frames:
                frames[-1][0].views["endless"] = True
            continue
        child = below.pop()
        if id(child) in on_way or child.views.get("endless"):
            current.views["endless"] = True
        elif "endless" not in child.views:
            child.views["endless"] = False
            on_way.add(id(child))
            frames.append((child, _in_place(child)))


def _in_place(schema: Schema) -> list[Schema]:
    return [child for name, child in schema.children() if name in IN_PLACE]
