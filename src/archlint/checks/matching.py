"""Regular expressions from options, by an engine whose time is linear in the text.

Options are the repository's own, and so are the texts: an engine that backtracks could be kept busy for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache


def finder(patterns: Iterable[str], *, ignore_case: bool = False) -> Callable[[str], bool]:
    """Tells whether one of some patterns is found in a text."""
    engines = [_engine(f"(?i:{pattern})" if ignore_case else pattern) for pattern in patterns]
    return lambda text: any(is_found(text) for is_found in engines)


def fitter(pattern: str) -> Callable[[str], bool]:
    """Tells whether a pattern matches the whole of a text."""
    return _engine(rf"\A(?:{pattern})\z")


@lru_cache(maxsize=64)
def _engine(pattern: str) -> Callable[[str], bool]:
    """Configuration lets only patterns through that this engine reads; another one is found nowhere."""
    import jsonschema_rs

    try:
        judge = jsonschema_rs.Draft202012Validator(
            {"pattern": pattern}, offline=True, pattern_options=jsonschema_rs.RegexOptions()
        )
    except ValueError:
        return lambda text: False
    return lambda text: bool(judge.is_valid(text))
