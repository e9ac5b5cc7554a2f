"""Files of git's own that are none: git would wait at a pipe, and read a device without end."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

_GITFILE = b"gitdir:"
_LONGEST = 4096
_READ = (
    *("HEAD", "config", "config.worktree", "index", "packed-refs", "shallow", "commondir"),
    *("info/exclude", "info/attributes", "info/grafts", "info/sparse-checkout"),
    *("objects/info/alternates", "objects/info/commit-graph", "objects/pack/multi-pack-index"),
)
"""What git may read for any command."""


def odd_file(top: Path) -> str | None:
    """A pipe, socket or device that git would read for the repository at ``top``, as it is called there."""
    for folder in _folders(top / ".git"):
        for name in _READ:
            path = f"{folder}/{name}"
            try:
                mode = os.stat(path).st_mode  # noqa: PTH116, as many are asked for and few are there
            except (OSError, ValueError):
                continue
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                return os.path.relpath(path, top)
    return None


def _folders(entry: Path) -> Iterator[Path]:
    """The folder of a repository, and the one that a linked work tree shares with others."""
    own = entry
    if entry.is_file():
        told = _first_line(entry)
        if not told.startswith(_GITFILE):
            return
        own = entry.parent / os.fsdecode(told.removeprefix(_GITFILE).strip())
    yield own
    shared = own / "commondir"
    if shared.is_file():
        yield own / os.fsdecode(_first_line(shared))


def _first_line(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST).split(b"\n")[0].rstrip(b"\r\0")
    except OSError:
        return b""
