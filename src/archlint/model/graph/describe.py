"""Owners and contracts for the nodes of a graph: what reports show and no rule about calls needs."""

from __future__ import annotations

from archlint.finding.records import replace
from archlint.model.graph.build import service_graph
from archlint.model.graph.graph import GraphNode, ServiceGraph
from archlint.model.ownership.owners import owners
from archlint.model.services.contracts import contracts
from archlint.model.world import World


def described_graph(world: World) -> ServiceGraph:
    """The service graph of a world, each service with its owner and its contracts."""
    graph = world.fact(service_graph)
    return ServiceGraph((_described(node, world) for node in graph.nodes.values()), graph.edges)


def _described(node: GraphNode, world: World) -> GraphNode:
    if node.service is None:
        return node
    owner = world.fact(owners).of(node.service)
    files = world.fact(contracts).of(node.service.name)
    return replace(node, owner=owner.name if owner else None, contracts=tuple(files))
