"""Runs a command of archlint inside of the test's own process, which saves its start."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import chdir
from pathlib import Path
from unittest import mock

from archlint.cli.main import run
from tests.support.caches import with_cache
from tests.support.limits import limited
from tests.support.process import Done


def archlint(*arguments: str | Path, cwd: Path, timeout: float = 60, **environment: str) -> Done:
    """As ``tests.support.process.archlint``; ``timeout`` is in seconds of CPU time."""
    out, err = _stream(), _stream()
    code = _run(arguments, cwd, timeout, with_cache(cwd, environment), (out, err))
    return Done(code, _text(out), _text(err))


def said(*arguments: str, cwd: Path, **environment: str) -> tuple[int, str]:
    """The exit code, and what goes to both streams as a terminal shows it."""
    both = _stream()
    return _run(arguments, cwd, 60, with_cache(cwd, environment), (both, both)), _text(both)


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode("utf-8")


def _run(
    arguments: Sequence[str | Path],
    cwd: Path,
    timeout: float,
    environment: Mapping[str, str],
    streams: tuple[io.TextIOWrapper, io.TextIOWrapper],
) -> int:
    with (
        chdir(cwd),
        mock.patch.object(sys, "argv", ["archlint", *map(str, arguments)]),
        mock.patch.object(sys, "stdout", streams[0]),
        mock.patch.object(sys, "stderr", streams[1]),
        mock.patch.dict(os.environ, environment),
    ):
        try:
            with limited(timeout):
                run()
        except SystemExit as ended:
            return int(ended.code or 0)
    return 0
