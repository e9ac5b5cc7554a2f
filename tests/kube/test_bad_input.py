"""What is broken gives one finding with its place, and the rest of the repository is judged all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.charts import helm
from tests.support.inside import archlint

REST = {
    "rest/cart.yaml": """\
apiVersion: v1
kind: Pod
metadata: {name: cart}
spec: {containers: [{name: cart, image: "reg.io/cart:1.2.0", securityContext: {privileged: true}}]}
"""
}
REST_TOLD = ("privileged-container", "rest/cart.yaml", 4)
_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {b: c}\n"
_BASE = {"base/a.yaml": _MAP, "base/kustomization.yaml": "resources: [a.yaml]\n"}
_CHART = {"chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n"}
_CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: carts.shop.io}}
spec:
  group: shop.io
  names: {{kind: Cart, plural: carts}}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {spec}
"""
_ENDLESS = (
    "{type: array, items: {type: string}, x-kubernetes-validations:"
    """ [{rule: "self.all(a, self.all(b, self.all(c, a + b + c != '')))"}]}"""
)
BAD = {
    "an object without a kind": (
        {"a.yaml": "apiVersion: v1\nmetadata: {name: a}\ndata: {b: c}\n"},
        ("object-type-missing", "a.yaml", 1),
    ),
    "an object of a version that was given up, without a kind": (
        {"a.yaml": "apiVersion: extensions/v1beta1\nmetadata: {name: a}\nspec: {replicas: 1}\n"},
        ("object-type-missing", "a.yaml", 1),
    ),
    "an object with a misspelt version": (
        {"a.yaml": "apiversion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"},
        ("object-type-missing", "a.yaml", 1),
    ),
    "a refused namespace of an object of no kind": (
        {"a.yaml": "apiVersion: v1\nkind: ''\nmetadata: {name: a, namespace: 'x y'}\n"},
        ("name-refused", "a.yaml", 3),
    ),
    "half a document": (
        {"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\n"},
        ("parse-error", "a.yaml", 4),
    ),
    "a patch whose target is missing": (
        _BASE
        | {
            "live/kustomization.yaml": "resources: [../base]\npatches: [{path: p.yaml}]\n",
            "live/p.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\ndata: {b: d}\n",
        },
        ("kustomization-not-built", "live/p.yaml", 4),
    ),
    "a cycle of kustomizations": (
        {
            "one/kustomization.yaml": "resources: [../two]\n",
            "two/kustomization.yaml": "resources: [../one]\n",
        },
        ("kustomization-not-built", "two/kustomization.yaml", 1),
    ),
    "a patch of the wrong shape": (
        _BASE
        | {
            "live/kustomization.yaml": "resources: [../base]\npatches:\n"
            "  - target: {kind: ConfigMap}\n    patch: '[{op: replace, path: /spec/none/0, value: 1}]'\n"
        },
        ("kustomization-not-built", "live/kustomization.yaml", 4),
    ),
    "a chart that does not render": (
        _CHART | {"chart/templates/a.yaml": "a: 1\nb: {{ upperCase .Values.c }}\n"},
        ("chart-not-rendered", "chart/templates/a.yaml", 2),
    ),
    "a chart that never ends": (
        _CHART
        | {"chart/templates/a.yaml": "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}\n"},
        ("chart-not-rendered", "chart/Chart.yaml", 2),
    ),
    "values of the wrong type": (
        _CHART
        | {
            "chart/values.yaml": "a: 1\nreplicas: many\n",
            "chart/values.schema.json": '{"properties": {"replicas": {"type": "integer"}}}',
            "chart/templates/a.yaml": _MAP,
        },
        ("values-schema-violated", "chart/values.yaml", 2),
    ),
    "a definition with a broken schema": (
        {"crd.yaml": _CRD.format(spec="{type: strings}")},
        ("definition-schema-broken", "crd.yaml", 16),
    ),
    "an expression that never ends": (
        {
            "crd.yaml": _CRD.format(spec=_ENDLESS),
            "a.yaml": f"apiVersion: shop.io/v1\nkind: Cart\nmetadata: {{name: a}}\nspec: {['x'] * 400}\n",
        },
        ("custom-rule-broken", "crd.yaml", 16),
    ),
    "an unknown kind": (
        {"a.yaml": "apiVersion: apps/v1\nkind: Deploymnt\nmetadata: {name: a}\n"},
        ("kind-unknown", "a.yaml", 2),
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_it_is_told_once_and_the_rest_is_judged(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, expected = BAD[name]
    if "chart" in name or "values" in name:
        helm()
        monkeypatch.setattr("archlint.adapters.helm.SECONDS", 0 if "never" in name else 10)
    for path, text in (files | REST).items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    done = archlint(
        "check", ".", "--isolated", "--select", "privileged-container", "--format", "json", cwd=tmp_path
    )
    told = [(item["rule"], item["path"], item["line"]) for item in done.report["findings"]]
    assert [item for item in told if not item[1].startswith("rest/")] == [expected]
    assert REST_TOLD in told
