"""Files that may define an object and cannot be read keep its name from being called missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archlint.model.kubernetes.references import template_words
from tests.kube.worlds import world_of
from tests.support.inside import archlint

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


HIDDEN = """\
apiVersion: v1
kind: Service
metadata:
  name: {mark}
spec:
  selector: {{app: x}}
  ports:
    - port: {mark}
"""


@pytest.mark.parametrize(
    ("mark", "told"),
    [("##PORT##", 0), ("#PORT#", 0), ("'##PORT##'", 0), ("#{PORT}", 0), ("# the port", 1), ("", 1), ("~", 1)],
)
def test_a_placeholder_that_yaml_takes_for_a_comment_is_no_missing_value(
    tmp_path: Path, mark: str, told: int
) -> None:
    (tmp_path / "a.yaml").write_text(HIDDEN.format(mark=mark))
    done = archlint("check", ".", "--select", "KUBE", "--format", "json", "--no-cache", cwd=tmp_path)
    about = ("KUBE750", "KUBE752", "KUBE754", "KUBE757", "KUBE811", "KUBE812", "KUBE813")
    found = [item for item in json.loads(done.out)["findings"] if item["code"] in about and item["line"] == 8]
    assert len(found) == told, found
