"""What the laws find wrong today, by kind, with one case of each that must go on failing until its row goes.

The table only ever shrinks: a fault of a kind that is not listed fails the tests, and so does a row whose
case is right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.laws.cases import Case
from tests.laws.marked import Writing
from tests.laws.verdict import Fault

_CHOICES = frozenset(("oneOf_branch", "anyOf_branch", "oneOf_with_null", "anyOf_with_null", "told_apart"))
_PARTS = frozenset(("part", "only_part"))
_IN_PLACE = frozenset(
    ("component", "other_file", "chain", "then", "beside_reference", "reference_with_limits", *_PARTS)
)


@dataclass(frozen=True)
class Known:
    """A kind of fault, which faults are of it, and version and number of a case that has one."""

    name: str
    reason: str
    holds: Callable[[Fault], bool]
    example: tuple[str, int]


def layers(case: Case) -> list[str]:
    return [layer.__name__ for layer in case.layers]


def _has(fault: Fault, *names: str) -> bool:
    return not set(names).isdisjoint(layers(fault.built.case))


def _is_choice_under_choice(fault: Fault) -> bool:
    """Whether a branch of a choice is a choice itself."""
    inner = "oneOf" in fault.built.case.edit.base or "anyOf" in fault.built.case.edit.base
    for name in layers(fault.built.case):
        if name in _CHOICES:
            if inner:
                return True
            inner = True
        elif name not in _IN_PLACE:
            inner = False
    return False


def _is_text(fault: Fault) -> bool:
    return fault.built.case.place.writing is Writing.TEXT


def _is_null(fault: Fault) -> bool:
    return "null" in fault.built.case.edit.name


def _says(fault: Fault, *words: str) -> bool:
    return all(word in fault.told for word in words)


KNOWN: tuple[Known, ...] = (
    Known(
        "gone beside a reference",
        "what is gone beside $ref is marked in what it refers to",
        lambda fault: fault.law in ("place", "false") and _has(fault, "beside_reference"),
        ("3.1.0", 518),
    ),
    Known(
        "choice under a choice",
        "a branch that is a choice itself is not entered",
        _is_choice_under_choice,
        ("3.0.3", 63),
    ),
    Known(
        "null in a branch",
        "null in a branch is told at the choice too",
        lambda fault: _is_null(fault) and _has(fault, *_CHOICES),
        ("3.0.3", 337),
    ),
    Known(
        "place in a part",
        "what is gone from a part of allOf is marked at the whole",
        lambda fault: fault.law == "place" and _has(fault, *_PARTS),
        ("3.1.0", 284),
    ),
    Known(
        "pattern told twice",
        "a pattern that gives way to another one in responses is told at the schema too",
        lambda fault: fault.law == "twice" and "pattern" in fault.built.case.edit.name,
        ("3.1.0", 86),
    ),
    Known(
        "member of a closed object",
        "a new member of a closed object is told at the object too",
        lambda fault: fault.law == "twice" and "property of closed gone" in fault.built.case.edit.name,
        ("3.0.3", 541),
    ),
    Known(
        "type of a field",
        "a type that is new is an error where only texts of other types are refused",
        lambda fault: _is_text(fault) and "type dropped" in fault.built.case.edit.name,
        ("3.1.0", 164),
    ),
    Known(
        "only branch",
        "a choice of one branch is taken for that branch, and told at it and at the schema",
        lambda fault: "anyOf object gone" in fault.built.case.edit.name,
        ("3.1.0", 39),
    ),
    Known(
        "part that is gone",
        "what a part of allOf declared is told at the whole",
        lambda fault: fault.law == "place" and "allOf part" in fault.built.case.edit.name,
        ("3.0.3", 745),
    ),
    Known(
        "a schema that says nothing",
        "a schema that takes anything is told at the keyword that holds it too",
        lambda fault: fault.law == "twice" and "type dropped" in fault.built.case.edit.name,
        ("3.1.0", 828),
    ),
    Known(
        "text and a choice",
        "branches for texts overlap where their types do not, and the whole is told besides",
        lambda fault: _is_text(fault) and _has(fault, *_CHOICES),
        ("3.0.3", 233),
    ),
    Known(
        "header that holds JSON",
        "what stands in the JSON of a header is told at the header too, and at another level",
        lambda fault: fault.built.case.place.name == "header content",
        ("3.0.3", 1535),
    ),
    Known(
        "format of a branch beside null",
        "a format that gives way to another one in a nullable choice is told at the choice too",
        lambda fault: (
            fault.law == "twice"
            and _has(fault, *_CHOICES)
            and any(word in fault.built.case.edit.name for word in ("format", "int64"))
        ),
        ("3.0.3", 67),
    ),
    Known(
        "level in a nullable choice of a part",
        "an edit in a nullable choice that is a part of allOf is judged by the part alone",
        lambda fault: fault.law == "level" and _has(fault, *_CHOICES) and _has(fault, *_PARTS),
        ("3.0.3", 1621),
    ),
)
ALONE: frozenset[str] = frozenset()
"""Edits that are judged wrong by themselves."""


def kind_of(fault: Fault) -> Known | None:
    """The row that a fault belongs to."""
    return next((row for row in KNOWN if row.holds(fault)), None)
