"""Shares of traffic: routes with weights, and the pods behind each of them.

Sources: Istio, "VirtualService" (``HTTPRouteDestination.weight``); Gateway API, "HTTP traffic splitting" (a
missing weight is 1, a weight of 0 gets nothing).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.istio.registry import service_registry
from archlint.model.istio.routing import VirtualService
from archlint.model.istio.subsets import Subset
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.idle import has_no_pods
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.kubernetes.sets import find_objects
from archlint.model.kubernetes.workloads import REPLICATED
from archlint.model.world import World

_ROUTES = frozenset({"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute"})
_GATEWAY_API = "gateway.networking.k8s.io"
_SHIFTING = (("argoproj.io", "Rollout"), ("flagger.app", "Canary"))
"""Objects whose controllers write weights while the cluster runs."""


@dataclass(frozen=True, eq=False)
class TrafficShare:
    """One destination of a route that has several, with the pods behind it."""

    base: KubernetesObject
    node: Node
    weight: int
    name: str
    """What it leads to, in words."""
    pods: tuple[Workload, ...]
    others: tuple[Workload, ...]
    """The pods behind the other destinations."""

    @classmethod
    def all(cls, world: World) -> Iterable[TrafficShare]:
        """Every destination whose pods are known, of routes with several."""
        for service in world.all(VirtualService):
            for route in service.routes:
                yield from _shares(service.base, [*_of_istio(service.base, route.weighted, world)])
        for base in world.all(KubernetesObject):
            if base.kind in _ROUTES and base.group == _GATEWAY_API:
                for rule in base.get("spec", "rules").elements():
                    backends = tuple(item for item in rule.get("backendRefs").elements() if item.is_map)
                    yield from _shares(base, [*_of_gateway_api(base, backends, world)])

    @property
    def source(self) -> Document:
        """The document that holds the route."""
        return self.base.source

    @property
    def object(self) -> ObjectRef:
        """The object with the route."""
        return self.base.object

    @property
    def place(self) -> Node:
        """Its weight, or itself where none is written."""
        return self.node.get("weight") if self.node.get("weight").is_set else self.node

    def is_empty(self, world: World) -> bool:
        """Whether all workloads behind it are told to have no pods, and nothing gives them any."""
        return bool(self.pods) and all(has_no_pods(item, world) for item in self.pods)


_Entry = tuple[Node, int | None, str, tuple[Workload, ...]]


def _shares(base: KubernetesObject, entries: list[_Entry]) -> Iterator[TrafficShare]:
    if len(entries) < 2 or any(weight is None for _, weight, _, _ in entries):
        return
    for at, (node, weight, name, pods) in enumerate(entries):
        rest = tuple(item for place, entry in enumerate(entries) if place != at for item in entry[3])
        if pods:
            yield TrafficShare(base, node, weight or 0, name, pods, rest)


def _of_istio(base: KubernetesObject, routes: tuple[Node, ...], world: World) -> Iterator[_Entry]:
    for node in routes if len(routes) > 1 else ():
        host, subset = node.get("destination", "host").text or "", node.get("destination", "subset").text
        weight = node.get("weight")
        number = weight.integer if weight.is_set else 0
        name = f"subset '{subset}' of '{host}'" if subset else f"'{host}'"
        yield node, number, name, _behind(base, host, subset, world)


def _behind(base: KubernetesObject, host: str, subset: str | None, world: World) -> tuple[Workload, ...]:
    """The pods of a host, or of a subset of it; none where any of them is not known."""
    found = list(world.fact(service_registry).find(host, base.namespace))
    by_service = world.fact(routing).workloads
    pods = [
        item
        for entry in found
        if entry.item.kind == "Service"
        for item in by_service.get(KubernetesService(entry.item), ())
    ]
    if subset:
        meant = world.fact(_subsets).get((subset, *found), ())
        if len(meant) != 1:
            return ()
        pods = [item for item in pods if meant[0].fits(item)]
    return tuple(dict.fromkeys(pods))


def _subsets(world: World) -> Mapping[tuple[object, ...], Sequence[Subset]]:
    """The subsets by their own names and what defines their hosts: most are called ``v1`` and ``v2``."""
    found: dict[tuple[object, ...], list[Subset]] = defaultdict(list)
    registry = world.fact(service_registry)
    for item in world.all(Subset):
        name = item.node.get("name").text or ""
        found[(name, *registry.find(item.rule.host, item.namespace))].append(item)
    return found


def _of_gateway_api(base: KubernetesObject, backends: tuple[Node, ...], world: World) -> Iterator[_Entry]:
    by_service = world.fact(routing).workloads
    for node in backends if len(backends) > 1 else ():
        weight = node.get("weight")
        number = weight.integer if weight.is_set else 1
        name, space = node.get("name").text or "", node.get("namespace").text or base.namespace
        is_service = node.get("kind").text in (None, "Service")
        found = find_objects(world, base, "Service", name, space) if name and is_service else []
        pods = [item for each in found for item in by_service.get(KubernetesService(each), ())]
        yield node, number, f"Service '{name}'", tuple(dict.fromkeys(pods))


def _shifting(world: World) -> frozenset[str | None]:
    """The namespaces in which controllers may write the weights of routes while the cluster runs."""
    return frozenset(
        item.namespace for item in world.all(KubernetesObject) if (item.group, item.kind) in _SHIFTING
    )


def _is_shifted(share: TrafficShare, world: World) -> bool:
    spaces, own = world.fact(_shifting), share.base.namespace
    return bool(spaces) and (own is None or own in spaces or None in spaces)


def runs_for_nothing(share: TrafficShare, world: World) -> bool:
    """Whether pods run behind a share of nothing that no other destination of the route leads to."""
    services = world.fact(routing).services
    return (
        share.weight == 0
        and share.node.get("weight").is_set
        and not _is_shifted(share, world)
        and any(
            item.kind in REPLICATED
            and item.replicas != 0
            and item not in share.others
            and len(services.get(item, ())) == 1
            for item in share.pods
        )
    )
