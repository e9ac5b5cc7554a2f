"""A name that nobody completes is no fault of a chart: whoever installs it says the rest."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest

from tests.paths.worlds import lay_out
from tests.support.inside import archlint

CHART = "apiVersion: v2\nname: link\nversion: 1.0.0\n"
HELPER = '{{ define "link.name" }}link-{{ .Values.cluster }}{{ end }}\n'
TEMPLATE = """\
apiVersion: v1
kind: Service
metadata:
  name: NAME
  labels:
    shop/cluster: NAME
spec:
  selector: {app: link}
  ports: [{port: 80}]
"""
WRITTEN = {
    "behind": "link-{{ .Values.cluster }}",
    "before": "{{ .Values.cluster }}-link",
    "quoted": '"link-{{ .Values.cluster }}"',
    "between": "{{ .Chart.Name }}-{{ .Values.cluster }}",
    "of a helper": '{{ include "link.name" . }}',
}
VALUES = {"": 0, "east": 0, "east_": 1}


@pytest.mark.parametrize(("written", "value"), [*product(sorted(WRITTEN), sorted(VALUES))])
def test_only_what_values_say_is_judged(written: str, value: str, tmp_path: Path) -> None:
    template = TEMPLATE.replace("NAME", WRITTEN[written])
    files = {"Chart.yaml": CHART, "values.yaml": f'cluster: "{value}"\n'}
    lay_out(files | {"templates/_helpers.tpl": HELPER, "templates/service.yaml": template}, tmp_path)
    rules = {"KUBE750"} if written == "before" else {"KUBE750", "KUBE740"}
    assert told(tmp_path) == (rules if VALUES[value] else set())


@pytest.mark.parametrize("name", ["link-", "-link", "{{ .Values.cluster }}link-"])
def test_what_the_template_writes_wrongly_is_told(name: str, tmp_path: Path) -> None:
    template = TEMPLATE.replace("NAME", f'"{name}"')
    lay_out(
        {"Chart.yaml": CHART, "values.yaml": "cluster: ''\n", "templates/service.yaml": template}, tmp_path
    )
    assert "KUBE750" in told(tmp_path)


def told(root: Path) -> set[str]:
    done = archlint("check", "--ignore", "ALL", "--select", "KUBE750,KUBE740", "--format", "json", cwd=root)
    return {item["code"] for item in json.loads(done.out)["findings"]}
