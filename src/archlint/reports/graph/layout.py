"""Where the boxes of a drawn graph stand, and the ways of its lines: from left to right by who calls whom, or
from the top down where that fills a page better.

What is not joined at all is packed side by side. The same graph gives the same places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import isqrt
from typing import NamedTuple

from archlint.reports.graph.heights import heights
from archlint.reports.graph.layers import Pair, Ports, forward, layered
from archlint.reports.graph.order import ordered

Point = tuple[int, int]
NO_PORTS = Ports()
BOX_HEIGHT = 34
_BETWEEN_ROWS, _BETWEEN_PARTS = 18, 36
FEWEST_COLUMNS, _TO_BORDER = 12, 34
_BEND = 90
_MOST_TRIED = 200
"""Up to so many boxes both directions are tried."""


class Form(NamedTuple):
    """The form that a picture has if it can be chosen: width to height, up to where a column may always go,
    what lies between two columns at least, and at most, where many lines pass."""

    wide: int
    high: int
    column: int
    near: int
    far: int
    spread: int = 1
    """By how much more room lines that pass columns take than the boxes."""


_ACROSS, _DOWN = Form(8, 5, 620, 66, 130), Form(5, 8, 1500, 50, 84)
"""That of pictures from left to right; and that of those from the top down, before they are turned."""
_ALONE = _ACROSS._replace(spread=3)
"""That of pictures without frames, in which long lines pass between all boxes."""


class Spot(NamedTuple):
    """A rectangle by its corner at the top left."""

    x: int
    y: int
    width: int
    height: int


class Layout(NamedTuple):
    """Where everything stands."""

    width: int
    height: int
    spots: list[Spot]
    ways: dict[Pair, list[Point]]
    """By the ends of a line, the points that draw it to them on its way from the source to the target."""
    frames: dict[str, Spot]
    """By the name of a group."""
    is_down: bool = False
    """Whether calls lead down instead of to the right."""

    def extent(self) -> int:
        """How far a page must be away for all of it to be seen."""
        return max(self.width * _ACROSS.high, self.height * _ACROSS.wide)


def laid_out_alone(sizes: Sequence[Point], pairs: Sequence[Pair]) -> Layout:
    """The places of boxes without frames, in the direction that fills a page better."""
    across = parts_laid_out(sizes, pairs, form=_ALONE)
    if len(sizes) > _MOST_TRIED:
        return across
    found = parts_laid_out([turned(size) for size in sizes], pairs, form=_DOWN)
    down = Layout(
        found.height,
        found.width,
        [Spot(spot.y, spot.x, spot.height, spot.width) for spot in found.spots],
        {pair: [*map(turned, way)] for pair, way in found.ways.items()},
        {},
        is_down=True,
    )
    return down if down.extent() * 100 < across.extent() * 85 else across


def turned(point: Point) -> Point:
    """What is down and what is across, exchanged."""
    return point[1], point[0]


def moved(spot: Spot, x: int, y: int) -> Spot:
    """A rectangle farther to the right, and lower."""
    return spot._replace(x=spot.x + x, y=spot.y + y)


def parts_laid_out(
    sizes: Sequence[Point],
    pairs: Sequence[Pair],
    ports: Ports = NO_PORTS,
    fewest: int = FEWEST_COLUMNS,
    form: Form = _ACROSS,
) -> Layout:
    """Each part that hangs together by itself, then all of them packed; up to ``fewest`` columns are as many
    as calls are deep. All that has ports is one part, and nothing stands beside it."""
    border = sorted([*ports.left, *ports.right])
    parts = _components(len(sizes), [*pairs, *pairwise(border)])
    of_part = {node: at for at, part in enumerate(parts) for node in part}
    own: list[list[Pair]] = [[] for _ in parts]
    for pair in pairs:
        own[of_part[pair[0]]].append(pair)
    found = [_layers(part, sizes, own[at], ports, fewest=fewest, form=form) for at, part in enumerate(parts)]
    first = of_part[border[0]] if border else -1
    order = sorted(
        range(len(parts)), key=lambda at: (at != first, -len(parts[at]), -found[at].height, parts[at][0])
    )
    wholes = [(found[at].width, found[at].height) for at in order]
    corners, width, height = _packed(wholes, form, alone=first >= 0)
    spots: dict[int, Spot] = {}
    ways: dict[Pair, list[Point]] = {}
    for at, (x, y) in zip(order, corners, strict=True):
        spots |= {node: moved(spot, x, y) for node, spot in zip(parts[at], found[at].spots, strict=True)}
        ways |= {pair: [(a + x, b + y) for a, b in way] for pair, way in found[at].ways.items()}
    return Layout(width, height, [spots[node] for node in range(len(sizes))], ways, {})


def _components(count: int, pairs: Sequence[Pair]) -> list[list[int]]:
    joined: list[list[int]] = [[] for _ in range(count)]
    for source, target in pairs:
        joined[source].append(target)
        joined[target].append(source)
    seen = [False] * count
    found: list[list[int]] = []
    for start in range(count):
        if seen[start]:
            continue
        seen[start] = True
        part = [start]
        for node in part:
            for one in joined[node]:
                if not seen[one]:
                    seen[one] = True
                    part.append(one)
        found.append(sorted(part))
    return found


def _packed(sizes: Sequence[Point], form: Form, *, alone: bool) -> tuple[list[Point], int, int]:
    """The corners of rectangles in rows, the first one alone or not, and the size of all of them."""
    area = sum((width + _BETWEEN_PARTS) * (height + _BETWEEN_PARTS) for width, height in sizes)
    widest = max((width for width, _ in sizes), default=0)
    most = max(widest, isqrt(area * form.wide // form.high))
    corners: list[Point] = []
    x = y = row = right = 0
    for at, (width, height) in enumerate(sizes):
        if (x and x + width > most) or (alone and at == 1):
            x, y, row = 0, y + row + _BETWEEN_PARTS, 0
        corners.append((x, y))
        right, row = max(right, x + width), max(row, height)
        x += width + _BETWEEN_PARTS
    return corners, right, y + row


def _layers(
    part: Sequence[int],
    sizes: Sequence[Point],
    pairs: Sequence[Pair],
    ports: Ports,
    *,
    fewest: int,
    form: Form,
) -> Layout:
    """A part that hangs together; its ways have the numbers of the whole graph already."""
    own = {node: number for number, node in enumerate(part)}
    boxes = [sizes[node] for node in part]
    if len(part) == 1:
        return Layout(*boxes[0], [Spot(0, 0, *boxes[0])], {pair: [] for pair in pairs}, {})
    plain = [(own[source], own[target]) for source, target in pairs]
    sides = [frozenset(own[node] for node in side if node in own) for side in (ports.left, ports.right)]
    border = Ports(*sides)
    rooms = [height + (0 if border.holds(at) else _BETWEEN_ROWS) for at, (_, height) in enumerate(boxes)]
    one_way = forward(len(part), plain)
    highest, most = _columns_of(form, boxes, rooms, fewest)
    found = layered(rooms, one_way, highest, most, border)
    stops = sum(map(len, found.layers)) - len(boxes)
    fullest = max(sum(node >= len(boxes) for node in layer) for layer in found.layers)
    pitch = max(1, min(10, sum(rooms) // len(found.layers) // max(fullest, 1)))
    rooms += [pitch] * stops
    before, after = found.neighbours()
    layers = ordered(found)
    middles = heights(layers, before, after, rooms, len(boxes))
    columns = _columns(layers, boxes, after, border, form)
    top = min(middles[node] - boxes[node][1] // 2 for node in range(len(boxes)))
    top = min([top, *(middle - 6 for middle in middles[len(boxes) :])])
    spots = [Spot(0, 0, 0, 0)] * len(boxes)
    number_of = {node: number for number, layer in enumerate(layers) for node in layer}
    for node, (width, height) in enumerate(boxes):
        x, room = columns[number_of[node]]
        spots[node] = Spot(x + (room - width) // 2, middles[node] - height // 2 - top, width, height)
    ways: dict[Pair, list[Point]] = {}
    for pair, (source, target) in zip(pairs, plain, strict=True):
        way = found.ways.get((source, target)) or found.ways.get((target, source), [])
        points = _points(way[1:-1], columns, number_of, lambda stop: middles[stop] - top)
        ways[pair] = points if way[:1] == [source] else points[::-1]
    bottom = max([spot.y + spot.height for spot in spots] + [middle - top + 6 for middle in middles])
    return Layout(columns[-1][0] + columns[-1][1], bottom, spots, ways, {})


def _points(
    stops: Sequence[int], columns: Sequence[Point], number_of: dict[int, int], height: Callable[[int], int]
) -> list[Point]:
    """A line passes each column that it has no box in on one height."""
    points: list[Point] = []
    for stop in stops:
        x, room = columns[number_of[stop]]
        points += [(x, height(stop)), (x + room, height(stop))]
    return points


def _columns_of(form: Form, boxes: Sequence[Point], rooms: Sequence[int], fewest: int) -> tuple[int, int]:
    """How high a column may be, and how many columns there may be, so that the picture gets its form."""
    column = sum(width for width, _ in boxes) // len(boxes) + 120
    total = sum(rooms)
    columns = max(1, isqrt(form.spread * total * form.wide // form.high // column))
    return max(form.column, total * 6 // 5 // columns), max(fewest, columns * 3 // 2)


def _columns(
    layers: Sequence[Sequence[int]],
    boxes: Sequence[Point],
    after: Sequence[Sequence[int]],
    border: Ports,
    form: Form,
) -> list[Point]:
    """Where each layer begins, and its width."""
    found: list[Point] = []
    x = 0
    for at, layer in enumerate(layers):
        width = max((boxes[node][0] for node in layer if node < len(boxes)), default=20)
        found.append((x, width))
        lines = sum(len(after[node]) for node in layer)
        is_border = not width or (
            at + 1 < len(layers) and all(not boxes[node][0] for node in layers[at + 1] if node < len(boxes))
        )
        x += width + (_TO_BORDER if is_border else max(form.near, min(form.far, 48 + 4 * lines)))
    return found


def line_points(layout: Layout, pair: Pair, shift: int = 0) -> list[Point]:
    """Where a line begins, what bends it, and where it ends; ``shift`` moves it down."""
    start, end = layout.spots[pair[0]], layout.spots[pair[1]]
    if layout.is_down:
        spots = [Spot(spot.y, spot.x, spot.height, spot.width) for spot in (start, end)]
        way = [*map(turned, layout.ways.get(pair, ()))]
        return [*map(turned, _line(spots[0], spots[1], way, shift))]
    return _line(start, end, layout.ways.get(pair, ()), shift)


def _line(start: Spot, end: Spot, way: Sequence[Point], shift: int) -> list[Point]:
    y, to_y = (spot.y + spot.height // 2 + shift for spot in (start, end))
    stops = [(x, height + shift) for x, height in way]
    if end.x >= start.x + start.width + _BETWEEN_ROWS:
        return _bent((start.x + start.width, y), stops, (end.x, to_y))
    if end.x + end.width + _BETWEEN_ROWS <= start.x:
        return _bent((start.x, y), stops, (end.x + end.width, to_y))
    right = max(start.x + start.width, end.x + end.width)
    out = right + 28 + min(44, abs(to_y - y) // 10) + abs(shift)
    return [(start.x + start.width, y), (out, y), (out, to_y), (end.x + end.width, to_y)]


def _bent(start: Point, stops: Sequence[Point], end: Point) -> list[Point]:
    """A line that leaves and arrives level."""
    first, last = (stops[0], stops[-1]) if stops else (end, start)
    out = max(-_BEND, min(_BEND, (first[0] - start[0]) // 2))
    back = max(-_BEND, min(_BEND, (last[0] - end[0]) // 2))
    return [start, (start[0] + out, start[1]), *stops, (end[0] + back, end[1]), end]
