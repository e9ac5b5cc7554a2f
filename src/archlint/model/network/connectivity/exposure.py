"""To whom pods are open whom no file describes: any pod of the cluster, or those that rules select.

Each pair of selectors in a rule stands for a pod that has just what they ask for. A rule is about such a pod
if all that it asks for is asked for by that pair as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from archlint.documents import Node
from archlint.finding.records import replace
from archlint.model.network.connectivity.bounded import BoundedSet, either, exactly
from archlint.model.network.connectivity.connections import PROTOCOLS, ConnectionSet
from archlint.model.network.connectivity.connectivity import Connectivity
from archlint.model.network.connectivity.external import AddressRange
from archlint.model.network.connectivity.judging import DirectionJudge
from archlint.model.network.connectivity.listing import Chosen, Connection, connections
from archlint.model.network.connectivity.pods import PodClass, PodGroup, namespace_of
from archlint.model.network.connectivity.traffic import PolicyTier, TrafficPolicy, TrafficRule
from archlint.model.network.labels import NAMESPACE_NAME_LABEL
from archlint.model.network.policies import TrafficDirection

ENTIRE_CLUSTER = "entire-cluster"
_OF_NAME = f"{NAMESPACE_NAME_LABEL}="
Asked = frozenset[str]
"""What a selector asks for, each requirement as a text."""


class Stranger(NamedTuple):
    """Pods that no file need describe: all that meet two selectors."""

    namespaces: Asked
    pods: Asked

    @property
    def namespace(self) -> str | None:
        """The name of the namespace, if that is all that is asked of it."""
        (only,) = self.namespaces if len(self.namespaces) == 1 else ("",)
        return only.removeprefix(_OF_NAME) if only.startswith(_OF_NAME) else None

    def name(self, written: Mapping[str, str]) -> str:
        """As netpol-analyzer writes it; ``written`` is how requirements stand in the file."""
        if not self.namespaces and not self.pods:
            return ENTIRE_CLUSTER
        spaces = self.namespace or f"[namespace with {_together(self.namespaces, written)}]"
        if not self.namespaces:
            spaces = "[all namespaces]"
        pods = f"[pod with {_together(self.pods, written)}]" if self.pods else "[all pods]"
        return f"{spaces}/{pods}"

    @property
    def labels(self) -> dict[str, str] | None:
        """The labels that are asked of the pods; ``None`` if anything else is asked as well."""
        if not self.pods or any(item.startswith("{") for item in self.pods):
            return None
        return dict(item.split("=", 1) for item in self.pods)


_ANYBODY = Stranger(frozenset(), frozenset())


def _together(asked: Asked, written: Mapping[str, str]) -> str:
    """Labels first."""
    ordered = sorted(asked, key=lambda item: (item.startswith("{"), item))
    return f"{{{','.join(written.get(item, item) for item in ordered)}}}"


class Exposure(NamedTuple):
    """What pods that no file describes may do to some pods, or these to them."""

    direction: TrafficDirection
    pods: PodClass
    peer: str
    connections: ConnectionSet
    port_names: tuple[tuple[str, str], ...] = ()
    """Protocols and port names, which mean something else in each pod."""

    @property
    def written(self) -> str:
        """Such as ``TCP 80,http``."""
        names: dict[str, list[str]] = {}
        for protocol, name in sorted(self.port_names):
            names.setdefault(protocol, []).append(name)
        if not names:
            return str(self.connections)
        parts = []
        for protocol in PROTOCOLS:
            numbers = self.connections & ConnectionSet.to_port(protocol, 1, 65535)
            said = [str(numbers).partition(" ")[2]] if numbers else []
            if said or protocol in names:
                parts.append(f"{protocol} {','.join([*said, *names.get(protocol, [])])}")
        return ",".join(parts)


def exposures(found: Connectivity) -> Iterator[Exposure]:
    """All pods with the strangers to whom they are open, by direction; those who are no different from
    anybody are left out, and those of whom a file describes just what is asked for."""
    written: dict[str, str] = {}
    for policy in found.policies:
        for rules in policy.rules.values():
            for rule in rules:
                for key, text in _texts(rule):
                    written.setdefault(key, text)
    for direction in (TrafficDirection.EGRESS, TrafficDirection.INGRESS):
        yield from _Strangers(found, direction, written).exposures()


class Exposed(NamedTuple):
    """To whom a workload is open, or may connect."""

    direction: str
    workload: str
    peer: str
    ports: str
    editions: tuple[str, ...] = ()
    """In which editions of a repository it is so; none if it is so in all of them."""


class Unprotected(NamedTuple):
    """A workload that no policy selects for a direction."""

    direction: str
    workload: str
    editions: tuple[str, ...] = ()
    """As for ``Exposed``."""


class NetworkExposure(NamedTuple):
    """To whom workloads are open, and for what no policy selects them."""

    exposures: tuple[Exposed, ...]
    unprotected: tuple[Unprotected, ...]


def network_exposure(found: Sequence[Connectivity], chosen: Chosen | None = None) -> NetworkExposure:
    """What chosen workloads are open to, in all editions."""
    exposed: dict[Exposed, dict[str, None]] = defaultdict(dict)
    bare: dict[Unprotected, dict[str, None]] = defaultdict(dict)
    for edition in found:
        for name, item in _exposed(edition, chosen):
            row = Exposed(item.direction.value, name, item.peer, item.written)
            exposed[row][edition.name] = None
        for direction, pods in unprotected(edition):
            for name in _members(pods, chosen):
                bare[Unprotected(direction.value, name)][edition.name] = None

    def names(editions: Iterable[str]) -> tuple[str, ...]:
        told = tuple(editions)
        return () if len(told) == len(found) else told

    return NetworkExposure(
        tuple(row._replace(editions=names(exposed[row])) for row in sorted(exposed)),
        tuple(row._replace(editions=names(bare[row])) for row in sorted(bare)),
    )


def _exposed(found: Connectivity, chosen: Chosen | None) -> Iterator[tuple[str, Exposure]]:
    """All of one edition, by the names of the workloads."""
    for item in exposures(found):
        yield from ((name, item) for name in _members(item.pods, chosen))
    for connection in connections(found, chosen):
        yield from _outside(found, connection)


def _outside(found: Connectivity, connection: Connection) -> Iterator[tuple[str, Exposure]]:
    """What a connection says about addresses outside."""
    source, destination, bounds = connection
    for direction, own, other in (
        (TrafficDirection.INGRESS, destination, source),
        (TrafficDirection.EGRESS, source, destination),
    ):
        if isinstance(own, PodGroup) and isinstance(other, AddressRange) and bounds.taken:
            yield own.name, Exposure(direction, found.pods.class_of(own), other.name, bounds.taken)


def _members(pods: PodClass, chosen: Chosen | None) -> list[str]:
    return [group.name for group in pods.members if chosen is None or chosen(group)]


def unprotected(found: Connectivity) -> Iterator[tuple[TrafficDirection, PodClass]]:
    """The pods that no policy selects for a direction."""
    for item in found.pods.classes[:-1]:
        for direction in TrafficDirection:
            if not found.judge(direction).selecting(item.number):
                yield direction, item


class _Strangers:
    """Judges one direction with strangers among the peers."""

    def __init__(self, found: Connectivity, direction: TrafficDirection, written: Mapping[str, str]) -> None:
        self._found = found
        self._written = written
        self._direction = direction
        policies = [policy for policy in found.policies if direction in policy.directions]
        named = [stranger for policy in policies for stranger in self._named_by(policy)]
        self._strangers = {each: at for at, each in enumerate(dict.fromkeys([_ANYBODY, *named]))}
        self._picked: dict[tuple[Asked, str], bool] = {}
        everyone = found.pods.all | found.external[direction].all
        self._start = everyone.bit_length()
        every = ((1 << len(self._strangers)) - 1) << self._start
        self._policies = [self._with_strangers(policy) for policy in policies]
        self._judge = DirectionJudge(direction, self._policies, found.pods, everyone | every, as_taken=True)

    def exposures(self) -> Iterator[Exposure]:
        """What each class of pods is open to."""
        for item in self._found.pods.classes[:-1]:
            policies = self._judge.selecting(item.number)
            anybody = self._exposure(item, _ANYBODY, policies)
            if anybody.connections or anybody.port_names:
                yield anybody
            meant = [stranger for policy in policies for stranger in self._named_by(policy)]
            for stranger in dict.fromkeys(meant):
                if stranger == _ANYBODY or self._is_described(stranger):
                    continue
                exposure = self._exposure(item, stranger, policies)
                if exposure[3:] != anybody[3:]:
                    yield exposure

    def _named_by(self, policy: TrafficPolicy) -> Iterator[Stranger]:
        for rule in policy.rules[self._direction]:
            yield from (stranger for _, stranger in _peers(policy, rule))

    def _exposure(self, item: PodClass, stranger: Stranger, policies: Sequence[TrafficPolicy]) -> Exposure:
        number = self._start + self._strangers[stranger]
        allowed = self._judge.allowed_for(item.number, number).surely
        names: tuple[tuple[str, str], ...] = ()
        if self._direction is TrafficDirection.EGRESS:
            names = tuple(dict.fromkeys(self._port_names(policies, number)))
        return Exposure(self._direction, item, stranger.name(self._written), allowed, names)

    def _port_names(self, policies: Sequence[TrafficPolicy], number: int) -> Iterator[tuple[str, str]]:
        for policy in policies:
            if policy.tier is PolicyTier.NETWORK_POLICY:
                for rule in policy.rules[self._direction]:
                    if rule.peers.taken >> number & 1:
                        named = (port for port in rule.ports or () if port.name and port.protocol)
                        yield from ((port.protocol or "", port.name or "") for port in named)

    def _is_described(self, stranger: Stranger) -> bool:
        """Whether a file has pods with just the labels that are asked for, in the one namespace that is."""
        labels = stranger.labels
        if stranger.namespace is None or labels is None:
            return False
        return bool(self._found.pods.with_labels(stranger.namespace, labels))

    def _with_strangers(self, policy: TrafficPolicy) -> TrafficPolicy:
        rules = {
            direction: [self._met(policy, rule) if direction is self._direction else rule for rule in those]
            for direction, those in policy.rules.items()
        }
        return replace(policy, rules=rules)

    def _met(self, policy: TrafficPolicy, rule: TrafficRule) -> TrafficRule:
        everyone = self._found.pods.all | self._found.external[self._direction].all
        met = 0
        for stranger, place in self._strangers.items():
            if rule.peers.sure & everyone == everyone or any(
                self._is_met(peer, asked, stranger) for peer, asked in _peers(policy, rule)
            ):
                met |= 1 << (self._start + place)
        peers: BoundedSet = either(rule.peers, exactly(met))
        return replace(rule, peers=peers)

    def _is_met(self, namespaces: Node | None, asked: Stranger, stranger: Stranger) -> bool:
        """Whether a stranger has all that a peer asks for; the labels of its namespace may be known."""
        if not asked.pods <= stranger.pods:
            return False
        if asked.namespaces <= stranger.namespaces:
            return True
        name = stranger.namespace
        if name is None or namespaces is None:
            return False
        key = (asked.namespaces, name)
        if key not in self._picked:
            self._picked[key] = self._found.pods.is_picked(name, namespaces)
        return self._picked[key]


def _peers(policy: TrafficPolicy, rule: TrafficRule) -> Iterator[tuple[Node | None, Stranger]]:
    """The pairs of selectors in a rule, with the node of the one for namespaces."""
    own = frozenset({_OF_NAME + namespace_of(policy.base)})
    for peer in rule.node.get(rule.direction.peers_key).elements():
        inside = peer.get("pods")
        if policy.tier is PolicyTier.NETWORK_POLICY and policy.base.kind == "NetworkPolicy":
            spaces, pods = peer.get("namespaceSelector"), peer.get("podSelector")
            if peer.get("ipBlock").is_set or not (spaces.is_set or pods.is_set):
                continue
            if not spaces.is_set:
                yield None, Stranger(own, _asked(pods))
                continue
        elif inside.is_set:
            spaces, pods = inside.get("namespaceSelector"), inside.get("podSelector")
        elif peer.get("namespaces").is_set:
            spaces, pods = peer.get("namespaces"), peer.get("podSelector")
        else:
            continue
        yield spaces, Stranger(_asked(spaces), _asked(pods))


def _asked(selector: Node) -> Asked:
    labels = (f"{key}={value.text}" for key, value in selector.get("matchLabels").items())
    return frozenset((*labels, *map(_expression, selector.get("matchExpressions").elements())))


def _expression(item: Node, *, ordered: bool = True) -> str:
    """A requirement as a text; the order of its values means nothing."""
    values = [value.text for value in item.get("values").elements() if value.text is not None]
    said = " ".join(sorted(values) if ordered else values)
    return f"{{Key:{item.get('key').text},Operator:{item.get('operator').text},Values:[{said}],}}"


def _texts(rule: TrafficRule) -> Iterator[tuple[str, str]]:
    """The requirements of a rule's expressions, and how they stand there."""
    for peer in rule.node.get(rule.direction.peers_key).elements():
        for holder in (peer, peer.get("pods")):
            for key in ("namespaceSelector", "podSelector"):
                for item in holder.get(key, "matchExpressions").elements():
                    yield _expression(item), _expression(item, ordered=False)
        for item in peer.get("namespaces", "matchExpressions").elements():
            yield _expression(item), _expression(item, ordered=False)
