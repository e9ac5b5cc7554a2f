"""What objects of the mesh name and the files do not have, for those who keep the whole cluster in them.

Rules that are on by default speak only where something is surely missing. This is the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.destination_rules import DestinationRule, destination_rules
from archlint.model.istio.gateway_ports import USUAL_PORTS, USUAL_SELECTOR, front_of
from archlint.model.istio.gateway_routes import GatewayUse
from archlint.model.istio.gateways import Gateway
from archlint.model.istio.hosts import is_address, is_of_platform, is_wildcard, service_host
from archlint.model.istio.policy_sources import SourceNamespace
from archlint.model.istio.registry import service_registry
from archlint.model.istio.routing import VirtualService
from archlint.model.istio.selection import MeshSelection
from archlint.model.kubernetes import ObjectFacet, Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.namespaces import ALWAYS_THERE, defined_namespaces
from archlint.model.kubernetes.sets import find_objects
from archlint.model.world import World


class Lacking(StrEnum):
    """What the files do not have."""

    GATEWAY = "gateway"
    HOST = "host"
    SUBSET = "subset"
    RULE_HOST = "rule-host"
    PODS = "pods"
    SECRET = "secret"
    NAMESPACE = "namespace"
    PORT = "port"


@dataclass(frozen=True)
class LackingReference(ObjectFacet):
    """One place that names something which the files do not have."""

    node: Node
    what: Lacking
    text: str

    @classmethod
    def all(cls, world: World) -> Iterator[LackingReference]:
        """Every such place, but for names that are filled in later."""
        for find in (_gateways, _hosts, _rule_hosts, _pods, _secrets, _namespaces, _ports):
            for item, node, what, text in find(world):
                if not is_placeholder(text):
                    yield cls(item.base, node, what, text)


_Found = Iterator[tuple[ObjectFacet, Node, Lacking, str]]


def _gateways(world: World) -> _Found:
    for use in world.all(GatewayUse):
        if not use.is_generated and not use.found(world):
            yield use, use.node, Lacking.GATEWAY, use.text


def _hosts(world: World) -> _Found:
    for service in world.all(VirtualService):
        seen: set[tuple[str, str]] = set()
        for destination in service.destinations:
            key = (destination.host, destination.subset)
            if key in seen or not destination.host:
                continue
            seen.add(key)
            if not _is_known(destination.host, service.namespace, world):
                yield service, destination.node.get("host"), Lacking.HOST, destination.host
            elif destination.subset:
                rules = world.fact(destination_rules).of_host(destination.host, service.namespace)
                if destination.subset not in rules.subsets:
                    yield service, destination.node.get("subset"), Lacking.SUBSET, destination.subset


def _rule_hosts(world: World) -> _Found:
    for rule in world.all(DestinationRule):
        if rule.host and not _is_known(rule.host, rule.namespace, world):
            yield rule, rule.base.get("spec", "host"), Lacking.RULE_HOST, rule.host


def _is_known(host: str, namespace: str | None, world: World) -> bool:
    """Whether a host is defined, or none that could be."""
    if is_wildcard(host) or is_address(host):
        return True
    service = service_host(host, namespace)
    if service is not None and is_of_platform(service):
        return True
    return next(world.fact(service_registry).find(host, namespace), None) is not None


def _pods(world: World) -> _Found:
    inhabited = world.fact(_inhabited)
    for item in world.all(MeshSelection):
        is_usual = item.kind == "Gateway" and item.labels == USUAL_SELECTOR
        if item.is_targeted or is_usual:
            continue
        if item.labels and not item.workloads(world):
            labels = ", ".join(f"{key}: {value}" for key, value in sorted(item.labels.items()))
            yield item, item.node, Lacking.PODS, labels
        is_whole = item.kind == "AuthorizationPolicy" and not item.labels and not item.is_for_mesh(world)
        if is_whole and item.namespace and not inhabited & {item.namespace, None}:
            yield item, item.base.get("metadata", "namespace"), Lacking.PODS, "any label"


def _inhabited(world: World) -> frozenset[str | None]:
    """The namespaces in which workloads run."""
    return frozenset(workload.namespace for workload in world.all(Workload))


def _secrets(world: World) -> _Found:
    for gateway in world.all(Gateway):
        for server in gateway.servers:
            name = server.certificate.text
            if name and not find_objects(world, gateway.base, ("Secret", "Certificate"), name):
                yield gateway, server.certificate, Lacking.SECRET, name


def _namespaces(world: World) -> _Found:
    known = world.fact(defined_namespaces) | ALWAYS_THERE
    for source in world.all(SourceNamespace):
        if not any(map(source.fits, known)):
            yield source, source.node, Lacking.NAMESPACE, source.pattern


def _ports(world: World) -> _Found:
    """Ports of gateways for the proxies of Istio's default installation that it does not open."""
    for gateway in world.all(Gateway):
        if gateway.selector == USUAL_SELECTOR and not front_of(gateway, world).workloads:
            for server in gateway.servers:
                if server.port is not None and server.port not in USUAL_PORTS:
                    yield gateway, server.node.get("port", "number"), Lacking.PORT, str(server.port)
