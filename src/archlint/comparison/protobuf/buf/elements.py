"""The elements of proto files as buf sees them: what stands for the entries of a map is a message too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from archlint.comparison.protobuf.buf.features import Features, features_of
from archlint.comparison.protobuf.buf.places import Numbering, setting, written
from archlint.documents.proto import ProtoFile
from archlint.finding import Place
from archlint.finding.records import dataclass

REPEATED = 3
"""The label in google/protobuf/descriptor.proto."""


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
    is_map: bool = False
    """Whether it is a field that was written as a map."""

    @property
    def full_name(self) -> str:
        """Its name with the package."""
        package = self.source.descriptor.package
        return f"{package}.{self.name}" if package else self.name

    def place(self, *paths: Numbering) -> Place:
        """The first of some parts of it that are written down, else itself, else the file."""
        if self.shown_at:
            return written(self.source, self.shown_at) or top(self.source)
        return self.part(*paths, ())

    def feature(self, features: Numbering, *steps: tuple[int, str]) -> Place | None:
        """Where a feature is set, which may be in braces with others; ``None`` if it is not set here."""
        span = None if self.shown_at else setting(self.source, (*self.path, *features), steps)
        return None if span is None else Place(self.source, (), at=span)

    def part(self, *paths: Numbering) -> Place:
        """The first of some parts of it that are written down, else the file."""
        return written(self.source, *((*self.path, *below) for below in paths)) or top(self.source)


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
        maps = _maps(element)
        for at, nested in enumerate(message.nested_type):
            field = maps.get(nested.name)
            shown = () if field is None else (*given.path, 2, field)
            inherited = here if field is None else here.under(message.field[field].options)
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


def _maps(message: Element) -> dict[str, int]:
    """The fields that are maps by the name of the message that stands for their entries."""
    entries = {
        f".{message.full_name}.{nested.name}": nested.name
        for nested in message.item.nested_type
        if nested.options.map_entry
    }
    if not entries:
        return {}
    return {
        entries[item.type_name]: at
        for at, item in enumerate(message.item.field)
        if item.type_name in entries and item.label == REPEATED
    }


def fields_of(message: Element) -> Iterator[Element]:
    """The fields of a message."""
    maps = set(_maps(message).values())
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
            at in maps,
        )
