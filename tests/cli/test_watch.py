"""``--watch`` checks again after each change, and reads nothing in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest

from tests.support.process import archlint, git

POD = """apiVersion: v1
kind: Pod
metadata: {name: cart}
spec:
  containers: [{name: app, image: "registry.example.com/app:1", securityContext: {privileged: true}}]
"""
FIXED = POD.replace(", securityContext: {privileged: true}", "")
ONE_RULE = ("--ignore", "ALL", "--select", "privileged-container", "--format", "markdown")


class Watching:
    """A running ``check --watch``, and what it says on standard error, line by line."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "archlint", "check", "--watch", *ONE_RULE, *arguments]
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "ARCHLINT_CACHE_DIR": str(folder.parent / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: Queue[tuple[str, str]] = Queue()
        for name in ("stdout", "stderr"):
            Thread(target=self._read, args=(name,), daemon=True).start()

    def _read(self, name: str) -> None:
        for line in getattr(self.process, name):
            self._lines.put((name, line))

    def until(self, text: str) -> str:
        """All that is written up to a line with some text in it."""
        seen = ""
        while text not in seen:
            seen += self._lines.get(timeout=30)[1]
        return seen

    def end(self) -> int:
        """Interrupt it, and how it ends."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "shop"
    inner.mkdir()
    git(inner, "init", "-q")
    (inner / "pod.yaml").write_text(POD)
    return inner


@pytest.fixture
def watching(folder: Path) -> Iterator[Watching]:
    # a job in the background of a shell ignores Ctrl-C, and so do those that it starts
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    started = Watching(folder)
    signal.signal(signal.SIGINT, before)
    yield started
    started.process.kill()


def test_it_checks_again_until_it_is_interrupted(folder: Path, watching: Watching) -> None:
    watching.until("Ctrl-C ends")
    (folder / "pod.yaml").write_text(FIXED)
    watching.until("pod.yaml has changed")
    (folder / "new.yaml").write_text(POD.replace("cart", "stock"))
    assert "has changed" in watching.until("`new.yaml:5`")
    (folder / "archlint.yaml").write_text("profil: strict\n")
    watching.until("unknown key 'profil'")
    (folder / "archlint.yaml").unlink()
    watching.until("has changed")
    assert watching.end() == 130


def test_it_ends_when_nobody_reads(folder: Path) -> None:
    ours, theirs = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "archlint", "check", "--watch", *ONE_RULE],
        cwd=folder,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    os.read(ours, 1)  # the first report has begun
    os.close(ours)
    assert process.wait(timeout=30) == 0


@pytest.mark.parametrize(
    "other", [["--fix"], ["--diff"], ["--update-baseline"], ["-", "--stdin-filename", "a"]]
)
def test_it_changes_nothing(folder: Path, other: list[str]) -> None:
    done = archlint("check", "--watch", *other, cwd=folder)
    assert (done.code, done.out) == (2, "")
    assert "--watch" in done.err
