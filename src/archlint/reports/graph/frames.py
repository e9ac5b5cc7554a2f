"""Where the boxes of a drawn graph stand if some of them belong together: in frames.

A frame is laid out by itself, and frames and boxes without a frame are then laid out like boxes. What a box
in a frame has to do with others outside goes by a port at the border of its frame: up to there the line finds
its way between the boxes of the frame, and from there between the frames.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from archlint.reports.graph.layers import Pair, Ports, forward
from archlint.reports.graph.layout import (
    FEWEST_COLUMNS,
    Layout,
    Point,
    Spot,
    laid_out_alone,
    moved,
    parts_laid_out,
)
from archlint.reports.graph.text import text_width

FRAME_TOP, FRAME_EDGE = 34, 18
_PORT = (0, 10)
_COLUMNS_OF_FRAMES = (6, 4, 3, 2, 1)
_SEEN_AT_ONCE = 5_200
"""The extent of what a page shows without making it smaller."""


class _Port(NamedTuple):
    """A box and the side of its frame at which lines to it come in, or go out."""

    node: int
    is_right: bool


class _Frame(NamedTuple):
    """A frame, or a box that has none, laid out at 0, 0."""

    name: str | None
    nodes: Sequence[int]
    layout: Layout
    """Its boxes in the order of ``nodes``, and the ways between them by the numbers of the whole graph."""
    ways: Mapping[_Port, list[Point]]
    """From a box to the border."""


def laid_out(
    sizes: Sequence[Point], pairs: Sequence[Pair], groups: Sequence[str | None] | None = None
) -> Layout:
    """The places of boxes, by their sizes, the ends of the lines, and the names of their groups."""
    if groups is None or not any(groups):
        return laid_out_alone(sizes, pairs)
    members: dict[tuple[str, int], list[int]] = {}
    for node, group in enumerate(groups):
        members.setdefault((group, -1) if group else ("", node), []).append(node)
    names = sorted(members)
    home = [0] * len(sizes)
    for at, name in enumerate(names):
        for node in members[name]:
            home[node] = at
    outer = sorted({(home[one], home[other]) for one, other in pairs if home[one] != home[other]})
    to_right = {*forward(len(names), outer)}
    inside: list[list[Pair]] = [[] for _ in names]
    ports: list[set[_Port]] = [set() for _ in names]
    for source, target in pairs:
        here, there = home[source], home[target]
        if here == there:
            inside[here].append((source, target))
        else:
            is_right = (here, there) in to_right
            ports[here].add(_Port(source, is_right))
            ports[there].add(_Port(target, not is_right))
    frames = [
        _frame(name, members[(name, number)], sizes, inside[at], sorted(ports[at]))
        if name
        else _alone(members[(name, number)], sizes, inside[at])
        for at, (name, number) in enumerate(names)
    ]
    wholes = [(frame.layout.width, frame.layout.height) for frame in frames]
    whole = _well_formed(wholes, outer)
    return _together(frames, whole, home, to_right, pairs)


def _well_formed(wholes: Sequence[Point], pairs: Sequence[Pair]) -> Layout:
    """Frames in as many columns as calls are deep, or in fewer where all of it is seen from much nearer then:
    lines between frames that stand above one another pass over boxes."""
    found = deep = parts_laid_out(wholes, pairs, fewest=_COLUMNS_OF_FRAMES[0])
    if deep.extent() > _SEEN_AT_ONCE:
        tried = [parts_laid_out(wholes, pairs, fewest=columns) for columns in _COLUMNS_OF_FRAMES[1:]]
        found = min(deep, *tried, key=Layout.extent)
    return found if found.extent() * 4 < deep.extent() * 3 else deep


def _alone(nodes: Sequence[int], sizes: Sequence[Point], pairs: Sequence[Pair]) -> _Frame:
    width, height = sizes[nodes[0]]
    spot = Spot(0, 0, width, height)
    return _Frame(None, nodes, Layout(width, height, [spot], {pair: [] for pair in pairs}, {}), {})


def _frame(
    name: str, nodes: Sequence[int], sizes: Sequence[Point], pairs: Sequence[Pair], ports: Sequence[_Port]
) -> _Frame:
    own = {node: number for number, node in enumerate(nodes)}
    plain = [(own[source], own[target]) for source, target in pairs]
    joints = {port: (own[port.node], len(nodes) + at) for at, port in enumerate(ports)}
    sides = [
        frozenset(joint[1] for port, joint in joints.items() if port.is_right is is_right)
        for is_right in (False, True)
    ]
    joined = [joint if port.is_right else joint[::-1] for port, joint in joints.items()]
    boxes = [*(sizes[node] for node in nodes), *([_PORT] * len(ports))]
    found = parts_laid_out(boxes, [*plain, *joined], Ports(*sides), FEWEST_COLUMNS)
    width = max(found.width, text_width(name, 14)) + 2 * FRAME_EDGE
    x, y = (width - found.width) // 2, FRAME_TOP
    ways = {
        (nodes[source], nodes[target]): [(left + x, top + y) for left, top in found.ways[source, target]]
        for source, target in plain
    }
    to_border: dict[_Port, list[Point]] = {}
    for port, joint in joints.items():
        way = found.ways[joint] if port.is_right else found.ways[joint[::-1]][::-1]
        spot = found.spots[joint[1]]
        border = (width if port.is_right else 0, spot.y + spot.height // 2 + y)
        to_border[port] = [*((left + x, top + y) for left, top in way), border]
    spots = [moved(spot, x, y) for spot in found.spots[: len(nodes)]]
    layout = Layout(width, found.height + FRAME_TOP + FRAME_EDGE, spots, ways, {})
    return _Frame(name, nodes, layout, to_border)


def _together(
    frames: Sequence[_Frame],
    whole: Layout,
    home: Sequence[int],
    to_right: set[Pair],
    pairs: Sequence[Pair],
) -> Layout:
    spots: dict[int, Spot] = {}
    ways: dict[Pair, list[Point]] = {}
    for frame, (x, y, _, _) in zip(frames, whole.spots, strict=True):
        spots |= {node: moved(spot, x, y) for node, spot in zip(frame.nodes, frame.layout.spots, strict=True)}
        ways |= {pair: _shifted(way, x, y) for pair, way in frame.layout.ways.items()}
    for source, target in pairs:
        here, there = home[source], home[target]
        if here == there:
            continue
        is_right = (here, there) in to_right
        left, right = (whole.spots[at] for at in ((here, there) if is_right else (there, here)))
        if right.x < left.x + left.width:  # one above the other
            ways[source, target] = []
            continue
        way = _to_border(frames[here], whole.spots[here], _Port(source, is_right))
        back = _to_border(frames[there], whole.spots[there], _Port(target, not is_right))
        ways[source, target] = [*way, *whole.ways[here, there], *back[::-1]]
    named = zip(frames, whole.spots, strict=True)
    drawn = {frame.name: spot for frame, spot in named if frame.name is not None}
    return Layout(whole.width, whole.height, [spots[node] for node in sorted(spots)], ways, drawn)


def _to_border(frame: _Frame, spot: Spot, port: _Port) -> list[Point]:
    return _shifted(frame.ways[port], spot.x, spot.y) if frame.name is not None else []


def _shifted(way: Sequence[Point], x: int, y: int) -> list[Point]:
    return [(left + x, top + y) for left, top in way]
