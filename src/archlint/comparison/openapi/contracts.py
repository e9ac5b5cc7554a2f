"""Compares two contracts: all operations, then what belongs to the document as a whole.

Schemas are compared for all contracts together, so their changes are told when all contracts are compared.
"""

from __future__ import annotations

from collections.abc import Sequence

from archlint.comparison.openapi.changes import ContractChange, Slot
from archlint.comparison.openapi.element_changes import ComponentRemoved, VersionStated
from archlint.comparison.openapi.moves import Move, Moves
from archlint.comparison.openapi.paths import PathComparison
from archlint.comparison.openapi.scene import Report, Scene
from archlint.comparison.openapi.schema_pairs import SchemaPairs
from archlint.comparison.openapi.schemas import SchemaComparison
from archlint.comparison.openapi.security import compare_global_security
from archlint.comparison.openapi.security_schemes import compare_security_schemes
from archlint.comparison.terms import ComparisonTerms
from archlint.documents import Node
from archlint.finding import ObjectRef
from archlint.finding import Operation as OperationName
from archlint.model.openapi import Contract


class ContractComparison:
    """One contract before and after; every change goes to ``report`` with each operation that it hits."""

    def __init__(
        self,
        sides: tuple[Contract, Contract],
        shared: SchemaPairs,
        report: Report,
        terms: ComparisonTerms,
        moves: Moves,
    ) -> None:
        base, revision = sides
        self._report = report
        self._has_changed = False
        self._scene = Scene(
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
        scene = self._scene
        paths = PathComparison(scene)
        paths.compare_paths()
        paths.compare_webhooks()
        scene.schemas.compare()
        compare_global_security(scene)
        compare_security_schemes(scene)
        _compare_components(scene)

    def tell_schemas(self) -> None:
        """Tell how schemas changed, and what the contract says of it all."""
        for change, slot, operation in self._scene.schemas.changes():
            self._tell(change, operation, slot)
        if self._has_changed:
            _state_version(self._scene)

    def _tell(self, change: ContractChange, operation: OperationName | None, slot: Slot | None) -> None:
        self._has_changed = True
        self._report(change, operation, slot)


class MovedComparison:
    """Operations that moved from one contract to one other, and what they were."""

    def __init__(
        self, moved: Sequence[Move], shared: SchemaPairs, report: Report, terms: ComparisonTerms
    ) -> None:
        base, revision = moved[0].base.contract, moved[0].revision.contract
        self._moved = moved
        self._scene = Scene(
            base, revision, terms, shared.sameness, SchemaComparison(base, revision, shared, terms), report
        )

    def compare(self) -> None:
        """Compare all, and tell what changed that is no schema."""
        paths = PathComparison(self._scene)
        for move in self._moved:
            paths.compare_moved(move.base, move.revision, is_new=move.is_new)
        self._scene.schemas.compare()

    def tell_schemas(self) -> None:
        """Tell how schemas changed."""
        for change, slot, operation in self._scene.schemas.changes():
            self._scene.report(change, operation, slot)


def _compare_components(scene: Scene) -> None:
    """Schemas that others may refer to by name."""
    old, new = scene.base.schemas_home, scene.revision.schemas_home
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
            scene.report(change, None, None)


def _state_version(scene: Scene) -> None:
    old, new = (side.root.get("info", "version") for side in (scene.base, scene.revision))
    texts = [_scalar(node) for node in (old, new)]
    if texts[0] is None or texts[1] is None:
        return
    change = VersionStated(
        at=new.value_place(),
        was=old.value_place(),
        about=scene.revision.object,
        where=scene.revision.title or scene.revision.document.path,
        old=texts[0],
        new=texts[1],
    )
    scene.report(change, None, None)


def _scalar(node: Node) -> str | None:
    """A version as it is written: one that is no text, such as ``1.0``, is one as well."""
    if not node.is_set or isinstance(node.value, (dict, list)):
        return None
    return node.text.strip() if node.text is not None else node.document.source_text(node.route)
