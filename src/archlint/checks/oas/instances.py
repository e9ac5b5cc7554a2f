"""Whether values that a document states fit the schemas that it states for them.

Schemas are written as JSON Schema 2020-12, references kept, and all values of a document are judged in one
go. The validator's regular expressions are bounded, so no pattern hangs it; what it cannot read is left
out, and so are values that would take it too long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from archlint.comparison.schemas.trials import AT_VALUE, tried
from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.place import dotted
from archlint.finding.records import dataclass
from archlint.model.openapi import Dialect
from archlint.model.openapi.structure import StructureViolation, name_of, problems_of
from archlint.model.world import World


@dataclass(frozen=True, slots=True)
class Trial:
    """A value and the schema that it has to fit."""

    schema: Node
    value: Node
    optional: frozenset[str]
    """Marks (``readOnly``, ``writeOnly``) whose members need not be there."""


def misfits(
    world: World, dialect: Dialect, trials: Iterable[Trial]
) -> Iterator[tuple[Trial, StructureViolation, int]]:
    """Each value that does not fit, with the first problem in it and how many others there are."""
    groups: dict[frozenset[str], list[Trial]] = {}
    for trial in trials:
        groups.setdefault(trial.optional, []).append(trial)
    for optional, group in groups.items():
        pairs = [(trial.schema, trial.value.value) for trial in group]
        for number, errors, _ in tried(world, dialect, optional, pairs):
            trial = group[number]
            found = problems_of(trial.value, errors, skip=AT_VALUE)
            if found:
                first = min(found, key=lambda violation: _order(trial.value, violation.node))
                yield trial, first, len(found) - 1


def in_words(trial: Trial, problem: StructureViolation) -> str:
    """The problem in words that name the member which has it; the value as a whole is called "it"."""
    way = problem.node.route[len(trial.value.route) :]
    name = name_of(problem.node) + " "
    if problem.problem.startswith(name):
        return (f"'{dotted(way)}' " if way else "it ") + problem.sentence.removeprefix(name)
    around = way[:-1] if problem.keyword in _ABOUT_NAMES else way
    return f"in '{dotted(around)}', {problem.sentence}" if around else problem.sentence


_ABOUT_NAMES = frozenset(("propertyNames", "not"))
"""Keywords whose problems name the member that is marked."""


def refers(value: Any) -> bool:
    """Whether a value has a ``$ref`` in it, which the specification takes as data and bundlers resolve."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                return True
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return False


def place_of_problem(problem: StructureViolation) -> Place:
    """The token to edit: a value that is wrong, else the key of what has something wrong in it."""
    node = problem.node
    is_scalar = node.exists and not isinstance(node.value, (dict, list))
    return node.value_place() if problem.is_value and is_scalar else node.place()


def _order(value: Node, node: Node) -> tuple[int, ...]:
    """The position of an element in the text order of a value, parents before what is in them."""
    at, positions = value.value, []
    for part in node.route[len(value.route) :]:
        if isinstance(at, dict):
            positions.append(list(at).index(str(part)) if part in at else len(at))
            at = at.get(part)
        elif isinstance(at, list) and isinstance(part, int):
            positions.append(part)
            at = at[part] if part < len(at) else None
    return tuple(positions)
