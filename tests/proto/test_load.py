"""Compiling proto files: roots, copies, missing imports, bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archlint.documents.proto import LoadedProtos, ProtoFile, load_protos
from archlint.documents.proto.protoc import published
from archlint.files import WorkingTree
from archlint.finding import Span
from tests.proto.support import lay_out, load, proto
from tests.support.inside import archlint

ADVICE = "Add the file, or correct the name: it starts at an import root."


def paths(loaded: LoadedProtos) -> list[str]:
    return [file.path for file in loaded.files]


def problems(loaded: LoadedProtos) -> list[tuple[str, Span | None, str]]:
    return [(problem.path, problem.span, problem.message) for problem in loaded.problems]


def test_nothing_to_compile(tmp_path: Path) -> None:
    assert load(tmp_path, {"a.txt": ""}) == LoadedProtos()


def test_import_roots_are_found_by_names(tmp_path: Path) -> None:
    files = {
        "contracts/proto/shop/cart.proto": proto('import "shop/money.proto";\nmessage Cart { Money m = 1; }'),
        "contracts/proto/shop/money.proto": proto("message Money {}"),
    }
    loaded = load(tmp_path, files)
    assert (paths(loaded), loaded.problems) == (sorted(files), ())


def test_import_with_the_path_of_a_go_module(tmp_path: Path) -> None:
    files = {
        "server/cart.proto": proto(
            'import "example.com/shop/v3/pkg/money.proto";\nmessage Cart { Money m = 1; }'
        ),
        "pkg/money.proto": proto("message Money {}"),
    }
    loaded = load(tmp_path, files)
    assert (paths(loaded), loaded.problems) == (["pkg/money.proto", "server/cart.proto"], ())


def test_well_known_types_come_with_the_compiler(tmp_path: Path) -> None:
    body = 'import "google/protobuf/timestamp.proto";\nmessage A { google.protobuf.Timestamp at = 1; }'
    loaded = load(tmp_path, {"a.proto": proto(body)})
    assert (paths(loaded), loaded.problems) == (["a.proto"], ())


def test_copies_of_the_same_files_are_all_compiled(tmp_path: Path) -> None:
    tree = {
        "shop/cart.proto": proto('import "shop/money.proto";\nmessage Cart { Money m = 1; }'),
        "shop/money.proto": proto("message Money {}"),
    }
    files = {
        f"{root}/{path}": text for root in ("protos", "src/a/proto", "src/b") for path, text in tree.items()
    }
    loaded = load(tmp_path, files)
    assert (paths(loaded), loaded.problems) == (sorted(files), ())


def test_copies_on_one_line_are_found_by_the_compiler(tmp_path: Path) -> None:
    files = {f"{name}/a.proto": 'syntax = "proto3"; package p; message A {}' for name in ("x", "y", "z")}
    loaded = load(tmp_path, files)
    assert (paths(loaded), loaded.problems) == (sorted(files), ())


def test_one_file_imported_under_two_names(tmp_path: Path) -> None:
    files = {
        "proto/money.proto": proto("message Money {}"),
        "proto/cart.proto": proto('import "money.proto";\nmessage Cart { Money m = 1; }'),
        "proto/order.proto": proto('import "proto/money.proto";\nmessage Order { Money m = 1; }'),
        "proto/top.proto": proto('import "proto/order.proto";\nmessage Top { Order o = 1; }'),
    }
    loaded = load(tmp_path, files)
    assert (paths(loaded), loaded.problems) == (sorted(files), ())


def test_own_copies_of_well_known_files(tmp_path: Path) -> None:
    body = 'import "google/protobuf/timestamp.proto";\nmessage A { google.protobuf.Timestamp at = 1; }'
    copy = 'syntax = "proto3";\npackage google.protobuf;\nmessage Timestamp { int64 seconds = 1; }\n'
    files = {"google/protobuf/timestamp.proto": copy, "a.proto": proto(body)}
    loaded = load(tmp_path, files)
    assert (paths(loaded), loaded.problems) == (sorted(files), ())


def test_ambiguous_import_goes_to_the_declared_root(tmp_path: Path) -> None:
    cart = proto('import "money.proto";\nmessage Cart { Money m = 1; }')
    files = {
        "buf.yaml": "version: v2\nmodules:\n  - path: api\n  - path: common\n",
        "api/v1/cart.proto": cart,
        "api/v1/old/money.proto": proto("message Other {}"),
        "api/money.proto": proto("message Money {}"),
    }
    loaded = load(tmp_path, files)
    assert loaded.problems == ()


def test_import_beside_the_checked_files_is_read_and_not_reported(tmp_path: Path) -> None:
    files = {
        "services/cart/cart.proto": proto('import "shop/money.proto";\nmessage Cart { Money m = 1; }'),
        "protos/shop/money.proto": proto('import "shop/unit.proto";\nmessage Money { Unit u = 1; }'),
        "protos/shop/unit.proto": proto("message Unit {}"),
    }
    loaded = load(tmp_path, files, only=["services/cart/cart.proto"])
    assert (paths(loaded), loaded.problems) == (["services/cart/cart.proto"], ())


def test_many_imports_that_are_missing_hide_none_that_is_there(tmp_path: Path) -> None:
    lost = "".join(f'import "lost/part{number}.proto";\n' for number in range(300))
    files = {
        "services/a/deep/cart.proto": proto(lost + "message Cart {}"),
        "services/order/order.proto": proto('import "shop/money.proto";\nmessage Order { Money m = 1; }'),
        "protos/shop/money.proto": proto("message Money {}"),
    }
    loaded = load(tmp_path, files, only=[path for path in files if path.startswith("services/")])
    assert {problem.path for problem in loaded.problems} == {"services/a/deep/cart.proto"}


def test_missing_import_is_one_problem_at_its_first_statement_and_the_files_are_compiled(
    tmp_path: Path,
) -> None:
    fields = "shop.v1.Money m = 1; Coin c = 2; map<string, x.Y.Z> z = 3;"
    body = f'import "shop/monney.proto";\nmessage A {{ {fields} }}'
    files = {"a.proto": proto(body), "b.proto": proto(body.replace("A", "B")), "shop/money.proto": proto("")}
    loaded = load(tmp_path, files)
    assert problems(loaded) == [
        (
            "a.proto",
            Span(3, 8, 3, 27),
            f'Import "shop/monney.proto" cannot be found. {ADVICE}',
        )
    ]
    assert [place.path for place in loaded.problems[0].related] == ["b.proto"]
    assert paths(loaded) == sorted(files)
    assert loaded.files[0].stand_ins == {"shop.v1.Money", "shop.v1.Coin", "x.Y.Z"}
    assert loaded.files[0].descriptor.message_type[0].field[1].type_name == ".shop.v1.Coin"


def test_missing_import_names_a_file_of_the_same_name(tmp_path: Path) -> None:
    files = {"a.proto": proto('import "money/money.proto";\nmessage A {}'), "shop/money.proto": proto("")}
    assert "Did you mean shop/money.proto?" in load(tmp_path, files).problems[0].message


def test_of_several_files_of_the_same_name_the_nearest_one_is_meant(tmp_path: Path) -> None:
    files = {"a.proto": proto('import "v2/money/types.proto";'), "b.proto": proto('import "types/x.proto";')}
    files |= {f"{name}/types.proto": proto("") for name in ("shop/v2", "api/money", "api/cart")}
    files |= {f"{name}/x.proto": proto("") for name in ("one", "two")}
    first, second = load(tmp_path, files).problems
    assert "Did you mean api/money/types.proto?" in first.message
    assert "Did you mean" not in second.message


@pytest.mark.parametrize(
    "name", ["google/iam/v1/options.proto", "gogoproto/gogo.proto", "k8s.io/api/core/v1/generated.proto"]
)
def test_public_modules_are_not_missed(tmp_path: Path, name: str) -> None:
    body = (
        f'import "{name}";\nmessage A {{ a.b.C c = 1 [(gogoproto.nullable) = false]; }}\n'
        'service S { rpc Get(A) returns (A) { option (google.api.http) = { get: "/v1/{c}" }; } }'
    )
    loaded = load(tmp_path, {"a.proto": proto(body)})
    assert (paths(loaded), loaded.problems) == (["a.proto"], ())


def test_imports_may_come_from_a_registry(tmp_path: Path) -> None:
    body = 'import "acme/money/v1/money.proto";\nmessage A { acme.money.v1.Money m = 1; }'
    files = {"proto/a.proto": proto(body), "buf.yaml": "version: v2\ndeps: [buf.build/acme/money]\n"}
    loaded = load(tmp_path, files)
    assert (paths(loaded), loaded.problems) == (["proto/a.proto"], ())


def test_what_cannot_do_without_the_import_is_told_so(tmp_path: Path) -> None:
    body = 'import "google/kind/state.proto";\nmessage A { optional google.kind.State s = 1 [default = ON]; }'
    loaded = load(tmp_path, {"a.proto": proto(body, syntax="proto2")})
    assert paths(loaded) == []
    assert [(path, span) for path, span, _ in problems(loaded)] == [("a.proto", Span(3, 8, 3, 33))]


def test_errors_have_exact_places_and_do_not_hide_other_files(tmp_path: Path) -> None:
    bad = 'syntax = "proto3";\npackage p;\n// ä\nmessage Bad {\n\t/* ä→𝛼 */\tFoo x = 1;\n}\n'
    files = {
        "bad.proto": bad,
        "user.proto": proto('import "bad.proto";\nmessage User { p.Bad b = 1; }'),
        "good.proto": proto("message Good {}"),
        "worse.proto": proto("message Worse {"),
        "again.proto": proto("message Again { int32 a = 1; int32 b = 1; }"),
    }
    loaded = load(tmp_path, files)
    assert paths(loaded) == ["good.proto"]
    found = {path: (span, message) for path, span, message in problems(loaded)}
    assert found["bad.proto"][0] == Span(5, 12, 5, 13)
    assert found["bad.proto"][1].endswith("Not checked either, since they import it: 1 file.")
    assert found["again.proto"][0] == Span(3, 40, 3, 41)
    assert set(found) == {"bad.proto", "worse.proto", "again.proto"}


@pytest.mark.parametrize(("size", "many"), [(1, 2), (900, 2), (1, 4), (900, 4)])
def test_two_processes_find_what_one_finds(
    size: int, many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that fail, that need these, that define the same, that leave imports unused."""
    files = {
        "a/base.proto": proto("message Base {}" + " " * size),
        "a/bad.proto": proto("message Bad {"),
        "a/one.proto": 'syntax = "proto3"; package p; message Same {}',
        "a/use.proto": proto(
            'import "b/far.proto";\nimport "google/protobuf/any.proto";\nmessage U {Far f = 1;}'
        ),
        "a/early.proto": proto('import "z/late.proto";\nmessage Early {}'),
        "z/late.proto": proto("message Late { Early e = 1; }"),
        "b/far.proto": proto('import "a/base.proto";\nmessage Far { Base b = 1; }'),
        "b/needs.proto": proto('import "a/bad.proto";\nmessage Needs {}'),
        "b/one.proto": 'syntax = "proto3"; package p; message Same {}',
        "b/worse.proto": proto('import "c/none.proto";\nmessage Worse { Worse w = 1;'),
        "b/stand.proto": proto('import "c/none.proto";\nmessage Stand { None n = 1; }'),
        "z/top.proto": proto('import "b/one.proto";\nmessage Top { p.Same s = 1; }'),
    }
    whole = load(tmp_path, files)
    monkeypatch.setattr("archlint.documents.proto.groups._MANY", many)
    seen: list[ProtoFile] = []
    parts = load_protos(WorkingTree(tmp_path, sorted(files)), sorted(files), look=seen.append)
    assert sorted(seen, key=lambda file: file.path) == list(parts.files)
    assert problems(parts) == problems(whole)
    assert [(file.descriptor, file.places, file.unused_imports, file.stand_ins) for file in parts.files] == [
        (file.descriptor, file.places, file.unused_imports, file.stand_ins) for file in whole.files
    ]
    assert len(paths(whole)) == 7


