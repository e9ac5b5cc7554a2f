"""Avro schemas that are made up, changes of them, and values that reach each of their branches."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

Schema = Any
PRIMITIVES = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
_VALUES = {
    "null": None,
    "boolean": True,
    "int": 3,
    "long": 5,
    "float": 1.5,
    "double": 2.5,
    "bytes": b"ab",
    "string": "ab",
}
_DEPTH = 6


class Schemas:
    """Makes up schemas; what was defined is named again now and then, so that some hold themselves."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._count = 0
        self._named: list[str] = []

    def record(self, depth: int = 3) -> Schema:
        """A record with some fields, of which the last may be the record again."""
        name, space = self._name()
        fields = [
            {"name": f"f{at}", "type": self._type(depth - 1)} for at in range(self.random.randint(1, 3))
        ]
        if self.random.random() < 0.25:
            fields.append({"name": "self", "type": ["null", f"{space}.{name}"]})
        self._named.append(f"{space}.{name}")
        return {"type": "record", "name": name, "namespace": space, "fields": fields}

    def _name(self) -> tuple[str, str]:
        self._count += 1
        return f"T{self._count}", self.random.choice(("a", "b.c"))

    def _type(self, depth: int, is_branch: bool = False) -> Schema:
        kind = self.random.random()
        if depth <= 0 or kind < 0.35:
            again = self._named and self.random.random() < 0.25
            return self.random.choice(self._named if again else PRIMITIVES)
        if kind < 0.56:
            return self._leaf()
        if kind < 0.64:
            return {"type": "array", "items": self._type(depth - 1)}
        if kind < 0.7:
            return {"type": "map", "values": self._type(depth - 1)}
        if kind < 0.85 and not is_branch:
            branches: dict[str, Schema] = {}
            for _ in range(self.random.randint(1, 3)):
                branch = self._type(depth - 1, is_branch=True)
                branches.setdefault(_key(branch), branch)
            return list(branches.values())
        return self.record(depth)

    def _leaf(self) -> Schema:
        name, space = self._name()
        self._named.append(f"{space}.{name}")
        head = {"name": name, "namespace": space}
        if self.random.random() < 0.3:
            return {"type": "fixed", **head, "size": self.random.randint(1, 3)}
        return {"type": "enum", **head, "symbols": self.random.sample("ABCD", self.random.randint(1, 4))}


def changed(schema: Schema, random: Random) -> Schema:
    """The schema after up to three edits of the kinds that people make."""
    new = copy.deepcopy(schema)
    for _ in range(random.randint(0, 3)):
        type_, route = random.choice(list(_walk(new)))
        if isinstance(type_, str):
            new = _put(new, route, random.choice(PRIMITIVES)) if type_ in PRIMITIVES else new
        elif isinstance(type_, list):
            new = _put(new, route, _other_union(list(type_), random))
        else:
            _EDITS.get(type_["type"], lambda *_: None)(type_, random)
        if random.random() < 0.2:
            new = _wrapped(new, random)
    return new


def _other_union(branches: list[Schema], random: Random) -> list[Schema]:
    added = random.choice(PRIMITIVES)
    kind = random.random()
    if kind < 0.4 and len(branches) > 1:
        branches.pop(random.randrange(len(branches)))
    elif kind < 0.7 and added not in branches:
        branches.insert(random.randint(0, len(branches)), added)
    else:
        random.shuffle(branches)
    return branches


def _edit_record(record: Schema, random: Random) -> None:
    kind, fields = random.random(), record["fields"]
    if kind < 0.3 and fields:
        fields.pop(random.randrange(len(fields)))
    elif kind < 0.6:
        added = {"name": f"g{random.randint(0, 99)}", "type": "int"}
        if all(each["name"] != added["name"] for each in fields):
            fields.append({**added, "default": 7} if random.random() < 0.5 else added)
    elif kind < 0.8 and fields:
        _rename(random.choice(fields), "", random)
    else:
        _rename(record, f"{record['namespace']}.", random)


