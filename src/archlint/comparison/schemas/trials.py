"""Values held against schemas of a contract, many in one go, with errors that lead to its elements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from archlint.comparison.schemas.definitions import SchemaDefinitions, validator
from archlint.comparison.schemas.effort import Effort
from archlint.documents import Node
from archlint.model.openapi import Dialect
from archlint.model.world import World

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

AT_VALUE = 2
"""Steps that lead from what is validated to the value itself."""


def tried(
    world: World,
    dialect: Dialect,
    optional: frozenset[str],
    trials: Sequence[tuple[Node, Any]],
    *,
    lets_null_in: bool = False,
) -> Iterator[tuple[int, Sequence[ValidationError], SchemaDefinitions]]:
    """The number of each schema and value that could be judged, in order, and what the validator says of it.

    ``optional``: marks (``readOnly``, ``writeOnly``) whose members need not be there. ``lets_null_in``:
    whether ``nullable`` counts as it is meant. Left out are values that would take too long, and schemas and
    values that JSON Schema cannot mean.
    """
    writer = SchemaDefinitions(world, dialect, optional, lets_null_in=lets_null_in)
    references = [writer.reference(schema) for schema, _ in trials]
    writer.finish()
    effort = Effort(writer.definitions)
    groups: dict[str, list[int]] = {}  # trials of one schema are the items of one list
    for number, ((_, value), reference) in enumerate(zip(trials, references, strict=True)):
        if not effort.is_too_much(reference, value):
            groups.setdefault(reference["$ref"] if isinstance(reference, dict) else "", []).append(number)
    numbers = list(groups.values())
    schema = {
        "properties": {str(at): {"items": references[group[0]]} for at, group in enumerate(numbers)},
        "$defs": writer.definitions,
    }
    values = {str(at): [trials[number][1] for number in group] for at, group in enumerate(numbers)}
    errors: dict[int, list[ValidationError]] = {}
    try:
        for error in validator(schema).iter_errors(values):
            at, item = error.instance_path[:AT_VALUE]
            errors.setdefault(numbers[int(at)][int(item)], []).append(error)
    except (ValueError, TypeError, OverflowError):  # a schema or value that JSON Schema cannot mean
        if len(trials) > 1:
            half = len(trials) // 2
            first, second = trials[:half], trials[half:]
            yield from tried(world, dialect, optional, first, lets_null_in=lets_null_in)
            for number, found, own in tried(world, dialect, optional, second, lets_null_in=lets_null_in):
                yield number + half, found, own
        return
    for number in sorted(number for group in numbers for number in group):
        yield number, errors.get(number, ()), writer
