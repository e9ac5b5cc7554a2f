"""Fields that requests and responses of standard methods do not have elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.proto.aip.conventions import CONVENTIONS
from archlint.checks.proto.aip.requests import RequestMessage, answered_by
from archlint.model.protobuf.annotations import FieldBehavior, behaviors_of
from archlint.model.protobuf.fields import Field
from archlint.model.protobuf.methods import ApiMethod, MethodKind
from archlint.model.protobuf.resources import snake
from archlint.model.protobuf.schemas import Message
from archlint.model.world import World

_KNOWN: Mapping[MethodKind, frozenset[str]] = {
    kind: frozenset(names.split())
    for kind, names in {
        MethodKind.GET: "name request_id read_mask view",
        MethodKind.LIST: "parent page_size page_token skip filter order_by show_deleted request_id read_mask"
        " view return_partial_success",
        MethodKind.CREATE: "parent request_id validate_only view",
        MethodKind.UPDATE: "allow_missing request_id update_mask validate_only view",
        MethodKind.DELETE: "name allow_missing etag force request_id validate_only view",
        MethodKind.UNDELETE: "name etag request_id validate_only",
        MethodKind.BATCH_GET: "names parent read_mask requests view",
        MethodKind.BATCH_CREATE: "parent request_id requests validate_only",
        MethodKind.BATCH_UPDATE: "allow_missing parent request_id requests update_mask validate_only",
        MethodKind.BATCH_DELETE: "allow_missing force names parent request_id requests validate_only",
    }.items()
}
"""What requests of each kind may hold, besides the resource."""
_MAY_BE_REQUIRED: Mapping[MethodKind, frozenset[str]] = {
    MethodKind.GET: frozenset({"name"}),
    MethodKind.LIST: frozenset({"parent"}),
    MethodKind.CREATE: frozenset({"parent"}),
    MethodKind.UPDATE: frozenset({"update_mask"}),
    MethodKind.DELETE: frozenset({"name", "etag"}),
}
_PAGE = frozenset({"total_size", "next_page_token", "unreachable"})


@join(RequestMessage)
def aip_request_field_unknown(
    request: RequestMessage, world: World, options: Options
) -> Iterator[Observation]:
    """A field that no other request of its kind has."""
    for kind in request.conventions:
        known = _KNOWN.get(kind, frozenset())
        for field in request.message.fields if known else ():
            if field.name not in known and not _is_resource(field, request, kind):
                yield observe(
                    field.place(),
                    aliases=[CONVENTIONS[kind].alias("request-unknown-fields")],
                    field=field.name,
                    request=request.message.name,
                    kind=kind,
                )


@join(RequestMessage)
def aip_request_field_required(
    request: RequestMessage, world: World, options: Options
) -> Iterator[Observation]:
    """A field that has to be given, which has not to be in other requests of its kind."""
    for kind in request.conventions:
        free = _MAY_BE_REQUIRED.get(kind, frozenset())
        given = world.fact(_given).get(request.message.full_name, frozenset())
        if kind in _TAKES_RESOURCE and request.message.full_name not in world.fact(_given):
            continue  # which field is the resource is seen at the method
        for field in request.message.fields if free else ():
            type_ = field.type_name.rpartition(".")[2]
            is_held = kind is MethodKind.UPDATE and type_ and (request.noun.endswith(type_) or type_ in given)
            own = {snake(request.noun), *(f"{snake(name)}_id" for name in given)}
            is_id = kind is MethodKind.CREATE and field.name in own  # else its type is told
            if field.name in free or is_held or is_id or _is_resource(field, request, kind):
                continue
            if FieldBehavior.REQUIRED in behaviors_of(field):
                yield observe(
                    field.place(),
                    aliases=[CONVENTIONS[kind].alias("request-required-fields")],
                    field=field.name,
                    request=request.message.name,
                    kind=kind,
                )


_TAKES_RESOURCE = frozenset({MethodKind.CREATE, MethodKind.UPDATE})


def _given(world: World) -> Mapping[str, frozenset[str]]:
    """The names of what methods give in the end for each message that methods take."""
    found: dict[str, set[str]] = defaultdict(set)
    for method in world.all(ApiMethod):
        found[method.rpc.input].add(method.result.rpartition(".")[2])
    return {name: frozenset(given) for name, given in found.items()}


def _is_resource(field: Field, request: RequestMessage, kind: MethodKind) -> bool:
    """Whether a field is the resource that is made or changed, or the id that it is to get."""
    if kind is MethodKind.UPDATE:
        return field.name == snake(request.noun)
    if kind is not MethodKind.CREATE:
        return False
    type_ = field.type_name.rpartition(".")[2]
    if type_ and (request.noun.endswith(type_) or type_.endswith("View")):
        return True
    held = (other.type_name.rpartition(".")[2] for other in request.fields.values())
    if any(name and request.noun.endswith(name) and field.name == f"{snake(name)}_id" for name in held):
        return True
    return field.name == f"{snake(request.noun)}_id"


@check(Message)
def aip_response_field_unknown(message: Message, options: Options) -> Iterator[Observation]:
    """A field that no other answer of a list has."""
    kind, noun = answered_by(message)
    if kind is not MethodKind.LIST or not noun:
        return
    for field in message.fields:
        if field.name not in _PAGE and field.name != snake(noun):
            yield observe(field.place(), field=field.name, response=message.name, wanted=snake(noun))
