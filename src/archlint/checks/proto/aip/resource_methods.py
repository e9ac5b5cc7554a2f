"""Which methods a resource has, and what their paths are made of, after https://google.aip.dev/121."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.aip.names import api_linter
from archlint.checks.proto.aip.resources_of import resource_message
from archlint.finding.nouns import plural
from archlint.finding.regex import regex
from archlint.model.protobuf import ProtoService
from archlint.model.protobuf.annotations import finds_imports
from archlint.model.protobuf.methods import ApiMethod, MethodKind
from archlint.model.protobuf.resources import ApiResource, resources_by_message
from archlint.model.world import World

_NOT_OF_SINGLETONS = (MethodKind.LIST, MethodKind.CREATE, MethodKind.DELETE)
_VARIABLE = regex(r"\{([^{}=]++)(?:=([^{}]*+))?\}")


@join(ApiMethod)
def aip_path_segment(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A path with a segment that callers should fill in, or that is not written as all are."""
    for binding in method.bindings:
        plain = _VARIABLE.sub(lambda found: found[2] or "*", binding.path)
        path, _, verb = plain.partition(":")
        segments = path.split("/")
        wrong = [segment for segment in (*segments, verb) if "_" in segment]
        if "-" in segments:
            yield observe(
                method.place("http"),
                "hyphen",
                identity=(method.rpc.name, binding.path),
                aliases=[api_linter("0159::hardcoded-hyphen")],
                path=binding.path,
            )
        if wrong:
            yield observe(
                method.place("http"),
                identity=(method.rpc.name, binding.path, wrong[0]),
                aliases=[api_linter("0122::camel-case-uris")],
                path=binding.path,
                segment=wrong[0],
            )


@join(ApiMethod)
def aip_singleton_method(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A method that lists, creates or deletes what there is one of in each parent."""
    if method.kind not in _NOT_OF_SINGLETONS:
        return
    names = [
        template
        for binding in method.bindings
        for variable, template in _VARIABLE.findall(binding.path)
        if variable.rpartition(".")[2] == "name"
    ]
    if any("*" in template and not template.endswith("*") for template in names):
        yield observe(method.place(), rpc=method.rpc.name)


def methods_by_service(world: World) -> Mapping[str, list[ApiMethod]]:
    """The methods of each service by its full name."""
    found: dict[str, list[ApiMethod]] = {}
    for method in world.all(ApiMethod):
        found.setdefault(method.service.full_name, []).append(method)
    return found


@join(ProtoService)
def aip_resource_method(service: ProtoService, world: World, options: Options) -> Iterator[Observation]:
    """A resource that can be changed, and neither read nor listed."""
    gets: set[str] = set()
    lists: set[str] = set()
    needs_get: dict[str, ApiResource] = {}
    needs_list: dict[str, ApiResource] = {}
    for method in world.fact(methods_by_service).get(service.full_name, ()):
        resource = _resource_of(method, world)
        if resource is None:
            is_unknown = method.kind is MethodKind.LIST and method.response is None
            if is_unknown and not finds_imports(method.source):
                return  # it may list any resource
            continue
        if method.kind is MethodKind.GET:
            gets.add(resource.said.type)
        if method.kind is MethodKind.LIST:
            lists.add(resource.said.type)
        if method.kind in (MethodKind.CREATE, MethodKind.UPDATE, MethodKind.LIST):
            needs_get[resource.said.type] = resource
        if method.kind in (MethodKind.CREATE, MethodKind.UPDATE, MethodKind.GET):
            needs_list[resource.said.type] = resource
    for missing, needing, have in (("Get", needs_get, gets), ("List", needs_list, lists)):
        for type_, resource in needing.items():
            if type_ not in have and not (missing == "List" and resource.is_singleton):
                yield observe(
                    service.place(),
                    identity=(missing, type_),
                    aliases=[api_linter(f"0121::resource-must-support-{missing.lower()}")],
                    service=service.name,
                    type=type_,
                    missing=missing,
                    noun=_several(resource) if missing == "List" else resource.message.name,
                )


def _several(resource: ApiResource) -> str:
    """What several of a resource are called in the name of a method."""
    said = resource.said.plural
    return said[:1].upper() + said[1:] if said.isalnum() else plural(resource.message.name)


def _resource_of(method: ApiMethod, world: World) -> ApiResource | None:
    """The resource that a standard method is about."""
    known = world.fact(resources_by_message)
    if method.kind is MethodKind.LIST:
        fields = method.response.fields if method.response else ()
        return next((known[field.type_name] for field in fields if field.type_name in known), None)
    given = resource_message(method, world)
    return None if given is None else known.get(given.full_name)
