"""Files that charts were rendered to: what is in them is mended in templates, if these are here."""

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
metadata: {name: "{{ .Release.Name }}-cart"}
spec:
  hostPID: {{ .Values.shared }}
  containers: []
"""


def _document(source: str, spec: str) -> str:
    head = f"---\n{source}apiVersion: v1\nkind: Pod\nmetadata: {{name: live-cart}}\n"
    return f"{head}spec: {{{spec}, containers: []}}\n"


def _found(folder: Path, rendered: str, **more: str) -> list[dict[str, Any]]:
    files = {
        "cart/Chart.yaml": CHART,
        "cart/values.yaml": "shared: true\n",
        "cart/templates/a.yaml": TEMPLATE,
        "live/all.yaml": rendered,
        **more,
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    done = archlint("check", "--ignore=ALL", "--select=KUBE404", "--format=json", cwd=folder)
    found: list[dict[str, Any]] = json.loads(done.out)["findings"]
    return found


def _told(found: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    return [
        (
            f"{item['path']}:{item['line']}",
            [f"{each['path']}:{each['line']}" for each in item.get("related", ())],
        )
        for item in found
    ]


HERE = "# Source: cart/templates/a.yaml\n"


def test_one_cause_in_chart_and_file_is_one_finding(tmp_path: Path) -> None:
    helm()
    found = _found(tmp_path, _document(HERE, "hostPID: true"))
    assert _told(found) == [("cart/values.yaml:1", ["cart/templates/a.yaml:5", "live/all.yaml:6"])]


def test_what_the_chart_has_not_names_its_template(tmp_path: Path) -> None:
    helm()
    found = _found(tmp_path, _document(HERE, "hostIPC: true"), **{"cart/values.yaml": "shared: false\n"})
    assert _told(found) == [("live/all.yaml:6", ["cart/templates/a.yaml:1"])]
    assert "generated from this template" in found[0]["related"][0]["message"]


@pytest.mark.parametrize(
    "source",
    [
        "# Source: cart/templates/b.yaml\n",
        "# Source: mail/templates/a.yaml\n",
        "# Source: cart/charts/mail/templates/a.yaml\n",
        "# Source: cart/templates/../../cart/templates/a.yaml\n",
    ],
)
def test_a_template_that_is_not_here_is_the_line_that_names_it(tmp_path: Path, source: str) -> None:
    helm()
    found = _found(tmp_path, _document(source, "hostIPC: true"), **{"cart/values.yaml": "shared: false\n"})
    assert _told(found) == [("live/all.yaml:6", ["live/all.yaml:2"])]


@pytest.mark.parametrize(
    "rendered",
    [
        _document("", "hostIPC: true"),
        _document("# Source: somewhere else\n", "hostIPC: true"),
        _document(HERE, "hostIPC: true") + _document("", "hostNetwork: false"),
        _document("", "hostIPC: true") + HERE,
    ],
)
def test_files_that_somebody_writes_name_nothing(tmp_path: Path, rendered: str) -> None:
    helm()
    found = _found(tmp_path, rendered, **{"cart/values.yaml": "shared: false\n"})
    assert [related for _, related in _told(found)] == [[]]


def test_two_charts_of_one_name_are_no_template(tmp_path: Path) -> None:
    helm()
    more = {
        "cart/values.yaml": "shared: false\n",
        "old/Chart.yaml": CHART,
        "old/templates/a.yaml": TEMPLATE,
        "old/values.yaml": "shared: false\n",
    }
    found = _found(tmp_path, _document(HERE, "hostIPC: true"), **more)
    assert _told(found) == [("live/all.yaml:6", ["live/all.yaml:2"])]
