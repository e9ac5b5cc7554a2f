"""Which schema in a file of its own a message of a Pact file is about: a JSON Schema, or a record of Avro.

Nothing in such a file says who sends what. So one is taken only if the Pact file has its name, in the
description of the message or in its metadata: its title, identifier or full name, or what its file is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from posixpath import basename
from typing import TypeVar

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.avro.schemas import AvroSchema
from archlint.model.avro.types import Record, Union, simple_name
from archlint.model.json_schema import JsonSchema, names_events
from archlint.model.system.names import plain, stem
from archlint.model.world import World

T = TypeVar("T")
_ENDING = regex(r"(?:\.(?:schema|json|yaml|yml|avsc|avpr|v?[0-9]++)|-(?:value|key)|[-_]v[0-9]++)\Z")
"""What a file has at its end besides the name of its subject."""
_SHORTEST = 6
"""Letters of a name that is looked for inside of a description, or that no word for events stands by."""


@dataclass(frozen=True, slots=True)
class SentRecord:
    """A record of Avro that messages may have, with the schema that it stands in."""

    schema: AvroSchema
    record: Record


Meant = JsonSchema | SentRecord


class SchemaFiles:
    """The schemas of a world that may say what messages are."""

    def __init__(self, world: World) -> None:
        self._schemas: list[tuple[frozenset[str], str, Meant]] = [
            (frozenset(_names(schema)), schema.document.path, schema) for schema in world.all(JsonSchema)
        ]
        for schema in world.all(AvroSchema):
            path = schema.document.path
            records = list(_records(schema))
            is_one = len(records) == 1 and not schema.document.root.get("protocol").exists
            own = {plain(_subject(path))} if is_one else set()
            for record in records:
                names = own | {plain(record.name), plain(simple_name(record.name))}
                self._schemas.append((frozenset(names), path, SentRecord(schema, record)))

    def meant(self, words: set[str], description: str, provider: str) -> Meant | str | None:
        """The schema that has one of these names; a sentence if several have, and ``None`` if none has."""
        told = plain(description)
        for is_meant in (
            lambda names, path: not names.isdisjoint(words) and _is_likely(names & words, path, provider),
            lambda names, path: (
                (names_events(path) or _is_of(path, provider))
                and any(len(name) >= _SHORTEST and name in told for name in names)
            ),
        ):
            found = list(self._chosen(is_meant))
            own = [each for each in found if _is_of(each[0], provider)] or found
            texts = {_text(each) for _, each in own}
            if own:
                return own[0][1] if len(texts) == 1 else "several schemas may be meant"
        return None

    def _chosen(self, is_meant: Callable[[frozenset[str], str], bool]) -> Iterator[tuple[str, Meant]]:
        return ((path, each) for names, path, each in self._schemas if is_meant(names, path))


def _names(schema: JsonSchema) -> set[str]:
    stated = schema.document.root.get("title").text or ""
    identifier = schema.identifier.rstrip("/").rpartition("/")[2]
    path = schema.document.path
    return {plain(text) for text in (stated, schema.identifier, _subject(identifier), _subject(path))} - {""}


def _subject(path: str) -> str:
    """What a file is about by its name, without its version."""
    name, before = basename(path), ""
    while name != before:
        name, before = _ENDING.sub("", name), name
    return name


def _is_likely(names: frozenset[str], path: str, provider: str) -> bool:
    """Whether a name is more than a word that many files have."""
    return names_events(path) or _is_of(path, provider) or any(len(name) >= _SHORTEST for name in names)


def _is_of(path: str, provider: str) -> bool:
    """Whether a file lies with a provider."""
    wanted = stem(provider)
    return bool(wanted) and wanted in map(stem, path.split("/")[:-1])


def _records(schema: AvroSchema) -> Iterator[Record]:
    """The records that a file is about: its own, those that a protocol lists, and the branches of a union."""
    for type_ in schema.reading.types:
        for each in type_.branches if isinstance(type_, Union) else (type_,):
            if isinstance(each, Record):
                yield each


def _text(meant: Meant) -> tuple[str, str]:
    """What is the same in copies of one schema."""
    if isinstance(meant, JsonSchema):
        return str(meant.document.root.value), ""
    return str(meant.schema.document.root.value), meant.record.name
