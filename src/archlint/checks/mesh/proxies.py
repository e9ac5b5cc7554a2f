"""Sidecars: namespaces without, pods that lack one, and images that differ from the injector's."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.heads import head
from archlint.finding.words import number_of
from archlint.model.istio.proxies import (
    AUTO,
    MeshNamespace,
    injectors,
    keeps_labels,
    outdated_proxies,
    pods_by_namespace,
    proxy_of,
    wants_no_proxy,
)
from archlint.model.kubernetes import Workload
from archlint.model.services.meshes import meshes
from archlint.model.world import World

_MOST = 5
"""Pods that are shown."""


@join(MeshNamespace)
def namespace_not_injected(namespace: MeshNamespace, world: World, options: Options) -> Iterator[Observation]:
    """A namespace of which no label says whether its pods are in the mesh."""
    if namespace.says_nothing:
        is_default = any(item.injects_by_default for item in world.fact(injectors).values())
        yield observe(
            namespace.base.get("metadata", "labels").place(),
            "by-default" if is_default else "default",
            related=[head(namespace.base)],
            aliases=["istio:IST0148" if is_default else "istio:IST0102"],
            name=namespace.name,
        )


@join(MeshNamespace)
def pod_without_proxy(namespace: MeshNamespace, world: World, options: Options) -> Iterator[Observation]:
    """A pod without a sidecar in a namespace whose pods get one."""
    if namespace.revision is None:
        return
    for workload in world.fact(pods_by_namespace).get(namespace.name, ()):
        proxy = proxy_of(workload)
        if proxy is not None and proxy.get("image").text == AUTO:
            yield _told(namespace, workload, "auto", "istio:IST0147")
        elif proxy is None and not wants_no_proxy(workload):
            yield _told(namespace, workload, "default", "istio:IST0103")


def _told(namespace: MeshNamespace, workload: Workload, message: str, alias: str) -> Observation:
    return observe(
        workload.base.get("metadata", "name").value_place(),
        message,
        related=[
            (namespace.base.get("metadata", "labels").place(), "the namespace's labels"),
            head(workload.base),
        ],
        object=workload.object,
        aliases=[alias],
        name=workload.name,
        namespace=namespace.name,
    )


@join(MeshNamespace)
def proxy_image_differs(namespace: MeshNamespace, world: World, options: Options) -> Iterator[Observation]:
    """Pods whose sidecar is of another image than the injector gives."""
    found = list(outdated_proxies(namespace, world))
    if found:
        images = [(proxy.get("image").value_place(), "this sidecar") for proxy, _ in found[:_MOST]]
        yield observe(
            namespace.base.get("metadata", "name").value_place(),
            related=[*images, head(namespace.base)],
            name=namespace.name,
            count=number_of(len(found), "pod"),
            verb="runs" if len(found) == 1 else "run",
            wanted=found[0][1],
        )


@join(Workload)
def proxy_image_unresolved(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """A sidecar with the image ``auto`` in a pod that nobody injects into."""
    container = proxy_of(workload)
    if (
        container is None
        or container.get("image").text != AUTO
        or world.fact(meshes).has(workload) is not False
    ):
        return
    if wants_no_proxy(workload) or world.fact(keeps_labels):
        yield observe(
            container.get("image").value_place(),
            related=[head(workload.base)],
            aliases=["istio:IST0147" if workload.kind == "Pod" else "istio:IST0146"],
            kind=workload.kind,
            name=workload.name,
            namespace=workload.namespace or "?",
        )
