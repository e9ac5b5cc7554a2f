"""The places that the compiler recorded, read from the bytes of a ``SourceCodeInfo``.

A file of 10,000 lines has 40,000 of them, and a handful is asked for. So paths and spans stay as they are
written, lists of numbers of which each takes a byte or more, and only what is asked for becomes numbers.
Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterable

_LOCATION, _PATH, _SPAN = 0x0A, 0x0A, 0x12
"""Keys of the fields: a location; in one its path and its span. What follows are comments."""


def recorded_spans(data: bytes) -> dict[bytes, bytes]:
    """The span of each path, of several the first one; both packed."""
    found: dict[bytes, bytes] = {}
    at, end = 0, len(data)
    while at < end and data[at] == _LOCATION:
        at += 1
        length = data[at]
        at += 1
        if length >= 0x80:
            length, at = number_at(data, at - 1)
        after = at + length
        path, at = _list(data, at, after, _PATH)
        span, _ = _list(data, at, after, _SPAN)
        if path not in found:
            found[path] = span
        at = after
    return found


def _list(data: bytes, at: int, end: int, key: int) -> tuple[bytes, int]:
    """A packed list if it comes next, else an empty one, and where it ends."""
    if at >= end or data[at] != key:
        return b"", at
    length = data[at + 1]
    at += 2
    if length >= 0x80:
        length, at = number_at(data, at - 1)
    return data[at : at + length], at + length


def number_at(data: bytes, at: int) -> tuple[int, int]:
    """A number of several bytes, and where it ends."""
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at


def packed(numbers: Iterable[int]) -> bytes:
    """Numbers as a packed list."""
    out = bytearray()
    for each in numbers:
        number = each
        while number >= 0x80:
            out.append(number & 0x7F | 0x80)
            number >>= 7
        out.append(number)
    return bytes(out)


def unpacked(data: bytes) -> list[int]:
    """The numbers of a packed list."""
    numbers: list[int] = []
    at = 0
    while at < len(data):
        number, at = number_at(data, at)
        numbers.append(number)
    return numbers
