"""Runs archlint as a process, as a user or a script would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.caches import with_cache


@dataclass(frozen=True)
class Done:
    """How a process ended."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """Standard output as JSON."""
        return json.loads(self.out)

    def rules(self) -> list[str]:
        """The names of the rules that found something, with repetitions."""
        return [finding["rule"] for finding in self.report["findings"]]


def archlint(*arguments: str | Path, cwd: Path, timeout: float = 60, **environment: str) -> Done:
    """Run archlint with a cache of its own below ``cwd``'s parent."""
    variables = {**os.environ, **with_cache(cwd, environment)}
    done = subprocess.run(
        [sys.executable, "-m", "archlint", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        timeout=timeout,
        env=variables,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder with a fixed identity and no configuration of the machine."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{
            f"GIT_{who}_{what}": "tests@example.com"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, env=environment, check=True
    )
    return done.stdout.strip()


def commit_all(folder: Path, message: str = "state") -> str:
    """Commit everything in a folder, making it a repository first if it is none; returns the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")
