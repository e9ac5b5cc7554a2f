"""What fields and enums are made of, and whether anything says what they mean."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.finding import ObjectRef, Place, Route, Token
from archlint.model.protobuf import Enum, Field, Label, Message, ProtoSchema


@check(Message)
def proto_field_required(message: Message, options: Options) -> Iterator[Observation]:
    """A field that must always be sent."""
    for field in message.fields if message.may_require else ():
        if field.label is Label.REQUIRED:
            yield observe(field.place(), name=field.name, message=message.name)


@check(Enum)
def proto_enum_first_value(enum: Enum, options: Options) -> Iterator[Observation]:
    """An enum whose default is not 0."""
    if enum.values and enum.values[0].number != 0:
        first = enum.values[0]
        yield observe(first.place("number"), name=first.name, number=first.number, enum=enum.name)


@check(Enum)
def proto_enum_alias(enum: Enum, options: Options) -> Iterator[Observation]:
    """An enum in which one number may have several names."""
    if enum.allows_alias:
        yield observe(Place(enum.source, (*enum.route, "allow_alias")), enum=enum.name)


@check(ProtoSchema)
def proto_comment_missing(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """An element with no comment before it."""
    wanted = options["elements"]
    source = schema.source
    for kind, name, route, owner in documented(schema):
        if kind not in wanted:
            continue
        aliases = []
        if not _says_something(source.comment_for_buf(route)):
            aliases.append(f"buf:COMMENT_{kind.upper().replace('-', '_')}")
        if kind != "oneof" and not public_part(source.comment(route)):
            aliases.append("api-linter:core::0192::has-comments")
        if aliases:
            place = Place(source, route, Token.VALUE)
            yield observe(place, object=owner, aliases=aliases, kind=kind.replace("-", " "), name=name)


def _says_something(comment: str) -> bool:
    """Whether a comment holds more than what is meant for linters."""
    lines = (line.strip() for line in comment.split("\n"))
    return any(line and not line.startswith("buf:lint:ignore") for line in lines)


def public_part(comment: str) -> str:
    """A comment without what stands between ``(--`` and ``--)`` for those who work on the API alone.

    Source: https://google.aip.dev/192#internal-comments
    """
    parts: list[str] = []
    at = 0
    while (start := comment.find("(--", at)) >= 0:
        parts.append(comment[at:start])
        end = comment.find("--)", start)
        at = len(comment) if end < 0 else end + 3
    return "".join((*parts, comment[at:])).strip()


_Element = tuple[str, str, Route, ObjectRef | None]


def _is_group(field: Field) -> bool:
    """Whether a field was written as a group; editions have messages that are only sent like one."""
    return field.type == "group" and field.source.descriptor.syntax != "editions"


def documented(schema: ProtoSchema) -> Iterator[_Element]:
    """What can be documented: its kind, name and route, and the object that it belongs to."""
    for message in schema.messages:
        owner = message.object
        yield "message", message.name, message.route, owner
        for field in message.fields:
            if not _is_group(field):  # the comment before a group is that of its message
                yield "field", field.name, field.route, owner
        for name in message.oneofs:
            yield "oneof", name, message.place_of_oneof(name).route, owner
    for field in schema.extensions:
        if not _is_group(field):
            yield "field", field.name, field.route, None
    for enum in schema.enums:
        yield "enum", enum.name, enum.route, enum.object
        for value in enum.values:
            yield "enum-value", value.name, value.route, enum.object
    for service in schema.services:
        yield "service", service.name, service.route, service.object
        for rpc in service.rpcs:
            yield "rpc", rpc.name, rpc.route, service.object
