"""Callers that authorization policies name by their service accounts, and that nobody can be."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.istio.authorization import named_sources
from archlint.model.istio.objects import of_kind
from archlint.model.istio.requests import LOCAL, is_open
from archlint.model.kubernetes import KubernetesObject, ObjectFacet, Workload
from archlint.model.kubernetes.installed import installed_elsewhere
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.kubernetes.references import is_missing
from archlint.model.kubernetes.workloads import account_of
from archlint.model.world import World

_WHOLE = regex(r"[^/\s:*]++/ns/([a-z0-9-]++)/sa/([a-z0-9.-]++)\Z")
_PARTS = regex(r"[^/]*+/ns/[^/]++/sa/[^/]++\Z")
_MADE = ("-istio", "waypoint", "ingressgateway", "egressgateway", "gateway-service-account")
"""How the accounts end that Istio makes for gateways and waypoints of the Gateway API, or its installations
for gateways of their own."""
_OF_ISTIO = ("istio-", "istiod", "ztunnel")
"""How the accounts begin that Istio's installations and charts make."""
_GATEWAYS = ("ingressGateways", "egressGateways")
_EXPLICIT = ("principals", "notPrincipals")
_DEFAULT = "default"
"""The account that each namespace has."""


@dataclass(frozen=True)
class NamedCaller(ObjectFacet):
    """One caller in a rule of an authorization policy."""

    node: Node
    key: str

    @classmethod
    def all(cls, world: World) -> Iterator[NamedCaller]:
        """Every one of every policy."""
        for item, key, node in named_sources(world, *_EXPLICIT, "serviceAccounts", "notServiceAccounts"):
            if node.text and not is_open(node.text):
                yield cls(item, node, key)

    @property
    def text(self) -> str:
        """As it is written."""
        return self.node.text or ""

    @property
    def is_impossible(self) -> bool:
        """Whether no caller has such an identity: policies leave the scheme of SPIFFE out, and in the mesh's
        own domain ``ns`` and ``sa`` stand between the parts. Source: Istio's reference of
        AuthorizationPolicy, Source."""
        text = self.text
        if self.key not in _EXPLICIT or "*" in text or _PARTS.match(text) is not None:
            return False
        return text.startswith(("spiffe://", f"{LOCAL}/")) or "/" not in text

    @property
    def has_lost_star(self) -> bool:
        """Whether it has a ``*`` that stands for itself: only one at one end stands for more."""
        return self.key in _EXPLICIT and "*" in (self.text[1:] if self.text[:1] == "*" else self.text[:-1])

    @property
    def account(self) -> tuple[str | None, str] | None:
        """Namespace and name of the account that is meant; ``None`` if it may be several."""
        if self.key in _EXPLICIT:
            found = _WHOLE.match(self.text)
            return (found[1], found[2]) if found else None
        namespace, slash, name = self.text.rpartition("/")
        return (namespace if slash else self.base.namespace, name)


@dataclass(frozen=True)
class MissingAccount:
    """An account that a policy names and nothing makes."""

    namespace: str
    name: str
    meant: KubernetesObject | None
    """One of nearly the same name in that namespace."""


def missing_account(caller: NamedCaller, world: World) -> MissingAccount | None:
    """The account of a caller, if its namespace is kept here and surely has none of that name."""
    account = caller.account
    if account is None or account[0] is None:
        return None
    namespace, name = account
    known = world.fact(_accounts)
    is_made = name.endswith(_MADE) or name.startswith(_OF_ISTIO) or name in known.made
    if name == _DEFAULT or is_made or namespace not in known.defined or name in known.used:
        return None
    if not is_missing(world, caller.base, "ServiceAccount", name, namespace):
        return None
    own = known.defined[namespace]
    near = SimilarNames(own).nearest(name)
    return MissingAccount(namespace, name, own.get(near) if near else None)


@dataclass(frozen=True)
class _Accounts:
    defined: dict[str, dict[str, KubernetesObject]]
    """By namespace and name."""
    used: frozenset[str]
    """Names that workloads run under, which another rule tells where they are not defined."""
    made: frozenset[str]
    """Names that charts and installations from elsewhere give to accounts."""


def _accounts(world: World) -> _Accounts:
    defined: dict[str, dict[str, KubernetesObject]] = {}
    for item in world.all(KubernetesObject):
        if item.kind == "ServiceAccount" and not item.group and item.namespace:
            defined.setdefault(item.namespace, {}).setdefault(item.name, item)
    used = frozenset(text for workload in world.all(Workload) if (text := account_of(workload).text))
    return _Accounts(defined, used, world.fact(installed_elsewhere) | frozenset(_of_gateways(world)))


def _of_gateways(world: World) -> Iterator[str]:
    """The accounts of the gateways that an IstioOperator installs."""
    for item in of_kind(world, "IstioOperator"):
        for key in _GATEWAYS:
            for gateway in item.get("spec", "components", key).elements():
                yield f"{gateway.get('name').text}-service-account"
