"""Values that the repository states for its charts: whoever states a set, the same is judged, where he says
it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archlint.engine.building import merged, over_built
from archlint.finding import Finding
from archlint.model.kubernetes.building.builds import builds
from tests.charts.statements import CHART_FILES, STATEMENTS, application, flux
from tests.charts.worlds import line_of, rendered, world_of
from tests.support.rules import own_rules
from tests.support.runners import found_by

_CODES = ("KUBE101", "KUBE301", "KUBE401", "KUBE402", "KUBE403", "KUBE404", "KUBE412")
SETS: list[dict[str, Any]] = [
    {"net": {"host": True}, "replicas": 3},
    {"security": {"privileged": True, "runAsUser": None}, "image": {"tag": "latest"}},
    {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "yes"}], "image": {"name": "x.org/b"}},
    {"replicas": 0, "security": None},
]


def _data(folder: Path, statement: str, values: dict[str, Any]) -> list[Any]:
    files, releases = STATEMENTS[statement](values)
    made = rendered(folder, CHART_FILES | files, *releases)
    assert not made.faults and not made.unread
    return [item.data for item in made.documents if item.data["metadata"]["name"] == "web-cart"]


@pytest.mark.parametrize("values", SETS, ids=range(len(SETS)))
def test_whoever_states_values_the_same_is_rendered(tmp_path: Path, values: dict[str, Any]) -> None:
    made = {name: _data(tmp_path / name, name, values) for name in STATEMENTS}
    assert len(made["configuration"]) == 1
    assert {name: data for name, data in made.items() if data != made["configuration"]} == {}


def test_whoever_states_values_the_same_is_found(tmp_path: Path) -> None:
    values = SETS[1] | {"net": {"host": True}}
    found = {name: _findings(tmp_path / name, name, values) for name in STATEMENTS}
    assert {item.code for item in found["configuration"]} >= {"KUBE301", "KUBE401", "KUBE403", "KUBE404"}
    bare = [sorted((item.code, item.fingerprint) for item in each) for each in found.values()]
    assert all(each == bare[0] for each in bare)
    own = {"charts/cart/templates/cart.yaml", "charts/cart/values.yaml"}
    for name, items in found.items():
        files, _ = STATEMENTS[name](values)
        stating = {path for path, text in files.items() if '"latest"' in text}
        assert {item.location.path for item in items} - own == stating
        lines = {item.code: _line(files, item) for item in items}
        assert '"latest"' in lines["KUBE301"] and '"privileged"' in lines["KUBE401"]
        assert '"host"' in lines["KUBE404"]


def _line(files: dict[str, str], finding: Finding) -> str:
    text = (CHART_FILES | files)[finding.location.path]
    return text.split("\n")[finding.location.span.line - 1]


def _findings(folder: Path, statement: str, values: dict[str, Any]) -> list[Finding]:
    files, releases = STATEMENTS[statement](values)
    world = world_of(folder, CHART_FILES | files, *releases)
    rules = [rule for rule in own_rules() if rule.code in _CODES]
    return found_by(rules, lambda runner: [*runner.over_joins(world), *over_built(world, runner)])


def test_applications_that_a_chart_renders_deploy_others(tmp_path: Path) -> None:
    made = application("      valuesObject: {replicas: {{ .Values.count }}}\n")
    files = {
        "apps/Chart.yaml": "apiVersion: v2\nname: apps\nversion: 1.0.0\n",
        "apps/values.yaml": "count: 5\n",
        "apps/templates/cart.yaml": made,
    }
    found = rendered(tmp_path, CHART_FILES | files)
    (cart,) = [item for item in found.documents if item.data["kind"] == "Deployment"]
    assert cart.data["spec"]["replicas"] == 5 and cart.data["metadata"]["name"] == "web-cart"
    assert line_of(cart, "spec", "replicas") == "apps/values.yaml:1"


def test_one_cause_in_several_releases_is_one_finding(tmp_path: Path) -> None:
    names = ("a", "b", "c")
    files = {f"apps/{name}.yaml": _release(name) for name in names}
    world = world_of(tmp_path, CHART_FILES | files)
    rules = [rule for rule in own_rules() if rule.code in ("KUBE404", "KUBE430")]
    found = found_by(rules, lambda runner: [*runner.over_joins(world), *over_built(world, runner)])
    told = merged(found, world.fact(builds))
    at_template = [item for item in told if item.location.path == "charts/cart/templates/cart.yaml"]
    assert [item.code for item in at_template] == ["KUBE430"]
    assert "in 3 builds" in at_template[0].message
    assert {item.location.path for item in told if item.code == "KUBE404"} == set(files)


def _release(name: str) -> str:
    said = application("      valuesObject: {net: {host: true}}\n", name=name)
    return said.replace("releaseName: web", f"releaseName: {name}")


def test_what_defaults_of_a_chart_state_wrongly_is_no_fault(tmp_path: Path) -> None:
    made = application("      valueFiles: ['values-{{ .Values.stage }}.yaml']\n")
    files = {
        "apps/Chart.yaml": "apiVersion: v2\nname: apps\nversion: 1.0.0\n",
        "apps/values.yaml": "stage: none\n",
        "apps/templates/cart.yaml": made,
    }
    found = rendered(tmp_path, CHART_FILES | files)
    (told,) = found.unread
    assert not found.faults and "no file" in told.detail and told.path == "apps/templates/cart.yaml"
    (fault,) = rendered(tmp_path, {"apps/ci/a-values.yaml": "stage: other\n"}).faults
    assert "values-other.yaml" in fault.message


def test_flux_changes_what_was_rendered(tmp_path: Path) -> None:
    said = """\
  commonMetadata: {labels: {team: shop}}
  postRenderers:
    - kustomize:
        patches:
          - target: {kind: Deployment}
            patch: |
              - op: replace
                path: /spec/replicas
                value: 4
          - patch: |
              apiVersion: apps/v1
              kind: Deployment
              metadata: {name: web-cart, namespace: shop}
              spec: {template: {spec: {hostNetwork: true}}}
        images: [{name: example.org/cart, newTag: "9"}]
  values: {replicas: 3}
"""
    found = rendered(tmp_path, CHART_FILES | {"flux/cart.yaml": flux(said)})
    (cart,) = found.documents
    pod = ("spec", "template", "spec")
    assert not found.unread and cart.data["metadata"]["labels"] == {"team": "shop"}
    assert cart.data["spec"]["replicas"] == 4
    assert cart.data["spec"]["template"]["spec"]["containers"][0]["image"] == "example.org/cart:9"
    lines = {route: line_of(cart, *pod, *route) for route in (("hostNetwork",), ("containers", 0, "image"))}
    assert lines == {("hostNetwork",): "flux/cart.yaml:23", ("containers", 0, "image"): "flux/cart.yaml:24"}
