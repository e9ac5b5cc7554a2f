"""Routes of virtual services: where they lead, and in which shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents import Node
from archlint.finding.words import listed, quoted
from archlint.model.istio import Destination, DestinationRule, TrafficRoute, VirtualService
from archlint.model.istio.destination_rules import HostRules, destination_rules
from archlint.model.istio.hosts import is_wildcard, service_host
from archlint.model.istio.registry import fault_of, service_registry, shortened_host
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.sets import may_be_elsewhere
from archlint.model.world import World

NEEDS = ("istio.io",)


@join(VirtualService)
def route_host_undefined(service: VirtualService, world: World, options: Options) -> Iterator[Observation]:
    """Destinations whose host is no Service and no ServiceEntry."""
    by_host: dict[str, list[Destination]] = {}
    for destination in service.destinations:
        by_host.setdefault(destination.host, []).append(destination)
    for host, destinations in by_host.items():
        fault = fault_of(host, service.base, world)
        if fault is None:
            continue
        first, *rest = (destination.node.get("host").value_place() for destination in destinations)
        target = service_host(host, service.namespace)
        yield observe(
            first,
            fault.value,
            related=[(place, "routed there here too") for place in rest],
            identity=(host,),
            host=host,
            service=target.name if target else host,
            where=f" in namespace '{target.namespace}'" if target and target.namespace else "",
            namespace=service.namespace or "?",
            whole=shortened_host(host),
        )


@join(VirtualService)
def subset_undefined(service: VirtualService, world: World, options: Options) -> Iterator[Observation]:
    """Destinations with a subset that no DestinationRule of their host defines."""
    by_subset: dict[tuple[str, str], list[Destination]] = {}
    for destination in service.destinations:
        host = destination.host
        is_stated = not (is_wildcard(host) or is_placeholder(host) or is_placeholder(destination.subset))
        if destination.subset and host and is_stated:
            by_subset.setdefault((host, destination.subset), []).append(destination)
    for (host, subset), destinations in by_subset.items():
        defined = world.fact(destination_rules).of_host(host, service.namespace)
        if subset in defined.subsets or any(map(is_placeholder, defined.subsets)):
            continue
        if not defined.rules and not _must_have_rule(host, service, world):
            continue
        yield _missing_subset(host, subset, destinations, defined)


def _must_have_rule(host: str, service: VirtualService, world: World) -> bool:
    """Whether a missing rule for a host is missing indeed: others exist, and nothing unread may make it."""
    target = service_host(host, service.namespace)
    name = target.name if target is not None else host
    return (
        bool(world.all(DestinationRule))
        and not world.fact(service_registry).may_be_made(name)
        and not may_be_elsewhere(world, service.base, "DestinationRule", name)
    )


def _missing_subset(
    host: str, subset: str, destinations: Sequence[Destination], defined: HostRules
) -> Observation:
    first, *rest = (destination.node.get("subset").value_place() for destination in destinations)
    related = [(place, "routed there here too") for place in rest]
    if not defined.rules:
        return observe(first, "no-rule", related=related, identity=(host, subset), host=host, subset=subset)
    place = defined.rules[0].base.get("spec", "subsets").place()
    subsets = quoted(defined.subsets)
    return observe(
        first,
        related=[(place, "the subsets of the host"), *related],
        identity=(host, subset),
        host=host,
        subset=subset,
        subsets=", ".join(subsets) if subsets else "none",
    )


@check(VirtualService)
def route_weights_wrong(service: VirtualService, options: Options) -> Iterator[Observation]:
    """Weighted routes whose weights do not sum to the total, or not to anything."""
    for route in service.routes:
        weights = _weights(route)
        if weights is None:
            continue
        total = sum(weights)
        place = route.node.get("route").place()
        if min(weights) < 0:
            yield observe(place, "negative", aliases=["istio:IST0106"], weight=min(weights))
        elif total == 0:
            yield observe(place, "none", aliases=["istio:IST0106"], count=len(weights))
        elif total != options["total"]:
            shares = (f"{round(100 * weight / total, 1):g} %" for weight in weights)
            yield observe(
                place,
                aliases=(),
                weights=listed(list(map(str, weights))),
                total=total,
                wanted=options["total"],
                shares=listed(list(shares)),
            )


def _weights(route: TrafficRoute) -> list[int] | None:
    """The weights of a route with several destinations, a missing one as 0; ``None`` if one is no integer."""
    nodes: list[Node] = [entry.get("weight") for entry in route.weighted]
    weights = [node.integer if node.is_set else 0 for node in nodes]
    known = [weight for weight in weights if weight is not None]
    return known if len(nodes) > 1 and len(known) == len(nodes) else None
