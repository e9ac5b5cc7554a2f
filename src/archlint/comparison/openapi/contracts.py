"""Compares two contracts: all operations, then what belongs to the document as a whole.

Schemas are compared for all contracts together, so their changes are told when all contracts are compared.
"""

from __future__ import annotations

from collections.abc import Sequence

from archlint.comparison.openapi.changes import ContractChange, Usage
from archlint.comparison.openapi.contract_pair import ContractPair, ReportChange
from archlint.comparison.openapi.element_changes import ComponentRemoved, VersionStated
from archlint.comparison.openapi.moves import Move, Moves
from archlint.comparison.openapi.paths import PathComparison
from archlint.comparison.openapi.schema_pairs import SchemaPairs
from archlint.comparison.openapi.schemas import SchemaComparison
from archlint.comparison.openapi.security import compare_global_security
from archlint.comparison.openapi.security_schemes import compare_security_schemes
from archlint.comparison.terms import ComparisonTerms
from archlint.documents import Node
from archlint.finding import ObjectRef, OperationName
from archlint.model.openapi import Contract


class ContractComparison:
    """One contract before and after; every change goes to ``report`` with each operation that it hits."""

    def __init__(
        self,
        sides: tuple[Contract, Contract],
        shared: SchemaPairs,
        report: ReportChange,
        terms: ComparisonTerms,
        moves: Moves,
    ) -> None:
        base, revision = sides
        self._report = report
        self._has_changed = False
        self._contracts = ContractPair(
            base,
            revision,
            terms,
            shared.sameness,
            SchemaComparison(base, revision, shared, terms),
            self._tell,
            departed=moves.departed(base),
            arrived=moves.arrived(revision),
        )

    def compare(self) -> None:
        """Compare all, and tell what changed that is no schema."""
        contracts = self._contracts
        paths = PathComparison(contracts)
        paths.compare_paths()
        paths.compare_webhooks()
        contracts.schemas.compare()
        compare_global_security(contracts)
        compare_security_schemes(contracts)
        _compare_components(contracts)

    def tell_schemas(self) -> None:
        """Tell how schemas changed, and what the contract says of it all."""
        for change, usage, operation in self._contracts.schemas.changes():
            self._tell(change, operation, usage)
        if self._has_changed:
            _state_version(self._contracts)

    def _tell(self, change: ContractChange, operation: OperationName | None, usage: Usage | None) -> None:
        self._has_changed = True
        self._report(change, operation, usage)


class MovedComparison:
    """Operations that moved from one contract to one other, and what they were."""

    def __init__(
        self, moved: Sequence[Move], shared: SchemaPairs, report: ReportChange, terms: ComparisonTerms
    ) -> None:
        base, revision = moved[0].base.contract, moved[0].revision.contract
        self._moved = moved
        self._contracts = ContractPair(
            base, revision, terms, shared.sameness, SchemaComparison(base, revision, shared, terms), report
        )

    def compare(self) -> None:
        """Compare all, and tell what changed that is no schema."""
        paths = PathComparison(self._contracts)
        for move in self._moved:
            paths.compare_moved(move.base, move.revision, is_new=move.is_new)
        self._contracts.schemas.compare()

    def tell_schemas(self) -> None:
        """Tell how schemas changed."""
        for change, usage, operation in self._contracts.schemas.changes():
            self._contracts.report(change, operation, usage)


def _compare_components(contracts: ContractPair) -> None:
    """Schemas that others may refer to by name."""
    old, new = contracts.base.schemas_home, contracts.revision.schemas_home
    left = {name for name, _ in new.items()}
    for name, schema in old.items():
        if name not in left:
            change = ComponentRemoved(
                at=new.get(name).place(),
                was=schema.place(),
                about=ObjectRef("Schema", name),
                where=name,
                name=name,
            )
            contracts.report(change, None, None)


def _state_version(contracts: ContractPair) -> None:
    old, new = (side.root.get("info", "version") for side in (contracts.base, contracts.revision))
    texts = [_scalar(node) for node in (old, new)]
    if texts[0] is None or texts[1] is None:
        return
    change = VersionStated(
        at=new.value_place(),
        was=old.value_place(),
        about=contracts.revision.object,
        where=contracts.revision.title or contracts.revision.document.path,
        old=texts[0],
        new=texts[1],
    )
    contracts.report(change, None, None)


def _scalar(node: Node) -> str | None:
    """A version as it is written: one that is no text, such as ``1.0``, is one as well."""
    if not node.is_set or isinstance(node.value, (dict, list)):
        return None
    return node.text.strip() if node.text is not None else node.document.source_text(node.route)
