"""What of each kind of object cannot change once it is there, with the exceptions.

Source: ``Validate*Update`` in ``k8s.io/kubernetes/pkg/apis/*/validation``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from archlint.comparison.manifests.changes import FixedField
from archlint.comparison.manifests.likeness import AMOUNTS, is_like, is_same, likeness, worth
from archlint.documents import Node
from archlint.model.kubernetes.amounts import parse_quantity
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.read_at_start import all_settings
from archlint.model.kubernetes.validation.storage import VOLUME_SOURCES

Law = Callable[[KubernetesObject, KubernetesObject], Iterator[FixedField]]

_FREE_IN_STATEFUL_SETS = frozenset(
    {
        *("replicas", "template", "updateStrategy", "minReadySeconds", "ordinals", "revisionHistoryLimit"),
        "persistentVolumeClaimRetentionPolicy",
    }
)
_FIXED_IN_JOBS = ("completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy")
_SCHEDULING = ("nodeSelector", "tolerations", "schedulingGates")
_FREE_IN_PODS = frozenset({"activeDeadlineSeconds", "schedulingGates", "containers", "initContainers"})
_NONE = "None"


def _fixed(*ways: tuple[str, ...], defaults: Mapping[tuple[str, ...], object] | None = None) -> Law:
    """Fields that are compared as they are."""

    def law(before: KubernetesObject, now: KubernetesObject) -> Iterator[FixedField]:
        for way in ways:
            default = (defaults or {}).get(way)
            old, new = before.get(*way), now.get(*way)
            values = [default if not node.is_set else node.value for node in (old, new)]
            if not is_same(values[0], values[1], way[-1]):
                yield _nearest(old, new)

    return law


def _nearest(before: Node, now: Node, key: str = "") -> FixedField:
    """The first place at which two values differ, as deep as both have the same shape around it."""
    while True:
        parts: list[str | int] = []
        if before.is_map and now.is_map:
            parts = list(dict.fromkeys((*now.value, *before.value)))
        elif before.is_list and now.is_list and len(before.value) == len(now.value):
            parts = list(range(len(now.value)))
        inner = [(part, key if isinstance(part, int) or key in AMOUNTS else part) for part in parts]
        found = next(((p, k) for p, k in inner if not is_like(before.get(p), now.get(p), k)), None)
        if found is None:
            return FixedField(now, before)
        before, now, key = before.get(found[0]), now.get(found[0]), found[1]


def _selector(before: KubernetesObject, now: KubernetesObject) -> Iterator[FixedField]:
    old, new = before.get("spec", "selector"), now.get("spec", "selector")
    if old.is_map and new.is_map and now.api_version == "apps/v1" and not is_like(old, new):
        yield _nearest(old, new)


def _stateful_set(before: KubernetesObject, now: KubernetesObject) -> Iterator[FixedField]:
    old, new = before.get("spec"), now.get("spec")
    for key in dict.fromkeys((*dict(new.items()), *dict(old.items()))):
        if key in _FREE_IN_STATEFUL_SETS or is_same(_of_set(old, key), _of_set(new, key), key):
            continue
        remedy = "leave the new labels out of the selector" if key == "selector" else ""
        found = _nearest(old.get(key), new.get(key))
        yield FixedField(found.now, found.before, remedy)


def _of_set(spec: Node, key: str) -> Any:
    """A field of a StatefulSet; what claims say of their own kind is not kept."""
    value = spec.get(key).value
    if key != "volumeClaimTemplates" or not isinstance(value, list):
        return worth(spec.get(key))
    dropped = ("apiVersion", "kind", "status")
    return [
        {name: part for name, part in item.items() if name not in dropped} if isinstance(item, dict) else item
        for item in value
    ]


def _job(before: KubernetesObject, now: KubernetesObject) -> Iterator[FixedField]:
    old, new = before.get("spec"), now.get("spec")
    if old.get("ttlSecondsAfterFinished").is_set:
        return  # it is gone soon after it is done
    for key in _FIXED_IN_JOBS:
        default = "NonIndexed" if key == "completionMode" else None
        pair = [default if not spec.get(key).is_set else spec.get(key).value for spec in (old, new)]
        if not is_same(pair[0], pair[1]):
            yield FixedField(new.get(key), old.get(key))
    if not is_like(old.get("selector"), new.get("selector")):
        yield FixedField(new.get("selector"), old.get("selector"))
    yield from _completions(old, new)
    suspended = old.get("suspend").value is True
    was, is_now = (_template(spec.get("template"), suspended=suspended) for spec in (old, new))
    if not is_same(was, is_now):
        yield _nearest(old.get("template"), new.get("template"))


def _completions(old: Node, new: Node) -> Iterator[FixedField]:
    """They may change with the parallelism of an indexed Job."""
    before, now = old.get("completions"), new.get("completions")
    defaults = [1 if not spec.get("parallelism").is_set else None for spec in (old, new)]
    pair = [
        default if not node.is_set else node.value
        for node, default in zip((before, now), defaults, strict=True)
    ]
    if pair[0] == pair[1] or not (before.is_set or now.is_set):
        return
    parallelism = new.get("parallelism").value if new.get("parallelism").is_set else 1
    if new.get("completionMode").text == "Indexed" and (not now.is_set or now.value == parallelism):
        return
    yield FixedField(now, before)


def _template(template: Node, *, suspended: bool) -> Any:
    """The pods of a Job without what a suspended one may still change."""
    value = template.value
    if not suspended or not isinstance(value, dict):
        return value
    spec = value.get("spec")
    spec = dict(spec) if isinstance(spec, dict) else {}
    affinity = spec.get("affinity")
    if isinstance(affinity, dict):
        spec["affinity"] = {key: part for key, part in affinity.items() if key != "nodeAffinity"}
    kept = {key: part for key, part in spec.items() if key not in _SCHEDULING}
    return {**{key: part for key, part in value.items() if key != "metadata"}, "spec": kept}


def _service(before: KubernetesObject, now: KubernetesObject) -> Iterator[FixedField]:
    old, new = before.get("spec"), now.get("spec")
    kinds = [spec.get("type").text for spec in (old, new)]
    if "ExternalName" in kinds:
        return
    was, is_now = old.get("clusterIP"), new.get("clusterIP")
    if is_now.text and is_now.text != was.text and (was.text or is_now.text == _NONE):
        yield FixedField(is_now, was)
    families = [list(spec.get("ipFamilies").elements()) for spec in (old, new)]
    if all(families) and families[0][0].value != families[1][0].value:
        yield FixedField(families[1][0], families[0][0])
    if kinds == ["LoadBalancer", "LoadBalancer"]:
        classes = old.get("loadBalancerClass"), new.get("loadBalancerClass")
        if (classes[0].value or None) != (classes[1].value or None) and (
            classes[1].is_set or classes[0].is_set
        ):
            yield FixedField(classes[1], classes[0])
        ports = old.get("healthCheckNodePort"), new.get("healthCheckNodePort")
        if all(port.integer for port in ports) and ports[0].integer != ports[1].integer:
            yield FixedField(ports[1], ports[0])


def _claim(before: KubernetesObject, now: KubernetesObject) -> Iterator[FixedField]:
    old, new = before.get("spec"), now.get("spec")
    for key in dict.fromkeys((*dict(new.items()), *dict(old.items()))):
        was, is_now = old.get(key), new.get(key)
        if key in ("resources", "volumeAttributesClassName") or is_like(was, is_now, key):
            continue
        if key in ("volumeName", "storageClassName") and not was.is_set:
            continue  # it may be set once, and a class may be what the cluster chose
        yield FixedField(is_now, was)
    sizes = [spec.get("resources", "requests", "storage") for spec in (old, new)]
    amounts = [parse_quantity(node.value) for node in sizes]
    if amounts[0] is not None and amounts[1] is not None and amounts[1] < amounts[0]:
        yield FixedField(sizes[1], sizes[0], "make another claim of that size, since volumes only grow")


def _volume(before: KubernetesObject, now: KubernetesObject) -> Iterator[FixedField]:
    old, new = before.get("spec"), now.get("spec")
    for key in VOLUME_SOURCES:
        values = [worth(spec.get(key)) for spec in (old, new)]
        if key == "csi" and isinstance(values[0], dict) and "controllerExpandSecretRef" not in values[0]:
            values[1] = _without(values[1], "controllerExpandSecretRef")
        if not is_same(values[0], values[1]):
            yield _nearest(old.get(key), new.get(key))
    if not is_like(old.get("volumeMode"), new.get("volumeMode"), "volumeMode"):
        yield FixedField(new.get("volumeMode"), old.get("volumeMode"))
    affinity = old.get("nodeAffinity")
    if affinity.value and not is_like(affinity, new.get("nodeAffinity")) and not _is_beta(affinity):
        yield _nearest(affinity, new.get("nodeAffinity"))


def _is_beta(affinity: Node) -> bool:
    """Whether labels of nodes by their older names are used, which may be replaced by the newer."""
    return "beta.kubernetes.io" in str(affinity.value)


def _without(value: Any, key: str) -> Any:
    return {name: part for name, part in value.items() if name != key} if isinstance(value, dict) else value


def _data(before: KubernetesObject, now: KubernetesObject) -> Iterator[FixedField]:
    """A ConfigMap or Secret that says that it never changes."""
    if before.kind == "Secret":
        kinds = [item.get("type").text or "Opaque" for item in (before, now)]
        if kinds[0] != kinds[1]:
            yield FixedField(now.get("type"), before.get("type"))
    if before.get("immutable").value is not True:
        return
    if now.get("immutable").value is not True:
        yield FixedField(now.get("immutable"), before.get("immutable"))
    old, new = all_settings(before), all_settings(now)
    values = [{key: each.value for key, each in found.items()} for found in (old, new)]
    changed = [key for key in dict.fromkeys((*new, *old)) if values[0].get(key) != values[1].get(key)]
    if changed:
        name = "give it another name, and use that name in the pods"
        nodes = [
            found[changed[0]].node if changed[0] in found else item.get("data", changed[0])
            for item, found in ((now, new), (before, old))
        ]
        yield FixedField(nodes[0], nodes[1], name)


def _pod(before: KubernetesObject, now: KubernetesObject) -> Iterator[FixedField]:
    old, new = before.get("spec"), now.get("spec")
    for key in dict.fromkeys((*dict(new.items()), *dict(old.items()))):
        was, is_now = old.get(key), new.get(key)
        if key == "tolerations" and _grew(was, is_now):
            continue
        if key not in _FREE_IN_PODS and not is_like(was, is_now, key):
            yield _nearest(was, is_now)
    for key in ("containers", "initContainers"):
        pair = [[_without(item.value, "image") for item in spec.get(key).elements()] for spec in (old, new)]
        if likeness(pair[0]) != likeness(pair[1]):
            yield from _containers(old.get(key), new.get(key))


def _grew(before: Node, now: Node) -> bool:
    kept = [likeness(item.value) for item in now.elements()]
    return all(likeness(item.value) in kept for item in before.elements())


def _containers(before: Node, now: Node) -> Iterator[FixedField]:
    """The first container in which more than the image changed."""
    for old, new in zip(before.elements(), now.elements(), strict=False):
        if not is_same(_without(old.value, "image"), _without(new.value, "image")):
            keys = [key for key in dict.fromkeys((*dict(new.items()), *dict(old.items()))) if key != "image"]
            key = next(key for key in keys if not is_like(old.get(key), new.get(key), key))
            yield _nearest(old.get(key), new.get(key))
            return
    yield FixedField(now, before)


_RBAC = "rbac.authorization.k8s.io"
_ROLE_REF = _fixed(("roleRef", "kind"), ("roleRef", "name"))
LAWS: Mapping[tuple[str, str], Law] = {
    ("apps", "Deployment"): _selector,
    ("apps", "ReplicaSet"): _selector,
    ("apps", "DaemonSet"): _selector,
    ("apps", "StatefulSet"): _stateful_set,
    ("batch", "Job"): _job,
    ("", "Pod"): _pod,
    ("", "Service"): _service,
    ("", "PersistentVolumeClaim"): _claim,
    ("", "PersistentVolume"): _volume,
    ("", "ConfigMap"): _data,
    ("", "Secret"): _data,
    (_RBAC, "RoleBinding"): _ROLE_REF,
    (_RBAC, "ClusterRoleBinding"): _ROLE_REF,
    ("storage.k8s.io", "StorageClass"): _fixed(
        ("provisioner",),
        ("parameters",),
        ("reclaimPolicy",),
        ("volumeBindingMode",),
        defaults={("reclaimPolicy",): "Delete", ("volumeBindingMode",): "Immediate"},
    ),
    ("storage.k8s.io", "VolumeAttributesClass"): _fixed(("driverName",), ("parameters",)),
    ("storage.k8s.io", "CSIDriver"): _fixed(
        ("spec", "attachRequired"),
        ("spec", "volumeLifecycleModes"),
        defaults={("spec", "attachRequired"): True, ("spec", "volumeLifecycleModes"): ["Persistent"]},
    ),
    ("scheduling.k8s.io", "PriorityClass"): _fixed(
        ("value",),
        ("preemptionPolicy",),
        defaults={("preemptionPolicy",): "PreemptLowerPriority", ("value",): 0},
    ),
    ("networking.k8s.io", "IngressClass"): _fixed(("spec", "controller")),
    ("node.k8s.io", "RuntimeClass"): _fixed(("handler",)),
    ("discovery.k8s.io", "EndpointSlice"): _fixed(("addressType",)),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _fixed(
        ("spec", "scope"), ("spec", "names", "kind")
    ),
}
"""What of an object is fixed, by API group and kind."""
