"""The service registry: which hosts the mesh knows, as far as the repository shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from archlint.documents import Node
from archlint.model.istio.hosts import (
    CLUSTER_SUFFIX,
    ServiceHost,
    covers,
    is_address,
    is_of_platform,
    is_wildcard,
    service_host,
)
from archlint.model.istio.routing import NETWORKING_GROUP, VirtualService
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.sets import deployment_sets, may_be_elsewhere
from archlint.model.world import World

_SERVICE_KINDS = ("Service", "ServiceImport")
_MAKES_NO_SERVICES = (".k8s.io", ".istio.io")


class ServiceRegistry:
    """Services, service entries, and custom resources whose operators make services named after them."""

    def __init__(self, objects: Iterable[KubernetesObject]) -> None:
        self._namespaces: dict[str, set[str | None]] = defaultdict(set)
        self._used: set[str | None] = set()
        self._hosts: set[str] = set()
        self._wildcards: list[str] = []
        self._makers: set[str] = set()
        for item in objects:
            if item.kind in _SERVICE_KINDS:
                self._namespaces[item.name].add(item.namespace)
                self._used.add(item.namespace)
            elif item.kind == "ServiceEntry" and item.group == NETWORKING_GROUP:
                self._add_hosts(item.get("spec", "hosts"), item.namespace)
            elif _may_make_services(item):
                self._makers.add(item.name)

    def knows(self, host: str, namespace: str | None) -> bool:
        """Whether a service or service entry of the repository has the host.

        ``name.namespace``, which Istio itself does not complete, counts as well, to be on the safe side.
        """
        service = service_host(host, namespace) or _two_parts(host)
        if service is not None and self._has_service(service):
            return True
        names = {host}
        if service is not None and service.namespace is not None:
            names.add(f"{service.name}.{service.namespace}{CLUSTER_SUFFIX}")
        return bool(names & self._hosts) or any(
            covers(pattern, host, namespace) for pattern in self._wildcards
        )

    def defines_services_of(self, namespace: str | None) -> bool:
        """Whether the repository defines services that surely are of this namespace."""
        return namespace is not None and namespace in self._used

    def may_be_made(self, name: str) -> bool:
        """Whether an operator may make a service ``name``: a resource is named so, or with a suffix less."""
        parts = name.split("-")
        return any("-".join(parts[:count]) in self._makers for count in range(1, len(parts) + 1))

    def _has_service(self, service: ServiceHost) -> bool:
        spaces = self._namespaces.get(service.name, set())
        return bool(spaces) and (service.namespace is None or bool({service.namespace, None} & spaces))

    def _add_hosts(self, hosts: Node, namespace: str | None) -> None:
        for item in hosts.elements():
            host = item.text or ""
            if is_wildcard(host):
                self._wildcards.append(host)
                continue
            self._hosts.add(host)
            service = service_host(host, namespace)
            if service is not None and service.namespace is not None:
                self._hosts.add(f"{service.name}.{service.namespace}{CLUSTER_SUFFIX}")


def _two_parts(host: str) -> ServiceHost | None:
    parts = host.split(".")
    return ServiceHost(parts[0], parts[1]) if len(parts) == 2 and not is_wildcard(host) else None


def _may_make_services(item: KubernetesObject) -> bool:
    """Whether it is a custom resource, or a Gateway of the Gateway API, for which services are made."""
    is_custom = "." in item.group and not item.group.endswith(_MAKES_NO_SERVICES)
    return is_custom or item.group == "gateway.networking.k8s.io"


def service_registry(world: World) -> ServiceRegistry:
    """The registry of a world; ask for it with ``world.fact(service_registry)``."""
    return ServiceRegistry(world.all(KubernetesObject))


def is_undefined(host: str, asker: KubernetesObject, world: World) -> bool:
    """Whether a host that ``asker`` routes to is missing from the repository, which would have to define it.

    A service is missing if the repository defines others that belong there, and no operator, chart or remote
    kustomization may make it. An outside name is missing if the asker's own deployment set has service
    entries, and none has this name; a name of two parts, or of another cluster's domain, may mean a service,
    and is let pass.
    """
    registry = world.fact(service_registry)
    if not host or is_wildcard(host) or is_address(host) or registry.knows(host, asker.namespace):
        return False
    service = service_host(host, asker.namespace)
    if service is None:
        groups = world.fact(deployment_sets).of(asker)
        may_be_service = _two_parts(host) is not None or ".svc." in host
        return not may_be_service and any("ServiceEntry" in group.by_kind for group in groups)
    if is_of_platform(service):
        return False
    if registry.may_be_made(service.name) or may_be_elsewhere(world, asker, "Service", service.name):
        return False
    if registry.defines_services_of(service.namespace):
        return True
    return service.namespace == asker.namespace and _routes_to_own_services(asker, world)


def _routes_to_own_services(asker: KubernetesObject, world: World) -> bool:
    """Whether the services that the asker's deployment set routes to are those of the repository.

    It has services itself, or another of its destinations is known.
    """
    registry = world.fact(service_registry)
    groups = world.fact(deployment_sets).of(asker)
    if any(kind in group.by_kind for group in groups for kind in _SERVICE_KINDS):
        return True
    return any(
        registry.knows(destination.host, item.namespace)
        for group in groups
        for item in group.by_kind.get("VirtualService", ())
        for destination in VirtualService(item).destinations
    )
