"""What a schema says of the form of a value, as far as one must know it to read the value from text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract, types_of
from archlint.model.openapi.references import References

_MOST_PARTS = 60
"""Schemas that one schema is made of and that are looked at."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The types that a value may have, its items and its named members."""

    types: frozenset[str]
    """Empty if the schema says nothing of it."""
    items: Node | None
    members: Mapping[str, Node]
    required: frozenset[str] = frozenset()
    """Members that must be there, by any of its parts."""
    is_closed: bool = False
    """Whether a part of it lets no other member in."""


def shape_of(schema: Node, contract: Contract) -> Shape:
    """The form that a schema gives, its alternatives and parts taken together."""
    types: set[str] = set()
    items: Node | None = None
    members: dict[str, Node] = {}
    required: set[str] = set()
    is_closed = False
    for part in _parts(schema, contract.references):
        types.update(types_of(part.value))
        types.update(_implied(part))
        if part.get("nullable").value is True or part.get("x-nullable").value is True:
            types.add("null")
        if items is None and part.get("items").is_map:
            items = part.get("items")
        is_closed |= part.get("additionalProperties").value is False
        required.update(item.text for item in part.get("required").elements() if item.text is not None)
        for name, member in part.get("properties").items():
            members.setdefault(name, member)
    return Shape(frozenset(types), items, members, frozenset(required), is_closed)


def _implied(part: Node) -> Iterator[str]:
    """Types that are not stated."""
    if types_of(part.value):
        return
    if part.get("properties").is_map:
        yield "object"
    elif part.get("items").exists:
        yield "array"
    stated = part.get("enum").value if part.get("enum").is_list else [part.get("const").value]
    for value in stated if part.get("enum").is_list or part.get("const").exists else ():
        if isinstance(value, str):
            yield "string"
        elif isinstance(value, bool):
            yield "boolean"
        elif isinstance(value, (int, float)):
            yield "number"


def _parts(schema: Node, references: References) -> Iterator[Node]:
    """A schema and all that it is made of in its place, each once."""
    waiting, seen = [schema], set()
    for count, each in enumerate(waiting):  # grows while it is walked
        found = references.follow(each)
        node = found.node
        where = (node.document.path, node.route)
        if count >= _MOST_PARTS or not node.is_map or where in seen:
            continue
        seen.add(where)
        yield node
        for name in ("allOf", "anyOf", "oneOf"):
            waiting.extend(node.get(name).elements())
