"""Retries on the way to operations that must not be carried out twice.

Sources: Istio, HTTPRetry; Gateway API, HTTPRouteRetry; ingress-nginx, ``proxy-next-upstream``; RFC 9110,
"Idempotent Methods"; the draft on the header ``Idempotency-Key``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.providers import Provider, providers
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
    r"(?i)search|query|queries|lookup|find|filter|list|validat|verif|check|preview|estimat|calculat|quote|login"
    r"|log-?in|sign-?in|token|auth|refresh|logout|graphql|report|export|batch-?get|suggest|convert|render"
)
"""Matches words of operations that read, though their method is POST, or that may be repeated."""
_KEY = regex(r"(?i)idempot|request-?id|client-?token|dedup|if-(?:none-)?match|transaction-?id")
"""Matches headers and parameters by which a server knows a request that it has seen."""


@dataclass(frozen=True, eq=False)
class RiskyRetry:
    """A retry on a route, with the operations that it may carry out twice."""

    base: KubernetesObject
    node: Node
    """What says when it retries."""
    operations: tuple[Operation, ...]

    @classmethod
    def all(cls, world: World) -> Iterable[RiskyRetry]:
        """Every retry before an operation that is not idempotent."""
        for base in world.all(KubernetesObject):
            routes = [route for route in routes_of(base) if route.targets]
            if any(_retry(route) for route in routes):
                yield from _of_object(base, routes, world)

    @property
    def source(self) -> Document:
        """The document of the route."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The object that routes."""
        return self.base.object


def _of_object(base: KubernetesObject, routes: list[PathRoute], world: World) -> Iterator[RiskyRetry]:
    known = [(route, world.fact(providers).of(route)) for route in routes]
    found: dict[tuple[str | int, ...], tuple[Node, list[Operation]]] = {}
    for provider in {id(item): item for _, item in known if item is not None}.values():
        for operation in operations_of(provider.contract.path_items):
            node = _retry_of(operation, provider, known) if _is_once(operation) else None
            if node is not None:
                found.setdefault(node.route, (node, []))[1].append(operation)
    for node, operations in found.values():
        yield RiskyRetry(base, node, tuple(operations))


def _retry_of(
    operation: Operation, provider: Provider, known: list[tuple[PathRoute, Provider | None]]
) -> Node | None:
    """The retry of the first route that an operation goes by; ``None`` also where that is not known."""
    wanted = [path.segments for path in provider.paths if path.item is operation.item]
    for route, to in known:
        if route.sent is None:
            return None
        if any(map(route.sent.takes, wanted)) and _has_method(route, operation.method):
            return _retry(route) if to is provider else None
    return None


def _rule(route: PathRoute) -> Node:
    """The rule of an HTTPRoute or VirtualService that a path belongs to."""
    way = route.node.route
    start = len(route.base.node.route)
    return route.base.get(*way[start : start + 3])


def _has_method(route: PathRoute, method: str) -> bool:
    start = len(route.base.node.route) + 3
    way = route.node.route[start : start + 2]
    matches = _rule(route).get("match" if route.base.kind == "VirtualService" else "matches")
    at = way[1] if len(way) > 1 and way[0] in ("match", "matches") else None
    chosen = [matches.get(at)] if at is not None else list(matches.elements())
    stated = [item.get("method") for item in chosen if item.get("method").exists]
    if len(stated) < len(chosen) or not stated:
        return True
    return any((item.text or item.get("exact").text or method) == method for item in stated)


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
    retry = _rule(route).get("retry")
    codes = retry.get("codes")
    is_after = any((item.integer or 0) >= _SERVER_ERROR for item in codes.elements())
    return codes if is_after and retry.get("attempts").integer != 0 else None


_SERVER_ERROR = 500


def _is_once(operation: Operation) -> bool:
    """Whether an operation must not be carried out twice, and nothing tells a server that it is."""
    words = (*operation.item.template.split("/"), operation.operation_id.text or "")
    names = (item.name for item in operation.parameters)
    return (
        operation.method in _ONCE
        and not any(_READING.search(word) for word in words)
        and not any(_KEY.search(name or "") for name in names)
    )
