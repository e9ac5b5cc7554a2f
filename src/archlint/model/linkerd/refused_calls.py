"""Calls that the policies of Linkerd refuse, whatever is not known about both sides.

Where a Server is for a port of a pod, nobody is let in but whom an AuthorizationPolicy or ServerAuthorization
for it names, unless its ``accessPolicy`` says otherwise; elsewhere the default policy of the pod counts.

Sources: Linkerd, "Authorization Policy" and the reference of policy resources.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.gateway_api.listeners import gateway_api_objects
from archlint.model.istio.arrivals import Arrival, each_at_all_ends
from archlint.model.istio.truth import Truth, some
from archlint.model.kubernetes import KubernetesObject, ObjectFacet, Workload
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.linkerd.identities import Authentications, Peer, authentications
from archlint.model.linkerd.objects import of_kind
from archlint.model.linkerd.servers import SKIP_INBOUND, SKIP_OUTBOUND, PodServers, pod_servers
from archlint.model.world import World

_FOR_MESH = frozenset({"all-authenticated", "cluster-authenticated"})
_ROUTES = ("HTTPRoute", "GRPCRoute")


class Cause(StrEnum):
    """Why a call is refused."""

    CALLER = "caller"
    """No policy of the Server admits the caller."""
    NOBODY = "nobody"
    """The Server has no policy."""
    DEFAULT = "default"
    """No Server is for the port, and the pod lets nobody in."""


@dataclass(frozen=True)
class CallRefused(ObjectFacet):
    """A call that is refused; the object is what has to be edited."""

    arrival: Arrival
    cause: Cause
    node: Node
    peer: Peer

    @classmethod
    def all(cls, world: World) -> list[CallRefused]:
        """Every such call, once for each caller, Service and port."""
        has_default = world.fact(pod_servers).has_defaults
        if not (has_default or any(True for _ in of_kind(world, "Server"))):
            return []
        return each_at_all_ends(world, _Judge(world).refused)


class _Judge:
    def __init__(self, world: World) -> None:
        self._servers: PodServers = world.fact(pod_servers)
        self._known: Authentications = world.fact(authentications)
        self._policies: dict[tuple[str | None, str, str], list[KubernetesObject]] = defaultdict(list)
        self._authorizations: dict[str | None, list[KubernetesObject]] = defaultdict(list)
        self._routed: set[tuple[str | None, str]] = set()
        for item in of_kind(world, "AuthorizationPolicy"):
            target = item.get("spec", "targetRef")
            key = (item.namespace, target.get("kind").text or "", target.get("name").text or "")
            self._policies[key].append(item)
        for item in of_kind(world, "ServerAuthorization"):
            self._authorizations[item.namespace].append(item)
        for kind in _ROUTES:
            for route in (*of_kind(world, kind), *world.fact(gateway_api_objects).get(kind, ())):
                self._routed.update(_servers_of(route))

    def refused(self, end: Arrival) -> CallRefused | None:
        """The call, if all pods where it may end refuse it at all ports."""
        peer, found = self._known.peer(end.caller), None
        if self._servers.may_skip(end.caller, SKIP_OUTBOUND, _called(end)):
            return None  # past its proxy it shows no identity, which no policy can change
        for callee in end.callees:
            for port in end.numbers or (None,):
                said = None if port is None else self._at(end, callee, port, peer)
                if said is None:
                    return None
                found = found or said
        return found

    def _at(self, end: Arrival, callee: Workload, port: int, peer: Peer) -> CallRefused | None:
        servers = self._servers.at(callee, port)
        if self._servers.may_skip(callee, SKIP_INBOUND, (port,)):
            return None  # its proxy is not asked
        if servers is None or self._known.is_meshed(callee) is False:
            return None
        if not servers:
            default = self._servers.default_of(callee)
            if default is None or not _shuts(default.text, peer):
                return None
            return CallRefused(callee.base, end, Cause.DEFAULT, default, peer)
        server = servers[0]
        access = server.get("spec", "accessPolicy").text or "deny"
        if len(servers) > 1 or not _shuts(access, peer) or (server.namespace, server.name) in self._routed:
            return None
        policies = list(self._about(server))
        if some(self._lets_in(item, peer) for item in policies) is not False:
            return None
        base = policies[0] if policies else server
        node = _named_callers(base) if policies else server.get("spec", "podSelector")
        return CallRefused(base, end, Cause.CALLER if policies else Cause.NOBODY, node, peer)

    def _lets_in(self, item: KubernetesObject, peer: Peer) -> Truth:
        if item.kind == "ServerAuthorization":
            return self._known.authorizes(item, peer)
        return self._known.satisfies(item, peer)

    def _about(self, server: KubernetesObject) -> Iterator[KubernetesObject]:
        """The policies for a Server, also those whose own namespace is not known."""
        for namespace in dict.fromkeys((server.namespace, None)):
            yield from self._policies.get((namespace, "Server", server.name), ())
            yield from self._policies.get((namespace, "Namespace", server.namespace or ""), ())
            for item in self._authorizations.get(namespace, ()):
                said = item.get("spec", "server")
                selector = said.get("selector")
                if said.get("name").text == server.name or (
                    selector.is_set and label_selector_matches(selector, server.labels)
                ):
                    yield item


def _called(end: Arrival) -> frozenset[int]:
    """The ports that the caller's proxy may see: those of the Service, and of the pods."""
    own = {port.node.get("port").integer for port in end.ports}
    return end.numbers.union(number for number in own if number is not None)


def _shuts(policy: str | None, peer: Peer) -> bool:
    """Whether a policy for all callers leaves one out, as far as it is known."""
    if policy == "deny":
        return True
    return policy in _FOR_MESH and peer.is_meshed is False


def _named_callers(item: KubernetesObject) -> Node:
    """Where a policy says whom it lets in."""
    for way in (("requiredAuthenticationRefs",), ("client", "meshTLS"), ("client",)):
        node = item.get("spec", *way)
        if node.exists:
            return node
    return item.get("spec")


def _servers_of(route: KubernetesObject) -> Iterator[tuple[str | None, str]]:
    for parent in route.get("spec", "parentRefs").elements():
        if parent.get("kind").text == "Server" and parent.get("name").text:
            yield parent.get("namespace").text or route.namespace, parent.get("name").text or ""
