"""Suppressions, baseline, comparison with a base, fixes and cache work at the sources of what is built."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.inside import archlint
from tests.support.process import commit_all, git

BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
{annotations}spec:
  selector: {{matchLabels: {{app: cart}}}}
  template:
    metadata: {{labels: {{app: cart}}}}
    spec:
      containers:
        - name: cart
          image: shop/cart:1.2.0  # the image
          resources: {{limits: {{memory: 1Gi}}}}
"""
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
spec:
  template:
    spec:
      containers:
      - name: cart
        imagePullPolicy: IfNotPresent  # patched
        securityContext:
          privileged: true
"""
IGNORE = "archlint/ignore: privileged-container it drives a device"
OVERLAY = "resources: [../base]\npatches:\n- path: p.yaml\n"
RULES = "privileged-container,image-pull-policy-not-always,privilege-escalation-allowed,LINT002,LINT003"


def laid_out(folder: Path, files: dict[str, str] | None = None, annotations: str = "") -> Path:
    """A base and an overlay with a patch, and what is given besides."""
    given = {
        "base/cart.yaml": BASE.format(annotations=annotations),
        "base/kustomization.yaml": "resources: [cart.yaml]\n",
        "live/kustomization.yaml": OVERLAY,
        "live/p.yaml": PATCH,
        **(files or {}),
    }
    for path, text in given.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def checked(folder: Path, *flags: str, only: str = "privileged-container,LINT002,LINT003") -> dict[str, Any]:
    """The report by a few rules."""
    chosen = ("--select", only, "--ignore", "ALL", "--format", "json")
    return archlint("check", ".", *chosen, *flags, cwd=folder).report


def told(found: dict[str, Any]) -> list[str]:
    """Rule and place of each finding."""
    return [f"{item['rule']} {item['path']}:{item['line']}" for item in found["findings"]]


AT_PATCH = ["privileged-container live/p.yaml:12"]
INLINE = (
    "- target: {kind: Deployment}\n  patch: |-\n    - op: add\n      path: /metadata/annotations\n"
    f"      value: {{'archlint/ignore': '{IGNORE.partition(': ')[2]}'}}\n"
)
POINTED = (
    "- target: {kind: Deployment}\n  patch: |-\n    - op: add\n"
    "      path: /metadata/annotations/archlint~1ignore\n"
    f"      value: {IGNORE.partition(': ')[2]}\n"
)


def test_an_annotation_of_the_base_covers_what_a_patch_sets(tmp_path: Path) -> None:
    assert told(checked(laid_out(tmp_path / "a"))) == AT_PATCH
    found = checked(laid_out(tmp_path / "b", annotations=f"  annotations: {{{IGNORE}}}\n"))
    assert told(found) == []
    assert found["summary"]["suppressed"] == 1


@pytest.mark.parametrize(
    "files",
    [
        {"live/p.yaml": PATCH.replace("  name: cart\n", f"  name: cart\n  annotations: {{{IGNORE}}}\n", 1)},
        {"live/kustomization.yaml": f"{OVERLAY}commonAnnotations: {{{IGNORE}}}\n"},
        {"live/kustomization.yaml": OVERLAY + INLINE},
        {"live/kustomization.yaml": f"commonAnnotations: {{a: b}}\n{OVERLAY}{POINTED}"},
    ],
    ids=["patch", "field", "inline", "pointer"],
)
def test_an_overlay_gives_the_annotation_to_what_it_builds(files: dict[str, str], tmp_path: Path) -> None:
    found = checked(laid_out(tmp_path, files))
    assert told(found) == []
    assert found["summary"]["suppressed"] == 1
    again = checked(tmp_path)
    assert again["summary"] == found["summary"]  # from the cache

    laid_out(tmp_path, {"test/kustomization.yaml": OVERLAY, "test/p.yaml": PATCH, **files})
    assert told(checked(tmp_path)) == ["privileged-container test/p.yaml:12"]


def test_what_is_wrong_with_an_annotation_of_an_overlay_is_told(tmp_path: Path) -> None:
    text = f"{OVERLAY}commonAnnotations:\n  archlint/ignore: privileged-container\n"
    found = checked(laid_out(tmp_path, {"live/kustomization.yaml": text}))
    assert told(found) == ["invalid-suppression live/kustomization.yaml:5", *AT_PATCH]
    idle = f"{OVERLAY}commonAnnotations:\n  archlint/ignore: image-tag-missing why\n"
    found = checked(
        laid_out(tmp_path, {"live/kustomization.yaml": idle}), only="image-tag-missing,LINT002,LINT003"
    )
    assert told(found) == ["unused-suppression live/kustomization.yaml:5"]


def test_a_comment_at_the_patch_covers_what_it_sets(tmp_path: Path) -> None:
    comment = "  # archlint: ignore[privileged-container] it drives a device"
    patch = PATCH.replace("privileged: true", f"privileged: true{comment}")
    assert told(checked(laid_out(tmp_path, {"live/p.yaml": patch}))) == []


def test_a_baseline_knows_what_is_built(tmp_path: Path) -> None:
    laid_out(tmp_path)
    archlint("check", ".", "--update-baseline", cwd=tmp_path)
    assert told(checked(tmp_path)) == []
    more = PATCH.replace(
        "  - name: cart\n",
        "  - name: other\n    image: a:1\n    securityContext: {privileged: true}\n  - name: cart\n",
        1,
    )
    more = more.replace("\n  - name", "\n      - name").replace("\n    image", "\n        image")
    more = more.replace("\n    securityContext: {", "\n        securityContext: {").replace(
        "      -       -", "      -"
    )
    laid_out(tmp_path, {"live/p.yaml": more})
    assert [item.split(":")[0] for item in told(checked(tmp_path))] == ["privileged-container live/p.yaml"]


def test_only_what_a_changed_patch_breaks_is_new(tmp_path: Path) -> None:
    laid_out(tmp_path, {"live/p.yaml": PATCH.replace("privileged: true", "privileged: false")})
    git(tmp_path, "init", "-q")
    commit_all(tmp_path)
    assert told(checked(tmp_path, "--base", "HEAD", "--new-only")) == []
    laid_out(tmp_path)
    assert told(checked(tmp_path, "--base", "HEAD", "--new-only")) == AT_PATCH


def test_what_the_cache_holds_is_judged_anew_with_a_changed_patch(tmp_path: Path) -> None:
    for value, expected in (("true", AT_PATCH), ("false", []), ("true", AT_PATCH)):
        laid_out(tmp_path, {"live/p.yaml": PATCH.replace("privileged: true", f"privileged: {value}")})
        assert told(checked(tmp_path)) == expected
    (tmp_path / "live/p.yaml").unlink()
    (tmp_path / "live/kustomization.yaml").write_text("resources: [../base]\n")
    assert told(checked(tmp_path)) == []


FIXED = "image-pull-policy-not-always,privilege-escalation-allowed"


def fixed(folder: Path, *flags: str, only: str = FIXED) -> None:
    done = archlint("check", ".", "--fix", "--select", only, "--ignore", "ALL", *flags, cwd=folder)
    assert "All clear" in done.out, done.out


def test_fixes_edit_the_base_and_the_patch(tmp_path: Path) -> None:
    laid_out(tmp_path, {"test/kustomization.yaml": "resources: [../base]\n"})
    fixed(tmp_path)
    added = "          securityContext:\n            allowPrivilegeEscalation: false\n"
    added += "          imagePullPolicy: Always\n"
    assert (tmp_path / "base/cart.yaml").read_text() == BASE.format(annotations="") + added
    patch = PATCH.replace("IfNotPresent", "Always") + "          allowPrivilegeEscalation: false\n"
    assert (tmp_path / "live/p.yaml").read_text() == patch


@pytest.mark.parametrize("ending", ["|\n", "|-\n"])
@pytest.mark.parametrize("rest", ["", "# the end\n", "namePrefix: live-\n"])
def test_fixes_edit_a_patch_in_the_kustomization(ending: str, rest: str, tmp_path: Path) -> None:
    lines = "".join(f"    {line}\n" for line in PATCH.splitlines())
    text = f"resources: [../base]\npatches:\n- patch: {ending}{lines}{rest}"
    laid_out(tmp_path, {"live/kustomization.yaml": text})
    fixed(tmp_path)
    more = lines.replace("IfNotPresent", "Always") + "              allowPrivilegeEscalation: false\n"
    expected = f"resources: [../base]\npatches:\n- patch: {ending}{more}{rest}"
    assert (tmp_path / "live/kustomization.yaml").read_text() == expected


def test_no_fix_where_the_source_is_no_manifest_or_says_otherwise(tmp_path: Path) -> None:
    """A folded text, a value that another field sets, and a setting that a patch takes away."""
    path = "/spec/template/spec/containers/0/imagePullPolicy"
    operation = json.dumps([{"op": "add", "path": path, "value": "IfNotPresent"}])
    folded = f"- target: {{kind: Deployment}}\n  patch: '{operation}'\n"
    text = f"resources: [../base]\npatches:\n{folded}"
    laid_out(tmp_path, {"live/kustomization.yaml": text})
    found = checked(tmp_path, only="image-pull-policy-not-always")
    assert [item["path"] for item in found["findings"]] == ["live/kustomization.yaml"]
    assert not [item for item in found["findings"] if "fix" in item]
    patch = PATCH.replace("imagePullPolicy: IfNotPresent  # patched", "imagePullPolicy: null")
    base = BASE.format(annotations="") + "          imagePullPolicy: Always\n"
    laid_out(tmp_path, {"live/kustomization.yaml": OVERLAY, "live/p.yaml": patch, "base/cart.yaml": base})
    found = checked(tmp_path, only="image-pull-policy-not-always")
    assert found["findings"]
    assert not [item for item in found["findings"] if "fix" in item]


def test_unsafe_fixes_of_security_settings(tmp_path: Path) -> None:
    policy = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n"
        "  podSelector: {}\n"
        "  policyTypes:\n  - Ingress # in\n  egress: [{to: [{podSelector: {}}]}]\n"
    )
    flow = policy.replace("  policyTypes:\n  - Ingress # in\n", "  policyTypes: [Ingress]\n").replace(
        "name: a", "name: b"
    )
    laid_out(tmp_path, {"policy.yaml": policy, "flow.yaml": flow})
    fixed(
        tmp_path,
        "--unsafe-fixes",
        only="privileged-container,container-may-run-as-root,policy-types-omit-rules",
    )
    assert (tmp_path / "policy.yaml").read_text() == policy.replace("# in\n", "# in\n  - Egress\n")
    assert (tmp_path / "flow.yaml").read_text() == flow.replace("[Ingress]", "[Ingress, Egress]")
    assert "privileged: false" in (tmp_path / "live/p.yaml").read_text()
    assert (
        (tmp_path / "base/cart.yaml")
        .read_text()
        .endswith("      securityContext:\n        runAsNonRoot: true\n")
    )
