"""What operators make: objects that no manifest defines, because a program does."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.finding.regex import regex
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

_WORD = regex(r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?")
_PLATFORM = ("k8s.io", "openshift.io")
_TOO_COMMON = frozenset(
    {"app", "apps", "com", "io", "dev", "core", "config", "name", "networking", "security"}
)

_INSTALLERS = {
    "Application": ("spec", "destination", "namespace"),
    "HelmChart": ("spec", "targetNamespace"),
    "HelmRelease": ("spec", "targetNamespace"),
    "KfDef": ("metadata", "namespace"),
}
"""Kinds whose controllers fetch a chart or a folder of manifests, and where its namespace stands."""


def is_filled_by_installer(asker: KubernetesObject, world: World) -> bool:
    """Whether something applied together with an object brings manifests from elsewhere to its namespace."""
    for group in world.fact(deployment_sets).of(asker):
        for kind, way in _INSTALLERS.items():
            for item in group.by_kind.get(kind, ()):
                aim = item.get(*way).text or item.namespace
                if None in (aim, asker.namespace) or aim == asker.namespace:
                    return True
    return False


def products(world: World) -> frozenset[str]:
    """What the software behind the custom resources is called, as ``minio`` of ``minio.min.io``."""
    return frozenset(_products(world)) - _TOO_COMMON


def _products(world: World) -> Iterator[str]:
    for item in world.all(KubernetesObject):
        labels = item.group.split(".")
        if len(labels) > 1 and not item.group.endswith(_PLATFORM):
            yield from (labels[0], labels[-2])


def services_of_sidecars(world: World) -> frozenset[str]:
    """Services that Dapr makes for pods with its sidecar, which are called after the application."""
    return frozenset(
        f"{name}-dapr"
        for workload in world.all(Workload)
        for key in ("dapr.io/app-id", "dapr.io/id")
        if (name := workload.pod_annotations.get(key))
    )


def words_in_arguments(world: World) -> frozenset[str]:
    """Arguments of containers, and the values of their flags: a controller is told there what it makes."""
    return frozenset(
        word
        for workload in world.all(Workload)
        for container in workload.containers
        for key in ("command", "args")
        for part in container.get(key).elements()
        if _WORD.fullmatch(word := (part.text or "").rpartition("=")[2])
    )
