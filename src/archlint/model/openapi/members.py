"""What a schema says of an object when references and ``allOf`` are looked through."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.model.openapi.contracts import Contract, Dialect
from archlint.model.openapi.elements import types_of

_MOST = 50
"""Schemas that are looked through for one; more is no schema that people read."""


def parts_of(contract: Contract, schema: Node) -> Iterator[Node]:
    """What a schema leads to by references and by ``allOf``, from 3.1 on also what is beside a ``$ref``."""
    counts_beside = contract.dialect is not None and contract.dialect >= Dialect.V3_1
    waiting, seen = [schema], 0
    while waiting and seen < _MOST:
        seen += 1
        end = contract.references.follow(waiting.pop(0))
        for part in (*(end.references if counts_beside else ()), end.node):
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
