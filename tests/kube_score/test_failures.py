"""A kube-score that is missing or misbehaves is one warning, and changes nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archlint.adapters import kube_score
from archlint.adapters.kube_score import CODE, remarks
from archlint.cli.main import cli
from archlint.engine.reading import read_world
from archlint.files import WorkingTree
from tests.support.process import git

SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: cart}\nspec: {type: NodePort, ports: [{port: 80}]}\n"
)


@pytest.fixture
def fake(tmp_path: Path):
    """Makes a program that runs some Python, with what it is given as ``given``."""

    def make(code: str) -> str:
        program = tmp_path / "bin" / "kube-score"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!{sys.executable}\nimport json, sys, time\ngiven = sys.stdin.read()\n{code}\n")
        program.chmod(0o755)
        return str(program)

    return make


@pytest.fixture
def world(tmp_path: Path):
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "service.yaml").write_text(SERVICE)
    return read_world(WorkingTree(folder), ["service.yaml"])


def scored(checks: object, **meta: object) -> object:
    return {
        "type_meta": {"kind": "Service", "apiVersion": "v1"},
        "object_meta": {"name": "cart", **meta},
        "checks": checks,
    }


def remark(**fields: object) -> dict[str, object]:
    return {"check": {"id": "service-type", "name": "Service Type"}, "grade": 1, "comments": [], **fields}


def answers(fake, world, value: object):
    """What becomes of a program that prints some JSON."""
    return remarks(fake(f"print({json.dumps(json.dumps(value))})"), world, [])


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("print('<html>')", "printed something else than JSON"),
        ("print('[' * 100_000)", "printed something else than JSON"),
        ("print('{}')", "JSON of another form"),
        ("sys.stdout.buffer.write(bytes([255, 254, 0]))", "printed something else than JSON"),
        ("", "printed something else than JSON"),
        ("sys.exit('unknown flag:\\n  --output-version')", "failed: unknown flag: --output-version"),
        ("sys.exit(7)", "failed: exit code 7"),
    ],
)
def test_a_program_that_misbehaves(fake, world, code: str, reason: str) -> None:
    found, notices = remarks(fake(code), world, [])
    assert found == []
    assert [(notice.level, notice.path) for notice in notices] == [("warning", None)]
    assert reason in notices[0].message
    assert "nothing of kube-score is reported" in notices[0].message


def test_a_program_that_hangs(fake, world, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kube_score, "SECONDS", 0.5)
    found, (notice,) = remarks(fake("time.sleep(60)"), world, [])
    assert found == []
    assert "took more than" in notice.message


def test_a_program_that_does_not_read_what_it_is_given(tmp_path: Path, world) -> None:
    program = tmp_path / "kube-score"
    program.write_text("#!/bin/sh\necho '[]'\n")
    program.chmod(0o755)
    assert remarks(str(program), world, []) == ([], [])


@pytest.mark.parametrize("name", ["./no/such/program", "no-such-program-kube-score", "/", "service.yaml"])
def test_a_program_that_is_not_there(world, name: str) -> None:
    found, (notice,) = remarks(name, world, [])
    assert found == []
    assert f"there is no program '{name}'" in notice.message
    assert "--kube-score=PATH" in notice.message


def test_a_file_that_is_no_program(tmp_path: Path, world) -> None:
    (tmp_path / "kube-score").write_bytes(b"\x7fELF nothing")
    (tmp_path / "kube-score").chmod(0o755)
    found, (notice,) = remarks(str(tmp_path / "kube-score"), world, [])
    assert found == []
    assert "cannot be run" in notice.message


def test_the_working_directory_is_not_searched(fake, world, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative folder on PATH would run whatever the repository puts there."""
    folder = Path(fake("print('[]')")).parent
    monkeypatch.chdir(folder)
    for path in ("", ".", os.pathsep, f".{os.pathsep}{folder.name}"):
        monkeypatch.setenv("PATH", path)
        assert "there is no program" in remarks("kube-score", world, [])[1][0].message
    monkeypatch.setenv("PATH", str(folder))
    assert remarks("kube-score", world, []) == ([], [])


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        [None, 1, "x", [], {}],
        [scored(None)],
        [scored([None, 3, [], {}, {"check": 1}, {"check": {"id": 3}}])],
        [scored([remark(grade=None)])],
        [scored([remark(grade=10)])],
        [scored([remark(skipped=True)])],
        [scored([remark()], name="another")],
        [scored([remark()], namespace=["cart"], name={})],
    ],
)
def test_json_of_any_shape_gives_no_error(fake, world, value: object) -> None:
    assert answers(fake, world, value) == ([], [])


