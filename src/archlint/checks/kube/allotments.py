"""Resources beyond the usual requests and limits: equal ones, scratch space, and what a namespace may use."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents import Node
from archlint.model.kubernetes import Container, KubernetesObject, Workload
from archlint.model.kubernetes.amounts import parse_quantity
from archlint.model.kubernetes.resources import is_amount
from archlint.model.world import World

_SCRATCH = "ephemeral-storage"


@check(Container)
def requests_differ_from_limits(container: Container, options: Options) -> Iterator[Observation]:
    """A container that is not sure of all that it may use."""
    different = [name for name in options["resources"] if _differs(container, name)]
    if not different or container.role == "ephemeral":
        return
    both = {"cpu", "memory"} <= set(options["resources"])
    requests = container.get("resources", "requests")
    said = [
        name for name in different if _is_said(container, name)
    ]  # kube-score takes none and none for equal
    yield observe(
        requests.place(),
        container=container.name,
        resources=" and ".join(different),
        aliases=[
            *(["kube-score:container-resource-requests-equal-limits"] if both and said else []),
            *(f"kube-score:container-{name}-requests-equal-limits" for name in said),
        ],
    )


def _is_said(container: Container, resource: str) -> bool:
    return any(container.get("resources", part, resource).is_set for part in ("limits", "requests"))


def _differs(container: Container, resource: str) -> bool:
    """Whether they do, with the request that Kubernetes takes from the limit."""
    limit = container.get("resources", "limits", resource)
    request = container.get("resources", "requests", resource)
    if not request.is_set:
        return not limit.is_set
    return not limit.is_set or parse_quantity(limit.value) != parse_quantity(request.value)


@check(Container)
def scratch_space_unbounded(container: Container, options: Options) -> Iterator[Observation]:
    """A container that may fill the disk of its node."""
    if container.role == "ephemeral":
        return
    limit = container.get("resources", "limits", _SCRATCH)
    request = container.get("resources", "requests", _SCRATCH)
    missing = "limit" if not is_amount(limit) else "request" if not is_amount(request) else None
    if missing is not None:
        yield observe((limit if missing == "limit" else request).place(), missing, container=container.name)


@check(Container)
def scratch_space_request_differs(container: Container, options: Options) -> Iterator[Observation]:
    """A request for scratch space that is not the limit."""
    limit = container.get("resources", "limits", _SCRATCH)
    request = container.get("resources", "requests", _SCRATCH)
    if is_amount(limit) and is_amount(request):
        asked, most = parse_quantity(request.value), parse_quantity(limit.value)
        if asked is not None and most is not None and asked != most:
            yield observe(
                request.place(),
                related=[(limit.place(), "the limit")],
                container=container.name,
                request=request.value,
                limit=limit.value,
            )


@check(Workload)
def scratch_volume_unbounded(workload: Workload, options: Options) -> Iterator[Observation]:
    """A volume for scratch data without a size."""
    for volume in workload.pod_spec.get("volumes").elements():
        scratch = volume.get("emptyDir")
        if (scratch.is_map or (scratch.exists and not scratch.is_set)) and not _size(scratch).is_set:
            yield observe(
                _size(scratch).place(),
                volume=volume.get("name").text or "?",
                workload=f"{workload.kind} '{workload.name}'",
            )


def _size(scratch: Node) -> Node:
    return scratch.get("sizeLimit")


@join(KubernetesObject)
def namespace_without_quota(item: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A namespace in which nothing bounds what is used, where the repository bounds another one."""
    if item.kind != "Namespace" or item.group != "":
        return
    for kind, group in (("ResourceQuota", "quota"), ("LimitRange", "range")):
        bounded = world.fact(_bounded)[kind]
        if item.name in world.fact(_busy) and bounded and not bounded.keys() & {item.name, None}:
            example = min(filter(None, bounded))
            yield observe(
                item.get("metadata", "name").place(),
                group,
                related=[(bounded[example].get("kind").value_place(), f"that of '{example}'")],
                identity=(kind,),
                name=item.name,
                example=example,
            )


def _bounded(world: World) -> dict[str, dict[str | None, KubernetesObject]]:
    """The namespaces with a quota, and those with a range of limits, each with the first one."""
    found: dict[str, dict[str | None, KubernetesObject]] = {"ResourceQuota": {}, "LimitRange": {}}
    for item in world.all(KubernetesObject):
        if item.kind in found:
            found[item.kind].setdefault(item.namespace, item)
    return found


def _busy(world: World) -> frozenset[str | None]:
    """The namespaces that workloads name."""
    return frozenset(workload.namespace for workload in world.all(Workload))
