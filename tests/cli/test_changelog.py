"""``archlint breaking`` tells of compatible changes too, after what breaks; nothing else does so unasked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.inside import archlint

BASE = """\
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /v1/carts:
    get: {responses: {200: {description: ok}}}
    delete: {responses: {204: {description: gone}}}
"""
REVISION = """\
openapi: 3.0.3
info: {title: Shop, version: "2"}
paths:
  /v1/carts:
    get: {responses: {200: {description: ok}}}
    put: {responses: {204: {description: kept}}}
"""


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    (tmp_path / "old.yaml").write_text(BASE)
    (tmp_path / "new.yaml").write_text(REVISION)
    return tmp_path


def rules_of(text: str) -> list[str]:
    return sorted(finding["rule"] for finding in json.loads(text)["findings"])


def test_breaking_tells_of_what_is_new(contracts: Path) -> None:
    arguments = ("breaking", "old.yaml", "new.yaml", "--format", "json")
    assert rules_of(archlint(*arguments, cwd=contracts).out) == ["operation-added", "operation-removed"]
    for less in (("--ignore", "tag:changelog"), ("--ignore", "OAS531")):
        assert rules_of(archlint(*arguments, *less, cwd=contracts).out) == ["operation-removed"]
    least = archlint(*arguments, "--profile", "minimal", cwd=contracts)
    assert rules_of(least.out) == ["operation-added", "operation-removed"]


def test_what_is_new_is_no_failure(contracts: Path) -> None:
    found = archlint("breaking", "new.yaml", "new.yaml", cwd=contracts)
    assert found.code == 0
    (contracts / "old.yaml").write_text(
        BASE.replace("    delete: {responses: {204: {description: gone}}}\n", "")
    )
    found = archlint("breaking", "old.yaml", "new.yaml", cwd=contracts)
    assert (found.code, "operation-added" in found.out) == (0, True)


def test_what_is_new_comes_last_in_a_line(contracts: Path) -> None:
    lines = archlint("breaking", "old.yaml", "new.yaml", cwd=contracts).out.splitlines()
    head = lines.index("Compatible changes  1")
    (line,) = [line for line in lines if "operation-added:" in line]
    assert (
        lines.index(line) > head > next(at for at, line in enumerate(lines) if "operation-removed:" in line)
    )
    assert line == "  6:5  OAS531 operation-added: PUT /v1/carts is new."
    assert lines[lines.index(line) - 1] == "new.yaml"


def test_check_against_a_base_says_nothing_of_it(contracts: Path) -> None:
    import subprocess

    (contracts / "new.yaml").unlink()
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"],
    ):
        subprocess.run(["git", *command], cwd=contracts, check=True)
    (contracts / "old.yaml").write_text(REVISION)
    arguments = ("check", ".", "--base", "HEAD", "--format", "json")
    quiet = rules_of(archlint(*arguments, cwd=contracts).out)
    assert "operation-removed" in quiet and "operation-added" not in quiet
    assert "operation-added" in rules_of(archlint(*arguments, "--select", "OAS531", cwd=contracts).out)
