"""Names of services in what rules and dashboards say."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.finding.regex import regex

_SPLIT = regex(r"[^\w-]+")
_PIECE = regex(r"[A-Z]?[a-z0-9]+|[A-Z]+")
_LONGEST, _MOST_PIECES = 500, 6


def beginnings(text: str) -> Iterator[str]:
    """A name, and what it begins with: ``cart`` of ``cart_calls_total``, ``CartDown`` and ``cart|orders``."""
    for part in _SPLIT.split(text[:_LONGEST]):
        pieces = _PIECE.findall(part)
        for count in range(1, min(len(pieces), _MOST_PIECES) + 1):
            yield "".join(pieces[:count]).lower()
