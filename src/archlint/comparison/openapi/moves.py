"""Finds operations that moved from one contract to another one of the same server: they are still offered.

A server is known by its URL. Where none is stated, or one that is everybody's (``localhost``), two contracts
are taken for one server's if they have one title or lie in one folder, and the operation is new in the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from posixpath import dirname

from archlint.comparison.openapi.paths import path_successors
from archlint.comparison.openapi.servers import addresses_of
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.openapi import Contract, Operation, PathItem, operations_of

_REAL_HOST = regex(
    r"https?://(?!localhost\b|127\.|0\.0\.0\.0|10\.|192\.168\.|\[|\{)(?!(?:[^/:]*\.)?example(?:\.\w+)?(?:[/:]|$))"
    r"[^/{]*\.[^/{]+",
    re.IGNORECASE,
)
"""A URL that names one server in the world."""
OperationKey = tuple[str, str]
"""Method and path as the contract writes it."""


@dataclass(frozen=True)
class Move:
    """An operation of the base that another contract of the revision offers."""

    base: Operation
    revision: Operation
    is_new: bool
    """Whether the other contract did not offer it before."""


class Moves:
    """All operations that moved between the contracts of two worlds."""

    def __init__(
        self,
        pairs: Sequence[tuple[Contract, Contract]],
        removed: Sequence[Contract],
        added: Sequence[Contract],
    ) -> None:
        self._found: list[Move] = []
        self._departed: dict[Contract, set[OperationKey]] = {}
        self._arrived: dict[Contract, set[OperationKey]] = {}
        self._new: dict[tuple[str, str], list[Operation]] = {}
        self._offered: dict[tuple[str, str], list[Operation]] = {}
        revisions = [*(after for _, after in pairs), *added]
        if len(revisions) < 2 and not (revisions and removed):
            return  # there is nowhere to move to
        gone = [*(operation for pair in pairs for operation in _gone(*pair)), *_operations(removed)]
        if gone:
            self._index(pairs, added)
            self._found = [move for operation in gone if (move := self._heir(operation)) is not None]
        for move in self._found:
            self._departed.setdefault(move.base.contract, set()).add(_key(move.base))
            if move.is_new:
                self._arrived.setdefault(move.revision.contract, set()).add(_key(move.revision))

    def __iter__(self) -> Iterator[Move]:
        return iter(self._found)

    def departed(self, contract: Contract) -> frozenset[OperationKey]:
        """The operations of a contract of the base that others offer now."""
        return frozenset(self._departed.get(contract, ()))

    def arrived(self, contract: Contract) -> frozenset[OperationKey]:
        """The operations of a contract of the revision that others offered before."""
        return frozenset(self._arrived.get(contract, ()))

    def _index(self, pairs: Sequence[tuple[Contract, Contract]], added: Sequence[Contract]) -> None:
        fresh = [*(operation for before, after in pairs for operation in _gone(after, before))]
        for operation in (*fresh, *_operations(added)):
            for address in addresses_of(operation):
                self._new.setdefault((operation.method, address), []).append(operation)
        for operation in _operations(after for _, after in pairs):
            for address in filter(_REAL_HOST.match, addresses_of(operation)):
                self._offered.setdefault((operation.method, address), []).append(operation)

    def _heir(self, gone: Operation) -> Move | None:
        for address in addresses_of(gone):
            is_real = _REAL_HOST.match(address) is not None
            for other in self._new.get((gone.method, address), ()):
                if is_real or _is_near(gone.contract, other.contract):
                    return Move(gone, other, True)
            for other in self._offered.get((gone.method, address), ()):
                return Move(gone, other, False)
        return None


def _gone(before: Contract, after: Contract) -> Iterator[Operation]:
    """The operations of the one contract that the other one does not have."""
    successors = path_successors(before, after)
    for item in before.path_items:
        kept = _methods(successors.get(item.template))
        for operation in operations_of([item]):
            if operation.method not in kept:
                yield operation


def _methods(item: PathItem | None) -> set[str]:
    return set() if item is None else {method for method, _ in item.operation_nodes()}


def _operations(contracts: Iterable[Contract]) -> Iterator[Operation]:
    for contract in contracts:
        yield from operations_of(contract.path_items)


def _is_near(one: Contract, other: Contract) -> bool:
    if one.title and one.title == other.title:
        return True
    return dirname(one.document.path) == dirname(other.document.path)


def _key(operation: Operation) -> OperationKey:
    return operation.method, operation.item.template
