"""What the requests of standard methods hold, and how their fields are annotated."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.aip.requests import (
    RequestMessage,
    alias_of,
    declared,
    fits,
    singulars,
)
from archlint.model.protobuf.annotations import (
    FieldBehavior,
    behaviors_of,
    knows_annotations,
    reference_of,
    resource_of,
)
from archlint.model.protobuf.fields import Field
from archlint.model.protobuf.methods import MethodKind, message_called, messages_by_name, snake
from archlint.model.protobuf.schemas import Message
from archlint.model.world import World


@join(RequestMessage)
def aip_request_field_missing(
    request: RequestMessage, world: World, options: Options
) -> Iterator[Observation]:
    """A request without a field that all of its kind have."""
    for convention, law in request.laws():
        if not law.missing or law.name in request.fields or law.instead in request.fields:
            continue
        if law.name == "parent" and _has_no_parent(request, world):
            continue
        yield observe(
            request.message.place(),
            aliases=[alias_of(convention, law.missing)],
            identity=(law.name,),
            request=request.message.name,
            field=law.name,
            declared=declared(law, request.noun),
        )


@join(RequestMessage)
def aip_request_field_type(request: RequestMessage, world: World, options: Options) -> Iterator[Observation]:
    """A field of a request with another type than in all requests of its kind."""
    for convention, law in request.laws():
        field = request.fields.get(law.name)
        if field is not None and law.wrong and field.is_type_known and not fits(field, law, request.noun):
            yield observe(
                field.place("type"),
                aliases=[alias_of(convention, law.wrong)],
                identity=(law.name,),
                field=law.name,
                request=request.message.name,
                declared=declared(law, request.noun),
            )


@join(RequestMessage)
def aip_request_field_behavior(
    request: RequestMessage, world: World, options: Options
) -> Iterator[Observation]:
    """A field of a request that does not say whether it must be given."""
    for alias, field, wanted in _with_behavior(request):
        if knows_annotations(field.source) and wanted not in behaviors_of(field):
            yield observe(
                field.place(),
                wanted.name.lower(),
                aliases=[alias],
                field=field.name,
                request=request.message.name,
            )


def _with_behavior(request: RequestMessage) -> Iterator[tuple[str, Field, FieldBehavior]]:
    """The fields that have to say whether they must be given, by the law that asks for it."""
    for convention, law in request.laws():
        field = request.fields.get(law.name)
        if law.behavior and field is not None:
            yield alias_of(convention, law.behavior), field, law.wanted
    if MethodKind.CREATE in request.conventions:
        for field in request.fields.values():
            if field.type_name.rpartition(".")[2] == request.noun:
                yield "api-linter:core::0133::request-resource-behavior", field, FieldBehavior.REQUIRED


@join(RequestMessage)
def aip_request_reference(request: RequestMessage, world: World, options: Options) -> Iterator[Observation]:
    """A field of a request with the name of a resource of which nothing says what it is."""
    for convention, law in request.laws():
        field = request.fields.get(law.name)
        if field is None or not law.reference or not knows_annotations(field.source):
            continue
        if reference_of(field) is None:
            yield observe(
                field.place(),
                law.name if law.name == "parent" else "default",
                aliases=[alias_of(convention, law.reference)],
                field=law.name,
                request=request.message.name,
            )


def _has_no_parent(request: RequestMessage, world: World) -> bool:
    """Whether what a request is about is at the top, so that nothing holds it, or, but for batches and the
    like, is no resource."""
    resource = _resource_of_request(request, world)
    if resource is None:
        return False
    said = resource_of(resource)
    if said is None:
        return request.kind in (MethodKind.LIST, MethodKind.CREATE)
    return any(pattern.count("{") == 1 for pattern in said.patterns)


def _resource_of_request(request: RequestMessage, world: World) -> Message | None:
    """The message of the resource that a request is about, in the package of the request."""
    messages = world.fact(messages_by_name)
    package = request.message.full_name.removesuffix(request.message.name)
    if request.kind is MethodKind.LIST:
        response = message_called(f"{package}List{request.noun}Response", request.source, messages)
        held = {field.name: field for field in response.fields} if response is not None else {}
        field = held.get(snake(request.noun))
        return None if field is None else message_called(field.type_name, request.source, messages)
    names = (message_called(f"{package}{name}", request.source, messages) for name in singulars(request.noun))
    return next((found for found in names if found is not None), None)
