"""Charts in charts under other names: by an alias, or in a folder that is called otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.charts.worlds import CHART, line_of, objects, rendered

GOOD = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "good-{{ .Chart.Name }}"}\n'
COUNTED = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Chart.Name }}"}
spec:
  replicas: {{ .Values.count }}
"""
BAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bad}\na: {{ .Values.some.thing.else }}\n"
DEPENDENCIES = {
    "alias": "dependencies: [{name: db, version: 1.x.x, alias: store}]\n",
    "twice": "dependencies: [{name: db, version: 1.x.x}, {name: db, version: 1.x.x, alias: store}]\n",
    "name": "dependencies: [{name: db, version: 1.x.x}]\n",
}


def files(form: str, folder: str, **templates: str) -> dict[str, str]:
    return {
        "cart/Chart.yaml": CHART + DEPENDENCIES[form],
        "cart/values.yaml": "store: {count: 5}\n",
        "cart/templates/good.yaml": GOOD,
        f"cart/charts/{folder}/Chart.yaml": CHART.replace("cart", "db"),
        f"cart/charts/{folder}/values.yaml": "count: 3\n",
        **{f"cart/charts/{folder}/templates/{name}.yaml": text for name, text in templates.items()},
    }


@pytest.mark.parametrize("folder", ["db", "other"])
@pytest.mark.parametrize("form", DEPENDENCIES)
def test_one_broken_template_takes_nothing_else_along(tmp_path: Path, form: str, folder: str) -> None:
    made = rendered(tmp_path, files(form, folder, good=GOOD, bad=BAD))
    (fault,) = [item.path for item in made.unread]
    assert fault == f"cart/charts/{folder}/templates/bad.yaml"
    called = {"alias": ["store"], "twice": ["db", "store"], "name": ["db"]}[form]
    assert {name for _, name in objects(made)} == {"good-cart", *(f"good-{each}" for each in called)}


@pytest.mark.parametrize("folder", ["db", "other"])
@pytest.mark.parametrize("form", DEPENDENCIES)
def test_values_stand_where_they_are_set_for_that_name(tmp_path: Path, form: str, folder: str) -> None:
    found = objects(rendered(tmp_path, files(form, folder, counted=COUNTED)))
    places = {
        name: line_of(item, "spec", "replicas")
        for (kind, name), item in found.items()
        if kind == "Deployment"
    }
    own, given = f"cart/charts/{folder}/values.yaml:1", "cart/values.yaml:1"
    expected = {"alias": {"store": given}, "twice": {"db": own, "store": given}, "name": {"db": own}}
    assert places == expected[form]
    template = f"cart/charts/{folder}/templates/counted.yaml"
    assert all(line_of(item).startswith((template, "cart/templates")) for item in found.values())
