"""A file that is called a patch and that no kustomization applies is a part of an object: it is told as not
read, and never judged as a whole object."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.files import Kind
from tests.kube.worlds import findings_of, world_of
from tests.support.inside import archlint

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers: [{name: cart, image: "shop/cart:1.0.0"}]
"""
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  template:
    spec:
      hostNetwork: true
      containers: [{name: proxy, image: "shop/proxy:latest"}]
"""
PLACES = ("patch.yaml", "cart_patch.yaml", "cart-patch.yml", "patches/cart.yaml", "patch-cart.yaml")


def files(path: str, besides: str = "") -> dict[str, str]:
    """A kustomization with a file that it does not name, and more of its lines."""
    return {
        "deploy/kustomization.yaml": f"resources: [cart.yaml]\n{besides}",
        "deploy/cart.yaml": DEPLOYMENT,
        f"deploy/{path}": PATCH,
    }


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("besides", ["", "# patches: [{path: PATH}]\n"])
def test_no_rule_judges_it(path: str, besides: str, tmp_path: Path) -> None:
    world = world_of(tmp_path, files(path, besides.replace("PATH", path)))
    assert world.kinds[f"deploy/{path}"] is Kind.UNUSED_PATCH
    assert not [each for each in findings_of(world) if each.location.path.endswith(path)]


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize(
    ("besides", "kind"),
    [
        ("patches: [{path: PATH}]\n", Kind.KUSTOMIZE_PATCH),
        ("patches: [PATH]\n", Kind.KUSTOMIZE_PATCH),  # as older releases took it
        ("components: [PATH]\n", Kind.KUBERNETES),
    ],
)
def test_what_is_named_is_what_it_is_named_for(path: str, besides: str, kind: Kind, tmp_path: Path) -> None:
    world = world_of(tmp_path, files(path, besides.replace("PATH", path)))
    assert world.kinds[f"deploy/{path}"] is kind


@pytest.mark.parametrize("path", ["dispatch.yaml", "patched/cart.yaml", "patchwork.yaml", "cart2.yaml"])
def test_other_names_are_objects(path: str, tmp_path: Path) -> None:
    assert world_of(tmp_path, files(path)).kinds[f"deploy/{path}"] is Kind.KUBERNETES


def test_far_from_kustomizations_it_is_an_object(tmp_path: Path) -> None:
    world = world_of(tmp_path, {"other/kustomization.yaml": "resources: []\n", "deploy/patch.yaml": PATCH})
    assert world.kinds["deploy/patch.yaml"] is Kind.KUBERNETES


def test_what_is_no_manifest_stays_what_it_is(tmp_path: Path) -> None:
    contract = "openapi: 3.0.3\ninfo: {title: Patches, version: 1.0.0}\npaths: {}\n"
    made = files("patch.yaml") | {"deploy/patch-api.yaml": contract}
    assert world_of(tmp_path, made).kinds["deploy/patch-api.yaml"] is Kind.OPENAPI


@pytest.mark.parametrize("named", [[], ["deploy"]])
def test_it_is_told_as_not_read(named: list[str], tmp_path: Path) -> None:
    world_of(tmp_path, files("patch.yaml"))
    assert "patch that no kustomization applies" in archlint("inventory", *named, cwd=tmp_path).out
    done = archlint("check", "--ignore=ALL", "--select=KUBE404", *named, cwd=tmp_path)
    assert "All clear" not in done.out and "1 patch that no kustomization applies" in done.out


@pytest.mark.parametrize("path", ["patches/cart.yaml", "deploy/cart-patch.yaml"])
def test_a_part_of_a_workload_among_others_is_told_as_not_read(path: str, tmp_path: Path) -> None:
    """Far from kustomizations such a file holds objects: those of them that are parts are told one by one."""
    world = world_of(tmp_path, {path: f"{DEPLOYMENT}---\n{PATCH}---\napiVersion: v1\nkind: Secret\n"})
    told = [(item.path, item.document, item.reason, item.detail) for item in world.unread]
    assert told == [(path, 1, "patch-unused", "Deployment cart")]
    assert not [each for each in findings_of(world) if each.rule == "host-namespace-shared"]


@pytest.mark.parametrize("path", ["cart.yaml", "deploy/parts.yaml"])
def test_elsewhere_a_part_is_judged_as_an_object(path: str, tmp_path: Path) -> None:
    assert not list(world_of(tmp_path, {path: PATCH}).unread)
