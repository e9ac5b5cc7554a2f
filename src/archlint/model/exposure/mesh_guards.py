"""What Istio demands of callers: tokens, by RequestAuthentication and AuthorizationPolicy.

A RequestAuthentication alone refuses wrong tokens and lets through who shows none; an AuthorizationPolicy
that denies ``notRequestPrincipals: ["*"]``, or allows nobody without a request principal, asks for one.

Sources: Istio, "Authorization Policy" (order of CUSTOM, DENY and ALLOW; ``to.operation``), "Security: request
authentication", and "JWTRule".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.exposure.guards import Guard
from archlint.model.exposure.routes import PathRoute
from archlint.model.istio.mesh_config import root_namespaces
from archlint.model.kubernetes import KubernetesObject, string_map
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.selectors import selects
from archlint.model.services.grouping import Service
from archlint.model.world import World

_GROUP = "security.istio.io"
_POLICY, _AUTHENTICATION = "AuthorizationPolicy", "RequestAuthentication"
_Pair = tuple[str, str]
"""A label."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as far as policies look at it."""

    method: str
    path: str


class MeshGuards:
    """The policies of a mesh that look at tokens."""

    def __init__(self, world: World) -> None:
        self._roots = world.fact(root_namespaces)
        self._gateways: dict[str, list[KubernetesObject]] = {}
        self._by_label: dict[tuple[str | None, _Pair | None], list[KubernetesObject]] = defaultdict(list)
        self._by_pair: dict[_Pair | None, list[KubernetesObject]] = defaultdict(list)
        self._by_target: dict[str, list[KubernetesObject]] = defaultdict(list)
        self._of_service: dict[int, list[KubernetesObject]] = {}
        self._of_route: dict[int, list[KubernetesObject]] = {}
        self._all: list[KubernetesObject] = []
        for base in world.all(KubernetesObject):
            if base.group == _GROUP and base.kind in (_POLICY, _AUTHENTICATION):
                self._add(base)
            elif (base.group, base.kind) == ("networking.istio.io", "Gateway"):
                self._gateways.setdefault(base.name, []).append(base)

    def _add(self, base: KubernetesObject) -> None:
        self._all.append(base)
        self._by_label[base.namespace, _label(base)].append(base)
        self._by_pair[_label(base)].append(base)
        for item in _references(base):
            if item.get("kind").text == "Gateway" and item.get("name").text:
                self._by_target[item.get("name").text or ""].append(base)

    def of(self, route: PathRoute | None, service: Service | None, asked: Asked) -> Guard | None:
        """What demands a token on the way by a route to a service."""
        if not self._all:
            return None
        found = None if service is None else _demand(self._around(service, _POLICY), asked)
        if found is None and route is not None and route.sent is route.asked:
            found = _demand(self._at_gateway(route, _POLICY), asked)
        return found

    def may_guard(self, route: PathRoute, service: Service) -> bool:
        """Whether any authentication is about the way, or a policy that may ask for a token."""
        is_asked = any(map(_may_ask, self._at_gateway(route, _POLICY)))
        return is_asked or bool(self._at_gateway(route, _AUTHENTICATION)) or self.may_guard_service(service)

    def may_guard_service(self, service: Service) -> bool:
        """Whether any authentication is about a service, or a policy that may ask for a token."""
        is_asked = any(map(_may_ask, self._around(service, _POLICY)))
        return is_asked or bool(self._around(service, _AUTHENTICATION))

    def lets_in(self, service: Service) -> KubernetesObject | None:
        """The authentication of a service's tokens, if no policy around it may ask for one."""
        authentications = self._around(service, _AUTHENTICATION)
        is_asked = any(map(_may_ask, self._around(service, _POLICY)))
        return authentications[0] if authentications and not is_asked else None

    @cached_property
    def asks_at_gateways(self) -> bool:
        """Whether a policy that may ask for a token is about pods that are no service's, as gateways are."""
        return any(item.kind == _POLICY and _may_ask(item) and _is_of_gateway(item) for item in self._all)

    def issuers(self, service: Service) -> list[Node]:
        """The issuers whose tokens are taken for the pods of a service."""
        return [
            rule.get("issuer")
            for base in self._around(service, _AUTHENTICATION)
            for rule in base.get("spec", "jwtRules").elements()
            if rule.get("issuer").text
        ]

    def _around(self, service: Service, kind: str) -> list[KubernetesObject]:
        """The policies of a kind that are about all workloads of a service."""
        if id(service) not in self._of_service:
            self._of_service[id(service)] = list(self._found_around(service))
        return [item for item in self._of_service[id(service)] if item.kind == kind]

    def _found_around(self, service: Service) -> Iterator[KubernetesObject]:
        labels = [workload.running_labels for workload in service.workloads]
        fronts = {front.name for front in service.fronts}
        pairs = [None, *(labels[0].items() if labels else ())]
        for namespace in dict.fromkeys((service.namespace, *sorted(self._roots))) if labels else ():
            for pair in pairs:
                for base in self._by_label.get((namespace, pair), ()):
                    if _is_about(base, labels, fronts):
                        yield base

    def _at_gateway(self, route: PathRoute, kind: str) -> list[KubernetesObject]:
        """The policies of a kind that are about the gateway of a route."""
        if id(route.base) not in self._of_route:
            self._of_route[id(route.base)] = list(self._found_at_gateway(route.base))
        return [item for item in self._of_route[id(route.base)] if item.kind == kind]

    def _found_at_gateway(self, base: KubernetesObject) -> Iterator[KubernetesObject]:
        """By the labels of the gateway of a VirtualService, or by the name of the parent of a route."""
        for parent in base.get("spec", "parentRefs").elements():
            yield from self._by_target.get(parent.get("name").text or "", ())
        for item in base.get("spec", "gateways").elements():
            for gateway in self._gateways.get((item.text or "").rpartition("/")[2], ()):
                labels = string_map(gateway.get("spec", "selector"))
                own = {*labels.items(), *(("app", f"istio-{value}") for value in labels.values())}
                for pair in sorted(own):
                    for policy in self._by_pair.get(pair, ()):
                        if own.issuperset(string_map(policy.get("spec", "selector", "matchLabels")).items()):
                            yield policy


