"""Compares two worlds: each kind of contract has a module that pairs and compares its own."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Protocol

from archlint.comparison.contract_kinds import CONTRACT_KINDS, MANIFEST_KINDS, MANIFESTS
from archlint.comparison.terms import ComparisonTerms
from archlint.finding import ObjectRef
from archlint.model.world import World


class Change(Protocol):
    """One difference between two revisions of a contract."""

    @property
    def object(self) -> ObjectRef | None:
        """The contract element that changed."""


def compare_worlds(
    base: World, revision: World, terms: ComparisonTerms | None = None
) -> dict[type, list[Change]]:
    """All changes by class."""
    agreed = terms or ComparisonTerms()
    found: dict[type, list[Change]] = {}
    compared = [(frozenset((kind,)), contract) for kind, contract in CONTRACT_KINDS.items()]
    for kinds, contract in (*compared, (MANIFEST_KINDS, MANIFESTS)):
        if not base.paths(*kinds) and not revision.paths(*kinds):
            continue
        with agreed.losing(f"what is {contract.called} here"):
            module = importlib.import_module(contract.module)
            changes: Iterable[Change] = module.compare(base, revision, agreed)
            for change in changes:
                found.setdefault(type(change), []).append(change)
    return found
