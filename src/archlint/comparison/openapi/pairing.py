"""Finds the old self of each contract: by path, then by rename, then by what it says about itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archlint.model.openapi import Contract
from archlint.model.openapi.templates import anonymous

_ALIKE = 0.5
"""Share of paths or operation ids that two contracts must have in common to count as one."""


def pair_contracts(
    base: Iterable[Contract], revision: Iterable[Contract], renames: Mapping[str, str]
) -> tuple[list[tuple[Contract, Contract]], list[Contract], list[Contract]]:
    """Old and new contracts that are the same one, the old contracts that are gone, and the new ones.

    ``renames`` maps paths of the revision to their old paths and is believed before anything else.
    """
    old = {(contract.document.path, contract.document.index): contract for contract in base}
    new = list(revision)
    pairs: list[tuple[Contract, Contract]] = []
    for name in (renames.get, lambda path: path):
        for contract in list(new):
            before = name(contract.document.path)
            found = None if before is None else old.pop((before, contract.document.index), None)
            if found is not None:
                pairs.append((found, contract))
                new.remove(contract)
    for contract in list(old.values()):
        candidates = [(_likeness(contract, other), -at, other) for at, other in enumerate(new)]
        best = max(candidates, default=None, key=lambda item: item[:2])
        if best is not None and best[0] >= _ALIKE:
            pairs.append((contract, best[2]))
            new.remove(best[2])
            del old[contract.document.path, contract.document.index]
    return pairs, list(old.values()), new


def _likeness(one: Contract, other: Contract) -> float:
    """The larger share of common paths or operation ids; the same title counts as half."""
    titled = _ALIKE if one.title and one.title == other.title else 0.0
    shares = [titled + _share(_paths(one), _paths(other)), _share(_ids(one), _ids(other))]
    return max(shares)


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(len(one), len(other)) if one and other else 0.0


def _paths(contract: Contract) -> set[str]:
    return {anonymous(item.template) for item in contract.path_items}


def _ids(contract: Contract) -> set[str]:
    found = (
        node.get("operationId").text for item in contract.path_items for _, node in item.operation_nodes()
    )
    return {text for text in found if text}
