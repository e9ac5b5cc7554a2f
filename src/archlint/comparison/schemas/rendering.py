"""A graph of schemas as one JSON Schema 2020-12 document, for the validator and for people.

Keywords that are not understood cannot be written down; they become ``true`` or ``false``, as the caller
says: what holds under both readings does not depend on them. ``x-text`` is a keyword of ours, see
``validation``.

For one value only those schemas are written down that look at some part of it (``touched``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.comparison.schemas import formats
from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.schema import ALONE, IN_PLACE, MAPS, TUPLES, Schema
from archlint.comparison.schemas.values import as_json

_OF_MEMBERS = frozenset(("patternProperties", "additionalProperties", "unevaluatedProperties"))
_OF_ITEMS = frozenset(("items", "prefixItems", "contains", "unevaluatedItems"))


def touched(schema: Schema, data: Any) -> set[bytes]:
    """The keys of the schemas that may be asked about a value or a part of it."""
    found: set[bytes] = set()
    seen: set[tuple[bytes, int]] = set()
    waiting: list[tuple[Schema, Any]] = [(schema, data)]
    while waiting:
        current, value = waiting.pop()
        pair = (key(current), id(value))
        if pair in seen:
            continue
        seen.add(pair)
        found.add(pair[0])
        waiting.extend(_below(current, value))
    return found


def _below(schema: Schema, value: Any) -> Iterator[tuple[Schema, Any]]:
    keywords = schema.keywords
    for name in IN_PLACE & keywords.keys():
        for child in _children(name, keywords[name]):
            yield child, value
    if isinstance(value, dict):
        named = keywords.get("properties", {})
        for name in named.keys() & value.keys():
            yield named[name], value[name]
        for name in _OF_MEMBERS & keywords.keys():
            for child in _children(name, keywords[name]):
                for member in value.values():
                    yield child, member
        if "propertyNames" in keywords:
            for name in value:
                yield keywords["propertyNames"], name
    elif isinstance(value, list):
        for name in _OF_ITEMS & keywords.keys():
            for child in _children(name, keywords[name]):
                for item in value:
                    yield child, item


def _children(name: str, found: Any) -> tuple[Schema, ...]:
    if name in ALONE:
        return (found,)
    return tuple(found if name in TUPLES else found.values())


TEXT = "x-text"
"""The keyword under which ``text`` is written."""


def render(schema: Schema) -> Any:
    """The document, in which every keyword that is not understood is fulfilled."""
    return _Writer(True, None).document(schema)


def readings(schema: Schema, data: Any) -> Iterator[Any]:
    """The document as far as it matters for a value, and again with all that is not understood as failed.

    The second only if there is something that is not understood.
    """
    met = touched(schema, data)
    writer = _Writer(True, met)
    yield writer.document(schema)
    if writer.met_unknown:
        yield _Writer(False, met).document(schema)


class _Writer:
    def __init__(self, unknown: bool, met: set[bytes] | None) -> None:
        self.unknown = unknown
        self.met = met
        """The keys of the schemas that are written down; ``None``: all."""
        self.names: dict[tuple[bytes, bool], str] = {}
        self.definitions: dict[str, Any] = {}
        self.waiting: list[tuple[str, Schema, bool]] = []
        self.met_unknown = False

    def document(self, schema: Schema) -> Any:
        """The schema with the definitions of all that it reaches."""
        root = self.reference(schema, at_root=True)
        while self.waiting:
            name, current, at_root = self.waiting.pop()
            self.definitions[name] = self.write(current, at_root)
        return {**root, "$defs": self.definitions} if self.definitions else root

    def reference(self, schema: Schema, at_root: bool) -> Any:
        """The schema where it is short, else a reference to its definition.

        ``at_root``: the schema is the first one to look at a value, so that names that nothing below it
        declares are shut out here, if it is under the producer rule.
        """
        if schema.base is None and not schema.keywords:
            return {}
        if schema.keywords.get("enum") == ():
            return False
        at_root = at_root and schema.base is not None
        which = (key(schema), at_root)
        if self.met is not None and which[0] not in self.met:
            return {}
        if which not in self.names:
            self.names[which] = str(len(self.names))
            self.waiting.append((self.names[which], schema, at_root))
        return {"$ref": f"#/$defs/{self.names[which]}"}

    def write(self, schema: Schema, at_root: bool) -> Any:
        keywords = schema.keywords
        if keywords.get("enum") == ():
            return False
        found: dict[str, Any] = {}
        for name, value in keywords.items():
            below = name not in IN_PLACE
            if name == "text":
                found[TEXT] = _Writer(self.unknown, None).document(value)
                self.met_unknown = True
            elif name in ALONE:
                found[name] = self.reference(value, below)
            elif name in TUPLES:
                found[name] = [self.reference(child, below) for child in value]
            elif name in MAPS:
                found[name] = {text: self.reference(child, below) for text, child in value.items()}
            else:
                found[name] = self.plain(name, value)
        if "unknown" in keywords:
            self.met_unknown = True
            if found.pop("unknown") is False:
                return False
        if "format" in found and not formats.is_known(found["format"]):
            del found["format"]
            self.met_unknown = True
            if not self.unknown:
                found["allOf"] = [*found.get("allOf", []), {"not": {"type": ["string", "number"]}}]
        if at_root:
            found.setdefault("unevaluatedProperties", False)  # leave no name that nothing declares
        return found

    def plain(self, name: str, value: Any) -> Any:
        if name == "unknown":
            return self.unknown
        if isinstance(value, frozenset):
            return sorted(value)
        if isinstance(value, dict):
            return {text: sorted(names) for text, names in value.items()}
        return as_json(value)
