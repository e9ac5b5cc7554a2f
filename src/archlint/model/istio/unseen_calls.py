"""Calls to what the proxy of the caller does not know: Services that its Sidecar leaves out, and hosts
outside of the mesh where it may call no others.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.istio.arrivals import Arrival, at_all_ends, mesh_arrivals, routed_services
from archlint.model.istio.direct_calls import may_go_past
from archlint.model.istio.hosts import CLUSTER_SUFFIX
from archlint.model.istio.membership import Membership, Plane, membership
from archlint.model.istio.registry import ServiceRegistry, service_registry
from archlint.model.istio.service_entries import ServiceEntry
from archlint.model.istio.sidecar_scopes import SidecarScopes, sidecar_scopes
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.services.calls import leads_outside
from archlint.model.services.references import Channel, Reference
from archlint.model.services.resolution import ServiceNames, service_names
from archlint.model.world import World


@dataclass(frozen=True)
class UnseenCall(ObjectFacet):
    """Calls of one Service that a Sidecar does not import."""

    arrivals: tuple[Arrival, ...]
    """Each of another caller."""
    imports: Node
    """What the Sidecar imports."""
    shut: Node | None
    """What keeps callers from what they do not import; without it they call past their proxies' settings."""

    @classmethod
    def all(cls, world: World) -> Iterator[UnseenCall]:
        """Every such call, those of one Sidecar to one Service together."""
        scopes: SidecarScopes = world.fact(sidecar_scopes)
        if not scopes.is_said:
            return
        alike: dict[tuple[object, ...], list[tuple[Arrival, Node, Node | None]]] = {}
        for ends in world.fact(mesh_arrivals):
            found = at_all_ends(ends, lambda end: _unseen(end, scopes, world))
            if found is not None:
                end, imports, _ = found
                key = (imports.document.path, imports.document.index, imports.route, id(end.service.base))
                alike.setdefault(key, []).append(found)
        for those in alike.values():
            _, imports, shut = those[0]
            by_caller = {id(end.caller): end for end, _, _ in those}
            sidecar = KubernetesObject(imports.document.at(imports.route[: imports.route.index("spec")]))
            yield cls(sidecar, tuple(by_caller.values()), imports, shut)


def _unseen(end: Arrival, scopes: SidecarScopes, world: World) -> tuple[Arrival, Node, Node | None] | None:
    planes: Membership = world.fact(membership)
    scope, namespace = scopes.of(end.caller), end.service.base.namespace
    if scope is None or namespace is None or planes.of(end.caller) is not Plane.SIDECAR:
        return None
    imports = scope.imports
    has_proxy = all(planes.of(callee) in (Plane.SIDECAR, Plane.AMBIENT) for callee in end.callees)
    host = f"{end.service.name}.{namespace}{CLUSTER_SUFFIX}"
    if imports is None or scope.sees(host, namespace) is not False or (scope.shut is None and not has_proxy):
        return None
    if world.fact(routed_services) & {(end.service.name, namespace), (end.service.name, None)}:
        return None  # a VirtualService that is imported brings along where it leads to
    return (end, imports, scope.shut)


@dataclass(frozen=True)
class BlockedCall(ObjectFacet):
    """A call to a host outside of the mesh that the caller's proxy refuses."""

    reference: Reference
    shut: Node
    """What refuses all that the mesh does not know."""
    entry: ServiceEntry | None
    """One that has the host, without the port; ``None`` if nothing has it."""

    @classmethod
    def all(cls, world: World) -> Iterator[BlockedCall]:
        """Every such call whose address is written for one caller alone, once for each caller and host."""
        scopes: SidecarScopes = world.fact(sidecar_scopes)
        if not scopes.is_said:
            return
        judge, seen = _Judge(world, scopes), set()
        for reference in world.all(Reference):
            key = (id(reference.workload), reference.address.host, reference.address.effective_port)
            if reference.channel is Channel.FILE or reference.is_at_hand or key in seen:
                continue
            found = judge.blocked(reference)
            if found is not None:
                seen.add(key)
                yield found

    @property
    def place(self) -> Place:
        """The address."""
        return self.reference.node.value_place()


class _Judge:
    def __init__(self, world: World, scopes: SidecarScopes) -> None:
        self._world = world
        self._scopes = scopes
        self._planes: Membership = world.fact(membership)
        self._names: ServiceNames = world.fact(service_names)
        self._registry: ServiceRegistry = world.fact(service_registry)
        self._has_entries = any(True for _ in world.all(ServiceEntry))
        self._aliases = {
            host
            for items in self._names.by_name.values()
            for item in items
            if (host := item.get("spec", "externalName").text)
        }

    def blocked(self, reference: Reference) -> BlockedCall | None:
        """The call, if it leads outside and is surely refused."""
        workload, address = reference.workload, reference.address
        if not leads_outside(reference, self._names) or address.host in self._aliases:
            return None
        if self._planes.of(workload) is not Plane.SIDECAR or self._registry.has_unknown_hosts:
            return None
        if may_go_past(reference, self._world):
            return None
        scope = self._scopes.of(workload)
        shut = scope.shut if scope is not None else None
        if scope is None or shut is None:
            return None
        is_own = bool(scope.sidecars) and shut.document is scope.sidecars[0].node.document
        if not (self._has_entries or is_own):
            return None  # who keeps the whole mesh elsewhere keeps its service entries there
        found = [
            ServiceEntry(entry.item)
            for entry in self._registry.find(address.host, workload.namespace)
            if entry.is_visible_from(workload.namespace)
        ]
        port = reference.port
        if any(_has_port(entry, port) for entry in found):
            return None
        return BlockedCall(workload.base, reference, shut, found[0] if found else None)


def _has_port(entry: ServiceEntry, port: int | None) -> bool:
    """Whether a port may be one of a service entry; a Service with that host has what it has."""
    if port is None or entry.base.kind != "ServiceEntry":
        return True
    return not entry.ports or any(each.number in (port, None) for each in entry.ports)
