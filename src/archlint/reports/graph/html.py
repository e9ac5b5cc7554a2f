"""The service graph as one page: a drawing to walk through, and for each box and line what shows it and
what is wrong with it. The page loads nothing and asks nobody: its policy allows its own scripts and style."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import field
from hashlib import sha256
from pathlib import Path
from typing import Any

from archlint.comparison.graphs import GraphChange, GraphDiff, edge_key
from archlint.finding import Finding
from archlint.finding.records import dataclass
from archlint.finding.words import number_of
from archlint.model.graph import Evidence, GraphNode, ServiceGraph
from archlint.reports.characters import safe_json, visible
from archlint.reports.graph.changes import SIGNS, edge_was, node_was, sums, telling
from archlint.reports.graph.findings import attached
from archlint.reports.graph.layout import Layout, line_points
from archlint.reports.graph.picture import (
    EDGE_WORDS,
    NODE_WORDS,
    DrawnEdge,
    GraphPicture,
    Grouping,
    hue,
)
from archlint.reports.graph.shapes import corners

_LIBRARY = "cytoscape/cytoscape.min.js"
"""Draws, pans and zooms; where it comes from stands beside it."""


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What the page may lead to."""

    files: str | None = None
    """An address to which the path of a file is added: the repository as it is on its host."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """The pages of rules, by their codes."""
    former_files: str | None = None
    """As ``files``, for what the base of a change has."""


NO_LINKS = PageLinks()


def graph_html(
    shown: ServiceGraph | GraphDiff,
    findings: Sequence[Finding] | None = None,
    links: PageLinks = NO_LINKS,
) -> str:
    """The page, of a graph or of both sides of a change; findings are shown at what they are about."""
    folder = Path(__file__).parent
    style = (folder / "page.css").read_text("utf-8")
    library = _ascii((folder / _LIBRARY).read_text("utf-8"))
    script = (folder / "page.js").read_text("utf-8")
    scripts = " ".join(f"'sha256-{_digest(text)}'" for text in (library, script))
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src 'sha256-{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    body = (folder / "page.html").read_text("utf-8")
    picture = GraphPicture(shown)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f'<title>{picture.title}</title>\n<style id="__________cytoscape_stylesheet">{style}</style>\n'
        f"</head>\n<body>\n<header><h1>{picture.title}</h1><p>{picture.note}</p>\n{body}"
        f'<script type="application/json" id="data">{_data(picture, findings, links)}</script>\n'
        f"<script>{library}</script>\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def _ascii(script: str) -> str:
    """A script whose texts hold other letters as escapes, which no reader of the page can mistake."""
    if script.isascii():
        return script
    return "".join(letter if letter.isascii() else f"\\u{ord(letter):04x}" for letter in script)


class _Texts:
    """Paths and words by number, each kept once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, text: str) -> int:
        """The number of a text."""
        return self._numbers.setdefault(visible(text), len(self._numbers))

    def all(self) -> list[str]:
        """All texts in the order of their numbers."""
        return [*self._numbers]


def _data(picture: GraphPicture, findings: Sequence[Finding] | None, links: PageLinks) -> str:
    """All that the script shows, as JSON in which nothing ends the element or is a command for a runner."""
    text = safe_json(
        json.dumps(page_data(picture, findings, links), ensure_ascii=False, separators=(",", ":"))
    )
    for character in "<>&#":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def page_data(picture: GraphPicture, findings: Sequence[Finding] | None, links: PageLinks) -> dict[str, Any]:
    """What the page knows."""
    texts = _Texts()
    found = attached(picture, findings or ())
    nodes = [_node(picture, at, found.of_nodes.get(at, []), texts) for at in range(len(picture.nodes))]
    edges = [
        _edge(picture, drawn, found.of_edges.get(at, []), texts) for at, drawn in enumerate(picture.edges)
    ]
    told = [_finding(each, texts) for each in found.findings]
    most = max(len(picture.owners), len(picture.namespaces), len(NODE_WORDS))
    return {
        "summary": picture.summary,
        "changed": sums(picture.diff) if picture.diff else None,
        "changes": [[change, SIGNS[change], _CHANGE_HUES[change]] for change in picture.changes],
        "remarks": [] if findings is None else _remarks(found.elsewhere),
        "nodeKinds": [*NODE_WORDS.items()],
        "edgeKinds": [*EDGE_WORDS.items()],
        "owners": [*map(visible, picture.owners)],
        "namespaces": [*map(visible, picture.namespaces)],
        "hues": [*map(hue, range(most))],
        "nodes": nodes,
        "edges": edges,
        "findings": told,
        "texts": texts.all(),
        "groupings": [[each, _GROUPINGS[each]] for each in picture.groupings],
        "grouping": picture.usual_grouping,
        "layouts": {each: _layout(picture, picture.layout(each)) for each in picture.groupings},
        "files": links.files,
        "formerFiles": links.former_files,
        "pages": {finding.code: links.pages.get(finding.code) for finding in found.findings},
    }


