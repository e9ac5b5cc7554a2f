"""The order of boxes within the layers of a drawn graph: few lines cross.

Layers are sorted by turns from the left and from the right, each box by the middle of those that it is joined
with (barycentre heuristic); the order with the fewest crossings is kept. The work is bounded by the size.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise

from archlint.reports.graph.layers import Layered

_MOST_WORK = 150_000
"""So many joints are looked at in all sweeps together, roughly."""
_FEWEST_SWEEPS, _MOST_SWEEPS = 4, 24
_MOST_EXCHANGED = 400
"""In graphs of at most so many boxes and stops, neighbours are also exchanged one by one."""


def ordered(found: Layered) -> list[list[int]]:
    """The layers, each in its order from the top."""
    before, after = found.neighbours()
    joints = sum(map(len, after)) + len(after)
    sweeps = min(_MOST_SWEEPS, max(_FEWEST_SWEEPS, _MOST_WORK // max(joints, 1)))
    layers = _begun(found, before, after)
    best, fewest = [list(layer) for layer in layers], _crossings(layers, after)
    for sweep in range(sweeps):
        if not fewest:
            break
        is_forward = sweep % 2 == 0
        _swept(layers, before if is_forward else after, is_forward=is_forward)
        if len(after) <= _MOST_EXCHANGED:
            _exchanged(layers, before, after)
        crossings = _crossings(layers, after)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    return best


def _begun(
    found: Layered, before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]
) -> list[list[int]]:
    """An order to begin with: as a walk from the left comes by, so that what hangs together is together."""
    seen: dict[int, None] = {}
    for layer in found.layers:
        for start in layer:
            work = [start]
            while work:
                node = work.pop()
                if node not in seen:
                    seen[node] = None
                    work += [one for one in reversed(after[node]) if one not in seen]
    place = {node: at for at, node in enumerate(seen)}
    return [sorted(layer, key=place.__getitem__) for layer in found.layers]


def _swept(layers: list[list[int]], joined: Sequence[Sequence[int]], *, is_forward: bool) -> None:
    """Sort each layer by the middle of its neighbours in the layer that was sorted before it; what has none
    there keeps its place."""
    numbers = range(1, len(layers)) if is_forward else range(len(layers) - 2, -1, -1)
    for number in numbers:
        fixed = layers[number - 1 if is_forward else number + 1]
        place = {node: at for at, node in enumerate(fixed)}
        scale = max(len(fixed), 1) / max(len(layers[number]), 1)
        middle = {
            node: _total(place, joined[node]) / len(joined[node]) if joined[node] else at * scale
            for at, node in enumerate(layers[number])
        }
        layers[number].sort(key=middle.__getitem__)


def _total(place: dict[int, int], nodes: Sequence[int]) -> int:
    return sum(map(place.__getitem__, nodes))


def _exchanged(
    layers: list[list[int]], before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]
) -> None:
    """Exchange neighbours in a layer where fewer lines cross then; once over all layers."""
    place = {node: at for layer in layers for at, node in enumerate(layer)}
    for layer in layers:
        for at in range(len(layer) - 1):
            upper, lower = layer[at], layer[at + 1]
            gain = 0
            for joined in (before, after):
                over = [place[one] for one in joined[upper]]
                under = [place[one] for one in joined[lower]]
                gain += sum((one > other) - (one < other) for one in over for other in under)
            if gain > 0:
                layer[at], layer[at + 1] = lower, upper
                place[upper], place[lower] = at + 1, at


def _crossings(layers: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> int:
    """How many lines cross, all layers together."""
    total = 0
    for left, right in pairwise(layers):
        place = {node: at for at, node in enumerate(right)}
        met: list[int] = []
        for node in left:
            targets = sorted(place[one] for one in after[node] if one in place)
            for target in targets:
                total += len(met) - bisect_right(met, target)
            for target in targets:
                insort(met, target)
    return total
