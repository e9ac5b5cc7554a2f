"""What the policies of some pods let through in one direction, without computing who reaches whom at large.

Whatever is not known counts as let through: labels of namespaces that no file defines, addresses of pods,
and policies of which it is not clear whether they are applied beside the pods. So what is called cut here is
cut in every case. Nothing is said of pods that policies of another kind may be about as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.building.builds import patch_text
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets
from archlint.model.network.addresses import block_of
from archlint.model.network.connectivity.bounded import BoundedIndex
from archlint.model.network.connectivity.connections import ConnectionSet
from archlint.model.network.connectivity.editions import company
from archlint.model.network.connectivity.network_policies import connections_of
from archlint.model.network.connectivity.traffic import PortTable
from archlint.model.network.labels import NAMESPACE_NAME_LABEL, Bits, numbers
from archlint.model.network.policies import NetworkPolicy, PolicyRule, TrafficDirection
from archlint.model.network.selection import PolicySelection, has_foreign_policy, policy_selection
from archlint.model.world import World

MESH_TUNNELS = ConnectionSet.to_port("TCP", 15008) | ConnectionSet.to_port("TCP", 4143)
"""Where the proxies of Istio's ambient mode and of Linkerd take connections to any port of their pods (Istio:
"Ambient and Kubernetes NetworkPolicy"; Linkerd: "Proxy configuration")."""


@dataclass(frozen=True)
class SideRule:
    """One rule, and whom it may be about."""

    policy: NetworkPolicy
    rule: PolicyRule
    peers: Bits
    """The workloads that may be its peers, by their positions in ``PolicySelection.workloads``."""
    has_addresses: bool
    """Whether it is about addresses, or about everyone."""

    @cached_property
    def names(self) -> frozenset[str]:
        """The port names that it uses."""
        return frozenset(port.name for port in self.rule.ports or () if port.name is not None)

    @cached_property
    def _unnamed(self) -> ConnectionSet:
        return connections_of(self.rule, {})

    def connections(self, table: PortTable) -> ConnectionSet:
        """What it is about, by the port names of the pods at the destination."""
        return connections_of(self.rule, table) if self.names else self._unnamed


class RuleGroup:
    """The rules of some policies, which many workloads may share."""

    def __init__(self, rules: Iterable[SideRule]) -> None:
        self.rules = tuple(rules)
        self._names = frozenset(name for rule in self.rules for name in rule.names)
        self._known: dict[tuple[object, ...], Bits] = {}

    def reach(self, wanted: ConnectionSet, table: PortTable) -> Bits:
        """The workloads that some rule may be about which lets some connections through."""
        key = (wanted, *sorted(item for item in table.items() if item[0][1] in self._names))
        if key not in self._known:
            found = 0
            for rule in self.rules:
                if rule.peers & ~found and rule.connections(table) & wanted:
                    found |= rule.peers
            self._known[key] = found
        return self._known[key]


@dataclass(frozen=True)
class Side:
    """The policies of one workload's pods in one direction, which they are isolated for."""

    workload: Workload
    direction: TrafficDirection
    isolating: tuple[NetworkPolicy, ...]
    """Those that surely select the pods; at least one."""
    group: RuleGroup
    """The rules of all policies that may select them."""

    @property
    def rules(self) -> Sequence[SideRule]:
        """The rules of all policies that may select them."""
        return self.group.rules

    @cached_property
    def own_rules(self) -> Sequence[SideRule]:
        """Those of the policies that surely select them."""
        surely = set(map(id, self.isolating))
        return [item for item in self.rules if id(item.policy) in surely]

    def about(self, wanted: ConnectionSet, table: PortTable) -> list[SideRule]:
        """The rules that let some connections through, whoever the peer is."""
        return [item for item in self.rules if item.connections(table) & wanted]

    def lets(self, peers: Bits, wanted: ConnectionSet, table: PortTable) -> bool:
        """Whether any of some workloads may be let through."""
        return bool(self.group.reach(wanted, table) & peers)


