"""The outlines of boxes of a drawn graph: each kind of node has its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archlint.model.graph import NodeKind
from archlint.reports.graph.layout import Point, Spot

SLANT = 12
_LID = 5


def outline(kind: NodeKind, spot: Spot) -> str:
    """The path around a box, as SVG writes it."""
    if kind in _CORNERS:
        points = corners(kind, spot.width, spot.height)
        return "M" + "L".join(f"{spot.x + x} {spot.y + y}" for x, y in points) + "Z"
    return _ROUNDED[kind](spot)


def corners(kind: NodeKind, width: int, height: int) -> list[Point]:
    """The corners of a box at 0, 0; none for shapes that have round sides."""
    return _CORNERS[kind](width, height) if kind in _CORNERS else []


def _slanted(width: int, height: int) -> list[Point]:
    return [(SLANT, 0), (width, 0), (width - SLANT, height), (0, height)]


def _hexagon(width: int, height: int) -> list[Point]:
    middle = height // 2
    return [
        (SLANT, 0),
        (width - SLANT, 0),
        (width, middle),
        (width - SLANT, height),
        (SLANT, height),
        (0, middle),
    ]


def _flag(width: int, height: int) -> list[Point]:
    return [(0, 0), (width, 0), (width, height), (0, height), (SLANT, height // 2)]


def _tag(width: int, height: int) -> list[Point]:
    return [(0, 0), (width - SLANT, 0), (width, height // 2), (width - SLANT, height), (0, height)]


_CORNERS: Mapping[NodeKind, Callable[[int, int], list[Point]]] = {
    NodeKind.GATEWAY: _slanted,
    NodeKind.BROKER: _hexagon,
    NodeKind.TOPIC: _flag,
    NodeKind.OWNER: _tag,
}


def _rounded(spot: Spot, radius: int) -> str:
    x, y, width, height = spot
    across, down = width - 2 * radius, height - 2 * radius
    corner = f"a{radius} {radius} 0 0 1 "
    return (
        f"M{x + radius} {y}h{across}{corner}{radius} {radius}v{down}{corner}-{radius} {radius}"
        f"h-{across}{corner}-{radius} -{radius}v-{down}{corner}{radius} -{radius}Z"
    )


def _cylinder(spot: Spot) -> str:
    x, y, width, height = spot
    half = width // 2
    lid = f"a{half} {_LID} 0 0 1 {2 * half} 0"
    down = height - 2 * _LID
    front = f"M{x} {y + _LID}a{half} {_LID} 0 0 0 {2 * half} 0"
    return f"M{x} {y + _LID}{lid}v{down}a{half} {_LID} 0 0 1 -{2 * half} 0Z{front}"


_ROUNDED: Mapping[NodeKind, Callable[[Spot], str]] = {
    NodeKind.SERVICE: lambda spot: _rounded(spot, 6),
    NodeKind.EXTERNAL: lambda spot: _rounded(spot, spot.height // 2),
    NodeKind.DATASTORE: _cylinder,
}