def mesh_guards(world: World) -> MeshGuards:
    """The guards of the mesh of a world; ask with ``world.fact(mesh_guards)``."""
    return MeshGuards(world)


def _references(base: KubernetesObject) -> list[Node]:
    return [base.get("spec", "targetRef"), *base.get("spec", "targetRefs").elements()]


def _is_about(base: KubernetesObject, labels: Sequence[Mapping[str, str]], fronts: set[str]) -> bool:
    targets = [item for item in _references(base) if item.is_map]
    if targets:
        return any(item.get("kind").text == "Service" and item.get("name").text in fronts for item in targets)
    selector = string_map(base.get("spec", "selector", "matchLabels"))
    return all(selects(selector, each) for each in labels) if selector else True


def _label(base: KubernetesObject) -> _Pair | None:
    """The first label that a policy selects by; ``None`` for one that selects by none."""
    return min(string_map(base.get("spec", "selector", "matchLabels")).items(), default=None)


def _may_ask(base: KubernetesObject) -> bool:
    """Whether a policy looks at tokens, or leaves the decision to another program."""
    if base.get("spec", "action").text == "CUSTOM":
        return True
    return any(
        item.get("source", key).exists
        for rule in base.get("spec", "rules").elements()
        for item in rule.get("from").elements()
        for key in ("requestPrincipals", "notRequestPrincipals")
    ) or any(
        (item.get("key").text or "").startswith("request.")
        for rule in base.get("spec", "rules").elements()
        for item in rule.get("when").elements()
    )


