"""Compares an operation with its old self: its life, its names, then all that it sends and takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from archlint.comparison.openapi.bodies import compare_request
from archlint.comparison.openapi.changes import Realm
from archlint.comparison.openapi.contract_pair import ContractPair, OperationPair
from archlint.comparison.openapi.element_changes import Happening, OperationIdChanged, OperationTagChanged
from archlint.comparison.openapi.lifecycles import compare_lifecycles, compare_stability, is_promised
from archlint.comparison.openapi.parameters import compare_parameters
from archlint.comparison.openapi.responses import compare_responses
from archlint.comparison.openapi.security import compare_security
from archlint.comparison.openapi.servers import compare_servers
from archlint.documents import Document, Node
from archlint.finding import OperationName, Route
from archlint.model.openapi import Operation, PathItem
from archlint.model.openapi.templates import parameter_names

CompareCallbacks = Callable[[list[PathItem], list[PathItem], tuple[Node, Node], OperationName], None]
_DEEPEST = 4
"""Callbacks within callbacks that are looked into."""
_MOST = 5_000
"""Operations whose callbacks are looked into, those of callbacks included."""


class OperationComparison:
    """Compares pairs of operations; callbacks are maps of paths, and so handed back."""

    def __init__(self, contracts: ContractPair, compare_callbacks: CompareCallbacks) -> None:
        self._contracts = contracts
        self._compare_callbacks = compare_callbacks
        self._open: list[tuple[Document, Route]] = []
        self._left = _MOST

    def compare(self, pair: OperationPair) -> None:
        """Tell of everything that differs between two operations."""
        contracts = self._contracts
        is_same = self._is_same(pair)
        if not (is_promised(contracts, pair) if is_same else compare_stability(contracts, pair)):
            return
        compare_security(contracts, pair)
        if pair.realm is Realm.CALL:
            compare_servers(contracts, pair)
        if is_same:
            return
        home = (pair.revision.object, pair.revision.object.name)
        compare_lifecycles(contracts, pair, (pair.base.node, pair.revision.node), home)
        self._compare_names(pair)
        compare_parameters(contracts, pair)
        compare_request(contracts, pair)
        compare_responses(contracts, pair)
        self._callbacks(pair)

    def _is_same(self, pair: OperationPair) -> bool:
        """Whether both sides say the same about the same URLs. The names in a path belong to it: the same
        parameters under names that changed places take other values at each position."""
        base, revision = pair.base.item, pair.revision.item
        if parameter_names(base.template) != parameter_names(revision.template) or self._has_new_media:
            return False
        same = self._contracts.sameness.same
        return same(pair.base.node, pair.revision.node) and same(
            base.get("parameters"), revision.get("parameters")
        )

    @cached_property
    def _has_new_media(self) -> bool:
        """Whether the media types that 2.0 lists for the whole document differ."""
        base, revision = self._contracts.base, self._contracts.revision
        if not base.is_v2 and not revision.is_v2:
            return False
        return any(
            base.root.get(key).value != revision.root.get(key).value for key in ("consumes", "produces")
        )

    def _compare_names(self, pair: OperationPair) -> None:
        before, after = pair.base.operation_id, pair.revision.operation_id
        if (before.text or "") != (after.text or ""):
            at = after if after.exists else pair.revision.node
            change = OperationIdChanged(
                at=at.place(),
                was=before.place(),
                about=pair.revision.object,
                where=pair.revision.object.name,
                realm=pair.realm,
                old=before.text or "",
                new=after.text or "",
            )
            self._contracts.report(change, pair.name, None)
        self._compare_tags(pair)

    def _compare_tags(self, pair: OperationPair) -> None:
        """Tell of tags that went and came; one that gave way to one other is called otherwise now."""
        old, new = _tags(pair.base), _tags(pair.revision)
        gone, come = [tag for tag in old if tag not in new], [tag for tag in new if tag not in old]
        if len(gone) == len(come) == 1:
            self._tag_changed(pair, Happening.CHANGED, come[0], new[come[0]], old[gone[0]], old=gone[0])
            return
        for tag in gone:
            self._tag_changed(pair, Happening.REMOVED, tag, pair.revision.node.get("tags"), old[tag])
        for tag in come:
            self._tag_changed(pair, Happening.ADDED, tag, new[tag], pair.base.node.get("tags"))

    def _tag_changed(
        self, pair: OperationPair, what: Happening, tag: str, at: Node, was: Node, *, old: str = ""
    ) -> None:
        change = OperationTagChanged(
            at=at.place(),
            was=was.place(),
            about=pair.revision.object,
            where=pair.revision.object.name,
            realm=pair.realm,
            what=what,
            tag=tag,
            old=old,
        )
        self._contracts.report(change, pair.name, None)

    def _callbacks(self, pair: OperationPair) -> None:
        key = (pair.base.node.document, pair.base.node.route)
        if key in self._open or len(self._open) >= _DEEPEST or self._left <= 0:
            return
        self._open.append(key)
        self._left -= 1
        homes = (pair.base.node.get("callbacks"), pair.revision.node.get("callbacks"))
        old, new = _callbacks_of(pair.base), _callbacks_of(pair.revision)
        for name in {**old, **new}:
            before, after = old.get(name, []), new.get(name, [])
            inner = (homes[0].get(name), homes[1].get(name))
            self._compare_callbacks(before, after, inner, pair.name)
        self._open.pop()


def _tags(operation: Operation) -> dict[str, Node]:
    return {tag.text: tag for tag in operation.node.get("tags").elements() if tag.text is not None}


def _callbacks_of(operation: Operation) -> dict[str, list[PathItem]]:
    """The path items of each callback; references are followed."""
    references = operation.contract.references
    found: dict[str, list[PathItem]] = {}
    for name, declared in operation.node.get("callbacks").items():
        entries = references.follow(declared).node
        found[name] = [
            PathItem(operation.contract, expression, key)
            for expression, key in entries.items()
            if not expression.startswith("x-")
        ]
    return found
