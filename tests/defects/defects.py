"""A defect: what is changed in a repository, and what a rule has to say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from tests.defects import operators
from tests.metamorphic.repositories import Files

Line = tuple[str, int]
"""A path and a line of it."""
Operator = Callable[[Files], Iterator["Defect"]]


@dataclass(frozen=True)
class Defect:
    """A repository with one defect in it."""

    what: str
    """What was done, for the list of those that were not found."""
    files: Files
    places: frozenset[Line]
    """Where the finding may stand: lines that mend the defect when they are edited."""
    other_sides: frozenset[Line] = frozenset()
    """Lines of the other side of the join, one of which the finding has to show; none if the other side is
    what is missing."""
    base: Files | None = None
    """The repository before the change that brought the defect, for rules that compare."""


_SEEDED: dict[str, list[Operator]] = {}


def seeds(rule: str) -> Callable[[Operator], Operator]:
    """Declares an operator that puts defects of a rule, given by its name, into a repository."""

    def declare(operator: Operator) -> Operator:
        _SEEDED.setdefault(rule, []).append(operator)
        return operator

    return declare


def operators_by_rule() -> dict[str, list[Operator]]:
    """All operators, by the name of their rule."""
    for module in iter_modules(operators.__path__):
        import_module(f"{operators.__name__}.{module.name}")
    return dict(sorted(_SEEDED.items()))


def edited(files: Files, path: str, text: str) -> dict[str, str]:
    """The repository with another text for one file."""
    return {**files, path: text}


def line_of(text: str, offset: int) -> int:
    """The number of the line that holds a character."""
    return text.count("\n", 0, offset) + 1
