"""All files of one revision, with indexes that are made when somebody asks for them.

Of the files that both revisions have alike only those are looked into whose package somebody asks for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from archlint.comparison.protobuf.buf.elements import Element, FileElements
from archlint.documents.proto import ProtoFile


class Image:
    """The files of one revision that belong together, by the name that pairs them."""

    def __init__(self, files: Mapping[str, ProtoFile], compared: Iterable[str]) -> None:
        """``compared`` are the names of those that the other revision does not have alike."""
        self.files = files
        self.compared = {name: FileElements(files[name]) for name in compared}
        self._opened: dict[str, list[FileElements]] = {}
        self._enums_of_others: dict[str, Mapping[str, Element]] = {}

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
    def _unopened(self) -> Mapping[str, list[ProtoFile]]:
        """The files that are not compared, by package."""
        by_package: dict[str, list[ProtoFile]] = defaultdict(list)
        for name, file in self.files.items():
            if name not in self.compared:
                by_package[file.descriptor.package].append(file)
        return dict(by_package)

    def _others(self, package: str) -> list[FileElements]:
        """The files of a package that are not compared."""
        if package not in self._opened:
            self._opened[package] = [FileElements(file) for file in self._unopened.get(package, ())]
        return self._opened[package]

    def enum(self, full_name: str) -> Element | None:
        """An enum of any file."""
        found = self.enums.get(full_name)
        package = full_name
        while found is None and package:
            package = package.rpartition(".")[0]
            if package in self._unopened:
                found = self._other_enums(package).get(full_name)
        return found

    def _other_enums(self, package: str) -> Mapping[str, Element]:
        if package not in self._enums_of_others:
            self._enums_of_others[package] = _by_name(file.enums.values() for file in self._others(package))
        return self._enums_of_others[package]

    def has_any(self, kind: str, package: str) -> bool:
        """Whether any file of a package defines something of a kind, such as ``messages``."""
        compared = (file for file in self.compared.values() if file.source.descriptor.package == package)
        return any(getattr(file, kind) for file in (*compared, *self._others(package)))


def _by_name(found: Iterable[Iterable[Element]]) -> dict[str, Element]:
    by_name: dict[str, Element] = {}
    for elements in found:
        for element in elements:
            by_name.setdefault(element.full_name, element)
    return by_name


class Images(NamedTuple):
    """The two revisions."""

    old: Image
    new: Image
