"""Small pieces of the sentences that errors are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def nearest(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'X'?`` for the known word most like ``word``; empty if none is like it."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{found[0]}'?" if found else ""


def one_of(choices: Sequence[Any]) -> str:
    """``one of a, b, c``, or the only choice."""
    words = ", ".join(map(str, choices))
    return f"one of {words}" if len(choices) > 1 else words


def as_text(value: Any) -> str:
    """A value as a message shows it: short, quoted if it is a text."""
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    shown = value if isinstance(value, str) else str(value)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return f"'{shown}'" if isinstance(value, str) else shown
