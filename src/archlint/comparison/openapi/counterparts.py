"""Which schema of one side stands for a schema of the other, through references, parts and choices with null.

What is gone has no place of its own: it is marked at what stands for the schema that stated it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from archlint.comparison.openapi.branches import match_listed, sole_part
from archlint.comparison.openapi.sameness import Sameness
from archlint.comparison.openapi.views import Views
from archlint.documents import Node
from archlint.finding.records import dataclass

_MOST = 200
"""Schemas for one value that are looked through."""
_Pair = tuple[Node, Node]


@dataclass(frozen=True, slots=True)
class Counterparts:
    """Finds on one side what stands for schemas of the other."""

    base_views: Views
    revision_views: Views
    sameness: Sameness

    def in_revision(self, pair: _Pair, stated: Node) -> Node | None:
        """Where the revision has, or would have, what the base states."""
        return _innermost(self._walk(pair), stated)

    def in_base(self, pair: _Pair, stated: Node) -> Node | None:
        """Where the base has, or would have, what the revision states."""
        return _innermost(((new, old) for old, new in self._walk(pair)), stated)

    def _walk(self, pair: _Pair) -> Iterator[_Pair]:
        """The pairs of schemas that look at the same value, each with all that stand in it."""
        bare = sole_part(pair[0]), sole_part(pair[1])  # what stands in a wrapper stands for the whole
        waiting, seen = [pair, bare], set[tuple[object, ...]]()
        while waiting and len(seen) < _MOST:
            old, new = waiting.pop()
            key = (old.document, old.route, new.document, new.route)
            if key not in seen:
                seen.add(key)
                yield old, new
                waiting += [*self._parts(old, new), *self._branches(old, new), *self._referred(old, new)]

    def _referred(self, old: Node, new: Node) -> Iterator[_Pair]:
        targets = self.base_views.step(old), self.revision_views.step(new)
        if targets[0] is not None or targets[1] is not None:
            yield targets[0] or old, targets[1] or new

    def _parts(self, old: Node, new: Node) -> Iterator[_Pair]:
        olds, news = (list(node.get("allOf").elements()) for node in (old, new))
        if not olds or not news:
            yield from ((part, new) for part in olds)
            yield from ((old, part) for part in news)
            return
        matched = match_listed(list(olds), list(news), self.sameness)
        yield from matched.pairs
        if len(matched.removed) == len(matched.added):
            yield from zip(matched.removed, matched.added, strict=True)
            return
        yield from ((part, new.get("allOf")) for part in matched.removed)
        yield from ((old.get("allOf"), part) for part in matched.added)

    def _branches(self, old: Node, new: Node) -> Iterator[_Pair]:
        """What a choice with null is besides."""
        branches = self.base_views.lone_branch(old), self.revision_views.lone_branch(new)
        if branches[0] is not None or branches[1] is not None:
            yield branches[0] or old, branches[1] or new


def _innermost(pairs: Iterator[_Pair], stated: Node) -> Node | None:
    """What stands, or would stand, at the same way below the other side of the innermost schema that states
    something; items of lists stand for themselves, and are not looked for."""
    found: _Pair | None = None
    for one, other in pairs:
        if stated.is_below(one) and (found is None or len(one.route) > len(found[0].route)):
            found = (one, other)
    if found is None:
        return None
    below = stated.route[len(found[0].route) :]
    return found[1].get(*takewhile(lambda step: isinstance(step, str), below))
