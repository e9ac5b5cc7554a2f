"""What differs between renderings gives the same objects in each run, with the places that it has."""

from __future__ import annotations

from pathlib import Path

from archlint.adapters.helm import HelmLibrary
from archlint.documents.charts.rendering import ChartTerms
from archlint.model.kubernetes.building.renderings import renderings
from tests.charts.worlds import CHART, line_of, objects, world_of
from tests.support.charts import helm

TEMPLATE = """\
apiVersion: v1
kind: Secret
metadata:
  name: cart-{{ randAlphaNum 5 | lower }}
  annotations:
    at: {{ now | date "2006-01-02T15:04:05" | quote }}
    said: {{ printf "%s" "not now" }}
    sum: {{ randAlpha 30 | sha256sum }}
stringData:
  id: {{ uuidv4 }}
  key: {{ genPrivateKey "ecdsa" | quote }}
  same: {{ .Values.same }}
"""


def test_the_same_in_each_run(tmp_path: Path) -> None:
    helm()
    files = {"cart/Chart.yaml": CHART, "cart/values.yaml": "same: here\n", "cart/templates/a.yaml": TEMPLATE}
    seen = []
    for _ in range(3):
        world = world_of(tmp_path, files)
        library = HelmLibrary()  # one that remembers nothing
        world.charts = ChartTerms(library, "1.37")
        made = world.fact(renderings)
        library.close()
        seen.append([item.data for item in made.documents])
        (secret,) = objects(made).values()
        assert line_of(secret, "stringData", "id") == "cart/templates/a.yaml:10"
        assert line_of(secret, "stringData", "same") == "cart/values.yaml:1"
    assert seen[0] == seen[1] == seen[2]
    (first,) = seen[0]
    assert first["metadata"]["name"] == "cart-xxxxx"
    assert first["metadata"]["annotations"]["said"] == "not now"
    assert first["stringData"]["same"] == "here"
