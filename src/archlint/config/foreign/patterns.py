"""Globs of other tools as patterns of ``exclude``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from archlint.finding.regex import regex

_BRACES = regex(r"\{([^{}]*)\}")
_MOST = 64
"""Patterns that one glob may stand for; what has more alternatives is not translated."""


class UnusablePattern(Exception):
    """A glob that no pattern below the root stands for; the text says why."""


def as_patterns(glob: str, folder: str = "") -> list[str]:
    """The patterns for a glob that is relative to a folder below the root; raises ``UnusablePattern``."""
    text = glob.strip()
    if not text or not text.isprintable():
        raise UnusablePattern("the pattern is empty or cannot be printed")
    if text.startswith("~"):
        raise UnusablePattern("the pattern names a home folder; write it relative to the repository")
    if text.startswith("/") and not text.startswith("/**"):
        raise UnusablePattern("the pattern names a path of one machine; write it relative to the repository")
    everywhere = text.startswith("/**")
    plain = text.lstrip("/") if everywhere else text.removeprefix("./")
    if ".." in PurePosixPath(plain).parts:
        raise UnusablePattern("the pattern leaves its folder; write it relative to the repository")
    above = "" if everywhere or not folder else f"{folder}/"
    return [_anchored(f"{above}{each}") for each in _alternatives(plain)]


def _anchored(glob: str) -> str:
    """A pattern that begins at the root; in ``[^a]`` the caret is an exclamation mark here."""
    glob = glob.replace("[^", "[!")
    return glob if glob.startswith("**/") else f"/{glob}"


def _alternatives(glob: str) -> Iterator[str]:
    """The globs without braces that one with them stands for."""
    waiting = [glob]
    made = 0
    while waiting:
        current = waiting.pop()
        found = _BRACES.search(current)
        if found is None:
            made += 1
            yield current
        else:
            options = found[1].split(",")
            waiting.extend(
                f"{current[: found.start()]}{option}{current[found.end() :]}" for option in reversed(options)
            )
        if made + len(waiting) > _MOST:
            raise UnusablePattern("the pattern has too many alternatives; write them one by one")
