"""Custom options, read from bytes."""

from __future__ import annotations

from archlint.documents.proto.options import decoded
from archlint.documents.proto.public_modules import VALIDATION, option_types
from archlint.documents.proto.wire import WireMessage

TYPES = option_types(VALIDATION)


def message(number: int, data: bytes) -> bytes:
    """A field that holds a message."""
    key = number << 3 | 2
    head = bytes([key]) if key < 0x80 else bytes([key & 0x7F | 0x80, key >> 7])
    size, length = len(data), b""
    while size >= 0x80:
        length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
    return head + length + bytes([size]) + data


def test_messages_are_put_together_and_lists_lengthened() -> None:
    first = message(14, b"\x10\x03")  # string.min_len = 3
    second = message(14, b"\x18\x05\x52\x01a") + message(14, b"\x52\x01b")
    data = message(50, b"") + message(51, first) + message(51, second)
    option = b"".join(WireMessage(data).parts(51))
    assert decoded(option, TYPES, "FieldRules") == {"string": {"min_len": 3, "max_len": 5, "in": ["a", "b"]}}
    assert not WireMessage(data).parts(52)


def test_signs_and_floats() -> None:
    ten_bytes = b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
    assert decoded(message(3, b"\x08" + ten_bytes), TYPES, "FieldRules") == {"int32": {"const": -1}}
    assert decoded(message(7, b"\x08\x03"), TYPES, "FieldRules") == {"sint32": {"const": -2}}
    half = b"\x09\x00\x00\x00\x00\x00\x00\xe0\x3f"
    assert decoded(message(2, half), TYPES, "FieldRules") == {"double": {"const": 0.5}}


def test_what_is_broken_or_too_deep_ends_the_reading() -> None:
    data = b"\x08\x01"
    for _ in range(5000):
        data = message(18, message(4, data))  # repeated.items
    said = decoded(data, TYPES, "FieldRules")
    assert "repeated" in said
    assert decoded(b"\x72\xff", TYPES, "FieldRules") in ({}, {"string": {}})
    assert decoded(b"\xff", TYPES, "FieldRules") == {}
