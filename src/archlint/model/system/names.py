"""Names of one thing in several spellings: ``CartService``, ``cart-service`` and ``cart`` mean the same."""

from __future__ import annotations

from archlint.finding.regex import regex

_ENDINGS = ("service", "server", "api", "svc")
_NO_LETTER = regex(r"[^a-z0-9]++")


def plain(name: str) -> str:
    """A name in lower case without separators."""
    return _NO_LETTER.sub("", name.lower())


def stem(name: str) -> str:
    """A plain name without the ending that says it is a service."""
    letters = plain(name)
    for ending in _ENDINGS:
        if letters.endswith(ending) and len(letters) > len(ending):
            return letters.removesuffix(ending)
    return letters
