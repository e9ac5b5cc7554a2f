"""Runs a command of archlint inside of the test's own process, which saves its start."""

from __future__ import annotations

import io
import os
import sys
from contextlib import chdir
from pathlib import Path
from unittest import mock

from archlint.cli.main import run
from tests.support.caches import with_cache
from tests.support.limits import limited
from tests.support.process import Done


def archlint(*arguments: str | Path, cwd: Path, timeout: float = 60, **environment: str) -> Done:
    """As ``tests.support.process.archlint``; ``timeout`` is in seconds of CPU time."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    code = 0
    with (
        chdir(cwd),
        mock.patch.object(sys, "argv", ["archlint", *map(str, arguments)]),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
        mock.patch.dict(os.environ, with_cache(cwd, environment)),
    ):
        try:
            with limited(timeout):
                run()
        except SystemExit as ended:
            code = int(ended.code or 0)
    text, errors = (stream.buffer.getvalue().decode("utf-8") for stream in (out, err))
    return Done(code, text, errors)
