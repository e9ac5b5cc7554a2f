"""Compares which paths, webhooks and operations there are; pairs of operations go on to ``operations``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.comparison.openapi.changes import Realm
from archlint.comparison.openapi.contract_pair import ContractPair, OperationPair
from archlint.comparison.openapi.element_changes import (
    OperationAdded,
    OperationMoved,
    OperationRemoved,
    PathRemoved,
    Retired,
)
from archlint.comparison.openapi.lifecycles import report_invalid_stability
from archlint.comparison.openapi.operations import OperationComparison
from archlint.comparison.openapi.promises import is_stated_level, lifecycle_of, stability_of
from archlint.documents import Node
from archlint.finding import OperationName
from archlint.model.openapi import Contract, Operation, PathItem, operations_of
from archlint.model.openapi.templates import anonymous


class PathComparison:
    """Compares maps of path items: ``paths``, ``webhooks``, and the callbacks of an operation."""

    def __init__(self, contracts: ContractPair) -> None:
        self._contracts = contracts
        self._operations = OperationComparison(contracts, self.compare_callbacks)

    def compare_paths(self) -> None:
        """The operations that clients call."""
        base, revision = self._contracts.base, self._contracts.revision
        successors = path_successors(base, revision)
        for item in base.path_items:
            home = revision.root.get("paths")
            self._compare_items(item, successors.get(item.template), home, Realm.CALL, None)
        taken = {item.template for item in successors.values()}
        for item in revision.path_items:
            if item.template not in taken:
                for operation in operations_of([item]):
                    self._operation_added(operation, base.root.get("paths"), Realm.CALL, None)

    def compare_moved(self, base: Operation, revision: Operation, *, is_new: bool) -> None:
        """An operation that another contract offers now; ``is_new``: which did not offer it before."""
        old, new = base.contract.document.path, revision.contract.document.path
        moved = OperationMoved(
            at=revision.node.place(),
            was=base.node.place(),
            about=revision.object,
            where=revision.object.name,
            old=old,
            new=new,
        )
        self._contracts.report(moved, revision.name, None)
        if is_new:
            with self._contracts.terms.losing(revision.object.name, revision.source.path):
                self._operations.compare(OperationPair(base, revision, Realm.CALL, revision.name))

    def compare_webhooks(self) -> None:
        """The operations that the provider calls."""
        base, revision = self._contracts.base, self._contracts.revision
        homes = (base.root.get("webhooks"), revision.root.get("webhooks"))
        self._compare_maps(base.webhooks, revision.webhooks, homes, Realm.WEBHOOK, None)

    def compare_callbacks(
        self, base: list[PathItem], revision: list[PathItem], homes: tuple[Node, Node], name: OperationName
    ) -> None:
        """The callbacks of one name of an operation, by the expression that gives their URL."""
        self._compare_maps(base, revision, homes, Realm.CALLBACK, name)

    def _compare_maps(
        self,
        base: tuple[PathItem, ...] | list[PathItem],
        revision: tuple[PathItem, ...] | list[PathItem],
        homes: tuple[Node, Node],
        realm: Realm,
        name: OperationName | None,
    ) -> None:
        new = {item.template: item for item in revision}
        old = {item.template for item in base}
        for item in base:
            self._compare_items(item, new.get(item.template), homes[1], realm, name)
        for item in revision:
            if item.template not in old:
                for operation in list(operations_of([item]))[:1]:
                    self._operation_added(operation, homes[0], realm, name, is_whole=True)

    def _compare_items(
        self,
        base: PathItem,
        revision: PathItem | None,
        home: Node,
        realm: Realm,
        name: OperationName | None,
    ) -> None:
        """``home`` is where the revision lists such items."""
        if revision is None:
            self._path_removed(base, home, None, realm, name)
            return
        new = {operation.method: operation for operation in operations_of([revision])}
        old = {operation.method: operation for operation in operations_of([base])}
        if old and not new:
            self._path_removed(base, home, revision, realm, name)
            return
        for method, operation in old.items():
            successor = new.get(method)
            if successor is None:
                self._operation_removed(operation, revision, realm, name)
            else:
                known = name or successor.name
                with self._contracts.terms.losing(f"{known.method} {known.path}", successor.source.path):
                    self._operations.compare(OperationPair(operation, successor, realm, known))
        for method, operation in new.items():
            if method not in old:
                self._operation_added(operation, base.key, realm, name)

    def _path_removed(
        self,
        item: PathItem,
        home: Node,
        emptied: PathItem | None,
        realm: Realm,
        name: OperationName | None,
    ) -> None:
        """``emptied`` is the item of the revision if it is still listed, without operations."""
        gone = [each for each in operations_of([item]) if not self._has_moved(each, realm)]
        if not gone:
            return
        judged = [operation for operation in gone if self._is_judged(operation, realm)]
        at = (home.get(item.template) if emptied is None else emptied.key).place()
        common: dict[str, Any] = {
            "at": at,
            "was": item.key.place(),
            "about": item.object,
            "where": item.template,
            "realm": realm,
        }
        change = PathRemoved(
            **common,
            path=item.template,
            is_emptied=emptied is not None,
            lifecycles=tuple(lifecycle_of(operation.node) for operation in judged),
            context=tuple((operation.node.place(), "goes with it") for operation in judged),
        )
        for operation in gone:
            report_invalid_stability(self._contracts, operation, realm, is_base=True)
        for operation in judged:
            self._contracts.report(change, name or operation.name, None)
            if realm is Realm.CALL:
                self._retired(operation, common, emptied is None, name)

    def _retired(
        self, operation: Operation, common: dict[str, Any], is_path: bool, name: OperationName | None
    ) -> None:
        lifecycle = lifecycle_of(operation.node)
        if lifecycle.is_deprecated:
            known = operation.object.name
            retired = Retired(
                **{**common, "was": operation.node.place(), "where": known},
                kind="operation",
                name=known,
                is_shared_path=is_path,
                lifecycle=lifecycle,
            )
            self._contracts.report(retired, name or operation.name, None)

    def _operation_removed(
        self, operation: Operation, item: PathItem, realm: Realm, name: OperationName | None
    ) -> None:
        if self._has_moved(operation, realm):
            return
        report_invalid_stability(self._contracts, operation, realm, is_base=True)
        if not self._is_judged(operation, realm):
            return
        common: dict[str, Any] = {
            "at": item.key.place(),
            "was": operation.node.place(),
            "about": operation.object,
            "where": operation.object.name,
            "realm": realm,
        }
        change = OperationRemoved(**common, lifecycle=lifecycle_of(operation.node))
        self._contracts.report(change, name or operation.name, None)
        self._retired(operation, common, False, name)

    def _operation_added(
        self,
        operation: Operation,
        was: Node,
        realm: Realm,
        name: OperationName | None,
        *,
        is_whole: bool = False,
    ) -> None:
        if realm is Realm.CALL and (operation.method, operation.item.template) in self._contracts.arrived:
            return
        node = operation.item.key if is_whole else operation.node
        change = OperationAdded(
            at=node.place(),
            was=was.place() if was.exists else None,
            about=operation.object,
            where=operation.item.template if is_whole else operation.object.name,
            realm=realm,
            name=operation.item.template if is_whole else operation.object.name,
            is_whole=is_whole,
        )
        self._contracts.report(change, name or operation.name, None)

    def _has_moved(self, operation: Operation, realm: Realm) -> bool:
        return realm is Realm.CALL and (operation.method, operation.item.template) in self._contracts.departed

    def _is_judged(self, operation: Operation, realm: Realm) -> bool:
        """Whether the base promises to keep the operation: drafts and alpha versions may change at will. That
        a level does not exist is told instead of what became of a client's operation."""
        level = stability_of(operation.node)
        is_known = is_stated_level(level) or realm is not Realm.CALL
        return is_known and self._contracts.terms.promises(level)


def path_successors(base: Contract, revision: Contract) -> dict[str, PathItem]:
    """The path of the revision for each path of the base: the same, or the same but for parameters' names, or
    the same once the servers' paths stand in front of both."""
    found: dict[str, PathItem] = {}
    exact = {item.template: item for item in revision.path_items}
    free = dict(exact)
    for item in base.path_items:
        if item.template in exact:
            found[item.template] = free.pop(item.template)
    renamed = {anonymous(template): item for template, item in reversed(free.items())}
    whole = {anonymous(path): item for item in free.values() for path in _whole(revision, item)}
    for item in base.path_items:
        if item.template in found:
            continue
        candidates = (
            renamed.get(anonymous(item.template)),
            *(whole.get(anonymous(p)) for p in _whole(base, item)),
        )
        match = next((other for other in candidates if other is not None and other.template in free), None)
        if match is not None:
            found[item.template] = free.pop(match.template)
    return found


def _whole(contract: Contract, item: PathItem) -> Iterator[str]:
    for prefix in [path for _, path in contract.base_paths] or [""]:
        yield prefix.rstrip("/") + item.template
