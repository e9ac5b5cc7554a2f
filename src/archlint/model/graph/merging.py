"""Several graphs as one: nodes by their ids, and what one graph calls outside and another one is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from archlint.finding.records import replace
from archlint.model.graph.graph import Edge, Evidence, GraphNode, NodeKind, ServiceGraph

HERE = "."
"""What the graph of the repository itself is called among the sources of a node or edge."""
_OF_CLUSTERS = (".svc.cluster.local", ".svc")


def merged(own: ServiceGraph, added: Sequence[tuple[str, ServiceGraph]]) -> ServiceGraph:
    """One graph of all, in which nodes and edges know where they come from.

    What the first graph says of a node counts, and what it does not say is filled in from the others. An
    external host is a node of another graph if a gateway there makes that node public under this name, or if
    it is the name of that Service in its cluster. Where one gateway leads to several by that name, it is
    the gateway; where several answer, it stays outside.
    """
    parts = [(HERE, own), *added]
    nodes: dict[str, GraphNode] = {}
    for name, graph in parts:
        for node in graph.nodes.values():
            nodes[node.id] = _joined(nodes.get(node.id), node, name)
    answering = _Answering(nodes.values())
    moved: dict[str, str] = {}
    for node in list(nodes.values()):
        found = answering.of(node)
        if found is not None:
            moved[node.id] = found
            target = nodes[found]
            answers = tuple(sorted({*target.answers, node.name}))
            nodes[found] = replace(target, answers=answers, sources=_both(target.sources, node.sources))
            del nodes[node.id]
    return ServiceGraph(nodes.values(), _edges(parts, moved))


def _joined(known: GraphNode | None, node: GraphNode, name: str) -> GraphNode:
    if known is None:
        return replace(node, sources=(name,))
    return replace(
        known,
        owner=known.owner or node.owner,
        contracts=_both(known.contracts, node.contracts),
        hosts=_both(known.hosts, node.hosts),
        sources=_both(known.sources, (name,)),
    )


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


class _Answering:
    """Which node is meant by a host outside."""

    def __init__(self, nodes: Iterable[GraphNode]) -> None:
        self._by_host: dict[str, set[str]] = defaultdict(set)
        self._gateways: dict[str, set[str]] = defaultdict(set)
        for node in nodes:
            if node.kind is NodeKind.GATEWAY:
                for host in node.hosts:
                    self._gateways[host.lower()].add(node.id)
            if node.kind in (NodeKind.EXTERNAL, NodeKind.OWNER, NodeKind.GATEWAY, NodeKind.TOPIC):
                continue
            for host in node.hosts:
                self._by_host[host.lower()].add(node.id)
            if node.namespace:
                self._by_host[f"{node.name}.{node.namespace}".lower()].add(node.id)

    def of(self, node: GraphNode) -> str | None:
        """The id of the only node that answers to the name of an external one."""
        is_asked = node.kind in (NodeKind.EXTERNAL, NodeKind.DATASTORE, NodeKind.BROKER)
        if not is_asked or node.namespace or "." not in node.name:
            return None
        host = node.name.lower().rstrip(".")
        ending = next((item for item in _OF_CLUSTERS if host.endswith(item)), "")
        found = self._by_host.get(host.removesuffix(ending), set()) - {node.id}
        if len(found) > 1:  # the gateway decides by the path
            found = self._gateways.get(host, set())
        return next(iter(found)) if len(found) == 1 else None


def _edges(parts: Sequence[tuple[str, ServiceGraph]], moved: dict[str, str]) -> Iterator[Edge]:
    found: dict[tuple[str, str, str, str], Edge] = {}
    for name, graph in parts:
        for edge in graph.edges:
            source, target = moved.get(edge.source, edge.source), moved.get(edge.target, edge.target)
            if source == target and edge.source != edge.target:
                continue
            evidence = edge.evidence if name == HERE else tuple(_from(item, name) for item in edge.evidence)
            key = (source, target, edge.kind, edge.protocol)
            known = found.get(key)
            if known is None:
                found[key] = replace(edge, source=source, target=target, evidence=evidence, sources=(name,))
            else:
                both = (*known.evidence, *evidence)
                found[key] = replace(known, evidence=both, sources=_both(known.sources, (name,)))
    yield from found.values()


def _from(item: Evidence, name: str) -> Evidence:
    return replace(item, origin=item.origin or name)
