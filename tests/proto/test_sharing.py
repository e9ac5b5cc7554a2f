"""Many protos are looked at by two processes, which changes no byte of what is told."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from unittest import mock

import pytest

from archlint.checks import check_of
from archlint.checks.declaration import Check
from archlint.engine import examining, running, sharing
from archlint.finding.records import replace
from tests.support import inside

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux alone"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

FILE = """syntax = "proto3";
package {package};
import "google/protobuf/empty.proto";
// {filler}
message bad_name {{ string Wrong = 1; repeated string Thing = 2; }}
enum Kind {{ FIRST = 0; second = 1; }}
service Shop {{ rpc get(bad_name) returns (bad_name); }}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dozen protos in two packages, settings for buf, and a file of another kind."""
    folder = tmp_path_factory.mktemp("sharing") / "repo"
    for number in range(12):
        file = folder / "shop" / str(number % 2) / f"File{number}.proto"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(FILE.format(package=f"shop.n{number}", filler="x" * 40 * (number % 5)))
    (folder / "buf.yaml").write_text("version: v2\nlint:\n  use: [STANDARD, COMMENTS]\n")
    (folder / "Dockerfile").write_text("FROM python:latest\n")
    return folder


def report(folder: Path, *extra: str) -> str:
    """What is told of the folder by name, so that no run finds what another one has kept."""
    arguments = ("check", ".", "--no-cache", "--format", "json", "--today", "2026-01-01", *extra)
    return inside.archlint(*arguments, cwd=folder).out


def in_two(folder: Path, *extra: str) -> tuple[str, int]:
    """The report of two processes, and how many findings came from the other one."""
    told = []

    def counted(data: dict[str, object]) -> object:
        findings = real(data)
        told.append(len(findings))
        return findings

    real = sharing.from_data
    with (
        mock.patch.object(examining, "LEAST_PROTOS", 2),
        mock.patch.object(threading, "active_count", lambda: 1),
        mock.patch.object(sharing, "from_data", counted),
    ):
        return report(folder, "--jobs", "2", *extra), sum(told)


@pytest.mark.parametrize(
    ("extra", "least"),
    [
        ((), 20),
        (("--select", "ALL"), 20),
        (("--ignore", "ALL", "--select", "proto-message-name"), 5),  # nothing has read the files before
        (("--ignore", "PROTO"), 0),
    ],
)
def test_two_processes_tell_what_one_tells(folder: Path, extra: tuple[str, ...], least: int) -> None:
    found, sent = in_two(folder, *extra)
    assert found == report(folder, "--jobs", "1", *extra)
    assert sent >= least


def test_a_process_that_ends_is_replaced(folder: Path) -> None:
    with mock.patch.object(sharing, "to_data", lambda _: os._exit(3)):
        assert in_two(folder) == (report(folder, "--jobs", "1"), 0)


def test_a_rule_that_fails_there_fails_here_as_well(folder: Path) -> None:
    def broken(package: str, name: str) -> Check | None:
        found = check_of(package, name)
        if found is None or name != "proto-message-name":
            return found

        def fails(subject: object, options: object) -> object:
            path = subject.source.path  # type: ignore[attr-defined]
            if path.endswith(("File7.proto", "File9.proto")):
                raise ValueError(path)
            return found.function(subject, options)

        return replace(found, function=fails)

    with mock.patch.object(running, "check_of", broken):
        told, sent = in_two(folder)
        assert told == report(folder, "--jobs", "1")
    assert "File7.proto" in told
    assert sent


def test_one_process_is_obeyed(folder: Path) -> None:
    with mock.patch.object(examining, "LEAST_PROTOS", 2), mock.patch.object(sharing, "shared") as shared:
        report(folder, "--jobs", "1")
    assert not shared.called
