"""How high boxes stand within the layers of a drawn graph: lines are as straight as their order allows.

Each box is drawn to the middle of those that it is joined with; where boxes would overlap, all that push
one another stand as near to where they want to be as they can (least squares, by pooling adjacent violators).
Only whole numbers are added up, so that every machine draws the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence

_SWEEPS = 8


def heights(
    layers: Sequence[Sequence[int]],
    before: Sequence[Sequence[int]],
    after: Sequence[Sequence[int]],
    sizes: Sequence[int],
    boxes: int,
) -> list[int]:
    """The middle of each box and stop; ``sizes`` hold the room that each needs, ``boxes`` is the number of
    the first stop."""
    middles = [0] * len(sizes)
    for layer in layers:
        y = -sum(sizes[node] for node in layer) // 2
        for node in layer:
            middles[node] = y + sizes[node] // 2
            y += sizes[node]
    for sweep in range(_SWEEPS):
        is_last = sweep >= _SWEEPS - 2
        for number in range(len(layers)) if sweep % 2 == 0 else range(len(layers) - 1, -1, -1):
            _settle(
                layers[number],
                middles,
                sizes,
                [
                    _wish(node, middles, before, after, boxes, both=is_last, forward=sweep % 2 == 0)
                    for node in layers[number]
                ],
            )
    return middles


def _wish(
    node: int,
    middles: Sequence[int],
    before: Sequence[Sequence[int]],
    after: Sequence[Sequence[int]],
    boxes: int,
    *,
    both: bool,
    forward: bool,
) -> tuple[int, int]:
    """Where a box wants to be, and how much: lines between two stops want most to be straight."""
    first, second = (before[node], after[node]) if forward else (after[node], before[node])
    joined = [*first, *second] if both or not first else first
    if not joined:
        return middles[node], 1
    is_stop = node >= boxes
    total = weights = 0
    for one in joined:
        weight = (8 if one >= boxes else 2) if is_stop else (2 if one >= boxes else 1)
        total += weight * middles[one]
        weights += weight
    return total // weights, weights


def _settle(
    layer: Sequence[int], middles: list[int], sizes: Sequence[int], wishes: Sequence[tuple[int, int]]
) -> None:
    """Put the boxes of a layer where they want to be, in their order and without overlap."""
    offset = 0
    offsets: list[int] = []
    pools: list[list[int]] = []  # weighted sum of the wishes, weight, number of boxes
    for at, node in enumerate(layer):
        if at:
            offset += (sizes[layer[at - 1]] + sizes[node] + 1) // 2
        offsets.append(offset)
        wish, weight = wishes[at]
        pools.append([weight * (wish - offset), weight, 1])
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] > pools[-1][0] * pools[-2][1]:
            total, weight, count = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += weight
            pools[-1][2] += count
    at = 0
    for total, weight, count in pools:
        for _ in range(count):
            middles[layer[at]] = total // weight + offsets[at]
            at += 1
