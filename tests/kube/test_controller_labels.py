"""Labels that controllers set are no labels that are missing; what else a selector asks for is judged."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from archlint.documents import Node
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.controller_labels import controller_labels
from archlint.model.kubernetes.selectors import label_selector_matches, selects
from archlint.model.network.labels import LabelIndex, numbers
from tests.kube.worlds import rules_found, world_of

Object = dict[str, Any]
_POD = "statefulset.kubernetes.io/pod-name"


def _workload(kind: str, name: str, **spec: Any) -> Object:
    version = "batch/v1" if kind in ("Job", "CronJob") else "apps/v1"
    template = {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [{"name": name, "image": f"shop/{name}:1.0.0"}]},
    }
    body: Object = {"template": template, **spec}
    if kind == "CronJob":
        body = {"jobTemplate": {"spec": {"template": template}}}
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": body}


def _service(selector: dict[str, str]) -> Object:
    spec = {"selector": selector, "ports": [{"port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "front"}, "spec": spec}


def _is_dead(folder: Path, *objects: Object, files: dict[str, str] | None = None) -> bool:
    listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    return "service-selects-nothing" in rules_found(folder, {"all.json": listed, **(files or {})})


_OF_KIND = [
    ("Deployment", "pod-template-hash", "5f7d"),
    ("ReplicaSet", "pod-template-hash", "5f7d"),
    ("DaemonSet", "controller-revision-hash", "5f7d"),
    ("DaemonSet", "pod-template-generation", "3"),
    ("StatefulSet", "controller-revision-hash", "db-5f7d"),
    ("StatefulSet", "apps.kubernetes.io/pod-index", "0"),
    ("StatefulSet", _POD, "web-0"),
    ("Job", "job-name", "web"),
    ("Job", "batch.kubernetes.io/job-name", "web"),
    ("Job", "controller-uid", "4711"),
    ("Job", "batch.kubernetes.io/controller-uid", "4711"),
    ("Job", "batch.kubernetes.io/job-completion-index", "0"),
    ("CronJob", "job-name", "web-28000000"),
]


@pytest.mark.parametrize(("kind", "key", "value"), _OF_KIND)
@pytest.mark.parametrize("app", [None, "web", "wed"])
def test_the_rest_of_the_selector_is_judged(
    tmp_path: Path, kind: str, key: str, value: str, app: str | None
) -> None:
    """What the kind's controller sets is given; the other labels must still fit."""
    selector = {key: value, **({"app": app} if app else {})}

    assert _is_dead(tmp_path, _workload(kind, "web"), _service(selector)) is (app == "wed")


_NUMBERS = ("0", "1", "2", "4", "5", "00", "x")


@pytest.mark.parametrize(
    ("replicas", "start", "number"), list(itertools.product([None, 1, 3], [None, 2], _NUMBERS))
)
def test_a_numbered_pod_must_be_among_those_of_its_set(
    tmp_path: Path, replicas: int | None, start: int | None, number: str
) -> None:
    """Numbers go from ``ordinals.start`` to that plus the replicas, less one."""
    spec: Object = {} if replicas is None else {"replicas": replicas}
    if start is not None:
        spec["ordinals"] = {"start": start}
    there = {str(each) for each in range(start or 0, (start or 0) + (replicas or 1))}

    dead = _is_dead(tmp_path, _workload("StatefulSet", "db", **spec), _service({_POD: f"db-{number}"}))

    assert dead is (number not in there)


def test_the_set_of_a_numbered_pod_must_exist(tmp_path: Path) -> None:
    """Labels that fit do not make up for the pod of a set that nobody defines."""
    assert _is_dead(tmp_path, _workload("StatefulSet", "db"), _service({"app": "db", _POD: "dbz-0"}))


