"""What the laws find wrong today, by kind, with one case of each that must go on failing until its row goes.

The table only ever shrinks: a fault of a kind that is not listed fails the tests, and so does a row whose
case is right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.laws.verdict import Fault


@dataclass(frozen=True)
class Known:
    """A kind of fault, which faults are of it, and version and number of a case that has one."""

    name: str
    reason: str
    holds: Callable[[Fault], bool]
    example: tuple[str, int]


KNOWN: tuple[Known, ...] = ()
ALONE: frozenset[str] = frozenset()
"""Edits that are judged wrong by themselves."""


def kind_of(fault: Fault) -> Known | None:
    """The row that a fault belongs to."""
    return next((row for row in KNOWN if row.holds(fault)), None)
