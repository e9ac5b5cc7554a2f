"""Ports that gateways and routes name, and that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.heads import head
from archlint.finding.words import listed
from archlint.model.istio import VirtualService
from archlint.model.istio.gateway_ports import closed_servers
from archlint.model.istio.gateways import Gateway
from archlint.model.istio.route_ports import RoutedPort
from archlint.model.istio.virtual_hosts import host_clashes
from archlint.model.world import World

NEEDS = ("istio.io",)


@join(Gateway)
def gateway_port_closed(gateway: Gateway, world: World, options: Options) -> Iterator[Observation]:
    """A port of a gateway that no Service of its proxies leads to."""
    for server, front in closed_servers(gateway, world):
        first = front.services[0]
        yield observe(
            server.node.get("port", "number").value_place(),
            related=[
                (first.base.get("spec", "ports").place(), f"the ports of Service '{first.name}'"),
                head(gateway.base),
            ],
            identity=("port", str(server.port)),
            name=gateway.name,
            port=server.port,
            service=first.name,
            ports=listed([str(number) for number in sorted(front.numbers)], 6),
        )


@join(RoutedPort)
def route_port_undefined(routed: RoutedPort, world: World, options: Options) -> Iterator[Observation]:
    """A port that the service of the route does not have."""
    number = routed.number.integer
    if number is not None and number not in routed.ports:
        yield observe(
            routed.number.value_place(),
            related=[(routed.defined.place(), "the ports of the host"), head(routed.base)],
            name=routed.name,
            host=routed.destination.host,
            port=number,
            ports=listed([str(port) for port in routed.ports], 6),
        )


@join(RoutedPort)
def route_port_missing(routed: RoutedPort, world: World, options: Options) -> Iterator[Observation]:
    """A route without a port to a service that has several."""
    if not routed.destination.node.get("port").is_set and len(routed.ports) > 1:
        yield observe(
            routed.destination.node.get("host").place(),
            related=[(routed.defined.place(), "the ports of the host"), head(routed.base)],
            name=routed.name,
            host=routed.destination.host,
            ports=listed([str(port) for port in routed.ports], 6),
        )


@join(VirtualService)
def route_host_claimed_twice(
    service: VirtualService, world: World, options: Options
) -> Iterator[Observation]:
    """A host for which sidecars follow one of two virtual services."""
    for claim, other in world.fact(host_clashes).get(id(service.base), ()):
        yield observe(
            claim.node.value_place(),
            related=[
                (other.node.value_place(), f"claimed by VirtualService '{other.service.name}' too"),
                head(service.base),
            ],
            identity=(claim.node.text or "",),
            name=service.name,
            other=other.service.name,
            host=claim.node.text,
        )
