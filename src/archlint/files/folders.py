"""The folders around files, by paths from the root; the root itself is the empty text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import dirname


def folders_above(path: str) -> Iterator[str]:
    """The folders around a path, the nearest first, the root last."""
    folder = dirname(path)
    while folder:
        yield folder
        folder = dirname(folder)
    yield ""


def all_folders(paths: Iterable[str]) -> frozenset[str]:
    """Every folder around some paths."""
    found: set[str] = set()
    for path in paths:
        for folder in folders_above(path):
            if folder in found:
                break
            found.add(folder)
    return frozenset(found)
