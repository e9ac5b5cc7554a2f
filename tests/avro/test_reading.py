"""What is read of schemas that are wrong, deep or made to hurt."""

from __future__ import annotations

import json
from typing import Any

import pytest

from archlint.model.avro import Record, accepts, endless_records, read_schema, worded
from tests.avro.support import node_of, world_of


def problems(schema: Any) -> list[str]:
    """Which kinds of problem a schema has."""
    return [each.id for each in read_schema(node_of(schema)).problems]


@pytest.mark.parametrize(
    "schema",
    [
        None,
        7,
        {},
        {"type": 3},
        {"type": None},
        {"type": "record", "name": 3, "fields": 7},
        {
            "type": "record",
            "name": "R",
            "namespace": [],
            "aliases": {"a": 1},
            "fields": [None, "x", {}, {"name": []}],
        },
        {"type": "enum", "name": "E", "symbols": [1, None, {}], "default": {}},
        {"type": "fixed", "name": "F", "size": "x"},
        {"type": "fixed", "name": "F", "size": True},
        {"type": "array", "items": []},
        {"type": "map", "values": 0.5},
        {"type": "bytes", "logicalType": "decimal", "precision": "9", "scale": []},
        {"protocol": 7, "types": "none"},
    ],
)
def test_any_shape_is_read(schema: Any) -> None:
    reading = read_schema(node_of(schema))
    assert all(worded(each) for each in reading.types)


def test_types_that_stand_in_each_other_without_end_are_cut_off_and_told() -> None:
    schema: Any = "int"
    for _ in range(180):
        schema = {"type": "array", "items": schema}
    assert problems(schema) == ["too-deep"]


def test_a_default_in_unions_of_records_is_judged_once_at_each_depth() -> None:
    union = ["A", "B"]
    inner = {"type": "record", "name": "B", "fields": [{"name": "x", "type": union}]}
    text = json.dumps({"type": "record", "name": "A", "fields": [{"name": "x", "type": ["A", inner]}]})
    reading = read_schema(node_of(json.loads(text)))
    value: Any = {"x": 0}
    for _ in range(25):
        value = {"x": value}
    assert not accepts(reading.types[0], value, lambda each: reading.named.get(each.name))
    for _ in range(150):
        value = {"x": value}
    assert accepts(
        reading.types[0], value, lambda each: reading.named.get(each.name)
    )  # not looked into so deep


def test_records_that_cannot_end() -> None:
    def through(type_: Any) -> list[str]:
        record = {"type": "record", "name": "R", "fields": [{"name": "x", "type": type_}]}
        return [
            each.field.name for each in world_of({"r.avsc": record}).fact(endless_records).get("r.avsc", ())
        ]

    assert through("R") == through(["R"]) == ["x"]
    assert through({"type": "record", "name": "S", "fields": [{"name": "y", "type": "R"}]}) == ["x", "y"]
    assert through(["null", "R"]) == through({"type": "array", "items": "R"}) == []


def test_records_that_cannot_end_across_files() -> None:
    def told(**held: str) -> list[str]:
        """The files of which records are told; each holds the record that is named for another one."""
        schemas = {
            f"{path}.avsc": {
                "type": "record",
                "name": path.rpartition("/")[2],
                "fields": [{"name": "x", "type": each}],
            }
            for path, each in held.items()
        }
        return sorted(world_of(schemas).fact(endless_records))

    assert told(A="B", B="A", C="A") == ["A.avsc", "B.avsc"]
    assert told(A="B", B="C") == told(A="B", B="string") == []
    copies = {"one/A": "B", "one/B": "A", "two/A": "B", "two/B": "string"}
    assert told(**copies) == ["one/A.avsc", "one/B.avsc"]
    assert told(**{"A": "B", "one/B": "A", "two/B": "string"}) == []  # which one is meant is not certain


def test_names_are_completed_with_what_is_around_them() -> None:
    inner = {"type": "enum", "name": "E", "namespace": "other", "symbols": []}
    fields = [{"name": "a", "type": inner}, {"name": "b", "type": "other.E"}, {"name": "c", "type": "R"}]
    reading = read_schema(node_of({"type": "record", "name": "shop.R", "fields": fields}))
    assert set(reading.named) == {"shop.R", "other.E"}
    assert [each.name for each in reading.references] == ["other.E", "shop.R"]
    assert isinstance(reading.types[0], Record)


def test_a_name_before_its_definition() -> None:
    inner = {"type": "enum", "name": "E", "symbols": ["A"]}
    early = [{"name": "a", "type": "E"}, {"name": "b", "type": inner}]
    assert problems({"type": "record", "name": "R", "fields": early}) == ["name-later"]
    assert problems({"type": "record", "name": "R", "fields": [*reversed(early)]}) == []
