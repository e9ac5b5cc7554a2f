"""What of an object is fixed once it is there: each change that is refused, with one that is not."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from archlint.comparison import compare_worlds
from archlint.comparison.manifests import FixedFieldChange
from archlint.comparison.manifests.likeness import is_same
from archlint.engine.reading import read_world
from archlint.files import WorkingTree
from archlint.model.world import World
from tests.kube.test_refusals import CLAIM, CRON, DEPLOYMENT, INGRESS, POD, SECRET, SERVICE, changed

SET: dict[str, Any] = {
    **DEPLOYMENT,
    "kind": "StatefulSet",
    "spec": {
        **DEPLOYMENT["spec"],
        "serviceName": "cart",
        "volumeClaimTemplates": [{"metadata": {"name": "more"}, "spec": CLAIM["spec"]}],
    },
}
JOB: dict[str, Any] = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "cart"},
    "spec": {"template": {"spec": {"restartPolicy": "Never", **copy.deepcopy(POD["spec"])}}},
}
INDEXED = changed(changed(JOB, "spec.completionMode", "Indexed"), "spec.completions", 3)
WAITING = changed(JOB, "spec.suspend", True)
HEADLESS = changed(SERVICE, "spec.clusterIP", "None")
KEPT = changed(changed(SECRET, "immutable", True), "stringData", {"a": "x"})
MAP = {**KEPT, "kind": "ConfigMap", "data": {"a": "x"}}
MAP.pop("stringData")
BINDING: dict[str, Any] = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRoleBinding",
    "metadata": {"name": "cart"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
}
CLASS: dict[str, Any] = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "fast"},
    "provisioner": "a.b/c",
    "parameters": {"type": "ssd"},
}
PRIORITY: dict[str, Any] = {
    "apiVersion": "scheduling.k8s.io/v1",
    "kind": "PriorityClass",
    "metadata": {"name": "high"},
    "value": 10,
}
VOLUME: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "PersistentVolume",
    "metadata": {"name": "data"},
    "spec": {
        "accessModes": ["ReadWriteOnce"],
        "capacity": {"storage": "1Gi"},
        "nfs": {"server": "a", "path": "/"},
    },
}
DRIVEN: dict[str, Any] = {
    **VOLUME,
    "spec": {
        "accessModes": ["ReadWriteOnce"],
        "csi": {"driver": "a.b", "volumeHandle": "1", "nodeStageSecretRef": {"name": "a", "namespace": "b"}},
    },
}
WIDENED = changed(DRIVEN, "spec.csi.controllerExpandSecretRef", {"name": "a", "namespace": "b"})
REFUSED = [
    (DEPLOYMENT, "spec.selector.matchLabels", {"app": "cart", "tier": "web"}),
    ({**DEPLOYMENT, "kind": "DaemonSet"}, "spec.selector.matchLabels.app", "card"),
    (
        {**DEPLOYMENT, "kind": "ReplicaSet"},
        "spec.selector.matchExpressions",
        [{"key": "app", "operator": "Exists"}],
    ),
    (SET, "spec.serviceName", "card"),
    (SET, "spec.podManagementPolicy", "Parallel"),
    (SET, "spec.volumeClaimTemplates.0.spec.resources.requests.storage", "2Gi"),
    (SET, "spec.volumeClaimTemplates", []),
    (JOB, "spec.template.spec.containers.0.image", "shop/cart:1.3.0"),
    (JOB, "spec.template.metadata", {"labels": {"a": "b"}}),
    (JOB, "spec.completions", 2),
    (JOB, "spec.completionMode", "Indexed"),
    (INDEXED, "spec.completions", 4),
    (WAITING, "spec.template.spec.containers.0.image", "shop/cart:1.3.0"),
    (POD, "spec.containers.0.args", ["-v"]),
    (POD, "spec.nodeSelector", {"a": "b"}),
    (POD, "spec.serviceAccountName", "cart"),
    (SERVICE, "spec.clusterIP", "None"),
    (HEADLESS, "spec.clusterIP", "10.0.0.7"),
    (CLAIM, "spec.accessModes", ["ReadWriteMany"]),
    (CLAIM, "spec.resources.requests.storage", "1023Mi"),
    (CLAIM, "spec.volumeMode", "Block"),
    (changed(CLAIM, "spec.storageClassName", "a"), "spec.storageClassName", "b"),
    (changed(CLAIM, "spec.volumeName", "a"), "spec.volumeName", "b"),
    (VOLUME, "spec.nfs.server", "b"),
    (DRIVEN, "spec.csi.driver", "a.c"),
    (DRIVEN, "spec.csi.volumeHandle", "2"),
    (DRIVEN, "spec.csi.nodeStageSecretRef.name", "c"),
    (WIDENED, "spec.csi.driver", "a.c"),
    (WIDENED, "spec.csi.controllerExpandSecretRef.name", "c"),
    (BINDING, "roleRef.name", "edit"),
    (CLASS, "provisioner", "a.b/d"),
    (CLASS, "parameters.type", "hdd"),
    (CLASS, "reclaimPolicy", "Retain"),
    (CLASS, "volumeBindingMode", "WaitForFirstConsumer"),
    (PRIORITY, "value", 11),
    (PRIORITY, "preemptionPolicy", "Never"),
    (KEPT, "stringData.a", "y"),
    (KEPT, "stringData.b", "x"),
    (KEPT, "immutable", False),
    (MAP, "data.a", "y"),
    (MAP, "binaryData", {"b": "eA=="}),
    (SECRET, "type", "shop/any"),
]
ALLOWED = [
    (DEPLOYMENT, "spec.template.metadata.labels", {"app": "cart", "tier": "web"}),
    (DEPLOYMENT, "spec.replicas", 3),
    (SET, "spec.replicas", 3),
    (SET, "spec.template.spec.containers.0.image", "shop/cart:1.3.0"),
    (SET, "spec.updateStrategy", {"type": "OnDelete"}),
    (SET, "spec.minReadySeconds", 5),
    (SET, "spec.ordinals", {"start": 1}),
    (SET, "spec.revisionHistoryLimit", 5),
    (SET, "spec.persistentVolumeClaimRetentionPolicy", {"whenDeleted": "Delete"}),
    (SET, "spec.podManagementPolicy", "OrderedReady"),
    (SET, "spec.volumeClaimTemplates.0.spec.resources.requests.storage", "1024Mi"),
    (SET, "spec.volumeClaimTemplates.0.spec.volumeMode", "Filesystem"),
    (JOB, "spec.parallelism", 3),
    (JOB, "spec.backoffLimit", 3),
    (JOB, "spec.suspend", True),
    (JOB, "spec.completionMode", "NonIndexed"),
    (JOB, "spec.template.spec.dnsPolicy", "ClusterFirst"),
    (JOB, "spec.template.spec.containers.0.env", []),
    (JOB, "metadata.labels", {"a": "b"}),
    (changed(INDEXED, "spec.parallelism", 3), "spec.parallelism", 2),
    (WAITING, "spec.template.spec.nodeSelector", {"a": "b"}),
    (WAITING, "spec.template.spec.tolerations", [{"operator": "Exists"}]),
    (WAITING, "spec.template.metadata", {"labels": {"a": "b"}}),
    (WAITING, "spec.template.spec.affinity", {"nodeAffinity": {}}),
    (POD, "spec.containers.0.image", "shop/cart:1.3.0"),
    (POD, "spec.activeDeadlineSeconds", 50),
    (POD, "spec.tolerations", [{"operator": "Exists"}]),
    (SERVICE, "spec.type", "NodePort"),
    (SERVICE, "spec.selector", {"a": "b"}),
    (SERVICE, "spec.ports.0.port", 81),
    (HEADLESS, "spec.ports.0.port", 81),
    (CLAIM, "spec.volumeAttributesClassName", "fast"),
    (CLAIM, "spec.volumeName", "data"),
    (CLAIM, "spec.resources.requests.storage", "1024Mi"),
    (VOLUME, "spec.capacity.storage", "2Gi"),
    (DRIVEN, "spec.csi.controllerExpandSecretRef", {"name": "a", "namespace": "b"}),
    (CLAIM, "spec.resources", {"requests": {}}),
    (VOLUME, "spec.accessModes", ["ReadOnlyMany"]),
    (BINDING, "subjects", [{"kind": "User", "name": "eve", "apiGroup": "rbac.authorization.k8s.io"}]),
    (CLASS, "reclaimPolicy", "Delete"),
    (CLASS, "volumeBindingMode", "Immediate"),
    (CLASS, "allowVolumeExpansion", True),
    (PRIORITY, "description", "x"),
    (KEPT, "metadata.labels", {"a": "b"}),
    (KEPT, "data", {"a": "eA=="}),
    (SECRET, "type", "Opaque"),
    (SECRET, "stringData", {"a": "y"}),
    (INGRESS, "spec.ingressClassName", "nginx"),
    (CRON, "spec.jobTemplate.spec.completions", 3),
]


def world_of(folder: Path, files: dict[str, str], revision: str | None = None) -> World:
    """The world of some files, laid out in a folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return read_world(WorkingTree(folder, revision=revision), sorted(files))


