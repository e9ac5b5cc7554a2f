"""Routes of a service mesh: which calls they carry, and how long these may take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject
from archlint.model.services.meshes import meshes
from archlint.model.world import World

_ISTIO = "networking.istio.io"
_LINKERD = ("timeout.linkerd.io/request", "timeout.linkerd.io/response")


@dataclass(frozen=True)
class MeshRoute:
    """One HTTP route of an Istio VirtualService or of an HTTPRoute for a Service, or a DestinationRule or a
    Service that may have no route at all."""

    base: KubernetesObject
    node: Node
    """The route; of a DestinationRule its host, of a Service its name."""
    hosts: tuple[str, ...]
    """The hosts that callers name, and those that the route leads to."""
    carries_inside: bool
    """Whether calls between services of the mesh go through it."""
    gateways: tuple[str, ...]
    has_timeout: bool
    is_route: bool = True

    @classmethod
    def all(cls, world: World) -> Iterable[MeshRoute]:
        """Every route that sends calls to a backend, every DestinationRule, and in a mesh every Service."""
        has_mesh = world.fact(meshes).is_used
        for base in world.all(KubernetesObject):
            if base.group == _ISTIO and base.kind == "VirtualService":
                yield from _of_virtual_service(base)
            elif base.group == _ISTIO and base.kind == "DestinationRule":
                host = base.get("spec", "host")
                if host.text:
                    yield cls(base, host, (host.text,), True, (), False, is_route=False)
            elif base.group == "gateway.networking.k8s.io" and base.kind == "HTTPRoute":
                yield from _of_gateway_api(base)
            elif has_mesh and base.kind == "Service" and not base.group:
                notes = base.get("metadata", "annotations")
                is_timed = any(notes.get(key).is_set for key in _LINKERD)
                name = base.get("metadata", "name")
                yield cls(base, name, (base.name,), True, (), is_timed, is_route=False)

    @property
    def is_service(self) -> bool:
        """Whether it is no more than a Service, whose calls the mesh carries as it likes."""
        return self.base.kind == "Service"

    @property
    def source(self) -> Document:
        """The document that holds the route."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The object that holds the route."""
        return self.base.object


def _of_virtual_service(base: KubernetesObject) -> Iterator[MeshRoute]:
    named = [item.text or "" for item in base.get("spec", "gateways").elements()]
    gateways = tuple(name.rpartition("/")[2] for name in named if name != "mesh")
    called = tuple(item.text or "" for item in base.get("spec", "hosts").elements())
    for rule in base.get("spec", "http").elements():
        targets = (item.get("destination", "host").text or "" for item in rule.get("route").elements())
        reached = tuple(dict.fromkeys(targets))
        if reached:
            hosts = (*called, *reached)
            inside = not named or "mesh" in named
            yield MeshRoute(base, rule, hosts, inside, gateways, rule.get("timeout").is_set)


def _of_gateway_api(base: KubernetesObject) -> Iterator[MeshRoute]:
    parents = [
        (item.get("kind").text or "Gateway", item.get("name").text or "")
        for item in base.get("spec", "parentRefs").elements()
    ]
    called = tuple(name for kind, name in parents if kind == "Service")
    gateways = tuple(name for kind, name in parents if kind == "Gateway")
    for rule in base.get("spec", "rules").elements():
        reached = tuple(item.get("name").text or "" for item in rule.get("backendRefs").elements())
        timeouts = rule.get("timeouts")
        has_timeout = timeouts.get("request").is_set or timeouts.get("backendRequest").is_set
        if reached and called:
            yield MeshRoute(base, rule, (*called, *reached), True, gateways, has_timeout)
