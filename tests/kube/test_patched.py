"""What patches of kustomizations give to containers is there, in whichever of their forms it is written, and
whatever else of a kustomization is not in the repository."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from textwrap import indent

import pytest

from tests.kube.worlds import findings_of, world_of

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
        - {name: proxy, image: "shop/proxy:1.0.0", resources: {limits: {memory: 1Gi}}}
        - {name: cart, image: "shop/cart:1.0.0"}
"""
MERGED = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  template:
    spec:
      containers:
        - name: cart
          resources: {limits: {memory: 256Mi}}
"""
OPERATIONS = (
    "- {op: add, path: /spec/template/spec/containers/1/resources, value: {limits: {memory: 256Mi}}}\n",
    "- {op: replace, path: /spec/template/spec/containers/1, value: {resources: {limits: {memory: 1Gi}}}}\n",
)
TARGETS = ("{kind: Deployment, name: cart}", "{kind: Deployment}", '{name: "c.*"}')


def forms() -> Iterator[tuple[str, str]]:
    """Entries of a kustomization, and the text of ``patch.yaml`` that some of them name."""
    yield f"patches:\n  - patch: |-\n{indent(MERGED, ' ' * 6)}", ""
    yield "patches:\n  - path: patch.yaml\n", MERGED
    yield f"patchesStrategicMerge:\n  - |-\n{indent(MERGED, ' ' * 4)}", ""
    yield "patchesStrategicMerge: [patch.yaml]\n", MERGED
    for text, target in product((*OPERATIONS, MERGED), TARGETS):
        yield f"patches:\n  - target: {target}\n    patch: |-\n{indent(text, ' ' * 6)}", ""
        yield f"patches:\n  - target: {target}\n    path: patch.yaml\n", text
    for text in OPERATIONS:
        target = "{version: v1, group: apps, kind: Deployment, name: cart}"
        yield f"patchesJson6902:\n  - target: {target}\n    path: patch.yaml\n", text


def codes(root: Path, files: dict[str, str], code: str = "KUBE101") -> list[str]:
    """The findings of one rule in some files."""
    found = findings_of(world_of(root, {name: text for name, text in files.items() if text}))
    return [finding.code for finding in found if finding.code == code]


ELSEWHERE = (
    "",
    "resources: [../base, 'https://example.org/x?ref=1']\n",
    "components: ['https://example.org/c?ref=1']\n",
    "helmCharts: [{name: x, repo: 'https://example.org'}]\n",
    "secretGenerator: [{name: s, envs: [kept-elsewhere.env]}]\n",
    "transformers: [function.yaml]\n",
)
"""What a kustomization may need that is not here, or is not run."""
FUNCTION = "apiVersion: example.org/v1\nkind: Function\nmetadata: {name: f}\n"


@pytest.mark.parametrize(("entry", "patch"), list(forms()))
def test_a_patch_in_any_form_gives_what_it_says(entry: str, patch: str, tmp_path: Path) -> None:
    elsewhere = ELSEWHERE[len(entry + patch) % len(ELSEWHERE)]
    own = "" if elsewhere.startswith("resources") else "resources: [../base]\n"
    files = {
        "base/deploy.yaml": DEPLOYMENT,
        "base/kustomization.yaml": "resources: [deploy.yaml]\n",
        "live/kustomization.yaml": f"{own}{elsewhere}{entry}",
        "live/function.yaml": FUNCTION,
        "live/patch.yaml": patch,
    }
    assert codes(tmp_path, files) == []


@pytest.mark.parametrize(
    "entry",
    [
        f"patches:\n  - patch: |-\n{indent(MERGED.replace('name: cart}', 'name: till}'), ' ' * 6)}",
        f"patches:\n  - patch: |-\n{indent(MERGED.replace('- name: cart', '- name: proxy'), ' ' * 6)}",
        f"patches:\n  - patch: |-\n{indent(MERGED.replace('limits', 'requests'), ' ' * 6)}",
        f"patches:\n  - patch: |-\n{indent(MERGED.replace('256Mi', 'null'), ' ' * 6)}",
        f"patches:\n  - target: {{kind: Job}}\n    patch: |-\n{indent(OPERATIONS[0], ' ' * 6)}",
        f"patches:\n  - patch: |-\n{indent(OPERATIONS[0].replace('/1/', '/0/'), ' ' * 6)}",
        "patches: [{patch: 'a: ['}, {patch: 3}, 4, {path: ../../../x}, {target: 5, patch: '- 1\n- []'}]\n",
    ],
)
def test_a_patch_that_gives_something_else_gives_nothing(entry: str, tmp_path: Path) -> None:
    files = {
        "base/deploy.yaml": DEPLOYMENT,
        "base/kustomization.yaml": "resources: [deploy.yaml]\n",
        "live/kustomization.yaml": f"resources: [../base]\n{entry}",
    }
    assert codes(tmp_path, files) == ["KUBE101"]


@pytest.mark.parametrize("elsewhere", ELSEWHERE[1:-1])
def test_a_patch_of_what_is_elsewhere_is_left_out(elsewhere: str, tmp_path: Path) -> None:
    missing = indent(MERGED.replace("name: cart}", "name: elsewhere}", 1), " " * 6)
    given = indent(MERGED, " " * 6)
    own = "" if elsewhere.startswith("resources") else "resources: [../base]\n"
    patches = f"patches:\n  - patch: |-\n{missing}  - patch: |-\n{given}"
    files = {
        "base/deploy.yaml": DEPLOYMENT,
        "base/kustomization.yaml": "resources: [deploy.yaml]\n",
        "live/kustomization.yaml": f"{own}{elsewhere}{patches}",
        "live/function.yaml": FUNCTION,
    }
    assert codes(tmp_path, files) == []
    assert codes(tmp_path, files, "KUBE705") == []


def test_only_the_document_that_names_it_counts(tmp_path: Path) -> None:
    other = MERGED.replace("name: cart}", "name: till}", 1)
    same = DEPLOYMENT.replace("name: cart}", "name: till}", 1)
    files = {
        "base/deploy.yaml": f"{DEPLOYMENT}---\n{same}",
        "base/kustomization.yaml": "resources: [deploy.yaml]\n",
        "live/kustomization.yaml": "resources: [../base]\npatchesStrategicMerge: [patch.yaml]\n",
        "live/patch.yaml": f"{other}---\n{MERGED.replace('resources', 'env')}",
    }
    assert codes(tmp_path, files) == ["KUBE101"]


def test_each_overlay_has_to_give_it(tmp_path: Path) -> None:
    patch = f"patches:\n  - patch: |-\n{indent(MERGED, ' ' * 6)}"
    files = {
        "base/deploy.yaml": DEPLOYMENT,
        "base/kustomization.yaml": "resources: [deploy.yaml]\n",
        "live/kustomization.yaml": f"resources: [../base]\n{patch}",
        "test/kustomization.yaml": "resources: [../base]\n",
    }
    assert codes(tmp_path, files) == ["KUBE101"]
    files["test/kustomization.yaml"] += patch
    assert codes(tmp_path, files) == []


@pytest.mark.parametrize("entry", ["patches:\n  - patch: |-\n", "patchesStrategicMerge:\n  - |-\n"])
def test_what_every_overlay_deletes_is_not_judged(entry: str, tmp_path: Path) -> None:
    gone = "$patch: delete\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\n"
    files = {
        "base/deploy.yaml": DEPLOYMENT + "---\n" + DEPLOYMENT.replace("name: cart}", "name: till}", 1),
        "base/kustomization.yaml": "resources: [deploy.yaml]\n",
        "live/kustomization.yaml": f"resources: [../base]\n{entry}{indent(gone, ' ' * 6)}",
    }
    assert codes(tmp_path, files) == ["KUBE101"]
    files["test/kustomization.yaml"] = "resources: [../base]\n"
    assert codes(tmp_path, files) == ["KUBE101", "KUBE101"]