def test_what_is_not_compiled_because_of_others_is_unread(tmp_path: Path) -> None:
    files = {
        "a.proto": proto('import "b.proto";'),
        "b.proto": proto('import "a.proto";'),
        "bad.proto": proto("message Bad {"),
        "good.proto": proto("message Good {}"),
        "user.proto": proto('import "bad.proto";'),
    }
    lay_out(tmp_path, files)
    told = json.loads(archlint("check", ".", "--format", "json", cwd=tmp_path).out)
    unread = [(item["path"], item["reason"]) for item in told["unread"]]
    assert unread == [(path, "unreadable") for path in files if path != "good.proto"]


def test_import_cycle_is_one_problem_at_a_statement_of_it(tmp_path: Path) -> None:
    files = {
        "a.proto": proto('import "b.proto";\nmessage A {}'),
        "b.proto": proto('import "c.proto";\nmessage B {}'),
        "c.proto": proto('import "a.proto";\nmessage C {}'),
        "d.proto": proto('import "a.proto";\nmessage D {}'),
        "e.proto": proto("message E {}"),
    }
    loaded = load(tmp_path, files)
    assert paths(loaded) == ["e.proto"]
    message = "The files import each other in a circle: a.proto -> b.proto -> c.proto -> a.proto. "
    assert problems(loaded) == [
        ("a.proto", Span(3, 8, 3, 17), message + "Move what both need into a file of its own.")
    ]


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b'syntax = "proto3";\nmessage \0 A {}\n', 2, 9),
        (b'syntax = "proto3";\n// \xff\nmessage A {}\n', 2, 4),
        (b'syntax = "proto3";\nmessage A {}\n\x7fELF', 3, 1),
        (b'syntax = "proto2";\nmessage M {' + b"optional group G = 1 {" * 20_000 + b"}" * 20_001, 2, 1419),
        (b'syntax = "proto3";\n' + b"message M {" * 20_000, 2, 715),
        (b'syntax = "proto9";\n', 1, 10),
        (b"<<<<<<< HEAD\n", 1, 1),
        (b'syntax = "proto3";\nimport "../../etc/passwd.proto";\n', 2, 8),
        (b'syntax = "proto3";\nimport "/etc/passwd.proto";\n', 2, 8),
        (b'syntax = "proto3";\nimport "--python_out=x.proto";\n', 2, 8),
        (b'syntax = "proto3";\nmessage A { ' + b"x" * 1_000_000 + b" = 1; }", 2, 1_000_014),
    ],
    ids=lambda value: str(value)[:30],
)
def test_bad_input_is_a_problem_with_a_place(tmp_path: Path, content: bytes, line: int, column: int) -> None:
    loaded = load(tmp_path, {"bad.proto": content, "good.proto": proto("message Good {}")})
    assert paths(loaded) == ["good.proto"]
    (problem,) = loaded.problems
    assert problem.span is not None
    assert (problem.path, problem.span.line, problem.span.column) == ("bad.proto", line, column)


