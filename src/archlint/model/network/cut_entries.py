"""Ways in that network policies cut: from outside of the cluster, and from the API server.

Both are no pods: a policy sees the address of a client or of a node, so rules for pods alone let neither in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import cache

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.api_server import is_named, service_references
from archlint.model.kubernetes.services import KubernetesService, ServicePort, routing
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets
from archlint.model.network.connectivity.bounded import BoundedIndex
from archlint.model.network.connectivity.connections import ConnectionSet, all_of
from archlint.model.network.connectivity.entrances import target_of
from archlint.model.network.connectivity.pods import named_ports
from archlint.model.network.culprits import Culprit, nearest
from archlint.model.network.cut_ports import shut_ports
from archlint.model.network.labels import NAMESPACE_NAME_LABEL
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.network.sides import PolicySides, SideRule, policy_sides
from archlint.model.world import World

_WEBHOOK_PORT = 443
"""What a reference to a Service means that names no port."""


@dataclass(frozen=True)
class CutEntry:
    """A Service through which nobody gets in who should."""

    service: KubernetesService
    callees: tuple[Workload, ...]
    wanted: ConnectionSet
    """The ports of the pods to which it leads."""
    culprit: Culprit
    by: KubernetesObject
    """What says that it is a way in: the Service, or what the API server calls it for."""
    node: Node
    """Where it says so."""


class EntryJudge:
    """Tells for a port of a Service whether the policies of its pods let certain peers in."""

    def __init__(self, world: World) -> None:
        self.sides: PolicySides = world.fact(policy_sides)
        self.behind = world.fact(routing).workloads
        self._shut = world.fact(shut_ports)

    def culprit(
        self,
        service: KubernetesService,
        port: ServicePort,
        admits: Callable[[SideRule], bool],
        also: ConnectionSet | None = None,
    ) -> Culprit | None:
        """What keeps them out of all pods behind a port; ``None`` if it does not, or if the port is shut to
        everybody, which is told as that. ``also`` are ports through which they may come as well."""
        if (service, port) in self._shut:
            return None
        found = None
        for workload in self.behind.get(service, ()):
            side, table = self.sides.of(workload, TrafficDirection.INGRESS), named_ports(workload)
            wanted = target_of(port, table)
            if side is None or not wanted:
                return None
            open_to = side.about(wanted | also if also else wanted, table)
            if any(map(admits, open_to)):
                return None
            found = found or nearest(side, 0, wanted, workload)
        return found

    def are_shut(self, service: KubernetesService, *, but_for: Container[int]) -> bool:
        """Whether nobody is let in to any other port of a Service than those in some positions."""
        others = (port for position, port in enumerate(service.ports) if position not in but_for)
        return all((service, port) in self._shut for port in others)

    def entry(
        self, service: KubernetesService, cut: Mapping[int, Culprit], by: KubernetesObject, node: Node
    ) -> CutEntry:
        """What is told of a Service some ports of which are cut, by their positions."""
        workloads = self.behind[service]
        ports = [service.ports[position] for position in cut]
        wanted = all_of(target_of(port, named_ports(each)) for port in ports for each in workloads)
        return CutEntry(service, workloads, wanted, next(iter(cut.values())), by, node)


Entries = dict[NetworkPolicy, list[CutEntry]]


def cut_from_outside(world: World) -> Entries:
    """Services of the types LoadBalancer and NodePort whose pods let no address in, by policy; ask for them
    with ``world.fact(cut_from_outside)``."""
    return _collected(world, _from_outside)


def cut_from_api_server(world: World) -> Entries:
    """Webhooks and aggregated APIs whose pods let no address in, by policy; ask for them with
    ``world.fact(cut_from_api_server)``."""
    return _collected(world, _from_api_server)


def _collected(world: World, entries: Callable[[World], Iterator[CutEntry]]) -> Entries:
    found: Entries = defaultdict(list)
    for entry in entries(world) if world.all(NetworkPolicy) else ():
        found[entry.culprit.policy].append(entry)
    return dict(found)


def _from_outside(world: World) -> Iterator[CutEntry]:
    judge = EntryJudge(world)
    for service in judge.behind:
        if service.is_open_outside:
            cut = _cut_ports(judge, service, service.ports, lambda rule: rule.has_addresses)
            # where another port is open, this one may be for callers inside, such as that of metrics
            if cut and judge.are_shut(service, but_for=cut):
                yield judge.entry(service, cut, service.base, service.base.get("spec", "type"))


def _cut_ports(
    judge: EntryJudge,
    service: KubernetesService,
    ports: Sequence[ServicePort],
    admits: Callable[[SideRule], bool],
) -> dict[int, Culprit]:
    found = {}
    for position, port in enumerate(service.ports):
        culprit = judge.culprit(service, port, admits) if port in ports else None
        if culprit is not None:
            found[position] = culprit
    return found


def _from_api_server(world: World) -> Iterator[CutEntry]:
    judge = EntryJudge(world)
    sets: DeploymentSets = world.fact(deployment_sets)
    by_name: dict[str, list[KubernetesService]] = defaultdict(list)
    for service in judge.behind:
        by_name[service.name].append(service)
    told: set[tuple[KubernetesService, str, str]] = set()
    for base in world.all(KubernetesObject):
        for reference in service_references(base):
            name = reference.get("name").text
            wanted = reference.get("port").integer or _WEBHOOK_PORT
            for service in by_name.get(name or "", ()) if name else ():
                key = (service, base.kind, base.name)
                is_meant = is_named(service, [(reference.get("namespace").text, name)])
                if key in told or not is_meant or not judge.sides.may_meet(service.base, base):
                    continue
                ports = [port for port in service.ports if port.node.get("port").integer == wanted]
                cut = _cut_ports(judge, service, ports, _may_admit_api_server)
                # a policy in a file of its own may be for another cluster than an overlay with the webhook
                if cut and sets.are_together(next(iter(cut.values())).policy.base, service.base):
                    told.add(key)
                    yield judge.entry(service, cut, base, reference.get("name"))


def _may_admit_api_server(rule: SideRule) -> bool:
    """Whether a rule names addresses, or pods of ``kube-system``: some clusters of providers bring the
    connections of the API server through agents there."""
    spaces = (peer.get("namespaceSelector") for peer in rule.rule.peers)
    return rule.has_addresses or any(
        space.is_set and _kube_system().selected(space).possible for space in spaces
    )


@cache
def _kube_system() -> BoundedIndex:
    """That namespace alone, of which two labels are known."""
    index = BoundedIndex()
    labels = {NAMESPACE_NAME_LABEL: "kube-system", "name": "kube-system"}
    index.add(0, labels, vague=True, known=tuple(labels))
    return index
