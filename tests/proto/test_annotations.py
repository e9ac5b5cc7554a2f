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
    finds_imports,
    format_of,
    http_bindings,
    knows_annotations,
    method_signatures,
    operation_info,
    reference_of,
    resource_of,
)
from archlint.model.protobuf.schemas import ProtoSchema, schema_of
from tests.proto.support import changes, lay_out, load, proto
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


def test_annotations_are_compared_beside_imports_that_are_missing(tmp_path: Path) -> None:
    """But not what an import that was not there before may define now."""

    def told(at: str, before: str, after: str) -> set[str]:
        found = changes(tmp_path / at, {"a.proto": proto(before)}, {"a.proto": proto(after)})
        return {type(change).__name__ for change in found}

    old = ELSEWHERE + LIBRARY
    assert told("same", old, f"{old}// more") == set()
    assert told("found", LIBRARY, old.replace("books/*}:lend", "loans/*}:lend")) >= {"HttpRouteChanged"}
    gone = old.replace("example.com/Shelf", "example.com/Board")
    assert told("gone", old, gone) == {"ResourceChanged"}
    assert told("hidden", LIBRARY, gone) == set()
    newer = old.replace(" = IMMUTABLE", " = NEWER_THAN_ALL")
    assert told("newer", old, newer.replace("/v1/", "/v2/")) == set()


ELSEWHERE = 'import "example.com/elsewhere/x.proto";\n'
OTHER = "message Other { string a = 1 [%s, deprecated = true]; }"


def test_annotations_are_read_beside_imports_that_are_missing(tmp_path: Path) -> None:
    known = schema(tmp_path / "known", LIBRARY).messages[0]
    body = f"{ELSEWHERE}{LIBRARY}{OTHER % '(acme.x) = {{a: 1}}'} message Odd {{ acme.Odd odd = 1; }}"
    library = schema(tmp_path, body)
    assert knows_annotations(library.source) and not finds_imports(library.source)
    assert resource_of(library.messages[0]) == resource_of(known)
    assert [behaviors_of(field) for field in library.messages[0].fields] == [
        behaviors_of(field) for field in known.fields
    ]
    lend = library.services[0].rpcs[0]
    assert (len(http_bindings(lend)), len(method_signatures(lend))) == (2, 2)
    assert operation_info(lend) == OperationInfo("Book", "Loan")
    assert len(defined_resources(library)) == 1


def test_annotations_that_are_committed_are_read_beside_imports_that_are_missing(tmp_path: Path) -> None:
    module = """syntax = "proto3";
package google.api;
import "google/protobuf/descriptor.proto";
extend google.protobuf.MethodOptions { HttpRule http = 72295728; }
message HttpRule { string get = 2; }
"""
    body = f"""{ELSEWHERE}import "google/api/annotations.proto";
service S {{ rpc Get(A) returns (A) {{ option (google.api.http).get = "/a"; }} }} message A {{}}"""
    loaded = load(tmp_path, {"a.proto": proto(body), "google/api/annotations.proto": module})
    found = schema_of(next(file for file in loaded.files if file.path == "a.proto"))
    assert not loaded.problems and http_bindings(found.services[0].rpcs[0]) == (HttpBinding("get", "/a"),)


def test_annotations_that_cannot_be_read_are_not_known(tmp_path: Path) -> None:
    imports = f'{ELSEWHERE}import "google/api/field_behavior.proto";\n'
    for at, (option, is_known) in enumerate(
        {
            "(gogoproto.nullable) = false": True,
            "(google.api.field_behavior) = NEWER_THAN_ALL": False,
            "(google.api.field_newer_than_all) = 1": False,
            "(google.api.resource_reference).type = 'x'": False,  # of a module that is not imported
            "( .google.api.newer).a = 1": False,
        }.items()
    ):
        text = imports + OTHER % f"(google.api.field_behavior) = REQUIRED, {option}"
        source = schema(tmp_path / str(at), text).source
        assert knows_annotations(source) is is_known, option
    text = f"syntax = 'proto3'; package google.a; {ELSEWHERE}{OTHER % '(api.field_behavior) = REQUIRED'}"
    loaded = load(tmp_path / "relative", {"a.proto": text})
    assert not loaded.problems and not knows_annotations(loaded.files[0])


def test_only_what_is_not_read_is_told_and_what_is_absent_is_not(tmp_path: Path) -> None:
    body = (
        ELSEWHERE
        + """import "google/api/annotations.proto";
message Book { string name = 1; acme.Odd odd = 2; }
service Library {
  rpc GetBook(Book) returns (Book) { option (google.api.http) = { post: "/v1/{name=books/*}" %s }; }
  rpc Plain(acme.Odd) returns (acme.Odd);
}"""
    )
    folder = lay_out(
        tmp_path,
        {"known.proto": proto(body % "", "known"), "newer.proto": proto(body % "newer_than_all: 1", "newer")},
    )
    rules = "aip-http-missing,aip-http-verb,aip-resource-unannotated,aip-response-name"
    done = archlint("check", ".", "--format", "json", "--ignore", "ALL", "--select", rules, cwd=folder)
    found = json.loads(done.out)["findings"]
    assert {(item["path"], item["rule"], item["line"]) for item in found} == {
        ("known.proto", "aip-resource-unannotated", 5),
        ("known.proto", "aip-http-verb", 7),
        ("known.proto", "aip-http-missing", 8),
    }
    assert "the google.api annotations of 1 proto file were not read (newer.proto)" in done.err


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
