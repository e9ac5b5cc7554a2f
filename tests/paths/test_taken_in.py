"""A file that a kustomization takes in is judged as what it is: manifests as they are built, others alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.finding import Result
from tests.paths.worlds import lay_out, run, shown

MANIFEST = """apiVersion: v1
kind: Pod
metadata: {name: a, namespace: b}
spec: {containers: [{name: app, image: "registry.example.com/app:latest"}]}
"""
CONTENTS = {
    "manifest": MANIFEST,
    "contract": (
        'openapi: 3.0.3\ninfo: {title: t, version: "1"}\npaths:\n'
        '  /a/{b}:\n    get: {responses: {"200": {description: ok}}}\n'
    ),
    "events": (
        'asyncapi: 3.0.0\ninfo: {title: t, version: "1"}\nchannels: {a: {messages: {b: {payload: 1}}}}\n'
    ),
    "data": "a: 1\na: 2\n",
    "no YAML": "a: [\n",
}
TAKING = ("resources: [file.yaml]\n", "configMapGenerator: [{name: x, files: [file.yaml]}]\n")


def about_file(result: Result) -> list[tuple[object, ...]]:
    """What is told of the file, but for what kustomize refuses."""
    found = [item for item in result.findings if item.location.path == "app/file.yaml"]
    return shown([item for item in found if item.rule != "kustomization-not-built"])


def rules_of(result: Result) -> set[str]:
    """The rules that find something in the file."""
    return {item.rule for item in result.findings if item.location.path == "app/file.yaml"}


@pytest.mark.parametrize("taking", TAKING)
@pytest.mark.parametrize("name", CONTENTS)
def test_what_is_no_manifest_is_judged_as_it_stands(tmp_path: Path, name: str, taking: str) -> None:
    shop, kept = tmp_path / "shop", tmp_path / "cache"
    lay_out({"app/file.yaml": CONTENTS[name], "other.yaml": MANIFEST.replace("a, ", "z, ")}, shop)
    alone = about_file(run(shop, cache_folder=kept))
    kustomization = shop / "app/kustomization.yaml"
    kustomization.write_text(taking)
    warm, cold = run(shop, cache_folder=kept), run(shop)
    assert warm.findings == cold.findings
    if name != "manifest":
        assert about_file(cold) == alone
    kustomization.unlink()
    assert about_file(run(shop, cache_folder=kept)) == alone
    if name in ("manifest", "contract", "no YAML"):
        assert alone


def test_a_manifest_is_judged_as_it_is_built(tmp_path: Path) -> None:
    files = {"app/file.yaml": MANIFEST, "app/kustomization.yaml": TAKING[0]}
    shop = lay_out(files, tmp_path)
    assert "image-tag-missing" in rules_of(run(shop))
    (shop / "app/kustomization.yaml").write_text(
        TAKING[0] + "images: [{name: registry.example.com/app, newTag: v1}]\n"
    )
    assert "image-tag-missing" not in rules_of(run(shop))


def test_a_manifest_is_judged_as_it_stands_where_it_is_not_built(tmp_path: Path) -> None:
    """A kustomization that takes in what is not there builds nothing."""
    shop = lay_out({"app/file.yaml": MANIFEST + "---\n" + MANIFEST.replace("a, ", "b, ")}, tmp_path)
    alone = about_file(run(shop))
    (shop / "app/kustomization.yaml").write_text("resources: [file.yaml, missing.yaml]\n")
    result = run(shop)
    assert about_file(result) == alone
    assert [item.through for item in result.findings if item.rule == "image-tag-missing"] == [
        ("app/file.yaml",)
    ] * 2
