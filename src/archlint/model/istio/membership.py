"""Whether the pods of a workload are in the mesh, and by which kind of proxy.

Sources: Istio, "Installing the Sidecar" (controlling the injection policy), "Sidecar Injection Problems"
(pods on the network of their node), and "Ambient mode: add workloads to the mesh"; the value
``sidecarInjectorWebhook.enableNamespacesByDefault`` of Istio's charts.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from archlint.documents import Node
from archlint.model.istio.injection import DATAPLANE_KEY, INJECT_KEY, NAMESPACE_KEY, REVISION_KEY
from archlint.model.istio.proxies import injects_by_default, proxy_of
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.labelled import may_be_labelled
from archlint.model.kubernetes.namespaces import namespace_objects
from archlint.model.world import World


class Plane(StrEnum):
    """What takes the calls of a pod."""

    SIDECAR = "sidecar"
    AMBIENT = "ambient"
    """The proxy of its node."""
    NONE = "none"
    """Nothing: it is outside of the mesh."""


_KEYS = (NAMESPACE_KEY, REVISION_KEY, DATAPLANE_KEY)
_ON = frozenset({"true", "y", "yes", "on"})
_DISABLED, _UNKNOWN, _UNLABELLED = "disabled", "unknown", "unlabelled"
"""What the labels of a namespace say besides."""


class Membership:
    """Where the pods of a world stand."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._objects = world.fact(namespace_objects)
        self._namespaces = {
            name: {_of_namespace(item.labels) for item in items} for name, items in self._objects.items()
        }
        self._known: dict[int, Plane | None] = {}
        self._labelled: dict[str, bool] = {}
        self._has_labels = any(said - {_UNLABELLED} for said in self._namespaces.values())

    def of(self, workload: Workload) -> Plane | None:
        """What takes the calls of a workload's pods; ``None`` where files do not decide it."""
        key = id(workload)
        if key not in self._known:
            self._known[key] = self._of(workload)
        return self._known[key]

    def reason(self, workload: Workload) -> Node:
        """Where a workload is kept out of the mesh: at its pods, else at its namespace."""
        metadata = workload.template.get("metadata")
        places = [metadata.get("labels", INJECT_KEY), metadata.get("annotations", INJECT_KEY)]
        places += [metadata.get("labels", DATAPLANE_KEY), workload.pod_spec.get("hostNetwork")]
        for space in self._objects.get(workload.namespace or "", ())[:1]:
            labels = space.get("metadata", "labels")
            places += [labels.get(NAMESPACE_KEY), labels, space.get("metadata")]
        return next((node for node in places if node.exists), workload.base.get("kind"))

    def _of(self, workload: Workload) -> Plane | None:
        if proxy_of(workload) is not None:
            return Plane.SIDECAR
        said = self._of_its_namespace(workload.namespace)
        labels = workload.pod_labels
        if workload.pod_spec.get("hostNetwork").value is True:
            return Plane.NONE
        own = labels.get(INJECT_KEY, workload.pod_annotations.get(INJECT_KEY, "")).lower()
        is_asked = INJECT_KEY in labels and own in _ON
        if said == Plane.SIDECAR or (is_asked and said not in (_UNKNOWN, _DISABLED)):
            return Plane.NONE if own and own not in _ON else Plane.SIDECAR
        if own and own not in _ON and said != Plane.AMBIENT:
            return Plane.NONE
        return self._without_sidecar(said, labels)

    def _without_sidecar(self, said: str, labels: Mapping[str, str]) -> Plane | None:
        mode = labels.get(DATAPLANE_KEY)
        if mode == "ambient" or (said == Plane.AMBIENT and mode != "none"):
            return Plane.AMBIENT
        if said in (_DISABLED, Plane.AMBIENT):
            return Plane.NONE
        if said == _UNKNOWN or REVISION_KEY in labels or INJECT_KEY in labels:
            return None
        return Plane.NONE if self._has_labels else None

    def _of_its_namespace(self, name: str | None) -> str:
        said = self._namespaces.get(name or "", set())
        found = next(iter(said)) if len(said) == 1 else _UNKNOWN
        return _UNKNOWN if found == _UNLABELLED and self._may_be_labelled(name or "") else found

    def _may_be_labelled(self, name: str) -> bool:
        """Whether a namespace without labels may be in the mesh: others label it, or it needs none."""
        if name not in self._labelled:
            is_open = self._world.fact(injects_by_default)
            self._labelled[name] = is_open or may_be_labelled(name, _KEYS, self._world)
        return self._labelled[name]


def _of_namespace(labels: Mapping[str, str]) -> str:
    """What the labels of a namespace say."""
    said = labels.get(NAMESPACE_KEY)
    if said == "enabled":
        return Plane.SIDECAR
    if said == "disabled":
        return _DISABLED
    is_ambient = labels.get(DATAPLANE_KEY) == "ambient"
    if said is not None or (is_ambient and REVISION_KEY in labels):
        return _UNKNOWN
    if REVISION_KEY in labels:
        return Plane.SIDECAR
    return Plane.AMBIENT if is_ambient else _UNLABELLED


def membership(world: World) -> Membership:
    """Where the pods of a world stand; ask with ``world.fact(membership)``."""
    return Membership(world)
