"""Finds the configuration: upwards from the first path, and not above the root."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from archlint.config.errors import ConfigurationError
from archlint.files import find_root, git_top
from archlint.finding.records import dataclass

FILE_NAME = "archlint.yaml"
PYPROJECT = "pyproject.toml"
_SLIPS = ("archlint.yml", ".archlint.yaml", ".archlint.yml", "archlint.json", "archlint.toml")
_MARK = b"archlint"


@dataclass(frozen=True, slots=True)
class Located:
    """The root of a run and its configuration file, if there is one."""

    root: Path
    file: Path | None
    slip: str | None = None
    """A file beside the first path that looks like a configuration but is not read under its name."""


def locate(paths: Sequence[Path], explicit: Path | None = None) -> Located:
    """The root and the configuration for some paths; ``explicit`` is a file that the user named.

    Outside of git there is no top to stop at, and the folder of the configuration is the root.
    Raises ``ConfigurationError`` if the named file does not exist.
    """
    if explicit is not None:
        if not explicit.is_file():
            raise ConfigurationError([f"{explicit}: the configuration file does not exist"])
        return Located(find_root(paths), explicit)
    first = Path(os.path.normpath((paths[0] if paths else Path()).absolute()))
    folder = first if first.is_dir() else first.parent
    slip: str | None = None
    for candidate in _upwards(folder):
        found = _in_folder(candidate)
        if found is not None:
            return Located(find_root(paths, candidate), found, slip)
        slip = slip or next((name for name in _SLIPS if (candidate / name).is_file()), None)
    return Located(find_root(paths), None, slip)


def _upwards(folder: Path) -> Iterator[Path]:
    top = git_top(folder)
    for candidate in (folder, *folder.parents):
        yield candidate
        if candidate == top:
            return


def _in_folder(folder: Path) -> Path | None:
    named = folder / FILE_NAME
    if os.path.lexists(named):
        return named
    project = folder / PYPROJECT
    return project if project.is_file() and _speaks_of_archlint(project) else None


def _speaks_of_archlint(project: Path) -> bool:
    from archlint.config.reading import has_table

    try:
        if project.stat().st_size > 1_000_000:
            return False
        content = project.read_bytes()
    except OSError:
        return False
    return _MARK in content and has_table(content)
