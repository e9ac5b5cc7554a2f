"""What a long run says on a terminal: after a while, in one line that is gone at the end; else nothing."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from archlint.cli import output
from archlint.cli import progress as module
from archlint.cli.progress import progress
from archlint.config import Settings
from archlint.engine.inventory import take_inventory
from archlint.engine.request import Request, Side, silent
from archlint.files import WorkingTree
from tests.judging.cases import TODAY, registry

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Standard error is a terminal; what it shows is read from the descriptor."""
    shown, given = os.openpty()
    for name in ("CI", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    monkeypatch.setattr(module, "_PAUSE", 0.05)
    with os.fdopen(given, "w") as stream:
        monkeypatch.setattr(module, "sys", SimpleNamespace(stderr=stream, platform=sys.platform))
        yield shown
    os.close(shown)


def seen(descriptor: int) -> str:
    text = b""
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        if select.select([descriptor], [], [], 0.05)[0]:
            text += os.read(descriptor, 100_000)
    return text.decode()


def wait() -> None:
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        pass


def test_a_long_run_says_what_it_does_and_leaves_nothing(terminal: int) -> None:
    before = signal.getsignal(signal.SIGALRM)
    with progress(quiet=False) as told:
        told("reading files", 1200, 4000)
        wait()
        assert "\r\x1b[Karchlint: reading files (1,200 of 4,000) ..." in seen(terminal)
        told("comparing contracts", 0, 0)
        wait()
    assert seen(terminal).endswith("archlint: comparing contracts ...\r\x1b[K")
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    wait()
    assert seen(terminal) == ""


def test_the_line_is_gone_after_an_error_too(terminal: int) -> None:
    with pytest.raises(KeyboardInterrupt), progress(quiet=False):
        wait()
        raise KeyboardInterrupt
    assert seen(terminal).endswith("\r\x1b[K")


def test_a_narrow_terminal_gets_one_line(terminal: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    with progress(quiet=False) as told:
        told("reading files", 1, 2)
        wait()
    assert "archlint: reading f\r" in seen(terminal)


def test_a_short_run_says_nothing(terminal: int) -> None:
    with progress(quiet=False) as told:
        told("reading files", 1, 2)
    assert seen(terminal) == ""


@pytest.mark.parametrize("name", ["CI", "TERM", "quiet", "pipe"])
def test_where_nobody_looks_nothing_is_said(
    name: str, terminal: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in ("CI", "TERM"):
        monkeypatch.setenv(name, "dumb")
    with (tmp_path / "log").open("w") as log:
        if name == "pipe":
            monkeypatch.setattr(module, "sys", SimpleNamespace(stderr=log, platform=sys.platform))
        with progress(quiet=name == "quiet") as told:
            assert told is silent
            wait()
    assert seen(terminal) == (tmp_path / "log").read_text() == ""


def test_a_stream_that_was_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "sys", SimpleNamespace(stderr=None, platform=sys.platform))
    with progress(quiet=False) as told:
        assert told is silent


def test_what_is_said_meanwhile_stands_on_a_line_of_its_own(
    terminal: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as how many findings went into the baseline."""
    monkeypatch.setattr(output, "sys", module.sys)
    with progress(quiet=False) as told:
        told("reading files", 1, 2)
        wait()
        assert "reading files" in seen(terminal)
        output.say("archlint: wrote 3 known findings")
        assert "\r\x1b[Karchlint: wrote 3 known findings\r\n" in seen(terminal)
    assert not output.erasers


def test_a_run_tells_what_it_does_and_how_much_of_it_is_done(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.yaml").write_text(f"a: {number}\n", "utf-8")
    told: list[tuple[str, int, int]] = []
    request = Request(
        revision=Side(WorkingTree(tmp_path), ("0.yaml", "1.yaml", "2.yaml")),
        root=str(tmp_path),
        registry=registry(),
        rules=registry().rules,
        settings=Settings(),
        today=TODAY,
        progress=lambda what, done, count: told.append((what, done, count)),
    )
    take_inventory(request)
    assert [each for each in told if each[2]] == [("reading files", done, 3) for done in range(4)]
    assert all(done == 0 for _, done, count in told if not count)
