"""Policies that allow what is known to be needed and nothing else, for the workloads of which all is known.

A workload of which something is not known is left as it is, with the reason: what calls it, or what it calls,
must not be cut by a guess. The engine holds every policy against all that is needed before it is given away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from archlint.finding.records import dataclass
from archlint.model.kubernetes import string_map
from archlint.model.network.connectivity.bounded import Bound
from archlint.model.network.connectivity.connections import PROTOCOLS, ConnectionSet, all_of
from archlint.model.network.connectivity.connectivity import Connectivity, connectivities
from archlint.model.network.connectivity.editions import editions
from archlint.model.network.connectivity.pods import PodGroup, namespace_of
from archlint.model.network.labels import NAMESPACE_NAME_LABEL, numbers
from archlint.model.network.metadata import METADATA_ADDRESSES
from archlint.model.network.needs import ANY_ADDRESS, Needs, NeedsOfCluster
from archlint.model.network.policies import NetworkPolicy, TrafficDirection
from archlint.model.world import World

_METADATA = f"{METADATA_ADDRESSES[4]}/32"
"""No call that is known leads there."""
DNS = ConnectionSet.to_port("TCP", 53) | ConnectionSet.to_port("UDP", 53)
_INGRESS, _EGRESS = TrafficDirection.INGRESS, TrafficDirection.EGRESS


@dataclass(frozen=True)
class SuggestedPolicy:
    """One policy, and what a reader should know about it."""

    workload: str
    manifest: Mapping[str, Any]
    remarks: tuple[str, ...]
    editions: tuple[str, ...] = ()
    """The clusters that have the workload; none if all have it."""

    @property
    def ways(self) -> list[TrafficDirection]:
        """The directions that it restricts."""
        types = self.manifest["spec"]["policyTypes"]
        return [way for way in TrafficDirection if way.policy_type in types]


@dataclass(frozen=True)
class LeftOut:
    """A workload for which there is no policy."""

    workload: str
    reasons: tuple[str, ...]
    editions: tuple[str, ...] = ()
    """The clusters that have the workload; none if all have it."""


@dataclass(frozen=True)
class Suggestion:
    """What is suggested for a repository."""

    policies: tuple[SuggestedPolicy, ...]
    left_out: tuple[LeftOut, ...]


Read = Callable[[Sequence[Mapping[str, Any]]], Sequence[NetworkPolicy]]
"""Reads manifests as policies, from the very text that is printed."""
Hold = Callable[[Sequence[NetworkPolicy]], Sequence[Connectivity]]
"""What all clusters allow once some policies are added."""


def suggested(world: World, is_chosen: Callable[[PodGroup], bool], read: Read, hold: Hold) -> Suggestion:
    """Policies for the chosen workloads."""
    clusters = world.fact(connectivities)
    maker = _Maker(world, clusters)
    reasons: dict[str, list[str]] = defaultdict(list)
    made: dict[str, SuggestedPolicy] = {}
    for name, needs in sorted(maker.needs.items()):
        if is_chosen(needs.group):
            found = maker.policy(needs)
            if isinstance(found, SuggestedPolicy):
                made[name] = found
            else:
                reasons[name] += found
    while made:
        cut = maker.cuts(hold(read([item.manifest for item in made.values()])), made)
        if not cut:
            break
        for name, said in cut.items():
            del made[name]
            reasons[name] += said
    left = (
        LeftOut(name, tuple(dict.fromkeys(said)), maker.editions_of(maker.needs[name]))
        for name, said in sorted(reasons.items())
    )
    return Suggestion(tuple(made.values()), tuple(left))


class _Maker:
    """Writes and judges the policies of workloads."""

    def __init__(self, world: World, clusters: Sequence[Connectivity]) -> None:
        self._clusters = clusters
        self.needs: dict[str, Needs] = {}
        self._doubts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for edition, found in zip(world.fact(editions), clusters, strict=True):
            for name, needs in NeedsOfCluster(world, edition, found).gather().items():
                for doubt in dict.fromkeys(needs.doubts):
                    self._doubts[name][doubt].append(found.name)
                if name in self.needs:
                    self.needs[name].merge(needs)
                else:
                    self.needs[name] = needs
        self._taken = {
            (namespace_of(policy.base), policy.base.name) for each in clusters for policy in each.policies
        }
        self._labels: dict[str, dict[str, str] | None] = {}

    def policy(self, needs: Needs) -> SuggestedPolicy | list[str]:
        """The policy of a workload, or why there is none."""
        labels = self.labels_of(needs)
        own = self._doubts[needs.name].items()
        doubts = [*(self._placed(doubt, where, needs) for doubt, where in own), *self._unnamed(needs)]
        if labels is None:
            doubts.append("no labels of its pods tell them from others of the namespace")
        if doubts or labels is None:
            return list(dict.fromkeys(doubts))
        spec: dict[str, Any] = {"podSelector": {"matchLabels": labels}, "policyTypes": ["Ingress"]}
        remarks = []
        spec["ingress"] = self._ingress(needs, labels)
        if _is_shut_in(needs):
            spec["policyTypes"].append("Egress")
            spec["egress"] = self._egress(needs, labels)
        else:
            remarks.append(f"{_why_open(needs)}, so what they connect to is left open.")
        if needs.open_to_all:
            remarks.append(f"{needs.open_to_all} is open to everybody: traffic from outside comes there.")
        kept = self._kept(needs)
        if kept >= frozenset(spec["policyTypes"]):
            return ["policies restrict its pods already, and let through all that is known"]
        metadata: dict[str, Any] = {"name": self._name(needs)}
        if needs.workload.namespace is not None:
            metadata["namespace"] = needs.workload.namespace
        head = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata}
        where = self.editions_of(needs)
        return SuggestedPolicy(needs.name, {**head, "spec": spec}, tuple(remarks), where)

    def editions_of(self, needs: Needs) -> tuple[str, ...]:
        """The clusters that have a workload, by name; none if all have it."""
        names = tuple(each.name for each in self._having(needs))
        return names if len(names) < len(self._clusters) else ()

    def _placed(self, said: str, where: Sequence[str], needs: Needs) -> str:
        """What is so in some clusters, with their names unless it is so wherever the workload is."""
        every = [each.name for each in self._having(needs)]
        return said if set(every) <= set(where) else f"[{'; '.join(where)}] {said}"

    def cuts(
        self, clusters: Iterable[Connectivity], made: Mapping[str, SuggestedPolicy]
    ) -> dict[str, list[str]]:
        """What some clusters cut of the needs of the workloads for which policies were made, by workload."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for each in clusters:
            for name, policy in made.items():
                said = self.first_cut(self.needs[name], each, policy.ways)
                if said is not None:
                    found[name][said].append(each.name)
        return {
            name: [self._placed(said, where, self.needs[name]) for said, where in its.items()]
            for name, its in found.items()
        }

    def _kept(self, needs: Needs) -> frozenset[str]:
        """The directions that other policies restrict already, if these cut nothing that is needed."""
        found = frozenset(TrafficDirection)
        for each in self._having(needs):
            number = each.pods.class_of(needs.group).number
            if self.first_cut(needs, each) is not None:
                return frozenset()
            found &= frozenset(way for way in TrafficDirection if each.judge(way).selecting(number))
        return frozenset(way.policy_type for way in found)

    def _unnamed(self, needs: Needs) -> Iterator[str]:
        """Peers that no policy of this workload could name."""
        for name in needs.callers:
            caller = self.needs[name]
            if any(each.pods.class_of(caller.group).on_host for each in self._having(caller)):
                yield f"'{name}' calls it from the network of its node, whose address no file tells"
            elif not self._own_labels(caller):
                yield f"'{name}' calls it, and its pods have no labels"
            elif caller.workload.namespace is None and needs.workload.namespace is not None:
                yield f"'{name}' calls it, and no file tells its namespace"
        if needs.workload.namespace is not None and any(space is None for space, _ in needs.calls):
            yield "no file tells the namespace of a Service that it calls"

    def _having(self, needs: Needs) -> Iterator[Connectivity]:
        """The clusters that have a workload."""
        return (each for each in self._clusters if _number(needs, each) is not None)

    def _ingress(self, needs: Needs, labels: Mapping[str, str]) -> list[dict[str, Any]]:
        by_ports: dict[ConnectionSet, list[dict[str, Any]]] = defaultdict(list)
        for name, what in sorted(needs.callers.items()):
            caller = self.needs[name]
            own = self.labels_of(caller) or self._own_labels(caller)
            by_ports[what - needs.open_to_all].append(_pods(caller.workload.namespace, own, needs))
        metrics = needs.scraped - needs.open_to_all
        if metrics:
            by_ports[metrics].append({"namespaceSelector": {}})
        rules = [{"from": peers, "ports": _ports(what)} for what, peers in by_ports.items() if what]
        if needs.open_to_all:
            rules.append({"ports": _ports(needs.open_to_all)})
        return [*rules, *([{"from": [_pods(None, labels, needs)]}] if needs.calls_itself else [])]

    def _egress(self, needs: Needs, labels: Mapping[str, str]) -> list[dict[str, Any]]:
        by_ports: dict[ConnectionSet, list[dict[str, Any]]] = defaultdict(list)
        for (namespace, selector), what in sorted(needs.calls.items(), key=lambda item: str(item[0])):
            by_ports[what].append(_pods(namespace, dict(selector), needs))
        for block, what in sorted(needs.outside.items()):
            hole = {"except": [_METADATA]} if block == ANY_ADDRESS else {}
            by_ports[what].append({"ipBlock": {"cidr": block, **hole}})
        rules: list[dict[str, Any]] = [{"ports": _ports(DNS)}]
        rules += [{"to": peers, "ports": _ports(what)} for what, peers in by_ports.items() if what]
        return [*rules, *([{"to": [_pods(None, labels, needs)]}] if needs.calls_itself else [])]

    def labels_of(self, needs: Needs) -> dict[str, str] | None:
        """Labels that the pods of this workload have and no others of its namespace; the fewest first."""
        if needs.name not in self._labels:
            spec = needs.workload.base.get("spec", "selector", "matchLabels")
            wanted = [string_map(spec), self._own_labels(needs)]
            fitting = (labels for labels in wanted if labels and self._means_alone(labels, needs))
            self._labels[needs.name] = next(fitting, None)
        return self._labels[needs.name]

    def _own_labels(self, needs: Needs) -> dict[str, str]:
        return string_map(needs.workload.template.get("metadata", "labels"))

    def _means_alone(self, labels: Mapping[str, str], needs: Needs) -> bool:
        namespace = namespace_of(needs.workload.base)
        met = {
            group.name
            for each in self._clusters
            for number in numbers(each.pods.with_labels(namespace, labels))
            for group in each.pods.classes[number].members
        }
        return met == {needs.name}

    def _name(self, needs: Needs) -> str:
        """The workload's name, unless a policy has it, or a workload of another kind."""
        namespace, name = namespace_of(needs.workload.base), needs.workload.name
        alike = [other for other in self.needs if other.startswith(f"{namespace}/{name}[")]
        if len(alike) > 1:
            name = f"{name}-{needs.workload.kind.lower()}"
        return f"{name}-suggested" if (namespace, name) in self._taken else name

    def first_cut(
        self, needs: Needs, found: Connectivity, ways: Iterable[TrafficDirection] = TrafficDirection
    ) -> str | None:
        """What of the needs of a workload is not surely allowed in a cluster, in words; of one direction or
        of both."""
        number = _number(needs, found)
        if number is None:
            return None
        cuts = {_INGRESS: self._cut_from_it, _EGRESS: self._cut_by_it}
        return next((said for way in ways if (said := cuts[way](needs, number, found)) is not None), None)

    def _cut_from_it(self, needs: Needs, number: int, found: Connectivity) -> str | None:
        judge = found.judge(_INGRESS, as_taken=False)
        for allowed, peers in judge.allowed(number).items():
            if needs.open_to_all - allowed.surely:
                return f"policies that are there cut {needs.open_to_all} from outside"
            if needs.scraped - allowed.surely and peers & found.pods.all & ~found.pods.hosts:
                return f"policies that are there cut {needs.scraped}, where metrics are read"
        for name, what in needs.callers.items():
            caller = _number(self.needs[name], found)
            if caller is not None and what - found.between(caller, number, Bound.SURE):
                return f"policies that are there cut the call of '{name}' on {what}"
        return None

    def _cut_by_it(self, needs: Needs, number: int, found: Connectivity) -> str | None:
        row = found.rows(Bound.SURE)[number]
        outside = found.external[_EGRESS]
        for (namespace, selector), what in needs.calls.items():
            left = found.pods.with_labels(namespace or namespace_of(needs.workload.base), dict(selector))
            left &= ~found.pods.class_of(needs.group).bit
            for sent, reached in row.items():
                if not what - sent:
                    left &= ~reached
            if left:
                return f"policies that are there cut its calls to {_written(selector)} on {what}"
        asked = [*needs.outside.items(), *([("name servers", DNS)] if _is_shut_in(needs) else [])]
        for block, what in asked:
            item = outside.holding(block.partition("/")[0]) if block in needs.outside else None
            place = None if item is None or block == ANY_ADDRESS else outside.ranges.index(item)
            met = outside.all if place is None else 1 << (len(found.pods.classes) + place)
            sent = all_of(what for what, reached in row.items() if reached & met)
            if what - sent:  # where a name leads nobody knows: policies that let it go anywhere do
                return f"policies that are there cut its calls to {block} on {what}"
        return None


