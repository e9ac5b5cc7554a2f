"""What the compiler made of a file, apart from the places that it recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.documents.proto.recorded import parted
from archlint.documents.proto.wire import extents
from archlint.finding.records import dataclass

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import FileDescriptorProto

_FILE = 0x0A
"""The key of a file in a ``FileDescriptorSet``."""


@dataclass(frozen=True, slots=True)
class Described:
    """A file that was compiled."""

    data: bytes
    """The serialized descriptor without places."""
    file: FileDescriptorProto | None
    """The same; ``None`` if it cannot be read."""
    places: bytes
    """The serialized ``SourceCodeInfo``."""


def described(data: bytes, places: bytes) -> Described:
    """Reads a serialized descriptor."""
    from google.protobuf.descriptor_pb2 import FileDescriptorProto
    from google.protobuf.message import DecodeError

    try:
        return Described(data, FileDescriptorProto.FromString(data), places)
    except DecodeError:
        return Described(data, None, places)


def described_in(files: bytes) -> list[Described]:
    """What a serialized ``FileDescriptorSet`` holds."""
    return [described(*parted(files, at, end)) for key, _, at, end in extents(files) if key == _FILE]
