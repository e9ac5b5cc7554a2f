"""A drawn network as SVG, which needs no script and no network; also part of the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archlint.finding.words import number_of
from archlint.model.network.connectivity.connections import ALL
from archlint.reports.characters import columns_of, visible
from archlint.reports.network.layout import (
    BOX_EDGE,
    DESTINATIONS,
    SOURCES,
    Drawing,
    End,
    Line,
    Spot,
    drawn,
)
from archlint.reports.network.picture import LinkState, Picture

_LETTER_WIDTH = 6.7
"""Of a letter of the font, at its size: each has the same."""
_LEGEND_HEIGHT = 56
_DENSE = 150
"""Above so many lines each is drawn fainter."""
LABELS = {
    LinkState.ALLOWED: "may connect",
    LinkState.DOUBTFUL: "may connect; in part not known",
    LinkState.UNDECIDED: "not known from the files",
    LinkState.ADDED: "opened by the change",
    LinkState.REMOVED: "closed by the change",
    LinkState.CHANGED: "other ports than before",
}
_STYLE = Path(__file__).with_name("svg.css")
"""Of the drawing, by itself and in a page."""


def drawing_style() -> str:
    """The colours and lines of a drawing, for light and for dark."""
    return _STYLE.read_text("utf-8")


def network_svg(picture: Picture) -> str:
    """A picture as a file of its own."""
    return drawing_svg(picture, style=f"<style>{drawing_style()}</style>")


def drawing_svg(picture: Picture, *, style: str = "") -> str:
    """The drawing; within a page it has the style and the heading of the page."""
    found = drawn(picture)
    top = _LEGEND_HEIGHT if style else 0
    density = "dense" if len(found.lines) > _DENSE else "sparse"
    width, height = max(found.width, 560 if style else 0), found.height + top
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" class="{density}" role="img" aria-label="{markup(picture.title)}">',
        style,
        "<defs>",
        *(_tip(state) for state in LinkState if picture.counts.get(state)),
        "</defs>",
        f'<rect class="ground" width="{width}" height="{height}"/>',
        *(_legend(picture, found) if style else ()),
        f'<g transform="translate(0 {top})">',
        *_boxes(found),
        *(_line(picture, found, line) for line in found.lines),
        *_nodes(picture, found),
        "</g>",
        "</svg>",
    ]
    return "\n".join(filter(None, parts)) + "\n"


def _tip(state: LinkState) -> str:
    return (
        f'<marker id="tip-{state}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'markerUnits="userSpaceOnUse" orient="auto">'
        f'<path class="tip-{state}" d="M0 0L8 4L0 8z"/></marker>'
    )


def summary(picture: Picture) -> str:
    """What stands in a picture, in figures."""
    parts = [number_of(picture.workloads, "workload")]
    parts += [
        f"{number_of(picture.counts[state], 'connection')} {words}"
        for state, words in _COUNTED.items()
        if picture.counts.get(state)
    ]
    return ", ".join(parts) + (f"; {picture.grouped}" if picture.grouped else "")


_COUNTED = {
    LinkState.ADDED: "opened",
    LinkState.REMOVED: "closed",
    LinkState.CHANGED: "changed",
    LinkState.ALLOWED: "allowed",
    LinkState.DOUBTFUL: "allowed, in part in doubt",
    LinkState.UNDECIDED: "not decided by the files",
}


def _legend(picture: Picture, found: Drawing) -> Iterator[str]:
    note = "; lines stand for boxes, as there are too many connections" if found.is_coarse else ""
    yield f'<text class="title" x="16" y="20">{markup(picture.title)}</text>'
    yield f'<text class="note" x="16" y="36">{markup(summary(picture) + note)}</text>'
    x = 16
    for state in LinkState:
        if picture.counts.get(state):
            yield f'<path class="line {state}" d="M{x} 48H{x + 26}" marker-end="url(#tip-{state})"/>'
            yield f'<text class="note" x="{x + 32}" y="52">{LABELS[state]}</text>'
            x += 52 + int(len(LABELS[state]) * _LETTER_WIDTH)


def _boxes(found: Drawing) -> Iterator[str]:
    for box, spot in found.boxes.items():
        title = _BOX_NAMES.get(box, box)
        own = [f"{_MARKS[line.state]}each other: {line.ports}" for line in found.inside.get(box, ())]
        words = _cut(" · ".join([title, *own]), spot.width - 2 * BOX_EDGE)
        yield (
            f"<g><title>{markup('; '.join([title, *own]))}</title>"
            f'<rect class="box" {_rectangle(spot)} rx="8"/>'
            f'<text class="title" x="{spot.x + BOX_EDGE}" y="{spot.y + 17}">{markup(words)}</text></g>'
        )


_BOX_NAMES = {SOURCES: "from outside", DESTINATIONS: "addresses outside", "": "namespaces"}
_MARKS = {
    LinkState.ADDED: "+ ",
    LinkState.REMOVED: "− ",
    LinkState.CHANGED: "± ",
    LinkState.UNDECIDED: "? ",
    LinkState.DOUBTFUL: "? ",
    LinkState.ALLOWED: "",
}


def _nodes(picture: Picture, found: Drawing) -> Iterator[str]:
    inward: dict[int, dict[str, None]] = {}
    for (_, target), link in picture.links.items():
        if link.state is not LinkState.REMOVED:
            inward.setdefault(target, {})[link.ports] = None
    boxes = list(found.boxes)
    for end, spot in found.nodes.items():
        peer = picture.peers[end[1]]
        names = "\n".join(peer.members[:30])
        if end[0] == SOURCES:
            ports = "comes from outside"
        else:
            said = list(inward.get(end[1], ())) or ["nobody may connect"]
            ports = _EVERYTHING if _EVERYTHING in said else " | ".join(said)
        x = spot.x + 9
        written = "".join(
            f'<text class="{name}" x="{x}" y="{spot.y + down}">{markup(_cut(said, NODE_TEXT))}</text>'
            for name, down, said in (("name", 16, peer.label), ("ports", 30, ports))
        )
        yield (
            f'<g class="node {peer.kind}" data-at="{end[1]}" data-box="{boxes.index(end[0])}">'
            f"<title>{markup(names)}\n{markup(ports)}</title>"
            f'<rect {_rectangle(spot)} rx="6"/>'
            f"{written}</g>"
        )


_EVERYTHING = str(ALL)
NODE_TEXT = 174
"""The width of the text in a node."""


def _rectangle(spot: Spot) -> str:
    return f'x="{spot.x}" y="{spot.y}" width="{spot.width}" height="{spot.height}"'


def _line(picture: Picture, found: Drawing, line: Line) -> str:
    source, target = _spot(found, line.source), _spot(found, line.destination)
    names = [_called(picture, end) for end in line[:2]]
    boxes = list(found.boxes)
    ends = [end[1] if end[1] >= 0 else f"box{boxes.index(end[0])}" for end in line[:2]]
    title = f"{names[0]} -> {names[1]}: {line.ports} ({LABELS[line.state]})"
    return (
        f'<path class="line {line.state}" data-from="{ends[0]}" data-to="{ends[1]}" '
        f'd="{_way(source, target)}" marker-end="url(#tip-{line.state})">'
        f"<title>{markup(title)}</title></path>"
    )


def _spot(found: Drawing, end: End) -> Spot:
    return found.boxes[end[0]] if end[1] < 0 else found.nodes[end]


def _called(picture: Picture, end: End) -> str:
    if end[1] >= 0:
        peer = picture.peers[end[1]]
        return f"{peer.space}/{peer.label}" if peer.space else peer.label
    return {SOURCES: "all from outside", DESTINATIONS: "all addresses outside"}.get(
        end[0], f"all in {end[0]}"
    )


def _way(source: Spot, target: Spot) -> str:
    """A curve from one side to the other, a little lower if it goes back; on the right of both where they
    stand in one column."""
    (x, y), (to_x, to_y) = source.right(), target.left()
    if to_x >= x:
        bend = max(36, (to_x - x) // 2)
        y, to_y = y - _APART, to_y - _APART
        return f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"
    if target.x + target.width <= source.x:
        (x, y), (to_x, to_y) = source.left(), target.right()
        bend = max(36, (x - to_x) // 2)
        y, to_y = y + _APART, to_y + _APART
        return f"M{x} {y}C{x - bend} {y} {to_x + bend} {to_y} {to_x} {to_y}"
    to_x, _ = target.right()
    y, to_y = (y - _APART, to_y - _APART) if y < to_y else (y + _APART, to_y + _APART)
    out = max(x, to_x) + 30 + min(40, abs(to_y - y) // 12)
    return f"M{x} {y}C{out} {y} {out} {to_y} {to_x} {to_y}"


_APART = 6


def _cut(text: str, width: int) -> str:
    """The text, shortened in its middle if it is wider than that."""
    text = visible(text)
    most = int(width / _LETTER_WIDTH)
    if columns_of(text) <= most:
        return text
    half = max(1, (most - 1) // 2)
    if columns_of(text) == len(text):
        return f"{text[: most - 1 - half]}…{text[-half:]}"
    while text and columns_of(text) > most - 1:
        text = text[:-1]
    return f"{text}…"


_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "#": "&#35;"})


def markup(text: str) -> str:
    """Text that no reader of markup or of logs takes for anything else."""
    return "\n".join(map(visible, text.split("\n"))).translate(_MARKUP).replace("::", ":&#58;")
