"""An entry that is null ends no run: it says nothing, or kustomize refuses it with the place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.inside import archlint

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {hostPID: true, containers: [{name: c, image: "x:1"}]}
"""
LISTS = (
    *("resources", "bases", "components", "crds", "configurations", "patchesStrategicMerge", "generators"),
    *("transformers", "validators", "images", "imageTags", "labels", "replicas", "patches", "vars"),
    *("patchesJson6902", "replacements", "configMapGenerator", "secretGenerator", "helmCharts"),
)
TAKEN = ("images", "imageTags", "labels", "generators", "transformers", "validators")
"""Lists in which kustomize takes an empty entry."""


@pytest.mark.parametrize("key", LISTS)
def test_a_null_entry_ends_no_run(key: str, tmp_path: Path) -> None:
    rest = "" if key == "resources" else "resources: [pod.yaml]\n"
    (tmp_path / "kustomization.yaml").write_text(f"{rest}{key}: [null]\n")
    (tmp_path / "pod.yaml").write_text(POD)
    done = archlint("check", "--ignore=ALL", "--select=KUBE404,KUBE705", "--format=json", cwd=tmp_path)
    found = [item["code"] for item in json.loads(done.out)["findings"]]
    assert done.code == 1 and "KUBE404" in found
    assert key not in TAKEN or "KUBE705" not in found
