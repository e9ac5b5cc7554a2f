"""Which resource a method or a request is about."""

from __future__ import annotations

from archlint.documents.proto import ProtoFile
from archlint.model.protobuf.annotations import ResourceType, resource_of
from archlint.model.protobuf.methods import ApiMethod, message_called, messages_by_name
from archlint.model.protobuf.schemas import Message
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


def resource_type(method: ApiMethod, world: World) -> ResourceType | None:
    """The type of the resource that a method gives; ``None`` if it gives none."""
    message = resource_message(method, world)
    return None if message is None else resource_of(message)


def is_below_another(method: ApiMethod, world: World) -> bool:
    """Whether a method gives a resource of which another one is the parent."""
    said = resource_type(method, world)
    return said is not None and not any(pattern.count("{") == 1 for pattern in said.patterns)
