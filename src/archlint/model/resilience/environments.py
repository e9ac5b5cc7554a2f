"""Routes that are applied together, where a system is written down once for each environment.

Two deployment sets that define the same object are for different environments, or one of them is what the
other is made of: a route of the one is never met on the way to a route of the other. Sets that share no
object, such as the charts of different services, may well be applied side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.resilience.timed_routes import TimedRoute
from archlint.model.services.grouping import Service, service_groups
from archlint.model.world import World

Routes = Mapping[int, Sequence[TimedRoute]]
"""The ways to each service, by its identity."""


def by_environment(routes: Routes, world: World) -> Iterator[Routes]:
    """The routes of each environment, those that are for all of them included; all where there is but one."""
    sets = world.fact(deployment_sets)
    rivals = world.fact(_rivals)
    groups = {sets.group_of(way.base): way.base for ways in routes.values() for way in ways}
    known = {group: frozenset(id(each) for each in sets.of(base)) for group, base in groups.items()}
    common = frozenset(group for group, ids in known.items() if not ids <= rivals or not ids)
    apart: dict[int, set[int]] = defaultdict(set)
    for group in known.keys() - common:
        for number in known[group]:
            apart[number].add(group)
    for chosen in sorted({common | groups for groups in apart.values()} or {common}, key=sorted):
        yield {
            key: kept
            for key, ways in routes.items()
            if (kept := [way for way in ways if sets.group_of(way.base) in chosen])
        }


def _rivals(world: World) -> frozenset[int]:
    """The deployment sets that define an object of a service which another one defines as well."""
    sets = world.fact(deployment_sets)
    found: set[int] = set()
    for service in world.fact(service_groups).services:
        homes: dict[tuple[str, str], dict[int, KubernetesObject]] = defaultdict(dict)
        for item in _objects(service):
            homes[item.kind, item.name][sets.group_of(item)] = item
        for groups in homes.values():
            ids = {id(each) for item in groups.values() for each in sets.of(item)}
            found |= ids if len(ids) > 1 else set()
    return frozenset(found)


def _objects(service: Service) -> Iterator[KubernetesObject]:
    yield from service.fronts
    yield from (workload.base for workload in service.workloads)
