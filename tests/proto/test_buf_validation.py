"""buf as the judge of rules of protovalidate: it and archlint tell the same lines of the same files."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from unittest import mock

import pytest
import yaml

from archlint.documents.proto.public_modules import VALIDATION, public_folder
from tests.proto.support import lay_out
from tests.proto.test_buf_lint import BUF, told_by_archlint, told_by_buf
from tests.support.inside import archlint

needs_buf = pytest.mark.skipif(not BUF.exists(), reason="needs buf-bin")

RULE = "PROTOVALIDATE"
FOLDER = Path(__file__).parent / "validation"


@needs_buf
def test_the_same_lines_are_told(tmp_path: Path) -> None:
    files = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.proto"))}
    settings = yaml.safe_dump({"version": "v2", "lint": {"use": [RULE]}})
    module = (public_folder() / VALIDATION).read_text("utf-8")
    folder = lay_out(tmp_path, {**files, "buf.yaml": settings, VALIDATION: module})
    by_buf = told_by_buf(folder)
    found = told_by_archlint(folder)
    assert by_buf - found == {(RULE, "predefined.proto", 29)}  # rules that a file defines are not evaluated
    # buf asks no example where `cel_expression` is all that there is, nor whether elements are lists
    examples = {(RULE, "examples.proto", line) for line in (50, 55, 71)}
    lists = {(RULE, "entries.proto", 17), (RULE, "kinds.proto", 31)}
    assert found - by_buf == examples | lists


def test_what_is_of_a_type_that_nobody_has_hides_nothing(tmp_path: Path) -> None:
    text = """\
syntax = "proto3";
package shop;
import "buf/validate/validate.proto";
import "google/type/money.proto";
message Cart {
  option (buf.validate.message).cel = {
    id: "a" expression: "this.total > 0 && this.price.units > 0"
  };
  google.type.Money price = 1;
}
message Line {
  option (buf.validate.message).cel_expression = "this.price.units > 0 && this.nope";
  google.type.Money price = 1;
}
"""
    settings = yaml.safe_dump({"version": "v2", "lint": {"use": [RULE]}})
    folder = lay_out(tmp_path, {"cart.proto": text, "buf.yaml": settings})
    assert {line for _, _, line in told_by_archlint(folder)} == {6, 12}


RULES = """\
syntax = "proto3";
package shop.%s;
import "buf/validate/validate.proto";%s
message Cart {
  string a = 1 [%s(buf.validate.field).string = {min_len: 3, max_len: 2}, deprecated = true];
}
"""


def test_options_that_are_known_are_read_beside_those_that_are_not(tmp_path: Path) -> None:
    elsewhere = '\nimport "example.com/elsewhere/x.proto";'
    newer = "(buf.validate.field).string.newer_than_all = 1, "
    folder = lay_out(
        tmp_path,
        {
            "known.proto": RULES % ("known", elsewhere, "(acme.x) = 1, "),
            "newer.proto": RULES % ("newer", "", newer),
            "both.proto": RULES % ("both", elsewhere, newer + "(acme.x) = 1, "),
            "spoken.proto": RULES % ("spoken", elsewhere, "(b) = 1]; // "),
        },
    )
    done = archlint("check", ".", "--format", "json", "--select", "proto-validation-conflict", cwd=folder)
    found = [item["path"] for item in json.loads(done.out)["findings"] if item["code"] == "PROTO032"]
    assert found == ["known.proto", "known.proto"]
    assert "the validation rules of 2 proto files were not read (both.proto, newer.proto)" in done.err


def test_expressions_that_are_not_compiled_for_want_of_the_package_are_told(tmp_path: Path) -> None:
    text = RULES % ("told", "", "(buf.validate.field).cel_expression = 'this > 1', ")
    folder = lay_out(tmp_path, {"told.proto": text})
    with mock.patch("archlint.engine.validation.find_spec", lambda name: None):
        done = archlint("check", ".", "--select", "proto-validation-expression", cwd=folder)
    assert "PROTO033" not in done.out
    assert "1 expression or pattern of validation rules in protos was not compiled" in done.err


def test_expressions_that_the_compiler_did_not_come_to_are_told(tmp_path: Path) -> None:
    text = RULES % ("told", "", "(buf.validate.field).cel_expression = 'this > 1', ")
    folder = lay_out(tmp_path, {"told.proto": text})
    with mock.patch("archlint.adapters.validation.ask_worker", lambda *asked: ([], "took too long")):
        done = archlint("check", ".", "--no-cache", "--select", "proto-validation-expression", cwd=folder)
    assert "PROTO033" not in done.out
    assert (
        "1 expression or pattern of validation rules in protos was not compiled, as the compiler" in done.err
    )


TYPES = {
    "google.protobuf.Any": "this.all(x, true)",
    "google.protobuf.Int32Value": "this == null || this > 1",
    "google.protobuf.BytesValue": "this == null && this.startsWith(b'a')",
    "google.protobuf.Value": "this.contains(b'a')",
    "repeated google.protobuf.Any": "this.unique() && this.all(x, x.all(y, true))",
    "repeated google.protobuf.Int32Value": "this.unique() && this.all(x, x == null)",
    "repeated google.protobuf.Timestamp": "this.unique()",
    "repeated bytes": "this.unique()",
    "bytes": "this.matches('a')",
}


@needs_buf
def test_types_are_those_of_buf(tmp_path: Path) -> None:
    imports = (
        "buf/validate/validate",
        *(f"google/protobuf/{name}" for name in ("any", "wrappers", "struct")),
    )
    lines = [f'import "{name}.proto";' for name in (*imports, "google/protobuf/timestamp")]
    lines += (
        f'message M{at} {{ {type_} a = 1 [(buf.validate.field).cel_expression = "{text}"]; }}'
        for at, (type_, text) in enumerate(product(TYPES, TYPES.values()))
    )
    text = "\n".join(('edition = "2023";', "package shop;", *lines))
    settings = yaml.safe_dump({"version": "v2", "lint": {"use": [RULE]}})
    module = (public_folder() / VALIDATION).read_text("utf-8")
    folder = lay_out(tmp_path, {"shop.proto": text, "buf.yaml": settings, VALIDATION: module})
    by_buf = told_by_buf(folder)
    assert 20 < len(by_buf) < len(lines)
    assert told_by_archlint(folder) == by_buf


def test_nothing_is_compiled_again_to_tell_what_was_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = RULES % ("newer", "", "(buf.validate.field).string.newer_than_all = 1, ")
    folder = lay_out(
        tmp_path,
        {"newer.proto": newer, "absent.proto": 'import "a/b.proto";', "broken.proto": "message Broken {"},
    )
    first = archlint("check", ".", "--select", "PROTO", cwd=folder)
    assert "the validation rules of 1 proto file were not read (newer.proto)" in first.err
    monkeypatch.setattr("archlint.documents.proto.links.Linker", None)
    assert archlint("check", ".", "--select", "PROTO", cwd=folder) == first
    newer += "// changed"
    lay_out(tmp_path, {"newer.proto": newer})
    monkeypatch.undo()
    assert archlint("check", ".", "--select", "PROTO", cwd=folder).err == first.err
