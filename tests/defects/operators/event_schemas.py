"""Schemas of events that name a type otherwise than the file that defines it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_SPACE = "shop.events"
_FOLDER = "contracts/events"
_TYPES = ("Address", "LineItem", "Money", "Parcel", "Customer")
_LINE = 5
"""Where the order below names the type."""


def _misspelt(name: str) -> Iterator[str]:
    yield name[:-1]
    yield f"{name}s"
    yield name.upper()
    yield f"{_SPACE}.{name.lower()}"
    yield f"{_SPACE}.{name}Data"


def _order(type_: str) -> str:
    return f"""\
{{
  "type": "record", "name": "OrderPlaced", "namespace": "{_SPACE}",
  "fields": [
    {{"name": "id", "type": "string"}},
    {{"name": "part", "type": "{type_}"}}
  ]
}}
"""


@seeds("avro-type-undefined")
def name_misspelt(files: Files) -> Iterator[Defect]:
    """A record of another file under a name that it does not have."""
    for name in _TYPES:
        part = json.dumps({"type": "record", "name": name, "namespace": _SPACE, "fields": []})
        healthy = {**files, f"{_FOLDER}/{name.lower()}.avsc": part}
        for wrong in _misspelt(name):
            spoilt = {**healthy, f"{_FOLDER}/order.avsc": _order(wrong)}
            yield Defect(f"{name} as {wrong}", spoilt, frozenset({(f"{_FOLDER}/order.avsc", _LINE)}))


def _holding(name: str, held: str, mark: str) -> str:
    return f"""\
{{
  "type": "record", "name": "{name}", "namespace": "{_SPACE}",
  "fields": [
    {{"name": "id", "type": "string"}},
    {{"name": "part", "type": {held}}}{mark}
  ]
}}
"""


@seeds("avro-record-endless")
def records_in_each_other(files: Files) -> Iterator[Defect]:
    """Records of two or three files of which each holds the next, and the last the first."""
    for at, name in enumerate(_TYPES):
        for way in ((name, _TYPES[at - 1]), (name, _TYPES[at - 1], _TYPES[at - 2])):
            for form in ('"{}"', '["{}"]', f'"{_SPACE}.{{}}"'):
                made = {
                    f"{_FOLDER}/{each.lower()}.avsc": _holding(each, form.format(held), " #HERE #OTHER")
                    for each, held in zip(way, (*way[1:], way[0]), strict=True)
                }
                yield marked(files, f"{' in '.join(way)} as {form}", made)


def _schema(held: str, keyword: str, mark: str) -> str:
    part = f'{{"$ref": "{held.lower()}.schema.json"}}'
    return f"""\
{{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "{keyword}": [{part}],{mark}
  "properties": {{"id": {{"type": "string"}}}}
}}
"""


@seeds("json-schema-reference-broken")
def schemas_in_each_other(files: Files) -> Iterator[Defect]:
    """Schemas of two or three files of which each asks for the next by ``allOf``, and the last for the
    first."""
    for at, name in enumerate(_TYPES):
        for way in ((name, _TYPES[at - 1]), (name, _TYPES[at - 1], _TYPES[at - 2])):
            made = {
                f"{_FOLDER}/{each.lower()}.schema.json": _schema(held, "allOf", " #HERE #OTHER")
                for each, held in zip(way, (*way[1:], way[0]), strict=True)
            }
            yield marked(files, " in ".join(way), made)


@seeds("json-schema-reference-broken")
def schema_misspelt(files: Files) -> Iterator[Defect]:
    """A schema that names another file than there is."""
    for name in _TYPES:
        part = json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"})
        healthy = {**files, f"{_FOLDER}/{name.lower()}.schema.json": part}
        for wrong in (name[:-1], f"{name}s"):
            yield marked(
                healthy,
                f"{name} as {wrong}",
                {f"{_FOLDER}/order.schema.json": _schema(wrong, "anyOf", " #HERE")},
            )
