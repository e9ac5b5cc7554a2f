"""Resources that tools manage by declaration, and those that can be undeleted.

A tool that brings resources to a declared state needs that changes can be awaited, tried out and repeated.
Source: https://google.aip.dev/128
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.aip.conventions import CONVENTIONS
from archlint.checks.proto.aip.names import TIMESTAMP, api_linter
from archlint.checks.proto.aip.requests import RequestMessage
from archlint.checks.proto.aip.resources_of import message_meant, resource_message
from archlint.finding.nouns import singulars
from archlint.model.protobuf.annotations import resource_of
from archlint.model.protobuf.methods import ApiMethod, MethodKind
from archlint.model.protobuf.schemas import Message
from archlint.model.world import World

_GOES_ON = frozenset({MethodKind.CREATE, MethodKind.UPDATE, MethodKind.DELETE, MethodKind.UNDELETE})
_ACTIONS = frozenset(
    {
        *(MethodKind.CUSTOM, MethodKind.ADD, MethodKind.REMOVE, MethodKind.RUN, MethodKind.PURGE),
        *(MethodKind.COMMIT, MethodKind.ROLLBACK, MethodKind.TAG_REVISION),
    }
)
_HOLD_IT = frozenset({MethodKind.CREATE, MethodKind.UPDATE})
"""Kinds whose requests hold the resource, with its ``etag``; what lacks it is told of itself."""
_CHANGES = frozenset({"delete", "patch", "post", "put"})
_ON_PURPOSE = "Imperative only."


def _declared_resource(method: ApiMethod, world: World) -> Message | None:
    """The resource that a method is about, if tools manage it by declaration."""
    given = resource_message(method, world)
    if given is None or resource_of(given) is None:
        given = message_meant(method.noun, method.source, world) if method.noun else None
    said = None if given is None else resource_of(given)
    return given if said is not None and said.is_declarative else None


@join(ApiMethod)
def aip_declarative_operation(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A change of a declared resource that cannot be awaited."""
    if method.kind not in _GOES_ON or method.is_long_running:
        return
    resource = _declared_resource(method, world)
    if resource is not None:
        yield observe(
            method.place("output"),
            aliases=[CONVENTIONS[method.kind].alias("response-lro")],
            identity=(method.rpc.name,),
            rpc=method.rpc.name,
            noun=resource.name,
        )


@join(ApiMethod)
def aip_declarative_action(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """An action on a declared resource, which tools know nothing of."""
    if method.kind not in _ACTIONS or _ON_PURPOSE in method.source.comment(method.rpc.route):
        return
    resource = _declared_resource(method, world)
    if resource is not None:
        yield observe(method.place(), rpc=method.rpc.name, noun=resource.name)


@join(ApiMethod)
def aip_declarative_request(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A request to change a declared resource that cannot be tried out, repeated or told from a late one."""
    request = method.request
    if request is None or not _changes(method):
        return
    if resource_of(request) is not None:
        return  # that it takes no request of its own has to be mended first
    resource = _declared_resource(method, world)
    if resource is None:
        return
    needed = {"validate_only": "0163::declarative-friendly-required"}
    holds_it = any(field.type_name == resource.full_name for field in request.fields)
    if not holds_it and method.kind not in _HOLD_IT:
        needed["etag"] = "0154::declarative-friendly-required"
    if method.kind is MethodKind.UPDATE:
        needed["allow_missing"] = "0134::request-allow-missing-field"
    for name, law in needed.items():
        field = request.field_called(name)
        if field is None or field.declared_type != ("string" if name == "etag" else "bool"):
            yield observe(
                request.place(),
                name.replace("_", "-"),
                object=request.object,
                aliases=[api_linter(law)],
                identity=(name,),
                request=request.name,
                noun=resource.name,
            )


def _changes(method: ApiMethod) -> bool:
    """Whether a method changes something, by its verb of HTTP, else by its name."""
    if not method.bindings:
        return method.kind in _GOES_ON or method.kind in _ACTIONS - {MethodKind.CUSTOM}
    return any(binding.verb in _CHANGES for binding in method.bindings)


@join(RequestMessage)
def aip_show_deleted(request: RequestMessage, world: World, options: Options) -> Iterator[Observation]:
    """A list of what can be undeleted in which the deleted cannot be seen."""
    if request.conventions != (MethodKind.LIST,) or "show_deleted" in request.fields:
        return
    undeleted = world.fact(_undeleted)
    package = request.source.descriptor.package
    found = next((name for name in singulars(request.noun) if (package, name) in undeleted), None)
    if found is not None:
        method = undeleted[package, found]
        yield observe(
            request.message.place(),
            related=[(method.place(), "brings it back")],
            identity=("show_deleted",),
            request=request.message.name,
            noun=found,
        )


@join(Message)
def aip_purge_time(message: Message, world: World, options: Options) -> Iterator[Observation]:
    """A resource that can be undeleted and does not say until when."""
    method = world.fact(_undeleted).get((message.source.descriptor.package, message.name))
    told = any(
        field.name in ("purge_time", "expire_time") and field.type_name == TIMESTAMP
        for field in message.fields
    )
    if method is not None and not told:
        yield observe(
            message.place(),
            related=[(method.place(), "brings it back")],
            identity=("purge_time",),
            name=message.name,
        )


def _undeleted(world: World) -> Mapping[tuple[str, str], ApiMethod]:
    """The methods that bring resources back, by package and name of the resource."""
    return {
        (method.source.descriptor.package, method.noun): method
        for method in world.all(ApiMethod)
        if method.kind is MethodKind.UNDELETE and method.noun
    }
