"""Ways in: by which routes an operation is reached, and what asks on each for who calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.exposure.demands import demanded, is_open
from archlint.model.exposure.guards import Guard, Guards, guards
from archlint.model.exposure.mesh_guards import Asked, MeshGuards, mesh_guards
from archlint.model.exposure.providers import Provider, providers
from archlint.model.exposure.proxy_paths import PathsByBeginning, ProxyPath
from archlint.model.exposure.reach import outside_routes
from archlint.model.exposure.routes import PathRoute
from archlint.model.kubernetes import KubernetesObject
from archlint.model.openapi import Contract, Operation, operations_of
from archlint.model.services.grouping import Service
from archlint.model.world import World

_PARAMETER = regex(r"\{[^{}]*+\}")


@dataclass(frozen=True, eq=False)
class _Proxied:
    """What proxies send to a service."""

    provider: Provider
    are_known: bool
    """Whether it is known of each path what it sends, and one of them is guarded: one that leads elsewhere
    counts as well, for without any the routes alone show too little."""
    is_open: bool
    """Whether none is guarded."""
    tree: PathsByBeginning

    @classmethod
    def of(cls, paths: list[ProxyPath]) -> _Proxied:
        """That of some paths to one service."""
        are_known = all(path.sent is not None for path in paths)
        is_guarded = any(path.route.way.guarded for path in paths)
        tree = PathsByBeginning.of(paths)
        return cls(paths[0].provider, are_known and is_guarded, not is_guarded, tree)


class WaysIn:
    """The ways to the operations of a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._guards: Guards = world.fact(guards)
        self._mesh: MeshGuards = world.fact(mesh_guards)
        self._guarded: dict[object, dict[str, tuple[PathRoute, Guard]]] = {}
        self.services: dict[str, list[Service]] = defaultdict(list)
        """The services of each contract, by its path."""
        for service in world.all(Service) if world.paths(Kind.OPENAPI) else ():
            provider = world.fact(providers).of_service(service.name)
            if provider is not None:
                self.services[provider.contract.document.path].append(service)

    def guard(self, operation: Operation) -> Guard | None:
        """What asks for who calls on every way to an operation."""
        found: Guard | None = None
        for service in self.services.get(operation.contract.document.path, ()):
            found = self._in_mesh(None, service, operation)
            if found is None:
                break
        if found is not None:
            return found
        routes = self._world.fact(outside_routes).to(operation)
        ways = [self._guards.of(route) or self._in_mesh(route, None, operation) for route in routes]
        ways += self._by_proxies(operation)
        return None if None in ways else next(iter(ways), None)

    def may_be_guarded(self, operation: Operation) -> bool:
        """Whether something on a way to an operation asks for who calls, or may do so, so that what the
        contract demands need not be asked for by the service itself."""
        path = operation.contract.document.path
        proxied = self._proxied.get(path, ())
        routes = self._world.fact(outside_routes).to(operation)
        services = self.services.get(path, ())
        return (
            any(not known.is_open for known in proxied)
            or any(self._guards.may_guard(route) for route in routes)
            or any(self._mesh.may_guard_service(service) for service in services)
            or any(self._mesh.may_guard(route, service) for route in routes for service in services)
        )

    def _by_proxies(self, operation: Operation) -> Iterator[Guard | None]:
        """What asks at each proxy that leads, or may lead, to an operation."""
        for known in self._proxied.get(operation.contract.document.path, ()):
            if not known.are_known:
                yield None
                return
            for wanted in known.provider.written(operation.item):
                for path in known.tree.taking(wanted):
                    guarded = path.route.way.guarded
                    yield Guard(guarded, f"the proxy '{path.unit}'") if guarded else None

    @cached_property
    def _proxied(self) -> dict[str, list[_Proxied]]:
        """What proxies send to each contract, by the service that offers it."""
        found: dict[int, list[ProxyPath]] = defaultdict(list)
        for path in self._world.all(ProxyPath):
            found[id(path.provider)].append(path)
        by_contract: dict[str, list[_Proxied]] = defaultdict(list)
        for paths in found.values():
            by_contract[paths[0].provider.contract.document.path].append(_Proxied.of(paths))
        return by_contract

    def issuers(self, contract: Contract) -> dict[str, list[Node]]:
        """The issuers whose tokens are taken for the services of a contract: by the mesh around each, and by
        the gateways of all routes to it."""
        routes = {
            id(route.base): route
            for operation in operations_of(contract.path_items)
            for route in self._world.fact(outside_routes).to(operation)
        }
        at_gateways = [node for route in routes.values() for node in self._guards.issuers(route)]
        services = self.services.get(contract.document.path, ())
        return {item.name: [*self._mesh.issuers(item), *at_gateways] for item in services}

    def is_unguarded(self, route: PathRoute) -> bool:
        """Whether nothing on the way by a route asks who calls, as far as files tell."""
        services = self._world.fact(providers).services_of(route)
        return (
            bool(services)
            and not self._guards.may_guard(route)
            and not any(self._mesh.may_guard(route, service) for service in services)
        )

    def guarded_beside(self, route: PathRoute) -> tuple[PathRoute, Guard] | None:
        """Another object's route at the same gateway, and what guards it."""
        known = self._guarded_at(_gateway(route))
        return next((found for name, found in known.items() if name != route.base.name), None)

    def _guarded_at(self, gateway: object) -> dict[str, tuple[PathRoute, Guard]]:
        """The first guarded routes of a gateway, of two objects at most, by the names of these."""
        if gateway not in self._guarded:
            found: dict[str, tuple[PathRoute, Guard]] = {}
            for route in self._by_gateway.get(gateway, ()):
                guard = self._of_route(route) if route.base.name not in found else None
                if guard is not None:
                    found[route.base.name] = (route, guard)
                if len(found) > 1:
                    break
            self._guarded[gateway] = found
        return self._guarded[gateway]

    def _of_route(self, route: PathRoute) -> Guard | None:
        """What guards a route, at its gateway or around the services that it leads to."""
        found = self._guards.of(route)
        asked = Asked("GET", route.asked.text if route.asked is not None else "/")
        for service in self._world.fact(providers).services_of(route) if found is None else ():
            found = found or self._mesh.of(route, service, asked)
        return found

    @cached_property
    def _by_gateway(self) -> dict[object, list[PathRoute]]:
        found: dict[object, list[PathRoute]] = defaultdict(list)
        for route in self._world.all(PathRoute):
            if route.is_public:
                found[_gateway(route)].append(route)
        return found

    def _in_mesh(
        self, route: PathRoute | None, service: Service | None, operation: Operation
    ) -> Guard | None:
        """What of the mesh asks for a token, in whichever way the path of the operation is written."""
        bases = dict.fromkeys(["", *(text.rstrip("/") for _, text in operation.contract.base_paths)])
        template = _PARAMETER.sub("0", operation.item.template)
        found = [self._mesh.of(route, service, Asked(operation.method, base + template)) for base in bases]
        return None if None in found else found[0]


