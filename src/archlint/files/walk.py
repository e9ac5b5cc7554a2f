"""Folders on disk: walking them where git does not help, and checking what git lists against them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

TOOL_FOLDERS = frozenset(
    {
        *(".git", ".hg", ".svn", ".bzr", ".jj"),
        *(".venv", ".tox", ".nox", ".eggs", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"),
        *(
            ".hypothesis",
            ".terraform",
            ".terragrunt-cache",
            ".gradle",
            ".idea",
            ".vscode",
            ".cache",
            ".direnv",
        ),
        *(".yarn", ".pnpm-store", ".next", ".nuxt", ".serverless", ".aws-sam", ".bundle"),
    }
)
"""Names of folders that tools make and that nobody writes by hand; a walk skips them."""


def walk(top: Path, enter: Callable[[str], bool]) -> tuple[list[str], list[str]]:
    """Regular files below a folder, and the folders that could not be read, both relative to it.

    ``enter`` says whether to go into a folder. Links are not followed; folders of tools and Python
    environments (a ``pyvenv.cfg``) are skipped.
    """
    files: list[str] = []
    unread: list[str] = []
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(f"{os.fspath(top)}/{folder}") as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            unread.append(folder)
            continue
        if folder and any(entry.name == "pyvenv.cfg" for entry in found):
            continue
        for entry in found:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_file(follow_symlinks=False):
                files.append(path)
            elif entry.is_dir(follow_symlinks=False) and entry.name not in TOOL_FOLDERS and enter(path):
                pending.append(path)
    return files, sorted(unread)


def existing_files(top: Path, paths: Iterable[str]) -> list[str]:
    """Those of the paths that are regular files with no link on the way, in the given order."""
    names: dict[str, frozenset[str]] = {}
    folders = {"": True}
    found: list[str] = []
    for path in paths:
        folder, _, name = path.rpartition("/")
        if folder not in names:
            is_folder = _is_folder(top, folder, folders)
            names[folder] = _regular_files(f"{os.fspath(top)}/{folder}") if is_folder else frozenset()
        if name in names[folder]:
            found.append(path)
    return found


def _is_folder(top: Path, folder: str, known: dict[str, bool]) -> bool:
    """Whether a folder is reached without a link; ``known`` holds what was found out on the way to others."""
    way = ""
    for part in folder.split("/") if folder else ():
        way = f"{way}/{part}" if way else part
        if way not in known:
            try:
                known[way] = stat.S_ISDIR(os.lstat(f"{os.fspath(top)}/{way}").st_mode)
            except OSError:
                known[way] = False
        if not known[way]:
            return False
    return True


def is_empty(folder: Path) -> bool:
    """Whether there is nothing in a folder; one that cannot be read may have something."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return False


def _regular_files(place: str) -> frozenset[str]:
    """Names of the regular files in a folder; none if it cannot be read."""
    try:
        with os.scandir(place) as entries:
            return frozenset(entry.name for entry in entries if entry.is_file(follow_symlinks=False))
    except OSError:
        return frozenset()
