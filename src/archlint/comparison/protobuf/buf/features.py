"""Features that are in force for an element: what it says, else what is said around it, else its edition.

Source: https://protobuf.dev/editions/features/, https://protobuf.dev/reference/protobuf/edition-2024-spec/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.documents.proto.wire import fields_in

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import FileDescriptorProto

EXPLICIT, IMPLICIT, LEGACY_REQUIRED = 1, 2, 3
OPEN, CLOSED = 1, 2
VERIFY, NONE = 2, 3
DELIMITED = 2
ALLOW, LEGACY_BEST_EFFORT = 1, 2
VIEW, CORD, STRING = 1, 2, 3
JAVA_VERIFY = 2
"""Values of ``FeatureSet`` in google/protobuf/descriptor.proto, and of what cpp_features.proto and
java_features.proto add to it."""
CPP, JAVA = 1000, 1001
"""Numbers of the extensions of ``FeatureSet`` for C++ and Java."""
_STRING_TYPE = _UTF8_VALIDATION = 2
"""Numbers of what is read of these."""
_EDITION_2024 = 1001


class Features(NamedTuple):
    """What is in force for one element."""

    presence: int = EXPLICIT
    enum_type: int = OPEN
    utf8: int = VERIFY
    encoding: int = 1
    json: int = ALLOW
    cpp_string: int = STRING
    java_utf8: int = 1

    def under(self, options: Any) -> Features:
        """What is in force for an element with these options that stands where this is in force."""
        if not options.HasField("features"):
            return self
        own = options.features
        foreign = _foreign(own.SerializeToString())
        return Features(
            own.field_presence or self.presence,
            own.enum_type or self.enum_type,
            own.utf8_validation or self.utf8,
            own.message_encoding or self.encoding,
            own.json_format or self.json,
            foreign.get((CPP, _STRING_TYPE), self.cpp_string),
            foreign.get((JAVA, _UTF8_VALIDATION), self.java_utf8),
        )


_PROTO2 = Features(EXPLICIT, CLOSED, NONE, 1, LEGACY_BEST_EFFORT)
_PROTO3 = Features(IMPLICIT)


def features_of(file: FileDescriptorProto) -> Features:
    """What is in force at the top of a file."""
    if file.syntax == "editions":
        start = Features(cpp_string=VIEW) if file.edition >= _EDITION_2024 else Features()
    else:
        start = _PROTO3 if file.syntax == "proto3" else _PROTO2
    return start.under(file.options)


def _foreign(data: bytes) -> dict[tuple[int, int], int]:
    """The numbers that features of single languages are set to, by those of the extension and the field.

    Whether the runtime knows the extensions depends on what was imported, so they are read from the bytes:
    https://protobuf.dev/programming-guides/encoding/
    """
    found: dict[tuple[int, int], int] = {}
    for extension, value in fields_in(data):
        if extension in (CPP, JAVA) and isinstance(value, bytes):
            for number, own in fields_in(value):
                if isinstance(own, int):
                    found[extension, number] = own
    return found
