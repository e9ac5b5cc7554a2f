"""Layers of a drawn graph: which column each box stands in, so that most calls lead to the right.

The steps are those of Sugiyama, Tagawa and Toda (1981): calls that close a circle are turned round, boxes get
the layer after all that call them, and calls over several layers pass through stops, one in each.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from archlint.finding.records import dataclass

Pair = tuple[int, int]
"""A call by the numbers of its ends."""
_MOST_STOPS = 20_000
"""With more of them, long calls go straight."""


class Layered(NamedTuple):
    """The layers of the boxes, then of the stops, which have the numbers that follow those of the boxes."""

    layers: list[list[int]]
    ways: dict[Pair, list[int]]
    """For each call, turned to the right, its ends and the stops between them."""

    def neighbours(self) -> tuple[list[list[int]], list[list[int]]]:
        """For each box and stop those joined with it in the layer before it, and in the layer after it."""
        layer_of = {node: at for at, layer in enumerate(self.layers) for node in layer}
        count = len(layer_of)
        before: list[list[int]] = [[] for _ in range(count)]
        after: list[list[int]] = [[] for _ in range(count)]
        for way in self.ways.values():
            for left, right in pairwise(way):
                if layer_of[right] == layer_of[left] + 1:
                    after[left].append(right)
                    before[right].append(left)
        return before, after


def forward(count: int, pairs: Sequence[Pair]) -> list[Pair]:
    """Each pair of ends once, turned so that no circle is left: as few as a greedy order turns (Eades, Lin
    and Smyth 1993)."""
    plain = sorted({pair for pair in pairs if pair[0] != pair[1]})
    after: list[set[int]] = [set() for _ in range(count)]
    before: list[set[int]] = [set() for _ in range(count)]
    for source, target in plain:
        after[source].add(target)
        before[target].add(source)
    rank = [0] * count
    for at, node in enumerate(_greedy(after, before)):
        rank[node] = at
    return sorted({(one, other) if rank[one] < rank[other] else (other, one) for one, other in plain})


def _greedy(after: Sequence[set[int]], before: Sequence[set[int]]) -> list[int]:
    """An order in which few calls lead back: who calls nobody that is left comes last, whom nobody calls
    first, then who calls more than it is called; empties the sets."""
    left: list[int] = []
    right: list[int] = []
    gone = [False] * len(after)
    waiting = [_weighed(node, after, before) for node in range(len(after))]
    heapify(waiting)
    while waiting:
        weighed = heappop(waiting)
        node = weighed[2]
        if gone[node] or weighed != _weighed(node, after, before):
            continue
        gone[node] = True
        (right if not after[node] else left).append(node)
        for one in after[node]:
            before[one].discard(node)
        for one in before[node]:
            after[one].discard(node)
        for one in sorted(after[node] | before[node]):
            heappush(waiting, _weighed(one, after, before))
    return left + right[::-1]


def _weighed(node: int, after: Sequence[set[int]], before: Sequence[set[int]]) -> tuple[int, int, int]:
    calls, callers = len(after[node]), len(before[node])
    return (0 if not calls else 1 if not callers else 2), callers - calls, node


@dataclass(frozen=True, slots=True)
class Ports:
    """Boxes that stand for the border of what is drawn: those of the first layer, and those of the last."""

    left: frozenset[int] = frozenset()
    right: frozenset[int] = frozenset()

    def holds(self, node: int) -> bool:
        """Whether a box is one of them."""
        return node in self.left or node in self.right


def layered(heights: Sequence[int], pairs: Sequence[Pair], highest: int, most: int, ports: Ports) -> Layered:
    """The layers of boxes of some heights, joined by calls without a circle; a layer is no higher than
    ``highest`` unless one box is, and if calls go deeper than ``most`` layers, several become one."""
    count = len(heights)
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for source, target in pairs:
        if not (ports.holds(source) or ports.holds(target)):
            after[source].append(target)
            before[target].append(source)
    heights = [0 if ports.holds(node) else height for node, height in enumerate(heights)]
    layer = _depths(heights, before, after, highest)
    deepest = max(layer) + 1
    if deepest > most:
        layer = _filled([depth * most // deepest for depth in layer], heights, highest)
    last = max(layer) + 2
    layer = [
        0 if node in ports.left else last if node in ports.right else depth + 1
        for node, depth in enumerate(layer)
    ]
    used = {depth: at for at, depth in enumerate(sorted(set(layer)))}
    layer = [used[depth] for depth in layer]
    layers: list[list[int]] = [[] for _ in used]
    for node, depth in enumerate(layer):
        layers[depth].append(node)
    stops = sum(max(0, layer[target] - layer[source] - 1) for source, target in pairs)
    ways: dict[Pair, list[int]] = {}
    following = count
    for source, target in pairs:
        way = [source]
        for depth in range(layer[source] + 1, layer[target]) if stops <= _MOST_STOPS else ():
            layers[depth].append(following)
            way.append(following)
            following += 1
        ways[source, target] = [*way, target]
    return Layered(layers, ways)


def _depths(
    heights: Sequence[int], before: Sequence[Sequence[int]], after: Sequence[Sequence[int]], highest: int
) -> list[int]:
    """The layer of each box: after all callers, in the next one with room; then callers move to what they
    call, as long as there is room."""
    count = len(heights)
    open_calls = [len(callers) for callers in before]
    ready = deque(node for node in range(count) if not open_calls[node])
    layer = [0] * count
    filled: dict[int, int] = {}
    order: list[int] = []
    first_free: dict[int, int] = {}
    while ready:
        node = ready.popleft()
        order.append(node)
        depth = wanted = max((layer[one] + 1 for one in before[node]), default=0)
        depth = max(depth, first_free.get(wanted, 0))
        while filled.get(depth, 0) and filled[depth] + heights[node] > highest:
            depth += 1
        first_free[wanted] = depth
        layer[node] = depth
        filled[depth] = filled.get(depth, 0) + heights[node]
        for target in after[node]:
            open_calls[target] -= 1
            if not open_calls[target]:
                ready.append(target)
    for node in reversed(order):
        if len(after[node]) > len(before[node]):
            depth = min(layer[one] for one in after[node]) - 1
            while depth > layer[node] and filled.get(depth, 0) + heights[node] > highest:
                depth -= 1
            filled[layer[node]] -= heights[node]
            filled[depth] = filled.get(depth, 0) + heights[node]
            layer[node] = depth
    return layer


def _filled(wanted: Sequence[int], heights: Sequence[int], highest: int) -> list[int]:
    """Layers in the order that is wanted, none of them too high."""
    layer = [0] * len(wanted)
    depth = room = -1
    last = -1
    for node in sorted(range(len(wanted)), key=wanted.__getitem__):
        if wanted[node] != last or room < heights[node]:
            depth, room, last = depth + 1, highest, wanted[node]
        layer[node] = depth
        room -= heights[node]
    return layer
