"""How a new version of a service takes the place of the old one: whether both answer for a while.

Sources: Kubernetes, DeploymentStrategy, StatefulSetUpdateStrategy and DaemonSetUpdateStrategy; OpenShift,
DeploymentStrategy; Argo Rollouts, ``spec.strategy``; Flagger, Canary (``spec.targetRef``).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.services.grouping import Service
from archlint.model.world import World

_VERSIONS = regex(r".*-(?:canary|stable|baseline|blue|green|primary|preview|v[0-9]++)")


@dataclass(frozen=True)
class Rollout:
    """How one workload is replaced by its next version."""

    workload: Workload
    strategy: str
    """As it is called where it is set, or by default."""
    is_side_by_side: bool
    """Whether pods of both versions run at a time."""
    node: Node
    """What says so; the kind, where it is the default."""


def rollouts(world: World, service: Service) -> Iterator[Rollout]:
    """How the workloads of a service are replaced, those of one name once."""
    lasting = [item for item in service.workloads if item.is_long_running]
    names = {item.name for item in lasting if item.name is not None}
    are_versions = len(names) > 1 and all(_VERSIONS.fullmatch(name) for name in names - {service.name})
    seen = set[str]()
    for workload in lasting:
        if workload.name in seen or workload.base.get("spec", "replicas").integer == 0:
            continue
        found = _of_versions(workload) if are_versions else _rollout(world, workload)
        if found is not None:
            seen.add(workload.name)
            yield found


def _of_versions(workload: Workload) -> Rollout:
    return Rollout(workload, "several versions", True, workload.base.get("metadata", "name"))


def _rollout(world: World, workload: Workload) -> Rollout | None:
    """``None`` where a kind has no strategy, or another one than is known here."""
    base, kind = workload.base, workload.kind
    canary = world.fact(_flagged).get((kind, workload.name))
    if canary is not None:
        return Rollout(workload, "canary", True, canary.get("spec", "targetRef", "name"))
    if kind == "Rollout":
        for key, called in (("canary", "canary"), ("blueGreen", "blue-green")):
            way = base.get("spec", "strategy", key)
            if way.exists:
                return Rollout(workload, called, True, way)
        return None
    if kind in ("StatefulSet", "DaemonSet"):
        way = base.get("spec", "updateStrategy", "type")
        is_apart = kind == "StatefulSet" and _is_alone(workload, world)
        return _read(workload, way, "RollingUpdate", is_apart=is_apart)
    if kind in ("Deployment", "DeploymentConfig"):
        way = base.get("spec", "strategy", "type")
        surge = base.get("spec", "strategy", "rollingUpdate", "maxSurge").value
        is_apart = way.text == "Recreate" or (surge in (0, "0", "0%") and _is_alone(workload, world))
        default = "RollingUpdate" if kind == "Deployment" else "Rolling"
        return _read(workload, way, default, is_apart=is_apart)
    return None


def _is_alone(workload: Workload, world: World) -> bool:
    """Whether a workload never has two pods: what scales it has the last word."""
    scalers = world.fact(autoscaled).get(workload, ())
    if scalers:
        return all(scaler.most_node.integer == 1 for scaler in scalers)
    return workload.base.get("spec", "replicas").integer in (None, 1)


def _read(workload: Workload, way: Node, default: str, *, is_apart: bool) -> Rollout:
    node = way if way.exists else workload.base.get("kind")
    return Rollout(workload, way.text or default, not is_apart, node)


def _flagged(world: World) -> dict[tuple[str, str], KubernetesObject]:
    """Flagger's canaries, by the kind and name of what they roll out."""
    return {
        (
            item.get("spec", "targetRef", "kind").text or "",
            item.get("spec", "targetRef", "name").text or "",
        ): item
        for item in world.all(KubernetesObject)
        if (item.group, item.kind) == ("flagger.app", "Canary")
    }
