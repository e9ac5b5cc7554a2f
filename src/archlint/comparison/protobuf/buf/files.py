"""Files and packages as buf compares them: what is gone from one, and what options of files say.

Nothing can be marked of what is gone, so buf marks the nearest message around it that is left, else the first
line of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.comparison.protobuf.buf.elements import Element, FileElements, top
from archlint.comparison.protobuf.buf.image import Images
from archlint.comparison.protobuf.buf.places import written
from archlint.comparison.protobuf.buf.verdicts import BufVerdict, changed, gone
from archlint.comparison.protobuf.settings import FILE_OPTIONS
from archlint.documents.proto import ProtoFile
from archlint.finding import Place

_PACKAGE, _SYNTAX, _EDITION, _OPTIONS = (2,), (12,), (14,), 8
_KINDS = {"messages": "message", "enums": "enum", "services": "service", "extensions": "extension"}
_COUNTED = ("messages", "enums", "extensions")
"""Of these a package that has lost the last one is no package to buf any more."""


def compare_file(old: FileElements, new: FileElements) -> Iterator[BufVerdict]:
    """What buf says of a file that both revisions have, as a file."""
    yield from _package(old.source, new.source)
    yield from _syntax(old.source, new.source)
    yield from _options(old.source, new.source)
    for kind, word in _KINDS.items():
        left: Mapping[str, Element] = getattr(new, kind)
        lost: Mapping[str, Element] = getattr(old, kind)
        for name, element in lost.items():
            if name not in left:
                place = _around(name, new.messages) or top(new.source)
                rule = f"{word.upper()}_NO_DELETE"
                yield gone(rule, f"{word.capitalize()} '{name}' of this file", place, element.place())


def _around(name: str, messages: Mapping[str, Element]) -> Place | None:
    while name := name.rpartition(".")[0]:
        if name in messages:
            return messages[name].place()
    return None


def lost_files(images: Images) -> Iterator[BufVerdict]:
    """Files that are gone, and packages of which nothing is left."""
    told: set[str] = set()
    for name, old in images.old.compared.items():
        package = old.source.descriptor.package
        if name not in images.new.files:
            yield gone("FILE_NO_DELETE", f"File '{old.source.path}'", top(old.source), top(old.source))
        if package not in images.new.packages and package not in told:
            told.add(package)
            place = top(old.source)
            yield gone("PACKAGE_NO_DELETE", f"Package '{package}'", place, place)


def lost_from_packages(images: Images) -> Iterator[BufVerdict]:
    """What is gone from a package that is left, in whatever file it was."""
    for name, old in images.old.compared.items():
        package = old.source.descriptor.package
        if package not in images.new.packages:
            continue
        for kind, word in _KINDS.items():
            left: Mapping[str, Element] = getattr(images.new, kind)
            lost: Mapping[str, Element] = getattr(old, kind)
            away = [each for each in lost.values() if each.full_name not in left]
            if not away or (kind in _COUNTED and not images.new.has_any(kind, package)):
                continue
            for element in away:
                place = _in_package(element, name, images) or top(element.source)
                about = f"{word.capitalize()} '{element.name}' of package '{package}'"
                yield gone(f"PACKAGE_{word.upper()}_NO_DELETE", about, place, element.place())


def _in_package(element: Element, name: str, images: Images) -> Place | None:
    """The message around it, wherever that is, if the file of the element is left; else the file."""
    if name not in images.new.files:
        return None
    return _around(element.full_name, images.new.messages) or top(images.new.files[name])


def _package(old: ProtoFile, new: ProtoFile) -> Iterator[BufVerdict]:
    was, now = old.descriptor.package, new.descriptor.package
    if was != now:
        places = (_statement(new, _PACKAGE), _statement(old, _PACKAGE))
        yield changed("FILE_SAME_PACKAGE", "The package of this file", places, (was, now))


def _syntax(old: ProtoFile, new: ProtoFile) -> Iterator[BufVerdict]:
    was, now = (file.descriptor.syntax or "proto2" for file in (old, new))
    if was != now:
        places = (_statement(new, _SYNTAX, _EDITION), _statement(old, _SYNTAX, _EDITION))
        yield changed("FILE_SAME_SYNTAX", "The syntax of this file", places, (was, now))


def _options(old: ProtoFile, new: ProtoFile) -> Iterator[BufVerdict]:
    before, after = old.descriptor.options, new.descriptor.options
    for name in FILE_OPTIONS:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            field = after.DESCRIPTOR.fields_by_name[name]
            shown = [_shown(field, value) for value in (was, now)]
            places = (_statement(new, (_OPTIONS, field.number)), _statement(old, (_OPTIONS, field.number)))
            yield changed(f"FILE_SAME_{name.upper()}", f"Option {name} of this file", places, shown)


def _shown(field: object, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    kinds = getattr(field, "enum_type", None)
    return str(value) if kinds is None else str(kinds.values_by_number[value].name)


def _statement(source: ProtoFile, *paths: tuple[int, ...]) -> Place:
    return written(source, *paths) or top(source)
