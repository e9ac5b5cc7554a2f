"""Calls of one workload to another that network policies cut, whatever is not known about both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import reduce
from operator import or_

from archlint.finding.records import dataclass, replace
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.network.arrivals import arrival, called_ports
from archlint.model.network.connectivity.connections import ConnectionSet, all_of
from archlint.model.network.connectivity.pods import named_ports
from archlint.model.network.culprits import Culprit, nearest
from archlint.model.network.cut_ports import shut_ports
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.network.sides import MESH_TUNNELS, PolicySides, policy_sides
from archlint.model.services.calls import Call, sure_calls
from archlint.model.world import World

_INGRESS, _EGRESS = TrafficDirection.INGRESS, TrafficDirection.EGRESS


@dataclass(frozen=True)
class CutCall:
    """A call that does not arrive, with others that end at the same place for the same cause."""

    calls: tuple[Call, ...]
    """Each of another caller."""
    service: KubernetesService
    callees: tuple[Workload, ...]
    wanted: ConnectionSet
    """The ports of the callees' pods that are called."""
    culprits: tuple[Culprit, ...]
    """One for each side that cuts it; that of ingress comes first."""


def cut_calls(world: World) -> dict[NetworkPolicy, list[CutCall]]:
    """The calls of a world that are cut, by the policy of the first culprit; each caller, Service and port
    once. Ask for them with ``world.fact(cut_calls)``."""
    if not world.all(NetworkPolicy):
        return {}
    alike: dict[tuple[object, ...], dict[int, CutCall]] = defaultdict(dict)
    judge = _Judge(world)
    for call in world.fact(sure_calls):
        cut = judge.cut(call)
        if cut is not None:
            places = tuple((item.policy, item.node.route) for item in cut.culprits)
            key = (places, cut.service, cut.wanted)
            alike[key].setdefault(id(call.reference.workload), cut)
    found: dict[NetworkPolicy, list[CutCall]] = defaultdict(list)
    for those in alike.values():
        first = next(iter(those.values()))
        calls = tuple(cut.calls[0] for cut in those.values())
        found[first.culprits[0].policy].append(replace(first, calls=calls))
    return dict(found)


class _Judge:
    def __init__(self, world: World) -> None:
        self._sides: PolicySides = world.fact(policy_sides)
        self._behind = world.fact(routing).workloads
        self._shut = world.fact(shut_ports)

    def cut(self, call: Call) -> CutCall | None:
        """The call, if no Service that it may mean can be reached."""
        caller = call.reference.workload
        found = None
        for front in call.fronts:
            service = KubernetesService(front)
            callees = self._behind.get(service, ())
            if not self._sides.may_meet(front, caller.base):
                continue
            if not self._sides.are_of_one_cluster(front, caller.base):
                return None
            if front.namespace is None and "." in call.reference.address.host:
                return None  # whether it is the Service of the namespace that the address names is not known
            cut = self._cut_from(caller, call, service, callees) if callees else None
            if cut is None:
                return None
            found = found or cut
        return found

    def _cut_from(
        self, caller: Workload, call: Call, service: KubernetesService, callees: Sequence[Workload]
    ) -> CutCall | None:
        address = call.reference.address
        ports = called_ports(address, service)
        targets = {id(callee): arrival(address, service, ports, named_ports(callee)) for callee in callees}
        wanted = all_of(targets.values())
        is_shut = bool(ports) and all((service, port) in self._shut for port in ports)
        is_own = any(callee is caller for callee in callees)
        if not all(targets.values()) or is_own or self._is_apart(caller, callees):
            return None
        into = None if is_shut else self._culprit_of_ingress(caller, callees, wanted)
        out = self._culprit_of_egress(caller, callees, wanted)
        culprits = tuple(item for item in (into, out) if item is not None)
        return CutCall((call,), service, tuple(callees), wanted, culprits) if culprits else None

    def _is_apart(self, caller: Workload, callees: Sequence[Workload]) -> bool:
        """Whether they may be of different clusters."""
        return not all(self._sides.are_of_one_cluster(caller.base, callee.base) for callee in callees)

    def _culprit_of_ingress(
        self, caller: Workload, callees: Sequence[Workload], wanted: ConnectionSet
    ) -> Culprit | None:
        """What keeps a caller out of all callees."""
        peer, found = self._sides.bit(caller), None
        for callee in callees:
            side = self._sides.of(callee, _INGRESS)
            table = named_ports(callee)
            if side is None or not peer or side.lets(peer, wanted | MESH_TUNNELS, table):
                return None
            if not any(self._sides.are_of_one_cluster(item.base, caller.base) for item in side.isolating):
                return None
            found = found or nearest(side, peer, wanted, callee)
        return found

    def _culprit_of_egress(
        self, caller: Workload, callees: Sequence[Workload], wanted: ConnectionSet
    ) -> Culprit | None:
        """What keeps a caller from going out to any callee."""
        side = self._sides.of(caller, _EGRESS)
        if side is None or not any(
            self._sides.are_of_one_cluster(item.base, callees[0].base) for item in side.isolating
        ):
            return None
        bits = list(map(self._sides.bit, callees))
        for bit, callee in zip(bits, callees, strict=True):
            if not bit or side.lets(bit, wanted | MESH_TUNNELS, named_ports(callee)):
                return None
        return nearest(side, reduce(or_, bits), wanted, callees[0])
