"""Whom authentications of Linkerd admit.

Sources: Linkerd's reference of policy resources (MeshTLSAuthentication, NetworkAuthentication,
AuthorizationPolicy, ServerAuthorization) and "Automatic mTLS" (identities of ServiceAccounts).
"""

from __future__ import annotations

from collections import defaultdict

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.truth import Truth, every, some
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.namespaces import namespace_objects
from archlint.model.kubernetes.workloads import account_of
from archlint.model.linkerd.objects import of_kind
from archlint.model.world import World

_MIDDLE = ".serviceaccount.identity."
_USUAL = "linkerd.cluster.local"
_EVERYONE = frozenset({"0.0.0.0/0", "::/0"})
_INJECT = "linkerd.io/inject"


@dataclass(frozen=True, slots=True)
class Peer:
    """Who calls; what is not known is ``None``."""

    namespace: str | None
    account: str
    is_meshed: Truth
    """Whether it has a proxy, and so an identity."""

    @property
    def identity(self) -> str:
        """As proxies see it; what is not known of it is a ``*``."""
        return f"{self.account}.{self.namespace or '*'}{_MIDDLE}{_USUAL}"

    def is_called(self, pattern: str) -> Truth:
        """Whether its identity is one of a pattern, which may begin with ``*``."""
        if is_placeholder(pattern):
            return None
        return self._shown(True if pattern == "*" else self._named(pattern))

    def runs_as(self, namespace: str | None, name: str | None) -> Truth:
        """Whether it runs under an account; no name means any of the namespace."""
        if name is not None and name != self.account:
            return False
        is_there = None if None in (namespace, self.namespace) else namespace == self.namespace
        return self._shown(is_there)

    def _named(self, pattern: str) -> Truth:
        own, middle, domain = pattern.partition(_MIDDLE)
        if not middle:
            return None if pattern.startswith("*") else False
        account, _, namespace = own.rpartition(".")
        if account not in ("*", self.account):
            return False if account or own != "*" else None
        is_there = None if self.namespace is None else namespace == self.namespace
        return every((is_there, True if domain == _USUAL else None))

    def _shown(self, answer: Truth) -> Truth:
        return False if answer is False else every((answer, self.is_meshed))


class Authentications:
    """The authentications of a world, and whether pods have a proxy."""

    def __init__(self, world: World) -> None:
        self._by_name: dict[tuple[str, str | None, str], list[KubernetesObject]] = defaultdict(list)
        for item in of_kind(world, "MeshTLSAuthentication", "NetworkAuthentication"):
            self._by_name[item.kind, item.namespace, item.name].append(item)
        self._spaces = world.fact(namespace_objects)

    def peer(self, workload: Workload) -> Peer:
        """A workload as a caller."""
        account = account_of(workload).text or "default"
        return Peer(workload.namespace, account, self.is_meshed(workload))

    def is_meshed(self, workload: Workload) -> Truth:
        """Whether pods have a proxy: many get theirs by a command, so without a word nothing is known."""
        said = workload.pod_annotations.get(_INJECT)
        spaces = self._spaces.get(workload.namespace or "", ())
        if said is None and len({space.annotations.get(_INJECT, "") for space in spaces}) == 1:
            said = spaces[0].annotations.get(_INJECT)
        return {"enabled": True, "ingress": True, "disabled": False}.get(said or "")

    def satisfies(self, policy: KubernetesObject, peer: Peer) -> Truth:
        """Whether a caller has all authentications that an AuthorizationPolicy asks for."""
        references = policy.get("spec", "requiredAuthenticationRefs").elements()
        return every(self._has(node, policy.namespace, peer) for node in references)

    def _has(self, reference: Node, home: str | None, peer: Peer) -> Truth:
        kind, name = reference.get("kind").text, reference.get("name").text
        namespace = reference.get("namespace").text or home
        if kind == "ServiceAccount":
            return peer.runs_as(namespace, name)
        found = self._by_name.get((kind or "", namespace, name or ""), [])
        answers = {_admits(item, peer) for item in found}
        return answers.pop() if len(answers) == 1 else None

    def authorizes(self, item: KubernetesObject, peer: Peer) -> Truth:
        """Whether a ServerAuthorization lets a caller in."""
        client = item.get("spec", "client")
        if client.get("unauthenticated").value is True:
            is_known: Truth = True
        else:
            is_known = some(self._mesh_tls(client.get("meshTLS"), item.namespace, peer))
        networks = client.get("networks")
        return every((is_known, _is_in(networks) if networks.exists else True))

    def _mesh_tls(self, said: Node, home: str | None, peer: Peer) -> list[Truth]:
        found: list[Truth] = [peer.is_called(node.text or "") for node in said.get("identities").elements()]
        for node in said.get("serviceAccounts").elements():
            found.append(peer.runs_as(node.get("namespace").text or home, node.get("name").text))
        if said.get("unauthenticatedTLS").value is True:
            found.append(None)
        return found


def _admits(item: KubernetesObject, peer: Peer) -> Truth:
    spec = item.get("spec")
    if item.kind == "NetworkAuthentication":
        return _is_in(spec.get("networks"))
    answers = [peer.is_called(node.text or "") for node in spec.get("identities").elements()]
    for node in spec.get("identityRefs").elements():
        name, space = node.get("name").text, node.get("namespace").text or item.namespace
        is_space = node.get("kind").text == "Namespace"
        answers.append(peer.runs_as(name or space, None) if is_space else peer.runs_as(space, name))
    return some(answers)


def _is_in(networks: Node) -> Truth:
    """Whether a pod, whose address is not known, is in some networks."""
    for node in networks.elements():
        if node.get("cidr").text in _EVERYONE and not node.get("except").exists:
            return True
    return None


def authentications(world: World) -> Authentications:
    """The authentications of a world; ask with ``world.fact(authentications)``."""
    return Authentications(world)
