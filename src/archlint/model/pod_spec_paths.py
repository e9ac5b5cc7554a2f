"""Where kinds that are not Kubernetes' own keep their pods: known ones, and those of the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archlint.finding import Span
from archlint.finding.records import dataclass

Way = tuple[str, ...]
"""Keys that lead to a pod spec; ``*`` stands for every key of a map and every item of a list."""
ANY = "*"


@dataclass(frozen=True, slots=True)
class PodSpecPath:
    """What the configuration says of one kind: where its objects keep a pod spec."""

    group: str
    kind: str
    way: Way
    path: str = ""
    """The configuration file, with the place in it."""
    span: Span = Span(1, 1, 1, 1)

    @property
    def text(self) -> str:
        """The path as it is written."""
        return ".".join(self.way)


def _ways(*texts: str) -> tuple[Way, ...]:
    return tuple(tuple(text.split(".")) for text in texts)


_RAY = ("headGroupSpec.template.spec", "workerGroupSpecs.*.template.spec")
KNOWN: Mapping[tuple[str, str], tuple[Way, ...]] = {
    ("actions.github.com", "AutoscalingRunnerSet"): _ways("spec.template.spec"),
    ("agones.dev", "Fleet"): _ways("spec.template.spec.template.spec"),
    ("agones.dev", "GameServer"): _ways("spec.template.spec"),
    ("agones.dev", "GameServerSet"): _ways("spec.template.spec.template.spec"),
    ("apps.kruise.io", "AdvancedCronJob"): _ways("spec.template.jobTemplate.spec.template.spec"),
    ("apps.kruise.io", "BroadcastJob"): _ways("spec.template.spec"),
    ("batch.volcano.sh", "Job"): _ways("spec.tasks.*.template.spec"),
    ("jobset.x-k8s.io", "JobSet"): _ways("spec.replicatedJobs.*.template.spec.template.spec"),
    ("kubeflow.org", "MPIJob"): _ways("spec.mpiReplicaSpecs.*.template.spec"),
    ("kubeflow.org", "Notebook"): _ways("spec.template.spec"),
    ("kubeflow.org", "PaddleJob"): _ways("spec.paddleReplicaSpecs.*.template.spec"),
    ("kubeflow.org", "PyTorchJob"): _ways("spec.pytorchReplicaSpecs.*.template.spec"),
    ("kubeflow.org", "TFJob"): _ways("spec.tfReplicaSpecs.*.template.spec"),
    ("kubeflow.org", "XGBoostJob"): _ways("spec.xgbReplicaSpecs.*.template.spec"),
    ("leaderworkerset.x-k8s.io", "LeaderWorkerSet"): _ways(
        "spec.leaderWorkerTemplate.leaderTemplate.spec", "spec.leaderWorkerTemplate.workerTemplate.spec"
    ),
    ("ray.io", "RayCluster"): _ways(*(f"spec.{way}" for way in _RAY)),
    ("ray.io", "RayJob"): _ways(*(f"spec.rayClusterSpec.{way}" for way in _RAY)),
    ("ray.io", "RayService"): _ways(*(f"spec.rayClusterConfig.{way}" for way in _RAY)),
    ("serving.knative.dev", "Configuration"): _ways("spec.template.spec"),
    ("sources.knative.dev", "ContainerSource"): _ways("spec.template.spec"),
}
"""The pod specs of resources that are widely used, by group and kind."""


def all_ways(configured: Iterable[PodSpecPath]) -> dict[tuple[str, str], tuple[Way, ...]]:
    """The known kinds and those of the configuration, which also says where known ones keep more."""
    found = dict(KNOWN)
    for item in configured:
        key = (item.group, item.kind)
        found[key] = tuple(dict.fromkeys((*found.get(key, ()), item.way)))
    return found
