"""How many requests gateways let through in a time.

Sources: ingress-nginx (``limit-rps``, ``limit-rpm``; what is no number, or is 0, sets no limit); Traefik,
RateLimit (``average`` 0 sets none); Kong, rate-limiting; Linkerd, HTTPLocalRateLimitPolicy; Envoy Gateway,
BackendTrafficPolicy; Envoy, the token bucket of ``local_ratelimit``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.exposure.middlewares import KONG, TRAEFIK
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.ingresses import GROUPS
from archlint.model.resilience.route_times import seconds_of, whole_number
from archlint.model.world import World

_NGINX = "nginx.ingress.kubernetes.io/limit-"
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "month": 2_592_000, "year": 31_536_000}
"""The units of Kong and Envoy Gateway; a month counts 30 days."""
_DEEPEST = 10


@dataclass(frozen=True)
class EdgeLimit(ObjectFacet):
    """A number of requests in a length of time."""

    node: Node
    """Where the number stands."""
    requests: int | None
    """``None`` where what stands there is no number."""
    seconds: float
    is_off_at_zero: bool = False
    """Whether 0 sets no limit, rather than one that refuses everybody."""
    is_exception: bool = False
    """Whether other limits hold besides: it is for certain callers alone, or for what these leave over."""

    @classmethod
    def all(cls, world: World) -> Iterable[EdgeLimit]:
        """Every limit of an object that a gateway reads."""
        for base in world.all(KubernetesObject):
            read = _READ.get((base.group, base.kind))
            if read is not None:
                yield from read(base)

    @property
    def a_minute(self) -> float:
        """Requests a minute."""
        return (self.requests or 0) * 60 / self.seconds


def _ingress(base: KubernetesObject) -> Iterator[EdgeLimit]:
    notes = base.get("metadata", "annotations")
    for key, seconds in (("rps", 1), ("rpm", 60)):
        node = notes.get(_NGINX + key)
        if node.is_set and not is_placeholder(node.text or ""):
            yield EdgeLimit(base, node, whole_number(node), seconds, True)


def _traefik(base: KubernetesObject) -> Iterator[EdgeLimit]:
    limit = base.get("spec", "rateLimit")
    average, period = limit.get("average"), limit.get("period")
    plain = period.integer if period.integer is not None else whole_number(period)
    seconds = float(plain or seconds_of(period) or 0) if period.is_set else 1.0
    if average.integer is not None and seconds > 0:
        yield EdgeLimit(base, average, average.integer, seconds, True)


def _kong(base: KubernetesObject) -> Iterator[EdgeLimit]:
    if base.get("plugin").text == "rate-limiting":
        for unit, node in base.get("config").items():
            if unit in _SECONDS and node.integer:  # Kong itself refuses 0
                yield EdgeLimit(base, node, node.integer, _SECONDS[unit])


def _linkerd(base: KubernetesObject) -> Iterator[EdgeLimit]:
    spec = base.get("spec")
    overrides = list(spec.get("overrides").elements())
    for at, part in enumerate((spec.get("total"), spec.get("identity"), *overrides)):
        node = part.get("requestsPerSecond")
        if node.integer is not None:
            yield EdgeLimit(base, node, node.integer, 1, is_exception=at > 1)


def _envoy_gateway(base: KubernetesObject) -> Iterator[EdgeLimit]:
    for scope in ("local", "global"):
        for rule in base.get("spec", "rateLimit", scope, "rules").elements():
            node, unit = rule.get("limit", "requests"), rule.get("limit", "unit").text or ""
            chosen = rule.get("clientSelectors")
            is_for_some = chosen.is_set and "Distinct" not in chosen.texts()
            if node.integer is not None and unit.lower() in _SECONDS:
                seconds = _SECONDS[unit.lower()]
                yield EdgeLimit(base, node, node.integer, seconds, is_exception=is_for_some)


def _envoy_filter(base: KubernetesObject) -> Iterator[EdgeLimit]:
    waiting = [(base.get("spec", "configPatches"), 0)]
    while waiting:
        node, depth = waiting.pop()
        bucket = node.get("token_bucket")
        most, refilled = bucket.get("max_tokens").integer, bucket.get("tokens_per_fill")
        seconds = seconds_of(bucket.get("fill_interval"))
        if most is not None and seconds:
            added = refilled.integer if refilled.is_set else 1
            if added is not None:
                chosen = refilled if refilled.is_set and added <= most else bucket.get("max_tokens")
                has_others = any(node.get("descriptors").elements())
                count = min(added, most)
                yield EdgeLimit(base, chosen, count, float(seconds), is_exception=has_others)
        elif depth < _DEEPEST:
            waiting += [(child, depth + 1) for _, child in node.items()]
            waiting += [(child, depth + 1) for child in node.elements()]


_READ: dict[tuple[str, str], Callable[[KubernetesObject], Iterator[EdgeLimit]]] = {
    **{(group, "Ingress"): _ingress for group in GROUPS},
    **{(group, "Middleware"): _traefik for group in TRAEFIK},
    (KONG, "KongPlugin"): _kong,
    (KONG, "KongClusterPlugin"): _kong,
    ("policy.linkerd.io", "HTTPLocalRateLimitPolicy"): _linkerd,
    ("gateway.envoyproxy.io", "BackendTrafficPolicy"): _envoy_gateway,
    ("networking.istio.io", "EnvoyFilter"): _envoy_filter,
}
