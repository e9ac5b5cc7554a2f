"""The route of everything that a proto file defines, and the path of its descriptor.

Routes go down by kinds and names (see ``archlint.documents.proto.source``), paths by field numbers and
indexes, as in ``SourceCodeInfo.Location.path``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.documents.proto.parts import Path
from archlint.finding import Route

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import (
        DescriptorProto,
        EnumDescriptorProto,
        FileDescriptorProto,
    )

# Numbers of fields in google/protobuf/descriptor.proto.
PACKAGE, SYNTAX, EDITION = (2,), (12,), (14,)
OPTIONS = 8


def routes_in(file: FileDescriptorProto) -> Iterator[tuple[Route, Path]]:
    """The route of everything in a file, with the path of its descriptor."""
    yield ("package",), PACKAGE
    yield ("syntax",), EDITION if file.syntax == "editions" else SYNTAX
    for option, _ in file.options.ListFields():
        yield ("option", option.number), (OPTIONS, option.number)
    for at, message in enumerate(file.message_type):
        yield from _message_routes(message, ("message", message.name), (4, at))
    for at, enum in enumerate(file.enum_type):
        yield from _enum_routes(enum, ("enum", enum.name), (5, at))
    for at, extension in enumerate(file.extension):
        yield ("extension", extension.name), (7, at)
    for at, service in enumerate(file.service):
        route, path = ("service", service.name), (6, at)
        yield route, path
        for index, method in enumerate(service.method):
            yield (*route, "rpc", method.name), (*path, 2, index)


def _message_routes(message: DescriptorProto, route: Route, path: Path) -> Iterator[tuple[Route, Path]]:
    yield route, path
    for at, field in enumerate(message.field):
        yield (*route, "field", field.name), (*path, 2, at)
    for at, oneof in enumerate(message.oneof_decl):
        yield (*route, "oneof", oneof.name), (*path, 8, at)
    for at, extension in enumerate(message.extension):
        yield (*route, "extension", extension.name), (*path, 6, at)
    for at, nested in enumerate(message.nested_type):
        yield from _message_routes(nested, (*route, "message", nested.name), (*path, 3, at))
    for at, enum in enumerate(message.enum_type):
        yield from _enum_routes(enum, (*route, "enum", enum.name), (*path, 4, at))


def _enum_routes(enum: EnumDescriptorProto, route: Route, path: Path) -> Iterator[tuple[Route, Path]]:
    yield route, path
    for at, value in enumerate(enum.value):
        yield (*route, "value", value.name), (*path, 2, at)
