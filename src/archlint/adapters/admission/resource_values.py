"""Custom resources as expressions see them: with the defaults of their schema, without what it does not have,
each value of the type that the schema declares.

Source: ``defaulting`` and ``pruning`` in ``k8s.io/apiextensions-apiserver/pkg/apiserver/schema``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from archlint.adapters.admission.schema_types import Declared

_LIST_TYPE = "x-kubernetes-list-type"
_LIST_KEYS = "x-kubernetes-list-map-keys"
Route = tuple[str | int, ...]
Steps = Sequence[str | int]


def completed(value: Any, schema: Any) -> Any:
    """A value with the defaults of its schema, without nulls where these are not taken."""
    if not isinstance(schema, dict):
        return value
    if isinstance(value, list):
        items = schema.get("items")
        return [completed(item, items) for item in value]
    if not isinstance(value, dict):
        return value
    properties = _map(schema.get("properties"))
    others = schema.get("additionalProperties")
    made = {}
    for name, item in value.items():
        inner = properties.get(name, others)
        if item is not None or not isinstance(inner, dict) or inner.get("nullable") is True:
            made[name] = completed(item, inner)
    for name, inner in properties.items():
        if name not in made and isinstance(inner, dict) and "default" in inner:
            made[name] = completed(deepcopy(inner["default"]), inner)
    return made


def typed(value: Any, kind: Declared | None) -> Any:
    """A value as the library takes it: fields by their names in expressions, numbers as they are declared."""
    if kind is None or value is None:
        return value
    if kind.kind == "object" and isinstance(value, dict):
        fields = ((name, value.get(own), inner) for name, (own, inner) in kind.fields.items())
        return {name: typed(item, inner) for name, item, inner in fields if item is not None}
    if kind.kind == "map" and isinstance(value, dict):
        return {str(key): typed(item, kind.inner) for key, item in value.items()}
    if kind.kind == "list" and isinstance(value, list):
        return [typed(item, kind.inner) for item in value]
    if kind.kind == "bytes" and isinstance(value, str):
        try:
            return base64.b64decode(value)
        except (binascii.Error, ValueError):
            return value.encode()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if kind.kind == "double":
            return float(value)
        if kind.kind == "int" and isinstance(value, float) and value.is_integer():
            return int(value)
    return value


class Instance:
    """A value that a rule is about."""

    __slots__ = ("old", "route", "value")

    def __init__(self, route: Route, value: Any, old: Any) -> None:
        self.route = route
        self.value = value
        self.old = old
        """What it was before; ``None`` if there is nothing to compare it with."""


def instances(schema: Any, steps: Steps, value: Any, old: Any) -> Iterator[Instance]:
    """The values in an object that a place of its schema is about."""
    found = [Instance((), value, old)]
    here = schema
    at = 0
    while at < len(steps):
        step = steps[at]
        inner: Any = None
        if step == "allOf":
            at += 2
            continue
        if step == "properties":
            name = str(steps[at + 1])
            inner = _map(_map(here).get("properties")).get(name)
            found = [part for item in found for part in _field(item, name)]
            at += 2
        elif step == "items":
            inner = _map(here).get("items")
            found = [part for item in found for part in _items(item, _map(here))]
            at += 1
        else:
            inner = _map(here).get("additionalProperties")
            found = [part for item in found for part in _entries(item)]
            at += 1
        here = inner
    yield from (item for item in found if item.value is not None)


def spine(steps: Steps) -> tuple[str | int, ...]:
    """The way to a place of a schema past alternatives, which declare nothing."""
    kept: list[str | int] = []
    at = 0
    while at < len(steps):
        if steps[at] == "allOf":
            at += 2
        elif steps[at] == "properties":
            kept += steps[at : at + 2]
            at += 2
        else:
            kept.append(steps[at])
            at += 1
    return tuple(kept)


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _field(item: Instance, name: str) -> Iterator[Instance]:
    if isinstance(item.value, dict) and name in item.value:
        yield Instance((*item.route, name), item.value[name], _map(item.old).get(name))


def _entries(item: Instance) -> Iterator[Instance]:
    if isinstance(item.value, dict):
        old = _map(item.old)
        for key, part in item.value.items():
            yield Instance((*item.route, key), part, old.get(key))


def _items(item: Instance, schema: Mapping[str, Any]) -> Iterator[Instance]:
    if not isinstance(item.value, list):
        return
    keys = schema.get(_LIST_KEYS)
    before: dict[str, Any] = {}
    is_map = schema.get(_LIST_TYPE) == "map" and isinstance(keys, list)
    if is_map and isinstance(item.old, list):
        before = {_key(part, keys): part for part in item.old}
    for at, part in enumerate(item.value):
        yield Instance((*item.route, at), part, before.get(_key(part, keys)) if is_map else None)


def _key(part: Any, keys: Any) -> str:
    """What tells an entry of a list from the others."""
    return repr([_map(part).get(key) for key in keys])