class PolicySides:
    """The sides of all workloads of a world, made as they are asked for."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.selection: PolicySelection = world.fact(policy_selection)
        self._sets: DeploymentSets = world.fact(deployment_sets)
        self._numbers = {workload: number for number, workload in enumerate(self.selection.workloads)}
        select = self.selection
        self._policies = {
            direction: [
                (policy, select.selected_by(policy), select.surely_meant_by(policy))
                for policy in world.all(NetworkPolicy)
                if direction in policy.directions
            ]
            for direction in TrafficDirection
        }
        self._rules: dict[tuple[int, TrafficDirection], tuple[SideRule, ...]] = {}
        self._together: dict[tuple[int, ...], RuleGroup] = {}
        self._known: dict[tuple[Workload, TrafficDirection], Side | None] = {}
        self._every: Bits = (1 << len(self.selection.workloads)) - 1

    def bit(self, workload: Workload) -> Bits:
        """The set with one workload alone; empty for what policies do not know: pods on the network of their
        node, and what runs none."""
        number = self._numbers.get(workload)
        return 0 if number is None else (1 << number) & self.selection.on_pod_network

    def of(self, workload: Workload, direction: TrafficDirection) -> Side | None:
        """The side of a workload; ``None`` if its pods are not isolated, or not all about them is known."""
        key = (workload, direction)
        if key not in self._known:
            self._known[key] = self._side(workload, direction)
        return self._known[key]

    def may_meet(self, *items: KubernetesObject) -> bool:
        """Whether all of some objects may be in one cluster: overlays for several define the same things."""
        return self._world.fact(company).may_meet(*items)

    def are_of_one_cluster(self, one: KubernetesObject, other: KubernetesObject) -> bool:
        """Whether nothing speaks against it that two objects are in one cluster."""
        return self._sets.are_applied_alike(one, other) and self.may_meet(one, other)

    def _side(self, workload: Workload, direction: TrafficDirection) -> Side | None:
        bit = self.bit(workload)
        if not bit or self._is_unsure(workload):
            return None
        opening = [
            (number, policy, meant)
            for number, (policy, selected, meant) in enumerate(self._policies[direction])
            if selected & bit and self.may_meet(policy.base, workload.base)
        ]
        isolating = tuple(policy for _, policy, meant in opening if meant & bit)
        if not isolating or any(map(self._is_patched, isolating)):
            return None
        key = (list(TrafficDirection).index(direction), *(number for number, _, _ in opening))
        if key not in self._together:
            found = (rule for _, policy, _ in opening for rule in self._of_policy(policy, direction))
            self._together[key] = RuleGroup(found)
        return Side(workload, direction, isolating, self._together[key])

    def _is_unsure(self, workload: Workload) -> bool:
        """Whether policies that cannot be read may be about a workload as well, or a kustomization that is
        not built may give labels to pods and selectors."""
        groups = self._sets.of(workload.base)
        is_open = any(not item.is_complete or (item.kustomizations and not item.is_built) for item in groups)
        return is_open or has_foreign_policy(self._world, workload.namespace)

    def _is_patched(self, policy: NetworkPolicy) -> bool:
        patches = self._world.fact(patch_text)
        return "NetworkPolicy" in patches and policy.name in patches

    def _of_policy(self, policy: NetworkPolicy, direction: TrafficDirection) -> tuple[SideRule, ...]:
        key = (id(policy), direction)
        if key not in self._rules:
            self._rules[key] = tuple(self._read(policy, rule) for rule in policy.rules(direction))
        return self._rules[key]

    def _read(self, policy: NetworkPolicy, rule: PolicyRule) -> SideRule:
        if rule.admits_everyone:
            return SideRule(policy, rule, self._every, True)
        peers = 0
        for peer in rule.peers:
            peers |= self.peers_of(policy, peer)
        has_addresses = any(block_of(peer.get("ipBlock")) is not None for peer in rule.peers)
        return SideRule(policy, rule, peers, has_addresses)

    def peers_of(self, policy: NetworkPolicy, peer: Node) -> Bits:
        """The workloads that one peer may mean; pods may have any private address."""
        block = block_of(peer.get("ipBlock"))
        if block is not None:
            return self._every if block.may_hold_pods() else 0
        spaces, pods = peer.get("namespaceSelector"), peer.get("podSelector")
        if spaces.is_set:
            return self.selection.selected(None, pods) & self._within(spaces)
        return self.selection.selected(policy.namespace, pods) if pods.is_set else 0

    def _within(self, selector: Node) -> Bits:
        """The workloads of the namespaces that a selector may pick."""
        index, inside = self._namespaces
        found = 0
        for number in numbers(index.selected(selector).possible):
            found |= inside[number]
        return found

    def may_pick(self, selector: Node, namespace: str | None) -> bool:
        """Whether a selector may pick a namespace, also one in which no workload is."""
        index = BoundedIndex()
        self._add_namespace(index, 0, namespace)
        return bool(index.selected(selector).possible)

    @cached_property
    def _namespaces(self) -> tuple[BoundedIndex, Mapping[int, Bits]]:
        """The namespaces of the workloads."""
        inside: dict[str | None, Bits] = defaultdict(int)
        for number, workload in enumerate(self.selection.workloads):
            inside[workload.namespace] |= 1 << number
        index = BoundedIndex()
        for number, name in enumerate(inside):
            self._add_namespace(index, number, name)
        return index, dict(enumerate(inside.values()))

    def _add_namespace(self, index: BoundedIndex, number: int, name: str | None) -> None:
        """Labels are known of those that files define, in one way alone."""
        labels = self._defined.get(name or "", [])
        own = {NAMESPACE_NAME_LABEL: name} if name else {}
        is_known = len(labels) == 1
        index.add(number, {**labels[0], **own} if is_known else own, vague=not is_known, known=tuple(own))

    @cached_property
    def _defined(self) -> Mapping[str, list[dict[str, str]]]:
        return _defined(self._world.all(KubernetesObject))


def _defined(objects: Iterable[KubernetesObject]) -> Mapping[str, list[dict[str, str]]]:
    """The labels of each namespace, one entry for each way in which files define it."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for item in objects:
        if item.kind == "Namespace" and item.group == "" and item.labels not in found[item.name]:
            found[item.name].append(item.labels)
    return found


def policy_sides(world: World) -> PolicySides:
    """The sides of a world; ask for them with ``world.fact(policy_sides)``."""
    return PolicySides(world)
