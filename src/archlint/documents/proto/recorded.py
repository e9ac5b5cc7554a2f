"""The places that the compiler recorded, read from the bytes of a ``SourceCodeInfo``.

A file of 10,000 lines has 40,000 of them, and a handful is asked for. So paths and spans stay as they are
written, lists of numbers of which each takes a byte or more, and only what is asked for becomes numbers.
Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents.proto.wire import extents, number_at

_LOCATION, _PATH, _SPAN, _LEADING, _TRAILING, _DETACHED = 0x0A, 0x0A, 0x12, 0x1A, 0x22, 0x32
"""Keys of the fields: a location; in one its path, its span, the comments before it and behind it, and those
that stand apart above it."""
_SOURCE_INFO = 0x4A
"""The key of a file's ``SourceCodeInfo``."""


def parted(data: bytes, start: int = 0, stop: int | None = None) -> tuple[bytes, bytes]:
    """A serialized ``FileDescriptorProto`` that stands in some bytes, without its places, and these: they are
    most of it, and few are asked for. What is no such message stays whole."""
    last = len(data) if stop is None else stop
    rest: list[bytes] = []
    places: list[bytes] = []
    after = end = start
    try:
        for key, begin, at, end in extents(data, start, last):
            if key == _SOURCE_INFO:
                rest.append(data[after:begin])
                places.append(data[at:end])
                after = end
    except (IndexError, KeyError):
        return data[start:last], b""
    whole = (b"".join((*rest, data[after:last])), b"".join(places))
    return whole if end == last else (data[start:last], b"")


class RecordedSpans:
    """The span of each path, of several the first one; both packed.

    They are recorded in the order of the text, and gone through only as far as somebody asks: what is said of
    a file as a whole stands at its beginning.
    """

    __slots__ = ("_at", "_data", "_found")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._found: dict[bytes, int] = {}
        """Where what follows a path begins; spans are cut out when somebody asks."""
        self._at = 0

    def get(self, path: bytes) -> bytes | None:
        """The span of a path; ``None`` if none is recorded."""
        known = self._found.get(path)
        if known is None and self._at < len(self._data):
            known = self._until(path)
        return None if known is None else self._span(known)

    def items(self) -> Iterable[tuple[bytes, bytes]]:
        """Each path with its span."""
        self._until(None)
        return ((path, self._span(at)) for path, at in self._found.items())

    def _span(self, at: int) -> bytes:
        """What is written there; nothing if the location ends without a span."""
        return _list(self._data, at, len(self._data), _SPAN)[0]

    def _until(self, path: bytes | None) -> int | None:
        """Go on to a path; to the end if there is no such path."""
        found, data = self._found, self._data
        after, end = self._at, len(data)
        while after < end and data[after] == _LOCATION:
            length = data[after + 1]
            at = after + 2
            if length >= 0x80:
                length, at = number_at(data, at - 1)
            after = at + length
            if at + 1 < after and data[at] == _PATH and (length := data[at + 1]) < 0x80:  # as most are
                at += 2 + length
                seen = data[at - length : at]
            else:
                seen, at = _list(data, at, after, _PATH)
            if seen not in found:
                found[seen] = at
                if seen == path:
                    self._at = after
                    return at
        self._at = end
        return None


def recorded_comments(data: bytes) -> dict[bytes, str]:
    """The comment before each packed path that has one."""
    found: dict[bytes, str] = {}
    for path, at, after in _paths(data):
        _, then = _list(data, at, after, _SPAN)
        comment, _ = _list(data, then, after, _LEADING)
        if comment:
            found[path] = comment.decode("utf-8", "replace")
    return found


def stray_comments(data: bytes) -> dict[bytes, tuple[str, str]]:
    """By packed path: the comment behind an element, and those that stand apart above it."""
    found: dict[bytes, tuple[str, str]] = {}
    for path, start, after in _paths(data):
        _, at = _list(data, start, after, _SPAN)
        _, at = _list(data, at, after, _LEADING)
        behind, at = _list(data, at, after, _TRAILING)
        apart: list[bytes] = []
        while at < after and data[at] == _DETACHED:
            comment, at = _list(data, at, after, _DETACHED)
            apart.append(comment)
        if behind or apart:
            found[path] = behind.decode("utf-8", "replace"), b"\n".join(apart).decode("utf-8", "replace")
    return found


def beginning(data: bytes, count: int) -> bytes:
    """The part of a ``SourceCodeInfo`` that holds the locations that come first."""
    ends = [after for (_, _, after), _ in zip(_paths(data), range(count), strict=False)]
    return data[: ends[-1]] if ends else b""


def _paths(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each location: its packed path, where that ends, and where the location ends."""
    at, end = 0, len(data)
    while at < end and data[at] == _LOCATION:
        at += 1
        length = data[at]
        at += 1
        if length >= 0x80:
            length, at = number_at(data, at - 1)
        after = at + length
        if at + 1 < after and data[at] == _PATH and (length := data[at + 1]) < 0x80:  # as most are
            at += 2 + length
            yield data[at - length : at], at, after
        else:
            path, at = _list(data, at, after, _PATH)
            yield path, at, after
        at = after


def _list(data: bytes, at: int, end: int, key: int) -> tuple[bytes, int]:
    """A field of bytes if it comes next, else an empty one, and where it ends."""
    if at >= end or data[at] != key:
        return b"", at
    length = data[at + 1]
    at += 2
    if length >= 0x80:
        length, at = number_at(data, at - 1)
    return data[at : at + length], at + length
