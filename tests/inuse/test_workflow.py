"""The workflow that `archlint init` writes where archlint is no action: its steps, run as a runner would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.inside import archlint
from tests.support.process import commit_all, git

SOURCE = "git+https://git.example.com/team/archlint.git@v0.1.0"
GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n  LEVEL: debug\n"
BAD = GOOD.replace("data:\n", "data:\n  LEVEL: info\n")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the workflow, and a branch ``main`` at its origin."""
    folder = tmp_path / "work"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    assert archlint("init", "--source", SOURCE, cwd=folder).code == 0
    (folder / "settings.yaml").write_text(GOOD)
    git(folder, "update-ref", "refs/remotes/origin/main", commit_all(folder))
    return folder


def steps(repository: Path) -> dict[str, str]:
    text = (repository / ".github/workflows/archlint.yml").read_text("utf-8")
    return {
        step["name"]: step["run"]
        for step in yaml.safe_load(text)["jobs"]["archlint"]["steps"]
        if "run" in step
    }


def run(repository: Path, script: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A step as a runner runs it, with the Python of the tests."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {
        **os.environ,
        "PATH": path,
        "GITHUB_STEP_SUMMARY": str(repository.parent / "summary.md"),
        **more,
    }
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=repository, env=environment, capture_output=True, text=True, check=False
    )


def test_a_push_and_a_pull_request_are_checked(repository: Path) -> None:
    check = steps(repository)["Check"]
    done = run(repository, check, BASE="")
    assert done.returncode == 0, done.stdout + done.stderr
    (repository / "settings.yaml").write_text(BAD)
    (repository / "archlint.py").write_text("raise SystemExit('run from the checkout')\n")
    done = run(repository, check, BASE="origin/main")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "::error file=settings.yaml,line=6," in done.stdout
    assert "LINT005" in (repository.parent / "summary.md").read_text("utf-8")


def test_the_first_step_installs_what_was_named(repository: Path, tmp_path: Path) -> None:
    """A stand-in for Python tells what it was called with: the command line reaches it whole."""
    stand_in = tmp_path / "bin" / "python"
    stand_in.parent.mkdir()
    stand_in.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    stand_in.chmod(0o755)
    path = f"{stand_in.parent}{os.pathsep}{os.environ['PATH']}"
    done = run(repository, steps(repository)["Install archlint"], PATH=path)
    assert done.stdout.splitlines() == ["-I", "-m", "pip", "install", f"archlint @ {SOURCE}"]
