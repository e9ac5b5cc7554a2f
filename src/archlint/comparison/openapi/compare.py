"""OpenAPI contracts of two revisions as typed changes; each change once, with all operations it reaches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from archlint.comparison.openapi.changes import ContractChange, Usage
from archlint.comparison.openapi.contracts import ContractComparison, MovedComparison
from archlint.comparison.openapi.element_changes import ContractAdded, ContractRemoved, VersionStated
from archlint.comparison.openapi.harm import Harm, Verdict, gravest
from archlint.comparison.openapi.moves import Move, Moves
from archlint.comparison.openapi.pairing import pair_contracts
from archlint.comparison.openapi.schema_changes import LifeChange, SchemaChange
from archlint.comparison.openapi.schema_pairs import PairsByVersion
from archlint.comparison.terms import ComparisonTerms
from archlint.finding import ObjectRef, OperationName, Place
from archlint.finding.records import replace
from archlint.model.openapi import Contract, Direction, operations_of
from archlint.model.openapi.full import full
from archlint.model.world import World


def compare(base: World, revision: World, terms: ComparisonTerms) -> Iterator[ContractChange]:
    """All changes of all contracts."""
    old, new = ([full(contract) for contract in world.all(Contract)] for world in (base, revision))
    pairs, removed, added = pair_contracts(old, new, terms.renames)
    moves = Moves(pairs, removed, added)
    yield from _compared(pairs, moves, terms)
    for contract in removed:
        yield from _contract_removed(contract, moves)
    for contract in added:
        yield _contract_added(contract)


def _compared(
    pairs: Sequence[tuple[Contract, Contract]], moves: Moves, terms: ComparisonTerms
) -> Iterator[ContractChange]:
    """What changed in contracts that both sides have, and in operations that moved between them.

    What several contracts refer to is compared once and told once, with the operations of all.
    """
    gathered = _Gathered()
    shared = PairsByVersion(pairs)
    waiting: list[tuple[ContractComparison | MovedComparison, str, str]] = []
    for before, after in pairs:
        report = partial(gathered.add, after.document.path)
        sides = before, after
        compared = ContractComparison(sides, shared.of(*sides), report, terms, moves)
        waiting.append((compared, f"contract '{after.title}'", after.document.path))
    for sides, moved in _by_contracts(moves).items():
        report = partial(gathered.add, sides[1].document.path)
        what = f"what moved to contract '{sides[1].title}'"
        waiting.append(
            (MovedComparison(moved, shared.of(*sides), report, terms), what, sides[1].document.path)
        )
    for comparison, what, path in waiting:
        with terms.losing(what, path):
            comparison.compare()
    for comparison, what, path in waiting:
        with terms.losing(what, path):
            comparison.tell_schemas()
    yield from gathered.changes()


def _by_contracts(moves: Moves) -> dict[tuple[Contract, Contract], list[Move]]:
    """What moved, by where from and where to."""
    found: dict[tuple[Contract, Contract], list[Move]] = {}
    for move in moves:
        found.setdefault((move.base.contract, move.revision.contract), []).append(move)
    return found


_Key = tuple[ContractChange, bool]
"""A change, and whether it is proved to do no harm: some schemas that have the part may absorb it."""


class _Gathered:
    """Changes that are alike in all but the operations they hit, and the roles in them, as one."""

    def __init__(self) -> None:
        self._roots: dict[_Key, dict[str, None]] = {}
        self._operations: dict[_Key, set[OperationName]] = {}
        self._usages: dict[_Key, set[Usage]] = {}
        self._verdicts: dict[_Key, Verdict | None] = {}
        self._roles: dict[ContractChange, dict[tuple[Direction, Usage], bool]] = {}
        """Of changes that are the same in both directions the roles, and whether it is never sent in them."""

    def add(
        self, root: str, change: ContractChange, operation: OperationName | None, usage: Usage | None
    ) -> None:
        """Note one change, the contract through which it was met, one operation that it hits, and the role
        that its schema plays there."""
        verdict = change.verdict if isinstance(change, SchemaChange) else None
        if isinstance(change, LifeChange):
            change = self._in_both_directions(change, usage)
        key = (change, verdict is not None and verdict.harm is Harm.NONE)
        self._roots.setdefault(key, {})[root] = None
        hit = self._operations.setdefault(key, set())
        if operation is not None:
            hit.add(operation)
        if usage is not None:
            self._usages.setdefault(key, set()).add(usage)
        self._verdicts[key] = gravest(self._verdicts.setdefault(key, verdict), verdict)

    def _in_both_directions(self, change: LifeChange, usage: Usage | None) -> LifeChange:
        """A change as it is told for both directions; in which it is met is noted."""
        common = replace(change, direction=Direction.REQUEST, is_hidden=False, is_marked=False)
        roles = self._roles.setdefault(common, {})
        if usage is not None:
            roles[change.direction, usage] = change.is_hidden
        return common

    def changes(self) -> Iterator[ContractChange]:
        """Each change once, in the order in which they were met."""
        made: dict[str, list[ContractChange]] = {}
        for key, operations in self._operations.items():
            change = key[0]
            roots = tuple(sorted(self._roots[key]))
            complete = replace(change, operations=tuple(sorted(operations)), through=roots)
            if isinstance(change, SchemaChange) and isinstance(complete, SchemaChange):
                complete = replace(complete, usages=frozenset(self._usages[key]), verdict=self._verdicts[key])
            if isinstance(complete, LifeChange):
                roles = self._roles[change]
                is_hidden = bool(roles) and all(roles.values())
                complete = replace(complete, roles=frozenset(roles), is_hidden=is_hidden)
            if isinstance(complete, VersionStated):
                complete = replace(complete, changes=tuple(made.get(roots[0], ())))
            for root in roots:
                made.setdefault(root, []).append(complete)
            yield complete


def _contract_removed(contract: Contract, moves: Moves) -> Iterator[ContractRemoved]:
    """The whole file is gone: what is left to mark is its old place. Nothing is lost if all has moved."""
    departed = moves.departed(contract)
    operations = [operation.name for operation in operations_of(contract.path_items)]
    gone = [name for name in operations if (name.method, name.path) not in departed]
    if gone or not operations:
        yield ContractRemoved(
            at=Place(contract.document),
            was=None,
            about=ObjectRef("OpenAPI", contract.title),
            where=contract.title or contract.document.path,
            operations=tuple(gone),
            title=contract.title or contract.document.path,
        )


def _contract_added(contract: Contract) -> ContractAdded:
    return ContractAdded(
        at=contract.version_node.value_place(),
        was=None,
        about=contract.object,
        where=contract.title or contract.document.path,
        operations=tuple(operation.name for operation in operations_of(contract.path_items)),
        title=contract.title or contract.document.path,
    )
