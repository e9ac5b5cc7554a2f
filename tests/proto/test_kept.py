"""Compiled files that are kept between runs."""

from __future__ import annotations

import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archlint.documents.proto import LoadedProtos, load_protos
from archlint.documents.proto.compiler import GroupCompiler, Take
from archlint.files import WorkingTree
from tests.proto.support import lay_out, proto
from tests.support.sampling import usually

FILES = {
    "a.proto": proto('import "b.proto";\nmessage A { B b = 1; }'),
    "b.proto": proto('import "google/protobuf/empty.proto";\nmessage B {}'),
    "c.proto": proto("message C {}"),
    "missing.proto": proto('import "gogoproto/gogo.proto";\nmessage M {}'),
    "bad.proto": proto("message Bad {"),
    "lost.proto": proto('import "bad.proto";\nmessage Lost {}'),
    "stand.proto": proto('import "none.proto";\nmessage S { None none = 1 [(a.b) = 2]; }'),
    "default.proto": proto(
        'import "none.proto";\nmessage D { optional Kind kind = 1 [default = ON]; }', syntax="proto2"
    ),
}


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that the compiler was asked for so far."""
    asked: list[str] = []
    original = GroupCompiler.compile

    def compile_(self: GroupCompiler, take: Take) -> object:
        asked.extend(sorted(self._group.targets))
        return original(self, take)

    monkeypatch.setattr(GroupCompiler, "compile", compile_)
    return asked


def run(folder: Path, files: dict[str, str], store: dict[str, bytes]) -> LoadedProtos:
    lay_out(folder, files)
    return load_protos(WorkingTree(folder, sorted(files)), sorted(files), store)


def facts(loaded: LoadedProtos) -> list[object]:
    files = [
        (
            *(file.path, file.descriptor.SerializeToString(), file.unused_imports),
            *(file.stand_ins, file.hidden_options),
        )
        for file in loaded.files
    ]
    return [*files, *loaded.problems]


def test_second_run_compiles_nothing(tmp_path: Path, compiled: list[str]) -> None:
    store: dict[str, bytes] = {}
    first = run(tmp_path, FILES, store)
    assert sorted(compiled) == sorted(FILES)
    compiled.clear()
    second = run(tmp_path, FILES, store)
    assert compiled == []
    assert facts(first) == facts(second)


@pytest.mark.parametrize("maker", ["__version__", "published_version"])
def test_what_another_version_made_is_compiled_again(
    tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch, maker: str
) -> None:
    store: dict[str, bytes] = {}
    run(tmp_path, {"c.proto": FILES["c.proto"]}, store)
    other = "0.0.0" if maker == "__version__" else lambda: "googleapis_common_protos-0.0.0.dist-info"
    monkeypatch.setattr(f"archlint.documents.proto.kept.{maker}", other)
    run(tmp_path, {"c.proto": FILES["c.proto"]}, store)
    assert compiled == ["c.proto", "c.proto"]


def test_what_stands_in_for_a_type_gives_way_to_its_definition(tmp_path: Path, compiled: list[str]) -> None:
    store: dict[str, bytes] = {}
    run(tmp_path, FILES, store)
    compiled.clear()
    defined = FILES | {"other.proto": proto("enum None { NO = 0; }")}
    loaded = run(tmp_path, defined, store)
    assert "stand.proto" in compiled and "missing.proto" not in compiled
    assert facts(loaded) == facts(run(tmp_path, defined, {}))


UNKNOWN = "message U {{ A a = 1; }}"
"""A message that names a type which nobody defines for it."""
PIECES = (
    *('import "a.proto";', 'import "none.proto";', 'import "gogoproto/gogo.proto";', "message {own} {{}}"),
    *(UNKNOWN, "message V {{ None n = 1; far.Far f = 2; }}", "enum None {{ NO = 0; }}"),
    *(
        "message W {{",
        "option (a.b) = 1;",
        "message X {{ string s = 1 [(c.d) = 2]; }}",
        "message Y {{ Z z = 1; }}",
    ),
)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(("a", "b", "c", "d")), st.lists(st.sampled_from(PIECES), max_size=3), min_size=1
        ),
        min_size=2,
        max_size=3,
    )
)
@example([{"a": [UNKNOWN]}, {"a": [UNKNOWN], "b": ['import "a.proto";', 'import "none.proto";']}])
@settings(max_examples=usually(12, 60))
def test_what_is_kept_changes_nothing(trees: list[dict[str, list[str]]]) -> None:
    store: dict[str, bytes] = {}
    for tree in trees:
        files = {
            f"{name}.proto": proto("\n".join(piece.format(own=name.upper()) for piece in pieces))
            for name, pieces in tree.items()
        }
        with TemporaryDirectory() as folder:
            warm = facts(run(Path(folder), files, store))
            assert warm == facts(run(Path(folder), files, {}))


def test_a_change_is_compiled_again_with_all_that_imports_it(tmp_path: Path, compiled: list[str]) -> None:
    store: dict[str, bytes] = {}
    run(tmp_path, FILES, store)
    compiled.clear()
    changed = FILES | {"b.proto": proto("message B { int32 x = 1; }")}
    loaded = run(tmp_path, changed, store)
    assert "c.proto" not in compiled and {"a.proto", "b.proto"} <= set(compiled)
    assert facts(loaded) == facts(run(tmp_path, changed, {}))


def test_nothing_is_started_if_everything_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store: dict[str, bytes] = {}
    good = {path: FILES[path] for path in ("a.proto", "b.proto", "c.proto")}
    run(tmp_path, good, store)
    monkeypatch.setattr("archlint.documents.proto.assembly.Protoc", None)
    assert len(run(tmp_path, good, store).files) == 3


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"nonsense",
        zlib.compress(b""),
        zlib.compress(b"{}\n"),
        zlib.compress(b"[1]\n"),
        zlib.compress(b"[[], [], [], []]\n\xff\xff\xff"),
        zlib.compress(b"[[], [], [], [[1, 2, 3]]]\n"),
        zlib.compress(b"[" * 100_000),
        b"[0]\n\x0a",
        b"[0, 1]\n",
        b"[",
    ],
)
def test_a_damaged_entry_is_a_miss(tmp_path: Path, damage: bytes) -> None:
    store: dict[str, bytes] = {}
    first = run(tmp_path, FILES, store)
    assert facts(run(tmp_path, FILES, dict.fromkeys(store, damage))) == facts(first)
