"""A name in values of a chart, also in those that it is tested with, may mean what no file here defines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.charts.worlds import CHART, world_of
from tests.support.charts import helm
from tests.support.inside import archlint

ACCOUNT = """\
apiVersion: v1
kind: Secret
metadata: {name: registry}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: cart}
imagePullSecrets: [{name: {{ .Values.secret }}}]
"""


@pytest.mark.parametrize("path", ["cart/values.yaml", "cart/ci/other-values.yaml"])
def test_names_in_values_are_not_missing(path: str, tmp_path: Path) -> None:
    helm()
    values = {"cart/values.yaml": "secret: registry\n", path: "secret: registri\n"}
    world_of(tmp_path, {"cart/Chart.yaml": CHART, "cart/templates/a.yaml": ACCOUNT, **values})
    done = archlint("check", "--ignore=ALL", "--select=KUBE770", "--format=json", cwd=tmp_path)
    assert not json.loads(done.out)["findings"]
