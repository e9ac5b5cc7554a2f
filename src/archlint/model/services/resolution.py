"""Resolution: which Services of the repository a host name means inside of the cluster.

Source: Kubernetes, "DNS for Services and Pods": ``service``, ``service.namespace``,
``service.namespace.svc.cluster.local``, and one more label in front for a pod of a headless Service.
"""

from __future__ import annotations

from collections import defaultdict

from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.sets import DeploymentSets, deployment_sets, nearest
from archlint.model.world import World


@dataclass(frozen=True, slots=True)
class ClusterName:
    """A host name read as the name of a Service."""

    name: str
    namespace: str | None
    """``None`` where the asker's own namespace is meant."""
    is_certain: bool
    """Whether the name can be nothing else: one label, or ``.svc`` in it."""


def cluster_names(host: str) -> list[ClusterName]:
    """The ways to read a host as a Service's name, the likeliest first."""
    labels = host.rstrip(".").split(".")
    if labels[-2:] == ["cluster", "local"]:
        labels = labels[:-2]
    if len(labels) > 1 and labels[-1] == "svc":
        rest = labels[:-1]
        if len(rest) == 1:
            return []
        found = [ClusterName(rest[-2], rest[-1], True)]
        return found if len(rest) < 4 else []
    if len(labels) == 1:
        return [ClusterName(labels[0], None, True)]
    if len(labels) == 2:
        return [ClusterName(labels[0], labels[1], False), ClusterName(labels[1], None, False)]
    return [ClusterName(labels[1], labels[2], False)] if len(labels) == 3 else []


class ServiceNames:
    """All Services of a world, by name."""

    def __init__(self, world: World) -> None:
        self._sets: DeploymentSets = world.fact(deployment_sets)
        self.by_name: dict[str, list[KubernetesObject]] = defaultdict(list)
        self.namespaces: set[str] = set()
        """Namespaces that an object of the repository is in, or that it defines."""
        self.own_namespaces: set[str] = set()
        """Namespaces that Services are in."""
        self._found: dict[tuple[ClusterName, str | None, int], list[KubernetesObject]] = {}
        for item in world.all(KubernetesObject):
            if item.kind == "Service" and item.name and item.group in ("", "serving.knative.dev"):
                self.by_name[item.name].append(item)
                self.own_namespaces.update(filter(None, [item.namespace]))
            self.namespaces.update(filter(None, [item.namespace]))
            if item.kind == "Namespace":
                self.namespaces.add(item.name)

    def resolve(self, host: str, asker: KubernetesObject) -> list[KubernetesObject]:
        """The Services that a host may mean for a pod of ``asker``; empty if there is none."""
        for reading in cluster_names(host):
            key = (reading, asker.namespace, self._sets.group_of(asker))
            if key not in self._found:
                self._found[key] = self._find(reading, asker)
            found = self._found[key]
            if found:
                return found
        return []

    def _find(self, reading: ClusterName, asker: KubernetesObject) -> list[KubernetesObject]:
        namespace = reading.namespace or asker.namespace
        candidates = self.by_name.get(reading.name, [])
        if not reading.is_certain and reading.namespace is None:
            # `pod-0.service`: only a StatefulSet's pods have names of that form.
            candidates = [item for item in candidates if is_headless(item)]
        elif not reading.is_certain:
            known = reading.namespace in self.namespaces
            candidates = [item for item in candidates if item.namespace is not None or known]
        return nearest(self._sets, asker, candidates, namespace)


def is_headless(service: KubernetesObject) -> bool:
    """Whether a Service has no address of its own, so that its name means its pods."""
    return service.get("spec", "clusterIP").text == "None"


def has_open_ports(service: KubernetesObject) -> bool:
    """Whether more ports than a Service lists may be reached: pods answer for a headless one."""
    is_alias = service.get("spec", "type").text == "ExternalName"
    return is_headless(service) or is_alias or bool(service.group) or not ports_of(service)


def service_names(world: World) -> ServiceNames:
    """The Services of a world; ask with ``world.fact(service_names)``."""
    return ServiceNames(world)


def ports_of(service: KubernetesObject) -> dict[int, str]:
    """The ports of a Service, each with what its ``appProtocol`` or name says about the protocol."""
    found: dict[int, str] = {}
    for entry in service.get("spec", "ports").elements():
        number = entry.get("port").integer
        if number is not None:
            found[number] = entry.get("appProtocol").text or entry.get("name").text or ""
    return found