_CHANGE_HUES = {GraphChange.ADDED: 137, GraphChange.REMOVED: 354, GraphChange.CHANGED: 40}
_GROUPINGS = {Grouping.NONE: "none", Grouping.NAMESPACE: "namespaces", Grouping.OWNER: "owners"}


def _remarks(elsewhere: int) -> list[str]:
    if not elsewhere:
        return []
    verb = "is" if elsewhere == 1 else "are"
    return [
        f"{number_of(elsewhere, 'finding')} {verb} about nothing that is drawn; archlint check tells them."
    ]


def _node(picture: GraphPicture, at: int, findings: Sequence[int], texts: _Texts) -> dict[str, Any]:
    node: GraphNode = picture.nodes[at]
    width, height = picture.sizes[at]
    points = corners(node.kind, width, height)
    return {
        "label": picture.labels[at],
        "name": visible(node.name),
        "written": {each: picture.written(at, each) for each in picture.groupings},
        "kind": node.kind,
        "namespace": visible(node.namespace) if node.namespace else None,
        "owner": visible(node.owner) if node.owner else None,
        "contracts": [*map(texts.of, node.contracts)],
        "hosts": [*map(visible, node.hosts)],
        "sources": [*map(visible, node.sources)],
        "width": width,
        "height": height,
        "corners": [round(value, 4) for x, y in points for value in (2 * x / width - 1, 2 * y / height - 1)],
        "findings": findings,
        **({"change": picture.change_of(node), "was": node_was(node, picture.diff)} if picture.diff else {}),
    }


def _edge(picture: GraphPicture, drawn: DrawnEdge, findings: Sequence[int], texts: _Texts) -> dict[str, Any]:
    edge = drawn.edge
    return {
        "source": drawn.pair[0],
        "target": drawn.pair[1],
        "kind": edge.kind,
        "protocol": visible(edge.protocol),
        "confidence": edge.confidence,
        "evidence": [_evidence(item, texts) for item in edge.evidence],
        "findings": findings,
        **(_edge_change(drawn, picture.diff, texts) if picture.diff else {}),
    }


def _edge_change(drawn: DrawnEdge, diff: GraphDiff, texts: _Texts) -> dict[str, Any]:
    former = diff.former_edges.get(edge_key(drawn.edge))
    now = {item.text for item in drawn.edge.evidence}
    gone = [item for item in former.evidence if item.text not in now] if former else []
    first = telling(drawn.edge, diff)
    return {
        "change": drawn.change,
        "first": first and _evidence(first, texts),
        "was": edge_was(drawn.edge, diff),
        "gone": [_evidence(item, texts) for item in gone],
    }


def _evidence(item: Evidence, texts: _Texts) -> list[int]:
    span = item.place.span()
    said = [texts.of(item.place.source.path), span.line, span.column, texts.of(item.text)]
    return [*said, texts.of(item.origin)] if item.origin else said


def _finding(finding: Finding, texts: _Texts) -> dict[str, Any]:
    at = finding.location
    return {
        "code": finding.code,
        "rule": visible(finding.rule),
        "severity": finding.severity.label,
        "message": visible(finding.message),
        "place": [texts.of(at.path), at.span.line, at.span.column],
    }


def _layout(picture: GraphPicture, layout: Layout) -> dict[str, Any]:
    """The middles of boxes, the points of lines one after another, and the frames by their middles."""
    return {
        "spots": [[spot.x + spot.width / 2, spot.y + spot.height / 2] for spot in layout.spots],
        "lines": [
            [value for point in line_points(layout, drawn.pair, drawn.shift) for value in point]
            for drawn in picture.edges
        ],
        "frames": [
            [visible(name), spot.x + spot.width / 2, spot.y + spot.height / 2, spot.width, spot.height]
            for name, spot in layout.frames.items()
        ],
    }
