"""Which resource a method or a request is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archlint.checks.proto.aip.requests import RequestMessage
from archlint.documents.proto import ProtoFile
from archlint.documents.proto.graph import reachable
from archlint.finding.nouns import singulars
from archlint.model.protobuf.annotations import resource_of
from archlint.model.protobuf.methods import (
    ApiMethod,
    MethodKind,
    message_called,
    messages_by_name,
)
from archlint.model.protobuf.resources import snake
from archlint.model.protobuf.schemas import Message, schemas
from archlint.model.world import World


def resource_message(method: ApiMethod, world: World) -> Message | None:
    """The message of what a method gives in the end; ``None`` if it is not known."""
    if not method.is_long_running:
        return method.response
    return message_meant(method.result, method.source, world)


def message_meant(name: str, source: ProtoFile, world: World) -> Message | None:
    """The message that a file means by a name, which may lack the file's own package."""
    package = source.descriptor.package
    messages = world.fact(messages_by_name)
    names = [f"{package}.{name}", name] if package else [name]
    found = (message_called(full, source, messages) for full in names)
    return next((message for message in found if message is not None), None)


def is_resource_known(method: ApiMethod, world: World) -> bool:
    """Whether both what a method takes and the resource that it gives are known."""
    message = resource_message(method, world)
    return method.request is not None and message is not None and resource_of(message) is not None


def is_below_another(method: ApiMethod, world: World) -> bool:
    """Whether a method gives a resource of which another one is the parent."""
    message = resource_message(method, world)
    said = None if message is None else resource_of(message)
    return said is not None and not said.may_be_at_top


def resource_of_request(request: RequestMessage, world: World) -> Message | None:
    """The message of the resource that a request is about, in the package of the request."""
    messages = world.fact(messages_by_name)
    package = request.message.full_name.removesuffix(request.message.name)
    if request.kind is MethodKind.LIST:
        response = message_called(f"{package}List{request.noun}Response", request.source, messages)
        field = None if response is None else response.field_called(snake(request.noun))
        return None if field is None else message_called(field.type_name, request.source, messages)
    if request.kind is MethodKind.CREATE:
        for field in request.fields.values():
            if field.type_name.rpartition(".")[2] == request.noun:
                return message_called(field.type_name, request.source, messages)
    names = (message_called(f"{package}{name}", request.source, messages) for name in singulars(request.noun))
    return next((found for found in names if found is not None), None)


def reached(source: ProtoFile, world: World) -> set[str]:
    """The path of a file, and of all that it imports at whatever distance."""
    known = world.fact(_reached_so_far)
    if source.path not in known:
        known[source.path] = reachable(world.fact(_imports), (source.path,))
    return known[source.path]


def _reached_so_far(world: World) -> dict[str, set[str]]:
    """What somebody has asked for, by path: it is the same for all methods of a file."""
    return {}


def _imports(world: World) -> Mapping[str, Sequence[str]]:
    """What each proto file imports, by path."""
    return {
        schema.path: [item.target for item in schema.source.imports if item.target is not None]
        for schema in world.reading(schemas)
    }
