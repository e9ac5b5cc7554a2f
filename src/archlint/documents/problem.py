"""What went wrong while reading a file: what ``parse-error`` and ``duplicate-key`` report."""

from __future__ import annotations

from archlint.finding import Location, Span
from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class ParseProblem:
    """A file, or one document of it, that could not be read; ``span`` is ``None`` if no place is known."""

    path: str
    message: str
    span: Span | None = None
    related: tuple[Location, ...] = ()
    is_template: bool = False
    """Whether the text looks like a template that some program fills in first."""


@dataclass(frozen=True, slots=True)
class DuplicateKey:
    """A key that is set twice in one mapping; all readers but the last value's are misled."""

    path: str
    key: str
    span: Span
    first: Span
    document: int = 0
