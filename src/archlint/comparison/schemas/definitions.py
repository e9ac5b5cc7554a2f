"""Schemas of a world as definitions of one JSON Schema 2020-12 document, references kept, by their places.

Many values are judged by them in one go. The validator's regular expressions are bounded, so no pattern
hangs it; what it cannot read is left out.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from archlint.comparison.schemas.dialects import as_json_schema
from archlint.documents import Document, Node
from archlint.finding import Route
from archlint.finding.regex import regex
from archlint.model.openapi import Dialect, types_of
from archlint.model.openapi.full import FullReferences
from archlint.model.world import World

_ONE = frozenset(
    (
        *("not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames"),
        *("unevaluatedItems", "unevaluatedProperties"),
    )
)
_LISTS = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
_MAPS = frozenset(("properties", "patternProperties", "dependentSchemas"))
_COUNTS = frozenset(
    (
        *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
        *("minContains", "maxContains"),
    )
)
_BOUNDS = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"))
_LATER_FORMATS = ("duration", "time")
"""Formats of JSON Schema since 2019; contracts before 3.1 mean others, such as Go's ``10m0s``."""
_BACKTRACKS = 100_000
"""Steps back of the regular expression engine before a match counts as failed."""
_MOST_BASES = 50
_NULLABLE = ("nullable", "x-nullable")
_REFUSING = frozenset(("$ref", "allOf", "anyOf", "oneOf", "enum", "const"))
"""What may refuse null although ``nullable`` stands beside it."""
_BASE64 = regex(r"[A-Za-z0-9+/]*+={0,2}\Z")


def validator(schema: Any) -> Any:
    """The validator of a schema, bounded in what patterns may cost."""
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(
        schema,
        formats={"byte": _is_base64},
        validate_formats=True,
        offline=True,
        pattern_options=jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS),
    )


def _is_base64(text: str) -> bool:
    bare = "".join(text.split())  # line breaks are common in it
    return len(bare) % 4 == 0 and _BASE64.match(bare) is not None


@cache
def is_pattern(text: str) -> bool:
    """Whether the validator can read a regular expression."""
    try:
        validator({"pattern": text})
    except ValueError:
        return False
    return True


