"""The folders around files, by paths from the root; the root itself is the empty text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import dirname, splitext

from archlint.finding.regex import regex

_VERSION = regex(r"v\d[\w.-]*+|\d++(?:[._-]\d++)*+")
_STEM_VERSION = regex(r"(\w*\dv|\d++(?:[._-]\d++)*)(?=[._-]|\Z)")
"""Of a name that is read from its end: from there one pass is enough."""
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


def versions_in(path: str) -> tuple[str, ...]:
    """The folders of a path that name a version, such as ``v1`` or ``1.0``, and what the file's name ends
    with if it does: what is of different ones may differ."""
    *folders, name = path.split("/")
    found = _STEM_VERSION.match(splitext(name)[0][::-1])
    return (*filter(_VERSION.fullmatch, folders), *([found[1][::-1]] if found else []))


def shows_or_tests(path: str) -> bool:
    """Whether a file lies in a folder of tests, examples or documentation, which nothing is built from."""
    return _NOT_OURS.search(path) is not None
