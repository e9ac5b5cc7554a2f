"""Workloads that are told to have no pods, and that nothing gives any.

A number of 0 does not mean that nothing runs: an autoscaler may set another one, and a controller that takes
a workload over runs its pods under a name of its own. Sources: Argo Rollouts, "Migrating to Rollouts"
(``workloadRef``: the Deployment is left with no pods); Flagger, "How it works" (the target of a Canary is
scaled to 0, and a copy of it gets the traffic).
"""

from __future__ import annotations

from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.restarts import commanded
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

_SCALING = ("scale", "sleep", "sablier", "keda", "kube-green", "downtime")
"""What stands in the names of annotations by which something sets the number of pods."""
_TAKING = ("workloadRef", "targetRef", "scaleTargetRef")
"""Where objects name a workload that they run or scale."""
_ONLY_SIZING = "autoscaling.k8s.io"
"""The group of the VerticalPodAutoscaler, which sets what pods request, and not how many there are."""


def has_no_pods(item: Workload, world: World) -> bool:
    """Whether a workload says that it has no pods, and nothing of the repository gives it any."""
    if item.replicas != 0:
        return False
    marks = (*item.base.annotations, *item.base.labels)
    if any(word in mark.lower() for mark in marks for word in _SCALING):
        return False
    is_taken = (item.kind, item.name) in world.fact(_taken_over)
    return not is_taken and not world.fact(autoscaled).get(item) and not world.fact(commanded).covers(item)


def _taken_over(world: World) -> frozenset[tuple[str, str]]:
    """Kind and name of each workload that another object runs or scales, in whatever namespace."""
    return frozenset(
        (target.get("kind").text or "Deployment", target.get("name").text or "")
        for item in world.all(KubernetesObject)
        if "." in item.group and item.group != _ONLY_SIZING
        for target in (item.get("spec", key) for key in _TAKING)
        if target.is_map
    )
