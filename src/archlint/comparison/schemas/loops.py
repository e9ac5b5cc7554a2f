"""Schemas that lead back to themselves without a step into the value: they mean nothing."""

from __future__ import annotations

from archlint.comparison.schemas.schema import IN_PLACE, Schema


def is_endless(schema: Schema) -> bool:
    """Whether some schema that looks at the same value leads back to itself."""
    if "endless" not in schema.views:
        _judge(schema)
    return bool(schema.views["endless"])


def _judge(root: Schema) -> None:
    """Walk depth first; a schema met on the way to itself is endless, and so is what leads to it."""
    on_way: set[int] = {id(root)}
    frames: list[tuple[Schema, list[Schema]]] = [(root, _in_place(root))]
    root.views["endless"] = False
    while frames:
        current, below = frames[-1]
        if not below:
            frames.pop()
            on_way.discard(id(current))
            if current.views["endless"] and frames:
                frames[-1][0].views["endless"] = True
            continue
        child = below.pop()
        if id(child) in on_way or child.views.get("endless"):
            current.views["endless"] = True
        elif "endless" not in child.views:
            child.views["endless"] = False
            on_way.add(id(child))
            frames.append((child, _in_place(child)))


def _in_place(schema: Schema) -> list[Schema]:
    return [child for name, child in schema.children() if name in IN_PLACE]
