"""The shape of the system: entrances, pods, and what many depend on."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.words import listed, quoted
from archlint.model.graph.bypasses import Bypass
from archlint.model.graph.shared_pods import SharedPod
from archlint.model.graph.single_points import SinglePoint
from archlint.model.world import World

_MOST_RELATED = 10


@join(Bypass)
def gateway_bypassed(bypass: Bypass, world: World, options: Options) -> Iterator[Observation]:
    """A service that is opened itself, beside a gateway that others are reached through."""
    first = bypass.routes[0]
    yield observe(
        bypass.node.value_place(),
        "routed" if bypass.is_routed else "default",
        related=[
            (route.node.value_place(), "a route of the gateway") for route in bypass.routes[:_MOST_RELATED]
        ],
        identity=(bypass.how.partition(" ")[0],),
        service=bypass.service.name,
        how=bypass.how,
        gateway=first.gateway,
    )


@join(SharedPod)
def pod_with_several_services(pod: SharedPod, world: World, options: Options) -> Iterator[Observation]:
    """Two containers of a pod, each behind a Service of its own."""
    names = [front.name for front in pod.fronts]
    yield observe(
        pod.other.get("name").value_place(),
        related=[
            (pod.first.get("name").value_place(), f"is behind Service '{names[0]}'"),
            *((front.base.get("metadata", "name").value_place(), "its Service") for front in pod.fronts),
        ],
        identity=tuple(sorted(item.name for item in (pod.first, pod.other))),
        workload=f"{pod.workload.kind} '{pod.workload.name}'",
        first=pod.first.name,
        other=pod.other.name,
        services=listed(quoted(names)),
    )


@join(SinglePoint)
def single_point_of_failure(point: SinglePoint, world: World, options: Options) -> Iterator[Observation]:
    """A service of one pod that many others call."""
    callers = [(name.rpartition(":")[2].rpartition("/")[2], place) for name, place in point.callers]
    if len(callers) < options["callers"]:
        return
    yield observe(
        point.count.place(),
        related=[(place, f"'{name}' calls it") for name, place in callers[:_MOST_RELATED]],
        identity=("replicas",),
        service=point.node.name,
        count=len(callers),
        callers=listed(quoted(sorted(name for name, _ in callers)), 4),
    )
