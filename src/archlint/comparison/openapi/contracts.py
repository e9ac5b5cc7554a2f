"""Compares two contracts: all operations, then what belongs to the document as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.comparison.openapi.changes import ContractChange, Slot
from archlint.comparison.openapi.element_changes import ComponentRemoved, VersionStated
from archlint.comparison.openapi.moves import Move, Moves
from archlint.comparison.openapi.paths import PathComparison
from archlint.comparison.openapi.sameness import Sameness
from archlint.comparison.openapi.scene import Report, Scene
from archlint.comparison.openapi.schemas import SchemaComparison
from archlint.comparison.openapi.security import compare_global_security
from archlint.comparison.openapi.security_schemes import compare_security_schemes
from archlint.comparison.terms import ComparisonTerms
from archlint.documents import Node
from archlint.finding import ObjectRef
from archlint.finding import Operation as OperationName
from archlint.model.openapi import Contract


def compare_contracts(
    base: Contract, revision: Contract, report: Report, terms: ComparisonTerms, moves: Moves
) -> None:
    """Hand every change to ``report`` with each operation that it hits."""
    seen: list[ContractChange] = []

    def tell(change: ContractChange, operation: OperationName | None, slot: Slot | None) -> None:
        if not seen:
            seen.append(change)
        report(change, operation, slot)

    scene = _scene(base, revision, tell, terms, moves)
    paths = PathComparison(scene)
    paths.compare_paths()
    paths.compare_webhooks()
    for change, slot, operation in scene.schemas.changes():
        tell(change, operation, slot)
    compare_global_security(scene)
    compare_security_schemes(scene)
    _compare_components(scene)
    if seen:
        _state_version(scene)


def compare_moved(moved: Sequence[Move], report: Report, terms: ComparisonTerms) -> None:
    """Compare operations that moved from one contract to one other with what they were."""
    first = moved[0]
    scene = _scene(first.base.contract, first.revision.contract, report, terms, None)
    paths = PathComparison(scene)
    for move in moved:
        paths.compare_moved(move.base, move.revision, is_new=move.is_new)
    for change, slot, operation in scene.schemas.changes():
        report(change, operation, slot)


def _scene(
    base: Contract, revision: Contract, report: Report, terms: ComparisonTerms, moves: Moves | None
) -> Scene:
    sameness = Sameness(base, revision)
    return Scene(
        base,
        revision,
        terms,
        sameness,
        SchemaComparison(base, revision, sameness, terms),
        report,
        departed=moves.departed(base) if moves else frozenset(),
        arrived=moves.arrived(revision) if moves else frozenset(),
    )


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
