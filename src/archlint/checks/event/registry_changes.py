"""What a registry refuses of changed proto files that hold events."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.protobuf.registry import ProtoRefusedByRegistry
from archlint.finding.words import as_it_was, listed, quoted
from archlint.model.protobuf import Field, Label, Message, ProtoSchema


@change(ProtoRefusedByRegistry)
def event_proto_refused_by_registry(
    change: ProtoRefusedByRegistry, options: Options
) -> Iterator[Observation]:
    """One edit that the registry refuses."""
    yield observe(
        change.place(),
        related=[(change.base.place(), as_it_was(change.version))],
        identity=(change.kind, *change.fields, _name(change.base), _name(change.revision)),
        aliases=(f"confluent:{change.kind}",),
        what=_what(change),
        kind=change.kind,
    )


def _name(element: ProtoSchema | Message | Field) -> str:
    return element.package if isinstance(element, ProtoSchema) else element.name


def _what(change: ProtoRefusedByRegistry) -> str:
    """The edit in words."""
    old, new = change.base, change.revision
    if change.fields:
        word = "fields" if len(change.fields) > 1 else "field"
        return f"Message '{_name(new)}' has its {word} {listed(quoted(change.fields))} in another oneof"
    if isinstance(old, ProtoSchema) and isinstance(new, ProtoSchema):
        return f"Package is '{new.package}' and was '{old.package}'"
    if isinstance(old, Field) and isinstance(new, Field):
        return f"Field '{new.name}' is {_type(new)} and was {_type(old)}"
    is_gone = isinstance(old, Field) or (isinstance(old, Message) and isinstance(new, ProtoSchema))
    only = old if is_gone else new
    word = "Field" if isinstance(only, Field) else "Message"
    return f"{word} '{_name(only)}' is {'gone' if is_gone else 'new'}"


def _type(field: Field) -> str:
    return f"repeated {field.type_text}" if field.label is Label.REPEATED else field.type_text