@pytest.mark.parametrize(
    ("comments", "summary", "advice"),
    [
        (None, "Service Type", ""),
        ([{"summary": "Not so.", "description": " Do that. "}], "Not so", "Do that"),
        ([{"summary": 3, "description": None}], "service-type", ""),
        ([None], "service-type", ""),
    ],
)
def test_comments_of_any_shape(fake, world, comments: object, summary: str, advice: str) -> None:
    (found,), notices = answers(fake, world, [scored([remark(comments=comments)])])
    assert (found.check, found.summary, found.advice) == ("service-type", summary, advice)
    assert notices == []


def test_places_of_unknown_checks(fake, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "service.yaml").write_text(SERVICE)
    value = [scored([remark(check={"id": "new-check"}, comments=[{"path": "x", "summary": "Hm"}])])]
    program = fake(f"print({json.dumps(json.dumps(value))})")
    command = ["check", "--no-cache", "--format", "json", f"--kube-score={program}", str(tmp_path)]
    cli.main(command, standalone_mode=False)
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert (found["code"], found["line"], found["column"]) == (CODE, 2, 7)
    assert found["aliases"] == ["kube-score:new-check"]


def archlint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "archlint", "check", "--no-cache", *arguments)
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_warning_changes_neither_findings_nor_exit_code(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SERVICE)
    plain = archlint(tmp_path, "--format", "json")
    asked = archlint(tmp_path, "--format", "json", "--kube-score=/no/such/program")
    assert asked.returncode == plain.returncode == 0
    assert json.loads(asked.stdout)["findings"] == json.loads(plain.stdout)["findings"]
    assert len(json.loads(asked.stdout)["notices"]) == 1
    assert asked.stderr.count("warning: kube-score: there is no program '/no/such/program'") == 1


def test_the_flag_takes_no_path_for_a_program(fake, tmp_path: Path) -> None:
    """``--kube-score deploy`` checks the folder deploy with the kube-score on PATH."""
    program = Path(fake("open('/dev/null'); print('[]')"))
    folder = tmp_path / "work"
    (folder / "deploy").mkdir(parents=True)
    (folder / "deploy" / "service.yaml").write_text(SERVICE)
    environment = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    command = (sys.executable, "-m", "archlint", "check", "--no-cache", "--kube-score", "deploy")
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "1 file" in run.stdout


def test_it_runs_only_if_asked(fake, tmp_path: Path) -> None:
    program = Path(fake(f"open({str(tmp_path / 'ran')!r}, 'w'); print('[]')"))
    folder = tmp_path / "repository"  # of its own: in one around it archlint would look at all that is there
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "service.yaml").write_text(SERVICE)
    environment = {**os.environ, "PATH": os.pathsep.join((str(program.parent), os.environ["PATH"]))}
    command = (sys.executable, "-m", "archlint", "check", "--no-cache", "--select", "ALL", str(folder))
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    assert not (tmp_path / "ran").exists()
    subprocess.run((*command, "--kube-score"), cwd=folder, env=environment, capture_output=True, check=False)
    assert (tmp_path / "ran").exists()


def test_data_is_not_handed_to_the_program(fake, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {password: hunter2}\n"
    (folder / "all.yaml").write_text(f"{secret}---\n{SERVICE}")
    seen = tmp_path / "seen"
    archlint(folder, f"--kube-score={fake(f'open({str(seen)!r}, chr(119)).write(given); print([])')}")
    assert "NodePort" in seen.read_text()
    assert "hunter2" not in seen.read_text()
