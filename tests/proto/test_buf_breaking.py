"""buf as the judge of what changes break: the same rules at the same lines, as its settings ask for them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from archlint.comparison.protobuf.buf.elements import FileElements
from archlint.documents.proto import ProtoFile
from archlint.documents.proto.buf_breaking import known_breaking_rules
from tests.proto import breaking_elements, breaking_settings
from tests.proto.support import lay_out
from tests.proto.test_buf_lint import BUF, Told, in_terms_of_buf, told_by_buf
from tests.support.inside import archlint

pytestmark = pytest.mark.skipif(not BUF.exists(), reason="needs buf-bin")

OLD = {
    "shop/two.proto": """\
syntax = "proto2";
package shop;
option java_package = "shop.old";
option go_package = "example.com/shop";
option optimize_for = SPEED;
option java_string_check_utf8 = true;
message Cart {
  optional string currency = 1 [default = "EUR"];
  optional int32 limit = 2 [default = 5];
  optional State state = 3;
  optional int64 id = 4 [jstype = JS_STRING];
  optional string note = 5 [ctype = CORD];
  oneof gone { string left = 6; string right = 7; }
  optional State last = 8 [default = OPEN];
  optional double rate = 9 [default = 1.5];
  optional bool kept = 10 [default = false];
  message Set { option message_set_wire_format = false; }
}
enum State { NONE = 0; OPEN = 1; SHUT = 2; }
service Carts {
  rpc Get(Cart) returns (Cart);
  rpc Put(Cart) returns (Cart) { option idempotency_level = NO_SIDE_EFFECTS; }
}
message Plain {
  extensions 100 to 199;
  extensions 300;
  extend Plain { optional string inner = 101; }
}
extend Plain { optional int32 outer = 103 [default = 3]; optional int32 retyped = 104; }
""",
    "shop/edition.proto": """\
edition = "2023";
package shop.e;
enum Open { A = 0; }
enum Written { option features.json_format = ALLOW; B = 0; }
message Cart {
  string name = 1;
  bytes data = 2;
  message Line { option features.json_format = ALLOW; int32 count = 1; }
}
""",
    "shop/moved.proto": """\
syntax = "proto2";
package shop.m;
enum State { NONE = 0; }
message Cart { optional string name = 1; map<string, string> labels = 2; }
""",
}
NEW = {
    "shop/two.proto": """\
syntax = "proto2";
package shop;
option java_package = "shop.new";
option optimize_for = CODE_SIZE;
option csharp_namespace = "Shop";
message Cart {
  optional string currency = 1 [default = "USD"];
  optional int32 limit = 2;
  optional State state = 3 [default = SHUT];
  optional int64 id = 4;
  optional string note = 5;
  optional State last = 8 [default = SHUT];
  oneof other { string left = 6; string right = 7; }
  optional double rate = 9 [default = 15e-1];
  optional bool kept = 10;
  message Set { option no_standard_descriptor_accessor = true; }
}
enum State { NONE = 0; OPEN = 1; SHUT = 2; }
service Carts {
  rpc Get(Cart) returns (Cart) { option idempotency_level = IDEMPOTENT; }
  rpc Put(Cart) returns (Cart) { option idempotency_level = NO_SIDE_EFFECTS; }
}
message Plain {
  option no_standard_descriptor_accessor = true;
  extensions 100 to 149;
  extend Plain { optional int32 inner = 101; }
}
extend Plain { optional int32 outer = 103 [default = 4]; optional int64 retyped = 104; }
""",
    "shop/edition.proto": """\
edition = "2023";
package shop.e;
enum Open {
  option features.enum_type = CLOSED; A = 0; }
enum Written { option features.json_format = LEGACY_BEST_EFFORT; B = 0; }
message Cart {
  string name = 1 [features.utf8_validation = NONE];
  bytes data = 2;
  message Line {
    option features.json_format = LEGACY_BEST_EFFORT;
    int32 count = 1 [default = 3];
  }
}
""",
    "shop/moved.proto": """\
