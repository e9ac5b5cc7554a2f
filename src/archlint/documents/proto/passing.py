"""Imports of files that pass on others with ``import public``: which of them nobody needs.

The compiler warns of an unused import only where the imported file passes nothing on. What such a file
defines, and what those define that it passes on, is read from their texts; what is used of it from the
descriptor of the importer, and from the names of options in its text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from re import Pattern
from typing import TYPE_CHECKING

from archlint.documents.proto.groups import Link, LinkedFile
from archlint.documents.proto.protoc import bundled_folder, is_file, published
from archlint.documents.proto.public_modules import public_folder
from archlint.documents.proto.statements import imports_of, package_of, without_comments
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto

_STEP = regex(
    r"\b(?P<kind>message|enum|extend)\s++(?P<name>[\w.]++)\s*+\{"
    r"|\bgroup\s++(?P<group>\w++)\s*+=\s*+\w++\s*+(?:\[[^\[\]{};]*+\]\s*+)?\{"
    r"|\b(?P<field>\w++)\s*+=\s*+\d"
    r"|(?P<brace>[{}])"
)
_OPTION_NAME = regex(r"[(\[]\s*+\.?(?P<name>\w++(?:\s*+\.\s*+\w++)*+)\s*+[)\]]")
_TYPE_IN_OPTION = regex(r"\[\s*+[\w.\-%]++\s*+/\s*+(?P<name>\w++(?:\s*+\.\s*+\w++)*+)\s*+\]")
"""The URL of a type, with which a ``google.protobuf.Any`` in an option begins."""
_BLANK = regex(r"\s+")
_NEVER_PASS_ON = "google/protobuf/"
_MOST_FOLLOWED = 100_000
"""Files that imports lead to, over all that is asked for; beyond it what is used there is unknown."""


@dataclass(frozen=True, slots=True)
class _Definitions:
    """Full names, with a dot in front, of what a file defines at its top, and of its extensions."""

    types: frozenset[str]
    extensions: frozenset[str]

    def are_used(self, types: frozenset[str], options: frozenset[str]) -> bool:
        """Whether one is among some types, or ends like a name that is written for an option."""
        if not self.types.isdisjoint(types):
            return True
        endings = (name[at + 1 :] for name in self.extensions for at in _dots(name))
        return any(ending in options for ending in endings)


class Passing:
    """The files of a group, by what they pass on."""

    def __init__(self, files: Mapping[str, LinkedFile], roots: Sequence[str]) -> None:
        """``roots`` are those outside of the files that are linked."""
        self._files = files
        self._roots = roots
        self._left = _MOST_FOLLOWED
        self._bundled: dict[str, LinkedFile | None] = {}
        self._passed: dict[str, dict[str, LinkedFile] | None] = {}
        self._defined: dict[str, _Definitions] = {}

    @cached_property
    def _passers(self) -> frozenset[str]:
        return frozenset(path for path, file in self._files.items() if any(map(_is_public, file.links)))

    def unneeded(self, path: str, made: FileDescriptorProto, told: Collection[str]) -> set[str]:
        """Names of the imports of a file of which nothing is used; of those that pass on nothing, which the
        compiler knows, the ones that it ``told``."""
        links = self._files[path].links
        doubtful = [link for link in links if not _is_public(link) and self._passes_on(link)]
        if not doubtful:
            return set(told)
        text = without_comments(self._files[path].text)
        types, options = _used_types(made, text), _names(_OPTION_NAME, text)
        seen = {_key(link) for link in links}
        found = set(told) - {link.statement.name for link in doubtful}
        for link in sorted(links, key=lambda link: not _is_public(link)):
            passed = self._passed_by(link)
            if passed is None:
                return set(told) - {each.statement.name for each in doubtful}  # it may have what is used
            own = [file for key, file in passed.items() if key == _key(link) or key not in seen]
            seen |= passed.keys()  # what several pass on is needed of the first
            if link in doubtful and not any(self._defines(file).are_used(types, options) for file in own):
                found.add(link.statement.name)
        return found

    def _passes_on(self, link: Link) -> bool:
        if link.target is not None:
            return link.target in self._passers
        file = None if link.statement.name.startswith(_NEVER_PASS_ON) else self._file(link)
        return file is not None and any(map(_is_public, file.links))

    def _passed_by(self, link: Link) -> dict[str, LinkedFile] | None:
        """The file that is imported and all that it passes on; ``None`` if one of them cannot be read."""
        start = _key(link)
        if start not in self._passed:
            self._passed[start] = self._followed(link)
        return self._passed[start]

    def _followed(self, link: Link) -> dict[str, LinkedFile] | None:
        found: dict[str, LinkedFile] = {}
        waiting = [link]
        while waiting:
            at = waiting.pop()
            if _key(at) in found:
                continue
            file = self._file(at)
            self._left -= 1
            if file is None or self._left < 0:
                return None
            found[_key(at)] = file
            waiting += filter(_is_public, file.links)
        return found

    def _file(self, link: Link) -> LinkedFile | None:
        if link.target is not None:
            return self._files.get(link.target)
        name = link.statement.name
        if name not in self._bundled:
            place = self._place(name) if link.is_bundled else None
            text = place.read_text("utf-8", "replace") if place is not None else None
            self._bundled[name] = None if text is None else _bundled(name, text)
        return self._bundled[name]

    def _place(self, name: str) -> Path | None:
        """Where the compiler finds a file that is none of the repository."""
        roots = (bundled_folder(), *map(Path, self._roots))
        places = (*(root / name for root in roots), published(name), public_folder() / name)
        return next((place for place in places if place is not None and is_file(place)), None)

    def _defines(self, file: LinkedFile) -> _Definitions:
        if file.path not in self._defined:
            self._defined[file.path] = _definitions(file.text)
        return self._defined[file.path]


def _is_public(link: Link) -> bool:
    return link.statement.kind == "public"


def _key(link: Link) -> str:
    """Tells files apart; what is bundled has no path."""
    return f"\0{link.statement.name}" if link.target is None else link.target


def _bundled(name: str, text: str) -> LinkedFile:
    links = tuple(Link(statement, None, is_bundled=True) for statement in imports_of(text))
    return LinkedFile(f"\0{name}", text, links, is_copy=False)


def _definitions(text: str) -> _Definitions:
    """What a text defines; the names of fields in groups of extensions are among those of extensions."""
    package = package_of(text)
    outer = f".{package}" if package else ""
    types: set[str] = set()
    extensions: set[str] = set()
    scopes: list[str | None] = []
    """The full name of each block that is open; empty where its fields are extensions, ``None`` where names
    mean something else."""
    for step in _STEP.finditer(without_comments(text)):
        scope = next((each for each in reversed(scopes) if each), outer)
        name = step["name"] or step["group"]
        if step["field"] is not None:
            if scopes and scopes[-1] == "":
                extensions.add(f"{scope}.{step['field']}")
        elif step["brace"] == "}":
            if scopes:
                scopes.pop()
        elif name is None:
            scopes.append(None)
        else:
            if step["group"] and scopes and scopes[-1] == "":
                extensions.add(f"{scope}.{name.lower()}")
            if step["kind"] != "extend" and not any(scopes):
                types.add(f"{scope}.{name}")
            scopes.append("" if step["kind"] == "extend" else f"{scope}.{name}")
    return _Definitions(frozenset(types), frozenset(extensions))


def _used_types(made: FileDescriptorProto, text: str) -> frozenset[str]:
    """The full names of all types that a file uses, and of what these are nested in; ``text`` is its own
    without comments, for what options hold."""
    named = {extension.type_name for extension in made.extension}
    named |= {extension.extendee for extension in made.extension}
    named |= {name for message in made.message_type for name in _types_in(message)}
    rpcs = (rpc for service in made.service for rpc in service.method)
    named |= {name for rpc in rpcs for name in (rpc.input_type, rpc.output_type)}
    named |= {f".{name}" for name in _names(_TYPE_IN_OPTION, text)}
    return frozenset(named) | {name[:at] for name in named for at in _dots(name)}


def _types_in(message: DescriptorProto) -> Iterator[str]:
    for field in message.field:
        yield field.type_name
    for extension in message.extension:
        yield from (extension.type_name, extension.extendee)
    for nested in message.nested_type:
        yield from _types_in(nested)


def _dots(name: str) -> Iterator[int]:
    return (at for at, character in enumerate(name) if character == ".")


def _names(form: Pattern[str], text: str) -> frozenset[str]:
    """All names in a text that stand in a form."""
    return frozenset(_BLANK.sub("", match["name"]) for match in form.finditer(text))
