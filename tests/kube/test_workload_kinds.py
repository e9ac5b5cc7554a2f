"""Every kind that runs pods is looked into, where it keeps them, and called by what it does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archlint.model.kubernetes.workloads import Workload
from tests.kube.worlds import world_of

TEMPLATE = ("spec", "template")
REPLICATED = "replicated"
ENDS = "ends"
LASTS = "lasts"
KINDS: list[tuple[str, str, tuple[str, ...], set[str]]] = [
    ("v1", "Pod", (), {LASTS}),
    ("v1", "PodTemplate", ("template",), set()),
    ("v1", "ReplicationController", TEMPLATE, {LASTS, REPLICATED}),
    *(
        ("apps/v1", kind, TEMPLATE, {LASTS, REPLICATED})
        for kind in ("Deployment", "StatefulSet", "ReplicaSet")
    ),
    ("apps/v1", "DaemonSet", TEMPLATE, {LASTS}),
    *(("extensions/v1beta1", kind, TEMPLATE, {LASTS, REPLICATED}) for kind in ("Deployment", "ReplicaSet")),
    ("extensions/v1beta1", "DaemonSet", TEMPLATE, {LASTS}),
    ("batch/v1", "Job", TEMPLATE, {ENDS}),
    ("batch/v1", "CronJob", ("spec", "jobTemplate", "spec", "template"), {ENDS}),
    ("argoproj.io/v1alpha1", "Rollout", TEMPLATE, {LASTS, REPLICATED}),
    ("apps.openshift.io/v1", "DeploymentConfig", TEMPLATE, {LASTS, REPLICATED}),
    *(
        ("apps.kruise.io/v1alpha1", kind, TEMPLATE, {LASTS, REPLICATED})
        for kind in ("CloneSet", "StatefulSet")
    ),
    ("apps.kruise.io/v1alpha1", "DaemonSet", TEMPLATE, {LASTS}),
    ("keda.sh/v1alpha1", "ScaledJob", ("spec", "jobTargetRef", "template"), {ENDS}),
    ("serving.knative.dev/v1", "Service", TEMPLATE, set()),
    *(("v1", kind, TEMPLATE, {LASTS, REPLICATED}) for kind in ("Deployment", "StatefulSet")),
    ("v1", "DaemonSet", TEMPLATE, {LASTS}),
    ("v1", "Job", TEMPLATE, {ENDS}),
]


def manifest(version: str, kind: str, way: tuple[str, ...], **spec: Any) -> dict[str, Any]:
    pod: dict[str, Any] = {
        "metadata": {"labels": {"app": "cart"}},
        "spec": {"containers": [{"name": "app", "image": "shop/cart:1"}], **spec},
    }
    made: dict[str, Any] = pod
    for key in reversed(way):
        made = {key: made}
    head = {"apiVersion": version, "kind": kind, "metadata": {"name": "cart", "labels": {"app": "cart"}}}
    if way[:1] == ("spec",):
        made["spec"]["replicas"] = 3
    return {**made, **head} if way else {**made, **head, "metadata": {**pod["metadata"], "name": "cart"}}


def workload(folder: Path, *given: Any, **spec: Any) -> Workload:
    [found] = world_of(folder, {"a.yaml": json.dumps(manifest(*given, **spec))}).all(Workload)
    return found


@pytest.mark.parametrize(("version", "kind", "way", "does"), KINDS)
def test_a_kind_and_its_pods(
    tmp_path: Path, version: str, kind: str, way: tuple[str, ...], does: set[str]
) -> None:
    found = workload(tmp_path, version, kind, way)
    assert (found.kind, found.name) == (kind, "cart")
    assert [(each.name, each.role) for each in found.containers] == [("app", "main")]
    assert found.pod_labels == {"app": "cart"}
    assert found.replicas == (3 if REPLICATED in does else None)
    assert found.is_long_running is (LASTS in does)


@pytest.mark.parametrize(
    ("policy", "lasts"), [("Never", False), ("OnFailure", False), ("Always", True), (None, True)]
)
def test_a_pod_lasts_unless_it_says_otherwise(tmp_path: Path, policy: str | None, lasts: bool) -> None:
    more = {} if policy is None else {"restartPolicy": policy}
    assert workload(tmp_path, "v1", "Pod", (), **more).is_long_running is lasts
    assert workload(tmp_path / "d", "apps/v1", "Deployment", TEMPLATE, **more).is_long_running


@pytest.mark.parametrize(
    ("spec", "is_windows"),
    [
        ({"os": {"name": "windows"}}, True),
        ({"nodeSelector": {"kubernetes.io/os": "windows"}}, True),
        ({"os": {"name": "linux"}}, False),
        ({"nodeSelector": {"kubernetes.io/os": "linux"}}, False),
        ({"nodeSelector": {"beta.example.com/os": "windows"}}, False),
        ({}, False),
    ],
)
def test_pods_of_windows(tmp_path: Path, spec: dict[str, Any], is_windows: bool) -> None:
    assert workload(tmp_path, "apps/v1", "Deployment", TEMPLATE, **spec).is_windows is is_windows


def test_the_roles_of_containers(tmp_path: Path) -> None:
    found = workload(
        tmp_path,
        "apps/v1",
        "Deployment",
        TEMPLATE,
        initContainers=[
            {"name": "first", "image": "a:1"},
            {"name": "proxy", "image": "b:1", "restartPolicy": "Always"},
            {"name": "once", "image": "b:1", "restartPolicy": "Never"},
            "no container",
        ],
        ephemeralContainers=[{"image": "c:1", "restartPolicy": "Always"}],
    )
    assert [(each.name, each.role, each.is_lasting) for each in found.containers] == [
        ("app", "main", True),
        ("first", "init", False),
        ("proxy", "sidecar", True),
        ("once", "init", False),
        ("?", "ephemeral", False),
    ]
    knative = manifest("serving.knative.dev/v1", "Service", TEMPLATE, containers=[{"image": "a:1"}])
    [served] = world_of(tmp_path / "k", {"a.yaml": json.dumps(knative)}).all(Workload)
    assert [each.name for each in served.containers] == ["user-container"]
