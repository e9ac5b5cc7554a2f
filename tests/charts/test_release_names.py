"""A chart is rendered under the name that its release has, else under its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.documents.charts.rendering import Release
from tests.charts.worlds import objects, rendered
from tests.support.charts import helm

NAMED = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n"


@pytest.mark.parametrize(
    ("chart", "own"),
    [("cart", "cart"), ("Cart_API", "cart-api"), ("c" * 60, "c" * 53), ("c" * 52 + "_d", "c" * 52)],
)
@pytest.mark.parametrize("given", ["", "shop"])
@pytest.mark.parametrize("values", [(), ("cart/more.yaml",)])
def test_a_release_without_a_name_has_that_of_its_chart(
    tmp_path: Path, chart: str, own: str, given: str, values: tuple[str, ...]
) -> None:
    helm()
    files = {
        "cart/Chart.yaml": f"apiVersion: v2\nname: {chart}\nversion: 1.0.0\n",
        "cart/templates/a.yaml": NAMED,
        "cart/more.yaml": "size: 1\n",
    }
    assert list(objects(rendered(tmp_path, files, Release("cart", values, given)))) == [
        ("ConfigMap", given or own)
    ]
    assert list(objects(rendered(tmp_path, files))) == [("ConfigMap", own)]
