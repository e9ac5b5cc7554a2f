"""Whether two elements and all they refer to are the same: so a comparison skips most of a contract."""

from __future__ import annotations

import marshal
from typing import Any

from archlint.documents import Document, Node
from archlint.finding import Route
from archlint.model.openapi import Contract, references_in

_Key = tuple[Document, Route, Document, Route]
_PLAIN_MARSHAL = 2
"""A format of ``marshal`` in which equal data of one order gives equal bytes; later ones tell of sharing."""


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
        if start not in self._known:
            self._explore(start, base, revision)
        return self._known[start]

    def _explore(self, start: _Key, base: Node, revision: Node) -> None:
        """Settle a pair and all pairs behind it, each once; what refers to a difference differs."""
        users: dict[_Key, list[_Key]] = {start: []}
        waiting = [(start, base, revision)]
        different: list[_Key] = []
        while waiting:
            key, old, new = waiting.pop()
            if not self._is_equal(key, old, new):
                different.append(key)
                continue
            for text in self._references(old):
                target, _ = self._base.step(old, text)
                successor, _ = self._revision.step(new, text)
                if target is None or successor is None:
                    if target is not successor:
                        different.append(key)
                    continue
                used = _key(target, successor)
                if used in self._known:
                    if not self._known[used]:
                        different.append(key)
                elif used in users:
                    users[used].append(key)
                else:
                    users[used] = [key]
                    waiting.append((used, target, successor))
        self._known.update(dict.fromkeys(users, True))
        while different:
            key = different.pop()
            if self._known[key]:
                self._known[key] = False
                different.extend(users.get(key, ()))

    def _is_equal(self, key: _Key, base: Node, revision: Node) -> bool:
        equal = self._equal.get(key)
        if equal is None:
            equal = self._equal[key] = is_same_data(base.value, revision.value)
        return equal

    def _references(self, node: Node) -> tuple[str, ...]:
        key = (node.document, node.route)
        if key not in self._texts:
            self._texts[key] = tuple({text: None for _, text in references_in(node.document, node.route)})
        return self._texts[key]


def _key(base: Node, revision: Node) -> _Key:
    return base.document, base.route, revision.document, revision.route


def is_same_data(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON. Python alone takes ``true`` for 1 and ``false`` for 0."""
    if one != other:
        return False
    try:
        if marshal.dumps(one, _PLAIN_MARSHAL) == marshal.dumps(other, _PLAIN_MARSHAL):
            return True
    except ValueError:
        pass  # a kind of value that marshal does not write
    return _has_same_booleans(one, other)


def _has_same_booleans(one: Any, other: Any) -> bool:
    """Whether two values that are equal for Python have ``true`` and ``false`` in the same places."""
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        if isinstance(left, dict):
            waiting.extend((value, right[key]) for key, value in left.items())
        elif isinstance(left, list):
            waiting.extend(zip(left, right, strict=True))
        elif isinstance(left, bool) is not isinstance(right, bool):
            return False
    return True
