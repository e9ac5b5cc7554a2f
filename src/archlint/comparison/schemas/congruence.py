"""Whether two schemas differ only in schemas below them that are compared on their own.

Most pairs that lie above a change are of this kind; seeing it is far cheaper than asking the engine.
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.comparison.schemas.identity import key, label
from archlint.comparison.schemas.schema import IN_PLACE, Schema, is_true, schema_with

_DEEPEST = 40
"""Schemas within schemas that are looked into; what is nested deeper is left to the engine."""
_MOST = 500
"""Schemas for one value that are looked through."""
_MEMBERS = frozenset(("items", "additionalProperties"))


class Congruence:
    """Knows which pairs are compared on their own; ``in_place``: also of schemas that look at the same value
    as those that are asked about."""

    def __init__(self, compared: Iterable[tuple[Schema, Schema]], in_place: bool = True) -> None:
        self._in_place = in_place
        self._compared = {(key(base), key(revision)) for base, revision in compared}
        self._olds = {old for old, _ in self._compared}

    def holds(self, base: Schema, revision: Schema) -> bool:
        """Whether the two are equal if all pairs below them are that are compared on their own."""
        return key(base) == key(revision) or self._alike(base, revision, _DEEPEST)

    def levelled(self, base: Schema, revision: Schema) -> tuple[Schema, Schema]:
        """Both with equal members where these are compared on their own and one of them takes any value.

        That such a member lies in the other cannot be assumed: whatever takes any value would lie in it. The
        members are as the other one says, so that what proves anything about the rest is a value of both.
        """
        olds, news = dict(base.keywords), dict(revision.keywords)
        for keyword in _MEMBERS & olds.keys() & news.keys():
            olds[keyword], news[keyword] = self._level(olds[keyword], news[keyword])
        before, after = olds.get("properties", {}), news.get("properties", {})
        same = {name: self._level(before[name], after[name]) for name in before if name in after}
        if same:
            olds["properties"] = {**before, **{name: pair[0] for name, pair in same.items()}}
            news["properties"] = {**after, **{name: pair[1] for name, pair in same.items()}}
        if olds == base.keywords and news == revision.keywords:
            return base, revision
        return schema_with(**olds), schema_with(**news)

    def _level(self, base: Schema, revision: Schema) -> tuple[Schema, Schema]:
        if (key(base), key(revision)) not in self._compared:
            return base, revision
        if is_true(base):
            return revision, revision
        return (base, base) if is_true(revision) else (base, revision)

    def is_combined(self, base: Schema) -> bool:
        """Whether a schema holds, for the same value, another one that is compared on its own."""
        waiting, seen = [base], {id(base)}
        while waiting:
            for name, child in waiting.pop().children():
                if name not in IN_PLACE or id(child) in seen:
                    continue
                if key(child) in self._olds or len(seen) > _MOST:
                    return True
                seen.add(id(child))
                waiting.append(child)
        return False

    def _alike(self, base: Schema, revision: Schema, depth: int) -> bool:
        if not depth or label(base) != label(revision):
            return False
        pairs = zip(base.children(), revision.children(), strict=True)
        return all(self._same(name, old, new, depth - 1) for (name, old), (_, new) in pairs)

    def _same(self, name: str, base: Schema, revision: Schema, depth: int) -> bool:
        pair = (key(base), key(revision))
        is_told = pair in self._compared and (self._in_place or name not in IN_PLACE)
        return pair[0] == pair[1] or is_told or self._alike(base, revision, depth)
