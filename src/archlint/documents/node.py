"""A value in a document and the way to it: safe steps over data of any shape.

Checks walk nodes instead of raw data, so a null or a list where a map belongs is a missing node, never an
error, and every node knows its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.finding import Route, Token

if TYPE_CHECKING:
    from archlint.documents.document import Document
    from archlint.finding import Place


class _Missing:
    """The value of a node that is not there."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()


class Node:
    """A value (or the absence of one) at a route of a document."""

    __slots__ = ("document", "route", "value")

    def __init__(self, document: Document, route: Route, value: Any) -> None:
        self.document = document
        self.route = route
        self.value = value

    def __repr__(self) -> str:
        return f"Node({self.document.path}#{'/'.join(map(str, self.route))})"

    @property
    def exists(self) -> bool:
        """Whether the route leads to a value, which may be null."""
        return self.value is not MISSING

    @property
    def is_set(self) -> bool:
        """Whether there is a value other than null."""
        return self.value is not MISSING and self.value is not None

    def get(self, *route: str | int) -> Node:
        """The node some steps below; missing where a step does not exist or the shape is another."""
        value = self.value
        for part in route:
            if isinstance(value, dict):
                value = value.get(part, MISSING)
            elif isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value):
                value = value[part]
            else:
                value = MISSING
                break
        return Node(self.document, self.route + route, value)

    def items(self) -> Iterator[tuple[str, Node]]:
        """Keys and values of a map; nothing for anything else."""
        if isinstance(self.value, dict):
            for key, value in self.value.items():
                yield key, Node(self.document, (*self.route, key), value)

    def texts(self) -> Iterator[str]:
        """All texts in it that say something, however deep; keys are none."""
        waiting = [self.value]
        while waiting:
            here = waiting.pop()
            if isinstance(here, dict):
                waiting += here.values()
            elif isinstance(here, list):
                waiting += here
            elif here and isinstance(here, str):
                yield here

    def elements(self) -> Iterator[Node]:
        """The items of a list; nothing for anything else."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Node(self.document, (*self.route, index), value)

    @property
    def is_map(self) -> bool:
        """Whether the value is a map."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return isinstance(self.value, list)

    @property
    def text(self) -> str | None:
        """The value if it is a string."""
        return self.value if isinstance(self.value, str) else None

    @property
    def integer(self) -> int | None:
        """The value if it is an integer and not a boolean."""
        return self.value if isinstance(self.value, int) and not isinstance(self.value, bool) else None

    def is_below(self, other: Node) -> bool:
        """Whether the way to this element leads through another one."""
        depth = len(other.route)
        return (
            self.document is other.document and len(self.route) > depth and self.route[:depth] == other.route
        )

    def place(self) -> Place:
        """What a person edits to change this element, or to add it where it is missing."""
        return self.document.nearest(self.route)

    def value_place(self) -> Place:
        """The value token; of a missing element what a person edits to add it."""
        if not self.exists:
            return self.place()
        return self.document.place(self.route, Token.VALUE)
