"""Audit records: one before and one after, whatever happens between them, and no secret in either."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import jsonschema
import pytest

from archlint.audit.record import FIELDS, AuditTrail, redacted, who
from archlint.audit.schema import audit_schema
from archlint.audit.writing import AuditSink
from archlint.cli.commands import gate as gate_command
from tests.gate.releases import MANIFEST, Repository
from tests.gate.test_gate import gate
from tests.support.caches import with_cache


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """A job in the background of a shell ignores Ctrl-C, and so do those that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "shop")
    made.tag("v1.4.0")
    made.edit(MANIFEST, "cart:1.4.0", "cart:1.5.0")
    made.edit(MANIFEST, "replicas: 2", "replicas: 3")
    made.commit()
    return made


def records(path: Path) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in path.read_text("ascii").splitlines()]
    for record in found:
        jsonschema.validate(record, audit_schema())
        assert tuple(record) == FIELDS
    return found


def test_a_record_before_and_one_after_share_an_id(repository: Repository, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    done = gate(
        repository, "--audit", str(file), "--user", "ana", "--ticket", "CHG-7", "--environment", "live"
    )
    before, after = records(file)
    assert done.code == 0
    assert before["id"] == after["id"]
    assert (before["outcome"], after["outcome"]) == ("started", "success")
    assert (after["user"], after["change_ticket"], after["environment"]) == ("ana", "CHG-7", "live")
    assert after["replicas"] == {"before": 2, "after": 3}
    assert after["image_version"] == {"before": "1.4.0", "after": "1.5.0"}
    assert after["workloads"] == [
        {"resource": "Deployment/shop/cart", "replicas": 3, "image_version": "1.5.0"}
    ]
    assert after["resources_affected"] == [
        {"verb": "update", "resource": "Deployment/shop/cart", "family": "workload"}
    ]
    assert after["rollback_available"] is True


def test_records_are_appended(repository: Repository, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    gate(repository, "--audit", str(file))
    gate(repository, "--audit", str(file), base="nowhere")
    outcomes = [(item["outcome"], item["exit_code"]) for item in records(file)]
    assert outcomes == [("started", None), ("success", 0), ("started", None), ("failure", 2)]
    assert "does not exist" in records(file)[-1]["error_detail"]


def test_without_history_there_is_no_way_back(repository: Repository, tmp_path: Path) -> None:
    repository.edit(MANIFEST, "  replicas: 3\n", "  replicas: 3\n  revisionHistoryLimit: 0\n")
    repository.commit()
    file = tmp_path / "audit.jsonl"
    assert gate(repository, "--audit", str(file)).code == 1
    assert records(file)[-1]["rollback_available"] is False
    assert "revisionHistoryLimit" in records(file)[-1]["rollback_reason"]


@pytest.mark.parametrize("kind", ["folder", "link", "missing folder"])
def test_no_gate_without_its_record(repository: Repository, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "target"
    path = repository.folder / "audit.jsonl"
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to(target)
    else:
        path = tmp_path / "nowhere" / "audit.jsonl"
    done = gate(repository, "--audit", str(path))
    assert (done.code, done.out) == (2, "")
    assert "no gate without its audit record" in done.err
    assert not target.exists()


def test_the_audit_file_makes_no_tree_dirty(repository: Repository) -> None:
    done = gate(repository, "--audit", "audit.jsonl")
    assert "differs" not in done.err
    assert len(records(repository.folder / "audit.jsonl")) == 2


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGTERM, 143, "SIGTERM"), (signal.SIGINT, 130, "interrupted")]
)
def test_a_gate_that_is_ended_leaves_its_record(
    repository: Repository, tmp_path: Path, number: int, code: int, word: str
) -> None:
    file = tmp_path / "audit.jsonl"
    command = [sys.executable, "-m", "archlint", "gate", "--base", "v1.4.0", "--audit", str(file)]
    environment = {**os.environ, **with_cache(repository.folder, {})}
    process = subprocess.Popen(
        command, cwd=repository.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while not file.exists() or not file.stat().st_size:
        time.sleep(0.01)
        assert process.poll() is None
    process.send_signal(number)
    process.communicate(timeout=60)
    after = records(file)[-1]
    assert process.returncode == code
    assert (after["outcome"], after["exit_code"]) == ("failure", code)
    assert word in after["error_detail"]


@pytest.mark.parametrize(
    "secret",
    [
        "https://ana:hunter2@git.example.com/x",
        "--base=ghp_0123456789abcdefghij",
        "token=hunter2hunter2",
        "MY_API_KEY=hunter2",
    ],
)
def test_commands_lose_their_secrets(secret: str) -> None:
    told = redacted(["archlint", "gate", secret])
    assert "hunter2" not in told
    assert "0123456789abcdefghij" not in told


def test_facts_come_from_flags_then_from_the_service_that_runs_it() -> None:
    variables = {"GITHUB_ACTOR": "bot", "TRACEPARENT": f"00-{'a' * 32}-{'b' * 16}-01"}
    assert who(None, None, None, variables).user == "bot"
    assert who("ana", None, None, variables).user == "ana"
    assert who(None, None, None, variables).trace == "a" * 32
    assert who(None, None, None, {"TRACEPARENT": "x"}).trace is None


def test_no_text_of_a_record_holds_a_secret(repository: Repository, tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    secret = "https://ana:pa/ss@w@git.example.com/x"
    gate(repository, "--audit", str(file), "--user", secret, "--ticket", secret, "--environment", secret)
    assert "pa/ss" not in file.read_text("ascii")
    assert "git.example.com" in file.read_text("ascii")


def test_a_blank_ticket_is_none() -> None:
    assert who(" ", "\t", "", {"CHANGE_TICKET": " ", "GITHUB_ACTOR": "bot"}) == who("bot", None, None, {})


def test_an_audit_file_is_neither_a_report_nor_a_file_of_the_release(repository: Repository) -> None:
    for flags in (("--audit", "a.jsonl", "--output", "json=./a.jsonl"), ("--audit", MANIFEST)):
        done = gate(repository, *flags)
        assert (done.code, done.out) == (2, "")
    assert not (repository.folder / "a.jsonl").exists()


def test_a_signal_while_the_record_is_written_is_held_back(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, ended = tmp_path / "audit.jsonl", AuditTrail.ended

    def interrupted(trail: AuditTrail, *given: Any) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        return ended(trail, *given)

    monkeypatch.setattr(AuditTrail, "ended", interrupted)
    assert gate(repository, "--audit", str(file)).code == 0
    assert records(file)[-1]["outcome"] == "success"


def test_records_on_standard_error_are_no_commands_for_a_runner(repository: Repository) -> None:
    done = gate(repository, "--audit", "-", "--ticket", "##[error]x", "-q")
    lines = [line for line in done.err.splitlines() if line.startswith("{")]
    assert len(lines) == 2
    assert "##[error]" not in done.err
    assert json.loads(lines[0])["change_ticket"] == "##[error]x"


def test_two_gates_at_once_write_whole_records(tmp_path: Path) -> None:
    sink = AuditSink(tmp_path / "audit.jsonl", tmp_path)
    lines = [json.dumps({"id": number, "text": "x" * 5000}) + "\n" for number in range(40)]

    def write(some: list[str]) -> None:
        for line in some:
            sink.write(line)

    writers = [Thread(target=write, args=(some,)) for some in (lines[:20], lines[20:])]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted((tmp_path / "audit.jsonl").read_text("ascii").splitlines(keepends=True)) == sorted(lines)


@pytest.mark.parametrize("phase", ["open_release", "judge", "rendered", "print_text"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_gate_that_is_ended_in_any_phase_leaves_its_record(
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    phase: str,
    number: int,
    code: int,
) -> None:
    file, step = repository.folder.parent / "audit.jsonl", getattr(gate_command, phase)

    def ended(*given: Any) -> Any:
        os.kill(os.getpid(), number)
        return step(*given)

    monkeypatch.setattr(gate_command, phase, ended)
    assert gate(repository, "--audit", str(file)).code == code
    assert [(item["outcome"], item["exit_code"]) for item in records(file)] == [
        ("started", None),
        ("failure", code),
    ]


@pytest.mark.parametrize("kind", ["pipe", "device", "file of git", "dangling link"])
def test_an_audit_file_is_a_plain_one(repository: Repository, tmp_path: Path, kind: str) -> None:
    path = {"device": Path("/dev/full"), "file of git": repository.folder / ".git/config"}.get(
        kind, tmp_path / "a"
    )
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "dangling link":
        path.symlink_to(tmp_path / "nowhere")
    before = path.read_bytes() if kind == "file of git" else b""
    done = gate(repository, "--audit", str(path))
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err
    assert not before or path.read_bytes() == before
