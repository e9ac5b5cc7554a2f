"""A finding where a kustomization changes a base names the line that it changes; a comment there counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.inside import archlint

BASE = """\
apiVersion: v1
kind: Pod
metadata: {name: cart}
spec:
  # MARK
  containers:
  - name: cart
    image: shop/cart:v1
"""
OPERATION = '[{"op": "add", "path": "/spec/hostPID", "value": true}]'
WAYS = {
    "images": ("images: [{name: shop/cart, newTag: latest}]", "KUBE301", 7),
    "patch": (
        "patches: [{patch: '{kind: Pod, apiVersion: v1, metadata: {name: cart}, spec: {hostPID: true}}'}]",
        "KUBE404",
        4,
    ),
    "operation": (f"patches: [{{target: {{kind: Pod}}, patch: '{OPERATION}'}}]", "KUBE404", 4),
    "file": ("patches: [{path: patch.yaml}]", "KUBE404", 4),
}
PATCH = "apiVersion: v1\nkind: Pod\nmetadata: {name: cart}\nspec: {hostPID: true}\n"


def _findings(folder: Path, code: str) -> list[dict[str, Any]]:
    done = archlint("check", "--ignore=ALL", f"--select={code},LINT", "--format=json", cwd=folder)
    found: list[dict[str, Any]] = json.loads(done.out)["findings"]
    return found


@pytest.mark.parametrize("way", WAYS)
def test_what_a_kustomization_changes(tmp_path: Path, way: str) -> None:
    text, code, line = WAYS[way]
    files = {
        "base/pod.yaml": BASE,
        "base/kustomization.yaml": "resources: [pod.yaml]\n",
        "live/kustomization.yaml": f"resources: [../base]\n{text}\n",
        "live/patch.yaml": PATCH,
    }
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(content, "utf-8")
    (found,) = _findings(tmp_path, code)
    assert found["path"].startswith("live/")
    assert [(item["path"], item["line"]) for item in found["related"]] == [("base/pod.yaml", line)]
    lines = BASE.splitlines()
    lines[line - 1] += f" # archlint: ignore[{code}] it has to"
    (tmp_path / "base/pod.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    assert _findings(tmp_path, code) == []
