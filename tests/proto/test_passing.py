"""Imports of files that pass on others: what is told can go, and nothing else can."""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path

import pytest

from archlint.documents.proto.statements import imports_of
from tests.proto.support import load, proto

_OPTIONS = """\
import "google/protobuf/any.proto";
import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions { optional string note = 50001; optional Form form = 50002; }
message Form { optional string a = 1; optional google.protobuf.Any any = 2; extensions 10 to 20; }
// message Base {} import public "base.proto";
"""
LIBRARY = {
    "base.proto": proto("message Base { message In {} } /* } */ enum State { NONE = 0; }", "l"),
    "options.proto": proto(_OPTIONS, "l", "proto2"),
    "more.proto": proto(
        'import "options.proto"; message Box { extend Form {\n'
        "  repeated group Inner = 11 { extend Form { optional string deep = 12; } } } }\n"
        "extend Form { optional string top = 10; }",
        "l",
        "proto2",
    ),
    "pass.proto": proto('import public "base.proto";\nmessage Own {}', "l"),
    "pass_all.proto": proto('import public "pass.proto";\nimport public "more.proto";', "l"),
    "pass_options.proto": proto('import public "options.proto";\nmessage Other {}', "l"),
    "pass_known.proto": proto('import public "google/protobuf/any.proto";', "l"),
}
USES = {
    "": "",
    "base": "message M { repeated l.Base.In a = 1; }",
    "state": "message M { map<string, .l.State> a = 1; }",
    "own": "service S { rpc Get(stream l.Own) returns (l.Own); }",
    "note": 'message M { string s = 1 [( l . note ) = "(l.Base)"]; }',
    "form": "message M { string s = 1 [(l.form) = { a: 'x' }]; }",
    "top": "message M { string s = 1 [(l.form) = { [l.top]: 'x' }]; }",
    "deep": "message M { string s = 1 [(l.form).(l.Box.Inner.deep) = 'x']; }",
    "group": "message M { string s = 1 [(l.form) = { [l.Box.inner] {} }]; }",
    "typed": "message M { string s = 1 [(l.form) = { any { [ type.googleapis.com / l.Base ] {} } }]; }",
    "any": "message M { google.protobuf.Any a = 1; }",
}
_PASSING = [path for path in LIBRARY if path.startswith("pass")]
_WAYS = [*((name,) for name in LIBRARY), *combinations(_PASSING, 2), ("base.proto", "pass.proto")]
_USERS = [
    f"package u{at};\n" + "".join(f'import "{name}";\n' for name in names) + USES[use]
    for at, (names, use) in enumerate(product(_WAYS, USES))
]


def _compiled(folder: Path, texts: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """The unused imports of each file that can be compiled."""
    folder.mkdir()
    files = {path: f'syntax = "proto3";\n{text}' for path, text in texts.items()}
    loaded = load(folder, {**LIBRARY, **files})
    return {file.path: file.unused_imports for file in loaded.files if file.path in texts}


def _without(text: str, *names: str) -> str:
    for statement in reversed(imports_of(text)):
        if statement.name in names:
            text = text[: statement.start] + text[statement.end :]
    return text


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, ...]]:
    """What is told of all users that can be compiled."""
    return _compiled(
        tmp_path_factory.mktemp("told") / "r", {f"u{at}.proto": t for at, t in enumerate(_USERS)}
    )


def test_what_is_told_can_go(told: dict[str, tuple[str, ...]], tmp_path: Path) -> None:
    smaller = {path: _without(_USERS[int(path[1:-6])], *names) for path, names in told.items()}
    assert len(smaller) > 50
    assert _compiled(tmp_path / "r", smaller) == dict.fromkeys(smaller, ())


def test_what_is_not_told_cannot_go(told: dict[str, tuple[str, ...]], tmp_path: Path) -> None:
    smaller = {}
    for path, names in told.items():
        text = _without(_USERS[int(path[1:-6])], *names)
        for statement in imports_of(text):
            smaller[f"{path}-{len(smaller)}.proto"] = _without(text, statement.name)
    assert len(smaller) > 30
    assert _compiled(tmp_path / "r", smaller) == {}


def test_what_is_not_known_may_be_what_is_used(tmp_path: Path) -> None:
    files = {
        "pass.proto": proto('import public "gone.proto";\nmessage Own {}', "l"),
        "user.proto": proto('import "pass.proto";'),
    }
    loaded = load(tmp_path, files)
    assert [file.unused_imports for file in loaded.files] == [(), ()]


def test_files_that_are_not_in_the_repository_pass_on_too(tmp_path: Path) -> None:
    files = {
        "pass.proto": proto(
            'import public "google/api/annotations.proto";\nimport public "base.proto";', "l"
        ),
        "base.proto": LIBRARY["base.proto"],
        "user.proto": proto(
            'import "pass.proto";\nservice S { rpc Get(M) returns (M) {\n'
            '  option (google.api.http) = { get: "/v1" };\n} }\nmessage M {}'
        ),
        "idle.proto": proto('import "pass.proto";', "other"),
    }
    loaded = load(tmp_path, files)
    unused = {file.path: file.unused_imports for file in loaded.files}
    assert unused["user.proto"] == () and unused["idle.proto"] == ("pass.proto",)
