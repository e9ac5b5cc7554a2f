"""What a schema demands of values of one type: a list of items, all of which have to hold.

Items are either conditions on the value itself or combine other schemas. ``options`` says how the truth or
the falsehood of an item comes about: as a choice between lists of further signed items.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any, NamedTuple

from archlint.comparison.schemas import formats, patterns
from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.schema import TRUE, Keywords, Schema, is_true
from archlint.comparison.schemas.unevaluated import evaluated_names, leaves_none
from archlint.comparison.schemas.values import Undecided, frozen, type_of
from archlint.finding.records import dataclass


class Item(NamedTuple):
    """One demand; ``key`` is equal for equal demands only."""

    kind: str
    value: Any
    key: Any
    """Hashable."""


Signed = tuple[bool, Item]
Option = tuple[Signed, ...]


@dataclass(frozen=True, eq=False)
class Shape:
    """What a schema says of the members of an object, by name."""

    named: dict[str, Schema]
    matching: tuple[tuple[str, Schema], ...]
    other: Schema | None
    """What every name has to fulfil that is neither named nor matching."""
    produced: bool


@dataclass(frozen=True, eq=False)
class Row:
    """What a schema says of the items of an array, by position."""

    first: tuple[Schema, ...]
    rest: Schema | None

    def at(self, index: int) -> Schema | None:
        """The schema of a position."""
        return self.first[index] if index < len(self.first) else self.rest


def clauses(schema: Schema, kind: str, loose: bool) -> tuple[Item, ...] | None:
    """What values of a type have to fulfil; ``None``: no value of that type does.

    ``loose`` reads ``oneOf`` as ``anyOf``.
    """
    views = schema.views
    name = (kind, loose)
    if name not in views:
        views[name] = _clauses(schema, kind, loose)
    found: tuple[Item, ...] | None = views[name]
    return found


def _clauses(schema: Schema, kind: str, loose: bool) -> tuple[Item, ...] | None:
    keywords = schema.keywords
    found: list[Item] = []
    types = keywords.get("type")
    if types is not None and kind not in types:
        if kind != "number" or "integer" not in types:
            return None
        found.append(Item("multipleOf", 1, ("multipleOf", 1)))
    if "enum" in keywords:
        values = tuple(value for value in keywords["enum"] if type_of(value) == kind)
        if not values:
            return None
        found.append(_enum(values))
    found.extend(_of_type(schema, keywords, kind))
    found.extend(_combined(keywords, kind, loose))
    for text in sorted(keywords.get("unknown", ())):
        found.append(Item("unknown", text, ("unknown", text)))
    return tuple(found)


def _enum(values: tuple[Any, ...]) -> Item:
    try:
        return Item("enum", values, ("enum", frozenset(frozen(value) for value in values)))
    except Undecided as problem:
        return Item("unknown", str(problem), ("unknown", repr(values)))


def schema_item(schema: Schema) -> Item:
    """A whole schema as an item."""
    return Item("schema", schema, key(schema))


def _combined(keywords: Keywords, kind: str, loose: bool) -> Iterator[Item]:
    for schema in keywords.get("allOf", ()):
        yield schema_item(schema)
    for name in ("anyOf", "oneOf"):
        if name in keywords:
            schemas = keywords[name]
            if len(schemas) == 1:
                yield schema_item(schemas[0])
            elif name == "anyOf" or loose:
                yield Item("any", schemas, ("any", frozenset(key(schema) for schema in schemas)))
            else:
                yield Item("one", schemas, ("one", tuple(sorted(key(schema) for schema in schemas))))
    if "not" in keywords:
        yield Item("not", keywords["not"], ("not", key(keywords["not"])))
    if "if" in keywords:
        three = tuple(keywords.get(name, TRUE) for name in ("if", "then", "else"))
        yield Item("if", three, ("if", *(key(schema) for schema in three)))
    if kind == "object":
        for name, schema in sorted(keywords.get("dependentSchemas", {}).items()):
            yield Item("dependent", (name, schema), ("dependent", name, key(schema)))
        for name, needed in sorted(keywords.get("dependentRequired", {}).items()):
            for other in sorted(needed):
                yield Item("implies", (name, other), ("implies", name, other))


_PLAIN = {
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems", "uniqueItems"),
    "object": ("minProperties", "maxProperties"),
}


def _of_type(schema: Schema, keywords: Keywords, kind: str) -> Iterator[Item]:
    for name in _PLAIN.get(kind, ()):
        if name in keywords:
            yield Item(name, keywords[name], (name, keywords[name]))
    if kind == "string":
        yield from _of_string(keywords)
    elif kind == "number" and "format" in keywords and not formats.is_known(keywords["format"]):
        yield _unknown(f"format: {keywords['format']}")
    elif kind == "array":
        yield from _of_array(schema, keywords)
    elif kind == "object":
        yield from _of_object(schema, keywords)
    if kind in ("number", "boolean") and "text" in keywords:
        yield Item("text", keywords["text"], ("text", key(keywords["text"])))


def _unknown(text: str) -> Item:
    return Item("unknown", text, ("unknown", text))


def _of_string(keywords: Keywords) -> Iterator[Item]:
    if "pattern" in keywords:
        text = keywords["pattern"]
        found = patterns.parts(text)
        if isinstance(found, str):
            yield _unknown(f"pattern: {text} ({found})")
        else:
            for index, part in enumerate(found):
                yield Item("pattern", part, ("pattern", text, index))
    if "format" in keywords:
        name = keywords["format"]
        yield (
            Item("format", name, ("format", name)) if formats.is_known(name) else _unknown(f"format: {name}")
        )


def _speaks_of_others(schema: Schema, keywords: Keywords, keyword: str) -> bool:
    """Whether an unevaluated keyword demands something of what is left to it."""
    return keyword in keywords and not is_true(keywords[keyword]) and not leaves_none(schema, keyword)


def _of_array(schema: Schema, keywords: Keywords) -> Iterator[Item]:
    rest = keywords.get("items")
    if _speaks_of_others(schema, keywords, "unevaluatedItems"):
        if {"allOf", "anyOf", "oneOf", "if", "contains", "dependentSchemas"} & keywords.keys():
            yield Item("unknown", "unevaluatedItems", ("unevaluatedItems", key(schema)))
        elif rest is None:
            rest = keywords["unevaluatedItems"]
    first = keywords.get("prefixItems", ())
    if first or (rest is not None and not is_true(rest)):
        yield Item(
            "row",
            Row(first, rest),
            ("row", tuple(key(child) for child in first), key(rest) if rest else None),
        )
    if "contains" in keywords:
        wanted = keywords["contains"]
        least = keywords.get("minContains", 1)
        if least > 0:
            yield Item("atLeast", (wanted, least), ("atLeast", key(wanted), least))
        if "maxContains" in keywords:
            most = keywords["maxContains"]
            yield Item("atMost", (wanted, most), ("atMost", key(wanted), most))


def _of_object(schema: Schema, keywords: Keywords) -> Iterator[Item]:
    for name in sorted(keywords.get("required", ())):
        yield required(name)
    shape = _shape(schema, keywords)
    if shape is not None:
        yield Item("shape", shape, ("shape", _shape_key(shape)))
    if "propertyNames" in keywords:
        names = keywords["propertyNames"]
        yield Item("names", names, ("names", key(names)))
    if _speaks_of_others(schema, keywords, "unevaluatedProperties"):
        named, matching = evaluated_names(schema)
        if named is None:
            yield Item("unknown", "unevaluatedProperties", ("unevaluatedProperties", key(schema)))
        else:
            rest = keywords["unevaluatedProperties"]
            more = Shape(
                dict.fromkeys(named, TRUE),
                tuple((pattern, TRUE) for pattern in matching),
                rest,
                schema.base is not None,
            )
            yield Item("shape", more, ("shape", _shape_key(more)))


def required(name: str) -> Item:
    """The demand that an object has a member of this name."""
    return Item("required", name, ("required", name))


def _shape(schema: Schema, keywords: Keywords) -> Shape | None:
    named = keywords.get("properties", {})
    matching = tuple(sorted(keywords.get("patternProperties", {}).items()))
    other = keywords.get("additionalProperties")
    is_produced = schema.base is not None
    if other is not None and is_true(other) and not is_produced:
        other = None
    if not named and not matching and other is None:
        return None
    return Shape(named, matching, other, is_produced)


def _shape_key(shape: Shape) -> Hashable:
    return (
        shape.produced,
        tuple((name, key(child)) for name, child in sorted(shape.named.items())),
        tuple((pattern, key(child)) for pattern, child in shape.matching),
        key(shape.other) if shape.other is not None else None,
    )
