"""Changes of extensions: fields that stand elsewhere than the message that they extend.

An extension is found again by its full name, which JSON, texts and generated code know it by, else by its
number in the message that it extends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.comparison.protobuf.changes import FieldNumberChanged, FieldRenamed
from archlint.comparison.protobuf.fields import compare_fields
from archlint.comparison.protobuf.matching import Matching
from archlint.comparison.protobuf.setting_changes import ExtensionRemoved
from archlint.comparison.worlds import Change
from archlint.finding import Place
from archlint.model.protobuf import Field, Message, ProtoSchema


class Extensions:
    """The extensions of some files."""

    def __init__(self, schemas: Sequence[ProtoSchema]) -> None:
        found = [item for schema in schemas for item in schema.extensions]
        self._by_number = {(item.extendee, item.number): item for item in found}
        self._by_name = {(item.extendee, item.full_name): item for item in found}

    def numbered(self, extendee: str, number: int) -> Field | None:
        """The extension of a message that has a number."""
        return self._by_number.get((extendee, number))

    def called(self, extendee: str, full_name: str) -> Field | None:
        """The extension of a message that has a name."""
        return self._by_name.get((extendee, full_name))


def compare_extensions(
    schema: ProtoSchema, successor: ProtoSchema, left: Extensions, matching: Matching
) -> Iterator[Change]:
    """What became of the extensions of a file; ``left`` are those of the revision."""
    here = Extensions((successor,))
    for older in schema.extensions:
        extendee, name = matching.name(older.extendee), _name_now(older, schema, successor, matching)
        newer = here.numbered(extendee, older.number) or left.numbered(extendee, older.number)
        namesake = here.called(extendee, name) or left.called(extendee, name)
        if namesake is not None and namesake is not newer:
            yield FieldNumberChanged(_extended(namesake), older, namesake, newer.name if newer else "")
        elif newer is None:
            yield _removed(older, successor, matching)
        else:
            about = _extended(newer)
            if newer.full_name != name:
                yield FieldRenamed(about, older, newer)
            yield from compare_fields(older, newer, about, matching)


def _name_now(older: Field, schema: ProtoSchema, successor: ProtoSchema, matching: Matching) -> str:
    """The full name of an extension, where what it stands in may be called otherwise now."""
    scope = older.full_name.rpartition(".")[0]
    now = successor.package if scope == schema.package else matching.name(scope)
    return f"{now}.{older.name}" if now else older.name


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
