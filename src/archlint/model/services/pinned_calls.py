"""gRPC calls that stay with one pod: the Service balances connections, and gRPC keeps one open.

Sources: "gRPC Load Balancing" (grpc.io), "gRPC Load Balancing on Kubernetes without Tears" (kubernetes.io).
Silent where anything balances calls one by one: a mesh beside the caller, a headless Service, a client or
server whose source or settings speak of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.workloads import REPLICATED
from archlint.model.services import protocols
from archlint.model.services.calls import Call, sure_calls
from archlint.model.services.grouping import Service, service_groups
from archlint.model.services.meshes import meshes
from archlint.model.services.resolution import is_headless, ports_of
from archlint.model.sources.by_party import party_sources
from archlint.model.system.parties import parties
from archlint.model.world import World

_BALANCES = regex(
    r"(?i)max[-_]?connection[-_]?age|xds:///|kuberesolver|kubernetes:///|k8s:///|round_?robin|grpc[-_.]?lb|least_request"
)
"""Matches what clients and servers balance calls by, or end connections by."""
_OWN_BALANCING = regex(r"(?i)cilium\.io/(?:lb-l7|global)|traefik|haproxy|mesh")
"""Matches annotations of Services by which something else than kube-proxy balances."""


@dataclass(frozen=True, eq=False)
class PinnedCalls:
    """A Service, with the calls that stay with one of its pods."""

    front: KubernetesObject
    workload: Workload
    count: Node
    """What says that there are several pods."""
    calls: tuple[Call, ...]

    @classmethod
    def all(cls, world: World) -> Iterable[PinnedCalls]:
        """Every Service with gRPC callers, several pods, and nothing that balances."""
        groups = world.fact(service_groups)
        for front, calls in world.fact(_grpc_calls):
            service = groups.of_front(front)
            several = next(_several(service, world), None)
            if several is None or _balances(service, world):
                continue
            pinned = tuple(item for item in calls if _is_pinned(item, service, world))
            if pinned:
                yield cls(front, *several, pinned)

    @property
    def source(self) -> Document:
        """The document of the Service."""
        return self.front.source

    @property
    def object(self) -> ObjectRef:
        """The Service."""
        return self.front.object


def _grpc_calls(world: World) -> list[tuple[KubernetesObject, list[Call]]]:
    """The Services that have an address of their own and are called by gRPC, with the calls."""
    found: dict[int, tuple[KubernetesObject, list[Call]]] = {}
    by_front: dict[int, list[Call]] = defaultdict(list)
    for call in world.fact(sure_calls):
        for front in call.fronts if len(call.fronts) == 1 else ():
            if _speaks_grpc(call, front) and not _has_own_balancing(front):
                by_front[id(front)].append(call)
                found[id(front)] = (front, by_front[id(front)])
    return list(found.values())


def _speaks_grpc(call: Call, front: KubernetesObject) -> bool:
    address, ports = call.reference.address, ports_of(front)
    port = address.effective_port
    if port is None and len(ports) == 1:
        port = next(iter(ports))
    return port in ports and protocols.of_port_name(ports[port]) == "grpc"


def _has_own_balancing(front: KubernetesObject) -> bool:
    annotations = front.get("metadata", "annotations").items()
    return (
        is_headless(front)
        or front.get("spec", "type").text == "ExternalName"
        or any(_OWN_BALANCING.search(key) for key, _ in annotations)
    )


def _several(service: Service, world: World) -> Iterator[tuple[Workload, Node]]:
    """The workloads with more than one pod, with what says so."""
    for workload in service.workloads:
        replicas = workload.base.get("spec", "replicas")
        scaled = world.fact(autoscaled).get(workload, ())
        most = [item.most_node for item in scaled if (item.most_node.integer or 0) > 1]
        if workload.kind in REPLICATED and (most or (replicas.integer or 0) > 1):
            yield workload, most[0] if most else replicas


def _is_pinned(call: Call, service: Service, world: World) -> bool:
    caller = call.reference.workload
    home = world.fact(service_groups).of_workload(caller)
    return (
        caller.is_long_running
        and home is not service
        and world.fact(meshes).has(caller) is False
        and not _balances(home, world)
    )


def _balances(service: Service, world: World) -> bool:
    """Whether source or settings of a service speak of balancing calls."""
    texts = (text for workload in service.workloads for text in workload.pod_spec.texts())
    if any(_BALANCES.search(text) for text in texts):
        return True
    party = world.fact(parties).of_service(service)
    return any(_BALANCES.search(file.code.text) for file in world.fact(party_sources).of(party))
