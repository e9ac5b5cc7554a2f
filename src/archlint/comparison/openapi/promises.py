"""What elements of a contract say about how long they stay: deprecation, sunset, stability."""

from __future__ import annotations

from archlint.comparison.openapi.element_changes import Lifecycle
from archlint.comparison.terms import STABILITIES
from archlint.documents import Node
from archlint.finding.words import written

LEVEL, SUNSET = "x-stability-level", "x-sunset"


def lifecycle_of(node: Node) -> Lifecycle:
    """What an operation or parameter says about its end."""
    return Lifecycle(node.get("deprecated").value is True, stated_sunset(node.get(SUNSET)))


def stated_sunset(node: Node) -> str | None:
    """What ``x-sunset`` says as text, whether it is a date or not; ``None`` if nothing is said."""
    if not node.is_set:
        return None
    return written(node.value)


def stability_of(node: Node) -> str:
    """The stability level that an element states, as it is written; stable if it states none."""
    stated = node.get(LEVEL)
    if not stated.is_set:
        return "stable"
    return written(stated.value)


def is_stated_level(level: str) -> bool:
    """Whether a level of stability exists."""
    return level in STABILITIES
