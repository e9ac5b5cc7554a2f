"""Host names in Istio objects: which service of the cluster, or which outside name, they mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Generic, TypeVar

from archlint.finding.records import dataclass

CLUSTER_SUFFIX = ".svc.cluster.local"
"""The usual cluster domain. A service under another one may be of another cluster."""
_PLATFORM_NAMESPACES = frozenset({"istio-system", "istio-ingress", "istio-egress", "kube-system"})


@dataclass(frozen=True)
class ServiceHost:
    """A service of the cluster; an unset namespace is unknown."""

    name: str
    namespace: str | None


def service_host(host: str, namespace: str | None) -> ServiceHost | None:
    """The service that a host means in an object of a namespace; ``None`` for outside names and wildcards.

    Source: Istio's reference of VirtualService, Destination: a name without dots is completed with the
    namespace of the object that holds it; only ``name.namespace.svc``, with or without the cluster domain,
    names a service elsewhere.
    """
    if not host or host.startswith("*"):
        return None
    parts = host.rstrip(".").split(".")
    if len(parts) == 1:
        return ServiceHost(parts[0], namespace)
    is_service = len(parts) >= 3 and parts[2] == "svc" and parts[3:] in ([], ["cluster", "local"])
    return ServiceHost(parts[0], parts[1]) if is_service else None


def is_of_platform(service: ServiceHost) -> bool:
    """Whether a service comes with Kubernetes or Istio itself, such as ``istio-ingressgateway``."""
    is_istio = service.name == "istiod" or service.name.startswith("istio-")
    return is_istio or service.namespace in _PLATFORM_NAMESPACES or service.name == "kubernetes"


def is_wildcard(host: str) -> bool:
    """Whether a host stands for many."""
    return host.startswith("*")


def is_address(host: str) -> bool:
    """Whether a host is an IP address: no name has a colon, or digits alone."""
    return ":" in host or host.replace(".", "").isdigit()


T = TypeVar("T")


class Wildcards(Generic[T]):
    """What stands under hosts such as ``*.shop.svc.cluster.local`` or ``*.example.com``."""

    def __init__(self) -> None:
        self._by_ending: dict[str, list[T]] = defaultdict(list)
        self._lengths: set[int] = set()

    def add(self, pattern: str, item: T) -> None:
        """Add what stands under a pattern, which begins with ``*``."""
        ending = pattern[1:]
        self._by_ending[ending].append(item)
        self._lengths.add(len(ending))

    def over(self, host: str, namespace: str | None) -> Iterator[T]:
        """All whose pattern covers a host as an object in ``namespace`` means it, in no certain order."""
        service = service_host(host, namespace)
        if service is not None and service.namespace is not None:
            host = f"{service.name}.{service.namespace}{CLUSTER_SUFFIX}"
        for length in self._lengths:
            if length <= len(host):
                yield from self._by_ending.get(host[len(host) - length :], ())
