"""Who sets a field, after https://google.aip.dev/203, and what its text looks like (https://google.aip.dev/202)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.proto.aip.names import api_linter, fields_of
from archlint.model.protobuf import Field, Label, Message, ProtoSchema, schemas
from archlint.model.protobuf.annotations import (
    FieldBehavior,
    FieldFormat,
    behaviors_of,
    format_of,
    knows_annotations,
    resource_of,
)
from archlint.model.protobuf.methods import messages_by_name
from archlint.model.protobuf.resources import ApiResource, snake
from archlint.model.world import World

_SET_BY_SERVER = ("create_time", "delete_time", "uid", "update_time")
_FORMATS: Mapping[int, str] = {item.value: item.name for item in FieldFormat}
_LABEL = 4
"""The number of ``label`` in ``FieldDescriptorProto``, which is recorded where it is written."""
_ADDRESSES = frozenset({FieldFormat.IPV4, FieldFormat.IPV6, FieldFormat.IPV4_OR_IPV6})
_ONE_OF_THESE = frozenset(
    {FieldBehavior.IMMUTABLE, FieldBehavior.OPTIONAL, FieldBehavior.OUTPUT_ONLY, FieldBehavior.REQUIRED}
)


@check(ApiResource)
def aip_field_writable(resource: ApiResource, options: Options) -> Iterator[Observation]:
    """A field of a resource that the server alone sets, and that looks as if callers could."""
    own_id = f"{snake(resource.noun)}_id"
    for field in resource.message.fields:
        laws = []
        if field.name in _SET_BY_SERVER:
            laws.append("0148::field-behavior")
        if field.name in ("uid", own_id):
            laws.append("0122::resource-id-output-only")
        if field.name == "reconciling" and resource.said.is_declarative:
            laws.append("0128::resource-reconciling-behavior")
        if laws and FieldBehavior.OUTPUT_ONLY not in behaviors_of(field):
            yield observe(field.place(), aliases=map(api_linter, laws), name=field.name)


@check(ProtoSchema)
def aip_state_writable(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A state that callers seem to set; of a response nobody thinks so."""
    if not knows_annotations(schema.source):
        return
    for message in schema.messages:
        if message.name.endswith("Response"):
            continue
        for field in message.fields:
            is_state = field.type == "enum" and field.type_name.endswith("State")
            is_set = FieldBehavior.OUTPUT_ONLY not in behaviors_of(field)
            if is_state and is_set and field.label is not Label.MAP:
                name = field.type_name.rpartition(".")[2]
                yield observe(field.place(), object=message.object, name=field.name, type=name)


@check(ApiResource)
def aip_identifier_missing(resource: ApiResource, options: Options) -> Iterator[Observation]:
    """The name of a resource that is not annotated as what identifies it."""
    name = resource.name
    if name is not None and FieldBehavior.IDENTIFIER not in behaviors_of(name):
        yield observe(name.place(), name=name.name, resource=resource.message.name)


@check(ProtoSchema)
def aip_identifier_misplaced(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A field that is annotated as what identifies a resource, and is not its name."""
    for message in schema.messages:
        for field in message.fields:
            if FieldBehavior.IDENTIFIER in behaviors_of(field) and not _is_name(message, field):
                yield observe(field.place(), object=message.object, name=field.name)


def _is_name(message: Message, field: Field) -> bool:
    said = resource_of(message)
    return said is not None and field.name == said.name_field


@check(ProtoSchema)
def aip_unordered_single(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A single value that is annotated as a list without an order."""
    for field in fields_of(schema):
        if field.label is not Label.REPEATED and FieldBehavior.UNORDERED_LIST in behaviors_of(field):
            yield observe(field.place(), name=field.name)


@check(ProtoSchema)
def aip_format_missing(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """An address or a unique id of which nothing says how it is written."""
    if not knows_annotations(schema.source):
        return
    for field in fields_of(schema):
        if field.type != "string" or field.label is Label.MAP:
            continue
        if field.name == "uid" and format_of(field) != FieldFormat.UUID4:
            yield observe(
                field.place(), aliases=[api_linter("0148::uid-format")], name=field.name, formats="UUID4"
            )
        is_address = field.name == "ip_address" or field.name.endswith("_ip_address")
        if is_address and format_of(field) not in _ADDRESSES:
            yield observe(
                field.place(),
                aliases=[api_linter("0148::ip-address-format")],
                name=field.name,
                formats="IPV4, IPV6 or IPV4_OR_IPV6",
            )


@check(ProtoSchema)
def aip_format_misplaced(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A format of texts at a field that holds none."""
    for field in fields_of(schema):
        found = _FORMATS.get(format_of(field))
        if found is not None and (field.type != "string" or field.label is Label.MAP):
            yield observe(field.place(), name=field.name, format=found, type=field.type_text)


@check(ApiResource)
def aip_expiry_without_ttl(resource: ApiResource, options: Options) -> Iterator[Observation]:
    """A time of expiry that callers have to compute by their own clock."""
    field = resource.field("expire_time")
    if field is None or resource.field("ttl") is not None:
        return
    if FieldBehavior.OUTPUT_ONLY not in behaviors_of(field):
        yield observe(field.place(), name=field.name)


@join(ProtoSchema)
def aip_behavior_missing(schema: ProtoSchema, world: World, options: Options) -> Iterator[Observation]:
    """A field of a request of which nothing says whether it has to be set."""
    if not knows_annotations(schema.source):
        return
    asked = world.fact(messages_in_requests)
    for message in schema.messages:
        named = asked.get(message.full_name)
        if named is None:
            continue
        for field in message.fields:
            if _needs_behavior(message, field) and not behaviors_of(field) & _ONE_OF_THESE:
                yield observe(field.place(), object=message.object, name=field.name, aliases=named)


def _needs_behavior(message: Message, field: Field) -> bool:
    """Whether a field does not say by itself whether it may be left out."""
    if field.oneof is not None or field.label is Label.OPTIONAL or _is_name(message, field):
        return False
    if field.name == "etag" and resource_of(message) is not None:
        return False
    says_optional = field.label is Label.SINGULAR and field.type == "message"
    return not (says_optional and field.source.option_span(field.route, (_LABEL,)))


def messages_in_requests(world: World) -> Mapping[str, Sequence[str]]:
    """The full names of all messages of an API that are requests or parts of these, each with the names of
    findings in it elsewhere: api-linter does not look into values of maps.

    Types of other APIs are what these make them.
    """
    requests = [
        (rpc.input, schema.package)
        for schema in world.reading(schemas)
        for service in schema.services
        for rpc in service.rpcs
    ]
    through_maps = _parts_of(requests, world, maps=True)
    plainly = _parts_of(requests, world, maps=False)
    named = [api_linter("0203::field-behavior-required")]
    return {name: named if name in plainly else () for name in through_maps}


def _parts_of(requests: Sequence[tuple[str, str]], world: World, *, maps: bool) -> frozenset[str]:
    """The names of messages of certain packages, and of all in them, those of maps too or not."""
    messages = world.fact(messages_by_name)
    waiting = [*requests]
    seen: set[str] = set()
    while waiting:
        name, package = waiting.pop()
        if name in seen:
            continue
        for message in messages.get(name, ()):
            if message.source.descriptor.package != package or not knows_annotations(message.source):
                continue
            seen.add(name)
            waiting += (
                (field.type_name, package)
                for field in message.fields
                if field.type == "message" and (maps or field.label is not Label.MAP)
            )
    return frozenset(seen)
