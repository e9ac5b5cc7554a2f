"""Which schemas are compared with which, and whose readers count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archlint.comparison import Compatibility
from archlint.comparison.avro import (
    AvroTypeChanged,
    DataRefused,
    FieldUnfilled,
    SchemaRemoved,
    SymbolsUnknown,
)
from archlint.comparison.terms import Readers
from tests.avro.support import changes
from tests.proto.support import lay_out
from tests.support.inside import archlint


def record(name: str, *fields: Any, **more: Any) -> dict[str, Any]:
    """A record of the namespace ``shop``."""
    return {"type": "record", "name": name, "namespace": "shop", "fields": list(fields), **more}


ID = {"name": "id", "type": "string"}
NEW = {"name": "new", "type": "int"}


@pytest.mark.parametrize(
    ("compatibility", "added", "removed"),
    [
        (Compatibility.BACKWARD, [Readers.NEW], []),
        (Compatibility.FORWARD, [], [Readers.OLD]),
        (Compatibility.FULL, [Readers.NEW], [Readers.OLD]),
        (Compatibility.NONE, [], []),
    ],
)
def test_readers_that_count(
    compatibility: Compatibility, added: list[Readers], removed: list[Readers]
) -> None:
    less, more = {"o.avsc": record("O", ID)}, {"o.avsc": record("O", ID, NEW)}
    for old, new, expected in ((less, more, added), (more, less, removed)):
        found = changes(old, new, compatibility)
        assert [each.readers for each in found if isinstance(each, FieldUnfilled)] == expected
        assert len(found) == len(expected)


def test_what_neither_side_reads_is_one_change() -> None:
    old = {"o.avsc": record("O", {"name": "id", "type": "string"})}
    new = {"o.avsc": record("O", {"name": "id", "type": "boolean"})}
    [found] = changes(old, new, Compatibility.FULL)
    assert isinstance(found, AvroTypeChanged)
    assert found.readers is Readers.BOTH
    wider = {"o.avsc": record("O", {"name": "id", "type": "bytes"})}
    assert changes(old, wider, Compatibility.FULL) == []


def test_a_type_that_many_schemas_name_is_told_once() -> None:
    users = {f"{at}.avsc": record(f"U{at}", {"name": "x", "type": "Shared"}) for at in range(3)}
    old = {**users, "shared.avsc": record("Shared", ID)}
    new = {**users, "shared.avsc": record("Shared", ID, NEW)}
    [found] = changes(old, new)
    assert isinstance(found, FieldUnfilled)
    assert found.object.name == "shop.Shared"


def test_copies_of_a_type_are_each_compared_with_their_own() -> None:
    old = {f"{team}/{name}.avsc": schema for team in "ab" for name, schema in _pair([ID]).items()}
    new = {**old, **{f"b/{name}.avsc": schema for name, schema in _pair([ID, NEW]).items()}}
    [found] = changes(old, new)
    assert isinstance(found, DataRefused)
    assert found.revision.node.document.path == "b/inner.avsc"


def _pair(fields: list[Any]) -> dict[str, Any]:
    return {"inner": record("Inner", *fields), "outer": record("Outer", {"name": "x", "type": "Inner"})}


def test_a_schema_is_followed_by_path_by_rename_and_by_name() -> None:
    old, new = record("O", ID), record("O", ID, NEW)
    assert len(changes({"a.avsc": old}, {"a.avsc": new})) == 1
    assert len(changes({"a.avsc": old}, {"b.avsc": new})) == 1
    renamed = record("P", ID, NEW, aliases=["O"])
    assert len(changes({"a.avsc": old}, {"b.avsc": renamed}, renames={"b.avsc": "a.avsc"})) == 1
    [gone] = changes({"a.avsc": old}, {"b.avsc": renamed})
    assert isinstance(gone, SchemaRemoved)


def test_a_type_that_moves_into_another_file_is_not_gone() -> None:
    inner = record("Inner", ID)
    old = {"inner.avsc": inner, "outer.avsc": record("Outer", {"name": "x", "type": "Inner"})}
    new = {"outer.avsc": record("Outer", {"name": "x", "type": inner})}
    assert changes(old, new) == []


def test_types_of_a_protocol_are_compared() -> None:
    def protocol(*symbols: str) -> dict[str, Any]:
        kind = {"type": "enum", "name": "Kind", "symbols": list(symbols)}
        return {"protocol": "Orders", "namespace": "shop", "types": [kind], "messages": {}}

    [found] = changes({"o.avpr": protocol("A", "B")}, {"o.avpr": protocol("A")})
    assert isinstance(found, SymbolsUnknown)
    assert found.mismatch.symbols == ("B",)
    assert changes({"o.avpr": protocol("A")}, {"o.avpr": protocol("A", "B")}) == []


def _holding(*types: Any) -> list[dict[str, Any]]:
    return [record("O", {"name": "x", "type": each}) for each in types]


REFUSED: dict[str, list[dict[str, Any]]] = {
    "TYPE_MISMATCH": _holding("string", "int"),
    "NAME_MISMATCH": [record("O", ID), record("P", ID)],
    "FIXED_SIZE_MISMATCH": _holding(*({"type": "fixed", "name": "F", "size": size} for size in (4, 5))),
    "MISSING_ENUM_SYMBOLS": _holding(
        *({"type": "enum", "name": "E", "symbols": symbols} for symbols in (["A", "B"], ["A"]))
    ),
    "READER_FIELD_MISSING_DEFAULT_VALUE": [record("O", ID), record("O", ID, NEW)],
    "MISSING_UNION_BRANCH": _holding(["null", "string", "long"], ["null", "string"]),
}
"""By each kind that the registry refuses a schema with that has it, before and after."""


def test_each_kind_that_the_registry_refuses_is_told_under_its_name(tmp_path: Path) -> None:
    for at, side in enumerate(("old", "new")):
        lay_out(tmp_path / side, {f"{kind}.avsc": json.dumps(both[at]) for kind, both in REFUSED.items()})
    done = archlint("breaking", "old", "new", "--format", "json", cwd=tmp_path)
    found = [(each["path"], each["aliases"]) for each in json.loads(done.out)["findings"]]
    assert sorted(found) == sorted((f"new/{kind}.avsc", [f"confluent:{kind}"]) for kind in REFUSED)
