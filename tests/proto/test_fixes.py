"""Fixes of proto files: what they write, and that nothing is left to say afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proto.support import lay_out
from tests.support.inside import archlint
from tests.support.process import commit_all

OLD = """\
syntax = "proto3";
package shop.v1;

message Cart {
  string id = 1;
  string coupon = 2;
  string note = 3;
  string gift = 4;
  string state = 7;
}
enum State { NONE = 0; OPEN = 1; SHUT = 2; LOST = -1; }
"""


def fixed(folder: Path, old: str, new: str, *rules: str) -> str:
    """The newer text as the fixes of some rules leave it; nothing of them is said of it any more."""
    lay_out(folder, {"cart.proto": old})
    commit_all(folder)
    lay_out(folder, {"cart.proto": new})
    options = ["--base", "HEAD", "--fix", "--select", ",".join(rules), "--no-cache"]
    done = archlint("check", ".", *options, cwd=folder)
    assert done.code == 0, done.out + done.err
    return (folder / "cart.proto").read_bytes().decode()


HEAD = 'syntax = "proto3";\npackage shop.v1;\n\n'
ENUM = "enum State { NONE = 0; OPEN = 1; SHUT = 2; LOST = -1; }\n"


def lines(*each: str, end: str = "\n") -> str:
    return "".join(f"{line}{end}" for line in each)


NAMES = '"coupon", "gift", "note", "state"'
TABBED = ("\t// reserved 4;", "\tstring id = 1;", "\tstring note = 3;", "}")
LAYOUTS = [
    (
        lines("message Cart {", "  string id = 1;", "}"),
        lines("message Cart {", "  reserved 2 to 4, 7;", f"  reserved {NAMES};", "  string id = 1;", "}"),
    ),
    (
        "message Cart { string id = 1; string state = 7; }\n",
        'message Cart { reserved 2 to 4; reserved "coupon", "gift", "note"; string id = 1;'
        " string state = 7; }\n",
    ),
    (
        lines("message Cart {  // held", "", *TABBED, end="\r\n"),
        lines(
            "message Cart {  // held",
            "\treserved 2, 4, 7;",
            '\treserved "coupon", "gift", "state";',
            "",
            *TABBED,
            end="\r\n",
        ),
    ),
    (
        lines(
            "message Cart {",
            "  string id = 1;",
            "  reserved 2, 9 to max;",
            '  reserved "coupon",',
            '    "note";',
            "}",
        ),
        lines(
            "message Cart {",
            "  string id = 1;",
            "  reserved 2 to 4, 7, 9 to max;",
            '  reserved "coupon",',
            '    "note", "gift", "state";',
            "}",
        ),
    ),
    (
        lines("message Cart", "{", "  string id = 1; }"),
        lines("message Cart", "{", "  reserved 2 to 4, 7;", f"  reserved {NAMES};", "  string id = 1; }"),
    ),
    (
        lines("message Cart {", "  /* none */", "}").replace("  /* none */", "  message Line {}"),
        lines(
            "message Cart {",
            "  reserved 1 to 4, 7;",
            '  reserved "coupon", "gift", "id", "note", "state";',
            "  message Line {}",
            "}",
        ),
    ),
]


@pytest.mark.parametrize(("written", "expected"), LAYOUTS)
def test_fields_that_are_gone_are_reserved(tmp_path: Path, written: str, expected: str) -> None:
    assert fixed(tmp_path, OLD, HEAD + written + ENUM, "proto-field-removed") == HEAD + expected + ENUM


def test_values_that_are_gone_are_reserved(tmp_path: Path) -> None:
    new = OLD.replace("{ NONE = 0; OPEN = 1; SHUT = 2; LOST = -1; }", "{\n  NONE = 0;\n}")
    text = fixed(tmp_path, OLD, new, "proto-enum-value-removed")
    assert 'enum State {\n  reserved -1, 1 to 2;\n  reserved "LOST", "OPEN", "SHUT";\n  NONE = 0;\n}' in text


def test_what_was_reserved_is_reserved_again(tmp_path: Path) -> None:
    old = OLD.replace("  string id = 1;", '  reserved 20 to max;\n  reserved "old";\n  string id = 1;')
    text = fixed(tmp_path, old, OLD, "proto-reservation-removed")
    assert '{\n  reserved 20 to max;\n  reserved "old";\n  string id' in text


def test_names_of_editions_are_identifiers(tmp_path: Path) -> None:
    old = 'edition = "2023";\npackage shop.v1;\nmessage Cart {\n  string id = 1;\n  string note = 2;\n}\n'
    text = fixed(tmp_path, old, old.replace("  string note = 2;\n", ""), "proto-field-removed")
    assert "{\n  reserved 2;\n  reserved note;\n  string id" in text


def test_many_fields_are_reserved_in_several_rounds(tmp_path: Path) -> None:
    fields = [f"  string f{at} = {at};\n" for at in range(1, 100)]
    old = f"{HEAD}message Cart {{\n{''.join(fields)}}}\n"
    new = f"{HEAD}message Cart {{\n{fields[49]}}}\n"
    assert "  reserved 1 to 49, 51 to 99;\n" in fixed(tmp_path, old, new, "proto-field-removed")


def test_what_extensions_may_use_is_not_reserved(tmp_path: Path) -> None:
    old = 'syntax = "proto2";\nmessage Cart {\n  optional int32 a = 100;\n}\n'
    new = old.replace("optional int32 a = 100", "extensions 100 to 199")
    with pytest.raises(AssertionError, match="proto-field-removed"):
        fixed(tmp_path, old, new, "proto-field-removed")
    assert (tmp_path / "cart.proto").read_text() == new


def test_what_else_is_gone_is_reserved_beside_what_extensions_may_use(tmp_path: Path) -> None:
    old = 'syntax = "proto2";\nmessage Cart {\n  optional int32 b = 2;\n  optional int32 a = 100;\n}\n'
    new = 'syntax = "proto2";\nmessage Cart {\n  extensions 100 to 199;\n}\n'
    with pytest.raises(AssertionError, match="open to extensions"):
        fixed(tmp_path, old, new, "proto-field-removed")
    assert '  reserved 2;\n  reserved "b";\n' in (tmp_path / "cart.proto").read_text()


def test_unused_imports_are_taken_out(tmp_path: Path) -> None:
    found = lines('import "google/protobuf/empty.proto";  // why', 'import "google/protobuf/any.proto";', "")
    text = fixed(tmp_path, OLD, OLD.replace("\nmessage", f"{found}message"), "proto-import-unused")
    assert text == OLD


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_imports_are_sorted_by_blocks_with_what_stands_behind_them(tmp_path: Path, end: str) -> None:
    names = [f'import "google/protobuf/{name}.proto";' for name in ("any", "empty", "struct", "timestamp")]
    written = [names[2], f"  {names[0]}  // why", names[1], "", names[3], names[0].replace("any", "api")]
    sorted_ = [f"  {names[0]}  // why", names[1], names[2], "", names[0].replace("any", "api"), names[3]]
    old, new = (
        "".join(f"{line}{end}" for line in (*HEAD.splitlines(), *each)) for each in (written, sorted_)
    )
    assert fixed(tmp_path, old, old, "proto-import-order") == new


def test_a_comment_above_imports_stays_with_the_first(tmp_path: Path) -> None:
    head = f'{HEAD}// When it was made.\nimport "google/protobuf/timestamp.proto";\n'
    old = f'{head}import "google/protobuf/any.proto";\nmessage Cart {{}}\n'
    lay_out(tmp_path, {"cart.proto": old})
    archlint("check", ".", "--fix", "--select", "proto-import-order", "--no-cache", cwd=tmp_path)
    assert (tmp_path / "cart.proto").read_text() == old


def test_oneofs_are_renamed_where_the_name_is_free(tmp_path: Path) -> None:
    def message(name: str, *oneofs: str) -> str:
        parts = "".join(
            f"  oneof {oneof} {{ string {'abc'[at]} = {at + 1}; }}\n" for at, oneof in enumerate(oneofs)
        )
        return f"message {name} {{\n{parts}}}\n"

    ways = [("paidBy", "paid_by"), ("SentTo", "sent_to"), ("lastOne", "lastOne"), ("last__one", "last__one")]
    old, new = (
        HEAD + message("A", *(way[at] for way in ways[:2])) + message("B", *(way[at] for way in ways[2:]))
        for at in (0, 1)
    )
    lay_out(tmp_path, {"cart.proto": old})
    options = ["--fix", "--unsafe-fixes", "--select", "proto-oneof-name", "--no-cache"]
    archlint("check", ".", *options, cwd=tmp_path)
    assert (tmp_path / "cart.proto").read_text() == new
