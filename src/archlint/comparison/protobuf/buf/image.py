"""All files of one revision, with indexes that are made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from archlint.comparison.protobuf.buf.elements import Element, FileElements
from archlint.documents.proto import ProtoFile


class Image:
    """The files of one revision that belong together, by the name that pairs them."""

    def __init__(self, files: Mapping[str, ProtoFile], compared: Iterable[str]) -> None:
        """``compared`` are the names of those that the other revision does not have alike."""
        self.files = files
        self.compared = {name: FileElements(files[name]) for name in compared}

    @cached_property
    def packages(self) -> frozenset[str]:
        """The packages of all files."""
        return frozenset(file.descriptor.package for file in self.files.values())

    @cached_property
    def messages(self) -> Mapping[str, Element]:
        """The messages of the compared files by full name."""
        return _by_name(file.messages.values() for file in self.compared.values())

    @cached_property
    def enums(self) -> Mapping[str, Element]:
        """The enums of the compared files by full name."""
        return _by_name(file.enums.values() for file in self.compared.values())

    @cached_property
    def services(self) -> Mapping[str, Element]:
        """The services of the compared files by full name."""
        return _by_name(file.services.values() for file in self.compared.values())

    @cached_property
    def extensions(self) -> Mapping[str, Element]:
        """The extensions of the compared files by full name."""
        return _by_name(file.extensions.values() for file in self.compared.values())

    def extended(self) -> Iterator[tuple[tuple[str, int], Element]]:
        """The extensions of the compared files by what they extend and their number in it."""
        for each in self.extensions.values():
            yield (each.item.extendee, each.item.number), each

    @cached_property
    def _others(self) -> Mapping[str, FileElements]:
        return {name: FileElements(file) for name, file in self.files.items() if name not in self.compared}

    @cached_property
    def _other_enums(self) -> Mapping[str, Element]:
        return _by_name(file.enums.values() for file in self._others.values())

    def enum(self, full_name: str) -> Element | None:
        """An enum of any file."""
        return self.enums.get(full_name) or self._other_enums.get(full_name)

    def has_any(self, kind: str, package: str) -> bool:
        """Whether any file of a package defines something of a kind, such as ``messages``."""
        every: Sequence[FileElements] = [*self.compared.values(), *self._others.values()]
        return any(getattr(file, kind) for file in every if file.source.descriptor.package == package)


def _by_name(found: Iterable[Iterable[Element]]) -> dict[str, Element]:
    by_name: dict[str, Element] = {}
    for elements in found:
        for element in elements:
            by_name.setdefault(element.full_name, element)
    return by_name


class Images:
    """The two revisions."""

    def __init__(self, old: Image, new: Image) -> None:
        self.old = old
        self.new = new
