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


def autoscaled(world: World) -> Mapping[Workload, tuple[Autoscaler, ...]]:
    """The autoscalers of each workload that has one; ask with ``world.fact(autoscaled)``.

    Both stand in one deployment set, or the workload stands in none that has such an autoscaler.
    """
    wanted: dict[tuple[str, str], list[Autoscaler]] = defaultdict(list)
    for scaler in world.all(Autoscaler):
        wanted[scaler.target_kind, scaler.target_name].append(scaler)
    found: dict[Workload, tuple[Autoscaler, ...]] = {}
    for workload in world.all(Workload):
        scalers = [
            s for s in wanted.get((workload.kind, workload.name), ()) if same_namespace(s.base, workload.base)
        ]
        if scalers:
            found[workload] = _nearest(world, workload, scalers)
    return found


def _nearest(world: World, workload: Workload, scalers: list[Autoscaler]) -> tuple[Autoscaler, ...]:
    sets = world.fact(deployment_sets)
    own = sets.paths_beside(workload.base)
    near = [scaler for scaler in scalers if scaler.source.path in own]
    return tuple(near or scalers)
