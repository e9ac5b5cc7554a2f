"""Schemas that two documents write alike are lowered once and known to be equal without a look at them.

The key of a written schema covers what it says without annotations, and all that it refers to. It is far
cheaper than lowering, and most schemas of two revisions are alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.json_schema import ANNOTATIONS, LISTS, MAPS, ONE
from archlint.comparison.schemas.schema import Schema, schema_with
from archlint.finding.digest import blake2b

Resolve = Callable[[str, Any], "tuple[Any, Any] | None"]
_SAYS_NOTHING = ANNOTATIONS - {"readOnly", "writeOnly"}
_MAX_DEPTH = 120


class Store:
    """The nodes that the lowerings of several documents of one version share, by written key and view."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[bytes, Any], Schema] = {}


class WrittenKeys:
    """The keys of schemas as one document writes them."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._known: dict[int, tuple[Any, Schema]] = {}

    def key(self, schema: Any, here: Any) -> bytes:
        """Equal for schemas that are written alike, and so is all that they refer to."""
        return key(self._stand_in(schema, here))

    def _stand_in(self, schema: Any, here: Any) -> Schema:
        """A node whose identity is that of the written schema: its text, and a child for each reference."""
        if id(schema) not in self._known:
            self._known[id(schema)] = (schema, Schema(lambda: self._written(schema, here)))
        return self._known[id(schema)][1]

    def _written(self, schema: Any, here: Any) -> dict[str, Any]:
        references: list[str] = []
        bare = _bare(schema, references, 0)
        text = json.dumps(bare, sort_keys=True, default=repr)
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        targets = [self._resolve(reference, here) for reference in references]
        children = [schema_with(unknown=None) if aim is None else self._stand_in(*aim) for aim in targets]
        return {"unknown": digest, "prefixItems": tuple(children)}


def _bare(schema: Any, references: list[str], depth: int) -> Any:
    """A schema without annotations; its references are added to the list in their order."""
    if not isinstance(schema, dict):
        return schema
    if depth > _MAX_DEPTH:
        return {"deep": id(schema)}  # alike to nothing but itself
    found: dict[str, Any] = {}
    for name, value in sorted(schema.items(), key=lambda item: str(item[0])):
        if name in _SAYS_NOTHING or (str(name).startswith("x-") and name != "x-nullable"):
            continue
        if isinstance(value, dict) and name in MAPS:
            found[name] = {part: _bare(child, references, depth + 1) for part, child in sorted(value.items())}
        elif isinstance(value, dict) and name in ONE:
            found[name] = _bare(value, references, depth + 1)
        elif isinstance(value, list) and (name in LISTS or name == "items"):
            found[name] = [_bare(child, references, depth + 1) for child in value]
        else:
            found[name] = value
            if name == "$ref" and isinstance(value, str):
                references.append(value)
    return found


def without_words(schema: Any) -> Any:
    """A schema without its annotations, for comparison with others that are written in one document."""
    return _bare(schema, [], 0)


def digest(written: bytes, view: str) -> bytes:
    """The identity of a written schema in a view."""
    return blake2b(written + view.encode("utf-8", "surrogatepass"), digest_size=16).digest()
