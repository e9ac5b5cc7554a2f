"""What changes the number of replicas: HorizontalPodAutoscalers and KEDA's ScaledObjects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.services import same_namespace
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

_KINDS = {("autoscaling", "HorizontalPodAutoscaler"), ("keda.sh", "ScaledObject")}


@dataclass(frozen=True)
class Autoscaler(ObjectFacet):
    """An object that sets the replicas of another one."""

    @classmethod
    def all(cls, world: World) -> Iterable[Autoscaler]:
        """Every autoscaler in the world."""
        return [cls(base) for base in world.all(KubernetesObject) if (base.group, base.kind) in _KINDS]

    @property
    def target(self) -> Node:
        """``spec.scaleTargetRef``."""
        return self.base.get("spec", "scaleTargetRef")

    @property
    def target_kind(self) -> str:
        """The kind of the target; KEDA takes a Deployment if none is given."""
        default = "Deployment" if self.base.group == "keda.sh" else ""
        return self.target.get("kind").text or default

    @property
    def target_name(self) -> str:
        """The name of the target; empty if it is no string."""
        return self.target.get("name").text or ""

    @property
    def is_horizontal(self) -> bool:
        """Whether it is Kubernetes' own kind."""
        return self.base.group == "autoscaling"

    @property
    def least_node(self) -> Node:
        """Where it says how few replicas it may leave."""
        return self.base.get("spec", "minReplicas" if self.is_horizontal else "minReplicaCount")

    @property
    def most_node(self) -> Node:
        """Where it says how many replicas it may ask for."""
        return self.base.get("spec", "maxReplicas" if self.is_horizontal else "maxReplicaCount")

    @property
    def least(self) -> int:
        """The least replicas it leaves: HPA's default is 1, KEDA's is 0."""
        least = self.least_node.integer
        return least if least is not None else 1 if self.is_horizontal else 0

    def utilizations(self) -> Iterator[tuple[str, Node]]:
        """The resources of which it looks at a share of what all containers of a pod request, each with the
        place that says so. Source: the Kubernetes API reference, autoscaling/v1, v2 and the betas of v2."""
        old = self.base.get("spec", "targetCPUUtilizationPercentage")
        if old.is_set:
            yield "cpu", old
        for metric in self.base.get("spec", "metrics").elements():
            resource = metric.get("resource")
            shares = (resource.get("target", "averageUtilization"), resource.get("targetAverageUtilization"))
            name = resource.get("name").text
            if metric.get("type").text == "Resource" and name and any(share.is_set for share in shares):
                yield name, next(share for share in shares if share.is_set)


SCALABLE = frozenset(
    {("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "ReplicaSet"), ("", "ReplicationController")}
)
"""Kubernetes' own kinds that have a number of replicas which others may set (the resource ``scale``)."""
_OWN_GROUPS = frozenset({"", "apps", "batch", "extensions", "policy", "autoscaling"})
"""API groups of which no other kind can be scaled."""


def target_fault(scaler: Autoscaler, world: World) -> str | None:
    """Why nothing can set the replicas of an autoscaler's target: ``group`` if its kind is in another API
    group, ``kind`` if there is no such number, ``custom`` if its definition in the repository has none."""
    version = scaler.target.get("apiVersion").text
    if version is None and scaler.target.get("apiVersion").is_set:
        return None
    if version is None:
        version = "" if scaler.is_horizontal else "apps/v1"
    group, kind = version.rpartition("/")[0], scaler.target_kind
    if not kind or (group, kind) in SCALABLE:
        return None
    if group in _OWN_GROUPS:
        return "group" if any(kind == known for _, known in SCALABLE) else "kind"
    return "custom" if world.fact(_scaled_kinds).get((group, kind)) is False else None


def _scaled_kinds(world: World) -> Mapping[tuple[str, str], bool]:
    """Whether custom resources that are defined here can be scaled, in any version."""
    found: dict[tuple[str, str], bool] = {}
    for item in world.all(KubernetesObject):
        if item.kind != "CustomResourceDefinition":
            continue
        spec = item.get("spec")
        versions = (spec, *spec.get("versions").elements())
        can = any(each.get("subresources", "scale").is_set for each in versions)
        key = (spec.get("group").text or "", spec.get("names", "kind").text or "")
        found[key] = found.get(key, False) or can
    return found


def autoscaled(world: World) -> Mapping[Workload, tuple[Autoscaler, ...]]:
    """The autoscalers of each workload that has one; ask with ``world.fact(autoscaled)``.

    Both stand in one deployment set, or neither stands in one that has such a workload or autoscaler.
    """
    sets = world.fact(deployment_sets)
    known: dict[tuple[str, str], list[Workload]] = defaultdict(list)
    for workload in world.all(Workload):
        known[workload.kind, workload.name].append(workload)
    meaning: dict[Workload, list[Autoscaler]] = defaultdict(list)
    for scaler in world.all(Autoscaler):
        targets = known.get((scaler.target_kind, scaler.target_name), ())
        meant = [item for item in targets if same_namespace(scaler.base, item.base)]
        own = sets.paths_beside(scaler.base) if meant else frozenset()
        for workload in [item for item in meant if item.source.path in own] or meant:
            meaning[workload].append(scaler)
    return {workload: _nearest(world, workload, scalers) for workload, scalers in meaning.items()}


def _nearest(world: World, workload: Workload, scalers: list[Autoscaler]) -> tuple[Autoscaler, ...]:
    own = world.fact(deployment_sets).paths_beside(workload.base)
    near = [scaler for scaler in scalers if scaler.source.path in own]
    return tuple(near or scalers)
