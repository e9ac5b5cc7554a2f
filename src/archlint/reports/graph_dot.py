"""The service graph in the language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.finding import Confidence
from archlint.model.graph import GraphNode, NodeKind, ServiceGraph
from archlint.model.graph.identifiers import plain_names
from archlint.model.services.protocols import EdgeKind
from archlint.reports.characters import visible
from archlint.reports.graph_picture import DrawnEdge, GraphPicture, Grouping, group_of, hue

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


def graph_dot(graph: ServiceGraph) -> str:
    """A directed graph from left to right, with a cluster for each namespace if there are several; colours
    are owners. Dashed is what is only declared, dotted what is said with low confidence."""
    picture = GraphPicture(graph)
    names = plain_names(graph)
    lines = [
        'digraph "services" {',
        '  graph [rankdir="LR", fontname="sans-serif"];',
        '  node [fontname="sans-serif", fontsize="11", fillcolor="#f3f5f7", color="#8b949e"];',
        '  edge [fontname="sans-serif", fontsize="9"];',
        *_nodes(picture, names),
        *(f"  {_edge(drawn, names)}" for drawn in picture.edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


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
    given = {"label": picture.labels[at], "shape": SHAPES[node.kind], "style": _style(node)}
    colour = picture.colour_of(node)
    if colour is not None:
        given |= {
            "fillcolor": f"{hue(colour) / 360:.3f} 0.15 1.0",
            "color": f"{hue(colour) / 360:.3f} 0.6 0.6",
        }
    given["tooltip"] = ", ".join(filter(None, (str(node.kind), node.namespace, node.owner)))
    return f'"{name}" [{_attributes(given)}];'


def _style(node: GraphNode) -> str:
    styles = {NodeKind.SERVICE: "filled,rounded", NodeKind.EXTERNAL: "filled,rounded,dashed"}
    return styles.get(node.kind, "filled")


def _edge(drawn: DrawnEdge, names: Mapping[str, str]) -> str:
    edge = drawn.edge
    given = {"label": edge.protocol, **STYLES[edge.kind]}
    if edge.confidence is Confidence.LOW:
        given["style"] = "dotted"
    places = [f"{item.place.source.path}:{item.place.span().line}" for item in edge.evidence]
    given["tooltip"] = ", ".join(places[:5] + (["..."] if len(places) > 5 else []))
    return f'"{names[edge.source]}" -> "{names[edge.target]}" [{_attributes(given)}];'


def _attributes(given: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={quoted(value)}" for name, value in given.items() if value)


def quoted(text: str) -> str:
    """A text between quotes. Graphviz reads backslashes as commands, as in ``\\N``, and entities of HTML as
    characters in all that it shows; two number signs could begin a command for a runner of workflows."""
    return f'"{visible(text).translate(_NOT_ENTITY).replace("##", "#&#35;")}"'
