"""Whether two elements and all they refer to are the same: so a comparison skips most of a contract."""

from __future__ import annotations

from archlint.documents import Document, Node
from archlint.finding import Route
from archlint.model.openapi import Contract, references_in

_Key = tuple[Document, Route, Document, Route]


class Sameness:
    """Compares elements of a base with elements of a revision by their data; answers are remembered."""

    def __init__(self, base: Contract, revision: Contract) -> None:
        self._base = base.references
        self._revision = revision.references
        self._comparable = base.dialect is revision.dialect
        self._known: dict[_Key, bool] = {}
        self._equal: dict[_Key, bool] = {}
        self._texts: dict[tuple[Document, Route], tuple[str, ...]] = {}

    def same(self, base: Node, revision: Node) -> bool:
        """Whether nothing at or behind the two elements differs; unequal versions are never the same."""
        if not self._comparable:
            return False
        start = _key(base, revision)
        known = self._known.get(start)
        if known is None:
            known = self._known[start] = self._explore(start, base, revision)
        return known

    def _explore(self, start: _Key, base: Node, revision: Node) -> bool:
        if not self._is_equal(start, base, revision):
            return False
        explored, waiting = {start}, [(base, revision)]
        while waiting:
            old, new = waiting.pop()
            for text in self._references(old):
                target, _ = self._base.step(old, text)
                successor, _ = self._revision.step(new, text)
                if target is None or successor is None:
                    if target is not successor:
                        return False
                    continue
                key = _key(target, successor)
                known = self._known.get(key)
                if known is False or not self._is_equal(key, target, successor):
                    return False
                if known is None and key not in explored:
                    explored.add(key)
                    waiting.append((target, successor))
        self._known.update(dict.fromkeys(explored, True))
        return True

    def _is_equal(self, key: _Key, base: Node, revision: Node) -> bool:
        equal = self._equal.get(key)
        if equal is None:
            equal = self._equal[key] = bool(base.value == revision.value)
        return equal

    def _references(self, node: Node) -> tuple[str, ...]:
        key = (node.document, node.route)
        if key not in self._texts:
            self._texts[key] = tuple({text: None for _, text in references_in(node.document, node.route)})
        return self._texts[key]


def _key(base: Node, revision: Node) -> _Key:
    return base.document, base.route, revision.document, revision.route
