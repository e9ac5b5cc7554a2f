"""Compares two worlds: each kind of contract has a module that pairs and compares its own.

A module of this package that compares a kind of contract offers
``compare(base: World, revision: World, terms: ComparisonTerms) -> Iterable[Change]``; its name stands in
``COMPARED``.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Protocol

from archlint.comparison.terms import ComparisonTerms
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.model.world import World

COMPARED: dict[Kind, str] = {
    Kind.OPENAPI: "archlint.comparison.openapi",
    Kind.PROTO: "archlint.comparison.protobuf",
}
"""Which module compares the contracts of a kind."""


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
    for kind, module in COMPARED.items():
        if not base.paths(kind) and not revision.paths(kind):
            continue
        with agreed.losing(f"what is {kind.value} here"):
            changes: Iterable[Change] = importlib.import_module(module).compare(base, revision, agreed)
            for change in changes:
                found.setdefault(type(change), []).append(change)
    return found
