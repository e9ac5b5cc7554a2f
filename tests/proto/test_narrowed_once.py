"""A type that holds less is one finding: that of the type if it is told, else that of the lost value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.proto.support import lay_out
from tests.support.inside import archlint

TYPE, NARROWED = "proto-field-type-changed", "proto-value-range-narrowed"
OLD = """\
syntax = "proto3";
package shop;
message Item {
  int64 price = 1;
  int32 delta = 2;
  repeated bytes labels = 3;
  map<uint64, string> notes = 4;
  map<int64, Item> parts = 5;
  map<
      int32, Item> more = 6;
}
"""
NEW = (
    OLD.replace("int64 price", "int32 price")
    .replace("int32 delta", "uint32 delta")
    .replace("bytes labels", "string labels")
    .replace("<uint64, string>", "<int64, string>")
    .replace("<int64, Item>", "<int32, Item>")
    .replace("      int32, Item", "      uint32, Item")
)
LINES = (4, 5, 6, 7, 8, 9)


def told(folder: Path, *select: str, settings: str = "", own: str = "") -> list[dict[str, Any]]:
    files = {"old/a.proto": OLD, "new/a.proto": NEW, "archlint.yaml": own}
    files |= {"new/buf.yaml": f"version: v2\nbreaking: {{use: [{settings}]}}\n"} if settings else {}
    lay_out(folder, {path: text for path, text in files.items() if text})
    done = archlint("breaking", "old", "new", *select, "--format", "json", cwd=folder)
    found: list[dict[str, Any]] = json.loads(done.out)["findings"]
    return [each for each in found if each["rule"] in (TYPE, NARROWED)]


def places(found: list[dict[str, Any]]) -> set[tuple[str, int]]:
    return {(each["rule"], each["line"]) for each in found}


def test_the_finding_of_the_type_shows_the_value(tmp_path: Path) -> None:
    found = told(tmp_path)
    assert places(found) == {(TYPE, line) for line in LINES}
    assert len(found) == len(LINES)
    shown = {each["line"]: each["witness"]["value"] for each in found}
    assert shown[4] == {"price": 2147483648}
    assert shown[6] == {"labels": ["/w=="]}
    assert all("buf:FIELD_SAME_TYPE" in each["aliases"] for each in found if each["line"] < 7)


@pytest.mark.parametrize("settings", ["FILE", "WIRE_JSON", "WIRE"])
def test_what_buf_lets_pass_is_told_by_itself(settings: str, tmp_path: Path) -> None:
    found = places(told(tmp_path, settings=settings))
    assert len({line for _, line in found}) == len(found) == len(LINES)
    by_type = {line for rule, line in found if rule == TYPE}
    assert by_type >= ({4, 5, 6} if settings == "FILE" else {4, 6} if settings == "WIRE_JSON" else set())
    assert (NARROWED, 4) in found or settings != "WIRE"


def test_the_rule_alone_tells_all(tmp_path: Path) -> None:
    assert places(told(tmp_path, "--ignore", "PROTO503")) == {(NARROWED, line) for line in LINES}


def test_it_is_told_beside_a_finding_that_is_less_grave(tmp_path: Path) -> None:
    found = places(told(tmp_path, own="rules:\n  PROTO503: {severity: info}\n"))
    assert {(TYPE, 4), (NARROWED, 4)} <= found