@pytest.mark.parametrize("content", [b"", b"\n", b"// only a comment", b"\xef\xbb\xbf", b";"])
def test_files_that_say_nothing(tmp_path: Path, content: bytes) -> None:
    loaded = load(tmp_path, {"a.proto": content})
    assert (paths(loaded), loaded.problems) == (["a.proto"], ())


def test_a_crash_is_the_problem_of_the_file_that_causes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archlint.documents.proto.links.too_deep", lambda text: None)
    monkeypatch.setattr("archlint.documents.proto.protoc._MEMORY", 200 << 20)
    deep = 'syntax = "proto2";\nmessage M {' + "optional group G = 1 {" * 3000 + "}" * 3001
    files = {f"good{number}.proto": proto(f"message Good{number} {{}}") for number in range(9)}
    files["good5x.proto"] = deep
    files["user.proto"] = proto('import "good5x.proto";\nmessage User {}')
    loaded = load(tmp_path, files)
    assert [(path, message.split(".")[0]) for path, _, message in problems(loaded)] == [
        ("good5x.proto", "The file crashes the protobuf compiler")
    ]
    assert paths(loaded) == [f"good{number}.proto" for number in range(9)]


def test_a_run_without_an_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archlint.documents.proto.compiler._SECONDS", 0.0)
    monkeypatch.setattr("archlint.documents.proto.compiler._BYTES_PER_SECOND", 1e9)
    loaded = load(tmp_path, {"a.proto": proto("message A {}")})
    assert [message.split(".")[0] for _, _, message in problems(loaded)] == [
        "The file takes too long to read"
    ]


