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
from archlint.comparison.schemas.leaving import Leaving
from archlint.comparison.schemas.schema import IN_PLACE
from archlint.documents import Document, Node
from archlint.finding import Route
from archlint.finding.regex import regex
from archlint.model.openapi import Dialect, types_of
from archlint.model.openapi.full import FullReferences
from archlint.model.openapi.operations import HIDDEN
from archlint.model.openapi.references import Broken
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
_NONE: frozenset[str] = frozenset()
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
        self._leaving = Leaving(dialect, self._step)
        self._names: dict[tuple[Document, Route, frozenset[str]], str] = {}
        self._homes: list[Node] = []
        self._waiting: list[tuple[str, Node, frozenset[str]]] = []
        self.definitions: dict[str, Any] = {}
        self.lost: set[tuple[str, str]] = set()
        """The references that lead nowhere, by their file, so that what stands there takes every value."""

    def reference(self, schema: Node, leaving: frozenset[str] = _NONE) -> Any:
        """A reference to the definition of a schema; ``leaving``: members that need not be there, as a schema
        around it says that looks at the same value."""
        schema = self._references.node(schema)
        if self._is_bare(schema.value):
            target = self._references.follow(schema)
            if target.problem is not None:
                self.lost.add((schema.document.path, schema.value["$ref"]))
            if target.problem is Broken.LOOP:
                return True
            way = (*target.references, target.node)
            schema = next((node for node in way if not self._is_bare(node.value)), target.node)
            if not schema.exists:
                return True
        where = (schema.document, schema.route, leaving)
        if where not in self._names:
            self._names[where] = str(len(self._names))
            self._waiting.append((self._names[where], schema, leaving))
            self._homes.append(schema)
        return {"$ref": f"#/$defs/{self._names[where]}"}

    def finish(self) -> None:
        """Write all definitions that were referred to."""
        while self._waiting:
            name, schema, leaving = self._waiting.pop()
            self.definitions[name] = self._write(schema.value, schema, leaving)

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

    def _write(self, value: Any, home: Node, leaving: frozenset[str] = _NONE) -> Any:
        """A schema that stands somewhere in ``home``."""
        if not isinstance(value, dict):
            return value if isinstance(value, bool) else True
        if self._is_null_meant(value):
            rest = {name: part for name, part in value.items() if name not in _NULLABLE}
            return {"if": {"type": "null"}, "else": self._write(rest, home, leaving)}
        if isinstance(value.get("$ref"), str):
            return self._refer(value, home, leaving)
        leaving = self._need_not_be(value, home, leaving)
        written = as_json_schema(value, self._dialect)
        if "discriminator" in value and "oneOf" in written and "anyOf" not in written:
            written["anyOf"] = written.pop("oneOf")  # the discriminator says which one
        found: dict[str, Any] = {}
        for name, part in written.items():
            kept = self._keyword(name, part, home, leaving)
            if kept is not None:
                found[name] = kept[0]
        if "required" in found:
            found["required"] = [name for name in found["required"] if name not in leaving]
        return found

    def _refer(self, value: Mapping[str, Any], home: Node, leaving: frozenset[str]) -> Any:
        """A reference, with what stands beside it if that counts."""
        is_bare = self._is_bare(value)
        leaving = leaving if is_bare else self._need_not_be(value, home, leaving)
        alone = Node(home.document, (*home.route, "$ref"), {"$ref": value["$ref"]})
        target = self.reference(alone, leaving)
        if is_bare:
            return target
        rest = {name: part for name, part in value.items() if name != "$ref"}
        return {"allOf": [target, self._write(rest, home, leaving)]}

    def _is_null_meant(self, value: Mapping[str, Any]) -> bool:
        """Whether a schema says that null is let in, in a way that its version does not read."""
        is_read = self._dialect <= Dialect.V3_0 and "type" in value and value.keys().isdisjoint(_REFUSING)
        return self._lets_null_in and not is_read and any(value.get(name) is True for name in _NULLABLE)

    def _keyword(self, name: str, part: Any, home: Node, leaving: frozenset[str]) -> tuple[Any] | None:
        """A keyword as it is written down, in a tuple; nothing if it says nothing or has a wrong shape."""
        leaving = leaving if name in IN_PLACE else _NONE
        if name in _ONE and isinstance(part, (dict, bool)):
            return (self._write(part, home, leaving),)
        if name in _LISTS and isinstance(part, list) and part:
            return ([self._write(item, home, leaving) for item in part],)
        if name in _MAPS and isinstance(part, dict):
            names = [key for key in part if name != "patternProperties" or is_pattern(key)]
            return ({key: self._write(part[key], home, leaving) for key in names},)
        if name == "format" and self._dialect < Dialect.V3_1 and part in _LATER_FORMATS:
            return None
        shape = _SHAPES.get(name)
        return (part,) if shape is not None and shape(part) else None

    def _need_not_be(self, value: Any, home: Node, leaving: frozenset[str]) -> frozenset[str]:
        """The members that may be left out, by this schema, by those that it is made of, or by one around it
        that looks at the same value."""
        if leaving:
            return leaving
        ways = (way for way, mark in HIDDEN.items() if mark in self._optional)
        return _NONE.union(*(self._leaving.names(value, home, way) for way in ways))

    def _step(self, text: str, here: Any) -> tuple[Any, Any] | None:
        target, _ = self._references.step(here, text)
        return None if target is None else (target.value, target)


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
