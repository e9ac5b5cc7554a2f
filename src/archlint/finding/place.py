"""Symbolic places: a source, a route of keys and a token; they become lines and columns late.

Checks speak of places by route, so a file without findings never pays for positions.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

from archlint.finding.records import dataclass

Route = tuple[str | int, ...]


BY_TEMPLATE, CHANGES_HERE = "put in by the template", "changes what is written here"
"""What is said of a place where something built was put into its object, if another line set it."""
FROM_TEMPLATE, RENDERED_HERE = "generated from this template: edit that or its values", "rendered here"
"""What is said of the template of a file that a chart was rendered to, and of that file."""
OF_BUILDS = frozenset({BY_TEMPLATE, CHANGES_HERE, FROM_TEMPLATE, RENDERED_HERE})


class Token(StrEnum):
    """Which token of an element is meant."""

    ANCHOR = "anchor"
    """What a person edits to change or complete the element: the key of a map entry, the ``name`` (else the
    first key) of a list item that is a map, a scalar list item itself, ``kind`` or ``openapi`` at the top."""
    VALUE = "value"
    """The value: a scalar whole; of a collection its first line."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text: 1-based lines and columns in code points, the end column exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def pointer_of(route: Iterable[str | int]) -> str:
    """The RFC 6901 pointer to a place in a document."""
    steps = [str(step) for step in route]
    plain = "/".join(("", *steps))
    if plain.count("/") == len(steps) and "~" not in plain:  # as most are
        return plain
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def dotted(route: Iterable[str | int]) -> str:
    """A route as people write it: ``spec.template.spec.containers[0].name``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in route).removeprefix(".")


def steps_of(pointer: str) -> list[str]:
    """The keys and indices on the way that an RFC 6901 pointer describes."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


class Source(Protocol):
    """What a place points into: one document of a file at one revision."""

    @property
    def path(self) -> str:
        """Path relative to the root, with ``/``."""

    @property
    def index(self) -> int:
        """Number of the document in its file, from 0."""

    @property
    def revision(self) -> str | None:
        """``base`` for the old side of a comparison, else ``None``."""

    def span(self, route: Route, token: Token) -> Span:
        """The position of a token; of the nearest existing parent's anchor where the route does not exist."""

    def names(self, route: Route) -> tuple[str, ...]:
        """The route in words that survive reordering: list positions replaced by names or content."""


@dataclass(frozen=True, slots=True)
class Place:
    """A token in a source, named by route; ``at`` overrides it for text that has no keys."""

    source: Source
    route: Route = ()
    token: Token = Token.ANCHOR
    at: Span | None = None

    def span(self) -> Span:
        """The position of this place."""
        return self.at if self.at is not None else self.source.span(self.route, self.token)

    def pointer(self) -> str | None:
        """The RFC 6901 pointer of the element; ``None`` in text that has no keys."""
        if self.at is not None and not self.route:
            return None
        return pointer_of(self.route)
