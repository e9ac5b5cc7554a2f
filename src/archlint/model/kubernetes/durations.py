"""Durations as Go writes them: ``720h``, ``1h30m``, ``90s``.

Source: the Go standard library, ``time.ParseDuration``.
"""

from __future__ import annotations

from fractions import Fraction

from archlint.finding.regex import regex

_PART = regex(r"([0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(ns|us|µs|μs|ms|s|m|h)")
_WHOLE = regex(r"(?:(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(?:ns|us|µs|μs|ms|s|m|h)){1,12}\Z")
_SECONDS = {
    "h": Fraction(3600),
    "m": Fraction(60),
    "s": Fraction(1),
    "ms": Fraction(1, 1000),
    **dict.fromkeys(("us", "µs", "μs"), Fraction(1, 10**6)),
    "ns": Fraction(1, 10**9),
}


def parse_duration(text: str | None) -> Fraction | None:
    """The seconds of a duration; ``None`` if it is none."""
    if text in ("0", "+0", "-0"):
        return Fraction(0)
    rest = (text or "").removeprefix("+")
    if not _WHOLE.match(rest):
        return None
    parts = ((part[1], part[2]) for part in _PART.finditer(rest))
    return sum((Fraction(f"0{number}") * _SECONDS[unit] for number, unit in parts), Fraction(0))
