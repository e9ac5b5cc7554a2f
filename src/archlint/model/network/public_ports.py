"""Ports of pods that are meant for everybody: what a Service opens on nodes or a load balancer, and what an
Ingress or a route leads to. Whose address they see, the client's or that of a proxy, no manifest tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.services import routing
from archlint.model.network.connectivity.connections import NONE, ConnectionSet, all_of
from archlint.model.network.connectivity.entrances import Entrance, entrances, leads_to, target_of
from archlint.model.network.connectivity.network_policies import connections_of
from archlint.model.network.connectivity.pods import named_ports, namespace_of
from archlint.model.network.labels import numbers
from archlint.model.network.policies import NetworkPolicy, PolicyRule
from archlint.model.network.selection import policy_selection
from archlint.model.world import World


def leads_in(policy: NetworkPolicy, rule: PolicyRule, world: World) -> bool:
    """Whether a rule opens nothing but ports of its pods that are meant for everybody."""
    selection = world.fact(policy_selection)
    workloads = [selection.workloads[number] for number in numbers(selection.meant_by(policy))]
    public = world.fact(public_ports)
    opened = [(connections_of(rule, named_ports(item)), public.get(item, NONE)) for item in workloads]
    return any(what for what, _ in opened) and not any(what - meant for what, meant in opened)


def public_ports(world: World) -> Mapping[Workload, ConnectionSet]:
    """Those of a world; ask for them with ``world.fact(public_ports)``."""
    ways: dict[tuple[str, str], list[Entrance]] = defaultdict(list)
    for entrance in entrances(world):
        namespace = entrance.backend.namespace or namespace_of(entrance.base)
        ways[namespace, entrance.backend.name.text or ""].append(entrance)
    found: dict[Workload, ConnectionSet] = defaultdict(lambda: NONE)
    for service, workloads in world.fact(routing).workloads.items():
        own = ways.get((namespace_of(service.base), service.name), ())
        ports = [
            port
            for port in service.ports
            if service.is_open_outside or any(leads_to(each, port) for each in own)
        ]
        for workload in workloads if ports else ():
            targets = (target_of(port, named_ports(workload)) for port in ports)
            found[workload] = found[workload] | all_of(targets)
    return dict(found)
