"""Names of hosts under which gateways make services public."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import replace
from archlint.model.graph.gateways import RoutedBackend
from archlint.model.graph.graph import GraphNode, NodeKind, node_id
from archlint.model.services.resolution import service_names
from archlint.model.world import World


class PublicHosts:
    """The hosts of all gateways."""

    def __init__(self, world: World) -> None:
        names = world.fact(service_names)
        self.of_fronts: dict[int, set[str]] = defaultdict(set)
        """Those of each Kubernetes Service that a gateway leads to, by its ``id``."""
        self.of_gateways: dict[str, set[str]] = defaultdict(set)
        """Those of each gateway, by the id of its node."""
        for route in world.all(RoutedBackend):
            hosts = {
                host.lower() for node in stated_hosts(route) if (host := node.text) and is_one_host(host)
            }
            self.of_gateways[node_id(NodeKind.GATEWAY, route.gateway, route.namespace)] |= hosts
            for front in names.resolve(route.host, route.base) if hosts else ():
                self.of_fronts[id(front)] |= hosts


def with_hosts(node: GraphNode, world: World) -> GraphNode:
    """A node with the hosts under which it is public, or, of a gateway, makes others so."""
    public = world.fact(public_hosts)
    hosts = set(public.of_gateways.get(node.id, ()))
    for front in node.service.fronts if node.service else ():
        hosts |= public.of_fronts.get(id(front), set())
    return replace(node, hosts=tuple(sorted(hosts))) if hosts else node


def public_hosts(world: World) -> PublicHosts:
    """The public hosts of a world; ask with ``world.fact(public_hosts)``."""
    return PublicHosts(world)


def stated_hosts(route: RoutedBackend) -> Iterator[Node]:
    """Where a route says for which hosts it is."""
    spec = route.base.get("spec")
    way = route.node.route[len(spec.route) :]
    if way[:1] == ("rules",) and len(way) > 1:
        yield route.base.get("spec", "rules", way[1], "host")
    yield spec.get("host")
    yield from spec.get("hostnames").elements()
    if route.base.kind == "VirtualService":
        yield from spec.get("hosts").elements()


def is_one_host(host: str) -> bool:
    """Whether a text names one host that others may call: neither a pattern nor a name in the cluster."""
    return "*" not in host and "." in host and not host.endswith((".svc", ".local"))