def test_a_long_chain_of_imports(tmp_path: Path) -> None:
    count = 3000
    files = {
        f"c{number}.proto": 'syntax = "proto3";\n'
        + (f'import "c{number + 1}.proto";\n' if number < count - 1 else "")
        for number in range(count)
    }
    loaded = load(tmp_path, files)
    assert (len(loaded.files), loaded.problems) == (count, ())


def test_links_out_of_the_root_are_not_followed(tmp_path: Path) -> None:
    lay_out(tmp_path / "outside", {"secret.proto": proto("message Secret {}")})
    root = lay_out(tmp_path / "root", {"a.proto": proto('import "link/secret.proto";\nmessage A {}')})
    (root / "link").symlink_to(tmp_path / "outside")
    loaded = load(root, {}, only=["a.proto"])
    assert [message.split(".")[0] for _, _, message in problems(loaded)] == ['Import "link/secret']


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    load(tmp_path / "files", {"a.proto": proto("message A {}"), "b.proto": "nonsense"})
    assert list(scratch.iterdir()) == []


def test_same_answer_whatever_the_order(tmp_path: Path) -> None:
    files = {
        f"{name}/a.proto": proto(f"message A {{}}\nmessage {name.upper()} {{ Nope n = 1; }}")
        for name in "cab"
    }
    one = load(tmp_path, files)
    other = load(tmp_path, dict(reversed(files.items())))
    assert problems(one) == problems(other)
    assert paths(one) == paths(other)


