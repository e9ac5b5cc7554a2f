"""Changes of extensions: fields that stand elsewhere than the message that they extend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archlint.comparison.protobuf.changes import FieldRenamed
from archlint.comparison.protobuf.fields import compare_fields
from archlint.comparison.protobuf.matching import Matching
from archlint.comparison.protobuf.setting_changes import ExtensionRemoved
from archlint.comparison.worlds import Change
from archlint.finding import Place
from archlint.model.protobuf import Field, Message, ProtoSchema

_Extensions = Mapping[tuple[str, int], Field]


def by_number(schemas: Sequence[ProtoSchema]) -> _Extensions:
    """The extensions of some files by the message that they extend, and their number in it."""
    return {(item.extendee, item.number): item for schema in schemas for item in schema.extensions}


def compare_extensions(
    schema: ProtoSchema, successor: ProtoSchema, left: _Extensions, matching: Matching
) -> Iterator[Change]:
    """What became of the extensions of a file; ``left`` are those of the revision."""
    for older in schema.extensions:
        newer = left.get((matching.name(older.extendee), older.number))
        if newer is None:
            yield _removed(older, successor, matching)
            continue
        about = _extended(newer)
        if newer.name != older.name:
            yield FieldRenamed(about, older, newer)
        yield from compare_fields(older, newer, about, matching)


def _extended(field: Field) -> Message:
    """The message of which the extension is a field, as far as it matters here."""
    return Message(field.source, field.route, field.extendee)


def _removed(older: Field, successor: ProtoSchema, matching: Matching) -> ExtensionRemoved:
    holder = next((item for item in successor.messages if item.route == older.route[:-2]), None)
    above: Place = successor.place() if holder is None else holder.place()
    name = f"'{older.name}' ({older.number})"
    rules = ("EXTENSION_NO_DELETE", "PACKAGE_EXTENSION_NO_DELETE")
    about = matching.name(older.extendee)
    return ExtensionRemoved(_extended(older).object, above, older.place(), name, about, about, rules)
