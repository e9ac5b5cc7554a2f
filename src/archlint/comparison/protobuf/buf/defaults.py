"""What a field reads as that nobody set, as a value that can be compared across types."""

from __future__ import annotations

import struct
from math import copysign, inf, isnan

from archlint.comparison.protobuf.buf.elements import Element
from archlint.comparison.protobuf.buf.image import Image

_GROUP, _MESSAGE, _BOOL, _STRING, _BYTES, _ENUM = 10, 11, 8, 9, 12, 14
_FLOAT, _FLOATS = 2, frozenset({1, 2})
Value = float | int | str


def default_of(field: Element, image: Image) -> Value | None:
    """The default; ``None`` if there is none, or nobody knows."""
    item = field.item
    if item.type in (_GROUP, _MESSAGE):
        return None
    given: str | None = item.default_value if item.HasField("default_value") else None
    if item.type == _ENUM:
        return _enum_default(item.type_name[1:], given, image)
    if item.type in (_STRING, _BYTES):
        return _text(given or "", is_escaped=item.type == _BYTES)
    if item.type == _BOOL:
        return int(given == "true")
    if given is None:
        return 0
    try:
        return _plain(float(given), is_short=item.type == _FLOAT) if item.type in _FLOATS else int(given)
    except ValueError:
        return None


def _text(given: str, *, is_escaped: bool) -> str:
    """The text that is meant: descriptors keep bytes with escapes."""
    if not is_escaped:
        return given
    try:
        return given.encode("latin-1").decode("unicode_escape").encode("latin-1").decode("utf-8")
    except ValueError:
        return given


def _plain(number: float, *, is_short: bool) -> Value:
    """``nan`` is as good as another ``nan`` here, and a number is what its type can hold."""
    if isnan(number):
        return "nan"
    return as_float(number) if is_short else number


def as_float(number: float) -> float:
    """The nearest number of 32 bits."""
    try:
        (short,) = struct.unpack("<f", struct.pack("<f", number))
    except OverflowError:
        return copysign(inf, number)
    return float(short)


def _enum_default(full_name: str, given: str | None, image: Image) -> Value | None:
    enum = image.enum(full_name)
    if enum is None or not enum.item.value:
        return None
    if given is None:
        return int(enum.item.value[0].number)
    return next((int(value.number) for value in enum.item.value if value.name == given), None)


def is_zero(value: Value) -> bool:
    """Whether a type begins with this value, so that it was no decision of anybody."""
    return value in (0, "")
