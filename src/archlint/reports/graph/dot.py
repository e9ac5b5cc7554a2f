"""The service graph in the language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.comparison.graphs import GraphChange, GraphDiff
from archlint.finding import Confidence
from archlint.model.graph import GraphNode, NodeKind, ServiceGraph
from archlint.model.graph.identifiers import plain_names
from archlint.model.services.protocols import EdgeKind
from archlint.reports.characters import visible
from archlint.reports.graph.changes import LINES, SIGNS, edge_was, node_was, signed
from archlint.reports.graph.picture import DrawnEdge, GraphPicture, Grouping, group_of, hue

SHAPES = {
    NodeKind.SERVICE: "box",
    NodeKind.DATASTORE: "cylinder",
    NodeKind.BROKER: "hexagon",
    NodeKind.TOPIC: "cds",
    NodeKind.EXTERNAL: "box",
    NodeKind.GATEWAY: "parallelogram",
    NodeKind.OWNER: "ellipse",
}
STYLES = {
    EdgeKind.SYNC: {"color": "#57606a"},
    EdgeKind.ASYNC: {"color": "#8250df", "arrowhead": "vee"},
    EdgeKind.DATA: {"color": "#0b7285", "penwidth": "2"},
    EdgeKind.DECLARED: {"color": "#9a6700", "arrowhead": "empty", "style": "dashed"},
}
_NOT_ENTITY = str.maketrans({"\\": "\\\\", '"': '\\"', "&": "&amp;", "<": "&lt;", ">": "&gt;"})


_FAINT = "#8b949e"


def graph_dot(shown: ServiceGraph | GraphDiff) -> str:
    """A directed graph from left to right, with a cluster for each namespace if there are several; colours
    are owners. Dashed is what is only declared, dotted what is said with low confidence. Of a change, colours
    and signs are what it does, and what stays is grey."""
    picture = GraphPicture(shown)
    names = plain_names(picture.graph)
    lines = [
        'digraph "services" {',
        '  graph [rankdir="LR", fontname="sans-serif"];',
        '  node [fontname="sans-serif", fontsize="11", fillcolor="#f3f5f7", color="#8b949e"];',
        '  edge [fontname="sans-serif", fontsize="9"];',
        *_title(picture),
        *_nodes(picture, names),
        *(f"  {_edge(picture, drawn, names)}" for drawn in picture.edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _title(picture: GraphPicture) -> Iterator[str]:
    """What signs and colours mean, below the picture of a change."""
    if picture.diff is not None:
        legend = ", ".join(f"{SIGNS[change]} {change.value}" for change in GraphChange)
        yield f'  graph [label={quoted(f"{picture.note} Signs: {legend}.")}, fontsize="11"];'


def _nodes(picture: GraphPicture, names: Mapping[str, str]) -> Iterator[str]:
    clusters: dict[str | None, list[str]] = {}
    is_framed = picture.usual_grouping is Grouping.NAMESPACE
    for at, node in enumerate(picture.nodes):
        group = group_of(node, Grouping.NAMESPACE) if is_framed else None
        clusters.setdefault(group, []).append(_node(picture, at, names[node.id]))
    for number, (group, rows) in enumerate(sorted(clusters.items(), key=lambda item: item[0] or "")):
        if group is None:
            yield from (f"  {row}" for row in rows)
            continue
        yield f'  subgraph "cluster_{number}" {{'
        yield f'    graph [label={quoted(group)}, style="rounded", color="#d1d9e0"];'
        yield from (f"    {row}" for row in rows)
        yield "  }"


def _node(picture: GraphPicture, at: int, name: str) -> str:
    node = picture.nodes[at]
    change = picture.change_of(node)
    given = {"label": signed(picture.labels[at], change), "shape": SHAPES[node.kind], "style": _style(node)}
    colour = picture.colour_of(node)
    if colour is not None:
        given |= {
            "fillcolor": f"{hue(colour) / 360:.3f} 0.15 1.0",
            "color": f"{hue(colour) / 360:.3f} 0.6 0.6",
        }
    said = [str(node.kind), node.namespace, node.owner]
    if picture.diff is not None:
        given |= _look(change, given["style"])
        said += node_was(node, picture.diff)
    given["tooltip"] = ", ".join(filter(None, said))
    return f'"{name}" [{_attributes(given)}];'


def _style(node: GraphNode) -> str:
    styles = {NodeKind.SERVICE: "filled,rounded", NodeKind.EXTERNAL: "filled,rounded,dashed"}
    return styles.get(node.kind, "filled")


def _look(change: GraphChange | None, style: str = "") -> dict[str, str]:
    """How a node or an edge looks in the picture of a change."""
    if change is None:
        return {"color": _FAINT, "fontcolor": _FAINT}
    styles = {style, "dashed"} if change is GraphChange.REMOVED else {style}
    line = LINES[change]
    return {"color": line, "fontcolor": line, "penwidth": "2.5", "style": ",".join(sorted(styles - {""}))}


def _edge(picture: GraphPicture, drawn: DrawnEdge, names: Mapping[str, str]) -> str:
    edge = drawn.edge
    given = {"label": signed(edge.protocol, drawn.change), **STYLES[edge.kind]}
    if edge.confidence is Confidence.LOW:
        given["style"] = "dotted"
    if picture.diff is not None:
        given |= _look(drawn.change, given.get("style", ""))
    places = edge_was(edge, picture.diff) if picture.diff else []
    places += [f"{item.place.source.path}:{item.place.span().line}" for item in edge.evidence]
    given["tooltip"] = ", ".join(places[:5] + (["..."] if len(places) > 5 else []))
    return f'"{names[edge.source]}" -> "{names[edge.target]}" [{_attributes(given)}];'


def _attributes(given: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={quoted(value)}" for name, value in given.items() if value)


def quoted(text: str) -> str:
    """A text between quotes. Graphviz reads backslashes as commands, as in ``\\N``, and entities of HTML as
    characters in all that it shows; two number signs could begin a command for a runner of workflows."""
    return f'"{visible(text).translate(_NOT_ENTITY).replace("##", "#&#35;")}"'
