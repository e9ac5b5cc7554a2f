"""What Confluent's registry refuses of proto files with events, where its verdict counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archlint.comparison import ComparisonTerms, Compatibility
from archlint.comparison.protobuf import compare
from archlint.comparison.protobuf.registry import ProtoRefusedByRegistry
from archlint.comparison.terms import Readers
from tests.gate.releases import Repository
from tests.proto.support import lay_out, proto, world
from tests.support.inside import archlint

EVENT = "events/order.proto"
FIELDS = "string a = 1; int32 b = 2; Line c = 3; oneof d { string e = 4; string f = 5; }"
LINE = "message Line { string a = 1; }"
WHOLE = f"message Order {{ {FIELDS} }} {LINE}"


def refused(
    folder: Path,
    old: str,
    new: str,
    promised: Compatibility = Compatibility.BACKWARD,
    *,
    path: str = EVENT,
    subjects: tuple[tuple[str, Compatibility], ...] = (),
) -> list[tuple[str, Readers]]:
    """The kinds that are refused, and for whom."""
    sides = world(folder / "base", {path: old}, "base"), world(folder / "revision", {path: new})
    terms = ComparisonTerms(compatibility=promised, registry="confluent", subjects=subjects)
    found = [each for each in compare(*sides, terms) if isinstance(each, ProtoRefusedByRegistry)]
    return sorted((each.kind, each.readers) for each in found)


@pytest.mark.parametrize(
    ("was", "now", "kinds"),
    [
        ("int32 b", "sint32 b", ["FIELD_SCALAR_KIND_CHANGED"]),
        ("int32 b", "uint64 b", []),
        ("string a", "bytes a", []),
        ("int32 b", "Line b", ["FIELD_KIND_CHANGED"]),
        ("int32 b", "repeated int32 b", ["FIELD_NUMERIC_LABEL_CHANGED"]),
        ("string a", "repeated string a", []),
        ("Line c", "Other c", ["FIELD_NAMED_TYPE_CHANGED"]),
        ("int32 b = 2;", "", []),
        ("string e = 4;", "", ["ONEOF_FIELD_REMOVED"]),
        ("int32 b = 2;", "int32 renamed = 2;", []),
        (
            "string a = 1; int32 b = 2;",
            "oneof g { string a = 1; int32 b = 2; }",
            ["MULTIPLE_FIELDS_MOVED_TO_ONEOF"],
        ),
        (
            "int32 b = 2; Line c = 3; oneof d {",
            "Line c = 3; oneof d { int32 b = 2;",
            ["FIELD_MOVED_TO_EXISTING_ONEOF"],
        ),
        (LINE, f"{LINE} message New {{}}", []),
    ],
)
def test_edits_have_the_verdict_of_their_kind(tmp_path: Path, was: str, now: str, kinds: list[str]) -> None:
    other = "message Other { string a = 1; }"
    old, new = (proto(f"{text} {other}") for text in (WHOLE, WHOLE.replace(was, now, 1)))
    assert [kind for kind, _ in refused(tmp_path, old, new)] == kinds


def test_who_counts_decides_on_what_came_and_what_went(tmp_path: Path) -> None:
    old, new = proto(f"{WHOLE} message Gone {{}}"), proto(WHOLE)
    assert refused(tmp_path / "a", old, new) == [("MESSAGE_REMOVED", Readers.NEW)]
    assert refused(tmp_path / "b", new, old, Compatibility.FORWARD) == [("MESSAGE_REMOVED", Readers.OLD)]
    assert refused(tmp_path / "c", new, old) == []
    less, more = (f'syntax = "proto2"; message A {{ {field} }}' for field in ("", "required int32 a = 1;"))
    assert refused(tmp_path / "e", less, more) == [("REQUIRED_FIELD_ADDED", Readers.NEW)]
    assert refused(tmp_path / "f", more, less) == [("REQUIRED_FIELD_REMOVED", Readers.NEW)]
    moved = proto(WHOLE, package="shop.v2")
    assert refused(tmp_path / "d", new, moved, Compatibility.FULL) == [("PACKAGE_CHANGED", Readers.BOTH)]


def test_protos_of_services_are_none_of_its_business(tmp_path: Path) -> None:
    old, new = proto(WHOLE), proto(WHOLE, package="shop.v2")
    assert refused(tmp_path / "a", old, new, path="api/order.proto") == []
    subjects = (("shop.*", Compatibility.BACKWARD),)
    found = refused(tmp_path / "b", old, new, path="api/order.proto", subjects=subjects)
    assert found == [("PACKAGE_CHANGED", Readers.NEW)]


def test_it_is_told_only_where_it_is_asked_for(tmp_path: Path) -> None:
    lay_out(tmp_path, {"old/events/a.proto": proto(WHOLE), "new/events/a.proto": proto(WHOLE, "shop.v2")})
    for events, expected in (("{}", []), ("{registry: confluent}", ["confluent:PACKAGE_CHANGED"])):
        lay_out(tmp_path, {"archlint.yaml": f"events: {events}\n"})
        done = archlint("breaking", "old", "new", "--format", "json", cwd=tmp_path)
        found = [each for each in json.loads(done.out)["findings"] if each["code"] == "EVENT515"]
        assert [each["aliases"][0] for each in found] == expected


def test_fields_that_a_released_version_had_otherwise_are_misread(tmp_path: Path) -> None:
    made = Repository(tmp_path / "shop", **{EVENT: proto("message A { string b = 2; }")})
    made.tag("v1.0.0")
    made.write(EVENT, proto('message A { reserved 2; reserved "b"; }'))
    made.commit()
    made.tag("v1.1.0")
    made.write(EVENT, proto("message A {}"))
    made.commit()
    made.write(EVENT, proto("message A { int32 count = 2; }"))
    for promised, expected in (
        ("BACKWARD", []),
        ("BACKWARD_TRANSITIVE", [["the old field, in v1.0.0"]]),
        ("NONE, subjects: {'shop.*': FULL_TRANSITIVE}", [["the old field, in v1.0.0"]]),
        ("FULL_TRANSITIVE, subjects: {'events/**': NONE}", []),
    ):
        made.write("archlint.yaml", f"events: {{compatibility: {promised}, versions: [v1.0.*]}}\n")
        done = archlint("check", ".", "--base", "HEAD", "--format", "json", cwd=made.folder)
        found = [each for each in json.loads(done.out)["findings"] if each["code"] == "PROTO502"]
        assert [[each["message"] for each in one["related"]] for one in found] == expected, promised


def test_versions_before_the_base_count_where_that_is_asked(tmp_path: Path) -> None:
    made = Repository(tmp_path / "shop", **{EVENT: proto("message A { int32 b = 2; }")})
    made.tag("v1.0.0")
    made.write(EVENT, proto("message A {}"))
    made.commit()
    made.tag("v1.1.0")
    for promised, expected in (("BACKWARD", []), ("BACKWARD_TRANSITIVE", ["as it was in v1.0.0"])):
        made.write("archlint.yaml", f"events: {{compatibility: {promised}, registry: confluent}}\n")
        made.write(EVENT, proto("message A { sint32 b = 2; }"))
        done = archlint("check", ".", "--base", "v1.1.0", "--format", "json", cwd=made.folder)
        found = [each for each in json.loads(done.out)["findings"] if each["code"] == "EVENT515"]
        assert [each["related"][0]["message"] for each in found] == expected
