"""The schemas of a pair as the containment engine takes them: for a direction and a way of writing values."""

from __future__ import annotations

from typing import Any

from archlint.comparison.openapi.changes import Usage
from archlint.comparison.openapi.pairs import Pair
from archlint.comparison.schemas.json_schema import ANNOTATIONS
from archlint.comparison.schemas.lowering import Lowering, lowerings
from archlint.comparison.schemas.schema import Schema
from archlint.comparison.schemas.serialization import BODY, FORM, Serialization, parameter
from archlint.comparison.schemas.sharing import Resolve
from archlint.documents import Node
from archlint.model.openapi import Contract, Dialect

Copies = tuple[tuple[Schema, ...], tuple[Schema, ...]]


_MOST_STEPS = 50
"""References and parts that are followed to where a schema says something."""


def lowerings_of(base: Contract, revision: Contract) -> tuple[Lowering, Lowering]:
    """What makes the schemas of both contracts, and of all of their versions, ready for the engine."""
    return lowerings(_side(base), _side(revision))


def _side(contract: Contract) -> tuple[Dialect, Resolve]:
    """What the lowering of a contract's schemas needs: its version, and where a reference leads."""

    def resolve(text: str, here: Any) -> tuple[Any, Any] | None:
        target, _ = contract.references.step(here, text)
        return None if target is None or not target.exists else (target.value, target)

    return contract.dialect or Dialect.V3_0, resolve


def lower(sides: tuple[Lowering, Lowering], pair: Pair, serialization: Serialization) -> Copies:
    """The nodes of both schemas of a pair, for its direction, as a message writes them."""
    old, new = (
        lowering.copies(node.value, node, pair.direction, serialization)
        for lowering, node in zip(sides, (pair.base, pair.revision), strict=True)
    )
    return old, new


def serialization_of(pair: Pair) -> Serialization:
    """How the values of a pair are written."""
    if pair.usage in _FORMS:
        return FORM
    if pair.usage in _HEADERS:
        return parameter("header")
    return parameter("query") if pair.usage in _TEXTS else BODY


_FORMS = frozenset((Usage.TEXT_BODY, Usage.WEBHOOK_TEXT, Usage.CALLBACK_FORM))
_HEADERS = frozenset(
    (
        *(Usage.HEADER, Usage.HEADER_PART, Usage.HEADER_PARAMETER, Usage.HEADER_PROPERTY),
        *(Usage.WEBHOOK_HEADER, Usage.WEBHOOK_HEADER_PART),
    )
)
_TEXTS = frozenset(
    (
        *(Usage.PARAMETER, Usage.PARAMETER_PROPERTY, Usage.TEXT_PROPERTY, Usage.UNNAMED_TEXT),
        *(Usage.WEBHOOK_PARAMETER, Usage.WEBHOOK_PARAMETER_PROPERTY, Usage.CALLBACK_TEXT),
        *(Usage.PLAIN_BODY, Usage.WEBHOOK_PLAIN, Usage.WEBHOOK_TEXT_PROPERTY),
    )
)


def means_null(schema: Node, contract: Contract) -> bool:
    """Whether a schema of 3.0, or a part of it, says ``nullable`` and no ``type``, beside what it combines.

    It has no meaning there (OpenAPI 3.0.3, 4.7.24.1), so null is not taken to be sent; but most who write it
    mean null, and their readers expect it.
    """
    if contract.dialect is not Dialect.V3_0:
        return False
    home = stated(schema, contract)
    wholes = (home, *(stated(part, contract) for part in home.get("allOf").elements()))
    return any(each.get("nullable").value is True and not each.get("type").exists for each in wholes)


def stated(schema: Node, contract: Contract) -> Node:
    """Where a schema says what it says: behind references and parts with nothing beside them."""
    for _ in range(_MOST_STEPS):
        value = schema.value
        says = [] if not isinstance(value, dict) else [name for name in value if _speaks(name)]
        ignores = (contract.dialect or Dialect.V3_0) < Dialect.V3_1
        if "$ref" in says and (ignores or len(says) == 1):
            target, _ = contract.references.step(schema, str(value["$ref"]))
            if target is None or not target.exists:
                return schema
            schema = target
        elif says == ["allOf"] and isinstance(value["allOf"], list) and len(value["allOf"]) == 1:
            schema = schema.get("allOf", 0)
        else:
            return schema
    return schema


def _speaks(name: object) -> bool:
    return name not in ANNOTATIONS and not str(name).startswith("x-")
