"""What small APIs are told about Google's proposals, under the names that api-linter has for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archlint.finding.nouns import plural, singulars
from tests.proto.support import lay_out
from tests.support.inside import archlint

HEAD = """syntax = "proto3";
package {package};
import "google/api/annotations.proto";
import "google/api/client.proto";
import "google/api/resource.proto";
import "google/longrunning/operations.proto";
import "google/protobuf/empty.proto";
"""
RESOURCE = """message Shelf {{
  option (google.api.resource) = {{ type: "{type}" pattern: "shelves/{{shelf}}" {style} }};
  string name = 1;
}}
"""
DECLARED = RESOURCE.format(type="l.example.com/Shelf", style="style: DECLARATIVE_FRIENDLY")
PLAIN = RESOURCE.format(type="l.example.com/Shelf", style="")


def _rpc(name: str, takes: str, gives: str, options: str = "") -> str:
    return f"service Shelves {{ rpc {name}({takes}) returns ({gives}) {{ {options} }} }}\n"


def _sort(fields: str) -> str:
    return _rpc("SortShelf", "SortShelfRequest", "Shelf") + f"message SortShelfRequest {{ {fields} }}\n"


def _delete(signature: str, fields: str) -> str:
    option = f'option (google.api.method_signature) = "{signature}";'
    request = f"message DeleteShelfRequest {{ string name = 1; {fields} }}\n"
    return _rpc("DeleteShelf", "DeleteShelfRequest", "google.protobuf.Empty", option) + request


BATCH = _rpc("BatchCreateShelves", "BatchCreateShelvesRequest", "BatchCreateShelvesResponse") + (
    "message CreateShelfRequest {}\n"
    "message BatchCreateShelvesRequest { repeated CreateShelfRequest requests = 1; }\n"
    "message BatchCreateShelvesResponse { repeated Shelf shelves = 1; }\n"
)
REVISIONS = (
    _rpc(
        "ListShelfRevisions",
        "Shelf",
        "google.protobuf.Empty",
        'option (google.api.http) = { post: "/v1/{name=shelves/*}:listRevisions" };',
    )
    + PLAIN
)
ROLLBACK = _rpc("RollbackShelf", "RollbackShelfRequest", "Shelf") + "message RollbackShelfRequest {}\n"
TAKES_ITSELF = _rpc("UpdateShelf", "Shelf", "Shelf", 'option (google.api.http) = { patch: "/v1/a" };')
GET = _rpc("GetShelf", "GetShelfRequest", "google.longrunning.Operation") + "message GetShelfRequest {}\n"
VERB = 'option (google.api.http) = { post: "/v1/{name=shelves/*}:sort_all" body: "*" };'

CASES = [
    ("batch of nouns in f", BATCH + PLAIN, "0233::request-requests-field", ""),
    ("revisions are no collection", REVISIONS, "0132::", ""),
    ("get goes on", GET + PLAIN, "0131::resp", "response-message-name"),
    (
        "type in lower case",
        RESOURCE.format(type="l.a/shelf", style=""),
        "0123::resource-type",
        "resource-type-message resource-type-name",
    ),
    (
        "type without a domain",
        RESOURCE.format(type="Shelf", style=""),
        "0123::resource-type",
        "resource-type-name",
    ),
    ("snake verb", _rpc("SortShelf", "Shelf", "Shelf", VERB) + PLAIN, "0122::camel", "camel-case-uris"),
    ("force that there is", _delete("name,force", "bool force = 2;"), "0135::method-s", ""),
    ("force that there is not", _delete("name,force", ""), "0135::method-s", "method-signature"),
    ("rollback", ROLLBACK + DECLARED, "0136::decl", "declarative-standard-methods-only"),
    (
        "etag of a request",
        ROLLBACK + DECLARED,
        "0154::decl",
        "declarative-friendly-required declarative-friendly-required",
    ),
    ("request is the resource", TAKES_ITSELF + DECLARED, "0163::", ""),
    ("filter of bytes", _sort("bytes filter = 1;") + PLAIN, "0160::", "filter-field-type"),
    ("filters of a kind", _sort("repeated string filter = 1;") + PLAIN, "0160::", ""),
    ("service in lower case", "service shelves {}\n", "0190::", "service-case"),
    ("message in snake case", "message the_shelf {}\n", "0190::", "message-case"),
    ("capitals in snake case", "message THE_SHELF {}\n", "0190::", "message-case"),
    ("version in C#", 'option csharp_namespace = "L.V1beta1";\n', "0191::cs", "csharp-namespace"),
    ("right version in C#", 'option csharp_namespace = "L.V1P1Beta1";\n', "0191::cs", ""),
    ("version in Ruby", 'option ruby_package = "L::V1Beta1";\n', "0191::ruby", "ruby-package"),
    ("right version in PHP", 'option php_namespace = "L\\\\V1beta1";\n', "0191::php", ""),
    ("end of a package of Java", 'option java_package = "l20.v1";\n', "0191::java-p", ""),
]
"""What the API is, what is asked of it, and the names that api-linter has for what is wrong with it."""


def test_small_apis_are_told_what_api_linter_tells(tmp_path: Path) -> None:
    files = {
        f"l{at}/v1/shelf.proto": HEAD.format(package=f"l{at}.v1") + body
        for at, (_, body, _, _) in enumerate(CASES)
    }
    lay_out(tmp_path, files)
    told = archlint("check", ".", "--select", "tag:preset:aip", "--format", "json", cwd=tmp_path)
    found: dict[str, list[str]] = {path: [] for path in files}
    for finding in json.loads(told.out)["findings"]:
        found[finding["path"]] += [
            name.removeprefix("api-linter:core::") for name in finding.get("aliases", ())
        ]
    for (path, names), (about, _, start, wanted) in zip(found.items(), CASES, strict=True):
        seen = sorted(name for name in names if name.startswith(start))
        assert seen == [f"{start[:6]}{name}" for name in wanted.split()], f"{about}: {path}"


@pytest.mark.parametrize(
    ("several", "one"),
    [
        *[("Shelves", "Shelf"), ("BookLoaves", "BookLoaf"), ("wolves", "wolf"), ("Knives", "Knife")],
        *[("Archives", "Archive"), ("Curves", "Curve"), ("Olives", "Olive"), ("Reserves", "Reserve")],
        *[("Categories", "Category"), ("Boxes", "Box"), ("Books", "Book")],
    ],
)
def test_what_one_of_several_is_called(several: str, one: str) -> None:
    assert singulars(several)[0] == one
    assert singulars(several)[-1] == several
    assert plural(one) == several
    assert plural(several) == several


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("UserSettings", "UserSettings"),
        ("Alias", "Aliases"),
        ("Status", "Statuses"),
        ("Key", "Keys"),
        ("Metadata", "Metadata"),
    ],
)
def test_what_several_are_called(one: str, several: str) -> None:
    assert plural(one) == several


def test_a_second_preset_takes_nothing_from_the_first(tmp_path: Path) -> None:
    lay_out(tmp_path, {"a/v1/a.proto": 'syntax = "proto3";\npackage a.v1;\nservice Library {}\n'})
    for selected, is_told in (("buf-standard", True), ("aip", False), ("buf-standard,tag:preset:aip", True)):
        arguments = ("check", ".", "--profile", "minimal", "--select", f"tag:preset:{selected}")
        assert ("PROTO007" in archlint(*arguments, cwd=tmp_path).out) is is_told, selected
