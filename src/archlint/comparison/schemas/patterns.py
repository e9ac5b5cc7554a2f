"""Patterns taken apart and made into automata once, and the question whether a text matches one."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from archlint.comparison.schemas.languages import Unsupported, parse_pattern
from archlint.comparison.schemas.languages.automaton import Automaton
from archlint.comparison.schemas.languages.search import accepts
from archlint.comparison.schemas.languages.syntax import PatternTree, literal, without_lookahead


class PatternPart(NamedTuple):
    """One condition of a pattern: its tree has to match, or must not."""

    automaton: Automaton
    wanted: bool


@lru_cache(maxsize=1_000)
def parts(pattern: str) -> tuple[PatternPart, ...] | str:
    """The conditions that a pattern consists of, or why it cannot be read."""
    try:
        tree, aheads = without_lookahead(parse_pattern(pattern))
        found = [] if _says_nothing(tree) else [PatternPart(Automaton(tree), True)]
        return (*found, *(PatternPart(Automaton(ahead), wanted) for ahead, wanted in aheads))
    except Unsupported as problem:
        return str(problem)


def matches(pattern: str, text: str) -> bool | None:
    """Whether a text matches a pattern; ``None`` if the pattern cannot be read."""
    found = parts(pattern)
    if isinstance(found, str):
        return None
    return all(accepts(part.automaton, text) is part.wanted for part in found)


@lru_cache(maxsize=200)
def exactly(texts: tuple[str, ...]) -> Automaton:
    """The automaton of these texts and no others; raises ``Unsupported`` if there are too many."""
    return Automaton(literal(list(texts)))


def _says_nothing(tree: PatternTree) -> bool:
    """Whether every string matches: the empty pattern, ``.*`` without anchors, ``^`` alone."""
    if tree in (("start",), ("end",)):
        return True
    if tree[0] == "seq":
        return not tree[1] or (len(tree[1]) == 1 and _says_nothing(tree[1][0]))
    return bool(tree[0] == "repeat" and tree[2] == 0)
