"""What a field reads as that nobody set, as a value that can be compared across types."""

from __future__ import annotations

from math import isnan

from archlint.comparison.protobuf.buf.elements import Element
from archlint.comparison.protobuf.buf.image import Image

_GROUP, _MESSAGE, _BOOL, _STRING, _BYTES, _ENUM = 10, 11, 8, 9, 12, 14
_FLOATS = frozenset({1, 2})
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
        return given or ""
    if item.type == _BOOL:
        return "true" if given == "true" else 0
    if given is None:
        return 0
    try:
        return _plain(float(given)) if item.type in _FLOATS else int(given)
    except ValueError:
        return None


def _plain(number: float) -> Value:
    """``nan`` is as good as another ``nan`` here."""
    return "nan" if isnan(number) else number


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
