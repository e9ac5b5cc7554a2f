"""Mismatches gathered over all exchanges: one for each cause, with the exchanges that show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field
from typing import Any

from archlint.comparison.evidence.coverage import Coverage
from archlint.comparison.evidence.mismatches import RefusedByChange, TrafficMismatch
from archlint.comparison.evidence.styles import Open, Unread
from archlint.documents import Node
from archlint.finding import OperationName, Place
from archlint.finding.records import dataclass
from archlint.model.evidence.exchange import Exchange
from archlint.model.openapi import Contract, Operation

MOST_SEEN = 3
"""Exchanges that a mismatch shows."""


@dataclass(frozen=True, slots=True)
class Case:
    """An exchange that is judged, and what it is about."""

    number: int
    exchange: Exchange
    contract: Contract
    operation: Operation | None = None


@dataclass
class _Cause:
    kind: type[TrafficMismatch]
    contract: Contract
    node: Node
    terms: dict[str, Any]
    identity: tuple[str, ...]
    is_of_request: bool
    is_recorded: bool = False
    operations: dict[OperationName, None] = field(default_factory=dict)
    seen: list[Place] = field(default_factory=list)
    cases: set[int] = field(default_factory=set)


class Gathered:
    """All causes that were met."""

    def __init__(self, coverage: Coverage | None = None) -> None:
        self.coverage = coverage or Coverage()
        self._causes: dict[tuple[object, ...], _Cause] = {}
        self.refused: set[int] = set()
        """The numbers of the cases whose requests do not fit."""
        self.unread: Counter[str] = Counter()
        """How many values of parameters and headers, and bodies, are not judged: those that cannot be read,
        and those that are open."""
        self.lost: set[tuple[str, str]] = set()
        """References of schemas that were asked and lead nowhere, by their file."""
        self.unsure: set[int] = set()
        """The numbers of the cases of whose requests something was not judged."""

    def pass_over(self, case: Case, why: Unread, *, is_of_request: bool = True) -> None:
        """Note that the value of a parameter or header of a case is not judged."""
        self.unread["open value" if isinstance(why, Open) else "value"] += 1
        if is_of_request:
            self.unsure.add(case.number)

    def pass_over_body(self, case: Case, why: Unread, *, is_of_request: bool) -> None:
        """Note that the body of a case is not judged."""
        self.unread["open body" if isinstance(why, Open) else "body"] += 1
        if is_of_request:
            self.unsure.add(case.number)

    def add(
        self,
        kind: type[TrafficMismatch],
        case: Case,
        node: Node,
        seen: Place,
        *,
        identity: tuple[str, ...] = (),
        is_of_request: bool = True,
        **terms: Any,
    ) -> None:
        """Note that a case shows a cause; ``terms`` are what its class tells besides, of the first case."""
        key = (kind, node.document.path, node.route, identity)
        cause = self._causes.get(key)
        if cause is None:
            whole = (*node.document.names(node.route), *identity)
            cause = _Cause(kind, case.contract, node, terms, whole, is_of_request)
            self._causes[key] = cause
        if case.operation is not None:
            cause.operations[case.operation.name] = None
        if case.number not in cause.cases and len(cause.seen) < MOST_SEEN:
            cause.seen.append(seen)
        cause.cases.add(case.number)
        cause.is_recorded |= case.exchange.is_recorded
        if is_of_request:
            self.refused.add(case.number)

    def mismatches(self, accepted: set[int] | None = None) -> Iterator[TrafficMismatch]:
        """Each cause; those of requests that are in ``accepted``, by an older contract, are breaks."""
        for cause in self._causes.values():
            found = cause.kind(
                contract=cause.contract,
                node=cause.node,
                operations=tuple(cause.operations),
                identity=cause.identity,
                seen=tuple(cause.seen),
                count=len(cause.cases),
                is_recorded=cause.is_recorded,
                **cause.terms,
            )
            broken = cause.cases & accepted if accepted and cause.is_of_request else None
            if not broken:
                yield found
                continue
            yield RefusedByChange(
                contract=found.contract,
                node=found.node,
                operations=found.operations,
                identity=found.identity,
                seen=found.seen,
                count=len(broken),
                problem=found.in_short,
            )
