"""Copies of one JSON Schema of events in several services that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.event.wording import shown
from archlint.comparison.json_schema.compare import Contradictions
from archlint.model.json_schema.copies import JsonSchemaCopy
from archlint.model.world import World


@join(JsonSchemaCopy)
def json_schema_copy_drifted(copy: JsonSchemaCopy, world: World, options: Options) -> Iterator[Observation]:
    """Two files with one schema of which each refuses what the other takes.

    Where one takes all that the other does, it may be the one that is updated first.
    """
    found = world.fact(Contradictions)(copy.schema, copy.other)
    if found is None:
        return
    edit = found.edit
    here, there = found.places
    yield observe(
        here,
        related=[(there, "there")],
        identity=("copy", copy.schema.name, *(() if edit is None else (*edit.trail, edit.keyword))),
        name=copy.schema.name,
        other=copy.other.document.path,
        example=shown(found.witness, 200),
    )