class SchemaDefinitions:
    """Writes schemas of a world as definitions of one JSON Schema document.

    ``optional``: marks (``readOnly``, ``writeOnly``) whose members need not be there. ``lets_null_in``:
    whether ``nullable`` counts as it is meant where its version does not read it so: without a type, beside
    what refuses null, in 3.1.
    """

    def __init__(
        self, world: World, dialect: Dialect, optional: frozenset[str], *, lets_null_in: bool = False
    ) -> None:
        self._references = world.fact(FullReferences)
        self._dialect = dialect
        self._optional = optional
        self._lets_null_in = lets_null_in
        self._names: dict[tuple[Document, Route], str] = {}
        self._homes: list[Node] = []
        self._waiting: list[tuple[str, Node]] = []
        self.definitions: dict[str, Any] = {}

    def reference(self, schema: Node) -> Any:
        """A reference to the definition of a schema."""
        schema = self._references.node(schema)
        target = self._references.follow(schema) if self._is_bare(schema.value) else None
        if target is not None:
            if target.problem is not None or not target.node.exists:
                return True
            schema = target.node
        where = (schema.document, schema.route)
        if where not in self._names:
            self._names[where] = str(len(self._names))
            self._waiting.append((self._names[where], schema))
            self._homes.append(schema)
        return {"$ref": f"#/$defs/{self._names[where]}"}

    def finish(self) -> None:
        """Write all definitions that were referred to."""
        while self._waiting:
            name, schema = self._waiting.pop()
            self.definitions[name] = self._write(schema.value, schema)

    def element(self, way: Sequence[str | int]) -> Node:
        """The element of a contract that the validator calls by a way such as ``$defs, 3, properties, a``: as
        far as the contract has it, since keywords of its version may be written in others."""
        node = self._homes[int(way[1])]
        steps = [str(step) for step in way[2:]]
        while steps:
            step = steps.pop(0)
            below = _step(node, step)
            if not below.exists and step == "else":
                continue  # beside null, which is let in
            if not below.exists and step == "allOf" and steps and "$ref" in _keys(node):
                if steps.pop(0) == "0":  # what stands beside a reference is written beside it in a list
                    return node.get("$ref")
                continue
            if not below.exists:
                same = _WRITTEN_AS.get(step)
                below = node.get(same) if same else below
            if not below.exists:
                return node
            node = below
        return node

    def _is_bare(self, value: Any) -> bool:
        """Whether a schema is nothing but a reference, as far as its version reads it."""
        if (
            not isinstance(value, dict)
            or not isinstance(value.get("$ref"), str)
            or self._is_null_meant(value)
        ):
            return False
        return self._dialect < Dialect.V3_1 or len(value) == 1

    def _write(self, value: Any, home: Node) -> Any:
        """A schema that stands somewhere in ``home``."""
        if not isinstance(value, dict):
            return value if isinstance(value, bool) else True
        if self._is_null_meant(value):
            rest = {name: part for name, part in value.items() if name not in _NULLABLE}
            return {"if": {"type": "null"}, "else": self._write(rest, home)}
        if isinstance(value.get("$ref"), str):
            target = self.reference(Node(home.document, (*home.route, "$ref"), {"$ref": value["$ref"]}))
            if self._is_bare(value):
                return target
            rest = {name: part for name, part in value.items() if name != "$ref"}
            return {"allOf": [target, self._write(rest, home)]}
        written = as_json_schema(value, self._dialect)
        if "discriminator" in value and "oneOf" in written and "anyOf" not in written:
            written["anyOf"] = written.pop("oneOf")  # the discriminator says which one
        found: dict[str, Any] = {}
        for name, part in written.items():
            kept = self._keyword(name, part, home)
            if kept is not None:
                found[name] = kept[0]
        if self._optional and "required" in found:
            hidden = self._hidden(value, home)
            found["required"] = [name for name in found["required"] if name not in hidden]
        return found

    def _is_null_meant(self, value: Mapping[str, Any]) -> bool:
        """Whether a schema says that null is let in, in a way that its version does not read."""
        is_read = self._dialect <= Dialect.V3_0 and "type" in value and value.keys().isdisjoint(_REFUSING)
        return self._lets_null_in and not is_read and any(value.get(name) is True for name in _NULLABLE)

    def _keyword(self, name: str, part: Any, home: Node) -> tuple[Any] | None:
        """A keyword as it is written down, in a tuple; nothing if it says nothing or has a wrong shape."""
        if name in _ONE and isinstance(part, (dict, bool)):
            return (self._write(part, home),)
        if name in _LISTS and isinstance(part, list) and part:
            return ([self._write(item, home) for item in part],)
        if name in _MAPS and isinstance(part, dict):
            names = [key for key in part if name != "patternProperties" or is_pattern(key)]
            return ({key: self._write(part[key], home) for key in names},)
        if name == "format" and self._dialect < Dialect.V3_1 and part in _LATER_FORMATS:
            return None
        shape = _SHAPES.get(name)
        return (part,) if shape is not None and shape(part) else None

    def _hidden(self, value: Mapping[str, Any], home: Node) -> set[str]:
        """The members that may be left out, by this schema or by one that it is made of."""
        found: set[str] = set()
        waiting: list[Any] = [value]
        for count, schema in enumerate(waiting):  # grows while it is walked
            if count >= _MOST_BASES or not isinstance(schema, dict):
                continue
            properties, bases = schema.get("properties"), schema.get("allOf")
            for name, part in properties.items() if isinstance(properties, dict) else ():
                meant = self._meant(part, home)
                if isinstance(meant, dict) and any(meant.get(mark) is True for mark in self._optional):
                    found.add(name)
            waiting.extend(self._meant(part, home) for part in (bases if isinstance(bases, list) else ()))
        return found

    def _meant(self, value: Any, home: Node) -> Any:
        if isinstance(value, dict) and isinstance(value.get("$ref"), str):
            return self._references.follow(Node(home.document, (*home.route, "$ref"), value)).node.value
        return value


_WRITTEN_AS = {
    "anyOf": "oneOf",
    "exclusiveMinimum": "minimum",
    "exclusiveMaximum": "maximum",
    "prefixItems": "items",
    "minimum": "format",
    "maximum": "format",
}
"""The keywords of a contract that others stand for."""


def _step(node: Node, step: str) -> Node:
    return node.get(int(step)) if node.is_list and step.isdigit() else node.get(step)


def _keys(node: Node) -> Mapping[str, Any]:
    return node.value if isinstance(node.value, dict) else {}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


_GREATEST = sys.float_info.max
"""Whole numbers beyond it are compared with it without an error, and turned into no other number."""


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, (int, float)) and not isinstance(value, bool) and -_GREATEST <= value <= _GREATEST
    )


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_SHAPES: dict[str, Callable[[Any], bool]] = {
    "type": lambda value: len(types_of({"type": value})) == (len(value) if isinstance(value, list) else 1),
    "enum": lambda value: isinstance(value, list) and bool(value),
    "const": lambda value: True,
    "required": _are_texts,
    "pattern": lambda value: isinstance(value, str) and is_pattern(value),
    "format": lambda value: isinstance(value, str),
    "uniqueItems": lambda value: isinstance(value, bool),
    "dependentRequired": lambda value: isinstance(value, dict) and all(map(_are_texts, value.values())),
    **dict.fromkeys(_COUNTS, _is_count),
    **dict.fromkeys(_BOUNDS, _is_number),
    "multipleOf": lambda value: _is_number(value) and value > 0,
}
"""Keywords without schemas in them, and whether a value has the shape that they need."""
