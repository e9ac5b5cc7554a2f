"""Which files may hold a suppression at all: most runs need to know no more, and so import no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.files import FileProblem, FileTree, Kind

_WORDS = (b"archlint", "archlint".encode("utf-16-be").strip(b"\0"))
_UNREAD = frozenset({Kind.OTHER, Kind.CHART_TEMPLATE})
"""Kinds of file that no rule looks at, so that nothing in them can be suppressed."""


def candidates(tree: FileTree, kinds: Mapping[str, Kind]) -> Iterator[tuple[str, bytes]]:
    """Path and content of the files that hold archlint's name."""
    for path in sorted(kinds):
        if kinds[path] in _UNREAD:
            continue
        try:
            content = tree.read(path)
        except FileProblem:
            continue  # told as a parse error
        if any(word in content for word in _WORDS):
            yield path, content
