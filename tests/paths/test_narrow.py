"""A check of one file reads no more of the repository than the rules in force ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archlint.files import WorkingTree
from tests.paths.worlds import lay_out
from tests.support.inside import archlint
from tests.support.process import git

POD = """apiVersion: v1
kind: Pod
metadata: {name: NAME, namespace: shop}
spec:
  containers:
    - {name: app, image: "registry.example.com/app:1", securityContext: {privileged: true}}
"""
FILES = {
    "cart/pod.yaml": POD.replace("NAME", "cart"),
    "stock/pod.yaml": POD.replace("NAME", "stock"),
    "stock/openapi.yaml": 'openapi: 3.0.3\ninfo: {title: Stock, version: "1"}\npaths: {}\n',
    "stock/stock.proto": 'syntax = "proto3";\npackage stock;\nmessage stock {}\n',
    "stock/README.md": "# Stock\n",
    "overlay/kustomization.yaml": "resources: [../stock]\npatches: [{path: limit.yaml}]\n",
    "overlay/limit.yaml": POD.replace("NAME", "stock"),
}


BASE = "stock/kustomization.yaml"
MANIFESTS = {BASE, *(path for path in FILES if path.endswith(".yaml"))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = lay_out(FILES, tmp_path / "shop")
    git(inner, "init", "-q")
    return inner


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The files that are read from here on; what is not there cannot be."""
    seen: set[str] = set()
    whole = WorkingTree.read

    def noted(self: WorkingTree, path: str) -> bytes:
        content = whole(self, path)
        seen.add(path)
        return content

    monkeypatch.setattr(WorkingTree, "read", noted)
    yield seen


def check(folder: Path, *arguments: str) -> list[tuple[str, str]]:
    done = archlint("check", "--format", "json", "--no-cache", "--ignore", "ALL", *arguments, cwd=folder)
    return [(item["rule"], item["path"]) for item in done.report["findings"]]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        # which files are patches is told by kustomizations alone
        ("privileged-container", {"cart/pod.yaml", "overlay/kustomization.yaml", BASE}),
        # joins ask for every manifest, and no YAML or JSON file tells by its name that it is none
        ("KUBE", MANIFESTS),
        ("KUBE,proto-message-name", MANIFESTS),
    ],
)
def test_files_that_no_rule_asks_for_are_not_read(
    rules: str, expected: set[str], folder: Path, read: set[str]
) -> None:
    (folder / BASE).write_text("resources: [pod.yaml]\n")  # where something is not built, pages may say why
    found = check(folder, "--select", rules, "cart/pod.yaml")
    assert found
    assert read == expected


def test_a_patch_is_known_for_one_where_only_it_is_named(folder: Path) -> None:
    assert not check(folder, "--select", "privileged-container", "overlay/limit.yaml")


def test_what_a_whole_run_kept_serves_for_one_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archlint("check", ".", cwd=folder)
    expected = archlint("check", "--no-cache", "cart/pod.yaml", cwd=folder)
    monkeypatch.setattr("archlint.engine.examining.run_joins", None)
    assert archlint("check", "cart/pod.yaml", cwd=folder) == expected


def test_nothing_is_left_out_where_nobody_knows_what_rules_need(
    folder: Path, read: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(package: str) -> None:
        raise RuntimeError("a plugin may raise anything")

    monkeypatch.setattr("archlint.engine.needs.announced", broken)
    assert check(folder, "--select", "privileged-container", "cart/pod.yaml")
    assert {path for path in FILES if path.endswith(".yaml")} <= read
