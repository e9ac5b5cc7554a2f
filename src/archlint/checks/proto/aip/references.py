"""Which resources the requests of standard methods name, and hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.aip.conventions import CONVENTIONS
from archlint.checks.proto.aip.requests import RequestMessage
from archlint.checks.proto.aip.resources_of import resource_of_request
from archlint.model.protobuf.annotations import ResourceType, knows_annotations, reference_of, resource_of
from archlint.model.protobuf.fields import Field
from archlint.model.protobuf.methods import MethodKind
from archlint.model.protobuf.resources import ApiResource, snake
from archlint.model.world import World

_HELD_BY_PARENT = frozenset({MethodKind.LIST, MethodKind.CREATE, MethodKind.BATCH_CREATE})


@join(RequestMessage)
def aip_reference_type(request: RequestMessage, world: World, options: Options) -> Iterator[Observation]:
    """A field that names a resource, of which is said that it is of another type."""
    field = request.fields.get("parent" if request.kind in _HELD_BY_PARENT else "name")
    said = None if field is None or not request.conventions else reference_of(field)
    if field is None or said is None:
        return
    if request.kind is MethodKind.GET and not said.type:
        yield observe(
            field.place("reference"),
            "name",
            aliases=[CONVENTIONS[request.kind].alias("request-name-reference-type")],
            identity=("name",),
            request=request.message.name,
        )
    if request.kind is MethodKind.RUN and not said.type.endswith("Job"):
        yield observe(
            field.place("reference"),
            "job",
            aliases=[CONVENTIONS[request.kind].alias("request-resource-suffix")],
            identity=("name",),
            request=request.message.name,
            type=said.type,
        )
    if request.kind not in _HELD_BY_PARENT:
        return
    own = _type_of(request, world)
    is_itself = own != "" and said.type == own
    if is_itself or (own and said.child_type not in ("", own, "*")):
        laws = ["resource-reference-type"]
        if is_itself and request.kind is MethodKind.LIST:
            laws.append("request-parent-valid-reference")
        yield observe(
            field.place("reference"),
            "itself" if is_itself else "child",
            aliases=[CONVENTIONS[request.kind].alias(law) for law in laws],
            identity=("parent",),
            request=request.message.name,
            type=said.type or said.child_type,
            own=own,
        )


def _type_of(request: RequestMessage, world: World) -> str:
    """The type of the resource that a request is about; empty if it is not known."""
    message = resource_of_request(request, world)
    said = None if message is None else resource_of(message)
    return "" if said is None else said.type


@join(RequestMessage)
def aip_request_resource(request: RequestMessage, world: World, options: Options) -> Iterator[Observation]:
    """A request to make or change a resource that does not hold it, or under another name."""
    if request.conventions not in ((MethodKind.CREATE,), (MethodKind.UPDATE,)):
        return
    convention = CONVENTIONS[request.kind]
    is_new = request.kind is MethodKind.CREATE
    wanted = snake(request.noun)
    held = [field for field in request.fields.values() if _holds(field, request, is_new=is_new)]
    if not held:
        law = "request-resource-field" if is_new else "request-resource-required"
        yield observe(
            request.message.place(),
            "missing",
            aliases=[convention.alias(law)],
            identity=(wanted,),
            request=request.message.name,
            noun=request.noun,
            field=wanted,
        )
    for field in held:
        noun = field.type_name.rpartition(".")[2]
        if field.name != snake(noun):
            yield observe(
                field.place(),
                aliases=[convention.alias("request-resource-field")],
                request=request.message.name,
                noun=noun,
                name=field.name,
                field=snake(noun),
            )


def _holds(field: Field, request: RequestMessage, *, is_new: bool) -> bool:
    """Whether a field is the resource of a request: CreateBookCopy may make a Copy."""
    name = field.type_name.rpartition(".")[2]
    return name == request.noun or (is_new and name != "" and request.noun.endswith(name))


@join(RequestMessage)
def aip_create_id(request: RequestMessage, world: World, options: Options) -> Iterator[Observation]:
    """A request to make a resource in which callers cannot say how it is to be called."""
    if request.conventions != (MethodKind.CREATE,):
        return
    wanted = f"{snake(request.noun)}_id"
    field = request.fields.get(wanted)
    if field is None or field.declared_type != "string":
        yield observe(request.message.place(), identity=(wanted,), request=request.message.name, field=wanted)


@join(RequestMessage)
def aip_delete_force(request: RequestMessage, world: World, options: Options) -> Iterator[Observation]:
    """A request to delete what holds other resources that does not say what becomes of these."""
    name = request.fields.get("name")
    if MethodKind.DELETE not in request.conventions or name is None or "force" in request.fields:
        return
    said = reference_of(name)
    package = request.message.full_name.removesuffix(request.message.name)
    every = world.fact(_resources_by_package).get(package, {})
    own = every.get(said.type) if said is not None else None
    if own is None or not knows_annotations(request.source):
        return
    below = {
        other.type
        for other in every.values()
        for pattern in other.patterns
        if other.type != own.type and pattern.startswith(tuple(f"{each}/" for each in own.patterns))
    }
    if below:
        yield observe(
            request.message.place(),
            identity=("force",),
            request=request.message.name,
            type=own.type,
            below=sorted(below)[0],
        )


def _resources_by_package(world: World) -> Mapping[str, Mapping[str, ResourceType]]:
    """The resources of each package by type; a package with a dot at its end."""
    found: dict[str, dict[str, ResourceType]] = defaultdict(dict)
    for resource in world.all(ApiResource):
        package = resource.source.descriptor.package
        found[f"{package}." if package else ""].setdefault(resource.said.type, resource.said)
    return found
