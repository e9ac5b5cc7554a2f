"""Ways on which a template is switched on: values that have to be set, and what the cluster has to serve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from archlint.documents.charts.meanings import Path
from archlint.documents.charts.unset import UNSET
from archlint.finding.records import dataclass

_DOUBT = 3
"""How much a condition that is not understood weighs, in values that have to be changed."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A value that a way needs."""

    value: Any
    is_change: bool


@dataclass(frozen=True, slots=True)
class Way:
    """What has to be so."""

    pins: Mapping[Path, Pin] = field(default_factory=dict)
    apis: frozenset[str] = frozenset()
    """What the cluster has to serve."""
    doubts: int = 0
    """Conditions that are not understood."""

    @property
    def cost(self) -> int:
        """The lowest is the best."""
        return sum(pin.is_change for pin in self.pins.values()) + len(self.apis) + _DOUBT * self.doubts

    @property
    def changes(self) -> dict[Path, Any]:
        """The values that have to be set, by path."""
        return {path: pin.value for path, pin in self.pins.items() if pin.is_change}

    def joined(self, other: Way) -> Way | None:
        """Both; ``None`` if they exclude one another."""
        pins = {**self.pins, **other.pins}
        for path, pin in other.pins.items():
            mine = self.pins.get(path, pin)
            if mine.value != pin.value:
                if not (mine.value and pin.value) or not (_stands_in(mine.value) or _stands_in(pin.value)):
                    return None
                pins[path] = pin if _stands_in(mine.value) else mine
        for path in list(pins):
            for length in range(1, len(path)):
                around = pins.get(path[:length])
                if around is not None and not around.value:
                    return None
                if around is not None:  # a map with the other value in it is as good
                    del pins[path[:length]]
        return Way(pins, self.apis | other.apis, self.doubts + other.doubts)


def both(some: Iterable[Way], others: Iterable[Way]) -> Iterator[Way]:
    """Each of some ways with each of others, where they do not exclude one another."""
    listed = list(others)
    for one in some:
        for other in listed:
            joined = one.joined(other)
            if joined is not None:
                yield joined


def _stands_in(value: Any) -> bool:
    """Whether anything else that is not empty would do."""
    return value in (UNSET, [UNSET], {UNSET: UNSET})
