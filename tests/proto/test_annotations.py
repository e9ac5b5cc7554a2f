"""What Google's annotations say is read from the bytes of the options, with nothing but the compiler."""

from __future__ import annotations

import json
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from archlint.documents.proto.wire import WireMessage
from archlint.model.protobuf.annotations import (
    FieldBehavior,
    HttpBinding,
    OperationInfo,
    ResourceReference,
    ResourceType,
    behaviors_of,
    defined_resources,
    format_of,
    http_bindings,
    knows_annotations,
    method_signatures,
    operation_info,
    reference_of,
    resource_of,
)
from archlint.model.protobuf.schemas import ProtoSchema, schema_of
from tests.proto.support import lay_out, load, proto
from tests.support.inside import archlint

IMPORTS = "".join(
    f'import "google/{name}.proto";\n'
    for name in ("api/annotations", "api/client", "api/field_info", "api/resource", "longrunning/operations")
)
LIBRARY = f"""{IMPORTS}import "google/api/field_behavior.proto";
option (google.api.resource_definition) = {{ type: "example.com/Shelf" pattern: "shelves/{{shelf}}" }};
service Library {{
  rpc LendBook(Book) returns (google.longrunning.Operation) {{
    option (google.api.http) = {{
      post: "/v1/{{name=books/*}}:lend" body: "*" response_body: "book"
      additional_bindings {{ custom {{ kind: "LEND" path: "/lend" }} }}
    }};
    option (google.api.method_signature) = "name,at";
    option (google.api.method_signature) = "";
    option (google.longrunning.operation_info) = {{ response_type: "Book" metadata_type: "Loan" }};
  }}
  rpc Plain(Book) returns (Book);
}}
message Book {{
  option (google.api.resource) = {{
    type: "example.com/Book" pattern: "books/{{book}}" pattern: "shelves/{{shelf}}/books/{{book}}"
    name_field: "name" plural: "books" singular: "book" style: DECLARATIVE_FRIENDLY
  }};
  string name = 1 [(google.api.field_behavior) = REQUIRED, (google.api.field_behavior) = IMMUTABLE];
  string parent = 2 [(google.api.resource_reference) = {{ child_type: "example.com/Book" }}];
  string id = 3 [(google.api.field_info).format = UUID4];
}}
"""


def schema(folder: Path, body: str) -> ProtoSchema:
    """The only file."""
    loaded = load(folder, {"a.proto": proto(body)})
    assert not loaded.problems
    return schema_of(loaded.files[0])


def test_annotations_are_read_though_nobody_has_committed_what_defines_them(tmp_path: Path) -> None:
    library = schema(tmp_path, LIBRARY)
    lend, plain = library.services[0].rpcs
    name, parent, number = library.messages[0].fields
    assert knows_annotations(library.source)
    assert http_bindings(lend) == (
        HttpBinding("post", "/v1/{name=books/*}:lend", "*", "book"),
        HttpBinding("lend", "/lend"),
    )
    assert method_signatures(lend) == ("name,at", "")
    assert operation_info(lend) == OperationInfo("Book", "Loan")
    assert (http_bindings(plain), method_signatures(plain), operation_info(plain)) == ((), (), None)
    patterns = ("books/{book}", "shelves/{shelf}/books/{book}")
    book = ResourceType("example.com/Book", patterns, "name", "books", "book", is_declarative=True)
    assert resource_of(library.messages[0]) == book
    assert defined_resources(library) == (ResourceType("example.com/Shelf", ("shelves/{shelf}",)),)
    assert behaviors_of(name) == {FieldBehavior.REQUIRED, FieldBehavior.IMMUTABLE}
    assert (behaviors_of(parent), reference_of(name)) == (frozenset(), None)
    assert reference_of(parent) == ResourceReference("", "example.com/Book")
    assert (format_of(number), format_of(name)) == (1, 0)


def test_without_the_definitions_nothing_is_said_to_be_known(tmp_path: Path) -> None:
    body = 'import "gogoproto/gogo.proto";\nmessage A { string a = 1 [(gogoproto.nullable) = false]; }'
    assert not knows_annotations(schema(tmp_path, body).source)


@given(st.binary(max_size=60))
def test_no_bytes_are_too_odd(data: bytes) -> None:
    read = WireMessage(data)
    for number in range(20):
        assert isinstance(read.text(number), str)
        assert all(isinstance(value, int) for value in read.numbers(number))


def test_comments_for_api_linter_are_obeyed(tmp_path: Path) -> None:
    disabled = "core::0131::request-message-name=disabled"
    body = f"""service S {{
  rpc GetBook(A) returns (A);
  // (-- api-linter: {disabled}
  //     aip.dev/not-precedent: it was so --)
  rpc GetShelf(A) returns (A);
  // (-- api-linter: core::0131=disabled --)
  rpc GetPage(A) returns (A);
  // (-- api-linter: core::0131::request-message=disabled --)
  rpc GetLine(A) returns (A); // (-- api-linter: {disabled} --)
}}
// (-- api-linter: all=disabled --)
service T {{ rpc GetBook(A) returns (A); }}
message A {{}}"""
    lay_out(tmp_path, {"a.proto": proto(body), "b.proto": f"// api-linter: {disabled}\n\n{proto(body, 'b')}"})
    done = archlint("check", ".", "--ignore", "ALL", "--select", "aip-request-name", cwd=tmp_path)
    assert re.findall(r"(?m)^ +(\d+):\d+ ", done.out) == ["4", "11"]


def test_what_is_deprecated_has_no_name_of_api_linter(tmp_path: Path) -> None:
    fields = "string old = 1 [deprecated = true];\n  string new = 2;"
    lay_out(tmp_path, {"a.proto": proto(f"// A.\nmessage A {{\n  {fields}\n}}")})
    options = ("check", ".", "--ignore", "ALL", "--select", "proto-comment-missing", "--format", "json")
    told = json.loads(archlint(*options, cwd=tmp_path).out)["findings"]
    names = [[alias.partition(":")[0] for alias in finding["aliases"]] for finding in told]
    assert names == [["buf"], ["buf", "api-linter"]]