def changes(folder: Path, before: dict[str, str], now: dict[str, str]) -> list[FixedFieldChange]:
    """The changes of fixed fields from some files to others."""
    base = world_of(folder / "base", before, "base")
    found = compare_worlds(base, world_of(folder / "revision", now))
    return [item for item in found.get(FixedFieldChange, []) if isinstance(item, FixedFieldChange)]


def told(folder: Path, before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The ways to the fields of one object that are told."""
    one, other = ({"a.yaml": yaml.safe_dump(whole)} for whole in (before, now))
    return [".".join(map(str, item.field.now.route)) for item in changes(folder, one, other)]


@pytest.mark.parametrize(("whole", "way", "value"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_is_fixed_is_told_at_what_changed(
    whole: dict[str, Any], way: str, value: object, tmp_path: Path
) -> None:
    found = told(tmp_path, whole, changed(whole, way, value))
    assert len(found) == 1
    assert found[0].startswith(way) or way.startswith(found[0])
    back = told(tmp_path / "back", changed(whole, way, value), whole)
    assert (
        len(back) == 1
        or way in ("spec.completionMode", "spec.completions", "spec.clusterIP", "immutable")
        or ("storage" in way or whole["kind"] in ("Secret", "Pod", "PersistentVolumeClaim"))
    )


@pytest.mark.parametrize(("whole", "way", "value"), ALLOWED, ids=lambda value: str(value)[:40])
def test_what_is_free_is_not_told(whole: dict[str, Any], way: str, value: object, tmp_path: Path) -> None:
    assert told(tmp_path, whole, changed(whole, way, value)) == []


@pytest.mark.parametrize(
    "notes",
    [
        {"helm.sh/hook": "pre-install"},
        {"argocd.argoproj.io/hook": "PostSync"},
        {"argocd.argoproj.io/sync-options": "Replace=true,Force=true"},
        {"kustomize.toolkit.fluxcd.io/force": "enabled"},
    ],
)
def test_what_is_replaced_by_force_may_change(notes: dict[str, str], tmp_path: Path) -> None:
    before = changed(JOB, "metadata.annotations", notes)
    assert not told(tmp_path, before, changed(before, "spec.template.spec.containers.0.image", "a:b"))


def test_another_name_is_another_object(tmp_path: Path) -> None:
    now = changed(changed(JOB, "spec.completions", 4), "metadata.name", "card")
    assert not told(tmp_path, JOB, now)


def test_a_file_that_moved_is_the_same_object(tmp_path: Path) -> None:
    before, now = yaml.safe_dump(JOB), yaml.safe_dump(changed(JOB, "spec.completions", 4))
    assert len(changes(tmp_path, {"a.yaml": before}, {"jobs/b.yaml": now})) == 1


def test_what_a_kustomization_makes_of_all_selectors_is_one_change_at_its_line(tmp_path: Path) -> None:
    objects = [changed(DEPLOYMENT, "metadata.name", f"cart-{number}") for number in range(5)]
    files = {
        "base/all.yaml": yaml.safe_dump_all(objects),
        "base/kustomization.yaml": "resources: [all.yaml]\n",
        "live/kustomization.yaml": "resources: [../base]\n",
    }
    labelled = {**files, "live/kustomization.yaml": "resources: [../base]\ncommonLabels:\n  team: shop\n"}
    found = changes(tmp_path, files, labelled)
    assert [len(item.objects) for item in found] == [5]
    assert found[0].field.now.place().source.path == "live/kustomization.yaml"


def test_generated_objects_with_another_hash_are_new(tmp_path: Path) -> None:
    text = "configMapGenerator:\n  - name: cart\n    literals: [a=%s]\n    options: {immutable: true%s}\n"
    for more, count in (("", 0), (", disableNameSuffixHash: true", 1)):
        before, now = ({"kustomization.yaml": text % (value, more)} for value in "xy")
        assert len(changes(tmp_path / str(count), before, now)) == count


@pytest.mark.parametrize("value", [None, {}, [], "", {"a": None}, {"a": [{}]}])
def test_nothing_is_nothing_however_it_is_written(value: object) -> None:
    assert is_same({"a": value}, {}) or value == {"a": [{}]}
