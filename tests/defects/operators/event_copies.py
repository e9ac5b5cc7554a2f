"""Copies of a schema of events in two services, of which one was changed so that neither reads the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.defects.defects import Defect, seeds
from tests.metamorphic.repositories import Files

_NAMES = ("OrderPlaced", "ParcelSent", "CartFilled", "CustomerMoved")
_FIELDS: tuple[tuple[str, Any, Any], ...] = (
    ("count", "int", "string"),
    ("price", "double", "boolean"),
    ("tags", {"type": "array", "items": "string"}, {"type": "array", "items": "long"}),
    ("state", {"type": "enum", "name": "State", "symbols": ["OPEN", "PAID"]}, "string"),
    ("note", ["null", "string"], ["null", "long"]),
)


def _path(service: str, name: str) -> str:
    return f"services/{service}/src/main/avro/{name.lower()}.avsc"


def _schema(name: str, fields: list[tuple[str, Any]]) -> str:
    lines = ",\n".join(f"    {json.dumps({'name': field, 'type': type_})}" for field, type_ in fields)
    head = f'  "type": "record", "name": "{name}", "namespace": "shop.events",'
    return f'{{\n{head}\n  "fields": [\n{lines}\n  ]\n}}\n'


def _defect(files: Files, name: str, what: str, sides: list[list[tuple[str, Any]]], at: int) -> Defect:
    here, there = _path("cart", name), _path("orders", name)
    texts = {path: _schema(name, fields) for path, fields in zip((here, there), sides, strict=True)}
    lines = [2, *range(4, 4 + max(map(len, sides)))]
    where, other = (frozenset((path, line) for line in lines) for path in (here, there))
    return Defect(f"{what} of {name} ({at})", {**files, **texts}, where | other, where | other)


@seeds("avro-copy-drifted")
def of_another_type(files: Files) -> Iterator[Defect]:
    """A field that has another type in the copy."""
    for name in _NAMES:
        same = [("id", "string"), *((field, type_) for field, type_, _ in _FIELDS)]
        for at, (field, _, other) in enumerate(_FIELDS, 1):
            changed = [(each, other if each == field else type_) for each, type_ in same]
            yield _defect(files, name, f"type of {field}", [same, changed], at)


@seeds("avro-copy-drifted")
def renamed(files: Files) -> Iterator[Defect]:
    """A field that has another name in the copy, and no default."""
    for name in _NAMES:
        same = [("id", "string"), *((field, type_) for field, type_, _ in _FIELDS)]
        for at, (field, _, _) in enumerate(_FIELDS, 1):
            changed = [(f"{each}_new" if each == field else each, type_) for each, type_ in same]
            yield _defect(files, name, f"name of {field}", [same, changed], at)


_JSON_FIELDS = ("count", "price", "note", "state", "place")
_OTHERS = ({"type": "integer"}, {"type": "boolean"})


def _json_schema(name: str, others: dict[str, Any]) -> str:
    lines = ",\n".join(
        f"    {json.dumps(each)}: {json.dumps(others.get(each, {'type': 'string'}))}"
        for each in ("id", *_JSON_FIELDS)
    )
    head = f'  "$schema": "http://json-schema.org/draft-07/schema#", "title": "{name}", "type": "object",'
    return f'{{\n{head}\n  "properties": {{\n{lines}\n  }}\n}}\n'


@seeds("json-schema-copy-drifted")
def of_another_json_type(files: Files) -> Iterator[Defect]:
    """A property that has another type in the copy."""
    for name in _NAMES:
        here, there = (f"services/{each}/events/{name.lower()}.schema.json" for each in ("cart", "orders"))
        for at, field in enumerate(_JSON_FIELDS, 5):
            for other in _OTHERS:
                texts = {here: _json_schema(name, {}), there: _json_schema(name, {field: other})}
                lines = frozenset({(here, at), (there, at)})
                yield Defect(f"{field} of {name} is {other['type']}", {**files, **texts}, lines, lines)
