"""Who imports whom: cycles, dependents, and an order in which every file follows what it imports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence


def ordered(edges: Mapping[str, Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """All nodes after the nodes that they point to, and the cycles (each sorted; self-loops are cycles)."""
    components = list(_Components(edges).found())
    cycles = [sorted(part) for part in components if len(part) > 1 or part[0] in edges[part[0]]]
    return [node for part in components for node in part], cycles


class _Components:
    """Tarjan's strongly connected components, without recursion: import chains may be longer than the
    stack."""

    def __init__(self, edges: Mapping[str, Sequence[str]]) -> None:
        self._edges = edges
        self._index: dict[str, int] = {}
        self._low: dict[str, int] = {}
        self._open: dict[str, None] = {}

    def found(self) -> Iterator[list[str]]:
        """The components, each after those that it points to."""
        for start in self._edges:
            if start not in self._index:
                yield from self._from(start)

    def _from(self, start: str) -> Iterator[list[str]]:
        work = [self._enter(start)]
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in self._index:
                    work.append(self._enter(target))
                    break
                if target in self._open:
                    self._low[node] = min(self._low[node], self._index[target])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    self._low[parent] = min(self._low[parent], self._low[node])
                if self._low[node] == self._index[node]:
                    yield self._close(node)

    def _enter(self, node: str) -> tuple[str, Iterator[str]]:
        self._index[node] = self._low[node] = len(self._index)
        self._open[node] = None
        return node, iter(self._edges[node])

    def _close(self, node: str) -> list[str]:
        """Take a finished component off the open nodes."""
        component: list[str] = []
        while node in self._open:
            component.append(self._open.popitem()[0])
        return component


def dependents(edges: Mapping[str, Sequence[str]], of: Iterable[str]) -> set[str]:
    """All nodes that reach one of ``of``, without these themselves."""
    back: dict[str, list[str]] = defaultdict(list)
    for node, targets in edges.items():
        for target in targets:
            back[target].append(node)
    start = set(of)
    return reachable(back, start) - start


def reachable(edges: Mapping[str, Iterable[str]], start: Collection[str]) -> set[str]:
    """All nodes reached from ``start``, these included."""
    seen = set(start)
    waiting = list(start)
    while waiting:
        for target in edges.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def components(edges: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Nodes that hang together in any direction, each component and the list of them in sorted order."""
    both: dict[str, list[str]] = {node: list(targets) for node, targets in edges.items()}
    for node, targets in edges.items():
        for target in targets:
            both[target].append(node)
    seen: set[str] = set()
    found: list[list[str]] = []
    for node in sorted(edges):
        if node not in seen:
            members = reachable(both, (node,))
            seen |= members
            found.append(sorted(members))
    return found
