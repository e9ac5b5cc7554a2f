"""Messages as buf compares them: fields are matched by number, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.comparison.protobuf.buf.elements import Element, fields_of
from archlint.comparison.protobuf.buf.enums import same_json
from archlint.comparison.protobuf.buf.fields import FieldPair, compare_fields
from archlint.comparison.protobuf.buf.image import Images
from archlint.comparison.protobuf.buf.ranges import closed_to_extensions, freed, lost
from archlint.comparison.protobuf.buf.verdicts import BufVerdict, changed, gone

_REQUIRED = 2
_ACCESSOR, _SET, _FEATURES = (7, 2), (7, 1), (7, 12)
"""Where options stand below the descriptor of a message."""


def compare_messages(old: Element, new: Element, images: Images) -> Iterator[BufVerdict]:
    """What buf says of a message that both revisions have."""
    about = f"Message '{new.name}'"
    yield from freed(old, new, "message")
    yield from closed_to_extensions(old, new)
    yield from _options(old, new, about)
    yield from same_json(old, new, "MESSAGE_SAME_JSON_FORMAT", about, _FEATURES)
    yield from _oneofs(old, new)
    before = {field.item.number: field for field in fields_of(old)}
    after = {field.item.number: field for field in fields_of(new)}
    yield from _required(before, after, new)
    for number, field in before.items():
        if number in after:
            about = f"Field '{after[number].name}' of message '{new.name}'"
            yield from compare_fields(FieldPair(field, after[number], (old, new), about), images)
        else:
            about = f"Field '{field.name}' ({number}) of message '{new.name}'"
            yield from lost("message", about, new, field.place(), number=number, names={field.name})


def _options(old: Element, new: Element, about: str) -> Iterator[BufVerdict]:
    was, now = old.item.options, new.item.options
    if now.no_standard_descriptor_accessor and not was.no_standard_descriptor_accessor:
        rule = "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR"
        places = (new.part(_ACCESSOR), old.place(_ACCESSOR))
        yield changed(
            rule, f"no_standard_descriptor_accessor of message '{new.name}'", places, ("false", "true")
        )
    if was.message_set_wire_format != now.message_set_wire_format:
        values = [str(each.message_set_wire_format).lower() for each in (was, now)]
        rule = "MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT"
        places = (new.part(_SET), old.place(_SET))
        yield changed(rule, f"message_set_wire_format of message '{new.name}'", places, values)


def real_oneofs(message: Element) -> dict[str, int]:
    """The oneofs that somebody wrote, by name, with their indexes."""
    made = {item.oneof_index for item in message.item.field if item.proto3_optional}
    return {item.name: at for at, item in enumerate(message.item.oneof_decl) if at not in made}


def _oneofs(old: Element, new: Element) -> Iterator[BufVerdict]:
    left = real_oneofs(new)
    for name, at in real_oneofs(old).items():
        if name not in left:
            yield gone(
                "ONEOF_NO_DELETE", f"Oneof '{name}' of message '{new.name}'", new.place(), old.place((8, at))
            )


def _required(before: dict[int, Element], after: dict[int, Element], new: Element) -> Iterator[BufVerdict]:
    old_ones, new_ones = (
        {number: field for number, field in fields.items() if field.item.label == _REQUIRED}
        for fields in (before, after)
    )
    rule = "MESSAGE_SAME_REQUIRED_FIELDS"
    for number, field in old_ones.items():
        if number not in new_ones:
            yield gone(
                rule, f"Required field '{field.name}' of message '{new.name}'", new.place(), field.place()
            )
    for number, field in new_ones.items():
        if number not in old_ones:
            yield BufVerdict(
                rule, "added", field.place(), new.place(), f"Field '{field.name}' of message '{new.name}'"
            )
