"""Components that nothing refers to, in their document or in any other of the repository."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.oas.component_uses import component_references, is_referred_to
from archlint.documents import Node
from archlint.documents.editing import removed
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
    used = world.fact(component_references).get(contract.document.path, Counter())
    parents = _parents(contract)
    for kind, home in _homes(contract):
        entries = dict(home.items())
        unused = [
            entry
            for name, entry in entries.items()
            if not name.startswith("x-")
            and not is_referred_to(entry, used)
            and not _is_variant(entry, parents)
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
