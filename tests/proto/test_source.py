"""Places in proto files."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.documents.proto import ProtoFile
from archlint.finding import Route, Token
from tests.proto.support import load

TEXT = """// ä
syntax = "proto2";
package shop.v1;\r
import "google/protobuf/empty.proto";
message Cart {
\trepeated .shop.v1.Cart items = 1; /* ä→𝛼 */\toptional string note = 2 [json_name = "n", default = "x"];
  map<string, Item> by_sku = 3;
  message Item {
    optional group Part = 1 {
      required int32 n = 1;
    }
    enum Size { SMALL = 0; LARGE = 1; }
  }
  oneof choice { string a = 5; }
  extensions 100 to 200;
}
extend Cart { optional int64 weight = 100; }
service Carts { rpc Get(Cart) returns (stream Cart.Item); }
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> ProtoFile:
    loaded = load(tmp_path_factory.mktemp("proto"), {"a.proto": TEXT})
    assert loaded.problems == ()
    return loaded.files[0]


def marked(source: ProtoFile, route: Route, token: Token = Token.ANCHOR) -> tuple[int, str]:
    span = source.span(route, token)
    line = TEXT.split("\n")[span.line - 1]
    assert span.line == span.end_line
    return span.line, line[span.column - 1 : span.end_column - 1]


CART = ("message", "Cart")
ITEM = (*CART, "message", "Item")


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ((), (3, "shop.v1")),
        (("package",), (3, "shop.v1")),
        (("syntax",), (2, 'syntax = "proto2";')),
        (("import", "google/protobuf/empty.proto"), (4, '"google/protobuf/empty.proto"')),
        (CART, (5, "Cart")),
        ((*CART, "field", "items"), (6, "items")),
        ((*CART, "field", "items", "type"), (6, ".shop.v1.Cart")),
        ((*CART, "field", "items", "label"), (6, "repeated")),
        ((*CART, "field", "items", "number"), (6, "1")),
        ((*CART, "field", "note"), (6, "note")),
        ((*CART, "field", "note", "type"), (6, "string")),
        ((*CART, "field", "note", "number"), (6, "2")),
        ((*CART, "field", "note", "default"), (6, '"x"')),
        ((*CART, "field", "by_sku"), (7, "by_sku")),
        ((*CART, "field", "by_sku", "type"), (7, "map<string, Item>")),
        ((*CART, "oneof", "choice"), (14, "choice")),
        (ITEM, (8, "Item")),
        ((*ITEM, "message", "Part", "field", "n"), (10, "n")),
        ((*ITEM, "enum", "Size"), (12, "Size")),
        ((*ITEM, "enum", "Size", "value", "LARGE"), (12, "LARGE")),
        ((*ITEM, "enum", "Size", "value", "LARGE", "number"), (12, "1")),
        (("extension", "weight"), (17, "weight")),
        (("service", "Carts"), (18, "Carts")),
        (("service", "Carts", "rpc", "Get"), (18, "Get")),
        (("service", "Carts", "rpc", "Get", "input"), (18, "Cart")),
        (("service", "Carts", "rpc", "Get", "output"), (18, "Cart.Item")),
        # What is not there is marked at the nearest that is.
        ((*CART, "field", "gone"), (5, "Cart")),
        ((*CART, "field", "items", "json_name"), (6, "items")),
        (("message", "Gone", "field", "x"), (3, "shop.v1")),
    ],
)
def test_anchor(source: ProtoFile, route: Route, expected: tuple[int, str]) -> None:
    assert marked(source, route) == expected


def test_value_is_the_first_line_of_a_definition(source: ProtoFile) -> None:
    assert marked(source, CART, Token.VALUE) == (5, "message Cart {")
    assert marked(source, (*CART, "field", "items"), Token.VALUE) == (6, "repeated .shop.v1.Cart items = 1;")


def test_json_name_is_marked_where_it_is_written(source: ProtoFile) -> None:
    line, text = marked(source, (*CART, "field", "note", "json_name"))
    assert (line, "json_name" in text) == (6, True)


@pytest.mark.parametrize(
    ("text", "line", "columns"),
    [
        ('\ufeffsyntax = "proto3"; message A {}', 1, (10, 18)),
        ("message A {}", 1, (1, 1)),
        ('edition = "2023";\nmessage A {}', 1, (11, 17)),
        ('\ufeffsyntax = "proto3"; package a.b; message A {}', 1, (28, 31)),
    ],
)
def test_top(tmp_path: Path, text: str, line: int, columns: tuple[int, int]) -> None:
    loaded = load(tmp_path, {"a.proto": text})
    span = loaded.files[0].span((), Token.ANCHOR)
    assert (span.line, (span.column, span.end_column)) == (line, columns)


def test_names_are_the_route(source: ProtoFile) -> None:
    assert source.names((*CART, "field", "items")) == ("message", "Cart", "field", "items")
