"""JSON Schemas that are none, so that no reader can hold data against them."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.oas.instances import place_of_problem
from archlint.model.json_schema import JsonSchema
from archlint.model.json_schema.loose_ends import LooseEnds
from archlint.model.json_schema.structure import faults
from archlint.model.world import World

_MOST_RELATED = 10


@check(JsonSchema)
def json_schema_invalid(schema: JsonSchema, options: Options) -> Iterator[Observation]:
    """What the schema of the draft does not allow."""
    found = faults(schema)
    for number, each in enumerate(found[: options["most"]], 1):
        more = len(found) - number if number == options["most"] else 0
        yield observe(
            place_of_problem(each),
            identity=(*schema.document.names(each.node.route), each.problem),
            problem=each.sentence + (f" ({more} more such breaks are not listed)" if more else ""),
        )


@join(JsonSchema)
def json_schema_reference_broken(schema: JsonSchema, world: World, options: Options) -> Iterator[Observation]:
    """References that lead nowhere, or round, each target once."""
    told = set()
    for end in world.fact(LooseEnds).of(schema.document.path):
        target = end.node.text
        if target not in told:
            told.add(target)
            others = [(each.value_place(), "which leads on from here") for each in end.others[:_MOST_RELATED]]
            place = end.node.value_place()
            yield observe(place, end.fault.value, related=others, identity=(target or "",), target=target)
