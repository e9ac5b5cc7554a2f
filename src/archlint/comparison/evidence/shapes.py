"""What a schema says of the form of a value, as far as one must know it to read the value from text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract, types_of
from archlint.model.openapi.references import References

_LIST_OR_NULL = frozenset(("array", "null"))
_READ_AS = {"integer": "number"}
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
    others: Node | None = None
    """The schema of members that have no name here."""
    unsure: frozenset[str] = frozenset()
    """Members that its alternatives take as different types, so that a text may be read as either."""
    has_patterns: bool = False
    """Whether members are described by patterns of their names."""
    kinds_of_items: tuple[Node, ...] = ()
    """The schemas of items that its alternatives have, where they read a text differently; else the one."""

    @property
    def is_list(self) -> bool:
        """Whether it is a list and, besides null, nothing else."""
        return "array" in self.types and self.types <= _LIST_OR_NULL


ANY = Shape(frozenset(), None, {})
"""What is said of a value where nothing is said."""
TEXT = Shape(frozenset(("string",)), None, {})
"""What is said of a value by nobody in a form, where all is text."""


def shape_of(schema: Node, contract: Contract) -> Shape:
    """The form that a schema gives, its alternatives and parts taken together."""
    types: set[str] = set()
    items: list[Node] = []
    members: dict[str, Node] = {}
    required: set[str] = set()
    is_closed = has_patterns = False
    others: Node | None = None
    unsure: set[str] = set()
    for part in _parts(schema, contract.references):
        types.update(_own_types(part))
        own = part.get("items")
        if own.is_map and not any(_are_alike(known, own, contract.references) for known in items):
            items.append(own)
        is_closed |= part.get("additionalProperties").value is False
        required.update(item.text for item in part.get("required").elements() if item.text is not None)
        for name, member in part.get("properties").items():
            first = members.setdefault(name, member)
            if first is not member and not _are_alike(first, member, contract.references):
                unsure.add(name)
        has_patterns |= part.get("patternProperties").is_map
        if others is None and part.get("additionalProperties").is_map:
            others = part.get("additionalProperties")
    return Shape(
        types=frozenset(types),
        items=items[0] if items else None,
        members=members,
        required=frozenset(required),
        is_closed=is_closed,
        others=others,
        unsure=frozenset(unsure),
        has_patterns=has_patterns,
        kinds_of_items=tuple(items),
    )


def _own_types(part: Node) -> Iterator[str]:
    """The types that a schema takes by itself."""
    yield from types_of(part.value)
    yield from _implied(part)
    if part.get("nullable").value is True or part.get("x-nullable").value is True:
        yield "null"


def _are_alike(first: Node, second: Node, references: References) -> bool:
    """Whether two schemas of one member read a text alike, so far as both say its type."""
    if first.value == second.value:
        return True
    one, other = (
        {_READ_AS.get(name, name) for part in _parts(each, references) for name in _own_types(part)}
        - {"null"}
        for each in (first, second)
    )
    return not one or not other or one == other


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