def test_imports_that_are_not_used(tmp_path: Path) -> None:
    body = 'import "google/protobuf/empty.proto";\nimport "gogoproto/gogo.proto";\nmessage A {}'
    files = {
        "a.proto": proto('import "google/protobuf/empty.proto";\nmessage A {}'),
        "unsure.proto": proto(body, package="q"),
    }
    loaded = load(tmp_path, files)
    assert [file.unused_imports for file in loaded.files] == [("google/protobuf/empty.proto",), ()]


@pytest.mark.parametrize("body", ["extend google.protobuf.FieldOptions { string of = 50000; }", ""])
def test_descriptors_are_not_used_by_setting_options(tmp_path: Path, body: str) -> None:
    known = 'import "google/protobuf/descriptor.proto";\n'
    option = f"{known}extend google.protobuf.FieldOptions {{ string on = 50001; }}"
    text = f'{known}import "on.proto";\n{body}\nmessage A {{ string a = 1 [(on) = "x"]; }}'
    loaded = load(tmp_path, {"on.proto": proto(option), "set.proto": proto(text)})
    assert problems(loaded) == []
    unused = () if body else ("google/protobuf/descriptor.proto",)
    assert [file.unused_imports for file in loaded.files] == [(), unused]


COPIED = ("google/api/client.proto", "google/api/http.proto", "google/api/field_behavior.proto")


@pytest.mark.parametrize("root", ["", "protos/", "third_party/googleapis/"])
@pytest.mark.parametrize("is_older", [False, True])
def test_common_modules_stand_beside_copies_of_some(tmp_path: Path, root: str, is_older: bool) -> None:
    """What is not in the repository imports what is; where that is too old for it, only names are known."""
    files = {}
    for name in COPIED:
        place = published(name)
        assert place is not None
        text = place.read_text("utf-8")
        files[root + name] = text.replace("UNORDERED_LIST", "ANY_ORDER") if is_older else text
    body = 'import "google/longrunning/operations.proto";\n'
    body += "message Job {\n  google.longrunning.Operation running = 1;\n}\n"
    files["shop/job.proto"] = proto(body)
    files["shop/jobs.proto"] = proto(
        'import "shop/job.proto";\nmessage Jobs {\n  repeated Job jobs = 1;\n}\n'
    )
    loaded = load(tmp_path, files)
    assert problems(loaded) == []
    assert len(loaded.files) == len(files)
    job = next(file for file in loaded.files if file.path == "shop/job.proto")
    assert job.descriptor.message_type[0].field[0].type_name == ".google.longrunning.Operation"
