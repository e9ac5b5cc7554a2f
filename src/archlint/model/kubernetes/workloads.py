"""Workloads: the kinds that run pods, with one table of where each keeps its pod spec."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from functools import cached_property

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes.controller_labels import controller_labels
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet, string_map
from archlint.model.pod_spec_paths import ANY, Way, all_ways
from archlint.model.world import World

_TEMPLATE = ("spec", "template")
POD_TEMPLATES: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "Pod"): (),
    ("", "PodTemplate"): ("template",),
    ("", "ReplicationController"): _TEMPLATE,
    ("apps", "Deployment"): _TEMPLATE,
    ("apps", "StatefulSet"): _TEMPLATE,
    ("apps", "DaemonSet"): _TEMPLATE,
    ("apps", "ReplicaSet"): _TEMPLATE,
    ("extensions", "Deployment"): _TEMPLATE,
    ("extensions", "DaemonSet"): _TEMPLATE,
    ("extensions", "ReplicaSet"): _TEMPLATE,
    ("batch", "Job"): _TEMPLATE,
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
    ("argoproj.io", "Rollout"): _TEMPLATE,
    ("apps.openshift.io", "DeploymentConfig"): _TEMPLATE,
    ("apps.kruise.io", "CloneSet"): _TEMPLATE,
    ("apps.kruise.io", "StatefulSet"): _TEMPLATE,
    ("apps.kruise.io", "DaemonSet"): _TEMPLATE,
    ("keda.sh", "ScaledJob"): ("spec", "jobTargetRef", "template"),
    ("serving.knative.dev", "Service"): _TEMPLATE,
    # A slip in apiVersion (`v1`) must not hide the pods from the rules about them.
    ("", "Deployment"): _TEMPLATE,
    ("", "StatefulSet"): _TEMPLATE,
    ("", "DaemonSet"): _TEMPLATE,
    ("", "Job"): _TEMPLATE,
}
"""By API group and kind: the way to the object that has the pod's ``metadata`` and ``spec``."""


_RUN_TO_THE_END = frozenset({"Job", "CronJob", "ScaledJob"})
_ENDING = ("Job", "Run", "Task", "Workflow")
"""How the names of kinds end whose pods run to their end."""
_SELECTING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
MOST_REPLICAS = 2**31 - 1
"""What the API server takes at most for a number of pods."""
REPLICATED = frozenset(
    {
        *("Deployment", "DeploymentConfig", "StatefulSet", "ReplicaSet", "ReplicationController"),
        *("Rollout", "CloneSet"),
    }
)
"""Kinds with ``spec.replicas``."""


@dataclass(frozen=True)
class Container:
    """One container of a pod."""

    workload: Workload
    node: Node
    role: str
    """``main``, ``init``, ``sidecar`` (an init container with restartPolicy Always) or ``ephemeral``."""

    @classmethod
    def all(cls, world: World) -> Iterable[Container]:
        """Every container of every workload."""
        for workload in world.all(Workload):
            yield from workload.containers

    @property
    def source(self) -> Document:
        """The document that holds the container."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """The workload's object."""
        return self.workload.object

    @property
    def name(self) -> str:
        """The container's name; Knative gives one itself, elsewhere one that has none is called ``?``."""
        is_knative = self.workload.base.group == "serving.knative.dev"
        return self.node.get("name").text or ("user-container" if is_knative else "?")

    @property
    def is_lasting(self) -> bool:
        """Whether it runs as long as the pod: main containers and sidecars."""
        return self.role in ("main", "sidecar")

    def get(self, *route: str | int) -> Node:
        """The node some steps below the container."""
        return self.node.get(*route)


