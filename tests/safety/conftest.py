"""A trap, and a git that knows no configuration but the repository's own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Trap:
    """A program that leaves a mark when it runs."""

    program: Path
    mark: Path

    def assert_works(self) -> None:
        """Show that the trap has been sprung, and set it again."""
        assert self.mark.exists(), "the trap must work, or this test proves nothing"
        self.mark.unlink()

    def assert_untouched(self) -> None:
        """Show that nothing has run the program."""
        assert not self.mark.exists()


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    """A fresh trap."""
    mark, program = tmp_path / "mark", tmp_path / "trap.sh"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\nexit 1\n")
    program.chmod(0o755)
    return Trap(program, mark)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "world"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def quiet_git(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the user's own configuration nor a hook around the tests changes them."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "xdg"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
