"""What small APIs are told about Google's proposals, under the names that api-linter has for it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, strategies

from archlint.finding.nouns import is_plural, plural, singulars
from archlint.model.protobuf.resources import snake
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


def _create(noun: str, top: str = "shelves/{shelf}/") -> str:
    """A resource of some name, made with what AIP-133 wants of the field that holds it."""
    annotation = f'option (google.api.resource) = {{ type: "l.a/{noun}" pattern: "{top}a/{{b}}" }};'
    resource = f"message {noun} {{ {annotation} }}"
    request = f"message Create{noun}Request {{ string parent = 1; {noun} FIELD = 2; string FIELD_id = 3; }}\n"
    return _rpc(f"Create{noun}", f"Create{noun}Request", noun, "SIGNATURE") + resource + request


def _created(noun: str, field: str, signature: str, top: str = "shelves/{shelf}/") -> str:
    option = f'option (google.api.method_signature) = "{signature}";'
    return _create(noun, top).replace("FIELD", field).replace("SIGNATURE", option)


def _shelf(*fields: str) -> str:
    return f"message Shelf {{ {' '.join(fields)} }}\n"


def _typed(said: str) -> str:
    return RESOURCE.format(type=said, style="")


def _plural(said: str) -> str:
    return RESOURCE.format(type="l.a/Shelf", style=f'plural: "{said}"')


LISTED = (
    _rpc("ListShelfRevisions", "ListShelfRevisionsRequest", "ListShelfRevisionsResponse", "OPTION")
    + "message ListShelfRevisionsRequest { string FIELD = 1; }\n"
    + "message ListShelfRevisionsResponse { repeated Shelf shelves = 1; }\n"
    + PLAIN
)


def _listed(field: str, path: str) -> str:
    return LISTED.replace("FIELD", field).replace(
        "OPTION", f'option (google.api.http) = {{ post: "{path}" }};'
    )


def _enum(name: str, zero: str) -> str:
    return f"enum {name} {{ {zero} = 0; }}\n"


TO_SHELVES = '[(google.api.resource_reference) = { type: "l.a/Shelf" }]'
PEOPLE = (
    _rpc("BatchCreatePeople", "BatchCreatePeopleRequest", "BatchCreatePeopleResponse")
    + "message CreatePersonRequest {}\nmessage Person {}\n"
    + "message BatchCreatePeopleRequest { repeated CreatePersonRequest requests = 1; }\n"
    + "message BatchCreatePeopleResponse { repeated Person people = 1; }\n"
)
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
    ("capitals in a namespace", 'option csharp_namespace = "L.GSuiteAddOns.V1";\n', "0191::cs", ""),
    ("words with digits", _created("S3Bucket", "s3bucket", "parent,s3bucket,s3bucket_id"), "0133::m", ""),
    (
        "digits apart",
        _created("S3Bucket", "s3_bucket", "parent"),
        "0133::request-resource-f",
        "request-resource-field",
    ),
    ("word behind capitals", _created("SSEGate", "sse_gate", "parent,sse_gate,sse_gate_id"), "0133::m", ""),
    ("at the top", _created("Box", "box", "", ""), "0133::method", "method-signature"),
    ("signature at the top", _created("Box", "box", "box,box_id", ""), "0133::method", ""),
    ("revisions of one", _listed("name", "/v1/{name=shelves/*}:listRevisions"), "0132::http", ""),
    (
        "revisions as a list",
        _listed("name", "/v1/{name=shelves/*}/revisions"),
        "0132::http-m",
        "http-method",
    ),
    (
        "revisions of a parent",
        _listed("parent", "/v1/{parent=shelves/*}:listRevisions"),
        "0132::http-m",
        "http-method",
    ),
    ("people", PEOPLE, "0233::request-requests", "request-requests-behavior"),
    ("plural with a capital", _plural("Shelves"), "0123::resource-pattern-p", "resource-pattern-plural"),
    (
        "type of two slashes",
        RESOURCE.format(type="l/a/Shelf", style=""),
        "0123::resource-type",
        "resource-type-name",
    ),
    (
        "type of another name",
        RESOURCE.format(type="Box", style=""),
        "0123::resource-type-m",
        "resource-type-message",
    ),
    ("time in nanoseconds", _shelf("int64 start_ns = 1;"), "0142::time", "time-field-type"),
    ("namespace", _shelf("string ns = 1;"), "0142::", ""),
    ("country that is a resource", _shelf(f"string country = 1 {TO_SHELVES};"), "0143::", ""),
    (
        "map of references",
        _shelf(f"map<string, string> a = 1 {TO_SHELVES};"),
        "0122::",
        "resource-reference-type",
    ),
    ("filters of any type", _sort("repeated Shelf filters = 1;") + PLAIN, "0160::", "filter-field-name"),
    ("zero value for buf", _enum("S3URL", "S3URL_UNSPECIFIED"), "0126::", ""),
    ("zero value with words", _enum("S3URL", "S3_URL_UNSPECIFIED"), "0126::", ""),
    ("other zero value", _enum("S3URL", "S_3_URL_UNSPECIFIED"), "0126::", "unspecified"),
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


PACKAGES = {
    "a.main": False,
    "a.v1master": False,
    "a.type": False,
    "a.types": True,
    "a.v1internal": False,
    "a.domain.b": True,
    "a.vault": True,
    "a": True,
}
"""Packages, and whether they lack a version."""


def test_packages_have_a_version_or_are_the_newest_state(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        {f"{name}.proto": f'syntax = "proto3";\npackage {name};\nmessage M {{}}\n' for name in PACKAGES},
    )
    told = archlint("check", ".", "--select", "aip-package-unversioned", "--format", "json", cwd=tmp_path)
    findings = json.loads(told.out)["findings"]
    found = {said["arguments"]["package"] for said in findings if said["rule"] == "aip-package-unversioned"}
    assert found == {name for name, lacks in PACKAGES.items() if lacks}


PARTS = (
    "A",
    "a",
    "GSuite",
    "XMLHttp",
    "S3",
    "S3Url",
    "IPv4",
    "iOS",
    "HTTPAPI",
    "V1",
    "V1beta1",
    "v1p1Alpha",
    "a_b",
)


def test_proposed_namespaces_are_not_told_of(tmp_path: Path) -> None:
    values = [f"{part}{dot}B" for dot in (".", "::") for part in PARTS]
    for _ in range(2):
        options = [("csharp_namespace" if "." in value else "ruby_package", value) for value in values]
        lay_out(
            tmp_path,
            {
                f"f{at}.proto": f'syntax = "proto3";\npackage a.v1;\noption {option} = "{value}";\n'
                for at, (option, value) in enumerate(options)
            },
        )
        told = archlint("check", ".", "--select", "aip-namespace-case", "--format", "json", cwd=tmp_path)
        findings = json.loads(told.out)["findings"]
        found = [said["arguments"] for said in findings if said["rule"] == "aip-namespace-case"]
        assert all(said["proposal"] != said["value"] for said in found)
        proposed = {said["value"]: said["proposal"] for said in found}
        values = [proposed.get(value, value) for value in values]
    assert not found


@given(strategies.from_regex(r"[A-Za-z][A-Za-z0-9]{0,12}", fullmatch=True))
def test_fields_are_called_after_names(name: str) -> None:
    field = snake(name)
    assert field.replace("_", "") == name.lower()
    assert snake(field) == field
    assert not re.search(r"^_|_\Z|__|_[0-9]", field)


@pytest.mark.parametrize(
    ("several", "one"),
    [
        *[("Shelves", "Shelf"), ("BookLoaves", "BookLoaf"), ("wolves", "wolf"), ("Knives", "Knife")],
        *[("Archives", "Archive"), ("Curves", "Curve"), ("Olives", "Olive"), ("Reserves", "Reserve")],
        *[("Categories", "Category"), ("Boxes", "Box"), ("Books", "Book")],
        *[("People", "Person"), ("BookCriteria", "BookCriterion"), ("women", "woman"), ("Apis", "Api")],
    ],
)
def test_what_one_of_several_is_called(several: str, one: str) -> None:
    assert singulars(several)[0] == one
    assert singulars(several)[-1] == several
    assert plural(one) == several
    assert plural(several) == several


@pytest.mark.parametrize(
    ("word", "is_several"),
    [
        *[("uris", True), ("kpis", True), ("gpus", True), ("menus", True), ("indices", True)],
        *[("analysis", False), ("basis", False), ("status", False), ("bus", False), ("address", False)],
    ],
)
def test_words_in_s_are_plurals_or_not(word: str, is_several: bool) -> None:
    assert is_plural(word) is is_several


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
