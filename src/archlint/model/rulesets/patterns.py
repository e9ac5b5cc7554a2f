"""Regular expressions of ECMAScript, which rulesets are written with, run within bounds.

``read_pattern`` rewrites them for the engine that jsonschema-rs has: automata that take linear time, and
backtracking under a limit where there are lookarounds and references back. What the limit stops is
told as ``PatternLimit`` and never as "does not match".
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol, cast

from archlint.finding.regex import regex
from archlint.model.rulesets.pattern_syntax import PatternError, rewritten

__all__ = ["Pattern", "PatternError", "PatternLimit", "read_pattern", "written_pattern"]

_BACKTRACKS = 200_000
_LARGEST = 8 << 20
_LITERAL = regex(r"/(?P<pattern>.+)/(?P<flags>[a-z]*+)\Z")


class PatternLimit(RuntimeError):
    """A search was given up: nobody knows whether the text matches."""

    def __init__(self, pattern: str) -> None:
        super().__init__(f"the pattern {pattern!r} takes too many steps")
        self.pattern = pattern


class _Validator(Protocol):
    def is_valid(self, instance: Any) -> bool: ...


class Pattern:
    """An expression that can be looked for in texts."""

    __slots__ = ("_known", "_pattern", "_refusing", "_validator", "flags", "source")

    def __init__(self, source: str, flags: str, pattern: str) -> None:
        self.source = source
        self.flags = flags
        self._pattern = pattern
        self._validator = _matching({"pattern": pattern}, source)
        self._refusing: _Validator | None = None
        self._known: dict[str, bool] = {}

    def is_in(self, text: str) -> bool:
        """Whether the text has a match; raises ``PatternLimit`` where that takes too long to find out."""
        known = self._known.get(text)
        if known is None:
            known = self._is_in(text)
            if len(self._known) < 100_000 and len(text) < 1_000:
                self._known[text] = known
        return known

    def _is_in(self, text: str) -> bool:
        try:
            if self._validator.is_valid(text):
                return True
            if self._refusing is None:
                self._refusing = _matching({"not": {"pattern": self._pattern}}, self.source)
            if self._refusing.is_valid(text):
                return False
        except UnicodeError:  # half of a surrogate pair, which the engine has no text for
            return self.is_in(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        raise PatternLimit(self.source)


@lru_cache(4_096)
def read_pattern(source: str, flags: str = "") -> Pattern:
    """The expression with these flags, as ``new RegExp`` makes it; raises ``PatternError``."""
    return Pattern(source, flags, rewritten(source, flags))


def written_pattern(text: str) -> Pattern:
    """The expression in an option of a rule: with slashes and flags, or bare."""
    literal = _LITERAL.match(text)
    if literal is None or "\n" in literal["pattern"]:
        return read_pattern(text)
    return read_pattern(literal["pattern"], literal["flags"])


def _matching(schema: dict[str, Any], source: str) -> _Validator:
    import jsonschema_rs

    options = jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS, size_limit=_LARGEST)
    try:
        made = jsonschema_rs.Draft202012Validator(
            schema, validate_formats=False, offline=True, pattern_options=options
        )
    except ValueError as error:
        raise PatternError(f"the pattern {source!r} is not supported, or too large") from error
    return cast(_Validator, made)
