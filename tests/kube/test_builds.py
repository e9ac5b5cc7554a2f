"""Manifests are judged as kustomizations build them, at the places that set what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.kubernetes.building.kustomizations import Kustomization
from tests.kube.worlds import findings_of, world_of

CART = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - name: cart
        image: shop/cart:1.0.0
        resources:
          limits: {memory: 1Gi}
"""
BASE = {"base/cart.yaml": CART, "base/kustomization.yaml": "resources: [cart.yaml]\n"}


def told(folder: Path, files: dict[str, str], code: str) -> list[str]:
    """Where a rule finds something, as ``path:line``."""
    found = [item for item in findings_of(world_of(folder, {**BASE, **files})) if item.code == code]
    return sorted(f"{item.location.path}:{item.location.span.line}" for item in found)


def overlay(text: str) -> str:
    """A kustomization that takes the base in."""
    return f"resources: [../base]\n{text}"


def test_what_a_patch_takes_away_is_told_at_the_patch(tmp_path: Path) -> None:
    inline = "patches:\n- target: {kind: Deployment}\n  patch: |-\n    - op: remove\n"
    path = "      path: /spec/template/spec/containers/0/resources\n"
    files = {"live/kustomization.yaml": overlay(inline + path)}
    assert told(tmp_path, files, "KUBE101") == ["live/kustomization.yaml:6"]


def test_what_a_merge_sets_to_null_is_told_at_the_null(tmp_path: Path) -> None:
    merged = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\nspec:\n  template:\n    spec:\n"
    merged += "      containers:\n      - name: cart\n        resources: null\n"
    files = {"live/kustomization.yaml": overlay("patches: [{path: p.yaml}]\n"), "live/p.yaml": merged}
    assert told(tmp_path, files, "KUBE101") == ["live/p.yaml:9"]


def test_what_images_say_is_told_there(tmp_path: Path) -> None:
    images = "images:\n- name: shop/cart\n  newTag: latest\n"
    assert told(tmp_path, {"live/kustomization.yaml": overlay(images)}, "KUBE301") == [
        "live/kustomization.yaml:4"
    ]


def test_what_images_mend_is_not_told(tmp_path: Path) -> None:
    files = {
        "base/cart.yaml": CART.replace(":1.0.0", ":latest"),
        "live/kustomization.yaml": overlay("images: [{name: shop/cart, newTag: '2'}]\n"),
    }
    assert told(tmp_path, files, "KUBE301") == []


def test_one_cause_in_several_builds_is_one_finding_that_names_them(tmp_path: Path) -> None:
    files = {**BASE, "base/cart.yaml": CART.replace("limits: {memory: 1Gi}", "requests: {memory: 1Gi}")}
    for name in ("a", "b", "c"):
        files[f"{name}/kustomization.yaml"] = overlay(f"namePrefix: {name}-\nnamespace: {name}\n")
    found = [item for item in findings_of(world_of(tmp_path, files)) if item.code == "KUBE101"]
    assert [item.message.rpartition(" It is so ")[2] for item in found] == ["in 3 builds: a, b, c."]
    assert found[0].location.path == "base/cart.yaml"
    assert found[0].object is not None
    assert found[0].object.name == "cart"
    assert set(found[0].through) == {
        *(f"{name}/kustomization.yaml" for name in "abc"),
        "base/kustomization.yaml",
    }


def test_findings_have_the_fingerprint_of_the_plain_manifest(tmp_path: Path) -> None:
    plain = {"base/cart.yaml": CART.replace("limits", "requests")}
    built = {**plain, "base/kustomization.yaml": "resources: [cart.yaml]\nnamePrefix: x-\n"}
    seen = [
        {(item.code, item.fingerprint) for item in findings_of(world_of(tmp_path / name, files))}
        for name, files in (("plain", plain), ("built", built))
    ]
    assert seen[0] == seen[1]


def test_a_base_is_judged_as_it_stands_where_nothing_is_built(tmp_path: Path) -> None:
    files = {
        "base/cart.yaml": CART.replace("limits", "requests"),
        "live/kustomization.yaml": "resources: [../base, 'https://example.org/x?ref=1']\n",
    }
    assert told(tmp_path, files, "KUBE101") == ["base/cart.yaml:12"]
    assert told(tmp_path, files, "KUBE705") == []


def test_a_refusal_is_one_finding(tmp_path: Path) -> None:
    patch = "apiVersion: v1\nkind: Service\nmetadata:\n  name: none\n"
    files = {"live/kustomization.yaml": overlay("patches: [{path: p.yaml}]\n"), "live/p.yaml": patch}
    assert told(tmp_path, files, "KUBE705") == ["live/p.yaml:4"]


def test_files_of_generators_that_are_kept_elsewhere_are_no_fault(tmp_path: Path) -> None:
    files = {"live/kustomization.yaml": overlay("secretGenerator: [{name: s, envs: [.secret.env]}]\n")}
    assert told(tmp_path, files, "KUBE705") == []


def test_references_follow_hashes(tmp_path: Path) -> None:
    container = CART + "        envFrom: [{configMapRef: {name: settings}}]\n"
    files = {
        "base/cart.yaml": container,
        "live/kustomization.yaml": overlay("configMapGenerator: [{name: settings, literals: [a=b]}]\n"),
        "other.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n",
    }
    found = findings_of(world_of(tmp_path, {**BASE, **files}))
    assert "config-reference-undefined" not in {item.rule for item in found}


@pytest.mark.parametrize(
    ("count", "named"),
    [
        (1, None),
        (2, "It is so in 2 builds: live0, live1."),
        (3, "It is so in 3 builds: live0, live1, live2."),
        (4, "It is so in 4 builds: live0, live1, live2 and 1 more."),
        (6, "It is so in 6 builds: live0, live1, live2 and 3 more."),
    ],
)
def test_one_cause_in_several_builds_names_the_first_of_them(
    tmp_path: Path, count: int, named: str | None
) -> None:
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'a:latest'}]}\n"
    )
    files = {"base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": pod}
    for number in range(count):
        files[f"live{number}/kustomization.yaml"] = f"resources: [../base]\nnamePrefix: x{number}-\n"
    (told,) = (item for item in findings_of(world_of(tmp_path, files)) if item.rule == "image-tag-missing")
    assert (named is None and "builds:" not in told.message) or told.message.endswith(str(named))


def test_generated_objects_are_known_before_anything_is_built(tmp_path: Path) -> None:
    made = "configMapGenerator: [{name: a}, {name: b}]\nsecretGenerator: [{name: c, literals: [x=y]}]\n"
    (found,) = world_of(tmp_path, {"kustomization.yaml": made}).all(Kustomization)
    assert found.generated == {("ConfigMap", "a"), ("ConfigMap", "b"), ("Secret", "c")}
