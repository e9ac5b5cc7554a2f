"""Charts that kustomizations inflate: rendered, and built on."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from archlint.documents.kustomize.built import BuiltDocument
from archlint.documents.load import load_text
from archlint.files import Kind
from archlint.model.kubernetes.building.builds import builds
from tests.charts.statements import CHART_FILES
from tests.charts.worlds import line_of, world_of
from tests.support.programs import helm, kustomize

IN_BASE = {path.replace("charts/cart", "live/charts/cart"): text for path, text in CHART_FILES.items()}
TOP = """\
namespace: front
images: [{name: example.org/cart, newTag: "9"}]
patches:
  - target: {kind: Deployment}
    patch: |-
      - {op: replace, path: /spec/replicas, value: 4}
"""
ENTRIES = {
    "bare": "helmCharts: [{name: cart, releaseName: web}]\n",
    "file": "helmCharts:\n  - {name: cart, releaseName: web, valuesFile: set.yaml, namespace: own}\n",
    "inline": "helmCharts:\n  - {name: cart, releaseName: web, valuesInline: {net: {host: true}}}\n",
    "inline over file": "helmCharts:\n  - name: cart\n    releaseName: web\n    valuesFile: set.yaml\n"
    "    valuesInline: {image: {name: x.org/c}}\n",
    "file over inline": "helmCharts:\n  - name: cart\n    releaseName: web\n    valuesFile: set.yaml\n"
    "    valuesMerge: merge\n    valuesInline: {image: {tag: old}, replicas: 8}\n",
    "inline alone": "helmCharts:\n  - name: cart\n    releaseName: web\n    valuesFile: set.yaml\n"
    "    valuesMerge: replace\n    valuesInline: {replicas: 8}\n",
    "more files": "helmCharts:\n  - {name: cart, releaseName: web, valuesFile: set.yaml, "
    "additionalValuesFiles: [more.yaml]}\n",
    "older": "helmChartInflationGenerator: [{chartName: cart, releaseName: web, values: set.yaml}]\n",
    "other home": "helmGlobals: {chartHome: ../live/charts}\nhelmCharts: [{name: cart, releaseName: web}]\n",
    "generator": "generators: [plugin.yaml]\n",
}
BESIDE = {
    "live/set.yaml": "net: {host: true}\nimage: {tag: new}\nsecurity:\n  privileged: true\n",
    "live/more.yaml": "replicas: 6\nimage: {tag: newer}\n",
    "live/plugin.yaml": "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: cart}\n"
    "name: cart\nreleaseName: web\nvaluesFile: set.yaml\n",
}


def _files(entry: str, top: str = TOP) -> dict[str, str]:
    return IN_BASE | BESIDE | {"live/kustomization.yaml": top + ENTRIES[entry]}


def _built(folder: Path, files: dict[str, str]) -> list[BuiltDocument]:
    made = world_of(folder, files).fact(builds)
    assert not made.unbuilt and not made.charts.faults and not made.charts.unread
    return list(made.documents)


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_is_inflated_is_built_on(tmp_path: Path, entry: str) -> None:
    (cart,) = _built(tmp_path, _files(entry))
    assert cart.data["metadata"] == {"name": "web-cart", "namespace": "front"}
    assert cart.data["spec"]["replicas"] == 4
    assert line_of(cart, "spec", "replicas") == "live/kustomization.yaml:6"
    assert line_of(cart) == "live/charts/cart/templates/cart.yaml:2"
    containers = ("spec", "template", "spec", "containers", 0)
    if entry in ("file", "more files", "older", "generator"):
        assert line_of(cart, *containers, "securityContext", "privileged") == "live/set.yaml:4"
    if entry == "inline":
        assert line_of(cart, "spec", "template", "spec", "hostNetwork") == "live/kustomization.yaml:8"


def _helm(folder: Path) -> str:
    """Helm for kustomize, which asks for the version as Helm 3 takes it."""
    script = folder / "helm"
    script.write_text(
        f'#!/bin/sh\nif [ "$1" = version ]; then echo v3.18.0; else exec {helm()} "$@"; fi\n', "utf-8"
    )
    script.chmod(0o755)
    return str(script)


@pytest.mark.parametrize("entry", ENTRIES)
def test_as_the_programs_do(tmp_path: Path, entry: str) -> None:
    program = kustomize()
    mine = [item.data for item in _built(tmp_path, _files(entry))]
    command = [program, "build", "--enable-helm", "--helm-command", _helm(tmp_path), "--load-restrictor"]
    done = subprocess.run(
        [*command, "LoadRestrictionsNone", tmp_path / "live"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = load_text("out.yaml", done.stdout, Kind.KUBERNETES)
    theirs: list[Any] = [document.data for document in loaded.documents]
    assert json.dumps(mine, sort_keys=True) == json.dumps(theirs, sort_keys=True)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("helmCharts: [{name: other, releaseName: web}]\n", "is not in this repository"),
        ("helmCharts: [{name: ../../../x}]\n", "is not in this repository"),
        ("helmCharts: [{name: [a]}]\n", "is not in this repository"),
        ("helmCharts: [x]\n", "needs helm"),
        ("helmCharts: [{name: cart, valuesFile: ../../x.yaml}]\n", "leads out of the repository"),
        ("helmCharts: [{name: cart, valuesFile: none.yaml}]\n", "no file 'live/none.yaml'"),
        ("helmCharts: [{name: cart, valuesInline: [1]}]\n", "has to be a map"),
        ("helmCharts: {a: b}\n", ""),
    ],
)
def test_what_cannot_be_inflated_is_told(tmp_path: Path, entry: str, why: str) -> None:
    made = world_of(tmp_path, IN_BASE | {"live/kustomization.yaml": entry}).fact(builds)
    (unbuilt,) = made.unbuilt
    assert why in unbuilt.refusal.message
