"""The process of the compiler and the folder of its copies."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.documents.proto import groups, protoc
from archlint.documents.proto.protoc import Ending, Protoc
from archlint.documents.proto.protoc_process import answer

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


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_each_request_is_answered_and_asked_for_only_then(count: int) -> None:
    ended: dict[int, Ending] = {}
    with Protoc() as running:

        def requests() -> Iterator[list[str]]:
            for number in range(count):
                content = "message {" if number == 3 else f"message A{number} {{}}"
                (running.folder / f"{number}.proto").write_text(f'syntax = "proto3";\n{content}\n')
                yield [f"--descriptor_set_out={number}.out", f"{number}.proto"]

        running.get_ready()
        running.run_all(requests(), 20, lambda number, run: ended.update({number: run.ending}))
    assert ended == {number: Ending.ERRORS if number == 3 else Ending.GOOD for number in range(count)}


MANY = 250
"""Files that are compiled in a copy of the process."""
NESTED = f"message A {{{'optional group G = 1 {' * 20_000}{'}' * 20_000}}}"
"""What crashes the compiler."""


@pytest.fixture
def compiler() -> Iterator[Protoc]:
    """A compiler with many files in its folder."""
    with Protoc() as running:
        for number in range(MANY):
            (running.folder / f"{number}.proto").write_text(f'syntax = "proto3";\nmessage A{number} {{}}\n')
        yield running


def compiled(compiler: Protoc, numbers: range, seconds: float = 60) -> Ending:
    names = [f"{number}.proto" for number in numbers]
    return compiler.run(["--include_source_info", "--descriptor_set_out=out", *names], seconds).ending


def test_many_files_give_what_few_and_few_give(compiler: Protoc) -> None:
    made = []
    for numbers in (range(MANY // 2), range(MANY // 2, MANY), range(MANY)):
        assert compiled(compiler, numbers) is Ending.GOOD
        made.append((compiler.folder / "out").read_bytes())
    assert made[0] + made[1] == made[2]
    assert not list(compiler.folder.glob("result-*"))


@pytest.mark.parametrize(
    ("text", "ending"),
    [('syntax = "proto3";\nmessage {', Ending.ERRORS), (NESTED, Ending.DIED)],
)
def test_one_of_many_that_fails_stops_them_and_nothing_more(
    text: str, ending: Ending, compiler: Protoc
) -> None:
    good = (compiler.folder / "7.proto").read_text()
    (compiler.folder / "7.proto").write_text(text)
    assert compiled(compiler, range(MANY)) is ending
    (compiler.folder / "7.proto").write_text(good)
    assert compiled(compiler, range(MANY)) is Ending.GOOD


@pytest.mark.parametrize("missing", ["mkfifo", "fork"])
def test_where_there_can_be_no_copy_all_is_compiled_here(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError("not allowed")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, missing, refuse)
    asked: list[Sequence[bytes]] = []
    arguments = [b"protoc", b"--descriptor_set_out=out", *(b"%d.proto" % number for number in range(MANY))]
    assert answer(lambda given: asked.append(given) or 7, arguments) == 7
    assert asked == [arguments]


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no groups of processes")
def test_what_takes_too_long_is_ended_with_all_that_it_started(compiler: Protoc) -> None:
    process = compiler._child(0).start()
    (compiler.folder / "7.proto").write_text(
        "".join(f"message B{number} {{}}\n" for number in range(200_000))
    )
    assert compiled(compiler, range(MANY), 0.6) is Ending.LATE
    with pytest.raises(ProcessLookupError):
        for _ in range(100):  # who takes them over may need a while to notice
            os.killpg(process.pid, 0)
            time.sleep(0.05)


@given(st.dictionaries(st.text("ab/", min_size=1, max_size=4), st.integers(0, 9), max_size=60), st.randoms())
def test_files_are_shared_out_by_folders_and_bytes(sizes: dict[str, int], random: Random) -> None:
    order = list(sizes)
    random.shuffle(order)
    with mock.patch.object(groups, "_MANY", 5):
        parts = groups.shared_out(order, sizes)
    assert sorted(path for part in parts for path in part) == sorted(order)
    assert all(part == [path for path in order if path in part] for part in parts)
    assert len(parts) <= (1 if len(order) < 5 else 2 if len(order) < 20 else 4)
    ends = [(min(part), max(part)) for part in parts]
    assert ends == sorted(ends)
    assert all(last < first for (_, last), (first, _) in pairwise(ends))
    most = max(sizes.values(), default=0)
    shares = groups._HALVES if len(order) < 20 else groups._SHARES
    if len(parts) > 1:
        assert max(sum(sizes[path] for path in part) for part in parts) <= (
            max(shares) * sum(sizes.values()) + most
        )
