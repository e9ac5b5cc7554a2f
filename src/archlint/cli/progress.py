"""What a long run is doing, for people at a terminal: one line on standard error, gone when the run is over.

A timer of the process interrupts the run to write it. A thread would be there when processes are forked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from archlint.cli.output import erasers
from archlint.cli.terminal import columns_of, is_terminal
from archlint.engine.request import Progress, silent

_PATIENCE = 0.7
"""Seconds after which people begin to wonder."""
_PAUSE = 0.2
_ERASE = "\r\x1b[K"


class Line:
    """The last line of a terminal, which says what is done."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._stage = "starting"
        self._done = self._of = 0
        self._is_shown = False

    def __call__(self, stage: str, done: int, of: int) -> None:
        """Take note of what is done now; it is written when it is time."""
        self._stage, self._done, self._of = stage, done, of

    def show(self, *_: object) -> None:
        """Write what is done now in place of what was."""
        count = f" ({self._done:,} of {self._of:,})" if self._of else ""
        text = f"archlint: {self._stage}{count} ..."
        self._write(_ERASE + text[: (columns_of(self._stream) or 80) - 1])
        self._is_shown = True

    def erase(self) -> None:
        """Leave nothing behind, until it is time again."""
        if self._is_shown:
            self._write(_ERASE)
            self._is_shown = False

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # the terminal may be gone, or closed
            os.write(self._stream.fileno(), text.encode())


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """What tells the stages of a run; they are shown on a terminal, after a while, and never in CI."""
    if quiet or not _is_watched(sys.stderr):
        yield silent
        return
    import signal

    line = Line(sys.stderr)
    before = signal.signal(signal.SIGALRM, line.show)
    signal.siginterrupt(signal.SIGALRM, False)
    signal.setitimer(signal.ITIMER_REAL, _PATIENCE, _PAUSE)
    erasers.append(line.erase)
    try:
        yield line
    finally:
        erasers.remove(line.erase)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        line.erase()


def _is_watched(stream: TextIO | None) -> bool:
    """Whether somebody may look at a stream, on a system that has timers."""
    if os.environ.get("CI") or os.environ.get("TERM") == "dumb" or sys.platform == "win32":
        return False
    return is_terminal(stream)
