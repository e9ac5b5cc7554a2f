"""By which keys lists of built-in kinds merge in strategic merge patches.

They are those of the oldest version that archlint knows, as kustomize 5.7 has the kinds of Kubernetes 1.21.
Lists of kinds that are not in it, custom resources above all, are replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from archlint.documents.kubernetes.definitions import definitions
from archlint.documents.kustomize.identity import Gvk

_MINOR = 25
_SAME = {("batch/v1beta1", "CronJob"): "batch/v1"}
"""Versions that kustomize knows and Kubernetes 1.25 does not, and what they are there."""
_NEWER = frozenset({"autoscaling/v2"})
"""Versions that kustomize does not know yet."""
Types = Callable[[str], Mapping[str, Any]]
"""Gives the fields of a type by its name, none for a type that is not known."""


class Schema:
    """What is known of one value: its fields if it is a map, its items and merge keys if it is a list."""

    __slots__ = ("_entry", "_types", "is_merged", "items", "keys")

    def __init__(self, types: Types, entry: Any = None) -> None:
        """``entry`` is the name of a type, or ``[type of items, [keys]]`` for a list that is merged."""
        self._types = types
        self._entry = entry
        self.is_merged = isinstance(entry, list)
        self.keys: Sequence[str] = tuple(entry[1]) if self.is_merged else ()
        self.items: Schema = Schema(types, entry[0]) if self.is_merged and entry[0] else self

    def field(self, key: str) -> Schema:
        """What is known of a field."""
        if not isinstance(self._entry, str):
            return UNKNOWN
        found = self._types(self._entry).get(key)
        return UNKNOWN if found is None else Schema(self._types, found)


UNKNOWN = Schema(lambda name: {})


@cache
def _builtin_fields(name: str) -> Mapping[str, Any]:
    """The fields of a built-in type in which, or below which, lists may merge."""
    found = {field: _builtin_entry(written) for field, written in definitions().fields(name, _MINOR)}
    return {field: entry for field, entry in found.items() if entry is not None}


def _builtin_entry(written: str) -> Any:
    """A type as ``definitions`` writes it."""
    plain = written.rstrip("!")
    if plain.startswith("#"):
        return plain[1:]
    items, mark, keys = plain.partition("|")
    if not mark:
        return None
    return [_builtin_entry(items[1:]), list(filter(None, keys.split(",")))]


def builtin_schema(gvk: Gvk) -> Schema:
    """What is known of a built-in kind."""
    api_version = _SAME.get((gvk.api_version, gvk.kind), gvk.api_version)
    written = None if api_version in _NEWER else definitions().type_of(api_version, gvk.kind, _MINOR)
    return Schema(_builtin_fields, None if written is None else _builtin_entry(written))


def schema_of(gvk: Gvk, custom: Mapping[str, Schema] | None = None) -> Schema:
    """What is known of a kind, with the definitions of ``openapi`` if there are any."""
    if custom is not None:
        return custom.get(f"{gvk.api_version} {gvk.kind}", UNKNOWN)
    return builtin_schema(gvk)


def read_schemas(document: Any) -> dict[str, Schema]:
    """The kinds of an OpenAPI document, as ``openapi: {path: ...}`` names one."""
    definitions = document.get("definitions") if isinstance(document, dict) else None
    kinds, types = entries_of(definitions if isinstance(definitions, dict) else {}, "#/definitions/")
    return {kind: Schema(lambda name: types.get(name, {}), entry) for kind, entry in kinds.items()}


def entries_of(
    definitions: Mapping[str, Any], prefix: str
) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Which kinds a set of definitions has, and what merges in which type."""
    types: dict[str, dict[str, Any]] = {}
    kinds: dict[str, str] = {}
    for name, definition in definitions.items():
        if not isinstance(definition, dict):
            continue
        types[name] = _fields(types, name, definition, prefix)
        for gvk in _list(definition.get("x-kubernetes-group-version-kind")):
            if isinstance(gvk, dict):
                group, version = gvk.get("group") or "", gvk.get("version") or ""
                kinds[f"{group}/{version} {gvk.get('kind')}".removeprefix("/")] = name
    return kinds, types


def _fields(
    types: dict[str, dict[str, Any]], name: str, definition: Mapping[str, Any], prefix: str
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    properties = definition.get("properties")
    for key, schema in properties.items() if isinstance(properties, dict) else ():
        if isinstance(schema, dict):
            entry = _entry(types, f"{name}.{key}", schema, prefix)
            if entry is not None:
                found[key] = entry
    return found


def _entry(types: dict[str, dict[str, Any]], name: str, schema: Mapping[str, Any], prefix: str) -> Any:
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return reference.removeprefix(prefix)
    if isinstance(schema.get("items"), dict) and _is_array(schema):
        if "merge" not in str(schema.get("x-kubernetes-patch-strategy", "")).split(","):
            return None
        listed = _list(schema.get("x-kubernetes-list-map-keys"))
        key = schema.get("x-kubernetes-patch-merge-key")
        keys = [str(each) for each in listed] or ([key] if isinstance(key, str) else [])
        return [_entry(types, f"{name}[]", schema["items"], prefix), keys]
    if isinstance(schema.get("properties"), dict):
        types[name] = _fields(types, name, schema, prefix)
        return name
    return None


def _is_array(schema: Mapping[str, Any]) -> bool:
    said = schema.get("type")
    return said == "array" or (isinstance(said, list) and "array" in said)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
