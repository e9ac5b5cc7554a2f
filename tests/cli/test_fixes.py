"""``--fix``, ``--unsafe-fixes`` and ``--diff``: what is fixed, what is left alone, what is told."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.inside import archlint
from tests.support.process import commit_all

RULES = "operation-id-missing,component-unused,server-trailing-slash,tag-undeclared,path-trailing-slash"
YAML = """\
# The shop
openapi: 3.0.3
info: {title: Shop, version: "1"}  # one
servers:
  - url: https://shop.example.org/   # slash
paths:
  /carts/:
    # reads
    get:   # all
      tags: [carts]
      responses: {200: {$ref: '#/components/responses/Used'}}
    post:
      tags: [carts, odd]
      responses:
        200: {description: ok}
components:
  responses:
    Used: {description: ok}
  schemas:
    # old
    Old:
      type: object
      properties:
        a: {$ref: '#/components/schemas/Deeper'}

    Deeper:
      type: string

    Other:
      $ref: '#/components/schemas/Another'
    Another:
      type: object
"""
FIXED = """\
# The shop
openapi: 3.0.3
info: {title: Shop, version: "1"}  # one
servers:
  - url: https://shop.example.org   # slash
tags:
  - name: carts
  - name: odd
paths:
  /carts/:
    # reads
    get:   # all
      operationId: getCarts
      tags: [carts]
      responses: {200: {$ref: '#/components/responses/Used'}}
    post:
      operationId: postCarts
      tags: [carts, odd]
      responses:
        200: {description: ok}
components:
  responses:
    Used: {description: ok}
