"""What the engine took parts of policies for that the API server refuses, or that no file explains.

A connection that is listed, or missing, because of such a part is right only if the part is taken so; each
remark names the part, what is wrong with it, and what it was taken for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.words import listed, quoted
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.validation.refusal import shown
from archlint.model.kubernetes.validation.refusals import refusals_of
from archlint.model.network.connectivity.admin_policies import AdminPolicy, port_of
from archlint.model.network.connectivity.bounded import broken_part
from archlint.model.network.connectivity.connections import PROTOCOLS, ConnectionSet
from archlint.model.network.connectivity.external import cidr_addresses
from archlint.model.network.connectivity.objects import cluster_objects
from archlint.model.network.connectivity.pods import group_of
from archlint.model.network.connectivity.traffic import PortMatch, RuleAction
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.network.ports import port_entry
from archlint.model.world import World

_ODD_FORM = "is of a form that the API server refuses"
_NOBODY = "it is taken to mean nobody"
_NO_POD = "it is taken to select no pod"
_NO_PORT = "it is taken to mean no port"
_AS_WRITTEN = "it is taken as it is written"
_OTHER_NETWORKS = {
    "k8s.ovn.org": ("UserDefinedNetwork", "ClusterUserDefinedNetwork"),
    "k8s.cni.cncf.io": ("NetworkAttachmentDefinition",),
}
"""Networks that pods have beside the one of the cluster, or instead of it."""
_MOST_NAMES = 10


@dataclass(frozen=True)
class Remark:
    """One thing to know about connections that were computed."""

    node: Node
    """What it is about."""
    text: str


Mark = tuple[Node, str]
"""A part that is not as the API wants it, or not known, and what it is taken for."""


def network_remarks(world: World) -> Iterator[Remark]:
    """All that was taken for something in a world, in the order of its objects."""
    found = world.fact(cluster_objects)
    for policy in found.policies:
        yield from _about(policy.base, _policy_marks(policy))
    for each in found.admin_policies:
        yield from _about(each.base, _admin_marks(each))
        yield from _unknown_peers(each)
    yield from _uneven_owners(world)
    yield from _other_networks(world)


def _about(base: KubernetesObject, marks: Iterable[Mark]) -> Iterator[Remark]:
    """The marks with what is wrong, then what else is refused and makes no difference for the engine."""
    title = f"{base.kind} '{base.namespace}/{base.name}'" if base.namespace else f"{base.kind} '{base.name}'"
    refused = [item for item in refusals_of(base, None) if not item.is_accepted]
    told: set[int] = set()
    for node, taken in marks:
        near = [at for at, item in enumerate(refused) if _are_near(item.node, node)]
        told.update(near)
        if near:
            problem = refused[near[0]].problem
        else:
            value = f" ({shown(node.text)})" if node.text else ""
            problem = f"'{_way(base, node)}'{value} {_ODD_FORM}"
        yield Remark(node, f"{title}: {problem}; {taken}")
    for at, item in enumerate(refused):
        if at not in told and item.node.route[len(base.node.route) :][:1] == ("spec",):
            yield Remark(item.node, f"{title}: {item.problem}; {_AS_WRITTEN}")


def _are_near(one: Node, other: Node) -> bool:
    """Whether one of two nodes stands in the other."""
    length = min(len(one.route), len(other.route))
    return one.route[:length] == other.route[:length]


def _way(base: KubernetesObject, node: Node) -> str:
    return ".".join(map(str, node.route[len(base.node.route) :]))


def _policy_marks(policy: NetworkPolicy) -> Iterator[Mark]:
    if broken_part(policy.pod_selector) is not None:
        yield policy.pod_selector, _NO_POD
    for item in policy.policy_types.elements():
        if item.text not in [direction.policy_type for direction in TrafficDirection]:
            yield item, "it is taken to restrict nothing"
    for direction in TrafficDirection:
        rules = policy.rules_node(direction)
        if direction not in policy.directions or not rules.is_set:
            continue
        if not rules.is_list:
            yield rules, "it is taken for a list without rules"
        for rule in rules.elements():
            if rule.is_set and not rule.is_map:
                yield rule, "it is taken to allow nothing"
            peers = rule.get(direction.peers_key)
            yield from _each(peers, "it is taken to mean nobody", _policy_peer)
            yield from _each(rule.get("ports"), _NO_PORT, _policy_port)


def _each(entries: Node, taken: str, marks_of: Callable[[Node], Iterator[Mark]]) -> Iterator[Mark]:
    if entries.is_set and not entries.is_list:
        yield entries, taken
    for entry in entries.elements():
        if entry.is_map:
            yield from marks_of(entry)
        else:
            yield entry, taken


def _policy_peer(peer: Node) -> Iterator[Mark]:
    block = peer.get("ipBlock")
    selectors = [peer.get(key) for key in ("namespaceSelector", "podSelector") if peer.get(key).is_set]
    if block.is_set == bool(selectors):
        yield peer, _NOBODY
    elif block.is_set:
        yield from _block(block)
    elif any(broken_part(selector) is not None for selector in selectors):
        yield peer, _NOBODY


def _block(block: Node) -> Iterator[Mark]:
    outer = cidr_addresses(block.get("cidr").text)
    if outer is None:
        yield block, _NOBODY
        return
    holes = block.get("except")
    if holes.is_set and not holes.is_list:
        yield holes, "it is taken to leave out nothing"
    for hole in holes.elements():
        inner = cidr_addresses(hole.text)
        if inner is None or inner.version != outer.version:
            yield hole, "it is taken to leave out nothing"


def _policy_port(port: Node) -> Iterator[Mark]:
    found = port_entry(port)
    means_some = found is not None and found.protocol in PROTOCOLS
    if means_some and found is not None and found.name is None:
        means_some = bool(ConnectionSet.to_port(found.protocol, found.first, found.last))
    if not means_some:
        yield port, _NO_PORT


def _admin_marks(policy: AdminPolicy) -> Iterator[Mark]:
    spec = policy.base.get("spec")
    if policy.tier is None or policy.priority is None:
        yield spec, "the policy is taken to say nothing"
        return
    if _is_unclear(spec.get("subject")):
        yield spec.get("subject"), _NO_POD
    for direction in TrafficDirection:
        rules = spec.get(direction.value)
        if rules.is_set and not rules.is_list:
            yield rules, "it is taken for a list without rules"
        for rule in rules.elements():
            yield from _admin_rule(policy, rule, direction)


def _admin_rule(policy: AdminPolicy, rule: Node, direction: TrafficDirection) -> Iterator[Mark]:
    action = policy.action(rule)
    if action is None:
        yield rule, "the rule is taken to do nothing"
        return
    fails = "allow nothing" if action is RuleAction.ALLOW else "deny everything"
    closed = f"the rule is taken to {fails}, as the API asks for where something is not known"
    peers = rule.get(direction.peers_key)
    ports = rule.get("protocols" if policy.is_cluster_policy else "ports")
    known = ("namespaces", "pods") if direction is TrafficDirection.INGRESS else _PEERS
    if not list(peers.elements()):
        yield peers if peers.is_set else rule, closed
    for peer in peers.elements():
        keys = [key for key, _ in peer.items()]
        if len(keys) != 1 or keys[0] not in known:
            yield peer, closed
        elif keys[0] in ("namespaces", "pods") and _is_unclear(peer):
            yield peer, _NOBODY
        for item in peer.get("networks").elements():
            if policy.network(item) is None:
                yield item, _NOBODY
    if ports.is_set and not ports.is_list:
        yield ports, closed
    for entry in ports.elements():
        found = port_of(entry, is_cluster_policy=policy.is_cluster_policy)
        if found is None:
            yield entry, closed
        elif not _means_some(found):
            yield entry, _NO_PORT


_PEERS = ("namespaces", "pods", "nodes", "networks", "domainNames")


def _means_some(port: PortMatch) -> bool:
    return port.name is not None or bool(ConnectionSet.to_port(port.protocol or "", port.first, port.last))


def _is_unclear(node: Node) -> bool:
    """Whether what ``namespaces`` or ``pods`` picks is refused, or neither or both are there."""
    spaces, inside = node.get("namespaces"), node.get("pods")
    if spaces.is_set == inside.is_set:
        return True
    selectors = [spaces] if spaces.is_set else [inside.get("namespaceSelector"), inside.get("podSelector")]
    return (inside.is_set and not inside.is_map) or any(broken_part(each) is not None for each in selectors)


def _unknown_peers(policy: AdminPolicy) -> Iterator[Remark]:
    """Peers of which no file tells the addresses: one remark for each kind in a policy."""
    told: set[str] = set()
    for rule in policy.base.get("spec", "egress").elements():
        for peer in rule.get("to").elements():
            for key, whose, but in (
                ("nodes", "nodes", ", but for pods on the network of their node, perhaps"),
                ("domainNames", "names of hosts", ", and perhaps any address"),
            ):
                if peer.get(key).is_set and key not in told:
                    told.add(key)
                    text = f"no file tells the addresses of {whose}, so '{key}' is taken to mean nobody{but}"
                    yield Remark(peer.get(key), f"{policy.base.kind} '{policy.base.name}': {text}")


def _uneven_owners(world: World) -> Iterator[Remark]:
    """Owners whose pods are not alike, so that no sentence about them holds for all."""
    seen: dict[str, list[KubernetesObject]] = defaultdict(list)
    labels: dict[str, set[frozenset[tuple[str, str]]]] = defaultdict(set)
    for workload in world.fact(cluster_objects).workloads:
        if workload.kind == "Pod" and workload.base.get("metadata", "ownerReferences").is_set:
            name = group_of(workload).name
            seen[name].append(workload.base)
            labels[name].add(frozenset(workload.running_labels.items()))
    for name, bases in seen.items():
        if len(labels[name]) > 1:
            yield Remark(
                bases[0].node,
                f"the pods of '{name}' have different labels, so policies need not treat them alike; what "
                "any of them may do is listed for all",
            )


def _other_networks(world: World) -> Iterator[Remark]:
    found: dict[str, list[KubernetesObject]] = defaultdict(list)
    for item in world.all(KubernetesObject):
        if item.kind in _OTHER_NETWORKS.get(item.group, ()):
            found[item.kind].append(item)
    for kind, items in sorted(found.items()):
        names = quoted(f"{item.namespace}/{item.name}" if item.namespace else item.name for item in items)
        yield Remark(
            items[0].node,
            f"not judged, as pods have other networks by them, for which other policies count: {kind} "
            + listed(names, _MOST_NAMES),
        )
