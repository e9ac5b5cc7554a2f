"""Compares how long operations and parameters are promised: deprecation, sunset, stability."""

from __future__ import annotations

from typing import Any

from archlint.comparison.openapi.changes import Realm
from archlint.comparison.openapi.contract_pair import ContractPair, OperationPair
from archlint.comparison.openapi.element_changes import (
    DeprecationChanged,
    StabilityChanged,
    StabilityInvalid,
    SunsetChanged,
)
from archlint.comparison.openapi.promises import LEVEL, SUNSET, is_stated_level, lifecycle_of, stability_of
from archlint.comparison.terms import STABILITIES
from archlint.documents import Node
from archlint.finding import ObjectRef, Place
from archlint.model.openapi import Operation


def report_invalid_stability(
    contracts: ContractPair, operation: Operation, realm: Realm, *, is_base: bool
) -> None:
    """Tell of a level that does not exist; so nobody knows what is promised."""
    level = stability_of(operation.node)
    if is_stated_level(level):
        return
    place = operation.node.get(LEVEL).value_place()
    change = StabilityInvalid(
        at=place,
        was=None,
        about=operation.object,
        where=operation.object.name,
        realm=realm,
        level=level,
        is_base=is_base,
    )
    contracts.report(change, operation.name, None)


def compare_stability(contracts: ContractPair, pair: OperationPair) -> bool:
    """Whether the changes of an operation count: it promises enough before and after, as far as one can
    tell. What it promises more or less is a change itself."""
    old, new = stability_of(pair.base.node), stability_of(pair.revision.node)
    if not is_stated_level(new):
        report_invalid_stability(contracts, pair.revision, pair.realm, is_base=False)
    elif not is_stated_level(old):
        report_invalid_stability(contracts, pair.base, pair.realm, is_base=True)
    elif old != new and contracts.terms.promises(old) and pair.realm is Realm.CALL:
        stated = pair.revision.node.get(LEVEL)
        change = StabilityChanged(
            at=stated.place() if stated.exists else pair.revision.node.place(),
            was=pair.base.node.get(LEVEL).place(),
            about=pair.revision.object,
            where=pair.revision.object.name,
            old=old,
            new=new,
            is_lower=STABILITIES.index(new) < STABILITIES.index(old),
        )
        contracts.report(change, pair.name, None)
    return is_promised(contracts, pair)


def is_promised(contracts: ContractPair, pair: OperationPair) -> bool:
    """Whether an operation promises enough before and after; what states no level that exists does."""
    return all(contracts.terms.promises(stability_of(each.node)) for each in (pair.base, pair.revision))


def compare_lifecycles(
    contracts: ContractPair,
    pair: OperationPair,
    nodes: tuple[Node, Node],
    home: tuple[ObjectRef, str],
    *,
    parameter: str = "",
    location: str = "",
    is_shared: bool = False,
    context: tuple[tuple[Place, str], ...] = (),
) -> None:
    """Compare the ends of an operation, or of a parameter of it; ``home`` is what it is part of, and the
    place in words. What states no level that exists promises nothing that could be judged."""
    stability = stability_of(pair.revision.node)
    before, after = lifecycle_of(nodes[0]), lifecycle_of(nodes[1])
    if before == after or not is_stated_level(stability):
        return
    common: dict[str, Any] = {
        "about": home[0],
        "where": home[1],
        "realm": pair.realm,
        "is_shared": is_shared,
        "context": context,
        "before": before,
        "after": after,
        "stability": stability,
        "parameter": parameter,
        "location": location,
    }
    if before.is_deprecated != after.is_deprecated:
        was, at = (_stated(node, "deprecated") for node in nodes)
        contracts.report(DeprecationChanged(at=at.place(), was=was.place(), **common), pair.name, None)
    if after.is_deprecated and before.sunset is not None and before.sunset != after.sunset:
        at = _stated(nodes[1], SUNSET, "deprecated")
        was = _stated(nodes[0], SUNSET)
        contracts.report(SunsetChanged(at=at.place(), was=was.place(), **common), pair.name, None)


def _stated(node: Node, *names: str) -> Node:
    """The first of some fields that is there, else the element itself."""
    return next((node.get(name) for name in names if node.get(name).exists), node)
