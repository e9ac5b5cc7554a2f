"""The elements of proto files as buf sees them: what stands for the entries of a map is a message too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from archlint.comparison.protobuf.buf.features import Features, features_of
from archlint.comparison.protobuf.buf.places import Numbering, line_at, named_in
from archlint.documents.proto import ProtoFile
from archlint.finding import Place
from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class Element:
    """A message, enum, service, field or extension."""

    source: ProtoFile
    path: Numbering
    item: Any
    """Its descriptor."""
    name: str
    """Its name below the package."""
    features: Features
    shown_at: Numbering = ()
    """The path of what was written, for the message of a map and its two fields."""

    @property
    def full_name(self) -> str:
        """Its name with the package."""
        package = self.source.descriptor.package
        return f"{package}.{self.name}" if package else self.name

    def place(self, *paths: Numbering) -> Place:
        """The first of some parts of it that are written down, else itself, else the file."""
        if self.shown_at:
            span = line_at(self.source, self.shown_at)
            return top(self.source) if span is None else Place(self.source, (), at=span)
        return self.part(*paths, ())

    def feature(self, features: Numbering, number: int, name: str) -> Place:
        """Where a feature is set, which may be in braces with others, else the element."""
        if self.shown_at:
            return self.place()
        path = (*self.path, *features)
        span = line_at(self.source, (*path, number)) or named_in(self.source, path, name)
        return self.place() if span is None else Place(self.source, (), at=span)

    def part(self, *paths: Numbering) -> Place:
        """The first of some parts of it that are written down, else the file."""
        for below in paths:
            span = line_at(self.source, (*self.path, *below))
            if span is not None:
                return Place(self.source, (), at=span)
        return top(self.source)


def is_same_type(old: Element, new: Element, names: tuple[str, str]) -> bool:
    """Whether two names of types, each of one of the elements, mean the same. Of a type whose file is not
    here only the last part of its name is certain."""
    (was, now), sources = names, (old.source, new.source)
    if any(name in source.stand_ins for name, source in zip(names, sources, strict=True)):
        return was.rpartition(".")[2] == now.rpartition(".")[2]
    return was == now


def top(source: ProtoFile) -> Place:
    """The first line of a file."""
    return Place(source, (), at=source.first_line)


class FileElements:
    """All elements of one file, by name below the package in their order; fields stay in their messages."""

    def __init__(self, source: ProtoFile) -> None:
        self.source = source
        self.messages: dict[str, Element] = {}
        self.enums: dict[str, Element] = {}
        self.services: dict[str, Element] = {}
        self.extensions: dict[str, Element] = {}
        file = source.descriptor
        here = features_of(file)
        for at, message in enumerate(file.message_type):
            self._add_message(Element(source, (4, at), message, message.name, here))
        self._add_enums(file.enum_type, (5,), "", here)
        self._add_extensions(file.extension, (7,), "", here)
        for at, service in enumerate(file.service):
            self.services[service.name] = Element(source, (6, at), service, service.name, here)

    def _add_message(self, given: Element) -> None:
        message = given.item
        here = given.features.under(message.options)
        element = Element(given.source, given.path, message, given.name, here, given.shown_at)
        self.messages[element.name] = element
        maps = _maps(message) if message.nested_type else {}
        for at, nested in enumerate(message.nested_type):
            shown = (*given.path, 2, maps[nested.name]) if nested.name in maps else ()
            inherited = here.under(message.field[maps[nested.name]].options) if shown else here
            name = f"{given.name}.{nested.name}"
            self._add_message(Element(given.source, (*given.path, 3, at), nested, name, inherited, shown))
        self._add_enums(message.enum_type, (*given.path, 4), f"{given.name}.", here)
        self._add_extensions(message.extension, (*given.path, 6), f"{given.name}.", here)

    def _add_enums(self, enums: Iterable[Any], path: Numbering, scope: str, here: Features) -> None:
        for at, enum in enumerate(enums):
            own = here.under(enum.options)
            name = scope + enum.name
            self.enums[name] = Element(self.source, (*path, at), enum, name, own)

    def _add_extensions(self, found: Iterable[Any], path: Numbering, scope: str, here: Features) -> None:
        for at, item in enumerate(found):
            own = here.under(item.options)
            name = scope + item.name
            self.extensions[name] = Element(self.source, (*path, at), item, name, own)


def _maps(message: Any) -> dict[str, int]:
    """The fields that are maps by the name of the message that stands for their entries."""
    entries = {nested.name for nested in message.nested_type if nested.options.map_entry}
    if not entries:
        return {}
    found: dict[str, int] = {}
    for at, item in enumerate(message.field):
        name = item.type_name.rpartition(".")[2]
        if name in entries:
            found.setdefault(name, at)
    return found


def fields_of(message: Element) -> Iterator[Element]:
    """The fields of a message."""
    oneofs = [message.features.under(item.options) for item in message.item.oneof_decl]
    for at, item in enumerate(message.item.field):
        around = oneofs[item.oneof_index] if item.HasField("oneof_index") else message.features
        yield Element(
            message.source,
            (*message.path, 2, at),
            item,
            item.name,
            around.under(item.options),
            message.shown_at,
        )