"""


def shop(folder: Path, text: str = YAML, name: str = "openapi.yaml") -> Path:
    """A repository with one contract; the contract."""
    file = folder / "repository" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    commit_all(folder / "repository")
    return file


def check(file: Path, *arguments: str, **options: Any) -> Any:
    return archlint(
        *("check", ".", "--profile", "minimal", "--select", RULES, "--format", "json", *arguments),
        cwd=file.parent,
        **options,
    )


def test_what_is_safe_is_mended_until_nothing_is_left(tmp_path: Path) -> None:
    file = shop(tmp_path)
    done = check(file, "--fix")
    assert file.read_text() == FIXED
    assert "fixed in 1 file" in done.err
    assert {finding["rule"] for finding in done.report["findings"]} == {"path-trailing-slash"}
    again = check(file, "--fix")
    assert file.read_text() == FIXED
    assert "archlint: 0 findings fixed\n" in again.err
    assert again.report["findings"] == done.report["findings"]


def test_unsafe_fixes_have_to_be_asked_for(tmp_path: Path) -> None:
    file = shop(tmp_path)
    check(file, "--fix", "--unsafe-fixes")
    assert file.read_text() == FIXED.replace("/carts/:", "/carts:")


def test_json_is_mended_in_its_layout(tmp_path: Path) -> None:
    document = {
        "openapi": "3.0.3",
        "servers": [{"url": "https://shop.example.org/"}],
        "paths": {
            "/carts": {"get": {"tags": ["é"], "responses": {"200": {"$ref": "#/components/responses/Used"}}}}
        },
        "components": {"responses": {"Old": {"description": "x"}, "Used": {"description": "y"}}},
    }
    file = shop(tmp_path, json.dumps(document, indent=3, ensure_ascii=False) + "\n", "openapi.json")
    check(file, "--fix")
    document["servers"] = [{"url": "https://shop.example.org"}]
    document["paths"]["/carts"]["get"] = {"operationId": "getCarts", **document["paths"]["/carts"]["get"]}
    del document["components"]["responses"]["Old"]
    expected = json.dumps(document, indent=3, ensure_ascii=False) + "\n"
    assert file.read_text("utf-8") == expected.replace(
        '   "paths"', '   "tags": [{"name": "é"}],\n   "paths"', 1
    )


def test_marks_and_line_ends_of_the_file_are_kept(tmp_path: Path) -> None:
    file = shop(tmp_path, "\ufeff" + YAML.replace("\n", "\r\n"))
    check(file, "--fix")
    assert file.read_bytes() == ("\ufeff" + FIXED.replace("\n", "\r\n")).encode()


def test_a_diff_changes_nothing_and_can_be_applied(tmp_path: Path) -> None:
    file = shop(tmp_path)
    file.chmod(0o755)
    done = archlint("check", ".", "--profile", "minimal", "--select", RULES, "--diff", cwd=file.parent)
    assert file.read_text() == YAML
    assert done.err == "archlint: 10 findings can be fixed in 1 file\n"
    assert done.out.startswith("--- a/openapi.yaml\n+++ b/openapi.yaml\n@@ -2,")
    git = shutil.which("git")
    assert git is not None
    subprocess.run([git, "apply", "-"], cwd=file.parent, input=done.out.encode(), check=True)
    assert file.read_text() == FIXED
    assert file.stat().st_mode & 0o777 == 0o755
    assert (
        archlint("check", ".", "--profile", "minimal", "--select", RULES, "--diff", cwd=file.parent).out == ""
    )


def test_the_mode_of_a_file_is_kept(tmp_path: Path) -> None:
    file = shop(tmp_path)
    file.chmod(0o755)
    check(file, "--fix")
    assert file.read_text() == FIXED
    assert file.stat().st_mode & 0o777 == 0o755
    assert sorted(path.name for path in file.parent.iterdir()) == [".git", "openapi.yaml"]


def test_suppressed_and_known_findings_are_not_mended(tmp_path: Path) -> None:
    file = shop(tmp_path, YAML.replace("    Old:", "    # archlint: ignore[component-unused] soon\n    Old:"))
    check(file, "--update-baseline", "--ignore", "component-unused,server-trailing-slash")
    commit_all(file.parent)
    check(file, "--fix")
    text = file.read_text()
    assert "Old:" in text
    assert "Deeper:" in text
    assert "operationId" not in text
    assert "shop.example.org   # slash" in text


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("# Code generated by protoc-gen-openapi. DO NOT EDIT.\n", "it says that a program writes it"),
        ("# @generated\n", "it says that a program writes it"),
    ],
)
def test_generated_files_are_left_alone(head: str, why: str, tmp_path: Path) -> None:
    file = shop(tmp_path, head + YAML)
    done = check(file, "--fix")
    assert file.read_text() == head + YAML
    assert why in done.err
    [told] = done.report["notices"]
    assert (told["level"], told["path"]) == ("warning", "openapi.yaml")
    assert told["message"].startswith("the file is not fixed: it says")


def test_files_behind_links_and_without_permission_are_left_alone(tmp_path: Path) -> None:
    file = shop(tmp_path)
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text(YAML)
    (file.parent / "link.yaml").symlink_to(elsewhere)
    inside = file.parent / "inside.yaml"
    inside.symlink_to(file)
    (file.parent / "folder").symlink_to(file.parent)
    locked = file.with_name("locked.yaml")
    locked.write_text(YAML)
    locked.chmod(0o444)
    commit_all(file.parent)
    done = archlint(
        *(
            "check",
            "inside.yaml",
            "locked.yaml",
            "folder/openapi.yaml",
            "--profile",
            "minimal",
            "--format",
            "json",
        ),
        *("--select", RULES, "--fix"),
        cwd=file.parent,
    )
    assert elsewhere.read_text() == YAML
    assert locked.read_text() == YAML
    assert inside.is_symlink()
    assert "locked.yaml: the file is not fixed: it is read-only" in done.err


def test_files_outside_of_the_repository_are_left_alone(tmp_path: Path) -> None:
    file = shop(tmp_path)
    other = tmp_path / "other" / "openapi.yaml"
    other.parent.mkdir()
    other.write_text(YAML)
    done = archlint(
        *("check", ".", str(other), "--profile", "minimal", "--select", RULES, "--fix", "--format", "json"),
        cwd=file.parent,
    )
    assert other.read_text() == YAML
    assert file.read_text() == FIXED
    assert "the file is not fixed" in done.err


def test_files_that_are_referred_to_but_not_checked_are_left_alone(tmp_path: Path) -> None:
    text = "get:\n  responses: {200: {description: ok}}\n"
    file = shop(tmp_path, "openapi: 3.0.3\npaths:\n  /a: {$ref: parts/a.yaml}\n", "api/openapi.yaml")
    part = file.parent / "parts" / "a.yaml"
    part.parent.mkdir()
    part.write_text(text)
    commit_all(tmp_path / "repository")
    archlint("check", "openapi.yaml", "--select", RULES, "--fix", cwd=file.parent)
    assert part.read_text() == text
    archlint("check", ".", "--select", RULES, "--fix", cwd=file.parent)
    assert part.read_text() == "get:\n  operationId: getA\n  responses: {200: {description: ok}}\n"


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["--unsafe-fixes"], "add --fix"),
        (["--fix", "--update-baseline"], "one after the other"),
        (["--diff", "--format", "sarif"], "--output sarif=FILE"),
    ],
)
def test_flags_that_contradict_each_other_are_told(arguments: list[str], advice: str, tmp_path: Path) -> None:
    file = shop(tmp_path)
    done = archlint("check", ".", *arguments, cwd=file.parent)
    assert done.code == 2
    assert advice in done.err
    assert file.read_text() == YAML


def test_reports_carry_the_edits(tmp_path: Path) -> None:
    file = shop(tmp_path)
    fixes = {
        finding["rule"]: finding["fix"] for finding in check(file).report["findings"] if "fix" in finding
    }
    assert set(fixes) == set(RULES.split(","))
    assert fixes["server-trailing-slash"] == {
        "safe": True,
        "edits": [
            {
                "path": "openapi.yaml",
                "line": 5,
                "column": 10,
                "end_line": 5,
                "end_column": 35,
                "text": "https://shop.example.org",
            }
        ],
    }
    assert not fixes["path-trailing-slash"]["safe"]
    log = archlint("check", ".", "--select", RULES, "--format", "sarif", cwd=file.parent).report
    results = log["runs"][0]["results"]
    assert {result["ruleId"] for result in results if "fixes" in result} == {
        *("OAS003", "OAS013", "OAS041", "OAS049", "OAS104")
    }


def test_a_rule_that_fails_is_named_beside_a_diff(tmp_path: Path) -> None:
    world = tmp_path / "world"
    (world / "rules").mkdir(parents=True)
    (world / "archlint.yaml").write_text("rule-folders: [rules]\n")
    (world / "rules/broken.md").write_text(
        '---\ncode: SHOP101\nname: broken\nmatch: {file: "*.yaml"}\nassert: "object["\n'
        "messages: {default: No.}\n---\n# Broken\n\nWhy.\n"
    )
    (world / "api.yaml").write_text(YAML)
    done = archlint("check", ".", "--diff", "--select", f"SHOP,{RULES}", cwd=world)
    assert done.code == 3
    assert done.out.startswith("--- ")
    assert "rule broken (SHOP101) failed" in done.err
