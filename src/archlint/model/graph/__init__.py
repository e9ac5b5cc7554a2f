"""The graph of services: who calls whom, and what shows it."""

from archlint.model.graph.build import service_graph
from archlint.model.graph.graph import Edge, Evidence, GraphNode, NodeKind, ServiceGraph

__all__ = ["Edge", "Evidence", "GraphNode", "NodeKind", "ServiceGraph", "service_graph"]
