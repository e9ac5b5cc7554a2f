"""Serialized messages whose definition is not at hand, as numbers and values.

Options that a repository's own or Google's files define come to us as bytes inside of the compiler's
descriptors: nothing has to be imported, or even be installed, to read them.
Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from archlint.documents.proto.recorded import number_at, unpacked

_NUMBER, _EIGHT, _LONG, _FOUR = 0, 1, 2, 5


def fields_in(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each field, in the order of the bytes: an ``int``, or the bytes of what has a
    length. What is cut off, or a group, ends the reading."""
    at = 0
    try:
        while at < len(data):
            key, at = number_at(data, at)
            kind = key & 7
            if kind == _NUMBER:
                value, at = number_at(data, at)
                yield key >> 3, value
            elif kind in (_LONG, _EIGHT, _FOUR):
                length = 8 if kind == _EIGHT else 4
                if kind == _LONG:
                    length, at = number_at(data, at)
                yield key >> 3, data[at : at + length]
                at += length
            else:
                return
    except IndexError:
        return


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
