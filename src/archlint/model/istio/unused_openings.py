"""Callers that authorization policies let in, and that call nothing there as far as files show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.finding.records import dataclass
from archlint.model.graph.build import service_graph
from archlint.model.istio.authorization import Action, Policy
from archlint.model.istio.named_callers import NamedCaller
from archlint.model.istio.proxies import PROXY
from archlint.model.istio.selection import MeshSelection
from archlint.model.kubernetes import ObjectFacet, Workload
from archlint.model.kubernetes.workloads import account_of
from archlint.model.services.grouping import service_groups
from archlint.model.services.protocols import EdgeKind
from archlint.model.world import World

_MOST = 20
"""Callees among which a caller is looked for."""


@dataclass(frozen=True)
class UnusedOpening(ObjectFacet):
    """One caller of a policy that nothing shows to call any of the pods that it is about."""

    named: NamedCaller
    caller: Workload
    callee: Workload

    @classmethod
    def all(cls, world: World) -> Iterator[UnusedOpening]:
        """Every such caller of policies that select pods, where calls of the caller and of the pods are
        known at all."""
        named = [item for item in world.all(NamedCaller) if _lets_in(item)]
        if not named:
            return
        accounts, calls = world.fact(_by_account), world.fact(_calls)
        for item in named:
            account = item.account
            callers = accounts.get(account, []) if account is not None else []
            callees = MeshSelection(item.base).workloads(world)
            is_own = any(caller is callee for caller in callers for callee in callees[:_MOST])
            if not callers or not callees or is_own or any(map(_is_gateway, callers)):
                continue
            known = [calls.node_of(caller) for caller in callers]
            ends = [calls.node_of(callee) for callee in callees]
            is_known = all(node in calls.out for node in known) and all(node in calls.into for node in ends)
            if is_known and not any(end in calls.out[node] for node in known for end in ends):
                yield cls(item.base, item, callers[0], callees[0])


def _lets_in(item: NamedCaller) -> bool:
    """Whether a policy for some pods lets the caller in by its account."""
    is_for_pods = bool(MeshSelection(item.base).labels)
    return is_for_pods and not item.key.startswith("not") and Policy(item.base).action is Action.ALLOW


def _is_gateway(workload: Workload) -> bool:
    """Whether pods run a proxy alone, which calls what routes lead to."""
    return any(container.name == PROXY and container.role == "main" for container in workload.containers)


def _by_account(world: World) -> dict[tuple[str | None, str], list[Workload]]:
    """The workloads that run under each account."""
    found: dict[tuple[str | None, str], list[Workload]] = defaultdict(list)
    for workload in world.all(Workload):
        name = account_of(workload).text
        if name and workload.namespace and workload.name:
            found[workload.namespace, name].append(workload)
    return dict(found)


class _Calls:
    """Who calls whom, by the nodes of the graph; what is only declared is no call."""

    def __init__(self, world: World) -> None:
        graph = world.fact(service_graph)
        self._groups = world.fact(service_groups)
        self._nodes = {id(node.service): node.id for node in graph.nodes.values() if node.service}
        self.out: dict[str, set[str]] = defaultdict(set)
        self.into: set[str] = set()
        for edge in graph.edges:
            if edge.kind is not EdgeKind.DECLARED:
                self.out[edge.source].add(edge.target)
                self.into.add(edge.target)

    def node_of(self, workload: Workload) -> str:
        """The node of a workload; empty if it has none."""
        return self._nodes.get(id(self._groups.of_workload(workload)), "")


def _calls(world: World) -> _Calls:
    return _Calls(world)
