"""Retries on the way to operations that must not be carried out twice.

Sources: Istio, HTTPRetry; Gateway API, HTTPRouteRetry; ingress-nginx and nginx, ``proxy-next-upstream``;
Envoy and Contour, RetryPolicy; RFC 9110, "Idempotent Methods"; the draft on the header ``Idempotency-Key``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.linkerd import LINKERD, is_after_work, retried_by_linkerd
from archlint.model.exposure.providers import Provider, providers
from archlint.model.exposure.proxy_paths import PathsByBeginning, ProxyPath, by_unit
from archlint.model.exposure.routes import PathRoute, routes_of
from archlint.model.kubernetes import KubernetesObject
from archlint.model.openapi import Operation, operations_of
from archlint.model.world import World

_ONCE = frozenset({"POST", "PATCH"})
_AFTER_WORK = frozenset(
    {"5xx", "gateway-error", "reset", "retriable-status-codes", "http3-post-connect-failure"}
)
"""Conditions of Istio under which a request may have been carried out already."""
_NEXT = "nginx.ingress.kubernetes.io/proxy-next-upstream"
_READING = regex(
    r"(?<![a-z])(?:search(?:es)?|query|queries|look-?up|find|filter|list|validat(?:e|ion)|verif(?:y|ication)"
    r"|check(?!-(?:in|out)(?![a-z]))|preview|estimat(?:e|es|ion)|calculat(?:e|ion|or)|quotes?|log-?(?:in|out)"
    r"|sign-?(?:in|out)|tokens?|authenticat(?:e|ion)|refresh|graph-?ql|reports?|exports?|batch-?get"
    r"|suggest(?:ions?)?|convert|conversions?|render)(?![a-z])"
)
"""Matches words of operations that read, though their method is POST, or that may be repeated."""
_CAMEL = regex(r"(?<=[a-z0-9])(?=[A-Z])|_")
"""Matches where a name in camel or snake case has its next word."""
_METHODS = regex(r"\^?(?:\((?:\?:)?)?[A-Z]++(?:\|[A-Z]++)*+\)?\$?")
"""Matches expressions that list methods by their names."""
_KEY = regex(r"(?i)idempot|request-?id|client-?token|dedup|if-(?:none-)?match|transaction-?id")
"""Matches headers and parameters by which a server knows a request that it has seen."""


@dataclass(frozen=True, eq=False)
class RiskyRetry:
    """A retry on the way to operations that it may carry out twice."""

    object: ObjectRef
    """What retries."""
    place: Place
    """What says when it retries."""
    operations: tuple[Operation, ...]

    @classmethod
    def all(cls, world: World) -> Iterable[RiskyRetry]:
        """Every retry before an operation that is not idempotent."""
        for base in world.all(KubernetesObject):
            routes = [route for route in routes_of(base, world) if route.targets]
            if any(_retry(route) for route in routes):
                yield from _of_object(base, routes, world)
            elif base.group == "linkerd.io" or base.get("metadata", "annotations", LINKERD).exists:
                for retried in retried_by_linkerd(base, world):
                    operations = tuple(filter(is_once, retried.operations))
                    if operations:
                        yield cls(base.object, retried.node.value_place(), operations)
        for (unit, _), paths in by_unit(world.all(ProxyPath)).items():
            for place, repeated in _of_proxy(paths).items():
                yield cls(ObjectRef("Proxy", unit), place, tuple(repeated))

    @property
    def source(self) -> Source:
        """The file of what retries."""
        return self.place.source


def _of_proxy(paths: list[ProxyPath]) -> dict[Place, list[Operation]]:
    """What a proxy repeats for one host: an operation goes by the longest path that it begins with; where
    patterns or unknown paths are among them, nobody knows."""
    found: dict[Place, list[Operation]] = {}
    if any(path.sent is None for path in paths) or not any(path.route.way.repeated for path in paths):
        return found
    known = PathsByBeginning.of(paths)
    for provider in {id(path.provider): path.provider for path in paths}.values():
        for operation in operations_of(provider.contract.path_items):
            wanted = provider.written(operation.item)
            takes = [path for each in wanted for path in known.taking(each)] if is_once(operation) else []
            chosen = max(takes, key=lambda path: len(path.route.way.path), default=None)
            if chosen is not None and chosen.provider is provider and chosen.route.way.repeated is not None:
                found.setdefault(chosen.route.way.repeated, []).append(operation)
    return found


def _of_object(base: KubernetesObject, routes: list[PathRoute], world: World) -> Iterator[RiskyRetry]:
    known = [(route, world.fact(providers).of(route)) for route in routes]
    found: dict[tuple[str | int, ...], tuple[Node, list[Operation]]] = {}
    for provider in {id(item): item for _, item in known if item is not None}.values():
        for operation in operations_of(provider.contract.path_items):
            node = _retry_of(operation, provider, known) if is_once(operation) else None
            if node is not None:
                found.setdefault(node.route, (node, []))[1].append(operation)
    for node, operations in found.values():
        yield RiskyRetry(base.object, node.value_place(), tuple(operations))


def _retry_of(
    operation: Operation, provider: Provider, known: list[tuple[PathRoute, Provider | None]]
) -> Node | None:
    """The retry of the first route that an operation goes by; ``None`` also where that is not known."""
    wanted = provider.written(operation.item)
    for route, to in known:
        if route.sent is None:
            return None
        has_method = _has_method(route, operation.method) if any(map(route.sent.takes, wanted)) else False
        if has_method is None:
            return None
        if has_method:
            return _retry(route) if to is provider else None
    return None


def _rule(route: PathRoute) -> Node:
    """The rule of an HTTPRoute or VirtualService that a path belongs to."""
    way = route.node.route
    start = len(route.base.node.route)
    return route.base.get(*way[start : start + 3])


def _has_method(route: PathRoute, method: str) -> bool | None:
    """Whether a route takes a method; ``None`` where that is not known."""
    start = len(route.base.node.route) + 3
    way = route.node.route[start : start + 2]
    matches = _rule(route).get("match" if route.base.kind == "VirtualService" else "matches")
    at = way[1] if len(way) > 1 and way[0] in ("match", "matches") else None
    chosen = [matches.get(at)] if at is not None else list(matches.elements())
    answers = [_takes_method(item.get("method"), method) for item in chosen]
    if not answers or True in answers:
        return True
    return None if None in answers else False


def _takes_method(stated: Node, method: str) -> bool | None:
    """Whether a method is one that is stated: by name, or by a match of Istio's, whose expressions are held
    against the whole of it. Only those that list names are read."""
    if not stated.exists:
        return True
    prefix, written = stated.get("prefix").text, stated.get("regex").text
    exact = stated.text or stated.get("exact").text
    if exact is not None:
        return exact == method
    if prefix is not None:
        return method.startswith(prefix)
    listed = _METHODS.fullmatch(written or "")
    return method in re.split(r"\W", listed[0]) if listed else written in (".*", ".+") or None


def _retry(route: PathRoute) -> Node | None:
    """What makes a route retry requests that may have been carried out."""
    if route.base.kind == "Ingress":
        node = route.base.get("metadata", "annotations", _NEXT)
        return node if "non_idempotent" in (node.text or "").split() else None
    if route.base.kind == "VirtualService":
        retries = _rule(route).get("retries")
        node = retries.get("retryOn")
        on = {item.strip() for item in (node.text or "").split(",")}
        return node if on & _AFTER_WORK and retries.get("attempts").integer != 0 else None
    if route.base.kind == "HTTPProxy":
        policy = _rule(route).get("retryPolicy")
        stated = policy.get("retryOn")
        names = {item.text for item in stated.elements()} or {"5xx"}  # the default of Contour
        is_on = policy.exists and policy.get("count").integer != 0 and bool(names & _AFTER_WORK)
        return (stated if stated.exists else policy) if is_on else None
    noted = route.base.get("metadata", "annotations", LINKERD)
    if noted.exists:
        return noted if is_after_work(noted) else None
    retry = _rule(route).get("retry")
    codes = retry.get("codes")
    is_after = any((item.integer or 0) >= _SERVER_ERROR for item in codes.elements())
    return codes if is_after and retry.get("attempts").integer != 0 else None


_SERVER_ERROR = 500


def is_once(operation: Operation) -> bool:
    """Whether an operation must not be carried out twice, and nothing tells a server that it is."""
    words = (*operation.item.template.split("/"), operation.operation_id.text or "")
    names = (item.name for item in operation.parameters)
    return (
        operation.method in _ONCE
        and not any(_READING.search(_CAMEL.sub("-", word).lower()) for word in words)
        and not any(_KEY.search(name or "") for name in names)
    )
