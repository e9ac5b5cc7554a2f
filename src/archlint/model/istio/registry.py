"""The service registry: which hosts the mesh knows, as far as the repository shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum

from archlint.finding.records import dataclass
from archlint.model.istio.hosts import (
    CLUSTER_SUFFIX,
    ServiceHost,
    Wildcards,
    is_address,
    is_of_platform,
    is_wildcard,
    service_host,
)
from archlint.model.istio.objects import NETWORKING_GROUP
from archlint.model.istio.routing import VirtualService
from archlint.model.istio.visibility import SERVICE_KINDS, is_visible_from
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.sets import DeploymentSet, deployment_sets, may_be_elsewhere
from archlint.model.world import World

_MAKES_NO_SERVICES = (
    *(".k8s.io", ".istio.io", "backstage.io", "bitnami.com", "cert-manager.io", "external-secrets.io"),
    *("keda.sh", "kyverno.io", "velero.io", "secrets.hashicorp.com", "grafana.integreatly.org"),
)
"""Endings of groups whose objects are catalogs, certificates, secrets, policies, scalers or dashboards."""
_WATCHES = frozenset(
    {
        *("AlertmanagerConfig", "PodMonitor", "Probe", "PrometheusRule", "ScrapeConfig", "ServiceMonitor"),
        *("VMRule", "VMServiceScrape"),
    }
)
"""Kinds of what is watched, in groups whose other kinds are the watchers themselves."""


class HostFault(StrEnum):
    """Why a route to a host fails."""

    UNDEFINED = "undefined"
    """It would be a service of the cluster, and there is none."""
    OUTSIDE = "outside"
    """It is a name outside of the cluster that no service entry has."""
    SHORTENED = "shortened"
    """It is ``name.namespace``, which means a service of the cluster everywhere else, and which Istio takes
    for an outside name."""
    HIDDEN = "hidden"
    """It is defined, but not exported to the namespace that routes there."""


@dataclass(frozen=True)
class HostDefinition:
    """A service or service entry that defines a host."""

    item: KubernetesObject

    def is_visible_from(self, namespace: str | None) -> bool:
        """Whether it is exported to a namespace; to an unknown one it is taken to be."""
        return is_visible_from(self.item, namespace)


class ServiceRegistry:
    """Services, service entries, and custom resources whose operators make services named after them."""

    def __init__(self, objects: Iterable[KubernetesObject]) -> None:
        self._services: dict[str, dict[str | None, list[HostDefinition]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._hosts: dict[str, list[HostDefinition]] = defaultdict(list)
        self._wildcards: Wildcards[HostDefinition] = Wildcards()
        self._used: set[str | None] = set()
        self._makers: set[str] = set()
        self._unknown: set[str | None] = set()
        """The namespaces of services whose names are placeholders."""
        self.has_unknown_hosts = False
        """Whether a host of a service entry is a placeholder."""
        for item in objects:
            if item.kind in SERVICE_KINDS:
                self._services[item.name][item.namespace].append(HostDefinition(item))
                self._used.add(item.namespace)
                if is_placeholder(item.name):
                    self._unknown.add(item.namespace)
            elif item.kind == "ServiceEntry" and item.group == NETWORKING_GROUP:
                self._add_hosts(item)
            elif _may_make_services(item):
                self._makers.add(item.name)

    def find(self, host: str, namespace: str | None) -> Iterator[HostDefinition]:
        """What defines a host, as an object in ``namespace`` means it; wildcards only if they are visible.

        ``name.namespace``, which Istio itself does not complete, counts as well: it shows what is meant.
        """
        service = service_host(host, namespace) or _two_parts(host)
        yield from self._hosts.get(host, ())
        if service is not None:
            by_namespace = self._services.get(service.name, {})
            groups = by_namespace if service.namespace is None else (service.namespace, None)
            for group in groups:
                yield from by_namespace.get(group, ())
            yield from self._hosts.get(_full_name(service), ())
        for entry in self._wildcards.over(host, namespace):
            if entry.is_visible_from(namespace):
                yield entry

    def defines_services_of(self, namespace: str | None) -> bool:
        """Whether the repository defines services that surely are of this namespace."""
        return namespace is not None and namespace in self._used

    def may_be_filled_in(self, namespace: str | None) -> bool:
        """Whether a service that may be in a namespace has a placeholder for its name."""
        return bool(self._unknown & {namespace, None} if namespace is not None else self._unknown)

    def may_be_made(self, name: str) -> bool:
        """Whether an operator may make a service ``name``: a resource is named so, or with a suffix less."""
        parts = name.split("-")
        return any("-".join(parts[:count]) in self._makers for count in range(1, len(parts) + 1))

    def _add_hosts(self, item: KubernetesObject) -> None:
        entry = HostDefinition(item)
        for node in item.get("spec", "hosts").elements():
            host = node.text or ""
            self.has_unknown_hosts = self.has_unknown_hosts or is_placeholder(host)
            if is_wildcard(host):
                self._wildcards.add(host, entry)
                continue
            self._hosts[host].append(entry)
            service = service_host(host, item.namespace)
            if service is not None and _full_name(service) != host:
                self._hosts[_full_name(service)].append(entry)


def _full_name(service: ServiceHost) -> str:
    """The host of a service with its namespace and the cluster domain; without a namespace its name."""
    return f"{service.name}.{service.namespace}{CLUSTER_SUFFIX}" if service.namespace else service.name


def _two_parts(host: str) -> ServiceHost | None:
    parts = host.split(".")
    return ServiceHost(parts[0], parts[1]) if len(parts) == 2 and not is_wildcard(host) else None


def _may_make_services(item: KubernetesObject) -> bool:
    """Whether it is a custom resource, or a Gateway of the Gateway API, for which services are made."""
    is_custom = "." in item.group and not item.group.endswith(_MAKES_NO_SERVICES)
    return (is_custom and item.kind not in _WATCHES) or item.group == "gateway.networking.k8s.io"


def service_registry(world: World) -> ServiceRegistry:
    """The registry of a world; ask for it with ``world.fact(service_registry)``."""
    return ServiceRegistry(world.all(KubernetesObject))


def fault_of(host: str, asker: KubernetesObject, world: World) -> HostFault | None:
    """What is wrong with a host that ``asker`` routes to; ``None`` if it is defined, or may be elsewhere.

    A service is missing if the repository defines others that belong there, and no operator, chart or remote
    kustomization may make it. An outside name is missing if the asker's own deployment set has service
    entries, and none has this name; a name of two parts, or of another cluster's domain, may mean a service,
    and is let pass. Istio's reference of VirtualService, Destination: only names without dots are completed.
    """
    if not host or is_wildcard(host) or is_address(host) or is_placeholder(host):
        return None
    if _is_shortened(host, asker, world):
        return HostFault.SHORTENED
    is_defined = False
    for entry in world.fact(service_registry).find(host, asker.namespace):
        is_defined = True
        if entry.is_visible_from(asker.namespace):
            return None
    if is_defined:
        return HostFault.HIDDEN
    service = service_host(host, asker.namespace)
    if service is not None:
        return HostFault.UNDEFINED if _belongs_here(service, asker, world) else None
    groups = world.fact(deployment_sets).of(asker)
    may_be_service = _two_parts(host) is not None or ".svc." in host
    has_entries = any("ServiceEntry" in group.by_kind for group in groups)
    is_known = not world.fact(service_registry).has_unknown_hosts
    return HostFault.OUTSIDE if has_entries and is_known and not may_be_service else None


def shortened_host(host: str) -> str:
    """The whole host that ``name.namespace`` was to mean."""
    service = _two_parts(host)
    return _full_name(service) if service is not None else host


def _is_shortened(host: str, asker: KubernetesObject, world: World) -> bool:
    """Whether a host of two parts that no service entry has names a namespace of known services."""
    service = _two_parts(host)
    registry = world.fact(service_registry)
    if service is None or not registry.defines_services_of(service.namespace):
        return False
    return all(entry.item.kind in SERVICE_KINDS for entry in registry.find(host, asker.namespace))


def _belongs_here(service: ServiceHost, asker: KubernetesObject, world: World) -> bool:
    """Whether the repository would have to define a service."""
    registry = world.fact(service_registry)
    if is_of_platform(service) or registry.may_be_made(service.name):
        return False
    if registry.may_be_filled_in(service.namespace) or may_be_elsewhere(
        world, asker, "Service", service.name
    ):
        return False
    if registry.defines_services_of(service.namespace):
        return True
    return service.namespace == asker.namespace and _routes_to_own_services(asker, world)


def _routes_to_own_services(asker: KubernetesObject, world: World) -> bool:
    """Whether the services that the asker's deployment set routes to are those of the repository."""
    known = world.fact(_sets_of_known_services)
    return any(id(group) in known for group in world.fact(deployment_sets).of(asker))


def _sets_of_known_services(world: World) -> frozenset[int]:
    """The deployment sets that have services themselves, or of which a destination is known."""
    registry = world.fact(service_registry)
    return frozenset(
        id(group) for group in world.fact(deployment_sets).sets if _knows_services(group, registry)
    )


def _knows_services(group: DeploymentSet, registry: ServiceRegistry) -> bool:
    return any(kind in group.by_kind for kind in SERVICE_KINDS) or any(
        any(True for _ in registry.find(destination.host, item.namespace))
        for item in group.by_kind.get("VirtualService", ())
        for destination in VirtualService(item).destinations
    )
