"""Files that may define an object and cannot be read keep its name from being called missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.kubernetes.references import template_words
from tests.kube.worlds import world_of

UNREAD = ".tpl .tmpl .gotmpl .j2 .jsonnet .libsonnet .cue .tf .TF"
TEXT = '{{ if .x }}\nlocal it = {kind: "Deployment", name: "cart-server.v2"}; [-odd- Upper\n'


@pytest.mark.parametrize("suffix", UNREAD.split())
def test_words_of_files_in_other_languages(tmp_path: Path, suffix: str) -> None:
    words = world_of(tmp_path, {f"deploy/cart{suffix}": TEXT}).fact(template_words)
    assert {"cart-server.v2", "name", "odd", "pper"} <= words


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".json"])
def test_words_of_broken_manifests(tmp_path: Path, suffix: str) -> None:
    text = TEXT if suffix == ".json" else f"apiVersion: v1\nkind: Pod\nmetadata: {TEXT}"
    assert "cart-server.v2" in world_of(tmp_path, {f"cart{suffix}": text}).fact(template_words)


@pytest.mark.parametrize("path", ["cart.txt", "cart.go", "README", "good.yaml", "good.json"])
def test_what_is_read_or_defines_nothing_has_no_such_words(tmp_path: Path, path: str) -> None:
    text = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "cart-server.v2"}}'
    assert world_of(tmp_path, {path: text}).fact(template_words) == frozenset()
