"""Calls from outside of the mesh to pods that take mutual TLS alone."""

from __future__ import annotations

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.arrivals import Arrival, each_at_all_ends
from archlint.model.istio.membership import Membership, Plane, membership
from archlint.model.istio.objects import of_kind
from archlint.model.istio.peer_modes import Demand, Level, PeerModes, peer_modes
from archlint.model.kubernetes import ObjectFacet, Workload
from archlint.model.world import World


@dataclass(frozen=True)
class PlainCall(ObjectFacet):
    """A call that is refused, as its caller cannot speak what is demanded."""

    arrival: Arrival
    demand: Demand
    reason: Node
    """Where the caller is kept out of the mesh."""

    @classmethod
    def all(cls, world: World) -> list[PlainCall]:
        """Every such call, once for each caller, Service and ports."""
        if not any(True for _ in of_kind(world, "PeerAuthentication")):
            return []
        return each_at_all_ends(world, _Judge(world).refused)


class _Judge:
    def __init__(self, world: World) -> None:
        self._planes: Membership = world.fact(membership)
        self._modes: PeerModes = world.fact(peer_modes)

    def refused(self, end: Arrival) -> PlainCall | None:
        """The call, if its caller is outside of the mesh and all pods where it may end refuse it."""
        if self._planes.of(end.caller) is not Plane.NONE:
            return None
        demands = [self._demand(end, callee) for callee in end.callees]
        first = demands[0]
        if first is None or not all(demands):
            return None
        return PlainCall(end.caller.base, end, first, self._planes.reason(end.caller))

    def _demand(self, end: Arrival, callee: Workload) -> Demand | None:
        """What demands mutual TLS of a pod that surely has a proxy, or is selected by what demands it."""
        demand = self._modes.demands(callee, end.numbers)
        plane = self._planes.of(callee)
        if demand is None or plane is Plane.NONE:
            return None
        return demand if plane is not None or demand.level is Level.PODS else None
