"""Answers that are given page by page, and those of batches."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.proto.aip.conventions import CONVENTIONS
from archlint.checks.proto.aip.names import api_linter
from archlint.checks.proto.aip.requests import GIVE_PAGES, answered_by
from archlint.finding.nouns import is_plural, singulars
from archlint.model.protobuf.annotations import (
    FieldFormat,
    format_of,
    knows_annotations,
    reference_of,
    resource_of,
)
from archlint.model.protobuf.fields import Field, Label
from archlint.model.protobuf.methods import (
    ApiMethod,
    MethodKind,
    message_called,
    messages_by_name,
)
from archlint.model.protobuf.resources import snake
from archlint.model.protobuf.schemas import Message
from archlint.model.world import World

_TOKEN = "next_page_token"
_RESPONSE = "Response"


def _is_named_page(message: Message) -> bool:
    return message.name.startswith(GIVE_PAGES) and message.name.endswith(_RESPONSE)


def _is_page(message: Message) -> bool:
    return _is_named_page(message) or message.field_called(_TOKEN) is not None


@check(Message)
def aip_page_token(message: Message, options: Options) -> Iterator[Observation]:
    """A page that does not say how to get the next one."""
    field = message.field_called(_TOKEN)
    if field is None:
        if _is_named_page(message):
            yield observe(message.place(), "missing", response=message.name)
    elif field.declared_type != "string":
        yield observe(field.place("type"), identity=(_TOKEN,), response=message.name)


@join(Message)
def aip_page_items(message: Message, world: World, options: Options) -> Iterator[Observation]:
    """A page whose items are not its first field, so that clients do not find them."""
    if not message.fields or not _is_page(message):
        return
    first = message.fields[0]
    is_first = first.number == 1 and first.label is Label.REPEATED
    laws = () if is_first else ("response-repeated-first-field",)
    plural = _plural_of(first, world)
    is_right = first.name == plural if plural else is_plural(first.name.rpartition("_")[2])
    if not is_right:
        laws = (*laws, "response-plural-first-field")
    if laws:
        named = "plural" if plural else "singular"
        yield observe(
            first.place(),
            named if is_first else "number" if first.number != 1 else "default",
            aliases=[api_linter(f"0158::{law}") for law in laws],
            identity=(first.name,),
            field=first.name,
            response=message.name,
            number=first.number,
            plural=plural,
        )


def _plural_of(field: Field, world: World) -> str:
    """What a list of the resources that a field holds is called; empty if nobody says."""
    if field.type != "message":
        return ""
    held = message_called(field.type_name, field.source, world.fact(messages_by_name))
    said = None if held is None else resource_of(held)
    return "" if said is None else snake(said.plural)


@join(ApiMethod)
def aip_page_streamed(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """Pages that come as a stream."""
    response = method.response
    if method.rpc.server_streaming and response is not None and _is_page(response):
        yield observe(
            method.place("output"), identity=(method.rpc.name,), rpc=method.rpc.name, response=response.name
        )


@check(Message)
def aip_batch_response(message: Message, options: Options) -> Iterator[Observation]:
    """The answer to a batch without a list of the resources."""
    kind, noun = answered_by(message)
    if kind is None or not kind.is_batch or not noun:
        return
    names = singulars(noun)
    held = [field for field in message.fields if field.type_name.rpartition(".")[2] in names]
    aliases = [CONVENTIONS[kind].alias("response-resource-field")]
    if not held:
        yield observe(message.place(), "missing", aliases=aliases, response=message.name, noun=names[0])
    for field in held:
        if field.label is not Label.REPEATED:
            yield observe(field.place(), aliases=aliases, field=field.name, response=message.name)


@check(Message)
def aip_purge_response(message: Message, options: Options) -> Iterator[Observation]:
    """The answer to a purge that does not say what it deletes."""
    kind, _ = answered_by(message)
    if kind is not MethodKind.PURGE:
        return
    for name, type_, label in (
        ("purge_count", "int32", Label.SINGULAR),
        ("purge_sample", "string", Label.REPEATED),
    ):
        field = message.field_called(name)
        declared = f"{'repeated ' if label is Label.REPEATED else ''}{type_} {name}"
        law = f"0165::response-{name.replace('_', '-')}-field"
        is_list = field is not None and field.label is Label.REPEATED
        if field is None or field.type != type_ or is_list != (label is Label.REPEATED):
            place = message.place() if field is None else field.place("type")
            yield observe(
                place,
                "missing" if field is None else "type",
                aliases=[api_linter(law)],
                identity=(name,),
                response=message.name,
                field=name,
                declared=declared,
            )
    sample = message.field_called("purge_sample")
    if sample is not None and knows_annotations(message.source) and reference_of(sample) is None:
        yield observe(
            sample.place(),
            "reference",
            aliases=[api_linter("0165::response-purge-sample-reference")],
            response=message.name,
        )


@check(Message)
def aip_request_id(message: Message, options: Options) -> Iterator[Observation]:
    """An id by which a request is known when it is repeated, of which nothing says that it is a UUID."""
    for field in message.fields:
        is_id = field.name == "request_id" and field.type == "string"
        if is_id and knows_annotations(field.source) and format_of(field) != FieldFormat.UUID4:
            yield observe(field.place(), message=message.name)


@check(Message)
def aip_validate_only(message: Message, options: Options) -> Iterator[Observation]:
    """A request that can be tried out, by another name than in all others."""
    for field in message.fields:
        if field.name == "dry_run":
            yield observe(field.place(), message=message.name)
