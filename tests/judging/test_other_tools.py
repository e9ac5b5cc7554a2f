"""Other tools' names stand only on findings that these tools would give as well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archlint.documents import TextFile
from archlint.finding import ObjectRef
from archlint.judging.other_tools import names_elsewhere
from tests.kube.worlds import findings_of, world_of

_POD = {"spec": {"containers": [{"name": "a", "image": "shop/a:latest"}]}}
_KINDS = [
    ("apps/v1", "Deployment", True, True),
    ("apps/v1", "StatefulSet", True, True),
    ("apps/v1", "DaemonSet", True, True),
    ("batch/v1", "Job", True, True),
    ("apps/v1", "ReplicaSet", False, True),
    ("v1", "ReplicationController", False, True),
    ("apps.openshift.io/v1", "DeploymentConfig", False, True),
    ("argoproj.io/v1alpha1", "Rollout", False, False),
    ("apps.kruise.io/v1alpha1", "CloneSet", False, False),
    ("serving.knative.dev/v1", "Service", False, False),
]


@pytest.mark.parametrize(("version", "kind", "by_kube_score", "by_kube_linter"), _KINDS)
def test_who_reads_a_kind(
    tmp_path: Path, version: str, kind: str, by_kube_score: bool, by_kube_linter: bool
) -> None:
    item = {"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, "spec": {"template": _POD}}

    found = findings_of(world_of(tmp_path, {"a.json": json.dumps(item)}))

    names = [name for finding in found for name in finding.aliases]
    assert any(name.startswith("kube-score:") for name in names) is by_kube_score
    assert any(name.startswith("kube-linter:") for name in names) is by_kube_linter
    assert any(name.startswith("polaris:") for name in names)


READ_BY = {
    "kube-score": {"Deployment", "StatefulSet", "Pod", "CronJob"},
    "kube-linter": {"Deployment", "Pod", "ReplicaSet", "ReplicationController", "DeploymentConfig"},
    "polaris": {"Deployment", "Pod", "ReplicaSet", "PodTemplate", "Rollout", "CloneSet", "ScaledJob"},
}
KINDS = sorted(set().union(*READ_BY.values()))
OTHERS = {"kube-linter": {"StatefulSet", "CronJob"}, "polaris": set(KINDS)}


@pytest.mark.parametrize("kind", KINDS)
def test_names_of_each_kind(kind: str) -> None:
    place = TextFile("a.yaml").place()
    names = tuple(f"{tool}:rule" for tool in READ_BY)
    expected = {f"{tool}:rule" for tool, kinds in READ_BY.items() if kind in kinds | OTHERS.get(tool, set())}
    assert set(names_elsewhere(names, ObjectRef(kind, "a"), place)) == expected
    assert names_elsewhere(names, None, place) == names
    assert names_elsewhere((), ObjectRef(kind, "a"), place) == ()
