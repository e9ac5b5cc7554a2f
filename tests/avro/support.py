"""Worlds of Avro schemas, in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archlint.comparison import Change, ComparisonTerms, Compatibility
from archlint.comparison.avro import compare
from archlint.documents import Node, load_text
from archlint.files import Kind, WorkingTree
from archlint.model.world import World


def node_of(schema: Any, path: str = "schema.avsc") -> Node:
    """A schema as a document's root."""
    return load_text(path, json.dumps(schema), Kind.AVRO).documents[0].root


def world_of(schemas: Mapping[str, Any]) -> World:
    """A world with these files, which stand nowhere else."""
    documents = {path: (node_of(schema, path).document,) for path, schema in schemas.items()}
    return World(WorkingTree(Path("/nowhere"), sorted(schemas)), dict.fromkeys(schemas, Kind.AVRO), documents)


def changes(
    base: Mapping[str, Any],
    revision: Mapping[str, Any],
    compatibility: Compatibility = Compatibility.BACKWARD,
    renames: Mapping[str, str] | None = None,
) -> list[Change]:
    """All changes from one set of files to another."""
    terms = ComparisonTerms(renames or {}, compatibility=compatibility)
    return list(compare(world_of(base), world_of(revision), terms))
