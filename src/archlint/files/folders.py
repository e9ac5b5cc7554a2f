"""The folders around files, by paths from the root; the root itself is the empty text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import dirname

from archlint.finding.regex import regex

_VERSION = regex(r"v\d++\w*+")
_NOT_OURS = regex(r"(?:^|/)(?:tests?|testdata|testing|fixtures?|examples?|samples?|mocks?|docs?|tutorials?)/")


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


def version_folders(path: str) -> tuple[str, ...]:
    """The parts of a path that name a version, such as ``v1``: copies under different ones may differ."""
    return tuple(part for part in path.split("/") if _VERSION.fullmatch(part))


def shows_or_tests(path: str) -> bool:
    """Whether a file lies in a folder of tests, examples or documentation, which nothing is built from."""
    return _NOT_OURS.search(path) is not None
