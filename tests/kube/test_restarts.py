"""Commands of scripts that make pods anew: whom they cover, and what is to type for each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.restarts import commanded, restart_command
from tests.kube.worlds import world_of

_POD = (
    "template: {metadata: {labels: {app: orders}}, spec: {containers: [{name: orders, image: shop/orders}]}}"
)
_DEPLOYMENT = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: orders}}\nspec: {{{_POD}}}\n"
_COVERING = (
    "kubectl -n shop rollout restart deploy/orders",
    "$KUBECTL rollout restart deployment orders",
    "kubectl rollout restart deployment",
    "kubectl rollout restart deploy/$SERVICE",
    "kubectl scale --replicas=0 deployment/orders",
    "kubectl -n shop scale deploy orders --replicas 2",
    "kubectl set image deployment/orders orders=shop/orders:2",
    "kubectl \\\n  set env deploy/orders A=b",
    "kubectl patch deployment orders -p '{\"spec\": {}}'",
    "kubectl delete pod -l app=orders",
    "kubectl delete pods --selector=app=orders -n shop",
    "kubectl delete pods --all",
    "kubectl delete pod orders-7d9f-x2k4j",
    "kubectl delete deployment payments orders",
)
_OTHER = (
    "kubectl rollout restart deploy/payments",
    "kubectl rollout restart statefulset",
    "kubectl rollout status deploy/orders",
    "kubectl get deployment orders",
    "kubectl scale --replicas=0 deployment/payments",
    "kubectl set image job/orders orders=shop/orders:2",
    "kubectl patch configmap orders -p '{}'",
    "kubectl delete configmap orders",
    "kubectl delete pod -l app=payments",
    "kubectl delete pod shell",
    "kubectl argo rollouts restart orders",
    "oc rollout latest dc/orders",
    "git set image deployment/orders",
)


def test_commands_cover_the_workloads_that_they_name(tmp_path: Path) -> None:
    for number, (command, is_covered) in enumerate(
        [*((each, True) for each in _COVERING), *((each, False) for each in _OTHER)]
    ):
        files = {"deploy.yaml": _DEPLOYMENT, "deploy.sh": f"#!/bin/sh\n{command}\n"}
        folder = tmp_path / str(number)
        folder.mkdir()
        world = world_of(folder, files)
        (workload,) = world.all(Workload)
        assert world.fact(commanded).covers(workload) is is_covered, command


@pytest.mark.parametrize(
    ("head", "spec", "command"),
    [
        ("apps/v1\nkind: DaemonSet", "", "kubectl rollout restart daemonset/orders"),
        (
            "apps/v1\nkind: StatefulSet",
            "updateStrategy: {type: OnDelete}, ",
            "kubectl delete pod -l app=orders",
        ),
        ("argoproj.io/v1alpha1\nkind: Rollout", "", "kubectl argo rollouts restart orders"),
        ("apps.openshift.io/v1\nkind: DeploymentConfig", "", "oc rollout latest dc/orders"),
        ("apps.kruise.io/v1alpha1\nkind: CloneSet", "", "kubectl delete pod -l app=orders"),
        ("apps.kruise.io/v1beta1\nkind: StatefulSet", "", "kubectl delete pod -l app=orders"),
    ],
)
def test_each_kind_is_restarted_in_its_own_way(tmp_path: Path, head: str, spec: str, command: str) -> None:
    text = f"apiVersion: {head}\nmetadata: {{name: orders}}\nspec: {{{spec}{_POD}}}\n"
    (workload,) = world_of(tmp_path, {"deploy.yaml": text}).all(Workload)
    assert restart_command(workload) == command
