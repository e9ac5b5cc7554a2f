"""Random schemas in the words of OpenAPI 3.0."""

from __future__ import annotations

import random
from typing import Any

from archlint.comparison.schemas.sharing import Resolve
from tests.comparison.schemas.generating import Json

_BELOW = ("items", "not", "additionalProperties")
_LISTS = ("allOf", "anyOf", "oneOf")


def as_contract(rng: random.Random, schema: Json) -> Json:
    """The schema with ``nullable``, boolean exclusive bounds, and some read-only and write-only members.

    What is read-only depends on the name alone, so that both sides of a pair agree.
    """
    if not isinstance(schema, dict):
        return schema
    found = dict(schema)
    if "const" in found:
        found["enum"] = [found.pop("const")]
    if isinstance(found.get("type"), list) and "null" in found["type"]:
        kinds = [kind for kind in found["type"] if kind != "null"]
        if len(kinds) == 1:
            found["type"], found["nullable"] = kinds[0], True
    for name, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if name in found and bound not in found:
            found[bound], found[name] = found[name], True
    for name in _BELOW:
        if name in found:
            found[name] = as_contract(rng, found[name])
    for name in _LISTS:
        if name in found:
            found[name] = [as_contract(rng, child) for child in found[name]]
    for name in ("properties", "$defs"):
        if name in found:
            found[name] = {key: as_contract(rng, child) for key, child in found[name].items()}
    for name, mark in (("id", "readOnly"), ("x-a", "writeOnly")):
        member = found.get("properties", {}).get(name)
        if isinstance(member, dict) and "$ref" not in member:
            found["properties"][name] = {**member, mark: True}
    return found


def resolver(document: Json) -> Resolve:
    """Follows references to the definitions of a document."""

    def resolve(reference: str, here: Any) -> tuple[Any, Any] | None:
        found = document.get("$defs", {}).get(reference.removeprefix("#/$defs/"))
        return None if found is None else (found, here)

    return resolve
