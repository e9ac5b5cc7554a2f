"""Where everything of a drawn network stands: boxes for namespaces, and who may connect to whom from left to
right.

Who talks to others stands left of them as far as that goes; what goes in circles stands in one column. Where
somebody may do the same to all in a box, or all in a box to somebody, one line says it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import ceil, sqrt
from typing import NamedTuple

from archlint.model.graph.cycles import strongly_connected
from archlint.reports.network.picture import LinkState, PeerKind, Picture

NODE_WIDTH, NODE_HEIGHT = 190, 38
BOX_TOP, BOX_EDGE = 26, 12
_ROW, _COLUMN = NODE_HEIGHT + 12, NODE_WIDTH + 90
_BETWEEN_BOXES, _BETWEEN_COLUMNS, _MARGIN = 26, 120, 16
_MOST_LAYERS = 5
_MOST_LINES = 800
"""Above this many lines all connections are drawn from box to box."""
_MANY = 0.7
"""What so many of a box may connect to tells nothing about who stands before whom."""
SOURCES, DESTINATIONS = "\x00from", "\x00to"
"""The boxes of what is outside: where connections come from, and where they go."""
End = tuple[str, int]
"""A node: its box, and the number of its peer; a number of -1 is the whole box."""


class Spot(NamedTuple):
    """A rectangle of the picture."""

    x: int
    y: int
    width: int
    height: int

    def right(self) -> tuple[int, int]:
        """The middle of its right side."""
        return self.x + self.width, self.y + self.height // 2

    def left(self) -> tuple[int, int]:
        """The middle of its left side."""
        return self.x, self.y + self.height // 2


class Line(NamedTuple):
    """A connection that is drawn."""

    source: End
    destination: End
    state: LinkState
    ports: str


class Drawing(NamedTuple):
    """Where everything stands."""

    width: int
    height: int
    boxes: Mapping[str, Spot]
    nodes: Mapping[End, Spot]
    lines: Sequence[Line]
    inside: Mapping[str, Sequence[Line]]
    """By box, what all in it may do to one another."""
    is_coarse: bool
    """Whether lines stand for what anybody in a box may do to anybody in another."""


def drawn(picture: Picture) -> Drawing:
    """The places of all peers of a picture, and the lines between them."""
    plain = [
        Line(_end(picture, source, is_source=True), _end(picture, target), link.state, link.ports)
        for (source, target), link in picture.links.items()
        if source != target or picture.peers[source].kind is not PeerKind.PODS
    ]
    ends = {end for line in plain for end in line[:2]}
    ends |= {_end(picture, at) for at, peer in enumerate(picture.peers) if peer.kind is PeerKind.PODS}
    members: dict[str, list[End]] = defaultdict(list)
    for end in sorted(ends):
        members[end[0]].append(end)
    lines = _bundled(plain, members)
    is_coarse = len(lines) > _MOST_LINES
    if is_coarse:
        lines = _coarse(plain)
    boxes, nodes = _placed(members, plain)
    inside: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.source == line.destination and line.source[1] < 0:
            inside[line.source[0]].append(line)
    width = max((spot.x + spot.width for spot in boxes.values()), default=200) + _MARGIN
    height = max((spot.y + spot.height for spot in boxes.values()), default=80) + _MARGIN
    outer = [line for line in lines if line.source != line.destination]
    return Drawing(width, height, boxes, nodes, outer, inside, is_coarse)


def _end(picture: Picture, number: int, *, is_source: bool = False) -> End:
    peer = picture.peers[number]
    if peer.kind is PeerKind.PODS:
        return peer.space, number
    is_source = is_source or peer.kind is PeerKind.CONTROLLER
    return (SOURCES if is_source else DESTINATIONS), number


def _bundled(lines: Iterable[Line], members: Mapping[str, Sequence[End]]) -> list[Line]:
    """One line for what goes to all of a box, then one for what comes from all of one."""

    def gathered(lines: Iterable[Line], at: int) -> list[Line]:
        """The lines whose ends at one side are all of a box, as one."""
        found: dict[tuple[str, Hashable], list[Line]] = defaultdict(list)
        for line in lines:
            found[line[at][0], (line[1 - at], *line[2:])].append(line)
        kept: list[Line] = []
        for (box, _), several in found.items():
            other = several[0][1 - at]
            everybody = {end for end in members[box] if end != other}
            if len(everybody) > 1 and {line[at] for line in several} == everybody:
                whole = (box, -1)
                first = several[0]
                kept.append(first._replace(destination=whole) if at else first._replace(source=whole))
            else:
                kept += several
        return kept

    return _closed(gathered(gathered(lines, 1), 0), members)


def _closed(lines: Iterable[Line], members: Mapping[str, Sequence[End]]) -> list[Line]:
    """What each of a box may do to all others of it becomes a thing of the box."""
    own: dict[tuple[str, Hashable], list[Line]] = defaultdict(list)
    found: list[Line] = []
    for line in lines:
        is_own = line.destination == (line.source[0], -1) and line.source[1] >= 0
        (own[line.source[0], line[2:]] if is_own else found).append(line)
    for (box, _), several in own.items():
        if len(several) == len(members[box]):
            found.append(several[0]._replace(source=(box, -1)))
        else:
            found += several
    return sorted(found)


def _coarse(lines: Iterable[Line]) -> list[Line]:
    """From box to box, with how many connections a line stands for."""
    counts: dict[tuple[End, End, LinkState], int] = defaultdict(int)
    for line in lines:
        ends = [(end[0], -1) for end in line[:2]]
        counts[ends[0], ends[1], line.state] += 1
    return [
        Line(source, target, state, f"{count} of the connections in the table")
        for (source, target, state), count in sorted(counts.items())
    ]


def _placed(
    members: Mapping[str, Sequence[End]], lines: Sequence[Line]
) -> tuple[dict[str, Spot], dict[End, Spot]]:
    sizes: dict[str, Spot] = {}
    inner: dict[str, dict[End, Spot]] = {}
    own: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in lines:
        if line.source[0] == line.destination[0]:
            own[line.source[0]].append((str(line.source[1]), str(line.destination[1])))
    for box, ends in members.items():
        inner[box] = _in_box(ends, own[box])
        right = max(spot.x + spot.width for spot in inner[box].values())
        bottom = max(spot.y + spot.height for spot in inner[box].values())
        sizes[box] = Spot(0, 0, right + BOX_EDGE, bottom + BOX_EDGE)
    between = [(line.source[0], line.destination[0]) for line in lines]
    boxes = _columns(sizes, between)
    nodes = {
        end: spot._replace(x=spot.x + boxes[box].x, y=spot.y + boxes[box].y)
        for box, spots in inner.items()
        for end, spot in spots.items()
    }
    return boxes, nodes


def _in_box(ends: Sequence[End], lines: Sequence[tuple[str, str]]) -> dict[End, Spot]:
    """The nodes of a box in columns, by who calls whom, whatever is open to most of them."""
    callers = Counter(target for _, target in set(lines))
    layers = layered(
        [str(end[1]) for end in ends], (line for line in lines if callers[line[1]] < len(ends) * _MANY)
    )
    rows = max(6, ceil(sqrt(len(ends) * 2.5)))
    by_layer: dict[int, list[End]] = defaultdict(list)
    for end in ends:
        by_layer[layers[str(end[1])]].append(end)
    found: dict[End, Spot] = {}
    column = 0
    for layer in sorted(by_layer):
        these = by_layer[layer]
        for start in range(0, len(these), rows):
            for row, end in enumerate(these[start : start + rows]):
                place = BOX_EDGE + column * _COLUMN, BOX_TOP + row * _ROW
                found[end] = Spot(*place, NODE_WIDTH, NODE_HEIGHT)
            column += 1
    return found


def layered(names: Sequence[str], lines: Iterable[tuple[str, str]]) -> dict[str, int]:
    """For each name the length of the longest way to it, where circles count for nothing; at most a few
    layers."""
    targets: dict[str, set[str]] = {name: set() for name in names}
    for source, target in lines:
        if source != target and source in targets and target in targets:
            targets[source].add(target)
    groups = strongly_connected(targets)[::-1]  # each before all that it leads to
    group_of = {name: at for at, group in enumerate(groups) for name in group}
    depth = [0] * len(groups)
    for at, group in enumerate(groups):
        for other in {group_of[target] for name in group for target in targets[name]} - {at}:
            depth[other] = max(depth[other], depth[at] + 1)
    most = max(depth, default=0) + 1
    return {
        name: depth[at] if most <= _MOST_LAYERS else depth[at] * _MOST_LAYERS // most
        for name, at in group_of.items()
    }


def _columns(sizes: Mapping[str, Spot], between: Sequence[tuple[str, str]]) -> dict[str, Spot]:
    """Boxes from left to right, those of a layer below each other as long as that is not too high."""
    spaces = sorted(box for box in sizes if box not in (SOURCES, DESTINATIONS))
    layers = layered(spaces, between)
    area = sum((spot.width + _BETWEEN_COLUMNS) * (spot.height + _BETWEEN_BOXES) for spot in sizes.values())
    tallest = max((spot.height for spot in sizes.values()), default=0)
    most = max(tallest, 700, int(sqrt(area * 0.7)))
    order: list[list[str]] = [[SOURCES] if SOURCES in sizes else []]
    for layer in sorted({*layers.values()}):
        order.append([])
        height = 0
        for box in (each for each in spaces if layers[each] == layer):
            if height and height + sizes[box].height > most:
                order.append([])
                height = 0
            order[-1].append(box)
            height += sizes[box].height + _BETWEEN_BOXES
    order.append([DESTINATIONS] if DESTINATIONS in sizes else [])
    columns = [column for column in order if column]
    heights = [sum(sizes[box].height + _BETWEEN_BOXES for box in column) for column in columns]
    found: dict[str, Spot] = {}
    x = _MARGIN
    for column, height in zip(columns, heights, strict=True):
        y = _MARGIN + (max(heights) - height) // 2
        for box in column:
            found[box] = sizes[box]._replace(x=x, y=y)
            y += sizes[box].height + _BETWEEN_BOXES
        x += max(sizes[box].width for box in column) + _BETWEEN_COLUMNS
    return found
