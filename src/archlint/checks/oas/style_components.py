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
    for kind, home in _homes(contract):
        entries = dict(home.items())
        unused = [
            entry
            for name, entry in entries.items()
            if not name.startswith("x-")
            and not is_referred_to(entry, used)
            and not _is_variant(entry, contract)
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


def _is_variant(entry: Node, contract: Contract) -> bool:
    """Whether a schema is one of those that a discriminator chooses from: it names its variants by value."""
    references = contract.references
    parts = references.follow(entry).node.get("allOf").elements()
    named = ((part, part.get("$ref").text) for part in parts)
    bases = (references.step(part, text)[0] for part, text in named if text is not None)
    return any(
        base is not None and references.follow(base).node.get("discriminator").exists for base in bases
    )
