"""A stamp of the code that made an entry, so that an edited rule never meets findings of its older self."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from zlib import crc32


def code_stamp(package: str) -> str:
    """What tells the Python files of a package from those that it had: where each is, its size and time.
    Empty for a package that is not there."""
    folders = _folders(package)
    files = total = 0
    for entry in _python_files(folders):
        stat = entry.stat()
        files += 1
        # a sum, as the order in which a folder lists its files may be any
        total += crc32(f"{entry.path}\0{stat.st_size}\0{stat.st_mtime_ns}".encode("utf-8", "surrogateescape"))
    return f"{files} {total}" if folders else ""


def _folders(package: str) -> list[str]:
    """Where a top-level package is, without importing it: that happens when its first rule runs."""
    module = sys.modules.get(package)
    if module is not None:
        return list(getattr(module, "__path__", ()))
    from importlib.util import find_spec

    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        return []
    return list(spec.submodule_search_locations or ()) if spec is not None else []


def _python_files(folders: list[str]) -> Iterator[os.DirEntry[str]]:
    waiting = list(folders)
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith(".py"):
                yield entry
            elif entry.is_dir(follow_symlinks=False) and entry.name != "__pycache__":
                waiting.append(entry.path)
