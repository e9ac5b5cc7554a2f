"""Which files may hold a suppression, or say what they were rendered from: most runs need to know no more,
and so import no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from archlint.files import FileProblem, FileTree, Kind

_WORDS = ("archlint", "trivy:ignore:")
RENDERED = "# Source: "
"""What begins the line that names the template of what follows it."""
_UNREAD = frozenset({Kind.OTHER})
"""Kinds of file that no rule looks at, so that nothing in them can be suppressed."""


def candidates(
    tree: FileTree, kinds: Mapping[str, Kind], has_name: Callable[[str], bool] | None = None
) -> Iterator[tuple[str, bytes]]:
    """Path and content of the files that hold archlint's name; ``has_name`` may know it without reading."""
    for path in sorted(kinds):
        if kinds[path] in _UNREAD or (has_name is not None and not has_name(path)):
            continue
        try:
            content = tree.read(path)
        except FileProblem:
            continue  # told as a parse error
        if names_archlint(content):
            yield path, content


def names_archlint(content: bytes) -> bool:
    """Whether a file holds a word without which nothing in it is of interest once findings are judged."""
    return may_suppress(content) or holds(content, RENDERED)


def may_suppress(content: bytes) -> bool:
    """Whether a file holds a word without which there is no suppression in it."""
    return any(holds(content, word) for word in _WORDS)


def holds(content: bytes, word: str) -> bool:
    """Whether a file holds a word, in any of the encodings that are read."""
    return word.encode() in content or (
        b"\0" in content and word.encode("utf-16-be").strip(b"\0") in content  # not in most
    )
