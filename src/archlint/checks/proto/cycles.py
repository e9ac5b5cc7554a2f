"""Circles among packages: which hang together, and the shortest way round from one to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archlint.documents.proto.graph import ordered
from archlint.finding.records import dataclass


@dataclass(frozen=True)
class PackageCycles:
    """Packages by the circle that they are part of."""

    edges: Mapping[str, Sequence[str]]
    number: Mapping[str, int]
    known: dict[tuple[str, str], tuple[str, ...]]

    def way(self, start: str, over: str) -> tuple[str, ...]:
        """The way from a package over one that it imports back to itself; empty if there is none."""
        if start not in self.number or self.number[start] != self.number.get(over):
            return ()
        if (start, over) not in self.known:
            self.known[start, over] = (start, *self._shortest(over, start))
        return self.known[start, over]

    def _shortest(self, start: str, end: str) -> tuple[str, ...]:
        came_from = {start: ""}
        waiting = [start]
        for name in waiting:
            if name == end:
                break
            for target in self.edges[name]:
                if target not in came_from and self.number.get(target) == self.number[end]:
                    came_from[target] = name
                    waiting.append(target)
        way = [end]
        while way[-1] != start:
            way.append(came_from[way[-1]])
        return tuple(reversed(way))


def cycles_of(edges: Mapping[str, Sequence[str]]) -> PackageCycles:
    """The circles of a graph; a package that imports itself is none."""
    plain = {name: [item for item in dict.fromkeys(to) if item != name] for name, to in edges.items()}
    _, cycles = ordered(plain)
    return PackageCycles(plain, {name: at for at, cycle in enumerate(cycles) for name in cycle}, {})
