"""The service graph as SVG: a file that needs no script and no network, in light and in dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from archlint.comparison.graphs import GraphChange, GraphDiff
from archlint.finding import Confidence
from archlint.finding.words import number_of
from archlint.model.graph import GraphNode, NodeKind, ServiceGraph
from archlint.model.services.protocols import EdgeKind
from archlint.reports.graph.changes import SIGNS, edge_was, node_was
from archlint.reports.graph.frames import FRAME_EDGE, FRAME_TOP
from archlint.reports.graph.layout import Layout, Point, Spot, line_points
from archlint.reports.graph.picture import (
    EDGE_WORDS,
    NODE_WORDS,
    DrawnEdge,
    GraphPicture,
    hue,
)
from archlint.reports.graph.shapes import outline
from archlint.reports.graph.text import cut, text_width
from archlint.reports.network.svg import markup

_MARGIN, _TITLE, _ROW = 20, 50, 24
_NARROWEST = 640
_DENSE = 150
"""Above so many edges each is drawn fainter."""
_LABELLED = 60
"""Up to so many edges each is labelled with what is spoken."""
_MOST_EVIDENCE = 5
_MOST_OWNERS = 24
TIPS = {
    EdgeKind.SYNC: "M0 0L8 4L0 8z",
    EdgeKind.ASYNC: "M1 1L7 4L1 7",
    EdgeKind.DATA: "M0 0L8 4L0 8z",
    EdgeKind.DECLARED: "M1 1L7 4L1 7z",
}


class _Mark(NamedTuple):
    """An entry of the legend, drawn at its place."""

    width: int
    drawn: str
    words: str


def graph_svg(shown: ServiceGraph | GraphDiff) -> str:
    """The whole picture, of a graph or of both sides of a change."""
    picture = GraphPicture(shown)
    layout = picture.layout(picture.usual_grouping)
    width = max(layout.width, _NARROWEST) + 2 * _MARGIN
    legend = _rows(_legend(picture), width - 2 * _MARGIN)
    top = _TITLE + _MARGIN // 2
    height = top + layout.height + _MARGIN + len(legend) * _ROW + _MARGIN
    density = "dense" if len(picture.edges) > _DENSE else "sparse"
    style = Path(__file__).with_name("svg.css").read_text("utf-8")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" class="{density}" role="img" aria-label="{picture.title}: {picture.note}">',
        f"<style>{style}{_hues(picture)}</style>",
        "<defs>",
        *_tips(picture),
        "</defs>",
        f'<rect class="ground" width="{width}" height="{height}"/>',
        f'<text class="title" x="{_MARGIN}" y="26">{picture.title}</text>',
        f'<text class="note" x="{_MARGIN}" y="44">{picture.note}</text>',
        f'<g transform="translate({(width - layout.width) // 2} {top})">',
        *_frames(layout),
        *(_line(picture, layout, drawn) for drawn in picture.edges),
        *(_box(picture, at, spot) for at, spot in enumerate(layout.spots)),
        *(_protocols(picture, layout) if len(picture.edges) <= _LABELLED else ()),
        *_signs(picture, layout),
        "</g>",
        f'<g transform="translate({_MARGIN} {top + layout.height + _MARGIN})">',
        *_drawn_rows(legend),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _hues(picture: GraphPicture) -> str:
    return "".join(f".o{at} {{ --hue: {hue(at)}; }}\n" for at in range(len(picture.owners)))


def _tips(picture: GraphPicture) -> Iterator[str]:
    """The heads of arrows: one for each kind, and each thing that happens to one of them."""
    used = {(drawn.edge.kind, drawn.change) for drawn in picture.edges}
    for kind in picture.edge_kinds():
        for change in (None, *GraphChange):
            if change is None or (kind, change) in used:
                looks = f"tip-{kind} {change}" if change else f"tip-{kind}"
                yield (
                    f'<marker id="{_tip(kind, change)}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
                    'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
                    f'<path class="{looks}" d="{TIPS[kind]}"/></marker>'
                )


def _tip(kind: EdgeKind, change: GraphChange | None) -> str:
    return f"tip-{kind}-{change}" if change else f"tip-{kind}"


def _look(picture: GraphPicture, change: GraphChange | None) -> str:
    """What a change does to something, as the style calls it."""
    return "" if picture.diff is None else f" {change or 'same'}"


def _frames(layout: Layout) -> Iterator[str]:
    for name, spot in layout.frames.items():
        words = markup(cut(name, spot.width - 2 * FRAME_EDGE))
        yield (
            f'<g class="frame"><title>{markup(name)}</title><rect x="{spot.x}" y="{spot.y}" '
            f'width="{spot.width}" height="{spot.height}" rx="10"/>'
            f'<text x="{spot.x + FRAME_EDGE}" y="{spot.y + FRAME_TOP - 12}">{words}</text></g>'
        )


def _box(picture: GraphPicture, at: int, spot: Spot) -> str:
    node = picture.nodes[at]
    colour = picture.colour_of(node)
    classes = f"node {node.kind}" + ("" if colour is None else f" owned o{colour}")
    classes += _look(picture, picture.change_of(node))
    said = [described(node), *(node_was(node, picture.diff) if picture.diff else ())]
    words = picture.written(at, picture.usual_grouping)
    down = 3 if node.kind is NodeKind.DATASTORE else 0
    return (
        f'<g class="{classes}"><title>{markup(chr(10).join(said))}</title>'
        f'<path class="body" d="{outline(node.kind, spot)}"/>'
        f'<text class="name" x="{spot.x + spot.width // 2}" y="{spot.y + spot.height // 2 + 4 + down}">'
        f"{markup(words)}</text></g>"
    )


def described(node: GraphNode) -> str:
    """What is known of a node, on a few lines."""
    lines = [f"{NODE_WORDS[node.kind]} {node.name}"]
    lines += [f"namespace {node.namespace}"] if node.namespace else []
    lines += [f"owner {node.owner}"] if node.owner else []
    lines += [f"contract {path}" for path in node.contracts]
    return "\n".join(lines)


def _line(picture: GraphPicture, layout: Layout, drawn: DrawnEdge) -> str:
    edge = drawn.edge
    points = line_points(layout, drawn.pair, drawn.shift)
    source, target = (picture.labels[end] for end in drawn.pair)
    lines = [f"{source} -> {target}: {edge.protocol} ({_said(drawn)})"]
    lines += [f"was {said}" for said in (edge_was(edge, picture.diff) if picture.diff else ())]
    lines += [
        f"{item.place.source.path}:{item.place.span().line}: {item.text}"
        for item in edge.evidence[:_MOST_EVIDENCE]
    ]
    if len(edge.evidence) > _MOST_EVIDENCE:
        lines.append(f"and {number_of(len(edge.evidence) - _MOST_EVIDENCE, 'more place')}")
    look, tip = _look(picture, drawn.change), _tip(edge.kind, drawn.change)
    return (
        f'<path class="line {edge.kind} {edge.confidence}{look}" d="{curve(points)}" '
        f'marker-end="url(#{tip})"><title>{markup(chr(10).join(lines))}</title></path>'
    )


def _said(drawn: DrawnEdge) -> str:
    words = EDGE_WORDS[drawn.edge.kind]
    words = f"{drawn.change}, {words}" if drawn.change else words
    confidence = drawn.edge.confidence
    return words if confidence is Confidence.HIGH else f"{words}, {confidence} confidence"


def curve(points: Sequence[Point]) -> str:
    """A smooth line: the inner points draw it to them (a quadratic B-spline)."""
    first, *inner, last = points
    path = [f"M{first[0]} {first[1]}"]
    for here, following in pairwise(inner):
        middle = (here[0] + following[0]) // 2, (here[1] + following[1]) // 2
        path.append(f"Q{here[0]} {here[1]} {middle[0]} {middle[1]}")
    path.append(f"Q{inner[-1][0]} {inner[-1][1]} {last[0]} {last[1]}")
    return "".join(path)


def middle(points: Sequence[Point]) -> Point:
    """A point on the smooth line, about half way."""
    first, *inner, last = points
    if len(inner) == 1:
        x, y = ((first[at] + 2 * inner[0][at] + last[at]) // 4 for at in (0, 1))
        return x, y
    one, other = inner[len(inner) // 2 - 1 : len(inner) // 2 + 1]
    return (one[0] + other[0]) // 2, (one[1] + other[1]) // 2


def _signs(picture: GraphPicture, layout: Layout) -> Iterator[str]:
    """On each line that changes the sign of what happens to it."""
    for drawn in picture.edges:
        if drawn.change is not None:
            x, y = middle(line_points(layout, drawn.pair, drawn.shift))
            yield _sign(drawn.change, x, y)


def _sign(change: GraphChange, x: int, y: int) -> str:
    return (
        f'<g class="sign {change}"><circle cx="{x}" cy="{y}" r="8"/>'
        f'<text x="{x}" y="{y + 5}">{SIGNS[change]}</text></g>'
    )


def _protocols(picture: GraphPicture, layout: Layout) -> Iterator[str]:
    """What is spoken, once in front of each side of a box that arrows come to."""
    spoken: dict[tuple[Point, Point], list[str]] = {}
    for drawn in picture.edges:
        *_, before, end = line_points(layout, drawn.pair)
        side = (end[0] > before[0]) - (end[0] < before[0]), (end[1] > before[1]) - (end[1] < before[1])
        words = spoken.setdefault((end, side), [])
        if drawn.edge.protocol not in words:
            words.append(drawn.edge.protocol)
    for ((x, y), (across, down)), words in spoken.items():
        side_class = "protocol" if across > 0 else "protocol right"
        left = x - 12 * across if across else x + 8
        top = y - 6 if across else y - 10 * down + 3
        said = markup(cut(", ".join(words), 80, 10))
        yield f'<text class="{side_class}" x="{left}" y="{top}">{said}</text>'


def _legend(picture: GraphPicture) -> Iterator[_Mark]:
    for kind in picture.edge_kinds():
        line = f'<path class="line {kind}" d="M0 0H34" marker-end="url(#tip-{kind})"/>'
        yield _Mark(40, line, EDGE_WORDS[kind])
    if any(drawn.edge.confidence is Confidence.LOW for drawn in picture.edges):
        yield _Mark(40, '<path class="line low" d="M0 0H34"/>', "low confidence")
    for node_kind in picture.node_kinds():
        path = outline(node_kind, Spot(0, -8, 34, 16))
        yield _Mark(40, f'<g class="{node_kind}"><path class="body" d="{path}"/></g>', NODE_WORDS[node_kind])
    for change in picture.changes:
        yield _Mark(22, _sign(change, 8, 0), change.value)
    if picture.diff is not None:
        return
    for at, owner in enumerate(picture.owners[:_MOST_OWNERS]):
        chip = '<rect class="body" x="0" y="-7" width="14" height="14" rx="4"/>'
        yield _Mark(20, f'<g class="owned o{at}">{chip}</g>', cut(owner, 200))
    if len(picture.owners) > _MOST_OWNERS:
        yield _Mark(0, "", f"and {number_of(len(picture.owners) - _MOST_OWNERS, 'more owner')}")


def _rows(marks: Iterator[_Mark], width: int) -> list[list[tuple[int, _Mark]]]:
    """The entries of the legend in rows, each with how far to the right it stands."""
    rows: list[list[tuple[int, _Mark]]] = []
    x = width
    for mark in marks:
        room = mark.width + text_width(mark.words) + 20
        if x + room > width:
            rows.append([])
            x = 0
        rows[-1].append((x, mark))
        x += room
    return rows


def _drawn_rows(rows: Sequence[Sequence[tuple[int, _Mark]]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        for x, mark in row:
            yield (
                f'<g transform="translate({x} {number * _ROW + 8})">{mark.drawn}'
                f'<text class="note" x="{mark.width}" y="4">{markup(mark.words)}</text></g>'
            )
