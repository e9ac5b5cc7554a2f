"""Modules of a registry: read from buf's cache, else told as unread."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from archlint.documents.proto import LoadedProtos, load_protos
from archlint.documents.proto.buf_modules import pinned_modules
from archlint.files import WorkingTree
from archlint.finding import Unread
from tests.proto.support import lay_out, proto
from tests.support.inside import archlint

COMMIT = "6c7a3f0d1b2e4a5f8c9d0e1f2a3b4c5d"
NAME = "buf.build/acme/money"
PIN = {"name": NAME, "commit": COMMIT, "digest": "b5:" + "0" * 128}
OLD_PIN = {"remote": "buf.build", "owner": "acme", "repository": "money", "commit": COMMIT}
FILES = {
    "buf.yaml": "version: v2\ndeps: [buf.build/acme/money]\n",
    "buf.lock": yaml.safe_dump({"version": "v2", "deps": [PIN]}),
    "a.proto": proto('import "acme/money/v1/money.proto";\nmessage A { acme.money.v1.Money m = 1; }'),
}
MONEY = {
    "acme/money/v1/money.proto": 'syntax = "proto3"; package acme.money.v1;\n'
    'import "acme/unit.proto"; message Money { Unit u = 1; }',
    "acme/unit.proto": 'syntax = "proto3"; package acme.money.v1; message Unit {}',
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the module lies in the cache of buf, once somebody puts it there."""
    monkeypatch.setenv("BUF_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "v3" / "modules" / "b5" / NAME / COMMIT / "files"


def loaded(folder: Path, store: dict[str, bytes] | None = None) -> LoadedProtos:
    """What the repository gives, with what an earlier run has kept."""
    lay_out(folder, FILES)
    return load_protos(WorkingTree(folder, sorted(FILES)), ["a.proto"], store)


def test_a_module_is_read_from_the_cache_once_it_is_there(tmp_path: Path, cache: Path) -> None:
    store: dict[str, bytes] = {}
    before = loaded(tmp_path / "repository", store)
    assert before.files[0].stand_ins == {"acme.money.v1.Money"}
    assert before.unread == (Unread("buf.lock", "buf-module-absent", detail=NAME),)
    lay_out(cache, MONEY)
    after = loaded(tmp_path / "repository", store)
    assert (after.files[0].stand_ins, after.unread, after.problems) == (frozenset(), (), ())
    assert [file.path for file in after.files] == ["a.proto"]


def test_what_is_read_is_told_again_when_the_cache_changes(tmp_path: Path, cache: Path) -> None:
    folder = lay_out(tmp_path / "repository", FILES)
    assert "1 module of a registry that is not here" in archlint("check", ".", cwd=folder).out
    lay_out(cache, MONEY)
    assert "registry" not in archlint("check", ".", cwd=folder).out


@pytest.mark.parametrize(("pin", "digest"), [(PIN, "b5"), (OLD_PIN, "shake256")])
def test_locks_of_all_versions_are_read(pin: dict[str, str], digest: str, cache: Path) -> None:
    folder = cache.parents[5] / digest / NAME / COMMIT / "files"
    folder.mkdir(parents=True)
    (found,) = pinned_modules(["x/buf.lock"], lambda _: yaml.safe_dump({"deps": [pin]}).encode())
    assert (found.lock, found.name, found.folder) == ("x/buf.lock", NAME, folder)


@pytest.mark.parametrize(
    "lock",
    [
        "",
        "deps: 1",
        "deps: [1, [], {}]",
        "deps: [{name: ../../etc, commit: x}]",
        f"deps: [{{name: a/../b, commit: {COMMIT}}}]",
        f"deps: [{{name: {NAME}, commit: ..}}]",
        f"deps: [{{remote: /, owner: .., repository: .., commit: {COMMIT}}}]",
        "deps: [",
        "[" * 10_000,
    ],
)
def test_a_lock_chooses_nothing_but_a_module(lock: str, cache: Path) -> None:
    cache.mkdir(parents=True)
    assert pinned_modules(["buf.lock"], lambda _: lock.encode()) == ()


def test_programs_are_told_as_not_run(tmp_path: Path, cache: Path) -> None:
    settings = {
        "version": "v2",
        "plugins": [{"plugin": "buf-plugin-one"}, {"plugin": ["two", "--all"]}, {"plugin": 3}, "four"],
        "policies": [{"policy": "buf.build/acme/rules"}],
    }
    folder = lay_out(tmp_path, {"buf.yaml": yaml.safe_dump(settings), "a.proto": proto("message A {}")})
    told = load_protos(WorkingTree(folder, ["a.proto", "buf.yaml"]), ["a.proto"]).unread
    assert [item.detail for item in told] == ["buf-plugin-one", "two", "buf.build/acme/rules"]
    assert {(item.path, item.reason) for item in told} == {("buf.yaml", "buf-plugin-not-run")}
