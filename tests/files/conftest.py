"""Real git repositories for the tests of this folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

RunGit = Callable[..., str]


@pytest.fixture(autouse=True)
def quiet_git(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's own configuration and a surrounding hook must not change the tests."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(
        "[user]\nname = A\nemail = a@example.org\n[init]\ndefaultBranch = main\n"
        '[protocol "file"]\nallow = always\n'
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "xdg"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def run_git() -> RunGit:
    def run(folder: Path, *arguments: str, stdin: str | None = None) -> str:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], input=stdin, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture
def repository(tmp_path: Path, run_git: RunGit) -> Path:
    """An empty repository, without commits."""
    root = tmp_path / "repo"
    root.mkdir()
    run_git(root, "init", "-q")
    return root


@pytest.fixture
def put(repository: Path) -> Callable[..., None]:
    """Writes files into the repository; ``put({"a/b.yaml": "text"})``."""

    def write(files: dict[str, str], root: Path = repository) -> None:
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)

    return write


@pytest.fixture
def commit(repository: Path, run_git: RunGit) -> Callable[..., str]:
    """Commits all that is there and returns the commit; no two have the same message, so none is the same."""
    numbers = count(1)

    def make(root: Path = repository) -> str:
        run_git(root, "add", "-A")
        run_git(root, "commit", "-q", "--allow-empty", "-m", f"Change {next(numbers)}")
        return run_git(root, "rev-parse", "HEAD")

    return make


@pytest.fixture
def trap(tmp_path: Path) -> tuple[Path, Path]:
    """A program that leaves a mark when it runs, and the mark."""
    mark = tmp_path / "mark"
    program = tmp_path / "trap.sh"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\nexit 1\n")
    program.chmod(0o755)
    return program, mark
