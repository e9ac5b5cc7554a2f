"""How messages are written: their content type, the language of their schema, and what Avro reads of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archlint.comparison.asyncapi.flows import Flow
from archlint.comparison.avro.changes import CHANGES, DataRefused
from archlint.comparison.avro.resolution import resolve
from archlint.comparison.terms import Readers
from archlint.documents import Node
from archlint.files import Kind
from archlint.model.avro import AvroSchema, Definitions, NamedType, SchemaReading, TypeReference, read_schema
from archlint.model.event_formats import family_of

_AVRO = "avro"
_SUFFIXES = frozenset(("cbor", "json", "xml", "yaml"))
_SAME = {
    "text/json": "application/json",
    "application/x-json": "application/json",
    "text/xml": "application/xml",
}


def changed_encoding(pair: tuple[Flow, Flow], messages: tuple[Node, Node]) -> tuple[Node, Node] | None:
    """The content types, or else the formats of the payloads, of a message that is written in another way."""
    types = [_content_type(flow, message) for flow, message in zip(pair, messages, strict=True)]
    stated = [_media_type(each.text) for each in types if each.text]
    if len(set(stated)) == 2:
        return types[0], types[1]
    formats = [flow.description.schema_format(message) for flow, message in zip(pair, messages, strict=True)]
    families = [family_of(each.text) for each in formats]
    is_other = None not in families and families[0] != families[1] and not stated
    return (formats[0], formats[1]) if is_other else None


def avro_changes(
    pair: tuple[Flow, Flow], messages: tuple[Node, Node], *, is_kept: bool = False
) -> Iterator[DataRefused]:
    """What of a message in Avro cannot be read: by the application what it receives, by others what it sends.

    Of what was kept the other side reads. A payload in a file of its own is compared as that file.
    """
    old, new = (_avro(flow, message) for flow, message in zip(pair, messages, strict=True))
    if old is None or new is None:
        return
    sends = pair[0].sends is not is_kept
    lookups = _lookup(pair[0], old), _lookup(pair[1], new)
    pairs = list(zip(old.types[:1], new.types[:1], strict=False))  # a protocol may have none
    found = (
        resolve([(new, old) for old, new in pairs], *reversed(lookups)) if sends else resolve(pairs, *lookups)
    )
    for each in found.mismatches:
        yield CHANGES[each.misfit](Readers.OLD if sends else Readers.NEW, each)


def are_compared_as_avro(pair: tuple[Flow, Flow], messages: tuple[Node, Node]) -> bool:
    """Whether the payloads of a message are compared here as Avro, or as the same file with a schema of it.

    A file that is gone goes on in another one, which the rules of Avro look for.
    """
    first, second = (_avro_schema(flow, message) for flow, message in zip(pair, messages, strict=True))
    if first is None or second is None:
        return False
    old, new = first.document, second.document
    if old.kind is not Kind.AVRO or new.kind is not Kind.AVRO:
        return old.kind is not Kind.AVRO and new.kind is not Kind.AVRO
    return old.path == new.path or old.path not in pair[1].description.references.world.kinds


def _avro(flow: Flow, message: Node) -> SchemaReading | None:
    """The types of a payload in Avro that stands in the document."""
    schema = _avro_schema(flow, message)
    return None if schema is None or schema.document.kind is Kind.AVRO else read_schema(schema)


def _avro_schema(flow: Flow, message: Node) -> Node | None:
    """The schema of a payload in Avro, wherever it stands."""
    if family_of(flow.description.schema_format(message).text) != _AVRO:
        return None
    stated = flow.description.effective(message, "payload")
    schema = flow.description.meant(stated.get("schema")) if flow.description.is_third else stated
    return schema if schema.exists else None


def _lookup(flow: Flow, reading: SchemaReading) -> Callable[[TypeReference], NamedType | None]:
    """What names mean in a payload: in itself, else in the files with schemas of Avro."""
    world = flow.description.references.world
    definitions = world.fact(Definitions) if world.all(AvroSchema) else None

    def meaning(reference: TypeReference) -> NamedType | None:
        own = reading.named.get(reference.name) or reading.named.get(reference.fallback)
        return own or (None if definitions is None else definitions(reference))

    return meaning


def _media_type(text: str) -> str:
    """A content type without its parameters, such as the charset; of those with a suffix, such as ``+json``,
    what all of them are written in (RFC 6839)."""
    name = text.partition(";")[0].strip().lower()
    _, _, suffix = name.rpartition("+")
    if suffix in _SUFFIXES and suffix != name:
        return f"application/{suffix}"
    return _SAME.get(name, name)


def _content_type(flow: Flow, message: Node) -> Node:
    own = flow.description.effective(message, "contentType")
    return own if own.exists else flow.description.root.get("defaultContentType")
