"""What a schema says of an object when references and ``allOf`` are looked through."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.model.openapi.contracts import Contract
from archlint.model.openapi.elements import types_of

_MOST = 50
"""Schemas that are looked through for one; more is no schema that people read."""


def parts_of(contract: Contract, schema: Node) -> Iterator[Node]:
    """A schema without its references, and all those that it is made of by ``allOf``."""
    waiting, seen = [schema], 0
    while waiting and seen < _MOST:
        seen += 1
        part = contract.references.follow(waiting.pop(0)).node
        if part.is_map:
            yield part
            waiting.extend(part.get("allOf").elements())


def members_of(contract: Contract, schema: Node) -> dict[str, Node]:
    """The properties of a schema as they are written, by name."""
    found: dict[str, Node] = {}
    for part in parts_of(contract, schema):
        for name, member in part.get("properties").items():
            found.setdefault(name, member)
    return found


def kinds_of(contract: Contract, schema: Node) -> frozenset[str]:
    """The types that a schema names itself or through what it is made of."""
    return frozenset(name for part in parts_of(contract, schema) for name in types_of(part.value))
