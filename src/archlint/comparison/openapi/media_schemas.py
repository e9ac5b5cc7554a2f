"""Compares which schemas a media type has: of the whole, and of each item of a stream."""

from __future__ import annotations

from archlint.comparison.openapi.contract_pair import ContractPair, OperationPair
from archlint.comparison.openapi.element_changes import Happening, MediaSchemaChanged
from archlint.documents import Node
from archlint.model.openapi import Direction

ITEMS = "itemSchema"
"""The schema of each item of a stream, since version 3.2."""


def compare_presence(
    contracts: ContractPair, pair: OperationPair, direction: Direction, nodes: tuple[Node, Node], keyword: str
) -> None:
    """Tell of a schema of a media type that is new or gone; ``nodes`` are where it is, or would be."""
    base, revision = nodes
    stated = revision if revision.exists else base
    if base.exists is revision.exists or stated.value in ({}, True):
        return
    other = _sibling(base if stated is revision else revision, keyword)
    if keyword == "schema" and other.exists:
        return  # the schema of the whole gave way to that of the items, or the other way round
    change = MediaSchemaChanged(
        at=_above(revision).place(),
        was=_above(base).place(),
        about=contracts.names.about(revision),
        where=contracts.names.label(revision),
        realm=pair.realm,
        what=Happening.ADDED if revision.exists else Happening.REMOVED,
        direction=direction,
        keyword=keyword,
    )
    contracts.report(change, pair.name, None)


def _sibling(schema: Node, keyword: str) -> Node:
    """Beside a schema that is missing: that of the items."""
    return _above(schema).get(ITEMS if keyword == "schema" else "schema")


def _above(schema: Node) -> Node:
    """The media type that has a schema, or would have."""
    return schema.document.at(schema.route[:-1])
