"""One thing in an object that the API server refuses, and how laws over objects say so.

A law is a function from an object, or the pods that it makes, to refusals. Values that another program fills
in (``${NAME}``) are refused by none.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.words import shortened, written
from archlint.model.kubernetes.images import is_placeholder


class Cause(StrEnum):
    """What kind of thing is wrong; each has a rule."""

    NAME = "name"
    TWICE = "twice"
    NUMBER = "number"
    CONFLICT = "conflict"
    LACKING = "lacking"
    FORMAT = "format"
    SIZE = "size"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Refused:
    """What a law says: where, why, and what to do."""

    node: Node
    cause: Cause
    problem: str
    """What is wrong, in words, with the value."""
    remedy: str
    """What to do, in words that follow a colon."""
    other: Node | None = None
    """What it does not go together with."""
    words: str = ""
    """What ``other`` is."""
    is_accepted: bool = False
    """Whether the API server takes it all the same, with a warning or without."""


def reach(node: Node, way: str) -> Iterator[Node]:
    """The nodes that are set at a way such as ``spec/ports/*/port``, ``*`` for each item of a list."""
    found = [node]
    for part in way.split("/") if way else ():
        if part == "*":
            found = [item for each in found for item in each.elements()]
        else:
            found = [each.get(part) for each in found]
    yield from (each for each in found if each.is_set)


def is_open(node: Node) -> bool:
    """Whether a value is filled in later by another program."""
    return node.text is not None and is_placeholder(node.text)


def shown(value: object, most: int = 60) -> str:
    """A value for a message, cut if it is long."""
    return shortened(written(value, most), most)
