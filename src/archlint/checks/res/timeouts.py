"""Calls through the mesh that may take for ever."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Place
from archlint.model.graph import ServiceGraph, service_graph
from archlint.model.kubernetes import KubernetesObject
from archlint.model.resilience.breakers import is_meshed
from archlint.model.resilience.grpc_clients import grpc_clients
from archlint.model.services.grouping import Service, service_groups
from archlint.model.services.mesh_routes import MeshRoute
from archlint.model.services.resolution import service_names
from archlint.model.world import World

_MOST_SHOWN = 3
"""Calls that a finding shows."""
_MESSAGES = {"DestinationRule": "no-route", "HTTPRoute": "gateway-api", "Service": "service"}


@join(MeshRoute)
def call_without_timeout(route: MeshRoute, world: World, options: Options) -> Iterator[Observation]:
    """A route that carries calls and does not end them."""
    if route.has_timeout:
        return
    callees = _callees(route, world)
    if not route.is_route and callees.keys() & world.fact(_routed):
        return
    if route.is_service and (callees.keys() & world.fact(_ruled) or not _is_first(route, callees)):
        return
    calls = dict(_calls(world, callees, in_mesh=route.is_service)) if route.carries_inside else {}
    callers = sorted({*calls, *route.gateways})
    if callees and callers:
        yield observe(
            route.node.place() if route.is_route else route.node.value_place(),
            _MESSAGES.get(route.base.kind, "default"),
            related=[(calls[name], f"'{name}' calls it") for name in sorted(calls)[:_MOST_SHOWN]],
            callers=", ".join(callers),
            callee=sorted(service.name for service in callees.values())[0],
        )


def _callees(route: MeshRoute, world: World) -> dict[int, Service]:
    names, groups = world.fact(service_names), world.fact(service_groups)
    found = (groups.of_front(front) for host in route.hosts for front in names.resolve(host, route.base))
    return {id(service): service for service in found}


def _routed(world: World) -> set[int]:
    """The services that some route leads to."""
    return {key for route in world.all(MeshRoute) if route.is_route for key in _callees(route, world)}


def _ruled(world: World) -> set[int]:
    """The services that a destination rule is for, or a profile of Linkerd, which may have timeouts."""
    rules = (route for route in world.all(MeshRoute) if not route.is_route and not route.is_service)
    found = {key for route in rules for key in _callees(route, world)}
    names, groups = world.fact(service_names), world.fact(service_groups)
    profiles = (item for item in world.all(KubernetesObject) if item.kind == "ServiceProfile")
    fronts = (front for item in profiles for front in names.resolve(item.name, item))
    return found | {id(groups.of_front(front)) for front in fronts}


def _is_first(route: MeshRoute, callees: dict[int, Service]) -> bool:
    """Whether it is the first Service of what it leads to."""
    return any(service.fronts[0] is route.base for service in callees.values() if service.fronts)


def _calls(world: World, callees: dict[int, Service], *, in_mesh: bool) -> Iterator[tuple[str, Place]]:
    """Who calls some services with no timeout of its own, and where that shows."""
    graph: ServiceGraph = world.fact(service_graph)
    clients = world.fact(grpc_clients)
    for service in callees.values():
        for edge in graph.into_service(service):
            caller = graph.nodes[edge.source]
            if not graph.is_service_call(edge) or (in_mesh and not is_meshed(caller, world)):
                continue
            if clients.timeout(caller, graph.nodes[edge.target]) is None:
                yield caller.name, edge.proof.place
