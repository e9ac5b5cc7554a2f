"""Objects are the same only if kustomize gives them the same name and namespace."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.kube.worlds import rules_found

_OBJECT = "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: manager}}\n"
_SETTINGS = ("", "namePrefix: x-\n", "nameSuffix: -x\n", "namespace: x\n")


def _is_double(folder: Path, kind: str, one: str, two: str, top: str = "") -> bool:
    version = "rbac.authorization.k8s.io/v1" if kind == "ClusterRole" else "v1"
    text = _OBJECT.format(version=version, kind=kind)
    found = rules_found(
        folder,
        {
            "kustomization.yaml": f"{top}resources: [one, two]\n",
            "one/kustomization.yaml": f"{one}resources: [a.yaml]\n",
            "one/a.yaml": text,
            "two/kustomization.yaml": f"{two}resources: [b.yaml]\n",
            "two/b.yaml": text,
        },
    )
    return "object-duplicate" in found


@pytest.mark.parametrize(("one", "two", "top"), list(itertools.product(_SETTINGS, repeat=3)))
def test_what_a_kustomization_does_to_names_counts(tmp_path: Path, one: str, two: str, top: str) -> None:
    """An outer prefix or suffix changes nothing; an outer namespace takes inner ones back."""
    by_namespace = {text for text in (one, two) if "namespace" in text}
    same = one == two or ("namespace" in top and {one, two} - by_namespace <= {""} and bool(by_namespace))

    assert _is_double(tmp_path, "ServiceAccount", one, two, top) is same


@pytest.mark.parametrize(("kind", "same"), [("ClusterRole", True), ("ConfigMap", False)])
def test_what_has_no_namespace_is_one(tmp_path: Path, kind: str, same: bool) -> None:
    assert _is_double(tmp_path, kind, "namespace: a\n", "namespace: b\n") is same


def test_many_ways_into_a_base_take_no_time(tmp_path: Path) -> None:
    """Overlays that each take in the next one twice are followed as far as is needed."""
    files = {
        "30/kustomization.yaml": "resources: [a.yaml]\n",
        "30/a.yaml": _OBJECT.format(version="v1", kind="Pod"),
    }
    for level in range(30):
        for side in ("a", "b"):
            below = "[../../30]" if level == 29 else f"[../../{level + 1}/a, ../../{level + 1}/b]"
            files[f"{level}/{side}/kustomization.yaml"] = f"namePrefix: {side}-\nresources: {below}\n"

    assert "object-duplicate" not in rules_found(tmp_path, files)
