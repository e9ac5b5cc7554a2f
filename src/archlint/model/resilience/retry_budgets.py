"""How long the retries of a route take together, beside the time that the route itself has.

Sources: those of ``route_times``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.resilience.route_times import (
    RouteTimes,
    contour_times,
    envoy_gateway_times,
    gateway_times,
    istio_times,
    linkerd_times,
)
from archlint.model.world import World


@dataclass(frozen=True)
class RetryBudget(ObjectFacet):
    """The retries of one route, each of which may be cut off after a time, as the route may be as a whole."""

    times: RouteTimes

    @classmethod
    def all(cls, world: World) -> Iterable[RetryBudget]:
        """Every route that repeats calls."""
        for base in world.all(KubernetesObject):
            read = _READ.get((base.group, base.kind))
            yield from (cls(base, times) for times in (read(base) if read else ()) if times.count)


def _istio(base: KubernetesObject) -> Iterator[RouteTimes]:
    yield from map(istio_times, base.get("spec", "http").elements())


def _gateway_api(base: KubernetesObject) -> Iterator[RouteTimes]:
    yield from _linkerd(base)
    yield from map(gateway_times, base.get("spec", "rules").elements())


def _contour(base: KubernetesObject) -> Iterator[RouteTimes]:
    yield from map(contour_times, base.get("spec", "routes").elements())


def _envoy_gateway(base: KubernetesObject) -> Iterator[RouteTimes]:
    yield envoy_gateway_times(base.get("spec"))


def _linkerd(base: KubernetesObject) -> Iterator[RouteTimes]:
    notes = base.get("metadata", "annotations")
    if notes.is_map:
        yield linkerd_times(notes)


_READ: dict[tuple[str, str], Callable[[KubernetesObject], Iterator[RouteTimes]]] = {
    ("networking.istio.io", "VirtualService"): _istio,
    ("gateway.networking.k8s.io", "HTTPRoute"): _gateway_api,
    ("gateway.networking.k8s.io", "GRPCRoute"): _linkerd,
    ("policy.linkerd.io", "HTTPRoute"): _linkerd,
    ("projectcontour.io", "HTTPProxy"): _contour,
    ("gateway.envoyproxy.io", "BackendTrafficPolicy"): _envoy_gateway,
    ("", "Service"): _linkerd,
}
