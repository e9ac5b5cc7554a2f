"""Whether names stand in files of any kind: in source, scripts, templates, and what other tools read.

Much that has a name is made by something that is not understood here, such as Terraform; its name is there.
"""

from __future__ import annotations

from collections.abc import Iterable

from archlint.finding.regex import regex
from archlint.model.sources.languages import language_of
from archlint.model.world import World

NAME = regex(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
"""A name as a word of a text."""
_LONGEST = 1_000_000
_PROSE = (
    *(".md", ".mdx", ".rst", ".adoc", ".txt", ".html", ".css", ".svg", ".csv", ".sql", ".proto", ".graphql"),
    *(".avsc", ".http", ".lock"),
)
"""Ends of files in which a word is a word, a table or a field, and names nothing that runs."""
_TEXT = regex(r"([\"'`])([A-Za-z0-9][A-Za-z0-9-]{0,80})\1")


def unmentioned(names: Iterable[str], paths: Iterable[str], world: World) -> frozenset[str]:
    """Of some names those that are no word of some files."""
    left = set(names)
    for path in sorted(paths):
        if not left:
            break
        left.difference_update(NAME.findall((world.text(path) or "")[:_LONGEST]))
    return frozenset(left)


def unnamed(names: Iterable[str], paths: Iterable[str], world: World) -> frozenset[str]:
    """Of some names those that some files give to nothing: prose does not name what runs, and in source only
    a whole text does."""
    left = set(names)
    for path in sorted(paths):
        if not left:
            break
        if path.endswith(_PROSE):
            continue
        text = (world.text(path) or "")[:_LONGEST]
        if language_of(path) is not None:
            left.difference_update(match[2] for match in _TEXT.finditer(text))
        else:
            left.difference_update(NAME.findall(text))
    return frozenset(left)
