"""Submodules of git: what lies in those that are not checked out is unknown, not missing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from posixpath import normpath

from archlint.files.text import TextProblem, decode
from archlint.files.tree import FileProblem, FileTree
from archlint.finding.regex import regex

_PATH = regex(r'(?m)^[ \t]*+path[ \t]*+=[ \t]*+"?+([^"#;\r\n]++)')
_READ = 100_000
"""Characters of ``.gitmodules`` that are read."""


def submodules_in(text: str) -> frozenset[str]:
    """The folders that the text of a ``.gitmodules`` names."""
    return frozenset(normpath(path.strip().strip("/")) for path in _PATH.findall(text[:_READ])) - {"."}


def unfilled_submodules(tree: FileTree) -> tuple[str, ...]:
    """The folders that ``.gitmodules`` names and of which no file is here, sorted."""
    with suppress(FileProblem, TextProblem):
        named = submodules_in(decode(tree.read(".gitmodules")))
        paths = tree.paths()
        filled = {folder for path in paths for folder in _folders(path)} if named else set()
        return tuple(sorted(named - filled))
    return ()


def submodule_of(path: str, folders: Iterable[str]) -> str | None:
    """Which of the folders a path is, or lies in; it may have ``.`` and ``..`` in it, as people write it."""
    path = normpath(path)
    return next((each for each in folders if path == each or path.startswith(f"{each}/")), None)


def _folders(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: end + 1]) for end in range(min(len(parts), 40))]
