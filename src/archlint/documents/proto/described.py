"""What the compiler made of a file, apart from the places that it recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archlint.documents.proto.recorded import parted
from archlint.finding.records import dataclass

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import FileDescriptorProto


@dataclass(frozen=True, slots=True)
class Described:
    """A file that was compiled."""

    data: bytes
    """The serialized descriptor as a whole."""
    file: FileDescriptorProto | None
    """The descriptor without places; ``None`` if it cannot be read."""
    places: bytes
    """The serialized ``SourceCodeInfo``."""


def described(data: bytes) -> Described:
    """Reads a serialized descriptor."""
    from google.protobuf.descriptor_pb2 import FileDescriptorProto
    from google.protobuf.message import DecodeError

    rest, places = parted(data)
    try:
        return Described(data, FileDescriptorProto.FromString(rest), places)
    except DecodeError:
        return Described(data, None, places)
