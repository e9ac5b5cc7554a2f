"""Kinds that are not Kubernetes' own have pods: known ones, and those that the configuration names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archlint.model.pod_spec_paths import KNOWN, Way
from tests.kube.worlds import findings_of, world_of
from tests.support.inside import archlint

CONTAINER = {"name": "a", "image": "shop/a:latest", "securityContext": {"privileged": True}}
POD = {"containers": [CONTAINER], "hostNetwork": True}
JUDGED = {"image-tag-missing", "privileged-container", "host-namespace-shared", "memory-limit-missing"}


SAID = """
actions.github.com AutoscalingRunnerSet: spec.template.spec
agones.dev Fleet: spec.template.spec.template.spec
agones.dev GameServer: spec.template.spec
agones.dev GameServerSet: spec.template.spec.template.spec
apps.kruise.io AdvancedCronJob: spec.template.jobTemplate.spec.template.spec
apps.kruise.io BroadcastJob: spec.template.spec
batch.volcano.sh Job: spec.tasks.*.template.spec
jobset.x-k8s.io JobSet: spec.replicatedJobs.*.template.spec.template.spec
kubeflow.org MPIJob: spec.mpiReplicaSpecs.*.template.spec
kubeflow.org Notebook: spec.template.spec
kubeflow.org PaddleJob: spec.paddleReplicaSpecs.*.template.spec
kubeflow.org PyTorchJob: spec.pytorchReplicaSpecs.*.template.spec
kubeflow.org TFJob: spec.tfReplicaSpecs.*.template.spec
kubeflow.org XGBoostJob: spec.xgbReplicaSpecs.*.template.spec
leaderworkerset.x-k8s.io LeaderWorkerSet: spec.leaderWorkerTemplate.leaderTemplate.spec
leaderworkerset.x-k8s.io LeaderWorkerSet: spec.leaderWorkerTemplate.workerTemplate.spec
ray.io RayCluster: spec.headGroupSpec.template.spec
ray.io RayCluster: spec.workerGroupSpecs.*.template.spec
ray.io RayJob: spec.rayClusterSpec.headGroupSpec.template.spec
ray.io RayJob: spec.rayClusterSpec.workerGroupSpecs.*.template.spec
ray.io RayService: spec.rayClusterConfig.headGroupSpec.template.spec
ray.io RayService: spec.rayClusterConfig.workerGroupSpecs.*.template.spec
serving.knative.dev Configuration: spec.template.spec
sources.knative.dev ContainerSource: spec.template.spec
"""
"""What the definitions of these resources say, written a second time: a slip in one of both is seen."""


def test_known_kinds_are_those_of_their_definitions() -> None:
    told = [f"{group} {kind}: {'.'.join(way)}" for (group, kind), ways in KNOWN.items() for way in ways]
    assert sorted(told) == SAID.strip().splitlines()


def holding(way: Way) -> Any:
    """A value with a pod spec at the end of a way."""
    if not way:
        return POD
    inner = holding(way[1:])
    return [inner] if way[0] == "*" else {way[0]: inner}


def merged(first: Any, second: Any) -> Any:
    """Two values with their keys as one."""
    if not isinstance(first, dict):
        return second
    return {**first, **{key: merged(first.get(key), value) for key, value in second.items()}}


def custom(group: str, kind: str, *ways: Way, version: str = "v1") -> dict[str, Any]:
    """An object of a kind that keeps pods in some places."""
    found: dict[str, Any] = {"apiVersion": f"{group}/{version}", "kind": kind, "metadata": {"name": "a"}}
    for way in ways:
        found = merged(found, holding(way))
    return found


@pytest.mark.parametrize(("group", "kind"), sorted(KNOWN), ids=str)
def test_known_kinds_are_judged_wherever_they_keep_pods(group: str, kind: str, tmp_path: Path) -> None:
    ways = KNOWN[group, kind]
    world = world_of(tmp_path, {"a.json": json.dumps(custom(group, kind, *ways))})
    found = [finding for finding in findings_of(world) if finding.rule in JUDGED]
    assert {finding.rule for finding in found} == JUDGED
    assert len(found) == len(JUDGED) * len(ways)
    assert not [
        name for item in found for name in item.aliases if name.startswith(("kube-score", "kube-linter"))
    ]
    assert any(name.startswith("polaris:") for item in found for name in item.aliases)
    assert not world.unread


def checked(folder: Path, said: dict[str, str], files: dict[str, Any], *flags: str) -> dict[str, Any]:
    """The report on some objects with a configuration."""
    configuration = {"pod-spec-paths": said}
    for path, item in {"archlint.yaml": configuration, **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(item if isinstance(item, str) else json.dumps(item), "utf-8")
    return archlint("check", ".", "--format", "json", *flags, cwd=folder).report


def rules_in(found: dict[str, Any]) -> set[str]:
    return {item["rule"] for item in found["findings"]}


WORKER = custom("shop.example", "Worker", ("spec", "template", "spec"))


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("spec.template.spec", ("spec", "template", "spec")),
        ("spec.podSpec", ("spec", "podSpec")),
        ("spec", ("spec",)),
        ("spec.members.*", ("spec", "members", "*")),
        ("spec.members.*.pod", ("spec", "members", "*", "pod")),
        ("spec.one.spec, spec.two.spec", ("spec", "two", "spec")),
    ],
)
def test_configured_kinds_are_judged(path: str, way: Way, tmp_path: Path) -> None:
    item = custom("shop.example", "Worker", way)
    assert not JUDGED & rules_in(checked(tmp_path, {}, {"a.json": item}))
    found = checked(tmp_path, {"shop.example/Worker": path}, {"a.json": item})
    assert rules_in(found) >= JUDGED
    assert not found.get("unread")


def test_the_core_group_and_other_kinds(tmp_path: Path) -> None:
    item = custom("v1", "Worker", ("spec", "pod")) | {"apiVersion": "v1"}
    assert rules_in(checked(tmp_path, {"Worker": "spec.pod"}, {"a.json": item})) >= JUDGED
    other = checked(tmp_path, {"other.example/Worker": "spec.pod"}, {"a.json": item})
    assert not JUDGED & rules_in(other)
    assert "pod-spec-path-wrong" in rules_in(other)


def test_joins_and_pod_security_see_them(tmp_path: Path) -> None:
    """A Service that selects the pods of such a kind, and a namespace that refuses them."""
    worker = json.loads(json.dumps(WORKER))
    worker["spec"]["template"]["metadata"] = {"labels": {"app": "a"}}
    worker["metadata"]["namespace"] = "shop"
    labels = {"pod-security.kubernetes.io/enforce": "baseline"}
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": labels}}
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "a", "namespace": "shop"},
        "spec": {"selector": {"app": "a"}, "ports": [{"port": 80, "targetPort": "web"}]},
    }
    files = {"worker.json": worker, "space.json": space, "service.json": service}
    without = rules_in(checked(tmp_path, {}, files))
    assert "target-port-undefined" not in without
    assert "pod-security-violated" not in without
    found = rules_in(checked(tmp_path, {"shop.example/Worker": "spec.template.spec"}, files))
    assert "target-port-undefined" in found
    assert "pod-security-violated" in found


def test_what_is_built_is_judged_at_its_source(tmp_path: Path) -> None:
    patch = '[{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "shop/a:latest"}]'
    files = {
        "base/worker.json": json.dumps(WORKER).replace("latest", "1.0.0"),
        "base/kustomization.yaml": "resources: [worker.json]\n",
        "live/kustomization.yaml": "resources: [../base]\n"
        f"patches:\n- target: {{kind: Worker}}\n  patch: '{patch}'\n",
    }
    found = checked(tmp_path, {"shop.example/Worker": "spec.template.spec"}, files)
    told = {item["rule"]: item["path"] for item in found["findings"]}
    assert told["image-tag-missing"] == "live/kustomization.yaml"
    assert told["privileged-container"] == "base/worker.json"


def test_a_changed_path_is_no_matter_of_the_cache(tmp_path: Path) -> None:
    files = {"a.json": WORKER}
    for path, is_judged in (("spec.pod", False), ("spec.template.spec", True), ("spec.pod", False)):
        found = rules_in(checked(tmp_path, {"shop.example/Worker": path}, files))
        assert ("privileged-container" in found) is is_judged
        assert ("pod-spec-path-wrong" in found) is not is_judged


@pytest.mark.parametrize(
    ("kind", "path", "words"),
    [
        ("shop.example/v1/Worker", "spec.pod", "no group and kind"),
        ("worker", "spec.pod", "no group and kind"),
        ("shop.example/Worker", "", "is empty"),
        ("shop.example/Worker", "spec..pod", "path such as"),
        ("shop.example/Worker", "/spec/pod", "path such as"),
    ],
)
def test_what_is_no_kind_or_path_is_refused(kind: str, path: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "archlint.yaml").write_text(json.dumps({"pod-spec-paths": {kind: path}}), "utf-8")
    done = archlint("check", ".", cwd=tmp_path)
    assert done.code == 2
    assert words in done.err


@pytest.mark.parametrize(
    "more", ["", ", 'https://github.com/example/a//b?ref=v1'"], ids=["built", "not built"]
)
def test_what_a_kustomization_takes_in_is_judged_built_or_not(more: str, tmp_path: Path) -> None:
    files = {"kustomization.yaml": f"resources: [a.json{more}]\nnamePrefix: x-\n", "a.json": WORKER}
    found = checked(tmp_path, {"shop.example/Worker": "spec.template.spec"}, files)
    assert rules_in(found) >= JUDGED
    assert bool(found.get("unread")) is bool(more)
