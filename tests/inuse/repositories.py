"""Throwaway git repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

_SETTINGS = ("user.name=tester", "user.email=tester@example.com", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints; raises ``CalledProcessError`` if it fails."""
    command = ["git", *(part for setting in _SETTINGS for part in ("-c", setting)), *arguments]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout.strip()
