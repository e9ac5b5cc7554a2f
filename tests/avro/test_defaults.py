"""Defaults that are made up, with one part broken: it is told there, and hamba/avro refuses the same."""

from __future__ import annotations

import copy
import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from archlint.model.avro import Record, WrongDefault, read_schema, wrong_parts
from tests.avro.generated import PRIMITIVES, Schema, Schemas
from tests.avro.support import node_of
from tests.support.programs import hamba_avro

CASES = 1_500
_LEAVES = {"null": None, "boolean": True, "int": 3, "long": 5, "float": 1.5, "double": 2.5}
_Route = tuple[str | int, ...]


class _Made:
    """A schema with a default in which one part may be broken, and where."""

    def __init__(self, seed: object) -> None:
        self._random = Random(f"defaults {seed}")
        self._named: dict[str, Schema] = {}
        self._leaves: list[tuple[_Route, bool]] = []
        self.schema = Schemas(self._random).record()
        self._define(self.schema)
        field = self._random.choice(self.schema["fields"])
        field["default"] = self._value(field["type"], (), in_union=False, depth=8)
        self.field: str = field["name"]
        self.broken, self.in_union = (
            self._random.choice(self._leaves) if self._random.random() < 0.7 else (None, False)
        )
        if self.broken is not None:
            field["default"] = _broken(field["default"], self.broken)

    def _define(self, type_: Schema) -> None:
        if isinstance(type_, list):
            for branch in type_:
                self._define(branch)
        elif isinstance(type_, dict):
            if "name" in type_:
                self._named[f"{type_['namespace']}.{type_['name']}"] = type_
            for field in type_.get("fields", ()):
                self._define(field["type"])
            for key in ("items", "values"):
                self._define(type_.get(key))

    def _value(self, type_: Schema, route: _Route, in_union: bool, depth: int) -> Any:
        """A value of the first branches, whose parts without parts are noted."""
        if isinstance(type_, list):
            return self._value(type_[0], route, in_union or len(type_) > 1, depth)
        if isinstance(type_, str) and type_ not in PRIMITIVES:
            return self._value(self._named[type_], route, in_union, depth)
        kind = type_ if isinstance(type_, str) else type_["type"]
        if kind in ("array", "map"):
            key = 0 if kind == "array" else "k"
            inner = type_["items" if kind == "array" else "values"]
            if depth > 0 and self._random.random() < 0.8:
                value = self._value(inner, (*route, key), in_union, depth - 1)
                return [value] if kind == "array" else {key: value}
            return [] if kind == "array" else {}
        if kind == "record":
            return {
                each["name"]: self._value(each["type"], (*route, each["name"]), in_union, depth - 1)
                for each in type_["fields"]
            }
        self._leaves.append((route, in_union))
        if kind == "enum":
            return type_["symbols"][0]
        return "a" * type_["size"] if kind == "fixed" else _LEAVES.get(kind, "ab")


def _broken(value: Any, route: _Route) -> Any:
    if not route:
        return 7 if isinstance(value, str) else "no"
    inner = copy.copy(value)
    inner[route[0]] = _broken(value[route[0]], route[1:])
    return inner


def _made() -> Iterator[_Made]:
    for at in range(CASES):
        try:
            yield _Made(at)
        except (IndexError, RecursionError):
            continue  # a record that holds itself without end, or a default without parts


def _told(made: _Made) -> tuple[list[WrongDefault], _Route]:
    reading = read_schema(node_of(made.schema))
    record = reading.types[0]
    assert isinstance(record, Record)
    field = next(each for each in record.fields if each.name == made.field)
    found = list(
        wrong_parts(
            field.type,
            field.default,
            lambda each: reading.named.get(each.name) or reading.named.get(each.fallback),
        )
    )
    return found, field.default.route


