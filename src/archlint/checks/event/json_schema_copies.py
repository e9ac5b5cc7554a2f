"""Copies of one JSON Schema of events in several services that contradict each other."""

from __future__ import annotations

import json
from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.comparison.json_schema.compare import contradiction
from archlint.model.json_schema.copies import JsonSchemaCopy
from archlint.model.world import World

_LONGEST = 200


@join(JsonSchemaCopy)
def json_schema_copy_drifted(copy: JsonSchemaCopy, world: World, options: Options) -> Iterator[Observation]:
    """Two files with one schema of which each refuses what the other takes.

    Where one takes all that the other does, it may be the one that is updated first.
    """
    found = contradiction(copy.schema, copy.other, world)
    if found is None:
        return
    edit = found.edit
    text = json.dumps(found.witness, ensure_ascii=False)
    here, there = found.places
    yield observe(
        here,
        related=[(there, "there")],
        identity=("copy", copy.schema.name, *(() if edit is None else (*edit.trail, edit.keyword))),
        name=copy.schema.name,
        other=copy.other.document.path,
        example=text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}...",
    )
