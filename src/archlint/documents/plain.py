"""A text file without keys (Markdown, SQL, Python, a file that cannot be parsed) as a source of places."""

from __future__ import annotations

from archlint.finding import Place, Route, Span, Token
from archlint.finding.records import dataclass

START = Span(1, 1, 1, 2)
"""The first character of a file."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file whose places are given as spans."""

    path: str
    revision: str | None = None
    index: int = 0

    def span(self, route: Route, token: Token) -> Span:
        """The start of the file: a text file has no routes."""
        return START

    def names(self, route: Route) -> tuple[str, ...]:
        """The route itself, in words."""
        return tuple(map(str, route))

    def place(self, span: Span | None = None) -> Place:
        """A place in the file, by default its start."""
        return Place(self, at=span or START)
