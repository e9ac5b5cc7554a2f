"""Connections that network policies allow by name: a rule that chooses its peers by labels names callers."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.model.kubernetes import KubernetesObject, string_map
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.network.selection import PolicySelection, policy_selection
from archlint.model.system.evidence import Declaration
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.world import World

_MOST_CHOSEN = 20
"""Parties above which a selector opens to a crowd and names nobody."""
_NAMESPACE_NAME = "kubernetes.io/metadata.name"


def declared_by_policies(world: World) -> Iterator[Declaration]:
    """A declaration for each pair of a workload that a policy selects and one that a peer of it selects."""
    if not world.all(NetworkPolicy):
        return
    finder = _Finder(world)
    for policy in world.all(NetworkPolicy):
        yield from finder.of(policy)


class _Finder:
    def __init__(self, world: World) -> None:
        self._selection: PolicySelection = world.fact(policy_selection)
        self._parties: Parties = world.fact(parties)

    def of(self, policy: NetworkPolicy) -> Iterator[Declaration]:
        text = f"NetworkPolicy {policy.name}"
        subjects = self._chosen(policy.base, policy.namespace, policy.pod_selector)
        for direction in TrafficDirection if subjects else ():
            for rule in policy.rules(direction):
                for peer in rule.peers:
                    others = self._peers(policy, peer)
                    pairs = ((one, other) for one in subjects for other in others if one is not other)
                    for subject, other in pairs:
                        is_ingress = direction is TrafficDirection.INGRESS
                        ends = (other, subject) if is_ingress else (subject, other)
                        yield Declaration(*ends, peer.place(), text)

    def _peers(self, policy: NetworkPolicy, peer: Node) -> list[Party]:
        namespaces = peer.get("namespaceSelector")
        if not namespaces.exists:
            return self._chosen(policy.base, policy.namespace, peer.get("podSelector"))
        named = string_map(namespaces.get("matchLabels")).get(_NAMESPACE_NAME)
        return self._chosen(policy.base, named, peer.get("podSelector"))

    def _chosen(self, base: KubernetesObject, namespace: str | None, selector: Node) -> list[Party]:
        """The parties that a selector chooses, those of the policy's own sets if there are any; nobody for a
        selector that chooses everybody."""
        if not selector.value:
            return []
        found = self._selection.selected(namespace, selector)
        bits = found & self._selection.workloads_beside(base) or found
        chosen: dict[int, Party] = {}
        while bits and len(chosen) <= _MOST_CHOSEN:
            lowest = bits & -bits
            bits ^= lowest
            workload = self._selection.workloads[lowest.bit_length() - 1]
            chosen.update((id(item), item) for item in self._parties.of(workload))
        return [] if len(chosen) > _MOST_CHOSEN else list(chosen.values())
