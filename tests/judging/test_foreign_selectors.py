"""Rules under the names that other tools have for them: select, ignore, severity, suppression, waiver."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.inside import archlint

PROTO = """\
syntax = "proto3";

package shop.v1;

import "google/api/annotations.proto";

service BookService {
  rpc GetBook(GetBookRequest) returns (Book) {
    option (google.api.http) = {post: "/v1/{name=books/*}" body: "*"};
  }
  rpc ListBooks(ListBooksRequest) returns (ListBooksResponse) {
    option (google.api.http) = {post: "/v1/books" body: "*"};
  }
}

message GetBookRequest {
  string name = 1;
}

message ListBooksRequest {
  int32 page_size = 1;
}

message ListBooksResponse {
  repeated Book books = 1;
}

message Book {
  string name = 1;
}
"""
GET, LIST = "api-linter:core::0131::http-method", "api-linter:core::0132::http-method"
BOTH = ["api-linter:core::0131::http-method:9", "api-linter:core::0132::http-method:12"]


def told(folder: Path, *flags: str, proto: str = PROTO, settings: str = "profile: minimal\n") -> list[str]:
    """Each name under which a wrong verb is told, with its line."""
    (folder / ".git").mkdir(exist_ok=True)
    (folder / "shop.proto").write_text(proto)
    (folder / "archlint.yaml").write_text(settings)
    done = archlint("check", "shop.proto", "--format", "json", *flags, cwd=folder)
    assert done.code in (0, 1), done.err
    found = json.loads(done.out)["findings"]
    return [
        f"{name}:{item['line']}" for item in found for name in item.get("aliases", []) if "method" in name
    ]


def test_a_name_selects_what_bears_it(tmp_path: Path) -> None:
    assert told(tmp_path) == []
    assert told(tmp_path, "--select", "aip-http-verb") == BOTH
    assert told(tmp_path, "--select", GET) == BOTH[:1]
    assert told(tmp_path, "--select", f"{GET},{LIST}") == BOTH
    assert told(tmp_path, "--select", GET, settings=f"select: ['{LIST}']\n") == BOTH[:1]
    assert told(tmp_path, settings=f"select: [aip-http-verb, '{LIST}']\n") == BOTH


def test_a_name_leaves_out_what_bears_it(tmp_path: Path) -> None:
    chosen = ("--select", "aip-http-verb", "--ignore")
    assert told(tmp_path, *chosen, GET) == BOTH[1:]
    assert told(tmp_path, *chosen, f"{GET},{LIST}") == []
    assert told(tmp_path, "--select", GET, "--ignore", GET) == []
    assert told(tmp_path, "--select", f"{GET},{LIST}", "--ignore", GET) == BOTH[1:]


def test_a_comment_and_an_entry_suppress_what_bears_the_name(tmp_path: Path) -> None:
    said = "    // archlint: ignore[{}] clients of old\n    option "
    for name, left in ((GET, 1), (LIST, 2), (f"{LIST}, {GET}", 1)):
        proto = PROTO.replace("    option ", said.format(name), 1)
        assert len(told(tmp_path, "--select", "aip-http-verb", proto=proto)) == left, name
    entry = "select: [aip-http-verb]\nsuppress: [{rules: ['%s'], paths: ['**'], reason: so}]\n"
    assert told(tmp_path, settings=entry % GET) == BOTH[1:]
    assert told(tmp_path, settings=entry % LIST) == BOTH[:1]


def test_a_suppression_of_what_was_not_asked_for_is_not_unused(tmp_path: Path) -> None:
    proto = PROTO.replace(
        "    option ", "    // archlint: ignore[aip-http-verb] clients of old\n    option ", 1
    )
    (tmp_path / "shop.proto").write_text(proto)
    done = archlint(
        "check", "shop.proto", "--select", f"{LIST},LINT002", "--profile", "minimal", cwd=tmp_path
    )
    assert "unused-suppression" not in done.out
    wrong = proto.replace("aip-http-verb", LIST)
    (tmp_path / "shop.proto").write_text(wrong)
    done = archlint("check", "shop.proto", "--select", "aip-http-verb,LINT002", cwd=tmp_path)
    assert "unused-suppression" in done.out


def test_a_severity_is_that_of_what_bears_the_name(tmp_path: Path) -> None:
    text = f"select: [aip-http-verb]\nrules:\n  '{GET}': {{severity: error}}\n"
    (tmp_path / "archlint.yaml").write_text(text)
    (tmp_path / "shop.proto").write_text(PROTO)
    done = archlint("check", "shop.proto", "--format", "concise", cwd=tmp_path)
    said = {line.split(":")[1]: line for line in done.out.splitlines() if "aip-http-verb" in line}
    assert "error" in said["9"]
    assert "error" not in said["12"]
    config = json.loads(archlint("config", "--format", "json", cwd=tmp_path).out)
    assert config["settings"]["rules"]["value"] == {GET: {"severity": "error"}}


def test_options_go_to_all_rules_that_have_them(tmp_path: Path) -> None:
    text = "rules: {'buf:ENUM_ZERO_VALUE_SUFFIX': {suffix: _NONE}}\n"
    (tmp_path / "archlint.yaml").write_text(text)
    rules = json.loads(archlint("config", "--format", "json", cwd=tmp_path).out)["settings"]["rules"]["value"]
    assert rules["proto-enum-zero-value"] == {"suffix": "_NONE"}
    (tmp_path / "archlint.yaml").write_text(text.replace("suffix:", "sufix:"))
    done = archlint("config", cwd=tmp_path)
    assert done.code == 2
    assert "has no option 'sufix'; did you mean 'suffix'?" in done.err


@pytest.mark.parametrize(
    ("given", "nearest"),
    [
        ("buf:IMPORT_USD", "buf:IMPORT_USED"),
        ("api-linter:core::0131::http-methods", GET),
        ("kube-score:container-resource", "kube-score:container-resources"),
        ("bff:IMPORT_USED", "buf:IMPORT_USED"),
    ],
)
def test_a_name_that_no_tool_has_is_an_error_with_the_nearest(
    given: str, nearest: str, tmp_path: Path
) -> None:
    done = archlint("check", ".", "--select", given, cwd=tmp_path)
    assert done.code == 2
    assert f"no rule stands for '{given}'; did you mean '{nearest}'?" in done.err
    for key in (f"ignore: ['{given}']", f"rules: {{'{given}': {{severity: info}}}}"):
        (tmp_path / "archlint.yaml").write_text(f"{key}\n")
        done = archlint("check", ".", cwd=tmp_path)
        assert done.code == 2
        assert f"did you mean '{nearest}'?" in done.err


def test_a_name_that_several_rules_have_means_all_of_them(tmp_path: Path) -> None:
    listed = archlint("rules", "spectral:path-params", "--format", "json", cwd=tmp_path)
    assert len(json.loads(listed.out)) > 1
    every = [rule["name"] for rule in json.loads(listed.out)]
    chosen = ("--profile", "minimal", "--select", "spectral:path-params")
    shown = archlint("config", "--format", "json", *chosen, cwd=tmp_path)
    assert {rule["name"] for rule in json.loads(shown.out)["rules"]}.issuperset(every)
