"""What a path chooses, and the bounds of the search for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from archlint.model.rulesets.values import UNDEFINED, key_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Budget", "Ending", "Failures", "Match", "PathLimit", "Selector", "children", "is_container"]

Failures = list[str]
"""The reasons why filters could not be asked of values."""


class PathLimit(RuntimeError):
    """The search for matches was given up."""


class Match(NamedTuple):
    """A value, and the keys on the way to it; the last of these keys itself where keys are asked for."""

    route: tuple[str | int, ...]
    value: Any
    is_key: bool = False


class Selector(Protocol):
    """A path made runnable."""

    def matches(self, document: object, failures: Failures, *, once: bool = False) -> Iterator[Match]:
        """What it chooses; with ``once`` what several parts hold is gone through at the first of them."""
        ...


class Ending(NamedTuple):
    """What stands at the end of a path: how many parents to go up, and whether the key is meant (``~``)."""

    parents: int = 0
    keyed: bool = False

    @classmethod
    def of(cls, modifiers: str) -> Ending:
        """The last key sign counts, and the parents that are asked for before it."""
        if "~" not in modifiers:
            return cls(len(modifiers))
        return cls(modifiers.index("~"), True)

    def match(self, route: Sequence[str | int], values: Sequence[Any]) -> Match | None:
        """The match that a place gives; none where there are not as many parents."""
        length = len(route) - self.parents
        if length < 0:
            return None
        if not self.keyed:
            return Match(tuple(route[:length]), values[length])
        return Match(tuple(route[:length]), route[length - 1] if length else UNDEFINED, True)


class Budget:
    """Counts the steps of a search down."""

    __slots__ = ("left",)

    def __init__(self, limit: int = 20_000_000) -> None:
        self.left = limit

    def take(self, count: int = 1) -> None:
        """Counts; raises ``PathLimit`` when none are left."""
        self.left -= count
        if self.left < 0:
            raise PathLimit("the document is too large for this path")


def is_container(value: Any) -> bool:
    """Whether a value is an object or an array."""
    return isinstance(value, (dict, list))


def children(value: Any) -> Iterable[tuple[str | int, Any]]:
    """The members of an object in JavaScript's order, or the elements of an array."""
    if isinstance(value, dict):
        return ((key, value[key]) for key in key_order(value))
    return enumerate(value) if isinstance(value, list) else ()
