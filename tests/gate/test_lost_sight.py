"""What was judged at the base and is not read in the release: nothing is known of it, and the gate fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gate.releases import CONTRACT, DEPLOYMENT, MANIFEST, Repository
from tests.gate.test_gate import gate, part
from tests.support.inside import archlint

CHART = "apiVersion: v2\nname: cart\nversion: 1.0.0\n"
TEMPLATE = "chart/templates/cart.yaml"
TILL = DEPLOYMENT.replace("cart", "till")
COMPONENT = """\
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - path: cart.yaml
    target: {kind: Nothing}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "shop", **{"chart/Chart.yaml": CHART, TEMPLATE: TILL})
    made.tag("v1.4.0")
    made.edit(MANIFEST, "matchLabels: {app: cart}", "matchLabels: {app: other}")
    return made


def _fails_to_render(repository: Repository) -> None:
    repository.write(TEMPLATE, f'{{{{ fail "x" }}}}\n{TILL}')
    repository.write(MANIFEST, DEPLOYMENT)


def _is_a_patch(repository: Repository) -> None:
    repository.write("deploy/kustomization.yaml", COMPONENT)


def _is_a_link(repository: Repository) -> None:
    file = repository.folder / MANIFEST
    file.rename(file.with_name("cart.txt"))
    file.symlink_to("cart.txt")


def _is_a_template(repository: Repository) -> None:
    repository.write(MANIFEST, f"{{{{/* x */}}}}\n{DEPLOYMENT}")


def _is_excluded_by_its_name(repository: Repository) -> None:
    (repository.folder / "node_modules").mkdir()
    (repository.folder / MANIFEST).rename(repository.folder / "node_modules/cart.yaml")


@pytest.mark.parametrize(
    "hide", [_fails_to_render, _is_a_patch, _is_a_link, _is_a_template, _is_excluded_by_its_name]
)
def test_what_is_no_longer_read_fails(repository: Repository, hide: Callable[[Repository], None]) -> None:
    hide(repository)
    repository.commit()
    done = gate(repository)
    files = part(done, "files")
    assert (done.code, files["outcome"]) == (1, "failed")
    assert len(files["unknown"]) == 1
    assert "at the base" in files["unknown"][0]


def test_one_document_of_several_that_is_no_longer_read_fails(repository: Repository) -> None:
    repository.write(MANIFEST, f"{DEPLOYMENT}---\n{DEPLOYMENT.replace('name: cart', 'name: till')}")
    base = repository.commit()
    repository.edit(MANIFEST, "---\n", "---\n{{/* x */}}\n")
    repository.commit()
    done = gate(repository, base=base)
    assert (done.code, part(done, "files")["outcome"]) == (1, "failed")


def test_what_is_gone_or_was_never_read_fails_nobody(repository: Repository) -> None:
    repository.write("deploy/till.yaml", "{{/* x */}}\nkind: Deployment\n")
    base = repository.commit()
    repository.edit("deploy/till.yaml", "kind: Deployment", "kind: Service")
    (repository.folder / MANIFEST).unlink()
    repository.commit()
    assert part(gate(repository, base=base), "files")["outcome"] == "passed"


LICENCE = "# Licensed to the shop under terms that take some lines to tell.\n" * 20
SPACE = f"{LICENCE}apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop}}\n"


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("deploy/space.yaml", "header.txt", LICENCE),
        ("deploy/space.yaml", "README.md", f"{LICENCE}kind: x\n"),
        ("deploy/space.yaml", "conf/app.properties", f"{LICENCE}app.name=shop\n"),
        ("db/V1__carts.sql", "tests/carts.sql", SPACE),
        ("settings.yaml", "settings.properties", f"{LICENCE}name: shop\n"),
    ],
)
def test_another_file_with_the_same_licence_is_no_successor(
    repository: Repository, old: str, new: str, text: str
) -> None:
    repository.write(MANIFEST, DEPLOYMENT)
    repository.write(old, SPACE if old != "settings.yaml" else f"{LICENCE}name: x\n")
    base = repository.commit()
    (repository.folder / old).unlink()
    repository.write(new, text)
    repository.commit()
    assert part(gate(repository, base=base), "files")["unknown"] == []


