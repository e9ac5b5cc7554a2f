"""A stamp of the code that made an entry, so that an edited rule never meets findings of its older self, and
what was read by one version of a library is not taken for what another one reads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
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


def library_version(package: str, distribution: str) -> str:
    """The version of a library by the name of its ``.dist-info`` folder; empty if it is not installed.

    Asking ``importlib.metadata`` takes 0.09 s for the same.
    """
    begin = f"{distribution.replace('-', '_')}-".lower()
    for folder in _folders(package):
        for name in _names_in(str(Path(folder).parent)):
            if name.lower().startswith(begin) and name.endswith((".dist-info", ".egg-info")):
                return name[len(begin) :].rpartition(".")[0]
        return "unknown"
    return ""


@cache
def _names_in(folder: str) -> list[str]:
    try:
        return sorted(entry.name for entry in os.scandir(folder))
    except OSError:
        return []


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
