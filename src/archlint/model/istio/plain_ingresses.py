"""Ingresses that Istio serves, and the routes by subset that it does not follow there.

Source: Istio's documentation, Kubernetes Ingress: routes of the Ingress itself count, and those of a virtual
service for the same host are for sidecars.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.hosts import ServiceHost, service_host
from archlint.model.istio.routing import VirtualService
from archlint.model.istio.virtual_hosts import is_for_sidecars
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.world import World

_CLASS = "kubernetes.io/ingress.class"


@dataclass(frozen=True)
class BypassedSubset(ObjectFacet):
    """A route by subset that requests of an Ingress to the same Service do not take."""

    node: Node
    """The subset."""
    ingress: KubernetesObject

    @classmethod
    def all(cls, world: World) -> Iterator[BypassedSubset]:
        """The first such route of each virtual service."""
        served = world.fact(_served)
        for service in world.all(VirtualService) if served else ():
            hosts = (node.text or "" for node in service.base.get("spec", "hosts").elements())
            meant = (service_host(host, service.namespace) for host in hosts)
            ingress = next((served[host] for host in meant if host in served), None)
            subset = next((item for item in service.destinations if item.subset), None)
            if ingress is None or subset is None or not is_for_sidecars(service):
                continue
            if ingress.namespace or world.fact(deployment_sets).are_together(service.base, ingress):
                yield cls(service.base, subset.node.get("subset"), ingress)


def _served(world: World) -> dict[ServiceHost | None, KubernetesObject]:
    """The Services behind Ingresses of the class ``istio``."""
    found: dict[ServiceHost | None, KubernetesObject] = {}
    for item in world.all(KubernetesObject):
        if item.kind == "Ingress" and "istio" in (
            item.annotations.get(_CLASS),
            item.get("spec", "ingressClassName").text,
        ):
            for name in _backends(item):
                found.setdefault(ServiceHost(name, item.namespace), item)
    return found


def _backends(item: KubernetesObject) -> Iterator[str]:
    spec = item.get("spec")
    nodes = [spec.get("defaultBackend"), spec.get("backend")]
    for rule in spec.get("rules").elements():
        nodes += [path.get("backend") for path in rule.get("http", "paths").elements()]
    for node in nodes:
        name = node.get("service", "name").text or node.get("serviceName").text
        if name:
            yield name
