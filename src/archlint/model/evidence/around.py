"""What lies around a file of evidence: other files of its folders, as editors and clients read them.

A file is read by the name that such a tool gives it, through the tree of the evidence, so never out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from posixpath import dirname
from typing import Any, TypeVar

from archlint.files import FileProblem, FileTree, TextProblem, decode

T = TypeVar("T")
_MOST_FOLDERS = 20
"""Folders above a file that are looked at."""
_LONGEST = 4_000_000
"""Characters of a file that lies around evidence; a longer one says nothing."""


class Around:
    """The files around evidence, each read once."""

    def __init__(self, tree: FileTree | None = None, paths: Sequence[str] = ()) -> None:
        """``paths`` are the files that were given as evidence."""
        self.paths = tuple(paths)
        self._tree = tree
        self._texts: dict[str, str | None] = {}
        self._made: dict[tuple[object, str], Any] = {}

    def once(self, make: Callable[[str, Around], T], folder: str) -> T:
        """What is made of a folder for all files in it."""
        key = (make, folder)
        if key not in self._made:
            self._made[key] = make(folder, self)
        found: T = self._made[key]
        return found

    def text(self, path: str) -> str | None:
        """The text of a file; ``None`` if it is not there or cannot be read."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _read(self, path: str) -> str | None:
        if self._tree is None:
            return None
        try:
            text = decode(self._tree.read(path))
        except (FileProblem, TextProblem):
            return None
        return text if len(text) <= _LONGEST else None

    def below(self, folder: str, *ends: str) -> Iterator[tuple[str, str]]:
        """The files of the evidence below a folder whose names end so, with their texts."""
        start = f"{folder}/" if folder else ""
        for path in self.paths:
            if path.startswith(start) and path.lower().endswith(ends):
                text = self.text(path)
                if text is not None:
                    yield path, text


def beside(folder: str, name: str) -> str:
    """The path of a file in a folder."""
    return f"{folder}/{name}" if folder else name


def folders_above(path: str) -> list[str]:
    """The folders that a file is in, from the nearest on; the root is the empty text."""
    found: list[str] = []
    while path not in ("", "/") and len(found) < _MOST_FOLDERS:
        path = dirname(path)
        found.append(path)
    return found
