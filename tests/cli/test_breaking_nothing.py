"""``breaking`` never passes where nothing was compared: exit code 2, and what to type."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.inside import archlint
from tests.support.process import commit_all

API = "openapi: 3.0.3\ninfo: {title: Cart, version: '1'}\npaths: {}\n"
PROTO = 'syntax = "proto3";\npackage shop.cart.v1;\nmessage Cart { string id = 1; }\n'
EVENTS = "asyncapi: 3.0.0\ninfo: {title: Cart, version: '1'}\n"
FILES = {
    "old/api.yaml": API,
    "new/api.yaml": API,
    "old/cart.proto": PROTO,
    "new/cart.proto": PROTO,
    "text/readme.txt": "Hello\n",
    "text/values.yaml": "replicas: 1\n",
    "text/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n",
    "broken/api.yaml": "openapi: 3.0.3\npaths: [\n",
    "events/cart.yaml": EVENTS,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    commit_all(root)
    return root


@pytest.mark.parametrize(
    ("base", "revision", "said"),
    [
        ("text/values.yaml", "new/api.yaml", "BASE is no contract. Name"),
        ("text/pod.yaml", "new/api.yaml", "BASE is no contract (kubernetes). Name"),
        ("old/api.yaml", "text/readme.txt", "REVISION is no contract. Name"),
        ("HEAD:text/values.yaml", "text/values.yaml", "BASE is no contract"),
        ("old/api.yaml", "events/cart.yaml", "BASE is OpenAPI and REVISION is AsyncAPI"),
        ("text", "text", "neither BASE nor REVISION holds a contract"),
        ("HEAD:text", "text", "neither BASE nor REVISION holds a contract"),
        ("old/api.yaml", "new/cart.proto", "BASE is OpenAPI and REVISION is Protobuf"),
        ("old/api.yaml", "new/apj.yaml", "does not exist"),
        ("HEAD:old/apj.yaml", "new/api.yaml", "there is no 'old/apj.yaml'"),
    ],
)
def test_nothing_compared_is_no_verdict(base: str, revision: str, said: str, folder: Path) -> None:
    for form in ("text", "json"):
        done = archlint("breaking", base, revision, "--fail-on", "never", "--format", form, cwd=folder)
        assert (done.code, done.out) == (2, ""), done
        assert said in done.err


def test_what_was_compared_is_counted(folder: Path) -> None:
    done = archlint("breaking", "old", "new", cwd=folder)
    assert (done.code, done.out) == (0, "All clear: 2 files checked, nothing found.\n")
    (folder / "new/readme.md").write_text("# Cart\n")
    assert archlint("breaking", "old", "new", cwd=folder).out == done.out


def test_contracts_that_only_one_side_has_are_told(folder: Path) -> None:
    added = archlint("breaking", "text", "new", "--format", "json", cwd=folder)
    assert added.code == 0
    assert "contract-added" in added.rules()
    assert archlint("breaking", "old", "text", cwd=folder).code == 1


@pytest.mark.parametrize(
    ("base", "revision", "is_told"),
    [
        ("text", "new", True),
        ("old", "new", False),
        ("old", "text", False),
        ("broken", "new", False),  # told as a finding
    ],
)
def test_a_base_without_contracts_is_told(base: str, revision: str, is_told: bool, folder: Path) -> None:
    report = archlint("breaking", base, revision, "--format", "json", cwd=folder).report
    told = [notice["message"] for notice in report["notices"]]
    assert told == (["BASE holds no contract: nothing was compared"] if is_told else [])
    assert report["summary"]["files"] == (0 if revision == "text" else 2)
