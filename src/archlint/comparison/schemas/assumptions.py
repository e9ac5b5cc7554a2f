"""Pairs of schemas of which one is taken to lie within the other, in all questions about others.

For components that are compared one by one: each is then judged for what it says itself and not for what it
refers to. If all the answers are yes, all hold without the assumptions too, by induction over the size of
values.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.schema import Schema, produced


class Assumptions:
    """Assumed pairs by the keys of their schemas."""

    def __init__(self) -> None:
        self._wide: dict[bytes, set[bytes]] = {}
        self._narrow: dict[bytes, set[bytes]] = {}
        self._partners: dict[bytes, Schema] = {}
        self._copies: dict[bytes, set[bytes]] = {}

    def __bool__(self) -> bool:
        return bool(self._wide)

    def add(self, narrow: Schema, wide: Schema) -> None:
        """Take for granted that every value of the first schema is one of the second."""
        self._wide.setdefault(key(narrow), set()).add(key(wide))
        self._narrow.setdefault(key(wide), set()).add(key(narrow))
        self._partners.setdefault(key(wide), narrow.plain)

    def equate(self, copies: Iterable[Schema]) -> None:
        """Know that some nodes stand for one schema, though their keys do not tell: what is assumed of one
        is not assumed where another is asked about."""
        found = {key(each) for copy in copies for each in (copy, produced(copy))}
        for known in list(found):
            found |= self._copies.get(known, set())
        for known in found:
            self._copies[known] = found

    def with_copies(self, keys: Iterable[bytes]) -> frozenset[bytes]:
        """The keys, and those of all that stands for the same schemas."""
        return frozenset(each for known in keys for each in self._copies.get(known, (known,)))

    def partner(self, schema: Schema) -> Schema | None:
        """The schema that is assumed to lie within another one."""
        return self._partners.get(key(schema))

    def settle(self, fulfilled: Collection[bytes], violated: Collection[bytes]) -> bool:
        """Whether no value can fulfil and violate these schemas if what is assumed holds."""
        return any(not self._wide[key].isdisjoint(violated) for key in fulfilled if key in self._wide)

    def refute(self, key: bytes, sign: bool, sign_of: Callable[[object], bool | None]) -> bool:
        """Whether one more schema contradicts those that are known by their sign."""
        others = (self._wide if sign else self._narrow).get(key, ())
        return any(sign_of(other) is not sign and sign_of(other) is not None for other in others)
