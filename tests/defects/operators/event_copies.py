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
