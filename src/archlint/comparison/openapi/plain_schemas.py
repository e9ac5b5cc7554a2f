"""Schemas without what is no schema in them: 2.0 writes the keywords of a schema into parameters and headers,
and each version says in its own words that a field of a form is a file."""

from __future__ import annotations

from typing import Any

from archlint.comparison.openapi.contract_pair import ContractPair
from archlint.documents import Node
from archlint.model.openapi import Contract

_OF_PARAMETERS = frozenset(("name", "in", "required", "collectionFormat", "allowEmptyValue"))


def plain_schema(node: Node) -> Node:
    """The schema that a parameter, header or list of items of 2.0 is, in its place."""
    if not node.is_map or not (_OF_PARAMETERS & node.value.keys() or node.get("items").is_map):
        return node
    return Node(node.document, node.route, _plain(node.value))


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    kept = {key: each for key, each in value.items() if key not in _OF_PARAMETERS}
    if isinstance(kept.get("items"), dict):
        kept["items"] = _plain(kept["items"])
    return kept


def is_binary(schema: Node) -> bool:
    """Whether a field takes any bytes, as each version since 3.0 says it."""
    is_stated = schema.get("format").text in ("binary", "byte") or schema.get("contentMediaType").exists
    return is_stated or schema.value in ({}, True)


def without_files(contracts: ContractPair, base: Node, revision: Node) -> tuple[Node, Node]:
    """The schemas of a form without what its files are called, if the versions differ and both are files."""
    if contracts.base.dialect is contracts.revision.dialect:
        return base, revision
    old, new = _of(contracts.base, base), _of(contracts.revision, revision)
    files = _files(contracts.base, old) & _files(contracts.revision, new)
    return (_without(old, files), _without(new, files)) if files else (base, revision)


def _of(contract: Contract, node: Node) -> Node:
    return contract.references.follow(node).node


def _files(contract: Contract, schema: Node) -> set[str]:
    return {name for name, node in schema.get("properties").items() if is_binary(_of(contract, node))}


def _without(schema: Node, files: set[str]) -> Node:
    properties = {name: {} if name in files else each for name, each in schema.value["properties"].items()}
    return Node(schema.document, schema.route, {**schema.value, "properties": properties})