def test_a_broken_part_is_told_where_it_stands() -> None:
    seen: Counter[str] = Counter()
    for made in _made():
        found, start = _told(made)
        if made.broken is None:
            assert not found, (made.schema, found)
            seen["right"] += 1
            continue
        assert len(found) == 1, (made.schema, made.broken, found)
        inside = found[0].node.route[len(start) :]
        exact = inside == made.broken
        assert exact or (made.in_union and inside == made.broken[: len(inside)]), (made.schema, inside)
        seen["exact" if exact else "around"] += 1
    assert seen["right"] > CASES * 0.2
    assert seen["exact"] > CASES * 0.5 > CASES * 0.02 > seen["around"], seen


def test_a_second_library_refuses_the_same_defaults() -> None:
    program = hamba_avro()
    made = list(_made())
    lines = "".join(f"{json.dumps([each.schema, each.schema])}\n" for each in made)
    told = subprocess.run([program], input=lines, capture_output=True, text=True, check=True, timeout=300)
    seen: Counter[bool] = Counter()
    for each, line in zip(made, told.stdout.splitlines(), strict=True):
        answer = json.loads(line)
        if answer.startswith("no schema") and "invalid default" not in answer:
            continue  # a branch twice
        found, _ = _told(each)
        assert bool(found) is answer.startswith("no schema"), (each.schema, answer)
        seen[bool(found)] += 1
    assert min(seen.values()) > CASES * 0.1, seen


def _parts(type_: Schema, default: Any) -> list[tuple[str, _Route]]:
    schema = {"type": "record", "name": "R", "fields": [{"name": "x", "type": type_, "default": default}]}
    reading = read_schema(node_of(schema))
    record = reading.types[0]
    assert isinstance(record, Record)
    field = record.fields[0]
    start = len(field.default.route)
    return [
        (each.id, each.node.route[start:])
        for each in wrong_parts(field.type, field.default, lambda each: reading.named.get(each.name))
    ]


_MONEY = {"type": "record", "name": "Money", "fields": [{"name": "amount", "type": "long"}]}
_TEXT = {"type": "record", "name": "Text", "fields": [{"name": "text", "type": ["null", "string"]}]}


@pytest.mark.parametrize(
    ("type_", "default", "parts"),
    [
        (_MONEY, {}, [("lacking", ("amount",))]),
        (_MONEY, {"amount": 1, "other": "x"}, []),
        (_MONEY, [], [("default", ())]),
        (["null", _MONEY], {"amount": 1}, [("later-branch", ())]),
        (["null", _MONEY], {"amount": "1"}, [("default", ("amount",))]),
        ([_MONEY, _TEXT], {"amount": "1"}, [("default", ())]),
        ([_MONEY, _TEXT], {"text": None}, [("later-branch", ())]),
        (_TEXT, {"text": "x"}, [("later-branch", ("text",))]),
        ([_TEXT, "null"], {"text": "x"}, [("later-branch", ("text",))]),
        (
            {"type": "map", "values": {"type": "array", "items": "int"}},
            {"a": [1, "2", 3, None], "b": 1},
            [("default", ("a", 1)), ("default", ("a", 3)), ("default", ("b",))],
        ),
        ({"type": "array", "items": "bytes"}, ["\u00ff", "\u0100"], [("default", (1,))]),
        (
            {"type": "array", "items": {"type": "fixed", "name": "F", "size": 2}},
            ["ab", "a"],
            [("default", (1,))],
        ),
        ([], 1, [("default", ())]),
    ],
)
def test_the_innermost_part_is_told(type_: Schema, default: Any, parts: list[tuple[str, _Route]]) -> None:
    assert _parts(type_, default) == parts


def test_a_deep_default_is_walked_without_an_end_in_the_stack() -> None:
    node = {"type": "record", "name": "N", "fields": [{"name": "n", "type": ["null", "N"]}]}
    value: Any = {"n": 1}
    for _ in range(90):
        value = {"n": value}
    assert _parts(node, value)
