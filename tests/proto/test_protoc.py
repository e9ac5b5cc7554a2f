"""The process of the compiler and the folder of its copies."""

from __future__ import annotations

import threading
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


REQUESTS = [[f"--descriptor_set_out={number}.out", "a.proto"] for number in range(2)]


def test_who_interrupts_leaves_neither_processes_nor_complaints(monkeypatch: pytest.MonkeyPatch) -> None:
    complaints: list[object] = []
    monkeypatch.setattr(threading, "excepthook", complaints.append)
    before = set(threading.enumerate())

    def interrupted(number: int, run: object) -> None:
        raise KeyboardInterrupt

    with Protoc() as running:
        (running.folder / "a.proto").write_text('syntax = "proto3";\nmessage A {}\n')
        with pytest.raises(KeyboardInterrupt):
            running.run_all(REQUESTS, 20, interrupted)
        left = set(threading.enumerate()) - before
        assert [each for each in left if not isinstance(each, threading.Timer)] == []  # these are cancelled
    assert complaints == []
    assert not running.folder.exists()


def test_what_fails_beside_others_is_told_where_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: object, arguments: object, seconds: float) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(protoc._Child, "run", full)
    with Protoc() as running, pytest.raises(OSError, match="no space left"):
        running.run_all(REQUESTS, 20, lambda number, run: None)
