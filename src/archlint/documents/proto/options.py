"""What custom options say, read from the bytes in which a descriptor keeps them.

A descriptor knows no custom options: it carries them as they are written. They are read here by the table of
the module that declares them, merged as the format says: of a field the last value counts, messages are put
together, lists are lengthened. Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from archlint.documents.proto.public_modules import OptionTypes, Slot
from archlint.documents.proto.wire import fields_in, unpacked

OptionValues = Mapping[str | int, Any]
"""What is set, by name: numbers, texts, bytes, booleans, maps of this kind, and lists of these; extensions
by their number, as lists of what stands there."""

_DEEPEST = 60
"""Levels of messages; the compiler itself takes fewer than 90."""
_FLOATS = {"double": "<d", "float": "<f"}
_FIXED = {"fixed64": "<Q", "sfixed64": "<q", "fixed32": "<I", "sfixed32": "<i"}
_ZIGZAG = frozenset(("sint32", "sint64"))
_SIGNED = frozenset(("int32", "int64"))
_TEXTS = frozenset(("string", "bytes"))
_Raw = int | bytes


def decoded(data: bytes, types: OptionTypes, name: str, depth: int = 0) -> OptionValues:
    """What the bytes of a message say; what lies deeper than anybody writes it is left out."""
    slots = types[name] if depth < _DEEPEST else {}
    raw: dict[int, list[_Raw]] = defaultdict(list)
    for number, value in fields_in(data):
        raw[number].append(value)
    said: dict[str | int, Any] = {}
    for number, values in raw.items():
        slot = slots.get(number)
        if slot is None:
            said[number] = values
        elif slot.type in types:
            parts = [value for value in values if isinstance(value, bytes)]
            if slot.is_list:
                said[slot.name] = [decoded(part, types, slot.type, depth + 1) for part in parts]
            else:
                said[slot.name] = decoded(b"".join(parts), types, slot.type, depth + 1)
        else:
            found = [item for value in values for item in _scalars(value, slot)]
            said[slot.name] = found if slot.is_list else found[-1]
    return said


def _scalars(value: _Raw, slot: Slot) -> Iterator[Any]:
    """A value of a type, or several where a list is packed."""
    if isinstance(value, int):
        yield _number(value, slot.type)
    elif slot.type in _TEXTS:
        yield value if slot.type == "bytes" else value.decode("utf-8", "replace")
    elif slot.type in _FLOATS or slot.type in _FIXED:
        layout = _FLOATS.get(slot.type) or _FIXED[slot.type]
        for (item,) in struct.iter_unpack(layout, value[: len(value) - len(value) % struct.calcsize(layout)]):
            yield item
    else:
        for item in unpacked(value):
            yield _number(item, slot.type)


def _number(value: int, type_: str) -> int | bool:
    if type_ == "bool":
        return value != 0
    if type_ in _ZIGZAG:
        return value >> 1 ^ -(value & 1)
    is_signed = type_ in _SIGNED or type_[:1].isupper()  # enums are kept as int32
    return value - (1 << 64) if is_signed and value >> 63 else value