def _written(selector: Iterable[tuple[str, str]]) -> str:
    return f"pods with {', '.join(f'{key}={value}' for key, value in selector)}"


def _is_shut_in(needs: Needs) -> bool:
    """Whether enough is known to say what the pods may connect to."""
    return bool(needs.calls or needs.outside) and not needs.has_proxy and not needs.asks_server


def _why_open(needs: Needs) -> str:
    """Why what the pods connect to cannot be restricted."""
    if needs.has_proxy:
        return "A mesh puts a proxy into these pods"
    if needs.asks_server:
        return "These pods have a role at the API server, whose address no file tells"
    return "No call of these pods is known"


def _number(needs: Needs, found: Connectivity) -> int | None:
    """The class of a workload in a cluster that has it."""
    try:
        return found.pods.class_of(needs.group).number
    except KeyError:
        return None


def _pods(namespace: str | None, labels: Mapping[str, str], needs: Needs) -> dict[str, Any]:
    """A peer: pods with some labels, in the namespace of the workload or in another."""
    peer: dict[str, Any] = {"podSelector": {"matchLabels": dict(labels)}}
    if namespace is not None and namespace != needs.workload.namespace:
        space = {"matchLabels": {NAMESPACE_NAME_LABEL: namespace}}
        return {"namespaceSelector": space, **peer}
    return peer


def _ports(what: ConnectionSet) -> list[dict[str, Any]]:
    """The entries that mean some connections."""
    return [
        {"protocol": protocol, "port": first, **({} if first == last else {"endPort": last})}
        for protocol, ports in zip(PROTOCOLS, what.ports, strict=True)
        for first, last in ports
    ]
