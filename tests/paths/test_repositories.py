"""Several repositories in one run are told as each of them alone, with paths as they were named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.paths.worlds import lay_out
from tests.support.inside import archlint
from tests.support.process import commit_all

POD = """apiVersion: v1
kind: Pod
metadata: {name: NAME, namespace: shop}
spec:
  containers:
    # archlint: ignore[privileged-container] it is NAME that needs it
    - {name: app, image: "registry.example.com/app:1", securityContext: {privileged: true}}
    - {name: more, image: "registry.example.com/app:1", securityContext: {privileged: true}}
"""
API = """openapi: 3.0.3
info: {title: NAME, version: "1"}
servers: [{url: "https://NAME.example.com/"}]
paths:
  /v1/items/:
    get:
      operationId: list items
      responses: {"200": {description: "", content: {application/json: {schema: {$ref: "item.yaml"}}}}}
"""
ITEM = "type: object\nproperties: {size: {type: integer, example: large}}\n"
FILES = {
    "api.yaml": API,
    "item.yaml": ITEM,
    "deploy/pod.yaml": POD,
    "deploy/other.yaml": "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: NAME}\n",
    "broken.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: [\n",
    "notes.txt": "NAME\n",
}
NAMES = ("shop", "stock", "mail")
FLAGS = ("--format", "json", "--show-suppressed", "--select", "ALL", "--base", "HEAD")


@pytest.fixture
def roots(tmp_path: Path) -> list[Path]:
    made = []
    for count, name in enumerate(NAMES):
        files = {path: text.replace("NAME", name) for path, text in FILES.items()}
        for extra in range(count):
            files[f"deploy/pod{extra}.yaml"] = POD.replace("NAME", f"{name}{extra}")
        root = lay_out(files, tmp_path / name)
        commit_all(root)
        (root / "api.yaml").write_text(files["api.yaml"].replace("integer", "string").replace("get:", "put:"))
        made.append(root)
    return made


def named(value: Any, name: str) -> Any:
    """A part of a report with the paths of its files below a folder."""
    if isinstance(value, dict):
        is_file = not value.keys().isdisjoint(("line", "level", "reason"))
        return {
            key: f"{name}/{item}" if key == "path" and is_file else named(item, name)
            for key, item in value.items()
        }
    return [named(item, name) for item in value] if isinstance(value, list) else value


def in_order(items: list[dict[str, Any]]) -> list[str]:
    return sorted(map(repr, items))


def test_a_run_over_several_is_each_alone(roots: list[Path]) -> None:
    alone = [archlint("check", ".", *FLAGS, cwd=root).report for root in roots]
    together = archlint("check", ".", "../stock", "../mail", *FLAGS, cwd=roots[0]).report
    told = [
        alone[0],
        *(named(report, f"../{name}") for name, report in zip(NAMES[1:], alone[1:], strict=True)),
    ]
    assert all(any("suppressed" in item for item in report["findings"]) for report in alone)
    for part in ("findings", "unread"):
        assert all(report[part] for report in alone), part
        assert in_order(together[part]) == in_order([item for report in told for item in report[part]])
    notices = {repr(item): item for report in told for item in report["notices"]}
    assert in_order(together["notices"]) == in_order(list(notices.values()))
    for key, count in together["summary"].items():
        assert count == sum(report["summary"][key] for report in alone), key
    paths = [(item["path"], item["line"]) for item in together["findings"]]
    assert paths == sorted(paths), "the order of reports"


def test_texts_and_hashes_are_those_of_each(roots: list[Path]) -> None:
    """Reports look lines up in the files that findings name, whichever repository these are in."""
    done = archlint("check", ".", "../stock", "../mail", "--select", "KUBE", cwd=roots[0])
    assert {name: done.out.count(f"name: {name}, namespace") for name in NAMES} == {
        name: alone_count(root, name) for name, root in zip(NAMES, roots, strict=True)
    }


def alone_count(root: Path, name: str) -> int:
    return archlint("check", ".", "--select", "KUBE", cwd=root).out.count(f"name: {name}, namespace")
