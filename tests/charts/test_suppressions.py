"""Findings in charts are taken back where they stand: in a template's text, and in a file of values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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
    return {(item["path"], item["line"]) for item in _report(folder)}


def _report(folder: Path) -> list[dict[str, Any]]:
    done = archlint("check", "--ignore=ALL", "--select=KUBE404,LINT", "--format=json", cwd=folder)
    found: list[dict[str, Any]] = json.loads(done.out)["findings"]
    return found


@pytest.mark.parametrize(
    "mark", ["# archlint: ignore[KUBE404] here too", "{{/* archlint: ignore[KUBE404] it is */}}"]
)
def test_a_comment_at_the_template_covers_what_a_value_causes(tmp_path: Path, mark: str) -> None:
    helm()
    assert _codes(tmp_path, "", "") == {("cart/templates/a.yaml", 7), ("cart/values.yaml", 1)}
    template = tmp_path / "cart/templates/a.yaml"
    text = template.read_text("utf-8").replace("MARK", "").replace("hostIPC: ", f"{mark}\n  hostIPC: ")
    template.write_text(text, "utf-8")
    found = _report(tmp_path)
    assert {(item["path"], item["line"]) for item in found} == {("cart/templates/a.yaml", 7)}


def test_the_template_is_a_related_place(tmp_path: Path) -> None:
    helm()
    _codes(tmp_path, "", "")
    (found,) = [item for item in _report(tmp_path) if item["path"].endswith("values.yaml")]
    (related,) = found["related"]
    assert (related["path"], related["line"], related["column"]) == ("cart/templates/a.yaml", 8, 3)
    assert related["message"] == "put in by the template"
    (tmp_path / "archlint.yaml").write_text("profile: minimal\n")
    done = archlint(
        "check", "--ignore=ALL", "--select=KUBE404", "cart/templates", "--format=json", cwd=tmp_path
    )
    assert len(json.loads(done.out)["findings"]) == 2


def test_the_namespace_of_the_release_is_stated(tmp_path: Path) -> None:
    helm()
    made = "apiVersion: v1\nkind: Service\nmetadata:\n  name: NAME\n"
    for name, more in (("a", "  namespace: {{ .Release.Namespace | quote }}\n"), ("b", "")):
        path = tmp_path / "cart/templates" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made.replace("NAME", name) + more, "utf-8")
    (tmp_path / "cart/Chart.yaml").write_text(CHART, "utf-8")
    done = archlint("check", "--ignore=ALL", "--select=KUBE741", "--format=json", cwd=tmp_path)
    assert [item["path"] for item in json.loads(done.out)["findings"]] == ["cart/templates/b.yaml"]


@pytest.mark.parametrize("first", ["a", "b"])
def test_an_annotation_of_one_release_speaks_for_that_alone(tmp_path: Path, first: str) -> None:
    """Whichever release is rendered first."""
    helm()
    noted = 'notes: {"archlint/ignore": "KUBE404 it has to see them"}\n'
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": "notes: {}\n",
        "cart/templates/a.yaml": TEMPLATE.replace("MARK", "").replace(
            "{name: cart}",
            "\n  name: {{ .Release.Name }}\n  annotations: {{- toYaml .Values.notes | nindent 4 }}",
        ),
        **{f"cart/ci/{name}-values.yaml": noted if name == first else "other: 1\n" for name in "ab"},
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text.replace("{{ .Values.shared }}", "false"), "utf-8")
    report = archlint(
        *("check", "--ignore=ALL", "--select=KUBE404", "--format=json", "--show-suppressed"), cwd=tmp_path
    ).report
    assert sorted(bool(item.get("suppressed")) for item in report["findings"]) == [False, True]
