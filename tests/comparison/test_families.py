"""Changed resources are told by the families that the model knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.comparison.resources import resource_changes
from tests.arch.worlds import world_of

FAMILIES = {
    ("apps.openshift.io/v1", "DeploymentConfig"): "workload",
    ("v1", "ReplicationController"): "workload",
    ("serving.knative.dev/v1", "Service"): "workload",
    ("v1", "Service"): "service",
    ("projectcontour.io/v1", "HTTPProxy"): "ingress",
    ("route.openshift.io/v1", "Route"): "ingress",
    ("networking.istio.io/v1", "VirtualService"): "mesh",
    ("v1", "ConfigMap"): "other",
}


@pytest.mark.parametrize(("version", "kind"), FAMILIES)
def test_a_resource_is_of_the_family_of_its_kind(tmp_path: Path, version: str, kind: str) -> None:
    made = [{"apiVersion": version, "kind": kind, "metadata": {"name": "cart"}, "spec": {}}]
    before, after = world_of(tmp_path / "a", {}), world_of(tmp_path / "b", {"cart.yaml": made})
    assert [change.family for change in resource_changes(before, after)] == [FAMILIES[version, kind]]