def test_who_else_sets_the_replicas_is_asked(tmp_path: Path) -> None:
    """An autoscaler or a kustomization may make more pods than the manifest says."""
    target = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db"}
    scaler = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "db"},
        "spec": {"maxReplicas": 5, "scaleTargetRef": target},
    }
    objects = (_workload("StatefulSet", "db", replicas=1), _service({_POD: "db-3"}))
    built = {"kustomization.yaml": "resources: [all.json]\nreplicas: [{name: db, count: 5}]\n"}

    assert _is_dead(tmp_path / "plain", *objects)
    assert not _is_dead(tmp_path / "scaled", *objects, scaler)
    assert not _is_dead(tmp_path / "built", *objects, files=built)


_SELECTORS: list[Object] = [
    {"matchLabels": {_POD: "db-0"}},
    {"matchLabels": {_POD: "dbz-0"}},
    {"matchLabels": {"app": "db", "pod-template-hash": "1"}},
    {"matchExpressions": [{"key": _POD, "operator": "In", "values": ["db-1", "x"]}]},
    {"matchExpressions": [{"key": _POD, "operator": "NotIn", "values": ["db-0"]}]},
    {"matchExpressions": [{"key": "controller-uid", "operator": "Exists"}]},
    {"matchExpressions": [{"key": "controller-uid", "operator": "DoesNotExist"}]},
    {"matchLabels": {"job-name": "db"}},
]


@pytest.mark.parametrize("selector", _SELECTORS)
def test_policies_and_selectors_agree(tmp_path: Path, selector: Object) -> None:
    """The index over all workloads selects what the selector by itself does."""
    items = [_workload(kind, "db") for kind in ("Deployment", "StatefulSet", "Job", "CronJob", "DaemonSet")]
    holder = {"apiVersion": "v1", "kind": "List", "items": [*items, {**_service({}), "selector": selector}]}
    world = world_of(tmp_path, {"all.json": json.dumps(holder)})
    index = LabelIndex()
    workloads = list(world.all(Workload))
    for number, workload in enumerate(workloads):
        index.add(number, workload.running_labels)
    node: Node = workloads[0].source.root.get("items", len(items), "selector")

    found = {workloads[number].kind for number in numbers(index.selected(node))}

    assert found == {item.kind for item in workloads if label_selector_matches(node, item.running_labels)}


def test_an_empty_selector_of_a_service_selects_nothing() -> None:
    """Also where a controller sets labels."""
    assert not selects({}, {_POD: "db-*"})


OF_JOBS = {
    "controller-uid": "*",
    "batch.kubernetes.io/controller-uid": "*",
    "batch.kubernetes.io/job-completion-index": "*",
}
GIVEN = {
    "Deployment": {"pod-template-hash": "*"},
    "ReplicaSet": {"pod-template-hash": "*"},
    "Rollout": {"rollouts-pod-template-hash": "*"},
    "DaemonSet": {"controller-revision-hash": "*", "pod-template-generation": "*"},
    "StatefulSet": {
        "controller-revision-hash": "*",
        "statefulset.kubernetes.io/pod-name": "web-*",
        "apps.kubernetes.io/pod-index": "*",
    },
    "Job": {**OF_JOBS, "job-name": "web", "batch.kubernetes.io/job-name": "web"},
    "CronJob": {**OF_JOBS, "job-name": "web-*", "batch.kubernetes.io/job-name": "web-*"},
    "ScaledJob": {**OF_JOBS, "job-name": "web-*", "batch.kubernetes.io/job-name": "web-*"},
    "DeploymentConfig": {"deploymentconfig": "web", "deployment": "web-*"},
    "Pod": {},
    "ReplicationController": {},
}


@pytest.mark.parametrize("kind", GIVEN)
def test_the_labels_that_a_kind_gives(kind: str) -> None:
    assert controller_labels(kind, "web") == GIVEN[kind]
    generated = {key: value.replace("web", "web-*") for key, value in GIVEN[kind].items()}
    expected = {key: value.replace("*-*", "*") for key, value in generated.items()}
    assert controller_labels(kind, "web-") == expected
