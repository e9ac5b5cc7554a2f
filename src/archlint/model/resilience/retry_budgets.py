"""How long the retries of a route take together, beside the time that the route itself has.

Sources: Istio, HTTPRetry (``attempts`` counts retries, not the first try); Gateway API, HTTPRouteTimeouts and
HTTPRouteRetry; Contour, RetryPolicy and TimeoutPolicy; Envoy Gateway, BackendTrafficPolicy; Linkerd,
``retry.linkerd.io/limit``, ``retry.linkerd.io/timeout`` and ``timeout.linkerd.io/request``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.durations import parse_duration
from archlint.model.world import World

_MOST_DIGITS = 9


@dataclass(frozen=True)
class RetryBudget(ObjectFacet):
    """The retries of one route, each of which may be cut off after a time, as the route may be as a whole."""

    attempts: Node
    per_try: Node
    timeout: Node
    count: int
    """Retries, without the first try."""

    @classmethod
    def all(cls, world: World) -> Iterable[RetryBudget]:
        """Every route that repeats calls."""
        for base in world.all(KubernetesObject):
            read = _READ.get((base.group, base.kind))
            for attempts, default, per_try, timeout in read(base) if read else ():
                count = whole_number(attempts) if attempts.is_set else default
                if count and count > 0:
                    yield cls(base, attempts, per_try, timeout, count)

    @property
    def each(self) -> Fraction:
        """Seconds after which a try is given up; 0 where it is not."""
        return seconds_of(self.per_try) or Fraction(0)

    @property
    def whole(self) -> Fraction:
        """Seconds after which the route answers, whatever its tries do; 0 where it waits for them."""
        return seconds_of(self.timeout) or Fraction(0)


_Read = tuple[Node, int, Node, Node]
"""Retries, how many they are if that is not said, the time of a try, and that of all."""


def whole_number(node: Node) -> int | None:
    """A number of things, which annotations write as text."""
    text = node.text
    if text is not None and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return int(text)
    return node.integer


def seconds_of(node: Node) -> Fraction | None:
    """The seconds of a limit; ``None`` where it is none, as ``0s`` is."""
    return parse_duration(node.text) or None


def spoken(seconds: Fraction) -> str:
    """Such as ``7.5s``."""
    return f"{float(seconds):.12g}s"


def _istio(base: KubernetesObject) -> Iterator[_Read]:
    for rule in base.get("spec", "http").elements():
        retries = rule.get("retries")
        yield retries.get("attempts"), 0, retries.get("perTryTimeout"), rule.get("timeout")


def _gateway_api(base: KubernetesObject) -> Iterator[_Read]:
    yield from _linkerd(base)
    for rule in base.get("spec", "rules").elements():
        times = rule.get("timeouts")
        yield rule.get("retry", "attempts"), 0, times.get("backendRequest"), times.get("request")


def _contour(base: KubernetesObject) -> Iterator[_Read]:
    for rule in base.get("spec", "routes").elements():
        policy = rule.get("retryPolicy")
        yield policy.get("count"), 1, policy.get("perTryTimeout"), rule.get("timeoutPolicy", "response")


def _envoy_gateway(base: KubernetesObject) -> Iterator[_Read]:
    retry, timeout = base.get("spec", "retry"), base.get("spec", "timeout", "http", "requestTimeout")
    yield retry.get("numRetries"), 2, retry.get("perRetry", "timeout"), timeout


def _linkerd(base: KubernetesObject) -> Iterator[_Read]:
    notes = base.get("metadata", "annotations")
    if notes.is_map and any(
        notes.get(f"retry.linkerd.io/{protocol}").is_set for protocol in ("http", "grpc")
    ):
        timeout = notes.get("timeout.linkerd.io/request")
        yield notes.get("retry.linkerd.io/limit"), 1, notes.get("retry.linkerd.io/timeout"), timeout


_READ: dict[tuple[str, str], Callable[[KubernetesObject], Iterator[_Read]]] = {
    ("networking.istio.io", "VirtualService"): _istio,
    ("gateway.networking.k8s.io", "HTTPRoute"): _gateway_api,
    ("gateway.networking.k8s.io", "GRPCRoute"): _linkerd,
    ("policy.linkerd.io", "HTTPRoute"): _linkerd,
    ("projectcontour.io", "HTTPProxy"): _contour,
    ("gateway.envoyproxy.io", "BackendTrafficPolicy"): _envoy_gateway,
    ("", "Service"): _linkerd,
}