def _rename(item: Schema, space: str, random: Random) -> None:
    old = item["name"]
    if not old.startswith("N"):
        item["name"] = f"N{old}"
        if random.random() < 0.6:
            item["aliases"] = [f"{space}{old}"]


def _edit_enum(enum: Schema, random: Random) -> None:
    kind = random.random()
    if kind < 0.4 and len(enum["symbols"]) > 1 and "default" not in enum:
        enum["symbols"].pop()
    elif kind < 0.7:
        enum["default"] = enum["symbols"][0]
    elif "E" not in enum["symbols"]:
        enum["symbols"].append("E")


def _edit_fixed(fixed: Schema, random: Random) -> None:
    fixed["size"] = random.randint(1, 3)


_EDITS: dict[str, Callable[[Schema, Random], None]] = {
    "record": _edit_record,
    "enum": _edit_enum,
    "fixed": _edit_fixed,
}


def _wrapped(schema: Schema, random: Random) -> Schema:
    """With a type made a union, or a union of one made its only branch."""
    type_, route = random.choice(list(_walk(schema)))
    if isinstance(type_, list):
        return _put(schema, route, type_[0]) if len(type_) == 1 else schema
    is_branch = bool(route) and isinstance(route[-1], int)
    return schema if is_branch else _put(schema, route, [type_] if type_ == "null" else [type_, "null"])


def _walk(type_: Schema, route: tuple[str | int, ...] = ()) -> Iterator[tuple[Schema, tuple[str | int, ...]]]:
    yield type_, route
    if isinstance(type_, list):
        for at, branch in enumerate(type_):
            yield from _walk(branch, (*route, at))
    elif isinstance(type_, dict):
        for at, field in enumerate(type_.get("fields", ())):
            yield from _walk(field["type"], (*route, "fields", at, "type"))
        for key in ("items", "values"):
            if key in type_:
                yield from _walk(type_[key], (*route, key))


def _put(schema: Schema, route: tuple[str | int, ...], value: Schema) -> Schema:
    if not route:
        return value
    target = schema
    for part in route[:-1]:
        target = target[part]
    target[route[-1]] = value
    return schema


def values(schema: Schema) -> Iterator[Any]:
    """Values as fastavro writes them: each branch and symbol, an item in arrays and maps, some recursion."""
    named = {_key(type_): type_ for type_, _ in _walk(schema) if isinstance(type_, dict) and "name" in type_}
    return _values(schema, named, _DEPTH)


def _values(type_: Schema, named: dict[str, Schema], depth: int) -> Iterator[Any]:
    if isinstance(type_, str):
        if type_ in PRIMITIVES:
            yield _VALUES[type_]
        elif depth > 0:
            yield from _values(named[type_], named, depth - 1)
    elif isinstance(type_, list):
        for branch in type_:
            for value in _values(branch, named, depth):
                yield None if value is None else (_key(branch), value)
    elif type_["type"] == "enum":
        yield from type_["symbols"]
    elif type_["type"] == "fixed":
        yield b"x" * type_["size"]
    elif type_["type"] == "array":
        yield []
        yield from ([value] for value in _values(type_["items"], named, depth))
    elif type_["type"] == "map":
        yield from ({"k": value} for value in _values(type_["values"], named, depth))
    elif depth > 0:
        yield from _records(type_, named, depth)


def _records(record: Schema, named: dict[str, Schema], depth: int) -> Iterator[Any]:
    columns = [(each["name"], list(_values(each["type"], named, depth - 1))) for each in record["fields"]]
    if all(column for _, column in columns):
        for at in range(max((len(column) for _, column in columns), default=1)):
            yield {name: column[min(at, len(column) - 1)] for name, column in columns}


def _key(type_: Schema) -> str:
    """The name of a branch, as a union tells its branches apart."""
    if isinstance(type_, str):
        return type_
    return f"{type_['namespace']}.{type_['name']}" if "name" in type_ else str(type_["type"])
