"""Volumes that one node at a time may write, and Deployments whose pods all mount one.

Source: Kubernetes, "Persistent Volumes", access modes: with ``ReadWriteOnce`` pods on other nodes wait for
the volume for ever, with ``ReadWriteOncePod`` all pods but one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.autoscalers import autoscaled
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.sets import find_objects
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World

_ONE_NODE, _ONE_POD = "ReadWriteOnce", "ReadWriteOncePod"
_OF_MACHINES = frozenset(
    f"{prefix}kubernetes.io/{what}" for prefix in ("", "beta.") for what in ("os", "arch")
)
"""Labels by which a pod chooses a kind of machine, of which there are many."""
_KINDS = frozenset({"Deployment", "Rollout", "ReplicaSet"})


@dataclass(frozen=True)
class SingleClaim(ObjectFacet):
    """A Deployment with a volume that one node, or one pod, at a time may have."""

    workload: Workload
    node: Node
    """The name of the claim in the pod."""
    claim: KubernetesObject
    mode: str
    replicas: int
    replicas_node: Node
    """Where the number of replicas, or the most of them, is said; missing where it is one by default."""

    @classmethod
    def all(cls, world: World) -> Iterable[SingleClaim]:
        """Every volume of every such Deployment, where the claim is defined."""
        for workload in world.all(Workload):
            if workload.kind in _KINDS and workload.name and not _stay_together(workload):
                yield from _of_workload(workload, world)


def _of_workload(workload: Workload, world: World) -> Iterator[SingleClaim]:
    for volume in workload.pod_spec.get("volumes").elements():
        node = volume.get("persistentVolumeClaim", "claimName")
        if not node.text or volume.get("persistentVolumeClaim", "readOnly").value is True:
            continue
        claims = find_objects(world, workload.base, "PersistentVolumeClaim", node.text, workload.namespace)
        modes = {mode for claim in claims for mode in _modes(claim)}
        if claims and len(modes) == 1 and modes <= {_ONE_NODE, _ONE_POD}:
            replicas, where = _replicas(workload, world)
            yield SingleClaim(workload.base, workload, node, claims[0], modes.pop(), replicas, where)


def _modes(claim: KubernetesObject) -> list[str]:
    return [item.text or "" for item in claim.get("spec", "accessModes").elements()]


def _replicas(workload: Workload, world: World) -> tuple[int, Node]:
    """The most replicas that there may be, and where that is said."""
    for scaler in world.fact(autoscaled).get(workload, ()):
        if scaler.most_node.integer is not None:
            return scaler.most_node.integer, scaler.most_node
    node = workload.base.get("spec", "replicas")
    return (node.integer if node.integer is not None else 1), node


def _stay_together(workload: Workload) -> bool:
    """Whether something keeps all pods on one node."""
    spec = workload.pod_spec
    is_chosen = spec.get("nodeName").is_set or not _OF_MACHINES.issuperset(_labels_of_nodes(spec))
    return is_chosen or spec.get("affinity", "podAffinity").is_set


def _labels_of_nodes(spec: Node) -> Iterator[str]:
    """The labels by which a pod chooses its nodes; an empty one for what is no label."""
    yield from (key for key, _ in spec.get("nodeSelector").items())
    affinity = spec.get("affinity", "nodeAffinity")
    asked = affinity.get("requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
    liked = affinity.get("preferredDuringSchedulingIgnoredDuringExecution")
    for term in (*asked.elements(), *(item.get("preference") for item in liked.elements())):
        yield from (item.get("key").text or "" for item in term.get("matchExpressions").elements())
        if term.get("matchFields").is_set:
            yield ""
