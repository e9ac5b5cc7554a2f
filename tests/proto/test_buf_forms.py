"""Each way to write a field in place of each other one: buf marks the same lines for the same rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest

from tests.proto.test_buf_breaking import EVERY, judged, laid_out, told_by_archlint
from tests.proto.test_buf_lint import BUF

pytestmark = pytest.mark.skipif(not BUF.exists(), reason="needs buf-bin")

KINDS = "message Own {}\nenum Kind {\n  NONE = 0;\n  ONE = 1;\n}\n"
HEADS = {
    "proto2": 'syntax = "proto2";\npackage two;\n' + KINDS,
    "proto3": 'syntax = "proto3";\npackage three;\n' + KINDS,
    "edition": 'edition = "2023";\npackage e;\nimport "google/protobuf/cpp_features.proto";\n'
    'import "google/protobuf/java_features.proto";\n' + KINDS,
}
_DEFAULTS = (
    *("bool f = 1 [default = true];", "int32 f = 1 [\n default = 1];", "Kind f = 1 [default = ONE];"),
    *(
        'string f = 1 [default = "1"];',
        'string f = 1 [default = "\\000"];',
        'bytes f = 1 [default = "\\000"];',
    ),
    *("float f = 1 [default = 16777217];", "double f = 1 [default = 16777217];", "double f = 1;"),
    *("double f = 1 [default = 16777216];", "double f = 1 [default = nan];", "float f = 1 [default = inf];"),
)
_ENTRY = "message FEntry {\n string key = 1;\n string value = 2;\n }\n repeated FEntry f = 1;"
FORMS = {
    "proto2": [f"optional {each}" for each in _DEFAULTS]
    + [f"optional bytes f = 1 [\n ctype = {each}];" for each in ("STRING", "CORD", "STRING_PIECE")]
    + ["optional group F = 1 {}", "required string f = 1;"],
    "proto3": [
        *("map<string,\n string> f = 1;", _ENTRY, "optional string f = 1;", "string f = 1;", "Own f = 1;"),
        *(
            "oneof one {\n string f = 1;\n }",
            "string f = 1 [\n ctype = STRING_PIECE];",
            "repeated Own f = 1;",
        ),
    ],
    "edition": [
        f"string f = 1{said};"
        for said in (
            *("", " [\n ctype = CORD]", " [\n features.(pb.cpp).string_type = VIEW]"),
            " [\n features = {\n [pb.cpp]: {\n string_type: CORD\n }\n }]",
            " [\n features.(pb.cpp) = {\n string_type: VIEW\n }]",
            " [\n features = {\n [pb.java]: {\n utf8_validation: VERIFY } }]",
            " [\n features = {\n utf8_validation: NONE\n [pb.java] {\n utf8_validation: VERIFY } }]",
            " [\n features = {\n [pb.java] {\n utf8_validation: DEFAULT }\n utf8_validation: NONE }]",
            " [\n features.(pb.java) = {\n utf8_validation: VERIFY\n }]",
        )
    ]
    + ["Own f = 1 [\n features.message_encoding = DELIMITED];", "map<string, string> f = 1;", _ENTRY],
}


def written(head: str, forms: Sequence[str]) -> str:
    return head + "".join(f"message M{at} {{\n {form}\n}}\n" for at, form in enumerate(forms))


def test_each_form_in_place_of_each_other_one(tmp_path: Path) -> None:
    sides: dict[str, dict[str, str]] = {"old": {}, "new": {}}
    for name, forms in FORMS.items():
        older, newer = zip(*product(forms, forms), strict=True)
        packages = {"proto2": "two", "proto3": "three", "edition": "e"}
        path = f"{packages[name]}/{name}.proto"
        sides["old"][path], sides["new"][path] = written(HEADS[name], older), written(HEADS[name], newer)
    folder = laid_out(tmp_path, {"version": "v2", "breaking": {"use": EVERY}}, sides)
    by_buf = judged(folder)
    assert told_by_archlint(folder) == by_buf
    assert len(by_buf) > 500
