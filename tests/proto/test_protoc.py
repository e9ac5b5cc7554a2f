"""The process of the compiler and the folder of its copies."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.documents.proto import protoc
from archlint.documents.proto.protoc import Ending, Protoc

MUCH = 2_000_000


def test_copies_are_taken_away_when_who_asked_has_died() -> None:
    with Protoc() as compiler:
        child = compiler._child(0)
        assert child.run(["absent.proto"], 60).ending is Ending.ERRORS
        process = child._process
        assert process is not None and process.stdin is not None
        process.stdin.close()  # as when the one that holds it ends
        assert process.wait(60) == 0
        assert not compiler.folder.exists()


@pytest.mark.parametrize(("size", "is_in_memory"), [(100, False), (MUCH, True), (1 << 60, False)])
def test_many_copies_are_made_in_memory_if_there_is_room(
    size: int, is_in_memory: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protoc, "_IN_MEMORY", str(tmp_path))
    with Protoc(size=size) as compiler:
        assert (compiler.folder.parent == tmp_path) is is_in_memory
    assert not list(tmp_path.iterdir())


def test_a_system_without_files_in_memory_makes_them_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protoc, "_IN_MEMORY", str(tmp_path / "absent"))
    with Protoc(size=MUCH) as compiler:
        assert compiler.folder.is_dir()
