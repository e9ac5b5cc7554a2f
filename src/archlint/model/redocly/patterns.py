"""Regular expressions as Redocly reads them: with slashes and flags or bare, and of one line."""

from __future__ import annotations

from archlint.finding.regex import regex
from archlint.model.rulesets.patterns import Pattern, read_pattern

_SIGN = r"[^\n\r\u2028\u2029]"
_WRITTEN = regex(rf"/(?P<pattern>{_SIGN}*)/(?P<flags>{_SIGN}*)|(?P<bare>{_SIGN}*)")


def pattern_of(text: str) -> Pattern:
    """The expression that a text holds, of which the first line alone counts; raises ``PatternError``."""
    found = _WRITTEN.match(text)
    source = found and (found["pattern"] or found["bare"])
    return read_pattern(source or "", (found and found["flags"]) or "")
