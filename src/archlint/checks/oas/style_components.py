"""Components that nothing refers to, in their document or in any other of the repository."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from archlint.checks import Observation, Options, join, observe
from archlint.documents import Node
from archlint.documents.editing import removed
from archlint.files import API_DESCRIPTIONS, Kind
from archlint.finding.place import pointer_of
from archlint.model.openapi import Contract
from archlint.model.world import World

_KINDS = (
    *("schemas", "responses", "parameters", "examples", "requestBodies", "headers", "links", "callbacks"),
    *("pathItems", "mediaTypes"),
)
_UNKNOWN_TO_SPECTRAL = frozenset(("pathItems", "mediaTypes"))
_KINDS_V2 = ("definitions", "parameters", "responses")


@join(Contract)
def component_unused(contract: Contract, world: World, options: Options) -> Iterator[Observation]:
    """Each component without a reference to it, from wherever."""
    used = world.fact(_references).get(contract.document.path, Counter())
    parents = _parents(contract)
    for kind, home in _homes(contract):
        entries = dict(home.items())
        unused = [
            entry
            for name, entry in entries.items()
            if not name.startswith("x-") and not _is_used(entry, used) and not _is_variant(entry, parents)
        ]
        kept = unused[-1] if 1 < len(unused) == len(entries) else None  # or an empty map would be left
        for entry in unused:
            yield observe(
                entry.place(),
                aliases=_alias(contract, kind),
                fix=None if entry is kept else removed(entry),
                name=entry.route[-1],
                kind=kind,
            )


def _homes(contract: Contract) -> Iterator[tuple[str, Node]]:
    if contract.is_v2:
        for kind in _KINDS_V2:
            yield kind, contract.root.get(kind)
    else:
        for kind in _KINDS:
            yield kind, contract.root.get("components", kind)


def _alias(contract: Contract, kind: str) -> tuple[str, ...]:
    if contract.is_v2:
        return ("spectral:oas2-unused-definition",) if kind == "definitions" else ()
    return () if kind in _UNKNOWN_TO_SPECTRAL else ("spectral:oas3-unused-component",)


def _references(world: World) -> dict[str, Counter[str]]:
    """What is referred to in each file, and how often: pointers to components, and anchors."""
    found: dict[str, Counter[str]] = {}
    for document in world.documents(*API_DESCRIPTIONS, Kind.DATA):
        for text in _texts(document.data):
            file, _, fragment = text.partition("#")
            path = document.path
            if file:
                path = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
            parts = fragment.split("/")
            depth = 4 if parts[1:2] == ["components"] else 3
            found.setdefault(path, Counter())["/".join(parts[:depth])] += 1
            if "/" not in text and "#" not in text:  # a discriminator may map to the bare name of a schema
                found.setdefault(document.path, Counter()).update(
                    (f"/components/schemas/{text}", f"/definitions/{text}", text)
                )
    return found


def _texts(data: Any) -> Iterator[str]:
    """The text of each reference in a value wherever it stands, and all that a discriminator maps to."""
    waiting: list[Any] = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            reference, mapping = value.get("$ref"), value.get("mapping")
            if isinstance(reference, str):
                yield unquote(reference)
            if isinstance(mapping, dict):
                yield from (unquote(text) for text in mapping.values() if isinstance(text, str))
            waiting.extend(item for item in value.values() if isinstance(item, (dict, list)))
        elif isinstance(value, list):
            waiting.extend(item for item in value if isinstance(item, (dict, list)))


def _is_used(entry: Node, used: Counter[str]) -> bool:
    """Whether anything but the component itself refers to it."""
    pointer = pointer_of(entry.route)
    if used[pointer]:
        own = sum(text == "#" + pointer or text.startswith(f"#{pointer}/") for text in _texts(entry.value))
        return used[pointer] > own
    named = [entry.value.get(key) for key in ("$anchor", "$dynamicAnchor", "$id")] if entry.is_map else []
    return any(isinstance(name, str) and name in used for name in named)


def _parents(contract: Contract) -> frozenset[str]:
    """The ends of references to schemas with a discriminator, which names their variants by value."""
    home = contract.root.get("definitions") if contract.is_v2 else contract.root.get("components", "schemas")
    return frozenset("/" + name for name, schema in home.items() if schema.get("discriminator").exists)


def _is_variant(entry: Node, parents: frozenset[str]) -> bool:
    """Whether a schema is one of those that a discriminator elsewhere chooses from."""
    if not parents:
        return False
    bases = [part.get("$ref").text or "" for part in entry.get("allOf").elements()]
    return any(base.endswith(parent) for base in bases for parent in parents)
