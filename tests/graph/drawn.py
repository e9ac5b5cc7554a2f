"""Graphs made by hand for the tests of drawings, and the names that a hostile repository has in them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import cycle, product

from archlint.finding import Confidence, Place, Span
from archlint.model.graph import Edge, Evidence, GraphNode, NodeKind, ServiceGraph
from archlint.model.graph.graph import node_id
from archlint.model.services.protocols import EdgeKind

HOSTILE = (
    "</script><script>document.title='taken'</script>",
    "javascript:alert(1)",
    "'\"><svg onload=alert(1)>",
    "]]>&amp;<!--",
    "-->{{constructor}}",
    "\u202egpj.exe\u2066\u200f",
    'a\\"; node [x] \\N \\G \\',
    "##[error]a",
    "\n::error::a",
    "\x1b[31m\x00\ud800",
    "\u4e2d\u6587" * 30,
    "W" * 300,
    "__proto__",
    "constructor",
    "[click](javascript:alert(1))|<img src=x onerror=alert(1)>",
)


class Text:
    """A file of which only its path is known."""

    def __init__(self, path: str) -> None:
        self.path, self.index, self.revision = path, 0, None

    def span(self, _route: object, _token: object) -> Span:
        return Span(1, 1, 1, 2)

    def names(self, _route: object) -> tuple[str, ...]:
        return ()


def evidence(
    path: str = "deploy/web.yaml",
    line: int = 1,
    text: str = "A=b:1",
    confidence: Confidence = Confidence.HIGH,
) -> Evidence:
    """What shows an edge, at a place of a file."""
    return Evidence(Place(Text(path), at=Span(line, 3, line, 9)), text, confidence)


def node(
    name: str, kind: NodeKind = NodeKind.SERVICE, namespace: str | None = None, owner: str | None = None
) -> GraphNode:
    """A box."""
    return GraphNode(node_id(kind, name, namespace), kind, name, namespace, owner)


def graph_of(nodes: Sequence[GraphNode], pairs: Iterable[tuple[int, int]]) -> ServiceGraph:
    """Boxes, and calls by the numbers of their ends."""
    edges = [
        Edge(nodes[source].id, nodes[target].id, EdgeKind.SYNC, "http", (evidence(line=at + 1),))
        for at, (source, target) in enumerate(pairs)
    ]
    return ServiceGraph(nodes, edges)


def every_kind(names: Sequence[str] = ("web", "cart", "db", "queue")) -> ServiceGraph:
    """A graph with every kind of node, and every kind of edge in every confidence, with some names."""
    kinds = [kind for _ in range(3) for kind in NodeKind]
    given = cycle(names)
    nodes = [
        GraphNode(f"{kind}:{at}:{next(given)}", kind, next(given), next(given), next(given), (next(given),))
        for at, kind in enumerate(kinds)
    ]
    edges = []
    for at, (kind, confidence) in enumerate(product(EdgeKind, Confidence)):
        shown = tuple(evidence(next(given), line, next(given), confidence) for line in range(1, 8))
        edges.append(Edge(nodes[at].id, nodes[at + 1].id, kind, next(given), shown))
        edges.append(Edge(nodes[at + 2].id, nodes[at].id, kind, next(given), shown[:1]))
    return ServiceGraph(nodes, edges)


def system(count: int, calls: int, seed: int = 1) -> ServiceGraph:
    """A system of many services in tiers and domains, each with a namespace and an owner."""
    chosen = random.Random(seed)
    domains = max(1, count // 25)
    tier = [min(4, int(chosen.random() ** 0.7 * 5)) for _ in range(count)]
    home = [chosen.randrange(domains) for _ in range(count)]
    kinds = [NodeKind.GATEWAY, NodeKind.SERVICE, NodeKind.SERVICE, NodeKind.SERVICE, NodeKind.DATASTORE]
    nodes = [
        node(f"{kinds[tier[at]]}-{at:03}", kinds[tier[at]], f"domain-{home[at]}", f"team-{home[at] % 9}")
        for at in range(count)
    ]
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < calls:
        source, target = chosen.randrange(count), chosen.randrange(count)
        is_near = home[source] == home[target] or chosen.random() < 0.15
        if is_near and (tier[source] < tier[target] or (tier[source] == 1 and chosen.random() < 0.1)):
            pairs[source, target] = None
    return graph_of(nodes, pairs)
