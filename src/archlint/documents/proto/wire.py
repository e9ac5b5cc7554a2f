"""Serialized messages whose definition is not at hand, as numbers and values.

Options that a repository's own or Google's files define come to us as bytes inside of the compiler's
descriptors: nothing has to be imported, or even be installed, to read them.
Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

_NUMBER, _LONG = 0, 2
_WIDTHS = {1: 8, 5: 4}
"""Bytes of a value, by the kinds of field that have always as many."""


def extents(data: bytes, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int, int, int]]:
    """Each field in the order of the bytes: its key, where it begins, where its value begins, and where both
    end. Raises ``IndexError`` where a number is cut off, and ``KeyError`` for a group."""
    at = start
    last = len(data) if stop is None else stop
    while at < last:
        begin = at
        key, at = number_at(data, at)
        kind = key & 7
        if kind == _LONG:
            length, at = number_at(data, at)
            end = at + length
        else:
            end = number_at(data, at)[1] if kind == _NUMBER else at + _WIDTHS[kind]
        yield key, begin, at, end
        at = end


def fields_in(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each field, in the order of the bytes: an ``int``, or the bytes of what has a
    length. What is cut off, or a group, ends the reading."""
    with suppress(IndexError, KeyError):
        for key, _, at, end in extents(data):
            yield key >> 3, data[at:end] if key & 7 else number_at(data, at)[0]


def number_at(data: bytes, at: int) -> tuple[int, int]:
    """A number of one byte or several, and where it ends."""
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at


def packed(numbers: Sequence[int]) -> bytes:
    """Numbers as a packed list."""
    with suppress(ValueError):  # greater than a byte
        short = bytes(numbers)
        if short.isascii():  # each takes one byte
            return short
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
    if data.isascii():  # each number takes one byte
        return list(data)
    numbers: list[int] = []
    at = 0
    while at < len(data):
        number, at = number_at(data, at)
        numbers.append(number)
    return numbers


class WireMessage:
    """The fields of one serialized message by number."""

    __slots__ = ("_fields",)

    def __init__(self, data: bytes) -> None:
        self._fields: dict[int, list[int | bytes]] = {}
        for number, value in fields_in(data):
            self._fields.setdefault(number, []).append(value)

    def text(self, number: int) -> str:
        """A text, of several the last one; empty if there is none."""
        found = self.texts(number)
        return found[-1] if found else ""

    def texts(self, number: int) -> tuple[str, ...]:
        """All texts of a field."""
        return tuple(part.decode("utf-8", "replace") for part in self.parts(number))

    def parts(self, number: int) -> list[bytes]:
        """All values of a field that have a length, such as messages."""
        return [value for value in self._fields.get(number, ()) if isinstance(value, bytes)]

    def message(self, number: int) -> WireMessage | None:
        """A message in a field, of several the last one; ``None`` if there is none."""
        found = self.parts(number)
        return WireMessage(found[-1]) if found else None

    def numbers(self, number: int) -> list[int]:
        """All numbers of a field, packed or not."""
        found: list[int] = []
        for value in self._fields.get(number, ()):
            if isinstance(value, int):
                found.append(value)
                continue
            with suppress(IndexError):  # cut off
                found += unpacked(value)
        return found

    def has(self, number: int) -> bool:
        """Whether a field is set."""
        return number in self._fields


NOTHING = WireMessage(b"")
"""What says nothing, as the options of most elements."""
