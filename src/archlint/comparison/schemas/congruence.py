"""Whether two schemas differ only in schemas below them that are compared on their own.

Most pairs that lie above a change are of this kind; seeing it is far cheaper than asking the engine.
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.comparison.schemas.identity import key, label
from archlint.comparison.schemas.node import Node

_DEEPEST = 40
"""Schemas within schemas that are looked into; what is nested deeper is left to the engine."""


class Congruence:
    """Knows which pairs are compared on their own."""

    def __init__(self, compared: Iterable[tuple[Node, Node]]) -> None:
        self._compared = {(key(base), key(revision)) for base, revision in compared}

    def holds(self, base: Node, revision: Node) -> bool:
        """Whether the two are equal if all pairs below them are that are compared on their own."""
        return key(base) == key(revision) or self._alike(base, revision, _DEEPEST)

    def _alike(self, base: Node, revision: Node, depth: int) -> bool:
        if not depth or label(base) != label(revision):
            return False
        pairs = zip(base.children(), revision.children(), strict=True)
        return all(self._same(old, new, depth - 1) for (_, old), (_, new) in pairs)

    def _same(self, base: Node, revision: Node, depth: int) -> bool:
        pair = (key(base), key(revision))
        return pair[0] == pair[1] or pair in self._compared or self._alike(base, revision, depth)