def test_a_manifest_under_a_name_that_is_not_read_fails(repository: Repository) -> None:
    repository.write(MANIFEST, DEPLOYMENT)
    base = repository.commit()
    (repository.folder / MANIFEST).rename(repository.folder / "deploy/cart.txt")
    repository.commit()
    assert len(part(gate(repository, base=base), "files")["unknown"]) == 1


def test_a_template_that_made_nothing_is_not_lost(repository: Repository) -> None:
    repository.write(MANIFEST, DEPLOYMENT)
    repository.write("chart/values.yaml", "old: true\n")
    key = '{{ required "a key is needed" .Values.key }}'
    secret = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: {key}}}\n"
    more = f"{{{{ if not .Values.old }}}}\n{secret}{{{{ end }}}}\n"
    repository.write("chart/templates/key.yaml", more)
    base = repository.commit()
    repository.edit("chart/values.yaml", "old: true", "old: false")
    repository.commit()
    assert not [text for text in part(gate(repository, base=base), "files")["unknown"] if "key.yaml" in text]


def test_all_formats_say_what_is_not_read(repository: Repository) -> None:
    _is_a_link(repository)
    repository.commit()
    flags = ("--base", "v1.4.0", "--output", "markdown=../out.md")
    text = archlint("gate", *flags, cwd=repository.folder).out
    page = (repository.folder.parent / "out.md").read_text("utf-8")
    assert "not read: 1 link or submodule" in text
    assert "not read: 1 link or submodule" in page
    assert gate(repository).report["unread"] == [{"path": MANIFEST, "reason": "link"}]


def test_a_policy_that_ignores_what_opens_leaves_connections_unknown(repository: Repository) -> None:
    repository.write(MANIFEST, DEPLOYMENT)
    repository.write("archlint.yaml", "ignore: [connection-newly-open]\n")
    base = repository.commit()
    repository.edit(CONTRACT, "description: The cart.", "description: The whole cart.")
    repository.commit()
    assert part(gate(repository, base=base), "connections")["outcome"] == "skipped"
    strict = archlint("gate", "--base", base, "--format", "json", cwd=repository.folder)
    assert any("connection-newly-open" in text for text in strict.report["skipped"])


def test_connections_that_open_are_told_in_every_profile(repository: Repository) -> None:
    policy = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress]
"""
    repository.write(MANIFEST, DEPLOYMENT)
    repository.write("deploy/till.yaml", TILL)
    repository.write("deploy/policy.yaml", policy)
    base = repository.commit()
    repository.edit("deploy/policy.yaml", "[Ingress]", "[Ingress]\n  ingress: [{from: [{podSelector: {}}]}]")
    repository.commit()
    done = gate(repository, base=base)
    assert [item["rule"] for item in part(done, "connections")["findings"]] == ["connection-newly-open"]


def test_archlint_failing_is_no_passing_verdict(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archlint.engine.running import Runner
    from archlint.finding import Notice

    repository.write(MANIFEST, DEPLOYMENT)
    repository.write("notes.txt", "x")
    repository.commit()
    broken = (Notice("error", "rule x (X1) failed: ValueError"),)
    monkeypatch.setattr(Runner, "failures", property(lambda runner: broken))
    done = gate(repository, "--audit", str(repository.folder.parent / "audit.jsonl"))
    assert (done.code, done.report["verdict"]) == (3, "fail")
    assert done.report["failed"] == ["rule x (X1) failed: ValueError"]
    text = archlint("gate", "--base", "v1.4.0", cwd=repository.folder).out
    assert "The release must not go out: archlint failed." in text
    assert "X1" in (repository.folder.parent / "audit.jsonl").read_text("ascii").splitlines()[-1]
