"""Service meshes: whether the pods of a workload have a proxy of one beside them, which balances calls.

Sources: Istio, "Installing the Sidecar" and "Ambient"; Linkerd, "Automatic Proxy Injection"; Kuma, "Data
plane proxy on Kubernetes"; Consul, "Annotations and labels".
"""

from __future__ import annotations

from collections.abc import Mapping

from archlint.model.kubernetes import KubernetesObject, Workload, string_map
from archlint.model.world import World

_GROUPS = ("istio.io", "linkerd.io", "kuma.io", "consul.hashicorp.com", "appmesh.k8s.aws")
_OWN = {
    "sidecar.istio.io/inject": {"true": True, "false": False},
    "istio.io/dataplane-mode": {"ambient": True, "none": False},
    "linkerd.io/inject": {"enabled": True, "ingress": True, "disabled": False},
    "kuma.io/sidecar-injection": {"enabled": True, "true": True, "disabled": False, "false": False},
    "consul.hashicorp.com/connect-inject": {"true": True, "false": False},
    "istio-injection": {"enabled": True, "disabled": False},
}
"""What labels and annotations of pods and namespaces say, by key."""
_REVISION = "istio.io/rev"


class Meshes:
    """What of a world is in a mesh."""

    def __init__(self, world: World) -> None:
        self._namespaces: dict[str, bool] = {}
        """The namespaces that are defined, and whether they are in a mesh."""
        self.is_used = False
        """Whether anything of the world speaks of a mesh."""
        for item in world.all(KubernetesObject):
            self.is_used = self.is_used or item.group.endswith(_GROUPS)
            if item.kind == "Namespace" and not item.group:
                said = _said(item.labels, string_map(item.get("metadata", "annotations")))
                self.is_used = self.is_used or said is not None
                self._namespaces[item.name] = self._namespaces.get(item.name, False) or bool(said)
        self.is_used = self.is_used or any(_of_pod(item) is not None for item in world.all(Workload))

    def has(self, workload: Workload) -> bool | None:
        """Whether a workload's pods are in a mesh; ``None`` where its namespace is not known."""
        own = _of_pod(workload)
        if own is not None or not self.is_used:
            return bool(own)
        return self._namespaces.get(workload.namespace) if workload.namespace else None


def meshes(world: World) -> Meshes:
    """The meshes of a world; ask with ``world.fact(meshes)``."""
    return Meshes(world)


def _of_pod(workload: Workload) -> bool | None:
    return _said(workload.pod_labels, workload.pod_annotations)


def _said(*settings: Mapping[str, str]) -> bool | None:
    for found in settings:
        for key, meanings in _OWN.items():
            if found.get(key) in meanings:
                return meanings[found[key]]
        if _REVISION in found:
            return True
    return None
