"""Services that send each client to the same pod, in front of pods that keep nothing on a volume.

Source: Kubernetes, "Virtual IPs and Service Proxies", session affinity: by the address of the client, for
three hours unless another time is set.
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.world import World


@dataclass(frozen=True, eq=False)
class BoundSessions:
    """A Service with session affinity, and a workload of several pods behind it."""

    service: KubernetesService
    workload: Workload
    count: Node
    """What says that there are several pods."""

    @classmethod
    def all(cls, world: World) -> Iterable[BoundSessions]:
        """Every such pair, the first workload of each Service."""
        for service in world.all(KubernetesService):
            if service.base.get("spec", "sessionAffinity").text != "ClientIP":
                continue
            for workload in world.fact(routing).workloads.get(service, ()):
                count = _several(workload, world)
                if count is not None and workload.kind == "Deployment" and not _keeps_state(workload):
                    yield cls(service, workload, count)
                    break

    @property
    def affinity(self) -> Node:
        """What binds clients to pods."""
        return self.service.base.get("spec", "sessionAffinity")

    @property
    def source(self) -> Document:
        """The document of the Service."""
        return self.service.base.source

    @property
    def object(self) -> ObjectRef:
        """The Service."""
        return self.service.object


def _several(workload: Workload, world: World) -> Node | None:
    for scaler in world.fact(autoscaled).get(workload, ()):
        if (scaler.most_node.integer or 0) > 1:
            return scaler.most_node
    replicas = workload.base.get("spec", "replicas")
    return replicas if (replicas.integer or 0) > 1 else None


def _keeps_state(workload: Workload) -> bool:
    volumes = workload.pod_spec.get("volumes").elements()
    return any(volume.get("persistentVolumeClaim").is_set for volume in volumes)
