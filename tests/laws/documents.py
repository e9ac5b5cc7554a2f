"""The documents of one side as the judge reads them: what a validator of JSON Schema has to be told besides.

Nothing here is taken from how archlint reads schemas. ``prepared`` rewrites a document for one direction:
patterns and formats become keywords of the tests' own, names that this direction never carries are not
required, and in versions before 3.1 references become one too, beside which nothing counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from enum import StrEnum
from functools import cached_property
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

Json = Any
Load = Callable[[str], Json]
PATTERN, FORMAT, REFERENCE = "x-judge-pattern", "x-judge-format", "x-judge-reference"
_LITERAL = frozenset(("enum", "const", "default", "example", "examples"))
_NAMED = frozenset(
    (
        *("properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "schemas"),
        *("responses", "parameters", "requestBodies", "headers", "callbacks", "paths", "webhooks"),
        *("pathItems", "content", "mediaTypes"),
    )
)
"""Keys below which other keys are names, so that what they are called says nothing."""
_IN_PLACE = frozenset(("allOf", "anyOf", "oneOf", "if", "then", "else", "not"))
"""Keywords with schemas that look at the same value."""
_MOST_STEPS = 60


class Way(StrEnum):
    """Which validator judges: of what callers write, or of what they read."""

    WRITE = "write"
    READ = "read"


class Version(StrEnum):
    """The rules by which a document is read."""

    OLD = "2.0"
    V3_0 = "3.0"
    MODERN = "3.1+"


def version_of(document: Json) -> Version | None:
    """The version that a document states; ``None`` if it is no contract."""
    if not isinstance(document, dict):
        return None
    if "swagger" in document:
        return Version.OLD
    stated = document.get("openapi")
    if stated is None:
        return None
    return Version.V3_0 if str(stated).startswith("3.0") else Version.MODERN


class Documents:
    """The files of one side, read when a reference leads to them."""

    def __init__(self, load: Load, root: str, version: Version) -> None:
        self.root = root
        self.version = version
        self._load = load
        self._files: dict[str, Json] = {}

    def file(self, path: str) -> Json:
        """The plain data of a file; raises ``LookupError`` where there is none."""
        if path not in self._files:
            self._files[path] = self._load(path)
        return self._files[path]

    def resolve(self, text: str, path: str) -> tuple[Json, str]:
        """What a reference leads to, and the file that it stands in; raises ``LookupError``."""
        target, pointer = target_of(text, path)
        return at(self.file(target), pointer), target

    @cached_property
    def reachable(self) -> list[str]:
        """The root and all files that references lead to from there, as far as they can be read."""
        found: dict[str, Json] = {}
        waiting = [self.root]
        while waiting:
            path = waiting.pop()
            if path in found:
                continue
            try:
                found[path] = self.file(path)
            except LookupError:
                continue
            waiting.extend(_targets(found[path], path))
        return list(found)

    def chain(self, schema: Json, path: str) -> Iterator[tuple[Json, str]]:
        """A schema, and those that it refers to or combines in ``allOf``: what speaks of the same value."""
        waiting, steps = [(schema, path)], 0
        while waiting and steps < _MOST_STEPS:
            current, here = waiting.pop()
            steps += 1
            if not isinstance(current, dict):
                continue
            yield current, here
            if isinstance(current.get("$ref"), str):
                try:
                    waiting.append(self.resolve(current["$ref"], here))
                except LookupError:
                    continue
                if self.version is not Version.MODERN:
                    continue
            parts = current.get("allOf")
            waiting.extend((part, here) for part in (parts if isinstance(parts, list) else ()))


def _targets(node: Json, path: str) -> Iterator[str]:
    """The other files that a document refers to."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, list):
            waiting.extend(current)
        elif isinstance(current, dict):
            waiting.extend(current.values())
            text = current.get("$ref")
            if isinstance(text, str) and not text.startswith("#"):
                with suppress(LookupError):
                    yield target_of(text, path)[0]


