"""Routes of proto elements lead to their descriptors, whatever lies beside them."""

from __future__ import annotations

import pytest
from google.protobuf import descriptor_pb2
from google.protobuf.text_format import Parse

from archlint.documents.proto.parts import Path
from archlint.documents.proto.routes import Routes
from archlint.finding import Route

FILE = """
package: "shop"
options { java_package: "shop" }
message_type { name: "Other" }
message_type {
  name: "Cart"
  field { name: "id" } field { name: "items" }
  oneof_decl { name: "payer" }
  extension { name: "gift" }
  nested_type { name: "Other" } nested_type { name: "Item" field { name: "id" } }
  enum_type { name: "State" value { name: "OPEN" } value { name: "PAID" } }
}
enum_type { name: "State" value { name: "PAID" } }
service { name: "Carts" method { name: "Get" } method { name: "Put" } }
extension { name: "Cart" }
"""


@pytest.mark.parametrize(
    ("route", "path"),
    [
        (("package",), (2,)),
        (("syntax",), (12,)),
        (("option", 1), (8, 1)),
        (("option", 2), None),
        (("message", "Cart"), (4, 1)),
        (("message", "Cart", "field", "items"), (4, 1, 2, 1)),
        (("message", "Cart", "oneof", "payer"), (4, 1, 8, 0)),
        (("message", "Cart", "extension", "gift"), (4, 1, 6, 0)),
        (("message", "Cart", "message", "Item", "field", "id"), (4, 1, 3, 1, 2, 0)),
        (("message", "Cart", "enum", "State", "value", "PAID"), (4, 1, 4, 0, 2, 1)),
        (("enum", "State", "value", "PAID"), (5, 0, 2, 0)),
        (("service", "Carts", "rpc", "Put"), (6, 0, 2, 1)),
        (("extension", "Cart"), (7, 0)),
        ((), None),
        (("message",), None),
        (("message", "Item"), None),
        (("message", "Cart", "rpc", "Get"), None),
        (("message", "Cart", "field", "id", "field", "id"), None),
        (("enum", "State", "value", "OPEN"), None),
    ],
)
def test_a_route_leads_to_its_descriptor(route: Route, path: Path | None) -> None:
    routes = Routes(Parse(FILE, descriptor_pb2.FileDescriptorProto()))
    assert routes.path(route) == path
    assert routes.path(route) == path  # once more, as what is numbered by now leads there too


def test_an_edition_stands_where_a_syntax_would() -> None:
    file = descriptor_pb2.FileDescriptorProto(syntax="editions")
    assert Routes(file).path(("syntax",)) == (14,)