def ways_in(world: World) -> WaysIn:
    """The ways in of a world; ask with ``world.fact(ways_in)``."""
    return WaysIn(world)


def _gateway(route: PathRoute) -> object:
    """What two routes have in common that one gateway serves."""
    base = route.base
    if base.kind == "Ingress":
        known = base.get("metadata", "annotations", "kubernetes.io/ingress.class").text
        return (base.kind, base.get("spec", "ingressClassName").text or known)
    parents = [item.get("name").text for item in base.get("spec", "parentRefs").elements()]
    gateways = [item.text for item in base.get("spec", "gateways").elements()]
    return (base.kind, *parents, *gateways)


@dataclass(frozen=True, eq=False)
class UncheckedRoute:
    """A route on which nothing asks who calls, to operations that demand it."""

    route: PathRoute
    operations: tuple[Operation, ...]
    other: PathRoute
    """A route of the same gateway that is guarded."""
    guard: Guard

    @classmethod
    def all(cls, world: World) -> Iterable[UncheckedRoute]:
        """Every such route, once for each object and contract."""
        ways: WaysIn = world.fact(ways_in)
        for contract in world.all(Contract) if ways.services else ():
            found: dict[tuple[str, str | None, str], tuple[PathRoute, list[Operation]]] = {}
            for operation in operations_of(contract.path_items):
                for route in world.fact(outside_routes).to(operation) if demanded(operation) else ():
                    key = (route.base.kind, route.base.namespace, route.base.name)
                    found.setdefault(key, (route, []))[1].append(operation)
            for route, operations in found.values():
                beside = ways.guarded_beside(route) if ways.is_unguarded(route) else None
                if beside is not None:
                    yield cls(route, tuple(operations), *beside)

    @property
    def source(self) -> Document:
        """The document of the route."""
        return self.route.source

    @property
    def object(self) -> ObjectRef:
        """The object that routes."""
        return self.route.object


@dataclass(frozen=True, eq=False)
class UnrequiredToken:
    """A service whose tokens are checked if they are shown, and that lets in who shows none."""

    service: Service
    authentication: KubernetesObject
    operations: tuple[Operation, ...]
    """Those that demand credentials by the contract."""

    @classmethod
    def all(cls, world: World) -> Iterable[UnrequiredToken]:
        """Every such service."""
        ways: WaysIn = world.fact(ways_in)
        mesh: MeshGuards = world.fact(mesh_guards)
        for contract in world.all(Contract) if ways.services and not mesh.asks_at_gateways else ():
            operations = tuple(filter(demanded, operations_of(contract.path_items)))
            for service in ways.services.get(contract.document.path, ()) if operations else ():
                authentication = mesh.lets_in(service)
                if authentication is not None:
                    yield cls(service, authentication, operations)

    @property
    def source(self) -> Document:
        """The document of the authentication."""
        return self.authentication.source

    @property
    def object(self) -> ObjectRef:
        """The authentication."""
        return self.authentication.object


def open_operations(contract: Contract) -> list[Operation]:
    """The operations that let in who shows nothing."""
    return [item for item in operations_of(contract.path_items) if is_open(item)]
