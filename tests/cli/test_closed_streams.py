"""Callers that close a stream get the exit code of the run all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(os.name != "posix", reason="a shell closes the streams")
@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-"])
def test_a_closed_stream_changes_no_exit_code(closed: str, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n")
    command = f'"{sys.executable}" -m archlint check --isolated --fail-on never . {closed}'
    assert subprocess.run(["sh", "-c", command], cwd=tmp_path, check=False).returncode == 0
