"""Values of messages of two revisions: what one side writes is read by the other.

A filling is a list of entries: the field of the writer, the one that the reader takes for the same, and what
is in it as Python holds it: a number, a text, bytes, a filling for a message, a list, and a dict for a map.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from google.protobuf.message import Message

from tests.proto.pairs import Made, Part

Filling = list[tuple[Part, Part | None, Any]]
Sides = tuple[Made, Made]
Names = Callable[[Part], object]

RANGES = {
    **dict.fromkeys(("int32", "sint32", "sfixed32"), (-(2**31), 2**31 - 1)),
    **dict.fromkeys(("int64", "sint64", "sfixed64"), (-(2**63), 2**63 - 1)),
    **dict.fromkeys(("uint32", "fixed32"), (0, 2**32 - 1)),
    **dict.fromkeys(("uint64", "fixed64"), (0, 2**64 - 1)),
    "bool": (0, 1),
}
_WHOLE = (
    *(1, 2, 5, 127, 300, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1),
    *(-1, -5, -(2**31), -(2**63)),
)
_UNKNOWN = b"\xfa\x07\x00"
"""Bytes that are any message without required fields: its field 127, which none knows, is empty."""
_TEXTS = ("a", "é", "a longer one \x00 too")


def held(type_: str, made: Made) -> list[Any]:
    """Some values of a type but for the one that it has when nobody sets it, those on its edges with them."""
    if type_ == "E":
        numbers = [number for number in made.values.values() if number]
        return numbers if made.is_closed else [*numbers, *(at for at in _WHOLE if -(2**31) <= at < 2**31)]
    if type_ in RANGES:
        first, last = RANGES[type_]
        return [at for at in _WHOLE if first <= at <= last]
    if type_ in ("float", "double"):
        return [1.5, -2.0, 2.0**40]
    return list(_TEXTS) if type_ == "string" else [text.encode() for text in _TEXTS]


class Unshared(Exception):
    """Two fields that are taken for one have no value in common."""


def shared(name: str, sides: Sides, by: Names, rng: random.Random) -> Filling:
    """Something for a message that both sides can hold; fields are the same if ``by`` says so."""
    known = {by(part): part for part in sides[1].messages[name]}
    filling: Filling = []
    taken: set[tuple[int, str]] = set()
    for part in sides[0].messages[name]:
        other = known.get(by(part))
        if other is None:
            continue
        if _is_sent_alike(part, other, sides) or _needs_more(part, other, sides):
            continue
        oneofs = {(at, item.oneof) for at, item in enumerate((part, other)) if item.oneof}
        is_needed = "required" in (part.label, other.label)
        if oneofs & taken or (not is_needed and rng.random() < 0.2):
            continue
        taken |= oneofs
        filling.append((part, other, _shared_value(part, other, sides, by, rng)))
    return filling


def _needs_more(part: Part, other: Part, sides: Sides) -> bool:
    """Whether one field holds bytes and the other a message that not all of them can be."""
    has_needs = any(item.label == "required" for made in sides for item in made.messages["N"])
    return {part.type, other.type} == {"N", "bytes"} and has_needs


def _is_sent_alike(part: Part, other: Part, sides: Sides) -> bool:
    """Whether one field is a map and the other a list of messages like its entries; no value is both."""
    if {part.label, other.label} != {"map", "repeated"}:
        return False
    mapped, listed, made = (part, other, sides[1]) if part.label == "map" else (other, part, sides[0])
    parts = {item.number: item for item in made.messages["N"]}
    types = [parts[at].type for at in (1, 2) if at in parts and not parts[at].is_many]
    return listed.type == "N" and types == [mapped.key, mapped.type]


def _shared_value(part: Part, other: Part, sides: Sides, by: Names, rng: random.Random) -> Any:
    if (part.label == "map") != (other.label == "map"):
        raise Unshared
    values = _values_of_both(part.type, other.type, sides, by, rng)
    if part.label == "map":
        keys = _values_of_both(part.key, other.key, sides, by, rng)
        return {rng.choice(keys): rng.choice(values) for _ in range(2)}
    if part.is_many and other.is_many:
        return [rng.choice(values) for _ in range(rng.randint(1, 3))]
    return [rng.choice(values)] if part.is_many or other.is_many else rng.choice(values)


def _values_of_both(one: str, other: str, sides: Sides, by: Names, rng: random.Random) -> list[Any]:
    if one == other == "N":
        return [shared("N", sides, by, rng)]
    if {one, other} == {"N", "bytes"}:
        return [_UNKNOWN]
    if "N" in (one, other):
        raise Unshared
    if {one, other} == {"string", "bytes"}:
        return list(_TEXTS)
    other_values = held(other, sides[1])
    both = [value for value in held(one, sides[0]) if value in other_values]
    if not both:
        raise Unshared
    return both


def alone(part: Part, sides: Sides) -> Iterator[Any]:
    """Values of one field of the first side, whatever the second side can hold."""
    last: Any = False if part.type == "bool" else None
    for value in _own(part.type, sides):
        if part.label == "map":
            yield {held(part.key, sides[0])[0]: value}
        elif part.label == "repeated":
            yield [value, value if last is None else last]
            last = value
        else:
            yield value


def _own(type_: str, sides: Sides) -> Iterator[Any]:
    if type_ != "N":
        yield from held(type_, sides[0])
        return
    own, other = (made.messages["N"] for made in sides)
    needed = [
        (part, counterpart(part, other), next(alone(part, sides))) for part in own if part.label == "required"
    ]
    for part in own:
        for value in alone(part, sides):
            rest = [item for item in needed if item[0] != part]
            yield [*rest, (part, counterpart(part, other), value)]


def counterpart(part: Part, among: tuple[Part, ...]) -> Part | None:
    """The field that has the name of another one, else its number."""
    named = next((item for item in among if item.name == part.name), None)
    return named or next((item for item in among if item.number == part.number), None)


def turned(filling: Any) -> Any:
    """The same filling with the other side as the writer."""
    return _each(filling, lambda part, other: (other, part))


def _each(value: Any, pair: Callable[[Part, Part], tuple[Part, Part]]) -> Any:
    if isinstance(value, dict):
        return {key: _each(item, pair) for key, item in value.items()}
    if isinstance(value, list):
        return [
            (*pair(item[0], item[1]), _each(item[2], pair)) if isinstance(item, tuple) else _each(item, pair)
            for item in value
        ]
    return value


def fill(message: Message, filling: Filling | bytes) -> None:
    """Write what is in a filling."""
    message.SetInParent()
    if isinstance(filling, bytes):
        message.MergeFromString(filling)
        return
    for part, _, value in filling:
        own = getattr(message, part.name)
        if part.label == "map":
            for key, item in value.items():
                if part.type == "N":
                    fill(own[_as(part.key, key)], item)
                else:
                    own[_as(part.key, key)] = _as(part.type, item)
        elif part.label == "repeated":
            for item in value:
                if part.type == "N":
                    fill(own.add(), item)
                else:
                    own.append(_as(part.type, item))
        else:
            item = value[0] if _is_list(value) else value
            if part.type == "N":
                fill(own, item)
            else:
                setattr(message, part.name, _as(part.type, item))


def _is_list(value: Any) -> bool:
    """Whether it is a list of values, and no filling."""
    return isinstance(value, list) and not (value and isinstance(value[0], tuple)) and bool(value)


def _as(type_: str, value: Any) -> Any:
    if type_ == "bool":
        return bool(value)
    if type_ == "bytes" and isinstance(value, str):
        return value.encode()
    return value.decode() if type_ == "string" and isinstance(value, bytes) else value


def lost(message: Message, filling: Filling) -> str | None:
    """The name of a field that the reader has otherwise than it was written, if there is one."""
    for _, part, value in filling:
        if part is not None and not has(message, part, value):
            return part.name
    return None


def has(message: Message, part: Part, value: Any) -> bool:
    """Whether a field of the reader holds what was written."""
    own = getattr(message, part.name)
    if isinstance(value, dict) != (part.label == "map"):
        return False
    if part.label == "map":
        keys = {_as_read(part.key, key): item for key, item in value.items()}
        return set(own) == set(keys) and all(_is(own[key], part.type, item) for key, item in keys.items())
    if part.label == "repeated":
        items = value if _is_list(value) else [value]
        return len(own) == len(items) and all(map(lambda a, b: _is(a, part.type, b), own, items))
    if _is_list(value) and len(value) > 1:
        return False
    is_there = not message.DESCRIPTOR.fields_by_name[part.name].has_presence or message.HasField(part.name)
    return is_there and _is(own, part.type, value[0] if _is_list(value) else value)


def _is(own: Any, type_: str, value: Any) -> bool:
    if type_ == "N" and value == _UNKNOWN:
        return bool(own.SerializePartialToString() == value)
    if type_ == "N":
        return isinstance(value, list) and lost(own, value) is None
    return bool(own == _as_read(type_, value))


def _as_read(type_: str, value: Any) -> Any:
    """A value as a reader has to find it; a number that is no truth value stays what it is."""
    return value if type_ == "bool" else _as(type_, value)
