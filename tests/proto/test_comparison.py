"""Changes between two sets of proto files."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.comparison.protobuf import (
    Breaks,
    EnumRemoved,
    EnumValueChanged,
    EnumValueRemoved,
    FieldLabelChanged,
    FieldNumberChanged,
    FieldNumberReused,
    FieldRemoved,
    FieldRenamed,
    FieldTypeChanged,
    FileMoved,
    JsonNameChanged,
    MessageRemoved,
    OneofChanged,
    PackageChanged,
    ProtoFileRemoved,
    RequiredFieldAdded,
    ReservationRemoved,
    RpcChanged,
    RpcRemoved,
    ServiceRemoved,
)
from archlint.comparison.protobuf.unchanged import unchanged
from archlint.model.protobuf import protos, schemas
from tests.proto.support import changes, proto, world


def diff(tmp_path: Path, old: str, new: str, syntax: str = "proto3") -> list[object]:
    """The changes from one body of a file to another."""
    sides = {"base": proto(old, syntax=syntax), "revision": proto(new, syntax=syntax)}
    for name, text in sides.items():
        assert world(tmp_path / "valid" / name, {"a.proto": text}).reading(protos).problems == ()
    return list(changes(tmp_path, {"a.proto": sides["base"]}, {"a.proto": sides["revision"]}))


def kinds(found: list[object]) -> list[type]:
    return [type(item) for item in found]


SAFE = [
    ("message A { int32 a = 1; }", "message A { int32 a = 1; string b = 2; }"),
    ("message A { int32 a = 1; }", "message A { int32 a = 1; } message B {} enum C { Z = 0; } service S {}"),
    ("message A { int32 a = 1; int32 b = 2; }", "message A { int32 b = 2; int32 a = 1; }"),
    ("enum E { Z = 0; }", "enum E { Z = 0; A = 1; }"),
    ("enum E { Z = 0; A = 1; }", "enum E { option allow_alias = true; Z = 0; A = 1; B = 1; }"),
    ("message A { reserved 2, 3; }", "message A { reserved 1 to 9; }"),
    ("message A { reserved 2 to 4; }", "message A { reserved 2, 3, 4; }"),
    ("message A { repeated int32 a = 1; }", "message A { repeated int32 a = 1 [packed = false]; }"),
    ("message A { B a = 1; } message B {}", "message A { .shop.v1.B a = 1; } message B {}"),
    ("message A { int32 a_b = 1; }", 'message A { int32 a_b = 1 [json_name = "aB"]; }'),
    ("message A { B a = 1; }\nmessage B {}", "message B {}\nmessage A { optional B a = 1; }"),
]


@pytest.mark.parametrize(("old", "new"), SAFE)
def test_safe_changes(tmp_path: Path, old: str, new: str) -> None:
    assert diff(tmp_path, old, new) == []


ONE = [
    ("message A { int32 a = 1; }", "message A {}", FieldRemoved),
    ("message A { int32 a = 1; }", "message A { string b = 1; }", FieldNumberReused),
    ("message A { string email = 1; }", "message A { string phone = 1; }", FieldNumberReused),
    ("message A { string a = 1; string b = 2; }", "message A { string b = 1; }", FieldNumberReused),
    ("message A { reserved 4; }", "message A { int32 a = 4; }", FieldNumberReused),
    ('message A { reserved "a"; }', "message A { int32 a = 4; }", FieldNumberReused),
    ("message A { int32 a = 1; }", "message A { int32 a = 2; }", FieldNumberChanged),
    ("message A { int32 user = 1; }", "message A { int32 user_id = 1; }", FieldRenamed),
    ("message A { int32 colour = 1; }", "message A { int32 color = 1; }", FieldRenamed),
    ("message A { int32 email = 1; }", 'message A { int32 tel = 1 [json_name = "email"]; }', FieldRenamed),
    ("message A { int32 a = 1; }", "message A { string a = 1; }", FieldTypeChanged),
    ("message A { map<string, int32> a = 1; }", "message A { map<int32, int32> a = 1; }", FieldTypeChanged),
    ("message A { map<string, int32> a = 1; }", "message A { int32 a = 1; }", FieldLabelChanged),
    ("message A { int32 a = 1; }", "message A { repeated int32 a = 1; }", FieldLabelChanged),
    ("message A { int32 a = 1; }", 'message A { int32 a = 1 [json_name = "z"]; }', JsonNameChanged),
    (
        "message A { int32 a = 1; int32 b = 2; }",
        "message A { oneof o { int32 a = 1; int32 b = 2; } }",
        OneofChanged,
    ),
    ("message A { reserved 4; }", "message A {}", ReservationRemoved),
    ("enum A { reserved 4; Z = 0; }", "enum A { Z = 0; }", ReservationRemoved),
    ("message A { message B { message C {} } }", "message A {}", MessageRemoved),
    ("message A {} enum E { Z = 0; }", "message A {}", EnumRemoved),
    ("enum E { Z = 0; A = 1; }", "enum E { Z = 0; }", EnumValueRemoved),
    ("enum E { Z = 0; A = 1; }", "enum E { Z = 0; B = 1; }", EnumValueChanged),
    ("enum E { Z = 0; A = 1; }", "enum E { Z = 0; A = 2; }", EnumValueChanged),
    ("message A {} service S {}", "message A {}", ServiceRemoved),
    ("message A {} service S { rpc G(A) returns (A); }", "message A {} service S {}", RpcRemoved),
    (
        "message A {} service S { rpc G(A) returns (A); }",
        "message A {} service S { rpc G(A) returns (stream A); }",
        RpcChanged,
    ),
]


@pytest.mark.parametrize(("old", "new", "kind"), ONE)
def test_one_cause_is_one_change(tmp_path: Path, old: str, new: str, kind: type) -> None:
    assert kinds(diff(tmp_path, old, new)) == [kind]


@pytest.mark.parametrize(
    ("old", "new", "breaks"),
    [
        ("int32", "uint32", Breaks.SOURCE),
        ("sfixed64", "fixed64", Breaks.SOURCE),
        ("int32", "int64", Breaks.JSON),
        ("int32", "bool", Breaks.JSON),
        ("int32", "E", Breaks.JSON),
        ("string", "bytes", Breaks.JSON),
        ("bytes", "M", Breaks.JSON),
        ("int32", "sint32", Breaks.WIRE),
        ("int32", "fixed32", Breaks.WIRE),
        ("float", "double", Breaks.WIRE),
        ("string", "M", Breaks.WIRE),
        ("M", "N", Breaks.WIRE),
        ("N", "O", Breaks.SOURCE),
        ("E", "F", Breaks.WIRE),
        ("google.protobuf.Empty", "M", Breaks.SOURCE),
        ("M", "google.protobuf.Empty", Breaks.WIRE),
    ],
)
def test_what_a_new_type_breaks(tmp_path: Path, old: str, new: str, breaks: Breaks) -> None:
    rest = """import "google/protobuf/empty.proto";
    message M { int32 a = 1; } message N { string a = 1; N n = 2; }
    message O { string a = 1; O n = 2; bool c = 3; }
    enum E { E_Z = 0; E_A = 1; } enum F { F_Y = 0; F_B = 1; } message Use { google.protobuf.Empty e = 1; }"""
    (change,) = diff(tmp_path, f"{rest} message A {{ {old} f = 1; }}", f"{rest} message A {{ {new} f = 1; }}")
    assert isinstance(change, FieldTypeChanged)
    assert change.breaks is breaks


@pytest.mark.parametrize(
    ("old", "new", "breaks"),
    [
        ("optional string", "required string", Breaks.WIRE),
        ("required string", "optional string", Breaks.WIRE),
        ("optional string", "repeated string", Breaks.JSON),
        ("optional bytes", "repeated bytes", Breaks.JSON),
        ("optional A", "repeated A", Breaks.JSON),
        ("optional int32", "repeated int32", Breaks.WIRE),
        ("repeated string", "optional string", Breaks.WIRE),
    ],
)
def test_what_a_new_label_breaks(tmp_path: Path, old: str, new: str, breaks: Breaks) -> None:
    found = diff(tmp_path, f"message A {{ {old} f = 1; }}", f"message A {{ {new} f = 1; }}", "proto2")
    assert [(type(item), item.breaks) for item in found] == [(FieldLabelChanged, breaks)]  # type: ignore[attr-defined]


def test_presence_and_a_map_in_place_of_a_list(tmp_path: Path) -> None:
    old = "message A { int32 f = 1; repeated P p = 2; message P { string key = 1; string value = 2; } }"
    new = old.replace("int32 f", "optional int32 f").replace("repeated P", "map<string, string>")
    found = diff(tmp_path, old, new)
    assert [item.breaks for item in found] == [Breaks.SOURCE, Breaks.JSON]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("listed", "fields", "breaks"),
    [
        ("P", "string key = 1; string value = 2; bool more = 3;", Breaks.JSON),
        ("P", "string key = 1; int32 value = 2;", Breaks.WIRE),
        ("P", "string key = 1; repeated string value = 2;", Breaks.WIRE),
        ("string", "", Breaks.WIRE),
    ],
)
def test_a_map_and_a_list_are_sent_alike_if_it_has_entries(
    tmp_path: Path, listed: str, fields: str, breaks: Breaks
) -> None:
    rest = f"message P {{ {fields} }}"
    sides = [
        f"{rest} message A {{ {kind} p = 2; }}" for kind in (f"repeated {listed}", "map<string, string>")
    ]
    for at, (old, new) in enumerate((sides, sides[::-1])):
        (found,) = diff(tmp_path / str(at), old, new)
        assert isinstance(found, FieldLabelChanged)
        assert found.breaks is breaks


def test_a_oneof_excludes_what_could_be_set_with_the_field(tmp_path: Path) -> None:
    old = "message A { oneof o { int32 a = 1; } oneof p { int32 b = 2; string c = 3; } }"
    gone = 'message A { reserved 2, 3; reserved "b", "c"; oneof o { int32 z = 9; } oneof p { int32 a = 1; } }'
    kept = "message A { oneof o { int32 z = 9; } oneof p { int32 b = 2; string c = 3; int32 a = 1; } }"
    for at, (new, breaks) in enumerate(((gone, Breaks.SOURCE), (kept, Breaks.WIRE))):
        found = [item for item in diff(tmp_path / str(at), old, new) if isinstance(item, OneofChanged)]
        assert [item.breaks for item in found] == [breaks]


def test_required_fields(tmp_path: Path) -> None:
    old = "message A { required int32 a = 1; }"
    new = 'message A { reserved 1; reserved "a"; required int32 b = 2; }'
    assert kinds(diff(tmp_path, old, new, "proto2")) == [FieldRemoved, RequiredFieldAdded]


def test_oneofs(tmp_path: Path) -> None:
    def breaks(old: str, new: str) -> list[Breaks]:
        found = diff(
            tmp_path / str(len(list(tmp_path.iterdir()))), f"message A {{ {old} }}", f"message A {{ {new} }}"
        )
        return [item.breaks for item in found if isinstance(item, OneofChanged)]

    assert breaks("int32 a = 1;", "oneof o { int32 a = 1; }") == [Breaks.SOURCE]
    assert breaks("oneof o { int32 a = 1; }", "int32 a = 1;") == [Breaks.SOURCE]
    assert breaks("int32 a = 1; oneof o { int32 b = 2; }", "oneof o { int32 a = 1; int32 b = 2; }") == [
        Breaks.WIRE
    ]
    assert breaks(
        "oneof o { int32 a = 1; } oneof p { int32 b = 2; }", "oneof o { int32 a = 1; int32 b = 2; }"
    ) == [Breaks.WIRE]


def test_a_renamed_message_is_not_reported_where_it_is_used(tmp_path: Path) -> None:
    old = """message Old { int32 a = 1; Old o = 2; } message A { Old o = 1; }
    service S { rpc G(Old) returns (Old); }"""
    (change,) = diff(tmp_path, old, old.replace("Old", "New"))
    assert isinstance(change, MessageRemoved)
    assert change.renamed is not None and change.renamed.full_name == "shop.v1.New"


def test_a_message_moved_out_of_another_is_renamed(tmp_path: Path) -> None:
    old = "message A { message Item { int32 a = 1; } Item i = 1; }"
    (change,) = diff(tmp_path, old, "message A { Item i = 1; }\nmessage Item { int32 a = 1; int32 b = 2; }")
    assert isinstance(change, MessageRemoved)
    assert change.renamed is not None and change.renamed.full_name == "shop.v1.Item"


def test_a_moved_message_is_told_once_with_what_changed_in_it(tmp_path: Path) -> None:
    """Neither what is nested in it nor what uses it is told."""
    old = """message Cart { Line line = 1; map<string, Line> lines = 2; }
    message Line { string id = 1; int32 count = 2; Kind kind = 3; string gone = 4;
      enum Kind { Z = 0; A = 1; } }
    service S { rpc G(Line) returns (stream Line); }"""
    line = "message Line { string id = 1; int32 count = 2; Kind kind = 3; enum Kind { Z = 0; A = 2; } }"
    new = """import "b.proto";
    message Cart { shop.common.Line line = 1; map<string, shop.common.Line> lines = 2; }
    service S { rpc G(shop.common.Line) returns (stream shop.common.Line); }"""
    files = {"a.proto": proto(new), "b.proto": proto(line, "shop.common")}
    found = changes(tmp_path, {"a.proto": proto(old)}, files)
    assert kinds(list(found)) == [MessageRemoved, FieldRemoved, EnumValueChanged]


def test_a_file_whose_message_moved_into_another_one_is_not_gone(tmp_path: Path) -> None:
    kept = "message B { string x = 1; }"
    base = {
        "a.proto": proto("message A { string id = 1; int32 n = 2; message In {} }"),
        "b.proto": proto(kept, "b"),
    }
    moved = f"{kept} message A {{ string id = 1; int32 n = 2; bool more = 3; message In {{}} }}"
    (found,) = changes(tmp_path, base, {"b.proto": proto(moved, "b")})
    assert isinstance(found, MessageRemoved)
    assert found.renamed is not None and found.renamed.full_name == "b.A"
    assert found.above.source.path == "b.proto"


def test_files_that_moved_with_their_package_are_one_change(tmp_path: Path) -> None:
    bodies = {
        f"m{at}": f"message M{at} {{ string id = 1; int32 n{at} = 2; bool f = 3; }}" for at in range(40)
    }
    base = {f"old/{name}.proto": proto(body) for name, body in bodies.items()}
    revision = {f"new/v1/{name}s.proto": proto(body, "new.v1") for name, body in bodies.items()}
    kept = {"x.proto": proto("message X {}", "x")}
    (found,) = changes(tmp_path, base | kept, revision | kept)
    assert isinstance(found, PackageChanged)
    assert len(found.pairs) == 40


def test_services_that_have_another_name_are_told_once(tmp_path: Path) -> None:
    old = "message A {} service Carts { rpc G(A) returns (A); rpc P(A) returns (A); rpc L(A) returns (A); }"
    new = old.replace("service Carts", "service Baskets").replace(
        "rpc L(A) returns (A)", "rpc L(A) returns (stream A)"
    )
    found = diff(tmp_path, old, new)
    assert kinds(found) == [ServiceRemoved, RpcChanged]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("message A { string id = 1; }", "message B { string id = 1; }"),
        ("message A { string id = 1; int32 n = 2; }", "message A2 { string id = 1; bool n = 2; }"),
        (
            "message A { string id = 1; int32 n = 2; }",
            "message B { string id = 1; int32 n = 2; } message C { string id = 1; int32 n = 2; }",
        ),
        (
            "message Old { message A { string id = 1; int32 n = 2; } }",
            "message New { message B { string id = 1; int32 n = 2; } }",
        ),
        ("message A { string id = 1; bool x = 2; bool y = 3; }", "enum A { Z = 0; }"),
        ("service A { rpc G(M) returns (M); }", "service B { rpc G(M) returns (M); }"),
    ],
)
def test_what_is_not_alike_is_gone(tmp_path: Path, old: str, new: str) -> None:
    (found,) = diff(tmp_path, f"message M {{}} {old}", f"message M {{}} {new}")
    assert isinstance(found, MessageRemoved | ServiceRemoved)
    assert found.renamed is None


def test_what_was_there_before_is_nobodys_new_name(tmp_path: Path) -> None:
    kept = "message A { message Item { int32 a = 1; int32 b = 2; } Item i = 1; }"
    (change,) = diff(tmp_path, f"{kept} message Item {{ int32 a = 1; int32 b = 2; }}", kept)
    assert isinstance(change, MessageRemoved)
    assert change.renamed is None


def test_small_messages_are_not_taken_for_each_other(tmp_path: Path) -> None:
    old = "message GetRequest { string name = 1; } message A {}"
    (change,) = diff(tmp_path, old, "message A {} message ListRequest { string name = 1; }")
    assert isinstance(change, MessageRemoved)
    assert change.renamed is None


def test_definitions_may_move_between_files(tmp_path: Path) -> None:
    base = {"a.proto": proto("message A {}\nmessage B {}"), "c.proto": proto("enum C { Z = 0; }")}
    revision = {"x/a.proto": proto("message A {}"), "x/bc.proto": proto("enum C { Z = 0; }\nmessage B {}")}
    (found,) = changes(tmp_path, base, revision)
    assert isinstance(found, FileMoved)
    assert found.names == (("a.proto", "x/a.proto"), ("c.proto", "x/bc.proto"))


def test_a_root_that_moved_moved_no_file(tmp_path: Path) -> None:
    files = {"shop/a.proto": proto("message A {}", "shop"), "shop/v1/b.proto": proto("message B {}")}
    moved = {f"api/{path}": text for path, text in files.items()}
    assert changes(tmp_path / "1", files, moved) == []
    kept = {"c.proto": proto("message C {}", "c")}
    assert changes(tmp_path / "2", files | kept, moved | kept) == []  # the package of each is its folder


def test_a_file_that_moved_is_told_once_with_its_folder(tmp_path: Path) -> None:
    files = {f"cart/{name}.proto": proto(f"message {name} {{}}", "shop") for name in "ABC"}
    kept = {"c.proto": proto('import "x.proto"; message Z { X x = 1; }'), "x.proto": proto("message X {}")}
    moved = {path.replace("cart", "carts"): text for path, text in files.items()}
    (found,) = changes(tmp_path, files | kept, moved | kept)
    assert isinstance(found, FileMoved)
    assert len(found.pairs) == 3


def test_files_follow_renames(tmp_path: Path) -> None:
    base = {"old.proto": proto("message A { int32 a = 1; }"), "other.proto": proto("message B {}", "p")}
    revision = {"new.proto": proto("message Z { int32 a = 1; }"), "other.proto": base["other.proto"]}
    (lost,) = changes(tmp_path / "1", base, revision)
    assert isinstance(lost, ProtoFileRemoved)
    (gone,) = changes(tmp_path / "2", base, revision, {"new.proto": "old.proto"})
    assert isinstance(gone, MessageRemoved)
    assert gone.above.source.path == "new.proto"


def test_two_single_files_are_each_others_selves(tmp_path: Path) -> None:
    (change,) = changes(tmp_path, {"v1.proto": proto("message A {}")}, {"v2.proto": proto("message B {}")})
    assert isinstance(change, MessageRemoved)


def test_package_rename_is_one_change_and_the_rest_is_compared(tmp_path: Path) -> None:
    base = {
        "a.proto": proto('import "b.proto";\nmessage A { B b = 1; int32 gone = 2; }'),
        "b.proto": proto("message B {}"),
    }
    revision = {
        path: text.replace("shop.v1", "shop.v2").replace("int32 gone = 2;", "") for path, text in base.items()
    }
    found = changes(tmp_path, base, revision)
    assert kinds(list(found)) == [PackageChanged, FieldRemoved]
    assert isinstance(found[0], PackageChanged) and len(found[0].pairs) == 2


def test_a_new_version_beside_the_old_one_is_no_change(tmp_path: Path) -> None:
    base = {"v1/a.proto": proto("message A { int32 a = 1; }")}
    revision = base | {"v2/a.proto": proto("message A { string a = 1; }", "shop.v2")}
    assert changes(tmp_path, base, revision) == []


def test_copies_are_compared_each_with_its_own_old_self(tmp_path: Path) -> None:
    base = {
        "x/a.proto": proto("message A { int32 a = 1; }"),
        "y/a.proto": proto("message A { int32 a = 1; }"),
    }
    revision = base | {"y/a.proto": proto("message A { string a = 1; }")}
    (change,) = changes(tmp_path / "1", base, revision)
    assert isinstance(change, FieldTypeChanged) and change.revision.source.path == "y/a.proto"
    del revision["x/a.proto"]
    assert len(changes(tmp_path / "2", base, revision)) == 1


def test_a_lost_package_is_one_change(tmp_path: Path) -> None:
    keep = {"keep.proto": proto("message Keep {}", "other.v1")}
    base = keep | {
        f"{name}.proto": proto(f"message {name.upper()} {{}}\nservice S{name} {{}}") for name in "abc"
    }
    (change,) = changes(tmp_path, base, keep)
    assert isinstance(change, ProtoFileRemoved)
    assert change.is_package and len(change.base) == 3 and len(change.names) == 6
    assert change.above.source.revision == "base"


def test_what_cannot_be_compiled_is_not_compared(tmp_path: Path) -> None:
    base = {"a.proto": proto("message A { int32 a = 1; }"), "b.proto": proto("message B { int32 b = 1; }")}
    assert changes(tmp_path / "1", base, {"a.proto": "nonsense", "b.proto": base["b.proto"]}) == []
    assert changes(tmp_path / "2", {"a.proto": "nonsense", "b.proto": base["b.proto"]}, base) == []


def test_types_of_missing_imports_are_compared_by_what_is_known(tmp_path: Path) -> None:
    body = (
        'import "k8s.io/meta/generated.proto";\n'
        "message A {{ {type} m = 1; }}\nservice S {{ rpc G({type}) returns (A); }}"
    )
    base = {"a.proto": proto(body.format(type="meta.v1.Time"))}
    same = base | {"k8s.io/meta/generated.proto": proto("message Time {}", "meta.v1")}
    assert changes(tmp_path / "1", base, base) == []
    assert changes(tmp_path / "2", base, same) == []
    assert kinds(list(changes(tmp_path / "3", same, base))) == [ProtoFileRemoved]
    other = {"a.proto": proto(body.format(type="meta.v1.Other"))}
    assert kinds(list(changes(tmp_path / "4", base, other))) == [FieldTypeChanged, RpcChanged]


def test_enum_and_message_of_a_missing_import_are_not_told_apart(tmp_path: Path) -> None:
    base = {"a.proto": proto('import "google/type/day.proto";\nmessage A { google.type.Day d = 1; }')}
    whole = base | {"google/type/day.proto": proto("enum Day { Z = 0; }", "google.type")}
    assert kinds(list(changes(tmp_path, whole, base))) == []


OWN = {"shop/v1/cart.proto": proto("message Cart { int32 a = 1; }")}
PUBLIC = (
    *("google.protobuf", "google.api", "google.rpc", "google.iam.v1", "grpc.health.v1", "buf.validate"),
    *(
        "validate",
        "envoy.config.core.v3",
        "opentelemetry.proto.trace.v1",
        "grpc.gateway.protoc_gen_openapiv2",
    ),
)
OTHERS = ("google.apis", "shop.google.api", "grpc.health", "validator", "envoyproxy.v1")


def lost(tmp_path: Path, base: dict[str, str]) -> list[list[type]]:
    """The changes where the first file of the base loses a field, and where it goes."""
    first, *_ = base
    edited = {**base, first: base[first].replace("int32 a = 1;", "")}
    rest = {path: text for path, text in base.items() if path != first}
    return [
        kinds([*changes(tmp_path / name, base, after)])
        for name, after in {"edited": edited, "gone": rest}.items()
    ]


@pytest.mark.parametrize("package", PUBLIC)
def test_a_copy_of_what_others_publish_is_no_contract_of_the_repository(tmp_path: Path, package: str) -> None:
    copy = {f"protos/{package.replace('.', '/')}/x.proto": proto("message X { int32 a = 1; }", package)}
    assert lost(tmp_path, {**copy, **OWN}) == [[], []]


@pytest.mark.parametrize("package", OTHERS)
def test_a_package_that_is_called_almost_so_is_a_contract(tmp_path: Path, package: str) -> None:
    own = {f"protos/{package.replace('.', '/')}/x.proto": proto("message X { int32 a = 1; }", package)}
    assert lost(tmp_path, {**own, **OWN}) == [[FieldRemoved], [ProtoFileRemoved]]


def test_who_publishes_nothing_but_public_packages_promises_them(tmp_path: Path) -> None:
    published = {
        f"google/{name}/x.proto": proto("message X { int32 a = 1; }", f"google.{name}")
        for name in ("api", "rpc")
    }
    assert lost(tmp_path, published) == [[FieldRemoved], [ProtoFileRemoved]]
    assert lost(tmp_path / "moved", {**OWN, **published}) == [[FieldRemoved], [ProtoFileRemoved]]


def test_a_contract_does_not_become_a_copy_by_its_new_package(tmp_path: Path) -> None:
    renamed = {"shop/v1/cart.proto": proto("message Cart { int32 a = 1; }", "google.api")}
    other = {"shop/v1/till.proto": proto("message Till { int32 a = 1; }")}
    assert PackageChanged in kinds([*changes(tmp_path, {**OWN, **other}, {**renamed, **other})])


def test_files_are_compared_that_import_what_has_changed(tmp_path: Path) -> None:
    base = {
        "a.proto": proto('import "b.proto";\nmessage A { B b = 1; }'),
        "b.proto": proto("enum B { NONE = 0; }"),
        "c.proto": proto('import "a.proto";\nmessage C { A a = 1; }'),
        "d.proto": proto('import "e.proto";\nmessage D { E e = 1; }'),
        "e.proto": proto("message E {}"),
        "f.proto": proto('import "gone.proto";\nmessage F { G g = 1; }'),
    }
    newer = base | {"b.proto": proto("message B {}")}
    found = changes(tmp_path, base, newer)
    assert [change.base.name for change in found if isinstance(change, FieldTypeChanged)] == ["b"]
    old, new = world(tmp_path / "base", base, "base"), world(tmp_path / "revision", newer)
    assert unchanged(old.reading(schemas), new.reading(schemas)) == {"d.proto", "e.proto", "f.proto"}
