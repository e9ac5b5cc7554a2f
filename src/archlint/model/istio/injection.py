"""Where labels and annotations say whether Istio injects its sidecar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import KubernetesObject, ObjectFacet, Workload
from archlint.model.world import World

NAMESPACE_KEY = "istio-injection"
INJECT_KEY = "sidecar.istio.io/inject"
REVISION_KEY = "istio.io/rev"
DATAPLANE_KEY = "istio.io/dataplane-mode"


class Holder(StrEnum):
    """What carries a label or annotation."""

    NAMESPACE = "Namespace"
    WORKLOAD = "workload"
    """The workload's own metadata, which its pods do not get."""
    POD = "pod"


@dataclass(frozen=True)
class InjectionSetting(ObjectFacet):
    """One label or annotation about sidecar injection."""

    holder: Holder
    metadata: Node
    section: str
    """``labels`` or ``annotations``."""
    key: str
    pod_metadata: Node
    """The metadata of the pods of a workload; of a namespace a missing node."""

    @classmethod
    def all(cls, world: World) -> Iterable[InjectionSetting]:
        """Every such label and annotation of namespaces, workloads and their pods."""
        for item in world.all(KubernetesObject):
            if item.kind == "Namespace" and not item.group:
                nowhere = item.get("spec", "template", "metadata")
                yield from _settings(item, Holder.NAMESPACE, item.get("metadata"), nowhere)
        for workload in world.all(Workload):
            pod = workload.template.get("metadata")
            yield from _settings(workload.base, Holder.POD, pod, pod)
            if workload.kind != "Pod":
                yield from _settings(workload.base, Holder.WORKLOAD, workload.base.get("metadata"), pod)

    @property
    def value(self) -> Node:
        """The value."""
        return self.metadata.get(self.section, self.key)

    def label(self, key: str) -> Node:
        """Another label of the same metadata."""
        return self.metadata.get("labels", key)

    @property
    def is_repeated_on_pods(self) -> bool:
        """Whether the pods carry the same key, as label or annotation."""
        return any(self.pod_metadata.get(section, self.key).exists for section in ("labels", "annotations"))


def _settings(
    base: KubernetesObject, holder: Holder, metadata: Node, pod_metadata: Node
) -> Iterator[InjectionSetting]:
    for section in ("labels", "annotations"):
        keys = (
            (NAMESPACE_KEY, INJECT_KEY, REVISION_KEY)
            if holder is Holder.NAMESPACE
            else (NAMESPACE_KEY, INJECT_KEY)
        )
        for key in keys:
            if metadata.get(section, key).exists:
                yield InjectionSetting(base, holder, metadata, section, key, pod_metadata)