def _is_of_gateway(base: KubernetesObject) -> bool:
    kinds = {item.get("kind").text for item in _references(base)}
    words = str(base.get("spec", "selector").value)
    return bool(kinds & {"Gateway", "GatewayClass"}) or "gateway" in words


def _demand(policies: list[KubernetesObject], asked: Asked) -> Guard | None:
    """What of some policies refuses a request without a token."""
    for base in policies:
        action = base.get("spec", "action").text
        for rule in base.get("spec", "rules").elements() if action in ("DENY", "CUSTOM") else ():
            node = rule if action == "CUSTOM" else _without_token(rule)
            if node is not None and not rule.get("when").exists and _takes(rule, asked, surely=True):
                return Guard.at(node, f"AuthorizationPolicy '{base.name}'")
    return _only_with_token(
        [base for base in policies if base.get("spec", "action").text in (None, "ALLOW")], asked
    )


def _only_with_token(allowing: list[KubernetesObject], asked: Asked) -> Guard | None:
    """The rule by which alone a request is allowed, if all that may allow it ask for a token."""
    matching = [
        (base, rule)
        for base in allowing
        for rule in base.get("spec", "rules").elements()
        if _takes(rule, asked, surely=False)
    ]
    shown = [(base, node) for base, rule in matching for node in _with_token(rule)]
    if not matching or len(shown) < len(matching):
        return None
    base, node = shown[0]
    return Guard.at(node, f"AuthorizationPolicy '{base.name}'")


def _without_token(rule: Node) -> Node | None:
    """What of a rule is about requests without a token alone."""
    sources = [item.get("source") for item in rule.get("from").elements()]
    for source in sources:
        node = source.get("notRequestPrincipals")
        if [item.text for item in node.elements()] == ["*"] and len(list(source.items())) == 1:
            return node
    return None


def _with_token(rule: Node) -> Iterator[Node]:
    """The first thing in each rule that only requests with a token have; nothing where some source needs
    none."""
    conditions = [item.get("key") for item in rule.get("when").elements()]
    claims = [key for key in conditions if (key.text or "").startswith("request.auth.")]
    sources = [item.get("source", "requestPrincipals") for item in rule.get("from").elements()]
    if claims:
        yield claims[0]
    elif sources and all(node.is_list for node in sources):
        yield sources[0]


def _takes(rule: Node, asked: Asked, *, surely: bool) -> bool:
    """Whether the operations that a rule names have a request among them, ``surely`` or perhaps: the host
    and the port of a request are not known."""
    operations = [item.get("operation") for item in rule.get("to").elements()]
    return not operations or any(_is_operation(item, asked, surely=surely) for item in operations)


_UNKNOWN = ("ports", "hosts", "notPorts", "notHosts")
"""What operations ask for and nobody knows of a request."""


def _is_operation(stated: Node, asked: Asked, *, surely: bool) -> bool:
    values = {"paths": asked.path, "methods": asked.method}
    for key, value in values.items():
        wanted = [item.text or "" for item in stated.get(key).elements()]
        other = [item.text or "" for item in stated.get(f"not{key.capitalize()}").elements()]
        if wanted and not any(_fits(each, value, unknown=not surely) for each in wanted):
            return False
        if any(_fits(each, value, unknown=surely) for each in other):
            return False
    return not (surely and any(stated.get(key).exists for key in _UNKNOWN))


def _fits(pattern: str, value: str, *, unknown: bool) -> bool:
    """Whether a value is one of a pattern with a star at its beginning or end; ``unknown`` is the answer for
    a placeholder, and for a path with variables."""
    if "{" in pattern or is_placeholder(pattern):
        return unknown
    if pattern == "*":
        return True
    if pattern.startswith("*"):
        return value.endswith(pattern[1:])
    return value.startswith(pattern[:-1]) if pattern.endswith("*") else value == pattern
