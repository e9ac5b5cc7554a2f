"""buf itself as the judge: the same rules at the same lines, with what its settings say obeyed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from archlint.documents.proto.buf_rules import is_lint_rule, known_rules
from tests.proto.buf_fixtures import lint_fixtures
from tests.proto.support import lay_out
from tests.support.inside import archlint
from tests.support.process import Done

BUF = Path(sys.executable).parent / "buf"
Told = set[tuple[str, str, int]]
SETS = ["STANDARD", "COMMENTS", "UNARY_RPC", "STABLE_PACKAGE_NO_IMPORT_UNSTABLE"]

pytestmark = pytest.mark.skipif(not BUF.exists(), reason="needs buf-bin")


def told_by_buf(folder: Path, *command: str | Path) -> Told:
    """Rule, file and line of all that buf says in a folder: ``buf lint``, or another command.

    What is gone with its file has no path.
    """
    called = [BUF, *(command or ("lint",)), "--error-format", "json"]
    done = subprocess.run(called, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, 100), done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {(item["type"], item.get("path", ""), item["start_line"]) for item in found}


def told_by_archlint(folder: Path) -> Told:
    """The same of a check in the default profile: what the settings use runs without being selected."""
    done = archlint("check", ".", "--format", "json", cwd=folder)
    return {item for item in in_terms_of_buf(done) if is_lint_rule(item[0])}


def in_terms_of_buf(done: Done) -> Told:
    """Rule of buf, file and line of the findings in a report of archlint."""
    return {
        (alias.removeprefix("buf:"), finding["path"], finding["line"])
        for finding in json.loads(done.out)["findings"]
        for alias in finding.get("aliases", [])
    }


def made(folder: Path, settings: Mapping[str, object], files: Mapping[str, str] | None = None) -> Path:
    """A repository with a ``buf.yaml``."""
    files = lint_fixtures() if files is None else files
    return lay_out(folder, {**files, "buf.yaml": yaml.safe_dump(settings)})


def test_every_rule_is_met_in_every_syntax_and_edition(tmp_path: Path) -> None:
    folder = made(tmp_path, {"version": "v2", "lint": {"use": SETS}})
    by_buf = told_by_buf(folder)
    assert told_by_archlint(folder) == by_buf
    unbroken = {rule for name in SETS for rule in known_rules("v2")[name]} - {rule for rule, _, _ in by_buf}
    assert unbroken == {"PROTOVALIDATE"}
    about_good = {rule for rule, path, _ in by_buf if path.endswith("/cart.proto")}
    assert about_good == {"DIRECTORY_SAME_PACKAGE", "RPC_REQUEST_RESPONSE_UNIQUE"}  # through the bad ones


_IGNORING = "buf:lint:ignore FIELD_LOWER_SNAKE_CASE"
_COMMENTS = ("\n", " ", "// a\n", "/* b */", "/* c\n d */", f"// {_IGNORING}\n")
_LAST = (f"/* {_IGNORING} */", f"/*\n  * {_IGNORING} */", "")


def test_comments_count_where_buf_sees_them(tmp_path: Path) -> None:
    fields = [
        f"{''.join(around)}string\n Bad{at} = {at + 1};"
        for at, around in enumerate(product(_COMMENTS, _COMMENTS, _LAST, ("\n", " ", "\n\n")))
    ]
    files = {"shop/cart.proto": f'syntax = "proto3"; package shop; message Cart {{{"".join(fields)}}}'}
    rules = ["COMMENT_FIELD", "FIELD_LOWER_SNAKE_CASE"]
    folder = made(tmp_path, {"version": "v2", "lint": {"use": rules}}, files)
    by_buf = told_by_buf(folder)
    assert {rule for rule, _, _ in by_buf} == set(rules)
    assert told_by_archlint(folder) == by_buf


@pytest.mark.parametrize(
    "settings",
    [
        {"version": "v1beta1"},
        {"version": "v1", "lint": {"use": ["BASIC", "SERVICE_SUFFIX"], "except": ["IMPORT_NO_PUBLIC"]}},
        {"version": "v1", "lint": {"allow_comment_ignores": True, "service_suffix": "ly"}},
        {"version": "v2", "lint": {"disallow_comment_ignores": True, "enum_zero_value_suffix": "_SECOND"}},
        {
            "version": "v2",
            "lint": {
                "ignore": ["shop/none", "shop/proto2/v1/bad.proto"],
                "ignore_only": {"BASIC": ["shop/proto3"], "PACKAGE_VERSION_SUFFIX": ["shop/versions"]},
                "rpc_allow_same_request_response": True,
            },
        },
        {
            "version": "v2",
            "modules": [
                {"path": "shop/ring"},
                {"path": "shop/versions", "lint": {"use": ["FILE_LOWER_SNAKE_CASE", "MINIMAL"]}},
            ],
            "lint": {"use": ["MINIMAL", "PACKAGE_SAME_SWIFT_PREFIX"], "except": ["PACKAGE_DEFINED"]},
        },
        {"version": "v1", "build": {"excludes": ["shop/none", "shop/two", "shop/proto3"]}},
        {
            "version": "v1beta1",
            "build": {"roots": ["shop/ring", "shop/versions"], "excludes": ["shop/versions/v0"]},
            "lint": {"ignore": ["b/v1", "v1p1"]},
        },
        {
            "version": "v2",
            "modules": [{"path": ".", "includes": ["shop"], "excludes": ["shop/two", "shop/none"]}],
        },
    ],
    ids=["oldest", "sets", "suffix", "no-comments", "ignored", "modules", "excluded", "roots", "parts"],
)
def test_settings_are_obeyed(settings: Mapping[str, Any], tmp_path: Path) -> None:
    files = lint_fixtures()
    if len(settings.get("modules", settings.get("build", {}).get("roots", ()))) > 1:
        # a workspace, whose imports begin at its modules
        files = {
            path: text.replace('import "shop/ring/', 'import "').replace('import "shop/versions/', 'import "')
            for path, text in files.items()
            if path.startswith(("shop/ring/", "shop/versions/"))
        }
    settings = {"lint": {}, **settings}
    folder = made(tmp_path, settings, files)
    assert told_by_archlint(folder) == told_by_buf(folder)


def _cart(name: str, package: str, *imports: str) -> str:
    said = "".join(f'import "{name}";\n' for name in imports)
    return f'syntax = "proto3";\npackage {package};\n{said}message cart_{name} {{}}\n'


def test_parts_of_a_folder_and_circles_through_several_modules(tmp_path: Path) -> None:
    files = {
        "one/a/a.proto": _cart("a", "shop.a", "b/b.proto", "c/c.proto"),
        "one/a/more.proto": _cart("b", "shop.a"),
        "one/b/b.proto": _cart("c", "shop.b"),
        "one/b/b2.proto": _cart("d", "shop.v1", "c/c2.proto"),
        "two/c/c.proto": _cart("e", "shop.c", "a/more.proto"),
        "two/c/c2.proto": _cart("f", "shop.v1beta1"),
    }
    named = ["MESSAGE_PASCAL_CASE", "STABLE_PACKAGE_NO_IMPORT_UNSTABLE", "PACKAGE_NO_IMPORT_CYCLE"]
    modules = [
        {"path": "one", "includes": ["one/a"], "lint": {"use": [*named, "IMPORT_USED"]}},
        {"path": "one", "includes": ["one/b"], "lint": {"use": named}},
        {"path": "two"},
    ]
    settings = {"version": "v2", "modules": modules, "lint": {"use": ["BASIC", "PACKAGE_NO_IMPORT_CYCLE"]}}
    folder = made(tmp_path, settings, files)
    by_buf = told_by_buf(folder)
    assert {"IMPORT_USED", "PACKAGE_NO_IMPORT_CYCLE"} <= {rule for rule, _, _ in by_buf}
    assert told_by_archlint(folder) == by_buf
