"""Where the cache is, what is deleted of it, and how a file is written so that nobody sees half of it."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from archlint.finding.regex import regex

LONGEST_UNUSED = 60 * 24 * 3600
"""Seconds after which the file of a root that no run has used is deleted."""
MOST_BYTES = 1024 * 1024 * 1024
"""Bytes that the files of all roots may have together: beyond, those go that were not used for longest."""
MOST_ROOTS = 1000
"""Files that may be there together, as each new root looks through all of them."""
_ROOT_FILE = regex(r"files-[0-9a-f]{20}\.sqlite(?:-journal|-wal|-shm)?")
_RULES_FILE = regex(r"\.?rules\.json(?:\.\d+)?")


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
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    with suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(target)


def make_room(folder: Path, but_for: str, most: int = MOST_BYTES) -> None:
    """Delete the files of roots that nobody has checked for long, such as clones that are gone, and the least
    used ones of what is too much. A file that cannot be deleted, as another run has it open, stays."""
    oldest = time.time() - LONGEST_UNUSED
    files = sorted(_files_of_roots(folder), key=lambda file: -file[0])
    room = most
    for number, (used, size, name) in enumerate(files):
        room -= size
        if (used < oldest or room < 0 or number >= MOST_ROOTS) and name != but_for:
            with suppress(OSError):
                (folder / name).unlink()


def _files_of_roots(folder: Path) -> list[tuple[float, int, str]]:
    """When each was used, its size, and its name."""
    found: list[tuple[float, int, str]] = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _ROOT_FILE.fullmatch(entry.name):
                with suppress(OSError):
                    facts = entry.stat(follow_symlinks=False)
                    found.append((facts.st_mtime, facts.st_size, entry.name))
    return found


def clean(folder: Path) -> tuple[int, int]:
    """Delete all that archlint keeps in its folder, and nothing else: how many files, and how many bytes.

    Raises ``OSError`` for what cannot be deleted.
    """
    count = size = 0
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return 0, 0
    for entry in entries:
        is_own = _ROOT_FILE.fullmatch(entry.name) or _RULES_FILE.fullmatch(entry.name)
        if is_own and not entry.is_dir(follow_symlinks=False):
            size += entry.stat(follow_symlinks=False).st_size
            Path(entry.path).unlink()
            count += 1
    return count, size
