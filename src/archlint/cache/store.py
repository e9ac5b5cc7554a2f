"""Where the cache is, and how an entry is written so that concurrent runs never see half of one."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path | None:
    """The folder for archlint's cache: ``ARCHLINT_CACHE_DIR``, else below the user's cache folder.

    Never inside the repository that is checked. ``None`` if there is no home to put it in.
    """
    named = os.environ.get("ARCHLINT_CACHE_DIR")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    if base and Path(base).is_absolute():
        return Path(base) / "archlint"
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE")
    return Path(home) / ".cache" / "archlint" if home and Path(home).is_absolute() else None


def write_atomically(target: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old or the new content; a failure is silent: it is a cache."""
    from contextlib import suppress

    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    with suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(target)
