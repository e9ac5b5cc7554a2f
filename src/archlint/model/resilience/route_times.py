"""How long one rule of a route waits, how often it repeats a call, and after what.

A try that takes too long is a reset to Envoy, which conditions about answers do not repeat. Where Istio and
Envoy Gateway are told no condition, they repeat what was refused, and answers with 503. Linkerd repeats every
try that it cut off.

Sources: Istio, HTTPRetry (``attempts`` counts retries, not the first try); Gateway API, HTTPRouteTimeouts and
HTTPRouteRetry; Contour, RetryPolicy and TimeoutPolicy; Envoy Gateway, Retry; Envoy, the conditions of
``x-envoy-retry-on``; Linkerd, ``retry.linkerd.io/limit``, ``retry.linkerd.io/timeout`` and
``timeout.linkerd.io/request``.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.durations import parse_duration

_MOST_DIGITS = 9
_AFTER_TIMEOUT = frozenset({"5xx", "gateway-error", "reset"})
"""Conditions of Envoy under which a try that took too long is repeated."""
_BEFORE_WORK = frozenset(
    {"connect-failure", "refused-stream", "reset-before-request", "http3-post-connect-failure"}
)
"""Conditions of Envoy under which only those calls are repeated that nobody has begun to work at."""
_TIMED_OUT = "504"
_UNSAID = ("connect-failure", "503")
"""What calls are repeated on where nothing is said, as far as it matters here."""
_RETRIED = ("retry.linkerd.io/http", "retry.linkerd.io/grpc")


@dataclass(frozen=True, eq=False)
class RouteTimes:
    """What a rule says of time and of retries."""

    timeout: Node
    per_try: Node
    attempts: Node
    told: Node
    """What says that calls are repeated: the number, else what stands for the retries as a whole."""
    count: int
    """Retries, without the first try."""
    repeats_timeouts: bool
    """Whether a try that took too long is surely made again."""
    repeats_failures: bool
    """Whether a call is made again that the callee got and failed."""

    @property
    def each(self) -> Fraction | None:
        """Seconds after which a try is given up; ``None`` where it is not."""
        return seconds_of(self.per_try)

    @property
    def whole(self) -> Fraction | None:
        """Seconds after which the route answers, whatever its tries do; ``None`` where it waits for them."""
        return seconds_of(self.timeout)

    @property
    def least(self) -> Fraction | None:
        """How long a callee that hangs is waited for at least; ``None`` without an end."""
        if self.whole is None or self.each is None:
            return self.whole
        return min(self.whole, self.each * (1 + self.count if self.repeats_timeouts else 1))


def whole_number(node: Node) -> int | None:
    """A number of things, which annotations write as text."""
    text = node.text
    if text is not None and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return int(text)
    return node.integer


def seconds_of(node: Node) -> Fraction | None:
    """The seconds of a limit; ``None`` where it is none, as ``0s`` is."""
    return parse_duration(node.text) or None


def exact_seconds(seconds: Fraction) -> str:
    """Such as ``7.5s``."""
    return f"{float(seconds):.12g}s"


def istio_times(rule: Node) -> RouteTimes:
    """Of a rule of a VirtualService."""
    retries = rule.get("retries")
    said = retries.get("retryOn").text
    on = said.split(",") if said else _UNSAID
    return _times(
        rule.get("timeout"), retries.get("perTryTimeout"), retries, retries.get("attempts"), default=0, on=on
    )


def gateway_times(rule: Node) -> RouteTimes:
    """Of a rule of an HTTPRoute: connections that break, and tries that end, are repeated beside the codes;
    with codes given, not every gateway does so."""
    times, retry = rule.get("timeouts"), rule.get("retry")
    codes = [str(item.value) for item in retry.get("codes").elements()]
    on = ["5xx"] if not codes or _TIMED_OUT in codes else codes
    return _times(
        times.get("request"), times.get("backendRequest"), retry, retry.get("attempts"), default=0, on=on
    )


def contour_times(rule: Node) -> RouteTimes:
    """Of a route of an HTTPProxy."""
    policy = rule.get("retryPolicy")
    on = [item.text or "" for item in policy.get("retryOn").elements()] or ["5xx"]
    timeout = rule.get("timeoutPolicy", "response")
    return _times(timeout, policy.get("perTryTimeout"), policy, policy.get("count"), default=1, on=on)


def envoy_gateway_times(spec: Node) -> RouteTimes:
    """Of a BackendTrafficPolicy."""
    retry = spec.get("retry")
    on = [item.text or "" for item in retry.get("retryOn", "triggers").elements()] or _UNSAID
    timeout = spec.get("timeout", "http", "requestTimeout")
    return _times(timeout, retry.get("perRetry", "timeout"), retry, retry.get("numRetries"), default=2, on=on)


def linkerd_times(notes: Node) -> RouteTimes:
    """Of the annotations of a Service or of a route."""
    on = next((notes.get(key) for key in _RETRIED if notes.get(key).is_set), notes.get(_RETRIED[0]))
    limit, each = notes.get("retry.linkerd.io/limit"), notes.get("retry.linkerd.io/timeout")
    return _times(notes.get("timeout.linkerd.io/request"), each, on, limit, default=1, on=["5xx"])


def _times(
    timeout: Node, per_try: Node, retries: Node, attempts: Node, *, default: int, on: Iterable[str]
) -> RouteTimes:
    count = whole_number(attempts) if attempts.is_set else default
    conditions = {item.strip() for item in on}
    return RouteTimes(
        timeout,
        per_try,
        attempts,
        attempts if attempts.is_set else retries,
        max(count or 0, 0) if retries.is_set else 0,
        bool(conditions & _AFTER_TIMEOUT),
        bool(conditions - _BEFORE_WORK),
    )