@dataclass(frozen=True)
class Workload(ObjectFacet):
    """An object that runs pods."""

    template: Node
    """The node with the pod's ``metadata`` and ``spec``; the object itself for a Pod."""
    spec_key: str | int = "spec"
    """What the pod spec is called in the template."""
    is_custom: bool = False
    """Whether it is of a kind that neither Kubernetes nor one of its close relatives has."""

    @classmethod
    def all(cls, world: World) -> Iterable[Workload]:
        """Every workload in the world, without fragments that patch one."""
        ways = all_ways(world.pod_spec_paths)
        found: list[Workload] = []
        for base in world.all(KubernetesObject):
            key = (base.group, base.kind)
            way = POD_TEMPLATES.get(key)
            if way is not None:
                found.append(cls(base, base.get(*way)))
            for custom in ways.get(key, ()):
                own = () if way is None else (*way, "spec")
                found += [
                    cls(base, node.document.at(node.route[:-1]), node.route[-1], is_custom=True)
                    for node in (pod_specs(base, custom) if custom != own else ())
                ]
        whole = {(item.kind, item.name) for item in found if item.names_images}
        return [item for item in found if not (item.is_part or item.lacks_images_as_patch(whole))]

    @cached_property
    def pod_spec(self) -> Node:
        """The pod spec; a missing node if the template has none."""
        return self.template.get(self.spec_key)

    @property
    def is_long_running(self) -> bool:
        """Whether its pods are to run for ever: no job, no pod that ends, nothing that scales to zero."""
        if (
            self.kind in _RUN_TO_THE_END
            or (self.is_custom and (self.kind.endswith(_ENDING) or self._ends))
            or self.base.group == "serving.knative.dev"
            or self.kind == "PodTemplate"
        ):
            return False
        return self.kind != "Pod" or not self._ends

    @property
    def _ends(self) -> bool:
        return self.pod_spec.get("restartPolicy").text in ("Never", "OnFailure")

    @property
    def is_windows(self) -> bool:
        """Whether its pods run on Windows, which has neither root nor Linux capabilities."""
        spec = self.pod_spec
        node = spec.get("nodeSelector", "kubernetes.io/os").text
        return spec.get("os", "name").text == "windows" or node == "windows"

    @property
    def replicas(self) -> int | None:
        """``spec.replicas`` of a kind that has it; ``None`` if it is not set, which means one."""
        return self.base.get("spec", "replicas").integer if self.kind in REPLICATED else None

    @classmethod
    def parts_of(cls, objects: Iterable[KubernetesObject]) -> Iterator[Workload]:
        """Those of some objects that run pods and are called patches, and are parts of workloads."""
        for base in objects:
            way = POD_TEMPLATES.get((base.group, base.kind))
            if way is not None:
                item = cls(base, base.get(*way))
                if item.is_part or item.lacks_images_as_patch(frozenset()):
                    yield item

    def lacks_images_as_patch(self, whole: Set[tuple[str, str]]) -> bool:
        """Whether it names no image, and looks like a patch of a whole workload, or lies among patches. What
        a list holds is read from a cluster, and no patch."""
        is_listed = bool(self.base.node.route)
        is_patch = ((self.kind, self.name) in whole and not is_listed) or "patch" in self.source.path.lower()
        return is_patch and not self.names_images

    @property
    def is_part(self) -> bool:
        """Whether it lies among patches and has no selector, without which no whole object of its kind is."""
        needs_selector = self.base.group == "apps" and self.kind in _SELECTING
        is_whole = not needs_selector or self.base.get("spec", "selector").is_set
        return not is_whole and "patch" in self.source.path.lower()

    @property
    def names_images(self) -> bool:
        """Whether any container has an image."""
        return any(container.get("image").is_set for container in self.containers)

    @cached_property
    def pod_labels(self) -> dict[str, str]:
        """Labels that the pod template gives to the pods."""
        return string_map(self.template.get("metadata", "labels"))

    @cached_property
    def running_labels(self) -> dict[str, str]:
        """Labels of the pods when they run: those of the template, and what controllers add, as patterns."""
        return {**self.pod_labels, **controller_labels(self.kind, self.name)}

    @cached_property
    def pod_annotations(self) -> dict[str, str]:
        """Annotations that the pods will have."""
        return string_map(self.template.get("metadata", "annotations"))

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """Main, init and ephemeral containers, in this order."""
        return tuple(self._containers())

    def _containers(self) -> Iterator[Container]:
        for key, role in (
            ("containers", "main"),
            ("initContainers", "init"),
            ("ephemeralContainers", "ephemeral"),
        ):
            for node in self.pod_spec.get(key).elements():
                if node.is_map:
                    is_sidecar = role == "init" and node.get("restartPolicy").text == "Always"
                    yield Container(self, node, "sidecar" if is_sidecar else role)


def pod_specs(base: KubernetesObject, way: Way) -> list[Node]:
    """The maps at the end of a way through an object; only those that are there."""
    found = [base.node]
    for part in way:
        if part == ANY:
            found = [
                inner for node in found for inner in (*node.elements(), *(each for _, each in node.items()))
            ]
        else:
            found = [node.get(part) for node in found]
    return [node for node in found if node.is_map]


def account_of(workload: Workload) -> Node:
    """The node that names the ServiceAccount of a workload; missing if none does."""
    named = workload.pod_spec.get("serviceAccountName")
    return named if named.text else workload.pod_spec.get("serviceAccount")
