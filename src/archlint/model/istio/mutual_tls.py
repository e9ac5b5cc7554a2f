"""Settings of mutual TLS: what peer authentications demand, and what destination rules make callers do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.destination_rules import DestinationRule
from archlint.model.istio.hosts import ServiceHost, service_host
from archlint.model.istio.injection import INJECT_KEY, NAMESPACE_KEY, REVISION_KEY
from archlint.model.istio.mesh_config import root_namespaces
from archlint.model.istio.objects import NETWORKING_GROUP, of_kind
from archlint.model.kubernetes import KubernetesObject, ObjectFacet, Workload
from archlint.model.kubernetes.namespaces import namespace_objects
from archlint.model.kubernetes.sets import SetsKey, deployment_sets
from archlint.model.world import World


@dataclass(frozen=True)
class PeerAuthentication(ObjectFacet):
    """One PeerAuthentication."""

    @classmethod
    def all(cls, world: World) -> Iterable[PeerAuthentication]:
        """Every peer authentication in the world."""
        return [cls(item) for item in of_kind(world, "PeerAuthentication")]

    @property
    def has_selector(self) -> bool:
        """Whether it is for some workloads alone; an empty selector is none."""
        return bool(self.base.get("spec", "selector", "matchLabels").value)

    @property
    def mode(self) -> Node:
        """``spec.mtls.mode``; missing or ``UNSET`` inherits."""
        return self.base.get("spec", "mtls", "mode")

    @property
    def port_modes(self) -> Iterator[tuple[str, Node]]:
        """The mode of each port that has one of its own."""
        for port, setting in self.base.get("spec", "portLevelMtls").items():
            yield port, setting.get("mode")


@dataclass(frozen=True)
class TlsSetting(ObjectFacet):
    """One TLS mode of a peer authentication or destination rule."""

    mode: Node
    port: str | None = None
    """The port of a peer authentication's setting for one port."""

    @classmethod
    def all(cls, world: World) -> Iterable[TlsSetting]:
        """Every mode that is set."""
        for peer in world.all(PeerAuthentication):
            yield cls(peer.base, peer.mode)
            for port, mode in peer.port_modes:
                yield cls(peer.base, mode, port)
        for rule in world.all(DestinationRule):
            for mode in rule.tls_modes:
                yield cls(rule.base, mode)

    @property
    def is_for_callers(self) -> bool:
        """Whether a destination rule holds it, so that it says what callers do."""
        return self.base.group == NETWORKING_GROUP


def strict_peer_of(rule: KubernetesObject, world: World) -> PeerAuthentication | None:
    """The peer authentication that surely demands mutual TLS of the host of a destination rule.

    That is one with mode STRICT for the whole namespace of the host, or for the mesh where the namespace is
    in the mesh by its label. Where some workload of the namespace is under another mode or has no sidecar,
    it may be the one that the host stands for, and nothing is sure.
    """
    target = _target(rule)
    if target is None:
        return None
    key: SetsKey = ()
    if target.namespace is None:
        key = tuple(map(id, world.fact(deployment_sets).of(rule)))
    known = world.fact(_strict_peers)
    if (target.namespace, key) not in known:
        known[target.namespace, key] = _strict_peer(target.namespace, rule, world)
    return known[target.namespace, key]


def _strict_peers(world: World) -> dict[tuple[str | None, SetsKey], PeerAuthentication | None]:
    """What was found so far, by namespace, and where that is unknown by the sets of the asker."""
    return {}


def _strict_peer(namespace: str | None, rule: KubernetesObject, world: World) -> PeerAuthentication | None:
    """The peer authentication that surely demands mutual TLS of a namespace, as a destination rule means it.

    One without a namespace counts for rules of its own deployment sets alone.
    """
    peers = _of_namespace(namespace, world)
    if namespace is None:
        paths = frozenset[str]().union(*(group.paths for group in world.fact(deployment_sets).of(rule)))
        peers = [peer for peer in peers if peer.source.path in paths]
    has_exceptions = bool({namespace, None} & world.fact(_namespaces_opted_out))
    if has_exceptions or any(peer.has_selector for peer in peers):
        return None
    whole = [peer for peer in peers if peer.mode.text not in (None, "UNSET")]
    if not whole and namespace in world.fact(_namespaces_injected):
        roots = world.fact(root_namespaces)
        known = [_of_namespace(root, world) for root in sorted(roots)] if len(roots) == 1 else []
        whole = [peer for found in known for peer in found if not peer.has_selector]
    is_strict = bool(whole) and all(peer.mode.text == "STRICT" for peer in whole)
    return whole[0] if is_strict else None


def _target(rule: KubernetesObject) -> ServiceHost | None:
    """The service, or all services of a namespace (name ``*``), that a destination rule is for."""
    host = rule.get("spec", "host").text or ""
    if host.startswith("*.") and ".svc" in host:
        return service_host(f"any{host[1:]}", rule.namespace)
    return service_host(host, rule.namespace)


def _of_namespace(namespace: str | None, world: World) -> list[PeerAuthentication]:
    return world.fact(_by_namespace).get(namespace, [])


def _by_namespace(world: World) -> dict[str | None, list[PeerAuthentication]]:
    found: dict[str | None, list[PeerAuthentication]] = defaultdict(list)
    for peer in world.all(PeerAuthentication):
        found[peer.base.namespace].append(peer)
    return found


def _namespaces_opted_out(world: World) -> frozenset[str | None]:
    """The namespaces in which some workload has no sidecar."""
    return frozenset(
        workload.namespace
        for workload in world.all(Workload)
        for labels in (workload.pod_labels, workload.pod_annotations)
        if labels.get(INJECT_KEY, "true") != "true"
    )


def _namespaces_injected(world: World) -> frozenset[str | None]:
    """The namespaces that a label puts into the mesh."""
    return frozenset(
        name
        for name, definitions in world.fact(namespace_objects).items()
        for item in definitions
        if item.labels.get(NAMESPACE_KEY) == "enabled" or REVISION_KEY in item.labels
    )
