"""Typed elements from descriptors, for all syntaxes."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.protobuf import Enum, Label, Message, Package, ProtoSchema, ProtoService, protos
from tests.proto.support import proto, world


def message(tmp_path: Path, text: str, name: str = "A") -> Message:
    made = world(tmp_path, {"a.proto": text})
    assert made.reading(protos).problems == ()
    return next(item for item in made.all(Message) if item.name == name)


@pytest.mark.parametrize(
    ("head", "field", "label"),
    [
        ('syntax = "proto3";', "int32 f = 1;", Label.SINGULAR),
        ('syntax = "proto3";', "optional int32 f = 1;", Label.OPTIONAL),
        ('syntax = "proto3";', "A f = 1;", Label.SINGULAR),
        ('syntax = "proto3";', "optional A f = 1;", Label.SINGULAR),
        ('syntax = "proto3";', "repeated A f = 1;", Label.REPEATED),
        ('syntax = "proto3";', "map<string, A> f = 1;", Label.MAP),
        ('syntax = "proto3";', "oneof o { int32 f = 1; }", Label.SINGULAR),
        ('syntax = "proto2";', "optional int32 f = 1;", Label.OPTIONAL),
        ('syntax = "proto2";', "required int32 f = 1;", Label.REQUIRED),
        ('syntax = "proto2";', "optional A f = 1;", Label.SINGULAR),
        ('edition = "2023";', "int32 f = 1;", Label.OPTIONAL),
        ('edition = "2023";', "int32 f = 1 [features.field_presence = IMPLICIT];", Label.SINGULAR),
        ('edition = "2023";', "int32 f = 1 [features.field_presence = LEGACY_REQUIRED];", Label.REQUIRED),
        ('edition = "2023"; option features.field_presence = IMPLICIT;', "int32 f = 1;", Label.SINGULAR),
        ('edition = "2023"; option features.field_presence = IMPLICIT;', "A f = 1;", Label.SINGULAR),
    ],
)
def test_labels(tmp_path: Path, head: str, field: str, label: Label) -> None:
    assert [item.label for item in message(tmp_path, f"{head} message A {{ {field} }}").fields] == [label]


def test_types(tmp_path: Path) -> None:
    body = """message A {
      optional sint64 a = 1; optional A b = 2; optional E c = 3; map<int32, E> d = 4; repeated B e = 5;
      optional group G = 6 { optional bytes x = 1; }
      enum E { Z = 0; } message B {}
    }"""
    fields = message(tmp_path, proto(body, syntax="proto2")).fields
    assert [(field.name, field.type, field.type_text) for field in fields] == [
        ("a", "sint64", "sint64"),
        ("b", "message", "shop.v1.A"),
        ("c", "enum", "shop.v1.A.E"),
        ("d", "enum", "map<int32, shop.v1.A.E>"),
        ("e", "message", "shop.v1.A.B"),
        ("g", "group", "shop.v1.A.G"),
    ]


def test_delimited_messages_of_editions_are_groups(tmp_path: Path) -> None:
    text = 'edition = "2023"; message A { A f = 1 [features.message_encoding = DELIMITED]; }'
    assert message(tmp_path, text).fields[0].type == "group"


def test_oneofs_are_those_that_somebody_wrote(tmp_path: Path) -> None:
    made = message(
        tmp_path, proto("message A { optional int32 a = 1; oneof o { int32 b = 2; string c = 3; } }")
    )
    assert made.oneofs == ("o",)
    assert [field.oneof for field in made.fields] == [None, "o", "o"]


def test_reservations(tmp_path: Path) -> None:
    made = message(tmp_path, proto('message A { reserved 2, 5 to 7, 100 to max; reserved "x", "y"; }'))
    numbers = [
        number for number in (1, 2, 4, 5, 7, 8, 99, 100, 2**29 - 1) if made.reserved.has_number(number)
    ]
    assert numbers == [2, 5, 7, 100, 2**29 - 1]
    assert made.reserved.names == {"x", "y"}


def test_enums(tmp_path: Path) -> None:
    body = 'enum E { reserved -5 to -1, 9; reserved "OLD"; Z = 0; }\nmessage A { enum F { Y = 0; } }'
    made = world(tmp_path, {"a.proto": proto(body), "b.proto": proto("enum G { X = 1; }", "p", "proto2")})
    enums = {enum.full_name: enum for enum in made.all(Enum)}
    assert set(enums) == {"shop.v1.E", "shop.v1.A.F", "p.G"}
    assert [number for number in (-6, -5, -1, 0, 9) if enums["shop.v1.E"].reserved.has_number(number)] == [
        -5,
        -1,
        9,
    ]
    assert (enums["shop.v1.E"].is_closed, enums["p.G"].is_closed) == (False, True)


def test_services(tmp_path: Path) -> None:
    body = "message A {}\nservice S { rpc Get(A) returns (stream A); rpc Put(stream A) returns (A); }"
    (service,) = world(tmp_path, {"a.proto": proto(body)}).all(ProtoService)
    assert str(service.object) == "service shop.v1.S"
    assert [(rpc.name, rpc.input, rpc.client_streaming, rpc.server_streaming) for rpc in service.rpcs] == [
        ("Get", "shop.v1.A", False, True),
        ("Put", "shop.v1.A", True, False),
    ]
    assert service.rpcs[1].place("output").span().line == 4


def test_packages_are_parted_by_folder(tmp_path: Path) -> None:
    files = {f"{folder}/{name}.proto": proto(f"message M{name} {{}}") for folder in "xy" for name in "ab"}
    made = world(tmp_path, files | {"none.proto": 'syntax = "proto3";'})
    found = [(package.name, package.folder, len(package.schemas)) for package in made.all(Package)]
    assert found == [("shop.v1", "x", 2), ("shop.v1", "y", 2)]


def test_files_that_define_nothing(tmp_path: Path) -> None:
    files = {
        "a.proto": 'syntax = "proto3";\nimport public "b.proto";',
        "b.proto": proto("message B {}"),
        "c.proto": proto(
            'import "google/protobuf/descriptor.proto";\n'
            "extend google.protobuf.FieldOptions { bool x = 50000; }"
        ),
    }
    assert [schema.is_empty for schema in world(tmp_path, files).all(ProtoSchema)] == [True, False, False]


def test_compiled_once_for_a_world_and_what_is_left_of_it(tmp_path: Path) -> None:
    made = world(tmp_path, {"a.proto": proto("message A {}")})
    assert made.without_documents().reading(protos) is made.reading(protos)
