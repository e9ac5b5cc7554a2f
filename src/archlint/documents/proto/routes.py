"""The path of the descriptor of what a proto file defines, by its route.

Routes go down by kinds and names (see ``archlint.documents.proto.source``), paths by field numbers and
indexes, as in ``SourceCodeInfo.Location.path``. A file may define thousands of things, and findings are about
a few of them: so only what lies on the way to these is numbered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.documents.proto.parts import Path
from archlint.finding import Route

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import FileDescriptorProto

# Numbers of fields in google/protobuf/descriptor.proto.
PACKAGE, SYNTAX, EDITION = (2,), (12,), (14,)
OPTIONS = 8
_FILE = ""
_MEMBERS: dict[str, dict[str, tuple[str, int]]] = {
    _FILE: {
        "message": ("message_type", 4),
        "enum": ("enum_type", 5),
        "service": ("service", 6),
        "extension": ("extension", 7),
    },
    "message": {
        "field": ("field", 2),
        "message": ("nested_type", 3),
        "enum": ("enum_type", 4),
        "extension": ("extension", 6),
        "oneof": ("oneof_decl", 8),
    },
    "enum": {"value": ("value", 2)},
    "service": {"rpc": ("method", 2)},
}
"""What each kind of element holds, by kind: the name and the number of that field of its descriptor."""


class Routes:
    """The routes of one file."""

    __slots__ = ("_elements", "_file", "_numbers")

    def __init__(self, file: FileDescriptorProto) -> None:
        self._file = file
        self._numbers: dict[Route, dict[str, int]] = {}
        """The numbers of members by name, under the route of their holder with the kind."""
        self._elements: dict[Route, tuple[Path, str, Any] | None] = {(): ((), _FILE, file)}
        """The path, the kind and the descriptor of what somebody asked for, and of what holds that."""

    def path(self, route: Route) -> Path | None:
        """The path of an element or of a statement at the top; ``None`` if there is no such thing."""
        if len(route) % 2:
            return self._statement(route)
        if route[:1] == ("option",):
            return self._option(route)
        found = self._element(route)
        return None if found is None else found[0] or None

    def _element(self, route: Route) -> tuple[Path, str, Any] | None:
        if route in self._elements:
            return self._elements[route]
        holder = self._element(route[:-2])
        found = self._elements[route] = None if holder is None else self._member(route, *holder)
        return found

    def _member(self, route: Route, path: Path, holder: str, element: Any) -> tuple[Path, str, Any] | None:
        """What an element holds by the last kind and name of a route."""
        kind = str(route[-2])
        member = _MEMBERS.get(holder, {}).get(kind)
        if member is None:
            return None
        name, number = member
        at = self._members(route[:-1], element, name).get(str(route[-1]))
        return None if at is None else ((*path, number, at), kind, getattr(element, name)[at])

    def _members(self, route: Route, element: Any, name: str) -> dict[str, int]:
        known = self._numbers.get(route)
        if known is None:
            known = self._numbers[route] = {item.name: at for at, item in enumerate(getattr(element, name))}
        return known

    def _statement(self, route: Route) -> Path | None:
        if route == ("syntax",):
            return EDITION if self._file.syntax == "editions" else SYNTAX
        return PACKAGE if route == ("package",) else None

    def _option(self, route: Route) -> Path | None:
        """One that the file sets, by its number."""
        set_here: set[str | int] = {option.number for option, _ in self._file.options.ListFields()}
        return (OPTIONS, int(route[1])) if len(route) == 2 and route[1] in set_here else None
