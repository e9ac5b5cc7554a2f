"""Schemas of events that name a type otherwise than the file that defines it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
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