def target_of(text: str, path: str) -> tuple[str, str]:
    """The file and pointer that a reference of a file names; raises ``LookupError`` for other hosts."""
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or (parts.fragment and not parts.fragment.startswith("/")):
        raise LookupError(text)
    target = normpath(join(dirname(path), unquote(parts.path))) if parts.path else path
    return target, unquote(parts.fragment)


def at(document: Json, pointer: str) -> Json:
    """What a JSON pointer names; raises ``LookupError``."""
    found = document
    for token in tokens_of(pointer):
        if isinstance(found, list) and token.isdigit() and int(token) < len(found):
            found = found[int(token)]
        elif isinstance(found, dict) and token in found:
            found = found[token]
        else:
            raise LookupError(pointer)
    return found


def tokens_of(pointer: str) -> list[str]:
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def pointer_of(tokens: list[str] | tuple[str, ...]) -> str:
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in tokens)


def prepared(documents: Documents, path: str, way: Way, refer: Callable[[str], Json]) -> Json:
    """A file of a side as a validator is to read it for a direction; ``refer`` makes what stands for a
    reference in versions before 3.1."""
    return _Rewriting(documents, path, way, refer).of(documents.file(path))


_NOBODY: frozenset[str] = frozenset()


class _Rewriting:
    """Turns one file into what a validator can read."""

    def __init__(self, documents: Documents, path: str, way: Way, refer: Callable[[str], Json]) -> None:
        self._documents = documents
        self._path = path
        self._refer = refer
        self._flag = "readOnly" if way is Way.WRITE else "writeOnly"

    def of(self, node: Json, unsent: frozenset[str] = _NOBODY) -> Json:
        """A part of the file; ``unsent``: members that a schema around it, for the same value, says are never
        carried this way."""
        if isinstance(node, list):
            return [self.of(item, unsent) for item in node]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str) and self._documents.version is not Version.MODERN:
            return {REFERENCE: self._refer(node["$ref"])}
        unsent = unsent | self._unsent(node)
        found: dict[str, Json] = {}
        for key, value in node.items():
            if key in ("enum", "const"):
                found[key] = value
            elif key in _NAMED and isinstance(value, dict):
                inner = unsent if key == "dependentSchemas" else _NOBODY
                found[key] = {name: self.of(part, inner) for name, part in value.items()}
            elif key not in _LITERAL and key != "discriminator":
                found[key] = self.of(value, unsent if key in _IN_PLACE else _NOBODY)
        return self._as_schema(found, unsent)

    def _as_schema(self, found: dict[str, Json], unsent: frozenset[str]) -> dict[str, Json]:
        """An object that may be a schema, with what is to be told to the validator."""
        if self._documents.version is Version.OLD:
            _as_modern_file(found)
        for keyword, own in (("pattern", PATTERN), ("format", FORMAT)):
            if isinstance(found.get(keyword), str):
                found[own] = found.pop(keyword)
        if isinstance(found.get("required"), list):
            found["required"] = _without(found["required"], unsent)
        elif isinstance(found.get("required"), bool):
            del found["required"]  # of a parameter
        demanded = found.get("dependentRequired")
        if isinstance(demanded, dict):
            found["dependentRequired"] = {name: _without(names, unsent) for name, names in demanded.items()}
        return found

    def _unsent(self, schema: Mapping[str, Json]) -> frozenset[str]:
        """The members of a schema that this direction never carries."""
        if schema.keys().isdisjoint(("properties", "allOf", "$ref")):
            return _NOBODY
        found: set[str] = set()
        for part, here in self._documents.chain(schema, self._path):
            members = part.get("properties")
            for name, member in members.items() if isinstance(members, dict) else ():
                if any(each.get(self._flag) is True for each, _ in self._documents.chain(member, here)):
                    found.add(name)
        return frozenset(found)


def _without(names: Json, unsent: frozenset[str]) -> Json:
    if not isinstance(names, list):
        return names
    return [name for name in names if not isinstance(name, str) or name not in unsent]


def _as_modern_file(found: dict[str, Json]) -> None:
    """What only 2.0 writes: files, and null by an extension."""
    if found.get("type") == "file":
        found["type"] = "string"
    if found.get("x-nullable") is True:
        found["nullable"] = True
