"""What takes long to keep is kept by a copy of the process, and is there when the process has ended."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest

from archlint.cache.copies import begin_apart, wait_for_copies
from archlint.engine import examining, joining
from tests.support import inside, process

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux alone"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

PROTO = """syntax = "proto3";
package shop.v1;
message Basket {{
{fields}
}}
"""
ARGUMENTS = (
    "check",
    ".",
    "--format",
    "json",
    "--today",
    "2026-01-01",
    "--fail-on",
    "never",
    "--select",
    "PROTO",
)


def proto(count: int) -> str:
    """A file with a name that is wrong in each field."""
    fields = "\n".join(f"  string Field{number} = {number};" for number in range(1, count + 1))
    return PROTO.format(fields=fields)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A file with some findings, of which each is taken for many."""
    folder = tmp_path / "repo"
    folder.mkdir()
    (folder / "basket.proto").write_text(proto(9))
    with (
        mock.patch.object(joining, "_MANY", 1),
        mock.patch.object(threading, "active_count", lambda: 1),
    ):
        yield folder


def kept(folder: Path) -> int:
    """For how many runs findings are kept."""
    (file,) = (folder.parent / "archlint-cache").glob("files-*.sqlite")
    with closing(sqlite3.connect(file)) as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM joined")
    return int(count)


def test_what_a_copy_keeps_is_taken_by_the_next_run(folder: Path) -> None:
    with mock.patch.object(os, "fork", wraps=os.fork) as fork:
        first = inside.archlint(*ARGUMENTS, "--jobs", "2", cwd=folder).out
    assert fork.call_count == 1
    with mock.patch.object(examining, "run_joins", None):  # which nobody calls
        assert inside.archlint(*ARGUMENTS, cwd=folder).out == first
    assert kept(folder) == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_where_there_can_be_no_copy_it_is_kept_here(jobs: str, folder: Path) -> None:
    with mock.patch.object(os, "fork", side_effect=OSError("no more processes")) as fork:
        inside.archlint(*ARGUMENTS, "--jobs", jobs, cwd=folder)
    assert fork.call_count == int(jobs) - 1
    assert kept(folder) == 1


def test_a_process_ends_when_all_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "repo"
    folder.mkdir()
    (folder / "basket.proto").write_text(proto(joining._MANY))
    done = process.archlint(*ARGUMENTS, "--jobs", "2", cwd=folder)
    assert (done.code, done.err) == (0, "")
    assert kept(folder) == 1


def test_a_copy_that_fails_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert begin_apart(lambda: 1 // 0)
    wait_for_copies()
    assert capfd.readouterr() == ("", "")
