"""Worlds of JSON Schemas, in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archlint.comparison import Change, ComparisonTerms, Compatibility
from archlint.comparison.json_schema import compare
from archlint.documents import load_text
from archlint.files import Kind, WorkingTree
from archlint.model.world import World

EVENT = "events/order.json"
BASES = {
    4: "http://json-schema.org/draft-04/schema#",
    6: "http://json-schema.org/draft-06/schema#",
    7: "http://json-schema.org/draft-07/schema#",
    2019: "https://json-schema.org/draft/2019-09/schema",
    2020: "https://json-schema.org/draft/2020-12/schema",
}
"""What ``$schema`` says, by draft."""


def world_of(schemas: Mapping[str, Any]) -> World:
    """A world with these files, which stand nowhere else."""
    documents = {
        path: load_text(path, json.dumps(schema), Kind.JSON_SCHEMA).documents
        for path, schema in schemas.items()
    }
    kinds = dict.fromkeys(schemas, Kind.JSON_SCHEMA)
    return World(WorkingTree(Path("/nowhere"), sorted(schemas)), kinds, documents)


def changes(
    base: Mapping[str, Any],
    revision: Mapping[str, Any],
    compatibility: Compatibility = Compatibility.BACKWARD,
    **terms: Any,
) -> list[Change]:
    """All changes from one set of files to another."""
    promised = ComparisonTerms(compatibility=compatibility, **terms)
    return list(compare(world_of(base), world_of(revision), promised))


def between(old: Any, new: Any, compatibility: Compatibility = Compatibility.BACKWARD) -> list[Change]:
    """All changes from one schema to another."""
    return changes({EVENT: old}, {EVENT: new}, compatibility)
