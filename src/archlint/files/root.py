"""The root: the folder that all paths in reports, fingerprints and suppressions are relative to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

_GITFILE_LIMIT = 4096


def find_root(paths: Sequence[Path], config_folder: Path | None = None) -> Path:
    """The git top level above the first path, else the configuration's folder, else the path itself.

    The path may be a file, then its folder stands for it. The result is absolute and free of symbolic links.
    git is not run: whether it trusts the repository shows later.
    """
    first = Path(os.path.normpath(Path.cwd() / (paths[0] if paths else "")))
    folder = first if first.is_dir() else first.parent
    top = git_top(folder)
    if top is None and config_folder is not None:
        top = config_folder
    return Path(os.path.realpath(top if top is not None else folder))


def git_top(folder: Path) -> Path | None:
    """The nearest folder, from ``folder`` upwards, that holds a ``.git``; ``None`` outside of git."""
    for candidate in (folder, *folder.parents):
        if _is_git(candidate / ".git"):
            return candidate
    return None


def _is_git(entry: Path) -> bool:
    """Whether a ``.git`` is a repository, or the file that names one (linked work tree, submodule)."""
    try:
        if entry.is_dir():
            return os.path.lexists(entry / "HEAD")
        if not entry.is_file() or entry.stat().st_size > _GITFILE_LIMIT:
            return False
        with entry.open("rb") as file:
            return file.read(len(b"gitdir:")) == b"gitdir:"
    except OSError:
        return False


def by_repository(paths: Sequence[str], cwd: Path) -> list[list[str]]:
    """The paths by the git repository that they lie in, in the order of the first of each.

    Those outside of git stay together: their root is that of the first.
    """
    groups: dict[Path | None, list[str]] = {}
    for text in paths:
        lexical = Path(os.path.normpath(cwd / text))
        folder = lexical if lexical.is_dir() else lexical.parent
        groups.setdefault(git_top(Path(os.path.realpath(folder))), []).append(text)
    return list(groups.values())


def root_name(root: Path, paths: Sequence[str]) -> str:
    """What the root of some paths is called, in the way in which the first of them is written."""
    text = Path(paths[0]) if Path(paths[0]).is_dir() else Path(paths[0]).parent
    real = os.path.realpath(text)
    return os.path.normpath(text / os.path.relpath(root, real))


def shared_by(folder: Path) -> str | None:
    """What a folder is that nobody means by a repository: a home, or one for temporary files."""
    real = os.path.realpath(folder)
    home = os.path.realpath(os.path.expanduser("~"))  # noqa: PTH111, as Path.home() raises without a home
    if Path(home).is_relative_to(real):
        return "a home folder"
    places = ("/tmp", "/var/tmp", os.environ.get("TMPDIR") or "/tmp")
    return "a folder for temporary files" if real in map(os.path.realpath, places) else None


def links_out(folder: Path) -> bool:
    """Whether an absolute path enters a git repository by its spelling and leaves it through a link."""
    real = Path(os.path.realpath(folder))
    if real == folder:
        return False
    return any(
        _is_git(above / ".git") and not real.is_relative_to(os.path.realpath(above))
        for above in (folder, *folder.parents)
    )
