"""Compares two worlds: each kind of contract has a module that pairs and compares its own."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Protocol

from archlint.comparison.contract_kinds import CONTRACT_KINDS
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
    for kind, contract in CONTRACT_KINDS.items():
        if not base.paths(kind) and not revision.paths(kind):
            continue
        with agreed.losing(f"what is {kind.value} here"):
            module = importlib.import_module(contract.module)
            changes: Iterable[Change] = module.compare(base, revision, agreed)
            for change in changes:
                found.setdefault(type(change), []).append(change)
    return found
