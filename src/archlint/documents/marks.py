"""Where each key and value of a document stands in its text, as code point offsets."""

from __future__ import annotations

from typing import Protocol

from archlint.finding import Route

Extent = tuple[int, int]


class Marks(Protocol):
    """Offsets of the tokens of one document."""

    def key(self, route: Route) -> Extent | None:
        """Start and end of the key that leads to ``route``; ``None`` for list items and missing routes."""

    def value(self, route: Route) -> Extent | None:
        """Start and end of the value at ``route``; for a collection the end is that of its first token."""
