"""Findings in charts are taken back where they stand: in a template's text, and in a file of values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.charts.worlds import CHART
from tests.support.charts import helm
from tests.support.inside import archlint

TEMPLATE = """\
apiVersion: v1
kind: Pod
metadata: {name: cart}
spec:
  automountServiceAccountToken: false
  MARK
  hostPID: true
  hostIPC: {{ .Values.shared }}
  containers: []
"""
VALUES = "shared: true VALUES\n"


@pytest.mark.parametrize(
    "mark",
    ["# archlint: ignore[KUBE404] as on all nodes", "{{- /* archlint: ignore[KUBE404] as on all nodes */}}"],
)
def test_in_templates_and_values(tmp_path: Path, mark: str) -> None:
    helm()
    found = _codes(tmp_path, "", "")
    assert found == {("cart/templates/a.yaml", 7), ("cart/values.yaml", 1)}
    assert _codes(tmp_path, mark, "") == {("cart/values.yaml", 1)}
    assert _codes(tmp_path, mark, "# archlint: ignore[KUBE404] too") == set()


def _codes(folder: Path, mark: str, in_values: str) -> set[tuple[str, int]]:
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": VALUES.replace("VALUES", in_values),
        "cart/templates/a.yaml": TEMPLATE.replace("MARK", mark),
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    done = archlint("check", "--ignore=ALL", "--select=KUBE404,LINT", "--format=json", cwd=folder)
    report = json.loads(done.out)
    return {(item["path"], item["line"]) for item in report["findings"]}
