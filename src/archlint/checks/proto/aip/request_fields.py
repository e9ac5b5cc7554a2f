"""What the requests of standard methods hold, and how their fields are annotated."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.aip.conventions import CONVENTIONS
from archlint.checks.proto.aip.names import api_linter
from archlint.checks.proto.aip.requests import (
    FieldLaw,
    RequestMessage,
    declared,
    fits,
)
from archlint.checks.proto.aip.resources_of import resource_of_request
from archlint.model.protobuf.annotations import (
    FieldBehavior,
    behaviors_of,
    knows_annotations,
    reference_of,
    resource_of,
)
from archlint.model.protobuf.fields import Field
from archlint.model.protobuf.methods import MethodKind
from archlint.model.world import World


@join(RequestMessage)
def aip_request_field_missing(
    request: RequestMessage, world: World, options: Options
) -> Iterator[Observation]:
    """A request without a field that all of its kind have."""
    for law, aliases in _told(request, lambda law: law.missing):
        if law.name in request.fields or law.instead in request.fields:
            continue
        if law.name == "parent" and _has_no_parent(request, world):
            continue
        yield observe(
            request.message.place(),
            aliases=aliases,
            identity=(law.name,),
            request=request.message.name,
            field=law.name,
            declared=declared(law, request.noun),
        )


def _told(request: RequestMessage, law_of: Callable[[FieldLaw], str]) -> Iterator[tuple[FieldLaw, list[str]]]:
    """What is asked of each field, by the first kind that asks for it, and its names by all kinds."""
    found: dict[str, tuple[FieldLaw, list[str]]] = {}
    for aip, law in request.laws():
        if law_of(law):
            _, aliases = found.setdefault(law.name, (law, []))
            aliases.append(api_linter(f"{aip}::{law_of(law)}"))
    yield from found.values()


@join(RequestMessage)
def aip_request_field_type(request: RequestMessage, world: World, options: Options) -> Iterator[Observation]:
    """A field of a request with another type than in all requests of its kind."""
    for law, aliases in _told(request, lambda law: law.wrong):
        field = request.fields.get(law.name)
        if field is not None and field.is_type_known and not fits(field, law, request.noun):
            if law.name == "filter" and field.type != "string":
                aliases.append(api_linter("0160::filter-field-type"))
            yield observe(
                field.place("type"),
                aliases=aliases,
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
    for aliases, field, wanted in _with_behavior(request):
        if knows_annotations(field.source) and wanted not in behaviors_of(field):
            yield observe(
                field.place(),
                wanted.name.lower(),
                aliases=aliases,
                field=field.name,
                request=request.message.name,
            )


def _with_behavior(request: RequestMessage) -> Iterator[tuple[list[str], Field, FieldBehavior]]:
    """The fields that have to say whether they must be given, by the law that asks for it."""
    for law, aliases in _told(request, lambda law: law.behavior):
        field = request.fields.get(law.name)
        if field is not None:
            yield aliases, field, law.wanted
    if MethodKind.CREATE in request.conventions:
        for field in request.fields.values():
            if field.type_name.rpartition(".")[2] == request.noun:
                yield (
                    [CONVENTIONS[MethodKind.CREATE].alias("request-resource-behavior")],
                    field,
                    FieldBehavior.REQUIRED,
                )


@join(RequestMessage)
def aip_request_reference(request: RequestMessage, world: World, options: Options) -> Iterator[Observation]:
    """A field of a request with the name of a resource of which nothing says what it is."""
    for law, aliases in _told(request, lambda law: law.reference):
        field = request.fields.get(law.name)
        if field is None or not knows_annotations(field.source):
            continue
        if reference_of(field) is None:
            yield observe(
                field.place(),
                law.name if law.name == "parent" else "default",
                aliases=aliases,
                field=law.name,
                request=request.message.name,
            )


def _has_no_parent(request: RequestMessage, world: World) -> bool:
    """Whether what a request is about is at the top, so that nothing holds it, or, but for batches and the
    like, is no resource."""
    resource = resource_of_request(request, world)
    if resource is None:
        return False
    said = resource_of(resource)
    if said is None:
        return request.kind in (MethodKind.LIST, MethodKind.CREATE, MethodKind.BATCH_DELETE)
    return said.may_be_at_top