syntax = "proto3";
package shop.m;
enum State { NONE = 0; }
message Cart { optional string name = 1; map<string, string> labels = 2; }
""",
}
SETS = ("FILE", "PACKAGE", "CSR", "WIRE_JSON", "WIRE")
EVERY = sorted({rule for rules in known_breaking_rules("v2").values() for rule in rules})
PAIRS = {
    "old": {**OLD, **breaking_elements.OLD, **breaking_settings.OLD},
    "new": {**NEW, **breaking_elements.NEW, **breaking_settings.NEW},
}


def laid_out(folder: Path, settings: Mapping[str, Any], files: Mapping[str, Mapping[str, str]]) -> Path:
    """Both sides, with settings of buf on each."""
    for side, found in files.items():
        lay_out(folder / side, {**found, "buf.yaml": yaml.safe_dump(settings)})
    return folder


def judged(folder: Path) -> Told:
    """What ``buf breaking`` says with the settings of the newer side."""
    return told_by_buf(folder / "new", "breaking", "--against", "../old")


def told_by_archlint(folder: Path, *select: str) -> Told:
    """The same of ``archlint breaking``; what is told of the older side has no path in buf."""
    told = in_terms_of_buf(archlint("breaking", "old", "new", *select, "--format", "json", cwd=folder))
    return {
        (rule, path.removeprefix("new/") if path.startswith("new/") else "", line)
        for rule, path, line in told
    }


@pytest.mark.parametrize("version", ["v1beta1", "v1", "v2"])
def test_rules_and_sets_are_those_of_buf(version: str) -> None:
    command = [BUF, "config", "ls-breaking-rules", "--version", version, "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    rules = [json.loads(line) for line in done.stdout.splitlines()]
    by_set = {
        name: {each["id"] for each in rules if name in each["categories"]}
        for rule in rules
        for name in rule["categories"]
    }
    known = known_breaking_rules(version)
    assert {rule["id"] for rule in rules} <= set(known)
    assert {name: known[name] for name in by_set} == by_set
    assert {*SETS} & set(known) == set(by_set)


def test_every_rule_is_met_in_every_syntax_and_edition(tmp_path: Path) -> None:
    folder = laid_out(tmp_path, {"version": "v2", "breaking": {"use": EVERY}}, PAIRS)
    by_buf = judged(folder)
    assert told_by_archlint(folder) == by_buf
    assert set(EVERY) - {rule for rule, _, _ in by_buf} == {"MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT"}


@pytest.mark.parametrize("name", SETS)
def test_sets_are_presets(name: str, tmp_path: Path) -> None:
    folder = laid_out(tmp_path, {"version": "v2", "breaking": {"use": [name]}}, PAIRS)
    by_buf = judged(folder)
    for side in PAIRS:
        (folder / side / "buf.yaml").unlink()
    preset = f"tag:preset:buf-{name.lower().replace('_', '-')}"
    assert told_by_archlint(folder, "--select", preset) == by_buf


def _proto(package: str, body: str) -> str:
    return f'syntax = "proto2";\npackage {package};\n{body}\n'


FIELD, NO_FIELD = "message U { optional int32 a = 1; }", "message U {}"
UNSTABLE = (
    "u.v1beta1",
    "u.v1test",
    "u.v1p1alpha",
    "u.v1",
    "z.v0",
    "z.v1main",
    "z.v1beta1.sub",
    "z.v1testfoo",
)
MOVES = {
    "old": {
        "ignored/gone.proto": _proto("ig", "message G {}"),
        "ignored/a.proto": _proto("ig", FIELD + " message MV { optional int32 a = 1; }"),
        "b.proto": _proto("ig", "message B { optional int32 a = 1; } message MV2 { optional int32 a = 1; }"),
        "alpha.proto": _proto("ug.v1alpha1", FIELD),
        "m.proto": _proto("u2.v1beta1", FIELD),
        **{f"u/{package}.proto": _proto(package, FIELD) for package in UNSTABLE},
    },
    "new": {
        "ignored/a.proto": _proto("ig", NO_FIELD + " message MV2 {}"),
        "b.proto": _proto("ig", "message B {} message MV {}"),
        "m.proto": _proto("u2.v1", NO_FIELD),
        **{f"u/{package}.proto": _proto(package, NO_FIELD) for package in UNSTABLE},
    },
}


@pytest.mark.parametrize(
    "settings",
    [
        {"version": "v2", "breaking": {"ignore": ["ignored"]}},
        {"version": "v1", "breaking": {"use": ["PACKAGE"], "ignore_unstable_packages": True}},
        {"version": "v1beta1", "breaking": {"use": ["WIRE", "FILE_NO_DELETE"], "ignore": ["b.proto"]}},
        {
            "version": "v2",
            "breaking": {
                "use": ["FILE", "PACKAGE"],
                "except": ["MESSAGE_NO_DELETE"],
                "ignore_only": {"FILE_NO_DELETE": ["ignored"], "PACKAGE": ["u/u.v1.proto", "alpha.proto"]},
            },
        },
        {
            "version": "v2",
            "modules": [
                {"path": "ignored", "breaking": {"use": ["PACKAGE"]}},
                {"path": "u", "breaking": {"use": ["WIRE_JSON"], "ignore": ["u/z.v0.proto"]}},
            ],
            "breaking": {"use": ["FILE_NO_DELETE"]},
        },
        {"version": "v1", "breaking": {"use": ["FILE"]}, "build": {"excludes": ["ignored"]}},
    ],
    ids=["ignored", "unstable", "oldest", "ignored-by-rule", "modules", "excluded"],
)
def test_settings_are_obeyed(settings: Mapping[str, Any], tmp_path: Path) -> None:
    files = MOVES
    if "modules" in settings:  # what is in none of them is nothing to buf
        files = {
            side: {path: text for path, text in found.items() if path.startswith(("ignored/", "u/"))}
            for side, found in MOVES.items()
        }
    folder = laid_out(tmp_path, settings, files)
    assert told_by_archlint(folder) == judged(folder)


@pytest.mark.parametrize(
    "settings",
    [
        {"version": "v1", "build": {"excludes": ["ignored", "b.proto"]}},
        {"version": "v1beta1", "build": {"roots": ["u"], "excludes": ["u/u.v1test.proto"]}},
        {"version": "v2", "modules": [{"path": "u", "includes": ["u/z.v0.proto"]}]},
        {"version": "v2", "modules": [{"path": "u", "excludes": ["u/u.v1.proto"]}], "breaking": {}},
    ],
    ids=["oldest", "roots", "parts", "asked"],
)
def test_nothing_is_told_of_what_is_no_part_of_a_module(settings: Mapping[str, Any], tmp_path: Path) -> None:
    """Neither under the names of buf nor under those of archlint."""
    folder = laid_out(tmp_path, settings, MOVES)
    parts = [*settings.get("modules", ()), settings.get("build", {})]
    out = [path for part in parts for path in part.get("excludes", ())]
    if "includes" in parts[0]:
        out += [path for path in MOVES["new"] if path.startswith("u/") and path not in parts[0]["includes"]]
    told = {finding["path"] for finding in _findings(folder)}
    assert told
    assert not [path for path in told for left in out if path.removeprefix("new/").startswith(left)]


def _findings(folder: Path) -> list[dict[str, Any]]:
    done = archlint("breaking", "old", "new", "--fail-on", "never", "--format", "json", cwd=folder)
    found: list[dict[str, Any]] = json.loads(done.out)["findings"]
    return found


def test_modules_are_found_again_by_their_folders(tmp_path: Path) -> None:
    """Modules have files of the same names and packages, and one of them keeps none of its files."""
    settings = yaml.safe_dump({"version": "v1", "breaking": {"use": ["FILE", "PACKAGE"]}})
    numbers = "message M { optional int32 a = 1; optional int32 b = 2; }"
    files = {
        "old/a": {"1.proto": _proto("p", FIELD)},
        "old/b": {"1.proto": _proto("p", numbers), "2.proto": _proto("p.two", FIELD)},
        "old/deep/c": {"1.proto": _proto("q", numbers)},
        "new/a": {"1.proto": _proto("p", FIELD.replace("int32", "string"))},
        "new/b": {"1.proto": _proto("p", FIELD.replace("U", "M"))},
        "new/deep/c": {"2.proto": _proto("q.other", NO_FIELD)},
    }
    by_buf: Told = set()
    for folder, found in files.items():
        lay_out(tmp_path / folder, {**found, "buf.yaml": settings})
    for module in ("a", "b", "deep/c"):
        told = told_by_buf(tmp_path / "new" / module, "breaking", "--against", tmp_path / "old" / module)
        by_buf |= {(rule, path and f"{module}/{path}", line) for rule, path, line in told}
    assert told_by_archlint(tmp_path) == by_buf
    assert {path for _, path, _ in by_buf} == {"", "a/1.proto", "b/1.proto"}


def test_what_is_gone_with_its_file_is_told_once(tmp_path: Path) -> None:
    files = {
        "old": {"a.proto": _proto("p", FIELD), "b.proto": _proto("p", "message B {}")},
        "new": {"a.proto": _proto("p", FIELD)},
    }
    laid_out(tmp_path, {"version": "v2", "breaking": {"use": ["FILE"]}}, files)
    done = archlint("breaking", "old", "new", "--format", "json", cwd=tmp_path)
    found = [(each["rule"], each["path"]) for each in json.loads(done.out)["findings"]]
    assert found == [("proto-file-removed", "old/b.proto")]


def test_types_of_files_that_are_not_here_are_the_same_by_their_last_name(tmp_path: Path) -> None:
    head = 'syntax = "proto3";\npackage shop.v1;\nimport "acme/money.proto";\n'
    body = "message Cart { acme.Money sum = 1; map<string, acme.Kind> kinds = 2; }\n"
    service = "service Carts { rpc Get(acme.Money) returns (acme.Money); }\n"
    files = {
        "old": {"cart.proto": head + body + service},
        "new": {
            "cart.proto": head
            + 'import "acme/kind.proto";\n'
            + body.replace("acme.Kind", "acme.x.Kind")
            + service
        },
    }
    settings = {"version": "v2", "deps": ["buf.build/acme/money"], "breaking": {"use": EVERY}}
    assert told_by_archlint(laid_out(tmp_path, settings, files)) == set()


def test_of_unchanged_files_only_those_of_packages_that_are_asked_for_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = "enum State { NONE = 0; } message Kinds { enum State { A = 3; } }"
    same = {
        "kinds.proto": _proto("shop.kinds", kinds),
        "rootless.proto": 'syntax = "proto2";\nenum Rootless { R = 5; }\n',
        "cart/types.proto": _proto("shop.cart", "enum Unused { U = 0; }"),
        "idle.proto": _proto("shop.idle", FIELD),
        "more.proto": _proto("shop.kinds.more", "enum State { ALSO = 0; ELSE = 1; }"),
    }
    imports = "".join(f'import "{name}.proto"; ' for name in ("kinds", "rootless", "more"))
    types = ("shop.kinds.State", "shop.kinds.Kinds.State", "shop.kinds.more.State", "Rootless")
    cart = {
        side: imports
        + "message Cart { "
        + " ".join(f"optional .{name} f{at} = {at};" for at, name in enumerate(turned, 1))
        + " }"
        + more
        for side, turned, more in (("old", types, " enum Gone { G = 0; }"), ("new", types[::-1], ""))
    }
    files = {side: {**same, "cart/cart.proto": _proto("shop.cart", text)} for side, text in cart.items()}
    opened: list[str] = []
    original = FileElements.__init__

    def open_(self: FileElements, source: ProtoFile) -> None:
        opened.append(source.path)
        original(self, source)

    monkeypatch.setattr(FileElements, "__init__", open_)
    folder = laid_out(tmp_path, {"version": "v2", "breaking": {"use": EVERY}}, files)
    by_buf = judged(folder)
    assert {"FIELD_SAME_DEFAULT", "PACKAGE_ENUM_NO_DELETE"} <= {rule for rule, _, _ in by_buf}
    assert told_by_archlint(folder) == by_buf
    assert len(opened) == len(set(opened))
    assert not any(path.endswith("idle.proto") for path in opened)


def test_one_edit_of_a_field_is_one_finding_under_all_names_of_buf(tmp_path: Path) -> None:
    head = 'syntax = "proto3";\npackage shop.v1;\nmessage U { string k = 1; }\nmessage P { bytes d = 1; }\n'
    settings = "version: v2\nbreaking: {use: [FIELD_SAME_NAME, FIELD_SAME_JSON_NAME, FIELD_SAME_TYPE]}\n"
    sides = {
        "old": "message A {\n  U user = 1;\n  string isp_path = 2;\n}\n",
        "new": "message A {\n  P part = 1;\n  string asn_path = 2;\n  string isp_path = 3;\n}\n",
    }
    for side, text in sides.items():
        lay_out(tmp_path / side, {"shop/v1/a.proto": head + text, "buf.yaml": settings})
    done = archlint("breaking", "old", "new", "--format", "json", cwd=tmp_path)
    names = ["buf:FIELD_SAME_JSON_NAME", "buf:FIELD_SAME_NAME"]
    assert [(each["line"], sorted(each["aliases"])) for each in json.loads(done.out)["findings"]] == [
        (6, [*names, "buf:FIELD_SAME_TYPE"]),
        (7, names),
    ]
