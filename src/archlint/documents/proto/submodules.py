"""Submodules of git that are not checked out: what lies in them is unknown, not missing."""

from __future__ import annotations

from contextlib import suppress

from archlint.files import FileProblem, FileTree, TextProblem, decode
from archlint.finding.regex import regex

_PATH = regex(r'(?m)^[ \t]*+path[ \t]*+=[ \t]*+"?+([^"#;\r\n]++)')
_READ = 100_000
"""Characters of ``.gitmodules`` that are read."""


def unfilled_submodules(tree: FileTree) -> tuple[str, ...]:
    """The folders that ``.gitmodules`` names and of which no file is here, sorted."""
    with suppress(FileProblem, TextProblem):
        named = {path.strip().strip("/") for path in _PATH.findall(decode(tree.read(".gitmodules"))[:_READ])}
        paths = tree.paths()
        filled = {folder for path in paths for folder in _folders(path)} if named else set()
        return tuple(sorted(named - filled - {""}))
    return ()


def _folders(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: end + 1]) for end in range(min(len(parts), 40))]
