"""JSONPaths of rulesets, which choose the same values as in Spectral.

Spectral asks the engine nimma first, and jsonpath-plus for paths that nimma does not read or would walk more
than once. Both have ways of their own, which rulesets rely on without knowing: ``plans`` and ``fallback``
say what they are. Filters are parsed and interpreted here; no text of a ruleset is ever run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from archlint.model.rulesets.expressions import FilterError
from archlint.model.rulesets.fallback import LaxPath
from archlint.model.rulesets.matching import Failures, Match, PathLimit, Selector
from archlint.model.rulesets.plans import planned
from archlint.model.rulesets.steps import NotInGrammar
from archlint.model.rulesets.walking import DeepSelector, walked_together

__all__ = ["Match", "Path", "PathError", "PathLimit", "compile_path", "matches_of_all"]

_LONGEST = 5_000


class PathError(ValueError):
    """The text is no path, or one that is not supported; ``offset`` says where in it."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class Path:
    """A path that was read and can be followed."""

    __slots__ = ("selector", "text")

    def __init__(self, text: str, selector: Selector) -> None:
        self.text = text
        self.selector = selector

    def matches(self, document: object, failures: Failures | None = None) -> Iterator[Match]:
        """What the path chooses, once for each way there.

        Where a filter fails (it asks nothing for a member) the value is not chosen, and ``failures`` gets the
        reason; Spectral ends there. Raises ``PathLimit`` where this takes too many steps.
        """
        return self.selector.matches(document, [] if failures is None else failures)

    def __repr__(self) -> str:
        return f"Path({self.text!r})"


@lru_cache(4_096)
def compile_path(text: str) -> Path:
    """The path of this text; raises ``PathError``."""
    if len(text) > _LONGEST:
        raise PathError(f"a path of {len(text):,} characters is not followed", _LONGEST)
    try:
        try:
            return Path(text, planned(text))
        except NotInGrammar as error:
            if not text.startswith("$"):
                raise PathError("a path begins with $", error.offset) from error
            return Path(text, LaxPath(text))
    except FilterError as error:
        raise PathError(f"the path is not understood: {error.message}", _offset(text, error)) from error


def matches_of_all(
    paths: Sequence[Path], document: object, failures: Failures | None = None, *, once: bool = False
) -> Iterator[tuple[int, Match]]:
    """The matches of many paths, each with its path's position, in one walk as far as they look everywhere.

    With ``once`` a part of the document that several parts hold (what a resolved reference leads to) is gone
    through at the first way that leads there, and not at each.
    """
    told = [] if failures is None else failures
    together: list[tuple[int, DeepSelector]] = []
    for number, path in enumerate(paths):
        if isinstance(path.selector, DeepSelector):
            together.append((number, path.selector))
        else:
            yield from ((number, match) for match in path.selector.matches(document, told, once=once))
    yield from walked_together(together, document, told, once=once)


def _offset(text: str, error: FilterError) -> int:
    """Where in the path the filter's fault is: filters keep their text, so the first one is looked for."""
    return max(text.find("?("), 0) + 2 + error.offset if "?(" in text else error.offset
